"""The monthly sales analysis, inside the Excel workbook it came from, in Chinese and English.

``refresh`` writes the summary sheets into a workbook, ``check`` says what its sheets were read as,
``metric`` computes one metric from clean tables, ``catalogue`` has every metric by key.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsales.hosts.file import check, refresh
    from xlsales.metrics._catalogue import catalogue
    from xlsales.metrics._catalogue import run as metric

__all__ = ["catalogue", "check", "metric", "refresh"]

_HOMES = {
    "catalogue": "xlsales.metrics._catalogue:catalogue",
    "check": "xlsales.hosts.file:check",
    "metric": "xlsales.metrics._catalogue:run",
    "refresh": "xlsales.hosts.file:refresh",
}


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used: a click may start a process."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)
