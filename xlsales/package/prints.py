"""What stands on a sheet, as a few letters that stay the same while nobody changes it.

Excel and LibreOffice write the same sheet in other words, so only what they keep counts: which cells hold
something, the values of those that are no formulas, and how many drawings and comments there are. A
formula counts by its place, because programs respell it and its result moves with other sheets. Cells that
the user is asked to fill count for nothing, and the rows of a table with such cells count in any order.

A sheet with a body (see ``xlsales.package.bodies``) has the print of its texts as they are read in one go;
where its part is the one that we wrote, even that is spared.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.cells import contents
from xlsales.package.forms import form_cells
from xlsales.package.inputs import cell, input_tables
from xlsales.package.markup import local
from xlsales.package.names import written_prints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.package.book import Book, Sheet
    from xlsales.package.cells import Content

_BODY = "rows:"

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


def rows_print(book: Book, sheet: Sheet) -> str:
    """The print of a sheet with a body: the checksum of its part, and the digest of what is read from it."""
    if sheet.part is None:
        raise WorkbookError("workbook_damaged", part=book.part)
    same = f"{_BODY}{book.package.checksum(sheet.part):08x}:"
    there = written_prints(book).get(sheet.place, "")
    return there if there.startswith(same) else same + _read(book, sheet)


def is_as_written(book: Book, sheet: Sheet, print_: str) -> bool:
    """Whether nobody has changed a sheet since it had this print."""
    if not print_.startswith(_BODY):
        return sheet_print(book, sheet) == print_
    return rows_print(book, sheet).rpartition(":")[2] == print_.rpartition(":")[2]


def _read(book: Book, sheet: Sheet) -> str:
    """16 hexadecimal digits of the texts that stand on a sheet."""
    import fastexcel

    try:
        reader = fastexcel.read_excel(book.to_bytes())
        there = reader.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string")
        batch, errors = there.to_arrow_with_errors()
    except fastexcel.FastExcelError:
        raise WorkbookError("workbook_damaged", part=sheet.part) from None
    first = [column.absolute_index for column in there.selected_columns[:1]]
    failed = sorted(one.position for one in errors.errors) if errors else []
    digest = hashlib.sha256(repr((first, failed)).encode())
    digest.update(batch.serialize())
    return digest.hexdigest()[:16]


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
        # Programs differ in the last digits that they write of a number, and in the sign of a zero.
        return f"{float(content.value) + 0.0:.9g}"
    except ValueError:
        raise WorkbookError("workbook_damaged", part=f"{address}={content.value!r}") from None
