"""Macros and ribbon of a closed workbook, written anew for the installed xlwings; nothing else changes.

Only what we wrote is replaced: a project that holds a module of the user's own, or one of ours that was
changed, stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.excel.macro_book import RIBBON_PART, RIBBON_RELATION
from xlsales.excel.seal import NAME, RIBBON, bare, digest, sealed
from xlsales.excel.vba.project import SHEET_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xlsales.language import Language
    from xlsales.package.book import Book

SHOWN = 5
_CODE_NAME = re.compile(rb"<(?:\w+:)?sheetPr\b[^>]*?\bcodeName=[\"']([^\"']+)")


def renew(path: Path, lang: Language) -> None:
    """Write the macros of this xlsales into the workbook at ``path``, and its ribbon in ``lang``.

    The file is replaced as ``package.save`` does it. WorkbookError where the workbook has macros that are
    not, or not any more, as xlsales wrote them, and as in ``save``; UsageError where xlwings is not
    installed.
    """
    from xlsales.excel.macro_modules import macro_modules
    from xlsales.excel.ribbon.markup import custom_ui
    from xlsales.excel.vba.project import Module, vba_project
    from xlsales.excel.vba.reading import modules
    from xlsales.package.book import open_book
    from xlsales.package.save import save

    before = path.read_bytes()
    book = open_book(before)
    project = book.linked("vbaProject")
    if project is None:
        raise WorkbookError("macros_not_ours", file=path.name, strange="-")
    strange = list(_strange(book, project, modules(book.package.read(project))))
    if strange:
        raise WorkbookError("macros_not_ours", file=path.name, strange=", ".join(strange[:SHOWN]))
    ours = macro_modules(lang)
    known = {module.name for module in ours}
    empty = [Module(name, "", "document") for name in _documents(book) if name not in known]
    book.package.put(project, vba_project([*ours, *empty]))
    if RIBBON_PART not in book.package:
        book.package.relate("", RIBBON_RELATION, RIBBON_PART)
    book.package.put(RIBBON_PART, custom_ui(lang).encode())
    save(path, book.to_bytes(), expected=before)


def _documents(book: Book) -> Iterator[str]:
    """The code names of the sheets of cells that have one: each is a module."""
    parts = (sheet.part for sheet in book.sheets)
    for part in (one for one in parts if one and book.package.content_type(one).endswith("worksheet+xml")):
        if found := _CODE_NAME.search(book.package.read(part)[: 1 << 16]):
            yield found[1].decode()


def _strange(book: Book, project: str, present: Mapping[str, str]) -> Iterator[str]:
    """Modules and parts that we did not write, or that were changed since."""
    written = sealed(present)
    for name, code in present.items():
        is_plain_sheet = f'VB_Base = "{SHEET_BASE}"' in code and not bare(code)
        if name != NAME and not is_plain_sheet and digest(code) != written.get(name):
            yield name
    yield from (link.target or link.id for link in book.package.relationships(project))  # its signatures
    for part in book.package.names():
        if part.lower().startswith("customui/") and (
            part != RIBBON_PART
            or digest(book.package.read(part).decode("utf-8", "replace")) != written.get(RIBBON)
        ):
            yield part
