"""Excel tables without a style of their own: cell formats, live formulas, bars, heat, sign colours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.report import theme
from xlsales.report.figures import as_cell, columns_of, expression
from xlsales.report.formats import is_blank
from xlsales.report.layout import MOST_LINES, PADDING, text_room
from xlsales.report.placement import PlacedTable
from xlsales.report.writer.lines import LONGEST, section
from xlsales.report.writer.styles import literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.report.blocks import Cell, Table, TableColumn, Value
    from xlsales.report.figures import Column
    from xlsales.report.layout import Spot
    from xlsales.report.writer.page import Canvas

Frame = tuple[int, int, int]
"""First data row, last data row, first column."""


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
                _declared(canvas, table, column, spot, (first, last, spot.left), index)
                for index, column in enumerate(columns)
            ],
        },
    )
    for row, values in enumerate(table.rows, start=first):
        _row(canvas, columns, values, row, spot.left, closing=row == last and total is not None)
    if not table.rows:
        _nothing(canvas, columns, table.empty, first, spot.left)
    if total is not None:
        _total(canvas, columns, total, (first, last, spot.left))
    _rules(canvas, columns, table, (first, last, spot.left), total is not None)
    reference = xl_range(spot.top + 1, spot.left, bottom, spot.right)
    canvas.tables.append(PlacedTable(name, reference))
    canvas.blocks[table.key] = xl_range(spot.top, spot.left, bottom, spot.right)


def _declared(
    canvas: Canvas, table: Table, column: Column, spot: Spot, frame: Frame, index: int
) -> dict[str, Any]:
    """The column as the table part declares it."""
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
    if table.total is None or not table.rows:
        return declared
    value = as_cell(table.total[index]).value
    formula = _total_formula(
        column, {column.spec.key: column for column in columns_of(table, canvas.lang)}, value, frame
    )
    if formula:
        declared["total_function"] = formula
    elif isinstance(value, str) and value:
        declared["total_string"] = value
    return declared


def _total_formula(column: Column, columns: Mapping[str, Column], value: Value, frame: Frame) -> str:
    """What stands on the total row: a subtotal, the row's own formula, or the value as a constant formula."""
    first, last, left = frame
    keys = list(columns)
    if column.spec.total == "sum":
        at = left + keys.index(column.spec.key)
        return f"SUBTOTAL(109,{xl_range(first, at, last, at)})"
    if column.spec.total == "formula" and column.spec.formula:
        return expression(
            column, columns, lambda key: str(xl_rowcol_to_cell(last + 1, left + keys.index(key)))
        )
    scaled = column.unit.scaled(value)
    return repr(scaled) if isinstance(scaled, float) else ""


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
        _write(canvas, row, left + offset, column, cell, look, formula)


def _write(
    canvas: Canvas,
    row: int,
    at: int,
    column: Column,
    cell: Cell,
    look: dict[str, object],
    formula: str,
) -> None:
    """One cell: text only ever as text, numbers scaled, formulas with their cached value."""
    sheet = canvas.sheet
    px = text_room(column, canvas.layout.widths[at])
    value = column.unit.scaled(cell.value)
    bold = bool(look.get("bold"))
    if isinstance(value, str):
        words = f"{cell.mark} {value}" if cell.mark and value else value
        if not column.spec.wrap:
            words = canvas.ruler.fitted(words, px, theme.BODY, bold, MOST_LINES)
        if canvas.ruler.lines(words, px, theme.BODY, bold) > 1:
            look["text_wrap"] = True
        look["num_format"] = "@"
        if column.numeric:
            look.pop("indent", None)
        style = canvas.styles(**look)
        if cell.link and words:
            canvas.link(row, at, cell.link, words, canvas.styles(**(look | {"font_color": theme.ACCENT})))
        elif words:
            sheet.write_string(row, at, words[:LONGEST], style)
        else:
            sheet.write_blank(row, at, None, style)
        return
    if canvas.ruler.px(column.shown(cell), theme.BODY, bold) > px + PADDING - 4:
        look["shrink"] = True
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


def _total(canvas: Canvas, columns: Sequence[Column], total: Sequence[Value | Cell], frame: Frame) -> None:
    _, last, left = frame
    named = {column.spec.key: column for column in columns}
    for offset, (column, given) in enumerate(zip(columns, total, strict=True)):
        cell = as_cell(given)
        look = _look(column) | _meaning(cell)
        look |= {"bold": True, "top": 1, "top_color": theme.INK, "bottom": 0}
        look.pop("bottom_color")
        formula = _total_formula(column, named, cell.value, frame)
        _write(canvas, last + 1, left + offset, column, cell, look, formula)


def _rules(canvas: Canvas, columns: Sequence[Column], table: Table, frame: Frame, has_total: bool) -> None:
    """Bars, sign colours and heat as conditional formats, so they follow edits and sorts."""
    first, last, left = frame
    for offset, column in enumerate(columns):
        spec, at = column.spec, left + offset
        if spec.bar is not None and spec.bar > 0:
            bottom = last + (has_total and spec.bar_line)
            canvas.sheet.conditional_format(first, at, bottom, at, _bar(spec, column.unit.scaled(spec.bar)))
        if spec.signed:
            up, down = (theme.GOOD, theme.BAD_TEXT) if spec.good_up else (theme.BAD_TEXT, theme.GOOD)
            for criteria, colour in (("<", down), (">", up)):
                canvas.sheet.conditional_format(
                    first,
                    at,
                    last + has_total,
                    at,
                    {
                        "type": "cell",
                        "criteria": criteria,
                        "value": 0,
                        "format": canvas.styles.rule(font_color=colour),
                    },
                )
        if spec.heat == "column":
            _heat(canvas, table, frame, [offset], ("#FFFFFF", theme.GOOD_TINT), None)
    block = [offset for offset, column in enumerate(columns) if column.spec.heat == "block"]
    if block:
        _heat(canvas, table, frame, block, theme.HEAT, table.heat_range)


def _bar(spec: TableColumn, longest: float) -> dict[str, object]:
    return {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": theme.GOOD_TINT if spec.bar_tone == "good" else theme.RULE,
        "bar_no_border": True,
        "bar_negative_color": theme.BAD_TINT,
        "bar_axis_position": "none",
        "min_type": "num",
        "max_type": "num",
        "min_value": 0,
        "max_value": longest,
    }


def _heat(
    canvas: Canvas,
    table: Table,
    frame: Frame,
    offsets: Sequence[int],
    colours: tuple[str, str],
    scale: tuple[float, float] | None,
) -> None:
    """One colour scale over the cells that are final: immature and blank ones are left out of its ranges."""
    first, _, left = frame
    ranges = []
    for row, values in enumerate(table.rows, start=first):
        start = None
        for offset in [*offsets, None]:
            cell = as_cell(values[offset]) if offset is not None else None
            counts = cell is not None and not cell.immature and not is_blank(cell.value)
            if counts and start is None:
                start = offset
            elif not counts and start is not None:
                end = offset - 1 if offset is not None else offsets[-1]
                ranges.append(xl_range(row, left + start, row, left + end))
                start = None
    if not ranges:
        return
    rule: dict[str, object] = {
        "type": "2_color_scale",
        "min_color": colours[0],
        "max_color": colours[1],
        "multi_range": " ".join(ranges),
    }
    if scale is not None:
        rule |= {"min_type": "num", "max_type": "num", "min_value": scale[0], "max_value": scale[1]}
    canvas.sheet.conditional_format(ranges[0], rule)
