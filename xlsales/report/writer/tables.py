"""Excel tables without a style of their own: headers, cells, live formulas, totals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.report import theme
from xlsales.report.figures import as_cell, columns_of, expression
from xlsales.report.formats import is_blank
from xlsales.report.layout import PADDING, most_lines, text_room
from xlsales.report.placement import PlacedTable
from xlsales.report.writer.cell_rules import write_rules
from xlsales.report.writer.inputs import write_inputs
from xlsales.report.writer.lines import LONGEST, section
from xlsales.report.writer.styles import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.report.blocks import Cell, Table, Value
    from xlsales.report.figures import Column
    from xlsales.report.layout import Spot
    from xlsales.report.writer.cell_rules import Frame
    from xlsales.report.writer.page import Canvas


HIDDEN = ";;;"
"""The number format of keys that are too long to be read: the cell holds them and shows nothing."""
WIDER = 1.25
"""By so much a font may be wider that stands in where ours is not installed (DejaVu Sans for 微软雅黑)."""


def table_name(table: Table) -> str:
    """The name that an Excel table wishes for; the workbook may have it taken."""
    return f"xs_{table.key}"


def write_table(canvas: Canvas, spot: Spot, table: Table) -> None:
    """Section head, header, rows, total; then what shows through conditional formats."""
    section(canvas, spot, table.label, table.note)
    columns = columns_of(table, canvas.lang)
    total = table.total if table.rows else None
    first = spot.top + 2
    last = first + max(len(table.rows), 1) - 1
    frame = (first, last, spot.left)
    formulas = _total_formulas(table, columns, frame)
    name = canvas.table_names.get(table_name(table), table_name(table))
    bottom = last + (total is not None)
    canvas.sheet.add_table(
        spot.top + 1,
        spot.left,
        bottom,
        spot.right,
        {
            "name": name,
            "style": None,
            "autofilter": table.filter,
            "banded_rows": False,
            "total_row": total is not None,
            "title": table.label or name,
            "description": table.alt or table.label or name,
            "columns": [
                _declared(canvas, table, column, value, formula)
                for column, value, formula in zip(
                    columns, total or [None] * len(columns), formulas, strict=True
                )
            ],
        },
    )
    lines = most_lines(table)
    for row, values in enumerate(table.rows, start=first):
        closing = row == last and total is not None
        _row(canvas, columns, values, row, spot.left, lines=lines, closing=closing)
    if not table.rows:
        _nothing(canvas, columns, table.empty, first, spot.left)
    if total is not None:
        _total(canvas, columns, total, formulas, frame)
    write_rules(canvas, columns, table, frame, total is not None)
    if table.rows and any(column.spec.input for column in columns):
        write_inputs(canvas, columns, table, frame)
    reference = xl_range(spot.top + 1, spot.left, bottom, spot.right)
    canvas.tables.append(PlacedTable(name, reference))
    canvas.blocks[table.key] = xl_range(spot.top, spot.left, bottom, spot.right)


def _declared(
    canvas: Canvas, table: Table, column: Column, total: Value | Cell, formula: str
) -> dict[str, Any]:
    """The column as the table part declares it; ``formula`` is that of its total."""
    spec = column.spec
    edge: dict[str, object] = {"left": 1, "left_color": theme.CONTEXT} if spec.rule_left else {}
    if column.indent and not spec.bar_line:
        edge["indent"] = column.indent
    declared: dict[str, Any] = {
        "header": column.title,
        "header_format": canvas.styles(
            font_size=theme.SMALL,
            bold=True,
            font_color=theme.INK2,
            align=column.align,
            valign="top" if table.filter else "vcenter",
            text_wrap=True,
            bottom=1,
            bottom_color=theme.CONTEXT2,
            **edge,
        ),
        "format": canvas.styles(**_look(column)),
    }
    if formula:
        declared["total_function"] = formula
    elif isinstance(as_cell(total).value, str):
        declared["total_string"] = column.shown(total)
    return declared


def _total_formulas(table: Table, columns: Sequence[Column], frame: Frame) -> list[str]:
    """What stands on the total row: subtotals, the rows' own formulas, values as constant formulas.

    A column without any value has no total, where a subtotal would say 0.
    """
    if not table.rows or table.total is None:
        return [""] * len(columns)
    first, last, left = frame
    at = {column.spec.key: left + offset for offset, column in enumerate(columns)}
    named = {column.spec.key: column for column in columns}
    formulas = []
    for offset, (column, total) in enumerate(zip(columns, table.total, strict=True)):
        scaled = column.unit.scaled(as_cell(total).value)
        formula = repr(scaled) if isinstance(scaled, float) else ""
        if all(is_blank(as_cell(row[offset]).value) for row in table.rows):
            pass
        elif column.spec.total == "sum":
            formula = f"SUBTOTAL(109,{xl_range(first, left + offset, last, left + offset)})"
        elif column.spec.total == "formula" and column.spec.formula:
            formula = expression(column, named, lambda key: str(xl_rowcol_to_cell(last + 1, at[key])))
        formulas.append(formula)
    return formulas


def _look(column: Column) -> dict[str, object]:
    """The properties that all cells of a column share."""
    spec = column.spec
    look: dict[str, object] = {
        "align": column.align,
        "bottom": 1,
        "bottom_color": theme.BAND,
        "num_format": column.num_format,
    }
    if spec.strong:
        look["bold"] = True
    if spec.quiet:
        look["font_color"] = theme.INK2
    if spec.bar_line:
        look |= {"right": 2, "right_color": theme.INK}
    if column.indent:
        look["indent"] = column.indent
    if spec.rule_left:
        look |= {"left": 1, "left_color": theme.CONTEXT}
    if spec.input:
        look |= {"bg_color": theme.INPUT_FILL, "font_color": theme.INPUT, "num_format": "@", "locked": False}
    if spec.heat == "block":
        look |= {"bottom_color": theme.WHITE, "right": 1, "right_color": theme.WHITE}
    return look


def _row(
    canvas: Canvas,
    columns: Sequence[Column],
    values: Sequence[Value | Cell],
    row: int,
    left: int,
    *,
    lines: int,
    closing: bool,
) -> None:
    named = {column.spec.key: column for column in columns}
    keys = list(named)
    for offset, (column, given) in enumerate(zip(columns, values, strict=True)):
        cell = as_cell(given)
        look = _look(column) | _meaning(cell)
        if closing:
            look |= {"bottom": 1, "bottom_color": theme.INK}
        if cell.mark and not is_blank(cell.value) and not isinstance(cell.value, str):
            look["num_format"] = ";".join(
                literal(f"{cell.mark} ") + part for part in str(look["num_format"]).split(";")
            )
        formula = ""
        if column.spec.formula:
            formula = expression(
                column, named, lambda key: str(xl_rowcol_to_cell(row, left + keys.index(key)))
            )
        _write(canvas, row, left + offset, column, cell, look, formula, lines)


def _write(
    canvas: Canvas,
    row: int,
    at: int,
    column: Column,
    cell: Cell,
    look: dict[str, object],
    formula: str,
    lines: int | None = None,
) -> None:
    """One cell: text only ever as text, numbers scaled, formulas with their cached value.

    Text that needs more than ``lines`` is shortened, unless its column keeps it whole.
    """
    sheet = canvas.sheet
    px = text_room(column, canvas.layout.widths[at])
    value = column.unit.scaled(cell.value)
    bold = bool(look.get("bold"))
    if isinstance(value, str):
        words = column.shown(cell)[:LONGEST]
        if lines and not (column.spec.wrap or column.spec.input or column.is_key):
            words = canvas.ruler.fitted(words, px, theme.BODY, bold, lines)
        look["num_format"] = "@"
        if canvas.ruler.lines(words, px, theme.BODY, bold) > 1:
            look |= {"num_format": HIDDEN} if column.is_key else {"text_wrap": True}
        if cell.link and words:
            canvas.link(row, at, cell.link, words, canvas.styles(**(look | {"font_color": theme.ACCENT})))
        elif words:
            sheet.write_string(row, at, words, canvas.styles(**look))
        else:
            sheet.write_blank(row, at, None, canvas.styles(**look))
        return
    if canvas.ruler.px(column.shown(cell), theme.BODY, bold) * WIDER > px + PADDING - 4:
        look["shrink"] = True  # or else #### would stand there
    style = canvas.styles(**look)
    if formula:
        sheet.write_formula(row, at, f"={formula}", style, "" if value is None else value)
    elif value is None:
        sheet.write_blank(row, at, None, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, style)
    else:
        sheet.write_number(row, at, value, style)


def _meaning(cell: Cell) -> dict[str, object]:
    """What a cell's tone adds to the look of its column."""
    if cell.immature:
        return {"bg_color": theme.IMMATURE, "font_color": theme.INK2, "italic": True}
    look: dict[str, object] = {}
    if cell.tone != "plain":
        look["font_color"] = theme.TEXT[cell.tone]
    if cell.bold or cell.tone in theme.BOLD:
        look["bold"] = True
    return look


def _nothing(canvas: Canvas, columns: Sequence[Column], sentence: str, row: int, left: int) -> None:
    """The one blank row that a table without rows must have, its first cell saying why."""
    style = canvas.styles(font_color=theme.INK2, bottom=1, bottom_color=theme.BAND)
    for offset in range(len(columns)):
        canvas.sheet.write_blank(row, left + offset, None, style)
    if sentence:
        canvas.sheet.write_string(row, left, sentence, style)


def _total(
    canvas: Canvas,
    columns: Sequence[Column],
    total: Sequence[Value | Cell],
    formulas: Sequence[str],
    frame: Frame,
) -> None:
    _, last, left = frame
    for offset, (column, given, formula) in enumerate(zip(columns, total, formulas, strict=True)):
        cell = as_cell(given)
        look = _look(column) | _meaning(cell)
        look |= {"bold": True, "top": 1, "top_color": theme.INK, "bottom": 0}
        look.pop("bottom_color")
        _write(canvas, last + 1, left + offset, column, cell, look, formula)
