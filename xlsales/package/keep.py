"""What users put on our sheets, kept when we write these sheets anew.

A sheet that no longer has the print of what we wrote is copied to the end of the workbook before it is
replaced, as it stands, with the sheets that its formulas and charts read. The copy is never written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.book import open_book
from xlsales.package.check import check
from xlsales.package.extract import STAYS_HOME, obstacle, reads, transfer
from xlsales.package.names import owned_sheets, written_prints
from xlsales.package.plan import SHEET_NAME_LIMIT
from xlsales.package.prints import is_as_written

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xlsales.package.book import Book, Sheet

KEPT = "kept:"
"""What the keys of such copies begin with."""


def set_aside(data: bytes, keys: Collection[str], suffix: str) -> tuple[bytes, dict[str, str]]:
    """The workbook with copies of the sheets among ``keys`` that were changed, and name -> name of the copy.

    ``suffix`` comes after the name of a copy. WorkbookError where a sheet holds what cannot be copied.
    """
    book = open_book(data)
    present = owned_sheets(book)
    changed = _with_sources(book, {key: sheet for key, sheet in present.items() if key in keys})
    if not changed:
        return data, {}
    for sheet in changed.values():
        if found := obstacle(book, sheet, STAYS_HOME):
            raise WorkbookError("addition_cannot_be_kept", sheet=sheet.name, found=found)
    copies = {_free_key(key, present): sheet for key, sheet in changed.items()}
    sources = {key: sheet.name for key, sheet in copies.items()}
    wanted = {key: name[: SHEET_NAME_LIMIT - len(suffix)] + suffix for key, name in sources.items()}
    after, names = transfer(data, data, sources, wanted)
    check(data, after, names)
    return after, {sources[key]: name for key, name in names.items()}


def _with_sources(book: Book, sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Those of the sheets that were changed, and those that they read."""
    prints = written_prints(book)
    found = [
        key
        for key, sheet in sheets.items()
        if sheet.place in prints and sheet.part and not is_as_written(book, sheet, prints[sheet.place])
    ]
    for key in found:
        read = reads(book, sheets[key])
        found += [other for other, sheet in sheets.items() if sheet.name in read and other not in found]
    return {key: sheet for key, sheet in sheets.items() if key in found}


def _free_key(key: str, taken: Collection[str]) -> str:
    number = 1
    while f"{KEPT}{key}:{number}" in taken:
        number += 1
    return f"{KEPT}{key}:{number}"
