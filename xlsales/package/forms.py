"""Cells of ours that the user fills, and what stands in them when their sheet is written anew.

Each has a hidden name on its sheet, ``_xlsales.form.<form>.<field>``, by which it is found again wherever
rows and columns have moved it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.package.book import scope
from xlsales.package.cells import contents, fill
from xlsales.package.names import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.package.book import Book, Sheet
    from xlsales.package.cells import Content
    from xlsales.package.markup import Dialect, Element

    Entries = Mapping[str, Content | None]

FORM = f"{OURS}form."
_CELL = re.compile(r"!\$?([A-Z]{1,3})\$?([0-9]+)$")


def form_cells(book: Book, sheet: Sheet) -> dict[str, str]:
    """``form.field`` -> address of the cells of a sheet that the user fills. A deleted cell is none."""
    return {
        entry.get("name", "").removeprefix(FORM): "".join(found.groups())
        for entry in book.defined_names
        if scope(entry) == sheet.place
        and entry.get("name", "").startswith(FORM)
        and (found := _CELL.search(entry.text or ""))
    }


def entries(book: Book, sheet: Sheet) -> Entries:
    """``form.field`` -> what stands in the cell, None for nothing."""
    cells = form_cells(book, sheet)
    if not cells or sheet.part is None:
        return {}
    found = contents(book, sheet.part)
    return {field: found.get(address) for field, address in cells.items()}


def enter(root: Element, cells: Mapping[str, str], kept: Entries, dialect: Dialect) -> None:
    """Put what stood in fields into the cells that they have now; the others hold what we wrote."""
    places = {cell.get("r"): cell for cell in root.iter(dialect.tag("c"))}
    for field in cells.keys() & kept.keys():
        fill(places[cells[field]], kept[field], dialect)
