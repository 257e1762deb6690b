"""The texts on one small sheet of ours, without reading the rest of the workbook.

The shared strings of a workbook are those of all its sheets, a million rows included. They are gone
through only as far as the sheet points.
"""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from xlsales.errors import WorkbookError
from xlsales.package.markup import elements, local

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from xlsales.package.book import Book, Sheet
    from xlsales.package.markup import Element


def sheet_texts(book: Book, sheet: Sheet) -> dict[str, str]:
    """Address -> what the cell holds, as the file writes it: text, or a number. Blank cells are left out.

    A date is the number that the file has for it. WorkbookError where the sheet cannot be read.
    """
    if sheet.part is None:
        return {}
    cells = [(cell.get("r", ""), cell.get("t", "n"), cell) for cell in _cells(book.package.tree(sheet.part))]
    indices = {int(raw) for _, kind, cell in cells if kind == "s" and (raw := _value(cell)).isdecimal()}
    shared = _shared(book, indices)
    found = {}
    for reference, kind, cell in cells:
        raw = _value(cell)
        if kind == "inlineStr":
            text = _joined(cell)
        elif kind == "s":
            if not raw.isdecimal() or int(raw) not in shared:
                raise WorkbookError("workbook_damaged", part=f"{reference}={raw!r}")
            text = shared[int(raw)]
        else:
            text = raw
        if text.strip():
            found[reference] = text.strip()
    return found


def _cells(root: Element) -> Iterator[Element]:
    for rows in elements(root):
        if local(rows) == "sheetData":
            for row in elements(rows):
                yield from elements(row)


def _value(cell: Element) -> str:
    return next((entry.text or "" for entry in elements(cell) if local(entry) == "v"), "")


def _joined(entry: Element) -> str:
    """The text of a string without its formats and its phonetic guide."""
    parts = (part for part in entry.iter() if local(part) == "t")
    return "".join(
        part.text or "" for part in parts if (up := part.getparent()) is None or local(up) != "rPh"
    )


def _shared(book: Book, indices: Collection[int]) -> dict[int, str]:
    """Those of the shared strings that are asked for."""
    part = book.linked("sharedStrings")
    if part is None or not indices:
        return {}
    found = {}
    source = BytesIO(book.package.read(part))
    entries = etree.iterparse(source, tag="{*}si", resolve_entities=False)
    try:
        for index, (_, entry) in enumerate(islice(entries, max(indices) + 1)):
            if index in indices:
                found[index] = _joined(entry)
            entry.clear()
    except etree.XMLSyntaxError:
        raise WorkbookError("workbook_damaged", part=part) from None
    return found
