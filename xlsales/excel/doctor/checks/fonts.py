"""The fonts that the sheets ask for: without them Excel takes another, and columns are too narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine
    from xlsales.language import Language

WANTED: dict[Language, dict[str, tuple[str, ...]]] = {
    "zh": {"微软雅黑": ("microsoft yahei", "微软雅黑"), "等线": ("dengxian", "等线")},
    "en": {"Calibri": ("calibri",)},
}
"""Per language the fonts of which one must be there, with the names that they are installed under."""


def fonts(machine: Machine, lang: Language | None = None) -> Iterator[Finding]:
    """The fonts of one language, of both where none is given."""
    if machine.fonts is None:
        return
    for one, wanted in WANTED.items():
        if lang in (None, one):
            there = [shown for shown, names in wanted.items() if not machine.fonts.isdisjoint(names)]
            if there:
                yield fine("fonts.fine", fonts=", ".join(there))
            else:
                yield warning("fonts.missing", fonts=", ".join(wanted))
