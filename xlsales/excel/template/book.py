"""The sheets of the template in their order, as a plain workbook."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsales import settings
from xlsales.excel.template.guide import write_guide
from xlsales.excel.template.look import Look
from xlsales.excel.template.raw import write_raw
from xlsales.excel.template.settings_sheet import write_settings
from xlsales.excel.xlwings_conf import SHEET, write_conf
from xlsales.language import text
from xlsales.report import theme
from xlsales.tables.specs import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.language import Language

SAMPLES = "_xlsales.samples"
"""The hidden name of a sheet with sample rows: the text that every one of them has in a cell."""

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def plain_book(lang: Language, conf: Mapping[str, bool | str] | None = None) -> bytes:
    """The template as a package without macros; with ``conf``, for one that will have them."""
    buffer = BytesIO()
    with _workbook(buffer, lang) as book:
        look = Look(book, lang)
        write_guide(_page(book, text(lang, "template.name")), look, lang, macros=conf is not None)
        for table in CORE:
            write_raw(_page(book, table.title(lang)), look, table, lang)
        write_settings(_page(book, text(lang, "settings.name")), look, lang)
        if conf is not None:
            write_conf(book.add_worksheet(SHEET), conf)
    return _marked(buffer.getvalue(), lang)


def settings_book(name: str, lang: Language) -> bytes:
    """A workbook with nothing but the settings sheet, under this name, to be brought into any workbook."""
    buffer = BytesIO()
    with _workbook(buffer, lang) as book:
        write_settings(_page(book, name), Look(book, lang), lang)
    return buffer.getvalue()


def _workbook(buffer: BytesIO, lang: Language) -> Any:
    import xlsxwriter

    font = {"font_name": theme.FONT[lang], "font_size": theme.BODY}
    book = xlsxwriter.Workbook(buffer, {**OPTIONS, "default_format_properties": font})
    book.set_properties({"created": datetime(2020, 1, 1)})  # noqa: DTZ001 - the same bytes every time
    return book


def _page(book: Any, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return sheet


def _marked(data: bytes, lang: Language) -> bytes:
    """The workbook with its own sheets marked, so that they are not read as data, and the samples named."""
    from xlsales.package.book import open_book
    from xlsales.package.names import mark

    book = open_book(data)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    keys = {"guide": text(lang, "template.name"), settings.SHEET: text(lang, "settings.name"), "conf": SHEET}
    mark(book, {key: sheets[name] for key, name in keys.items() if name in sheets})
    for table in CORE:
        sample = text(lang, "template.samples.mark")
        book.define(SAMPLES, f'"{sample}"', sheets[table.title(lang)].place, hidden=True)
    return book.to_bytes()
