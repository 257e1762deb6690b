"""Rows of a sheet of ours that are too many to be held as a tree: they go from text into the zip file.

A sheet that waits for a body ends in two rows without values that show how its cells look: the plain ones,
and those that are to be noticed. Formats are merged as on any sheet; then the rows take their place, and the
table around the two reaches around them all.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Protocol

from xlsales.package.archive import pack
from xlsales.package.book import open_book
from xlsales.package.markup import elements, serialise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlsales.package.archive import Packed
    from xlsales.package.markup import Dialect, Element


class Body(Protocol):
    """The rows of one sheet."""

    def __len__(self) -> int:
        """How many there are, blank ones between them included."""

    def rows(
        self, first: int, plain: Sequence[str], noticed: Sequence[str], *, date1904: bool
    ) -> Iterator[bytes]:
        """The elements ``row`` from row ``first`` on, with a cell for each of the style numbers given."""


def packed(root: Element, body: Body, dialect: Dialect, *, date1904: bool) -> Packed:
    """The part of a sheet that waits for ``body``, with it. ``root`` is changed."""
    data = root.find(dialect.tag("sheetData"))
    if data is None or len(data) < 2:
        raise ValueError("the sheet does not wait for rows")
    *_, plain, noticed = data
    data.remove(noticed)
    if not len(body):  # a table must have a row, and the plain one is blank
        return pack([serialise(root)])
    data.remove(plain)
    data.text = data.text or ""  # or else a sheet without a head would have but one tag here
    styles = [[cell.get("s", "0") for cell in row] for row in (plain, noticed)]
    first = int(plain.get("r", ""))
    extent = root.find(dialect.tag("dimension"))
    if extent is not None:
        column = plain[-1].get("r", "").rstrip("0123456789")
        extent.set("ref", f"A1:{column}{first + len(body) - 1}")
    head, closing, foot = serialise(root).partition(b"</sheetData>")
    rows = body.rows(first, *styles, date1904=date1904)
    return pack(chain([head], rows, [closing, foot]))


def stretch(table: Element, body: Body) -> None:
    """Let a table around the two rows reach around those of ``body``; a table has one at least."""
    for entry in (table, *elements(table)):
        if (reference := entry.get("ref")) is not None:
            head, _, last = reference.rpartition(":")
            column = last.rstrip("0123456789")
            entry.set("ref", f"{head}:{column}{int(last.removeprefix(column)) - 2 + max(len(body), 1)}")


def with_bodies(data: bytes, bodies: Mapping[str, Body]) -> bytes:
    """A workbook of ours whose sheets (by name) have their bodies."""
    book = open_book(data)
    for sheet in book.sheets:
        if sheet.name in bodies and sheet.part is not None:
            body = bodies[sheet.name]
            root = book.package.tree(sheet.part)
            book.package.put(sheet.part, packed(root, body, book.dialect, date1904=book.date1904))
            for link in book.package.relationships(sheet.part):
                if link.kind == "table" and link.target is not None:
                    table = book.package.tree(link.target)
                    stretch(table, body)
                    book.package.put_tree(link.target, table)
    return book.to_bytes()
