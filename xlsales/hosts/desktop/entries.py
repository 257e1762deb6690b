"""What the user has entered in cells of ours, taken along when their sheet comes anew.

Texts and numbers go into the workbook that the sheet is brought from. A formula is written in the open book
afterwards, since it may read sheets and names that are only there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.package.book import open_book
from xlsales.package.forms import entered, entries, form_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.hosts.desktop.caller import Live

TEXT, GENERAL = "@", "General"
"""Number formats: in a cell of the first, Excel takes a formula for a text."""


@dataclass(frozen=True)
class Formula:
    """A formula of the user's, and the cell of a sheet that it is to stand in."""

    sheet: str
    cell: str
    text: str


def take_along(
    live: Live, source: bytes, asking: bytes, copy: bytes, here: Mapping[str, str]
) -> tuple[bytes, tuple[Formula, ...]]:
    """The workbook ``source`` with what was entered, and the formulas to be written later.

    ``asking`` has the cells to fill on the sheets of ``source``, ``copy`` is the open book as it stands;
    ``here`` gives the sheets of ``source`` their names in it.
    """
    asked, now = open_book(asking), open_book(copy)
    present = {sheet.name: sheet for sheet in now.sheets}
    cells = {sheet.name: form_cells(asked, sheet) for sheet in asked.sheets if sheet.name in here}
    found = [(name, present[here[name]]) for name in here if cells.get(name) and here[name] in present]
    kept = {name: entries(now, sheet) for name, sheet in found}
    if not kept:
        return source, ()
    formulas = []
    for name, sheet in found:
        stood = form_cells(now, sheet)
        for field, content in kept[name].items():
            if content is not None and content.formula is not None and field in cells[name]:
                text = str(live.book.Sheets(sheet.name).Range(stood[field]).Formula)
                formulas.append(Formula(sheet.name, cells[name][field], text))
    values = {
        name: {field: one for field, one in fields.items() if one is None or one.formula is None}
        for name, fields in kept.items()
    }
    return entered(source, cells, values), tuple(formulas)


def write_formulas(live: Live, formulas: Sequence[Formula]) -> None:
    """Let every cell hold its formula, in the format that it has."""
    for one in formulas:
        cell = live.book.Sheets(one.sheet).Range(one.cell)
        is_text = cell.NumberFormat == TEXT
        if is_text:
            cell.NumberFormat = GENERAL
        cell.Formula = one.text
        if is_text:
            cell.NumberFormat = TEXT
