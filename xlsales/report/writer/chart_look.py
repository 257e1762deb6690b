"""How a chart looks: fills, labels, axes and margins, in XlsxWriter's terms.

Margins are laid out in pixels, so that all charts of a report have the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.report import theme
from xlsales.report.charts.axis import interval_step, value_range
from xlsales.report.formats import shown
from xlsales.report.measure import RULERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Chart, Series, Tone
    from xlsales.report.formats import Resolved

Options = dict[str, Any]

TITLE_PX, NO_TITLE_PX, SIDE_PX, EDGE_PX = 40, 8, 12, 6
NAMES_PX, MORE_NAMES_PX = 28, 42
"""Room below columns for names on one line and on two."""
GAP, WIDEST_COLUMN = 45, 64
"""Columns stand 45 % of their width apart, further where they would be wider than 64 px."""
SMALL_DIGITS = 8
LABEL_GAP = 3
"""Pixels between the labels of two columns."""
DEFAULT_POSITIONS = frozenset({"outside_end", "right"})
"""Where a point's own font is not kept: XlsxWriter takes its label for one that says nothing else."""
LINE_POSITIONS = frozenset({"above", "right", "left"})


@dataclass(frozen=True)
class Drawing:
    """A chart with its unit, language and size in pixels."""

    chart: Chart
    unit: Resolved
    lang: Language
    width: int
    height: int

    @property
    def slot(self) -> float:
        """Pixels that one category of a column chart has."""
        return (self.width - 2 * SIDE_PX) / max(len(self.chart.categories), 1)

    def names(self) -> list[str]:
        """The categories, shortened where columns leave them less than two lines."""
        if self.chart.kind != "column":
            return list(self.chart.categories)
        ruler = RULERS[self.lang]
        return [ruler.fitted(name, self.slot - 2, theme.SMALL, rows=2) for name in self.chart.categories]

    def font(self, size: float, colour: str, *, bold: bool = False) -> Options:
        """A chart font, face and all."""
        return {"name": theme.FONT[self.lang], "size": size, "color": colour, "bold": bold}


def plain(words: str) -> str:
    """Words that XlsxWriter cannot take for a reference: a leading = and an address's ! turn full-width."""
    if words.startswith("="):
        words = "＝" + words[1:]
    return words.replace("!", "！") if re.match(r"[^!]+!\$?[A-Za-z]+\$?\d", words) else words


def look(drawing: Drawing, series: Series) -> Options:
    """Fill, line and marker of a series, and the fills of points that differ."""
    chart = drawing.chart
    if series.mark == "dot":
        marker = {
            "type": "circle",
            "size": 8,
            "fill": {"color": theme.FILL[series.tone]},
            "border": {"color": theme.WHITE},
        }
        return {"line": {"none": True}, "marker": marker}
    if series.mark in ("line", "dash"):
        line: Options = {"color": theme.TEXT[series.tone], "width": 1 if chart.kind == "scatter" else 1.5}
        if series.mark == "dash":
            line["dash_type"] = "dash" if chart.kind == "scatter" else "square_dot"
        return {"line": line, "marker": {"type": "none"}}
    if series.mark == "text" and chart.kind != "bar":
        return {"line": {"none": True}, "marker": {"type": "none"}}
    gap = GAP
    if chart.kind == "column":
        gap = min(500, max(GAP, int((drawing.slot / WIDEST_COLUMN - 1) * 100)))
    fill = None if series.mark == "text" else theme.FILL[series.tone]
    options: Options = {"gap": gap, "overlap": 100, "border": {"none": True}, "fill": _fill(fill)}
    if series.tones:
        options["points"] = [
            {"fill": _fill(theme.FILL[tone]), "border": {"none": True}} for tone in series.tones
        ]
    return options


def error_bars(series: Series, low: str, high: str) -> Options:
    """An interval as a thick line through the point; ``low`` and ``high`` are the ranges of its halves."""
    tints: dict[Tone, str] = {"bad": theme.BAD_SOFT, "good": theme.GOOD_TINT}
    return {
        "x_error_bars": {
            "type": "custom",
            "plus_values": f"={high}",
            "minus_values": f"={low}",
            "end_style": 0,
            "line": {"color": tints.get(series.tone, theme.RULE), "width": 3},
        }
    }


def labels(drawing: Drawing, series: Series) -> Options:
    """Data labels: values in the chart's format, words given for a point, or none.

    Where columns are so narrow that labels would run into each other they are a point smaller, and
    where that is not enough every second one goes, counted from the highlighted column or the last.
    """
    if series.labels is None:
        return {}
    unit, chart = drawing.unit, drawing.chart
    num_format = unit.signed if chart.signed else unit.num_format
    words = [
        series.labels[index] if index < len(series.labels) else shown(value, num_format, unit.divisor)
        for index, value in enumerate(series.values)
    ]
    size, every = _density(drawing, [word for word in words if word])
    anchor = _anchor(series)
    position = label_position(chart, series)
    custom: list[Options | None] = []
    for index, word in enumerate(words):
        tone = series.label_tones[index] if index < len(series.label_tones) else "plain"
        font = drawing.font(size, theme.TEXT[tone], bold=tone in theme.BOLD or tone == "none")
        if not word or (anchor - index) % every:
            custom.append({"delete": True})
        elif index < len(series.labels) or (tone != "plain" and position in DEFAULT_POSITIONS):
            custom.append({"value": plain(word), "font": font})
        else:
            custom.append({"font": font, "position": position} if tone != "plain" else None)
    options: Options = {
        "value": True,
        "num_format": num_format,
        "position": position,
        "font": drawing.font(size, theme.INK),
    }
    if any(custom):
        options["custom"] = custom
    return {"data_labels": options}


