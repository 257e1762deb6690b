"""Native charts over the figures on the last sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.language import text
from xlsales.report.charts.axis import chart_unit
from xlsales.report.formats import money_label
from xlsales.report.layout import drawn
from xlsales.report.placement import PlacedChart
from xlsales.report.writer.chart_look import Drawing, error_bars, frame, labels, look
from xlsales.report.writer.lines import empty, section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.report.blocks import Chart
    from xlsales.report.layout import Spot
    from xlsales.report.writer.page import Canvas
    from xlsales.report.writer.sources import Source

INSET = 3
"""Pixels between the section line and the chart."""
CATEGORIES = (-1, "categories")

Sourced = dict[tuple[int, str], "Source"]
"""Columns of figures by series number and part: values, at, low, high."""


def write_chart(canvas: Canvas, spot: Spot, chart: Chart) -> None:
    """Section head and chart, or the sentence that says why there is none."""
    canvas.blocks[chart.key] = xl_range(spot.top, spot.left, spot.bottom, spot.right)
    if not drawn(chart):
        section(canvas, spot, chart.label)
        empty(canvas, spot, chart.instead)
        return
    unit = chart_unit(chart, canvas.lang)
    section(
        canvas,
        spot,
        chart.label,
        chart.note,
        money_label(unit, canvas.lang) if chart.format == "money" else "",
    )
    drawing = Drawing(
        chart=chart,
        unit=unit,
        lang=canvas.lang,
        width=canvas.layout.width(spot.left, spot.right),
        height=canvas.layout.height(spot.top + 1, spot.bottom) - INSET - 2,
    )
    sources = _sources(canvas, drawing)
    name = f"xs_{chart.key}"
    native = _native(canvas, drawing, sources, name)
    frame(drawing, native)
    native.set_size({"width": drawing.width / canvas.stretch, "height": drawing.height})
    alt = chart.alt or ": ".join(part for part in (chart.label, chart.finding) if part)
    canvas.sheet.insert_chart(
        spot.top + 1,
        spot.left,
        native,
        {"y_offset": INSET, "object_position": 2, "description": alt},
    )
    canvas.charts.append(
        PlacedChart(
            name=name,
            kind=chart.kind,
            ranges=tuple(source.range for source in sources.values()),
            anchor=str(xl_rowcol_to_cell(spot.top + 1, spot.left)),
            width=drawing.width,
            height=drawing.height,
        )
    )


def _sources(canvas: Canvas, drawing: Drawing) -> Sourced:
    """The chart's figures on the last sheet: categories, then each series, its y and its error parts."""
    chart, unit = drawing.chart, drawing.unit
    columns: dict[tuple[int, str], tuple[str, list[Any], str]] = {}
    if chart.kind != "scatter":
        columns[CATEGORIES] = (text(canvas.lang, "formats.category"), drawing.names(), "@")
    for index, series in enumerate(chart.series):
        values = [unit.scaled(value) for value in series.values]
        columns[index, "values"] = (series.name, values, unit.num_format)
        if chart.kind == "scatter":
            columns[index, "at"] = (f"{series.name} y", list(series.at), "0.0")
        for end, sign, bounds in (("low", "-", series.low), ("high", "+", series.high)):
            if bounds:
                parts = [
                    None if value is None or bound is None else abs(unit.scaled(bound) - value)
                    for value, bound in zip(values, bounds, strict=True)
                ]
                columns[index, end] = (f"{series.name} {sign}", parts, unit.num_format)
    placed = canvas.sources.add(f"{canvas.page.name} · {chart.label}", list(columns.values()))
    return dict(zip(columns, placed, strict=True))


def _native(canvas: Canvas, drawing: Drawing, sources: Mapping[tuple[int, str], Source], name: str) -> Any:
    """The native chart with its series; lines over columns are a second chart combined with the first."""
    chart = drawing.chart
    stacked = {"subtype": "stacked"} if chart.stacked else {}
    native = canvas.book.add_chart({"type": chart.kind, "name": name, **stacked})
    lines = None
    for index, series in enumerate(chart.series):
        values = sources[index, "values"]
        options = {"name": values.title, **look(drawing, series), **labels(drawing, series)}
        if chart.kind == "scatter":
            options |= {"categories": values.values, "values": sources[index, "at"].values}
            if series.low and series.high:
                options |= error_bars(series, sources[index, "low"].range, sources[index, "high"].range)
        else:
            options |= {"categories": sources[CATEGORIES].values, "values": values.values}
        if chart.kind == "column" and series.mark != "column":
            lines = lines or canvas.book.add_chart({"type": "line"})
            lines.add_series(options)
        else:
            native.add_series(options)
    if lines is not None:
        native.combine(lines)
    return native
