"""A few words put before what a cell of ours says, on sheets that are otherwise left as they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.package.book import open_book
from xlsales.package.cells import contents, fill
from xlsales.package.check import check
from xlsales.package.names import owned_sheets, remember_print
from xlsales.package.prints import sheet_print

if TYPE_CHECKING:
    from collections.abc import Collection


def note_on(data: bytes, keys: Collection[str], address: str, words: str) -> tuple[bytes, dict[str, str]]:
    """The workbook with ``words`` before the text at ``address`` of our sheets with these keys: key -> name.

    A sheet that says so already, or no longer has a text there, stays as it is.
    """
    book = open_book(data)
    present = {key: sheet for key, sheet in owned_sheets(book).items() if key in keys and sheet.part}
    for sheet in present.values():
        part = sheet.part or ""
        root = book.package.tree(part)
        cell = next((one for one in root.iter(book.dialect.tag("c")) if one.get("r") == address), None)
        said = contents(book, part).get(address)
        if cell is None or said is None or said.kind != "text" or said.value.startswith(words):
            continue
        fill(cell, replace(said, value=f"{words} {said.value}"), book.dialect)
        book.package.put_tree(part, root)
        remember_print(book, sheet, sheet_print(book, sheet))
    after = book.to_bytes()
    check(data, after, present)
    return after, {key: sheet.name for key, sheet in present.items()}
