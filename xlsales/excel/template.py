"""An empty workbook with one sheet per table that xlsales knows, ready to paste exports into."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.language import text
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language
    from xlsales.tables.spec import Column, Kind, Table

NUMBER_FORMATS: dict[Kind, str] = {
    "id": "@",
    "text": "@",
    "stage": "@",
    "flag": "@",
    "date": "yyyy-mm-dd",
    "money": "#,##0.00",
    "count": "#,##0",
    "percent": "0.0%",
}
"""Text columns are text before anything is pasted: an id keeps its zeros, a name stays a name."""

FONT = {"zh": "微软雅黑", "en": "Calibri"}
HEAD = {"bold": True, "font_size": 10, "border": 1, "border_color": "#D3D9DF"}
NEEDED = {**HEAD, "bg_color": "#17456B", "font_color": "#FFFFFF"}
OPTIONAL = {**HEAD, "bg_color": "#EEF1F4", "font_color": "#1F2933"}


def write_template(path: Path, lang: Language) -> None:
    """Write the template to ``path``; ``UsageError`` when something stands there or it is no ``.xlsx``."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError("new_needs_xlsx", file=path.name)
    if path.exists():
        raise UsageError("file_exists", file=path)
    path.write_bytes(template(lang))


def template(lang: Language) -> bytes:
    """The template as a package: a guide, and an empty Excel table for each table that xlsales knows."""
    import xlsxwriter

    buffer = BytesIO()
    font = {"font_name": FONT[lang], "font_size": 10}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": font}) as book:
        book.set_properties({"created": datetime(2020, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        _guide(book, lang)
        for table in TABLES:
            _sheet(book, table, lang)
    return buffer.getvalue()


def _guide(book: Any, lang: Language) -> None:
    sheet = _page(book, text(lang, "template.name"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 100)
    sheet.set_row(1, 28)
    sheet.write_string(1, 1, text(lang, "template.title"), book.add_format({"bold": True, "font_size": 18}))
    for row, step in enumerate(("paste", "refresh", "again"), start=3):
        sheet.write_string(row, 1, text(lang, f"template.{step}"))
    link = book.add_format({"bold": True, "underline": 1, "font_color": "#17456B", "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for row, table in enumerate(TABLES, start=7):
        sheet.write_url(row, 1, f"internal:'{table.title(lang)}'!A1", link, table.title(lang))
        needed = text(lang, "template.and").join(c.title(lang) for c in table.columns if c.needed)
        sheet.write_string(row, 2, text(lang, f"template.tables.{table.key}", needed=needed), wrap)


def _page(book: Any, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return sheet


def _sheet(book: Any, table: Table, lang: Language) -> None:
    sheet = _page(book, table.title(lang))
    sheet.freeze_panes(1, 0)
    head = {True: book.add_format(NEEDED), False: book.add_format(OPTIONAL)}
    columns = [{"header": c.title(lang), "header_format": head[c.needed]} for c in table.columns]
    # one empty row, which a paste fills and extends; the same name in both languages for formulas
    grid = {"name": table.en, "style": None, "autofilter": False, "columns": columns}
    sheet.add_table(0, 0, 1, len(columns) - 1, grid)
    for index, column in enumerate(table.columns):
        cells = book.add_format({"num_format": NUMBER_FORMATS[column.kind]})
        sheet.set_column(index, index, max(12, 2 * len(column.title(lang)) + 2), cells)
        if column.values:
            choices = {"validate": "list", "source": _choices(column, lang), "error_type": "warning"}
            sheet.data_validation(1, index, 1_048_575, index, choices)


def _choices(column: Column, lang: Language) -> list[str]:
    return [spellings[0] if lang == "zh" else value for value, spellings in column.values.items()]
