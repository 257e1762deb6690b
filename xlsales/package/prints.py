"""What stands on a sheet, as a few letters that stay the same while nobody changes it.

Excel and LibreOffice write the same sheet in other words, so only what they keep counts: which cells hold
something, the values of those that are no formulas, and how many drawings and comments there are. A
formula counts by its place, because programs respell it and its result moves with other sheets.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.markup import elements, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.package.book import Book
    from xlsales.package.markup import Element

_COUNTED = {
    "drawing": ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor"),
    "comments": ("comment",),
    "threadedComment": ("threadedComment",),
}


def sheet_print(book: Book, part: str) -> str:
    """The print of the sheet in ``part``: 16 hexadecimal digits."""
    strings = book.linked("sharedStrings")
    shared = [_text(entry) for entry in elements(book.package.tree(strings))] if strings else []
    said = [f"{ref}={value}" for ref, value in _cells(book.package.tree(part), shared)]
    counts = dict.fromkeys(_COUNTED, 0)
    for link in book.package.relationships(part):
        if link.kind in counts and link.target is not None:
            entries = book.package.tree(link.target).iter()
            counts[link.kind] += sum(local(entry) in _COUNTED[link.kind] for entry in entries)
    said += [f"{kind}={count}" for kind, count in counts.items()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _cells(root: Element, shared: list[str]) -> Iterator[tuple[str, str]]:
    for rows in elements(root):
        if local(rows) != "sheetData":
            continue
        for row in elements(rows):
            for cell in elements(row):
                if value := _value(cell, shared):
                    yield cell.get("r", ""), value


def _value(cell: Element, shared: list[str]) -> str:
    """What a cell holds; empty for nothing."""
    parts = {local(entry): entry for entry in elements(cell)}
    kind = cell.get("t", "n")
    if "f" in parts:
        return "formula"
    if kind == "inlineStr":
        return _text(parts["is"]) if "is" in parts else ""
    raw = parts["v"].text if "v" in parts else None
    if not raw:
        return ""
    try:
        if kind == "s":
            return shared[int(raw)]
        if kind == "n":
            # Programs differ in the last digits that they write of a number.
            return f"{float(raw):.9g}"
    except (ValueError, IndexError):
        raise WorkbookError("workbook_damaged", part=f"{cell.get('r')}={raw!r}") from None
    return " ".join(raw.split())


def _text(entry: Element) -> str:
    """The text of a string without its formats and its phonetic guide."""
    runs = [entry, *(run for run in elements(entry) if local(run) == "r")]
    found = "".join(t.text or "" for run in runs for t in elements(run) if local(t) == "t")
    return " ".join(found.split())
