"""What the cells of a sheet hold, and a cell made to hold it again.

Texts that programs keep in the workbook's shared table are looked up there; of a table of any size only the
entries that the sheet names are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from xlsales.errors import WorkbookError
from xlsales.package.markup import discard, elements, local, stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from xlsales.package.book import Book
    from xlsales.package.markup import Dialect, Element

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Content:
    """What one cell holds.

    ``kind`` is "text", or as the format says: n (number), b (boolean), e (error), d (date), str (of a
    formula). ``formula`` is None where there is none and empty where another cell has the text of it.
    """

    kind: str
    value: str
    formula: str | None = None


def contents(book: Book, part: str) -> dict[str, Content]:
    """Address -> what the cell holds, of all cells in the sheet ``part`` that hold something, in their order.

    WorkbookError where a cell points at a text that does not exist.
    """
    cells = list(_cells(book.package.tree(part)))
    texts = _shared_texts(book, {_number(cell) for cell in cells if cell.get("t") == "s" and _raw(cell)})
    found = ((cell.get("r", ""), _content(cell, texts)) for cell in cells)
    return {address: content for address, content in found if content is not None}


def fill(cell: Element, content: Content | None, dialect: Dialect) -> None:
    """Let a cell hold ``content``, or nothing, in the format that it has."""
    for part in list(cell):
        cell.remove(part)
    discard(cell, "t")
    if content is None:
        return
    if content.formula:
        etree.SubElement(cell, dialect.tag("f")).text = content.formula
    if content.kind == "text" and not content.formula:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, dialect.tag("is")), dialect.tag("t"))
        text.set(_SPACE, "preserve")
        text.text = content.value
        return
    kind = "str" if content.kind == "text" else content.kind
    if kind != "n":
        cell.set("t", kind)
    etree.SubElement(cell, dialect.tag("v")).text = content.value


def _cells(root: Element) -> Iterator[Element]:
    for rows in elements(root):
        if local(rows) == "sheetData":
            for row in elements(rows):
                yield from elements(row)


def _content(cell: Element, texts: Mapping[int, str]) -> Content | None:
    parts = {local(entry): entry for entry in elements(cell)}
    formula = (parts["f"].text or "") if "f" in parts else None
    kind, raw = cell.get("t", "n"), _raw(cell) or ""
    if kind == "inlineStr":
        kind, raw = "text", _text(parts["is"]) if "is" in parts else ""
    elif kind == "s" and raw:
        kind, raw = "text", texts[_number(cell)]
    return Content(kind, raw, formula) if raw or formula is not None else None


def _raw(cell: Element) -> str | None:
    return next((entry.text for entry in elements(cell) if local(entry) == "v"), None)


def _number(cell: Element) -> int:
    """The place in the shared table that a cell points at."""
    try:
        return int(_raw(cell) or "")
    except ValueError:
        raise WorkbookError("workbook_damaged", part=f"{cell.get('r')}={_raw(cell)!r}") from None


def _shared_texts(book: Book, wanted: Collection[int]) -> dict[int, str]:
    """The texts at these places of the shared table, which may be larger than everything else."""
    found: dict[int, str] = {}
    part = book.linked("sharedStrings")
    if wanted and part is not None:
        entries = stream(book.package.read(part), part, book.dialect.tag("si"))
        for place, entry in zip(range(max(wanted) + 1), entries, strict=False):
            if place in wanted:
                found[place] = _text(entry)
    if missing := set(wanted) - set(found):
        raise WorkbookError("workbook_damaged", part=f"{part or 'sharedStrings'} {min(missing)}")
    return found


def _text(entry: Element) -> str:
    """The text of a string without its formats and its phonetic guide."""
    runs = [entry, *(run for run in elements(entry) if local(run) == "r")]
    return "".join(t.text or "" for run in runs for t in elements(run) if local(t) == "t")
