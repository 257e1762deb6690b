"""Native charts from the figures on the last sheet, with fonts and colours named in each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.charts import chart_unit, value_range
from xlsales.report.layout import PADDING, drawn
from xlsales.report.measure import fitted, text_px
from xlsales.report.placement import PlacedChart
from xlsales.report.writer.lines import empty, section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.report.blocks import Chart, Series, Tone
    from xlsales.report.formats import Resolved
    from xlsales.report.layout import Spot
    from xlsales.report.writer.page import Canvas
    from xlsales.report.writer.sources import Source

TITLE_PX, AXIS_PX = 40, 28
INSET = 3
"""Pixels between the section line and the chart."""
GAP = {"column": 45, "bar": 45}
LABELS_ABOVE = frozenset({"above", "right", "left"})


def write_chart(canvas: Canvas, spot: Spot, chart: Chart) -> None:
    """Section head and chart, or the sentence that says why there is none."""
    unit = chart_unit(chart, canvas.lang)
    money = chart.format == "money" and drawn(chart)
    label = text(canvas.lang, "formats.money_unit", unit=unit.unit) if money else ""
    section(canvas, spot, chart.label, chart.note if drawn(chart) else "", label)
    canvas.blocks[chart.key] = xl_range(spot.top, spot.left, spot.bottom, spot.right)
    if not drawn(chart):
        empty(canvas, spot, chart.empty)
        return
    width = canvas.layout.width(spot.left, spot.right)
    height = canvas.layout.height(spot.top + 1, spot.bottom) - INSET - 2
    sources = _sources(canvas, chart, unit)
    name = f"xs_{chart.key}"
    native = _series(canvas, chart, unit, sources, name)
    _frame(canvas, native, chart, unit, width, height)
    native.set_size({"width": width / canvas.stretch, "height": height})
    canvas.sheet.insert_chart(
        spot.top + 1,
        spot.left,
        native,
        {
            "y_offset": INSET,
            "object_position": 2,
            "description": chart.alt or f"{chart.label}: {chart.finding}",
        },
    )
    canvas.charts.append(
        PlacedChart(
            name=name,
            kind=chart.kind,
            ranges=tuple(source.range for source in sources.values()),
            anchor=str(xl_rowcol_to_cell(spot.top + 1, spot.left)),
            width=width,
            height=height,
        )
    )


def plain(words: str) -> str:
    """Words that the chart engine cannot take for a reference: a leading = or a ! become full-width."""
    if words.startswith("="):
        words = "＝" + words[1:]
    return words.replace("!", "！") if re.match(r"[^!]+!\$?[A-Za-z]+\$?\d", words) else words


def _sources(canvas: Canvas, chart: Chart, unit: Resolved) -> dict[tuple[int, str], Source]:
    """The figures on the last sheet: categories, then each series and, where given, its y and error parts."""
    columns: list[tuple[tuple[int, str], str, list[object], str]] = []
    if chart.kind != "scatter":
        title = text(canvas.lang, "formats.category")
        columns.append(((-1, "categories"), title, list(chart.categories), "@"))
    for index, series in enumerate(chart.series):
        values = [unit.scaled(value) for value in series.values]
        columns.append(((index, "values"), series.name, list(values), unit.num_format))
        if chart.kind == "scatter":
            columns.append(((index, "at"), f"{series.name} y", list(series.at), "0.0"))
        for end in ("low", "high"):
            bounds = [unit.scaled(bound) for bound in getattr(series, end)]
            if bounds:
                parts = [
                    None if value is None or bound is None else abs(bound - value)
                    for value, bound in zip(values, bounds, strict=True)
                ]
                columns.append(
                    (
                        (index, end),
                        f"{series.name} {'-' if end == 'low' else '+'}",
                        list(parts),
                        unit.num_format,
                    )
                )
    placed = canvas.sources.add(
        f"{canvas.page.name} · {chart.label}", [(title, values, form) for _, title, values, form in columns]
    )
    return {key: source for (key, *_), source in zip(columns, placed, strict=True)}


def _series(
    canvas: Canvas, chart: Chart, unit: Resolved, sources: Mapping[tuple[int, str], Source], name: str
) -> Any:
    """The native chart with its series; lines over columns are a second chart combined with the first."""
    subtype = {"subtype": "stacked"} if chart.stacked else {}
    native = canvas.book.add_chart({"type": chart.kind, "name": name, **subtype})
    over = None
    for index, series in enumerate(chart.series):
        target = native
        if chart.kind == "column" and series.mark in ("line", "dash", "text"):
            over = over or canvas.book.add_chart({"type": "line"})
            target = over
        options: dict[str, Any] = {
            "name": sources[index, "values"].title,
            "values": sources[index, "values"].values,
            **_look(canvas, chart, series),
            **_labels(canvas, chart, series, unit),
        }
        if chart.kind == "scatter":
            options["categories"] = sources[index, "values"].values
            options["values"] = sources[index, "at"].values
            if series.high:
                options["x_error_bars"] = {
                    "type": "custom",
                    "plus_values": f"={sources[index, 'high'].range}",
                    "minus_values": f"={sources[index, 'low'].range}",
                    "end_style": 0,
                    "line": {"color": _bar_tint(series.tone), "width": 3},
                }
        else:
            options["categories"] = sources[-1, "categories"].values
        target.add_series(options)
    if over is not None:
        native.combine(over)
    return native


def _bar_tint(tone: Tone) -> str:
    return theme.BAD_SOFT if tone == "bad" else theme.RULE


def _look(canvas: Canvas, chart: Chart, series: Series) -> dict[str, Any]:
    """Fill, line and marker of a series, and of the points that differ."""
    colour = theme.FILL[series.tone]
    if series.mark == "dot":
        marker = {
            "type": "circle",
            "size": 8,
            "fill": {"color": colour},
            "border": {"color": theme.WHITE},
        }
        return {"line": {"none": True}, "marker": marker}
    if series.mark in ("line", "dash"):
        line: dict[str, object] = {"color": colour, "width": 1.5}
        if series.mark == "dash":
            line["dash_type"] = "dash" if chart.kind == "scatter" else "square_dot"
        return {"line": line, "marker": {"type": "none"}}
    if series.mark == "text" and chart.kind != "bar":
        return {"line": {"none": True}, "marker": {"type": "none"}}
    look: dict[str, Any] = {
        "gap": 35 if chart.kind == "column" and len(chart.categories) > 13 else GAP[chart.kind],
        "border": {"none": True},
        "fill": _fill(None if series.mark == "text" else colour),
    }
    if not chart.stacked:
        look["overlap"] = 100
    if series.tones:
        look["points"] = [
            {"fill": _fill(theme.FILL[tone]), "border": {"none": True}} for tone in series.tones
        ]
    return look


def _fill(colour: str | None) -> dict[str, object]:
    return {"color": colour} if colour else {"none": True}


def _labels(canvas: Canvas, chart: Chart, series: Series, unit: Resolved) -> dict[str, Any]:
    """Data labels: values in the chart's format, words given for a point, or none."""
    if series.labels is None:
        return {}
    size = theme.SMALL - 1 if _tight(canvas, chart, series) else theme.SMALL
    inside = series.label_at in ("inside_base", "inside_end")
    custom: list[dict[str, Any] | None] = []
    for index, value in enumerate(series.values):
        tone = series.label_tones[index] if index < len(series.label_tones) else "plain"
        font = _font(canvas, size, theme.TEXT[tone], bold=tone in theme.BOLD or (inside and tone == "none"))
        if index < len(series.labels):
            words = series.labels[index]
            custom.append({"value": plain(words), "font": font} if words else {"delete": True})
        elif value is None:
            custom.append({"delete": True})
        else:
            custom.append({"font": font} if tone != "plain" else None)
    labels: dict[str, Any] = {
        "value": True,
        "num_format": unit.signed if chart.signed else unit.num_format,
        "position": _position(chart, series),
        "font": _font(canvas, size, theme.INK),
    }
    if any(custom):
        labels["custom"] = custom
    return {"data_labels": labels}


