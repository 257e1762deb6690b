"""The raw workbook of the institution as its staff would send it, with a sheet of their own in it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsales.demo import dirt
from xlsales.demo import institution as qiming
from xlsales.demo.layout import LAYOUTS
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xlsales.demo.dirt import Kind, Written
    from xlsales.demo.layout import Layout
    from xlsales.language import Language

FONT = {"zh": "微软雅黑", "en": "Calibri"}
ERRORS = {"product": ("=NA()", "#N/A"), "amount": ("=1/0", "#DIV/0!")}
"""A formula that fails, and how Excel shows it, by the field it stands in."""
EXPORTED = {
    "zh": "导出时间：2026-11-01 09:00　金额单位：元",
    "en": "Exported 2026-11-01 09:00, money in CNY",
}
REMARKS = (
    ("周末上课", "Weekends only"),
    ("家长要求发票", "Invoice wanted"),
    ("老学员介绍", "Knows a student"),
)
Cell = str | float | date | tuple[str, float | str] | None
"""What is written: text as text, numbers, dates, a formula with its value, or nothing."""


def write_demo(path: Path, lang: Language) -> None:
    """Write the raw workbook to ``path``."""
    path.write_bytes(demo_workbook(lang))


@cache
def demo_workbook(lang: Language) -> bytes:
    """The raw workbook, not yet refreshed. Same language, same bytes."""
    import xlsxwriter

    from xlsales.demo.board import add_board, add_notes

    buffer = BytesIO()
    font = {"font_name": FONT[lang], "font_size": 10}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": font}) as book:
        book.set_properties({
            "title": qiming.word("institution", lang),
            "author": "xlsales",
            "created": datetime(2026, 11, 1, 9),  # noqa: DTZ001 - a file property, the same every time
        })  # fmt: skip
        formats = _formats(book)
        cells = {layout.table: _add_sheet(book, layout, formats, lang) for layout in LAYOUTS}
        add_board(book, cells, lang)
        add_notes(book, lang)
        book.get_worksheet_by_name(LAYOUTS[0].name(lang)).activate()
    return buffer.getvalue()


def shown(line: Written, row: int, name: str, kind: str, lang: Language) -> Cell:
    """What stands in the cell of a field, dirt included; ``row`` is the line's place in the sheet."""
    stain: Kind | None = line.stains.get(name)
    value = getattr(line.row, name, None)
    if stain == "hostile":
        return dirt.HOSTILE[row % len(dirt.HOSTILE)]
    if stain == "remark":
        return REMARKS[row % len(REMARKS)][lang == "en"]
    if stain == "error":
        return ERRORS[name]
    if name == "target" and line.row.metric != "sales":  # type: ignore[union-attr]
        return f"{value}%"
    if value is None:
        return None
    if isinstance(value, date):
        return dirt.day(value, stain, row, lang) if stain and stain.startswith("date") else value
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        if kind != "money":
            return float(value)
        return dirt.money(value, stain) if stain and stain.startswith("money") else value / 100
    text = _text(name, str(value), kind, lang)
    return dirt.spaced(text, stain) if stain and stain.startswith("space") else text


def _text(name: str, value: str, kind: str, lang: Language) -> str:
    if kind == "id":
        return value
    if name in ("customer", "referrer"):
        return qiming.person(value, lang)
    return qiming.stage_word(value, lang) if name == "stage" else qiming.word(value, lang)


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "grey": book.add_format({"font_color": "#5F6B78"}),
        "head": book.add_format({"bold": True, "bg_color": "#DDE3E9", "border": 1}),
        "group": book.add_format({"bold": True, "align": "center", "bg_color": "#C9D2DB", "border": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "period": book.add_format({"num_format": 'yyyy"-"mm', "align": "left"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "total": book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1}),
        "id": book.add_format({"num_format": "@"}),
    }


def _add_sheet(book: Any, layout: Layout, formats: dict[str, Any], lang: Language) -> list[list[Cell]]:
    """Write one raw sheet and give the cells of its data lines, totals included, from ``first_row`` on."""
    sheet = book.add_worksheet(layout.name(lang))
    kinds = {column.name: column.kind for column in table(layout.table).columns}
    _head(sheet, layout, formats, lang)
    lines = _lines(layout, kinds, lang)
    for row, cells in enumerate(lines, start=layout.first_row):
        total = any(isinstance(cell, tuple) and cell[0].startswith("=SUBTOTAL") for cell in cells)
        for column, cell in enumerate(cells):
            name = layout.fields[column].name
            style: str = "total" if total else "period" if name == "period" else kinds.get(name, "text")
            style = "moment" if isinstance(cell, datetime) else style
            serial = isinstance(cell, float) and kinds.get(name) == "date"  # a date that lost its format
            _put(sheet, row, column, cell, None if serial else formats.get(style))
    sheet.freeze_panes(layout.first_row, 1)
    for index, field in enumerate(layout.fields):
        sheet.set_column(index, index, field.width)
    return lines


def _head(sheet: Any, layout: Layout, formats: dict[str, Any], lang: Language) -> None:
    row, left = layout.first_row - 1, 0
    if layout.titled:
        sheet.write_string(0, 0, f"{qiming.word('institution', lang)} {layout.name(lang)}", formats["title"])
        sheet.write_string(1, 0, EXPORTED[lang], formats["grey"])
    for zh, en, width in layout.groups:
        title = zh if lang == "zh" else en
        sheet.merge_range(row - 1, left, row - 1, left + width - 1, title, formats["group"])
        left += width
    for column, field in enumerate(layout.fields):
        sheet.write_string(row, column, field.header(lang), formats["head"])


def _lines(layout: Layout, kinds: Mapping[str, str], lang: Language) -> list[list[Cell]]:
    lines: list[list[Cell]] = []
    written = dirt.soiled().sheets[layout.table]
    since = 0
    for row, line in enumerate(written):
        lines.append([shown(line, row, f.name, kinds.get(f.name, "text"), lang) for f in layout.fields])
        if layout.yearly:
            after = written[row + 1].row if row + 1 < len(written) else None
            year = getattr(line.row, layout.yearly).year
            if after is None or getattr(after, layout.yearly).year != year:
                lines.append(_total(layout, lines, since, "小计" if lang == "zh" else "Subtotal"))
                since = len(lines)
    if layout.total:
        lines.append(_total(layout, lines, 0, "合计" if lang == "zh" else "Total"))
    return lines


def _total(layout: Layout, lines: list[list[Cell]], since: int, label: str) -> list[Cell]:
    """A row that adds up what Excel sees as numbers; SUBTOTAL leaves other subtotals out."""
    assert layout.total
    column = layout.column(layout.total)
    letter = chr(ord("A") + column)
    first, last = layout.first_row + since + 1, layout.first_row + len(lines)
    numbers = [cell for line in lines[since:] if isinstance(cell := line[column], float)]
    cells: list[Cell] = [None] * len(layout.fields)
    cells[0] = label
    cells[column] = (f"=SUBTOTAL(9,{letter}{first}:{letter}{last})", round(sum(numbers), 2))
    return cells


def _put(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, style)
    elif isinstance(cell, tuple):
        sheet.write_formula(row, column, cell[0], style, cell[1])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, style)
    elif cell is not None:
        sheet.write_number(row, column, cell, style)
