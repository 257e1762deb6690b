"""A raw sheet: an Excel table with the headers of one table, what they mean, and sample rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.excel.template.samples import samples, shown
from xlsales.language import text, wording
from xlsales.report import theme

if TYPE_CHECKING:
    from xlsales.excel.template.look import Look
    from xlsales.excel.template.samples import Value
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

RIGHT: tuple[Kind, ...] = ("money", "count", "percent")
"""What is read by its last digit; everything else starts at the left, dates as well."""

HEAD_PX = 26
LAST_ROW = 1_048_575
NOTE_PX, NOTE_CELLS = 260, 34
"""The width of a note, and how many digits of its font stand in a line."""


def write_raw(sheet: Any, look: Look, table: Table, lang: Language) -> None:
    """Write the sheet. The table is called the same in both languages, for formulas."""
    rows = samples(table, lang)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    grid = {"name": table.en, "style": None, "autofilter": False}
    heads = [{"header": c.title(lang), "header_format": _head(look, c)} for c in table.columns]
    sheet.add_table(0, 0, len(rows), len(heads) - 1, grid | {"columns": heads})
    sheet.set_row_pixels(0, HEAD_PX)
    for index, column in enumerate(table.columns):
        look_of = {"align": _align(column), "number_format": NUMBER_FORMATS[column.kind]}
        values = [row.get(column.name) for row in rows]
        sheet.set_column(index, index, _width(column, values, lang), look("data", **look_of))
        for row, value in enumerate(values, start=1):
            _write(sheet, row, index, value, look("sample", **look_of))
        _comment(sheet, index, _note(table, column, lang), lang)
        if column.values:
            source = [shown(column, value, lang) for value in column.values]
            choices = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, index, LAST_ROW, index, choices)


def _align(column: Column) -> str:
    return "right" if column.kind in RIGHT else "left"


def _head(look: Look, column: Column) -> Any:
    return look("needed" if column.needed else "optional", align=_align(column))


def _comment(sheet: Any, column: int, said: str, lang: Language) -> None:
    lines = sum(1 + _cells(part) // NOTE_CELLS for part in said.split("\n"))
    sheet.write_comment(
        0,
        column,
        said,
        {
            "font_name": theme.FONT[lang],
            "font_size": theme.SMALL,
            "color": theme.PANEL,
            "width": NOTE_PX,
            "height": 18 * lines + 12,
        },
    )


def _write(sheet: Any, row: int, column: int, value: Value, cell_format: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, cell_format)
    elif isinstance(value, float):
        sheet.write_number(row, column, value, cell_format)
    else:
        sheet.write_datetime(row, column, value, cell_format)


def _note(table: Table, column: Column, lang: Language) -> str:
    """Whether the column is needed, what it means and how a value looks."""
    own = f"{table.key}_{column.name}"
    key = own if own in wording(lang)["template"]["notes"] else column.name
    needed = text(lang, f"template.{'needed' if column.needed else 'optional'}")
    said = f"{needed}{text(lang, f'template.notes.{key}')}"
    example = next((row[column.name] for row in samples(table, lang) if row.get(column.name)), None)
    return said if example is None else f"{said}\n{text(lang, 'template.example', value=_spelled(example))}"


def _spelled(value: Value) -> str:
    return f"{value:,.2f}".removesuffix(".00") if isinstance(value, float) else str(value)


def _width(column: Column, values: list[Value], lang: Language) -> int:
    """In characters, wide enough for the header and the samples."""
    texts = [column.title(lang), *(_spelled(value) for value in values if value is not None)]
    return max(13, *(_cells(one) + 4 for one in texts))


def _cells(said: str) -> int:
    """How many digits wide a text is: a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in said)
