"""The workbook of ``xlsales new``: a guide, a sheet for each table that xlsales knows, and the settings.

As ``.xlsx`` it is a plain workbook. As ``.xlsm`` it also has the ribbon, the macros and the functions in
cells, with the VBA of the xlwings that is installed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

ENDINGS = (".xlsx", ".xlsm")


def write_template(path: Path, lang: Language) -> None:
    """Write the template to ``path``.

    ``UsageError`` when something stands there, when it is no ``.xlsx`` or ``.xlsm``, or when there is no
    xlwings for the macros of an ``.xlsm``.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError("new_needs_workbook", file=path.name)
    if path.exists():
        raise UsageError("file_exists", file=path)
    make = macro_template if path.suffix.lower() == ".xlsm" else template
    path.write_bytes(make(lang))


def template(lang: Language) -> bytes:
    """The plain template, the same bytes every time."""
    from xlsales.excel.template.book import plain_book

    return plain_book(lang)


def macro_template(lang: Language) -> bytes:
    """The template with ribbon and macros: the same bytes for the same Python and xlwings."""
    from xlsales.excel.macro_book import macro_book
    from xlsales.excel.macro_modules import macro_modules
    from xlsales.excel.ribbon.markup import custom_ui
    from xlsales.excel.template.book import plain_book
    from xlsales.excel.xlwings_conf import xlwings_conf

    return macro_book(plain_book(lang, xlwings_conf()), macro_modules(lang), custom_ui(lang))