def label_position(chart: Chart, series: Series) -> str:
    """The nearest position that Excel knows for this kind of series: a wrong one makes the file invalid."""
    at = series.label_at
    if chart.kind == "scatter" or (chart.kind == "column" and series.mark != "column"):
        return at if at in LINE_POSITIONS else "above"
    if at in ("inside_base", "inside_end"):
        return at
    return "inside_end" if chart.stacked else "outside_end"


def frame(drawing: Drawing, native: Any) -> None:
    """Title, axes and plot area."""
    chart, width, height = drawing.chart, drawing.width, drawing.height
    top = TITLE_PX if chart.finding else NO_TITLE_PX
    if chart.finding:
        finding = RULERS[drawing.lang].fitted(
            chart.finding, width - 3 * SIDE_PX, theme.CHART_TITLE, bold=True
        )
        native.set_title(
            {
                "name": plain(finding),
                "overlay": False,
                "layout": {"x": 8 / width, "y": 8 / height},
                "name_font": drawing.font(theme.CHART_TITLE, theme.INK, bold=True),
            }
        )
    else:
        native.set_title({"none": True})
    native.set_legend({"none": True})
    native.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    left = _names_px(drawing) if chart.kind == "bar" else SIDE_PX
    bottom = _bottom_px(drawing)
    native.set_plotarea(
        {
            "fill": {"none": True},
            "border": {"none": True},
            "layout": {
                "x": left / width,
                "y": top / height,
                "width": (width - left - SIDE_PX) / width,
                "height": (height - top - bottom) / height,
            },
        }
    )
    native.show_blanks_as("gap")
    if chart.kind == "scatter":
        _scatter_axes(drawing, native)
    else:
        _bar_axes(drawing, native)


def _fill(colour: str | None) -> Options:
    return {"color": colour} if colour else {"none": True}


def _density(drawing: Drawing, words: Sequence[str]) -> tuple[float, int]:
    """The label size, and whether each or every second label stands: above columns they must not touch."""
    if drawing.chart.kind != "column" or len(words) < 2:
        return theme.SMALL, 1
    ruler = RULERS[drawing.lang]
    for size in (theme.SMALL, SMALL_DIGITS):
        if max(ruler.px(word, size) for word in words) <= drawing.slot - LABEL_GAP:
            return size, 1
    return theme.SMALL, 2


def _anchor(series: Series) -> int:
    """The point whose label stays: the first highlighted one, else the last."""
    marked = (index for index, tone in enumerate(series.tones) if tone in ("accent", "good", "bad"))
    return next(marked, len(series.values) - 1)


def _names_px(drawing: Drawing) -> int:
    ruler = RULERS[drawing.lang]
    longest = max((ruler.px(name, theme.SMALL) for name in drawing.chart.categories), default=0)
    return min(longest + SIDE_PX, drawing.width // 3)


def _bottom_px(drawing: Drawing) -> int:
    if drawing.chart.kind == "bar":
        return EDGE_PX
    ruler = RULERS[drawing.lang]
    two = any(ruler.lines(name, drawing.slot - 2, theme.SMALL) > 1 for name in drawing.names())
    return MORE_NAMES_PX if two else NAMES_PX


def _bar_axes(drawing: Drawing, native: Any) -> None:
    """Names on one axis; the value axis is drawn only where the chart asks for it."""
    low, high = value_range(drawing.chart)
    bars = drawing.chart.kind == "bar"
    names = {
        "num_font": drawing.font(theme.SMALL, theme.INK if bars else theme.INK2) | {"rotation": 0},
        "line": {"color": theme.CONTEXT2, "width": 0.75},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
        "label_position": "low",
        "major_gridlines": {"visible": False},
        "text_axis": True,
        "interval_unit": 1,
        "reverse": bars,
    }
    values = _value_axis(drawing, low, high) | {"visible": drawing.chart.show_axis}
    native.set_x_axis(values if bars else names)
    native.set_y_axis(names if bars else values)


def _scatter_axes(drawing: Drawing, native: Any) -> None:
    """Values along the bottom with light gridlines, named from where the intervals begin."""
    chart = drawing.chart
    low, high = value_range(chart)
    begin = min((bound for series in chart.series for bound in series.low if bound is not None), default=low)
    step = interval_step(high - low)
    values = _value_axis(drawing, low, high) | {
        "major_gridlines": {"visible": True, "line": {"color": theme.BAND, "width": 0.75}},
        "line": {"color": theme.CONTEXT2, "width": 0.75},
        "major_unit": step,
        "num_format": f'[<{max(begin - step, -0.0001):.4f}]"";0%',
    }
    levels = [level for series in chart.series for level in series.at]
    native.set_x_axis(values)
    native.set_y_axis(
        {"visible": False, "min": 0, "max": max(levels) + 0.3, "major_gridlines": {"visible": False}}
    )


def _value_axis(drawing: Drawing, low: float, high: float) -> Options:
    return {
        "major_gridlines": {"visible": False},
        "num_format": "0%" if drawing.chart.format == "percent" else drawing.unit.num_format,
        "num_font": drawing.font(theme.SMALL, theme.INK2),
        "line": {"none": True},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
        "label_position": "low",
        "min": drawing.unit.scaled(low),
        "max": drawing.unit.scaled(high),
    }
