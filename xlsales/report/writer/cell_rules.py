"""What tables show through conditional formats, so that it follows edits and sorts: bars, signs, heat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range

from xlsales.report import theme
from xlsales.report.figures import as_cell
from xlsales.report.formats import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.report.blocks import Table, TableColumn
    from xlsales.report.figures import Column
    from xlsales.report.writer.page import Canvas

Frame = tuple[int, int, int]
"""First data row, last data row, first column."""


def write_rules(
    canvas: Canvas, columns: Sequence[Column], table: Table, frame: Frame, has_total: bool
) -> None:
    """The bars, sign colours and heat that the table's columns ask for."""
    first, last, left = frame
    for offset, column in enumerate(columns):
        spec, at = column.spec, left + offset
        if spec.bar is not None and spec.bar > 0:
            bottom = last + (has_total and spec.bar_line)
            canvas.sheet.conditional_format(first, at, bottom, at, _bar(spec, column.unit.scaled(spec.bar)))
        if spec.signed:
            up, down = (theme.GOOD, theme.BAD_TEXT) if spec.good_up else (theme.BAD_TEXT, theme.GOOD)
            least = least_seen(column.unit.signed)
            for criteria, colour in (("<=", down), (">=", up)):
                canvas.sheet.conditional_format(
                    first,
                    at,
                    last + has_total,
                    at,
                    {
                        "type": "cell",
                        "criteria": criteria,
                        "value": -least if criteria == "<=" else least,
                        "format": canvas.styles.rule(font_color=colour),
                    },
                )
        if spec.heat == "column":
            _heat(canvas, table, frame, [offset], ("#FFFFFF", theme.GOOD_TINT), None)
    block = [offset for offset, column in enumerate(columns) if column.spec.heat == "block"]
    if block:
        _heat(canvas, table, frame, block, theme.HEAT, table.heat_range)


def least_seen(num_format: str) -> float:
    """The smallest value that the format shows as something else than zero."""
    decimals = len(re.match(r"[^;.]*\.?(0*)", num_format)[1])  # type: ignore[index]
    return float(f"5e-{decimals + 1 + 2 * ('%' in num_format)}")


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
