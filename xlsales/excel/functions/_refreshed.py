"""What the last refresh of an open workbook understood, as the desktop host keeps it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.analysis import Understood


def refreshed(book: str) -> Understood | None:
    """What the last refresh of the workbook with this full name understood; None before the first."""
    try:
        host = import_module("xlsales.hosts.desktop")
    except ModuleNotFoundError as error:
        if error.name != "xlsales.hosts.desktop":
            raise
        return None
    found: Understood | None = host.refreshed(book)
    return found
