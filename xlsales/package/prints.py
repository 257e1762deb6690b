"""What stands on a sheet, as a few letters that stay the same while nobody changes it.

Excel and LibreOffice write the same sheet in other words, so only what they keep counts: which cells hold
something, the values of those that are no formulas, and how many drawings and comments there are. A
formula counts by its place, because programs respell it and its result moves with other sheets. Cells that
the user is asked to fill count for nothing, and the rows of a table with such cells count in any order.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.cells import contents
from xlsales.package.forms import form_cells
from xlsales.package.inputs import cell, input_tables
from xlsales.package.markup import local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.package.book import Book, Sheet
    from xlsales.package.cells import Content

_COUNTED = {
    "drawing": ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor"),
    "comments": ("comment",),
    "threadedComment": ("threadedComment",),
}


def sheet_print(book: Book, sheet: Sheet) -> str:
    """The print of a sheet: 16 hexadecimal digits. WorkbookError for a sheet without a part."""
    if sheet.part is None:
        raise WorkbookError("workbook_damaged", part=book.part)
    counts = dict.fromkeys(_COUNTED, 0)
    for link in book.package.relationships(sheet.part):
        if link.kind in counts and link.target is not None:
            entries = book.package.tree(link.target).iter()
            counts[link.kind] += sum(local(entry) in _COUNTED[link.kind] for entry in entries)
    said = [*_said(book, sheet, sheet.part), *(f"{kind}={count}" for kind, count in counts.items())]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _said(book: Book, sheet: Sheet, part: str) -> Iterator[str]:
    asked = set(form_cells(book, sheet).values())
    tables = input_tables(book, sheet)
    rows: dict[tuple[str, int], list[str]] = {}
    for address, content in contents(book, part).items():
        if address in asked or not (value := _value(content, address)):
            continue
        column, row = cell(address)
        table = next((table for table in tables if table.rows and table.rows.holds(column, row)), None)
        if table is None:
            yield f"{address}={value}"
        elif not any(area and area.holds(column, row) for area in table.inputs.values()):
            rows.setdefault((table.key, row), []).append(f"{column}={value}")
    yield from sorted("\t".join((key, *said)) for (key, _), said in rows.items())


def _value(content: Content, address: str) -> str:
    if content.formula is not None:
        return "formula"
    if content.kind != "n":
        return " ".join(content.value.split())
    try:
        # Programs differ in the last digits that they write of a number.
        return f"{float(content.value):.9g}"
    except ValueError:
        raise WorkbookError("workbook_damaged", part=f"{address}={content.value!r}") from None