def _tight(canvas: Canvas, chart: Chart, series: Series) -> bool:
    """Whether digits inside bars need the smaller size: long English values in a 13-month chart."""
    return canvas.lang == "en" and series.label_at == "inside_base" and len(chart.categories) > 8


def _position(chart: Chart, series: Series) -> str:
    """The nearest position that Excel knows for this kind of series: a wrong one makes the file invalid."""
    at = series.label_at
    if chart.kind == "scatter" or (chart.kind == "column" and series.mark in ("line", "dash", "text")):
        return at if at in LABELS_ABOVE else "above"
    if at in LABELS_ABOVE or (at == "outside_end" and chart.stacked):
        return "inside_end" if chart.stacked else "outside_end"
    return at


def _font(canvas: Canvas, size: float, colour: str, *, bold: bool = False) -> dict[str, object]:
    return {"name": canvas.styles.font, "size": size, "color": colour, "bold": bold}


def _frame(canvas: Canvas, native: Any, chart: Chart, unit: Resolved, width: int, height: int) -> None:
    """Title, axes and plot area, laid out in pixels so that every chart has the same margins."""
    top = TITLE_PX if chart.finding else 8
    if chart.finding:
        native.set_title(
            {
                "name": plain(fitted(chart.finding, width - 3 * PADDING, theme.CHART_TITLE, bold=True)),
                "overlay": False,
                "layout": {"x": 8 / width, "y": 8 / height},
                "name_font": _font(canvas, theme.CHART_TITLE, theme.INK, bold=True),
            }
        )
    else:
        native.set_title({"none": True})
    native.set_legend({"none": True})
    native.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    bottom, left = (AXIS_PX, 12) if chart.kind != "bar" else (6, _names_px(chart, width))
    native.set_plotarea(
        {
            "fill": {"none": True},
            "border": {"none": True},
            "layout": {
                "x": left / width,
                "y": top / height,
                "width": (width - left - 12) / width,
                "height": (height - top - bottom) / height,
            },
        }
    )
    native.show_blanks_as("gap")
    _axes(canvas, native, chart, unit)


def _names_px(chart: Chart, width: int) -> int:
    longest = max((text_px(name, theme.SMALL) for name in chart.categories), default=0)
    return min(longest + 12, width // 3)


def _axes(canvas: Canvas, native: Any, chart: Chart, unit: Resolved) -> None:
    low, high = value_range(chart)
    line = {"color": theme.CONTEXT2, "width": 0.75}
    font = _font(canvas, theme.SMALL, theme.INK2)
    value: dict[str, Any] = {
        "visible": chart.show_axis,
        "major_gridlines": {"visible": chart.show_axis, "line": {"color": theme.BAND, "width": 0.75}},
        "num_format": unit.num_format if chart.format != "percent" else "0%",
        "num_font": font,
        "line": line if chart.kind == "scatter" else {"none": True},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
        "min": unit.scaled(low),
        "max": unit.scaled(high),
    }
    if chart.kind == "scatter":
        levels = [level for series in chart.series for level in series.at]
        native.set_x_axis(value)
        native.set_y_axis(
            {"visible": False, "min": 0, "max": max(levels) + 0.7, "major_gridlines": {"visible": False}}
        )
        return
    names = {
        "num_font": _font(canvas, theme.SMALL, theme.INK if chart.kind == "bar" else theme.INK2),
        "line": line,
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
        "label_position": "low",
        "major_gridlines": {"visible": False},
        "text_axis": True,
        "interval_unit": 1,
    }
    if chart.kind == "bar":
        native.set_y_axis({**names, "reverse": True})
        native.set_x_axis({**value, "label_position": "low"})
    else:
        native.set_x_axis(names)
        native.set_y_axis(value)
