"""What the chart forms share with the writer: one unit, the ends of the value axis, names that fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from xlsales.language import text
from xlsales.report import theme, traced
from xlsales.report.formats import is_blank, resolve, say
from xlsales.report.measure import RULERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Chart, Series
    from xlsales.report.formats import Resolved

Item = TypeVar("Item")

LABEL_ROOM = 0.14
"""What labels outside the bars take of the value axis."""
NAME_PX = 150
"""Longer names are shortened on an axis; tables keep them whole."""


def chart_unit(chart: Chart, lang: Language) -> Resolved:
    """The unit of all values of a chart, the ones that writer and labels share."""
    return resolve(chart.format, [value for series in chart.series for value in series.values], lang)


def value_range(chart: Chart) -> tuple[float, float]:
    """The ends of the value axis, raw: from ``minimum`` unless bars fall below it, with room for labels."""
    if chart.minimum is not None and chart.maximum is not None:
        return chart.minimum, chart.maximum
    bars = [series for series in chart.series if series.mark in ("column", "bar")]
    lines = [series for series in chart.series if series.mark in ("line", "dash")]
    reached = [0.0, *_values(lines if chart.stacked else bars + lines)]
    if chart.stacked:
        for index in range(len(chart.categories)):
            parts = [series.values[index] or 0.0 for series in bars]
            reached += [sum(part for part in parts if part > 0), sum(part for part in parts if part < 0)]
    low, high = min(reached), max(reached)
    floor = low if low < 0 else chart.minimum or 0.0
    room = (high - floor) * LABEL_ROOM
    if any(
        series.labels is not None and series.label_at in ("outside_end", "above") for series in chart.series
    ):
        high += room
    high = high if chart.maximum is None else chart.maximum
    floor = floor - room if floor < 0 else floor
    return floor, high if high > floor else floor + 1


def interval_step(span: float) -> float:
    """The distance of gridlines in an interval chart that spans so much of 1."""
    return 0.1 if span > 0.5 else 0.05


def ranking(items: Sequence[tuple[str, float | None]]) -> list[tuple[str, float]]:
    """The items that have a value, largest first, ties by name."""
    valued = [(name, value) for name, value in items if value is not None and not is_blank(value)]
    return sorted(valued, key=lambda item: (-item[1], item[0]))


def ends(items: list[Item], most: int) -> list[Item]:
    """The first and last items where there are more than ``most``."""
    return items if len(items) <= most else [*items[: most // 2], *items[-(most // 2) :]]


def ends_note(note: str, most: int, count: int, lang: Language) -> str:
    """The note, saying so where only the ends of ``count`` items are drawn."""
    if count <= most:
        return note
    half = most // 2
    return joined(note, text(lang, "formats.top_and_bottom", top=half, bottom=half, count=count))


def largest_note(shown: int, count: int, lang: Language) -> str:
    """How many of the largest are shown of how many; "" where all are."""
    top, every = say(shown, "count", lang), say(count, "count", lang)
    words = text(lang, "formats.largest", top=top, count=every)
    return traced.filled(words, (top, every)) if shown < count else ""


def joined(*parts: str) -> str:
    """Parts of a note with a dot between them."""
    return traced.joined(" · ", (part for part in parts if part))


def series_name(key: str, lang: Language) -> str:
    """What a series is called on the sheet of figures."""
    return text(lang, f"formats.series.{key}")


def short(name: str, lang: Language) -> str:
    """A name as an axis can carry it."""
    return RULERS[lang].fitted(name, NAME_PX, theme.SMALL)


def values_of(items: Sequence[tuple[str, float]]) -> tuple[float, ...]:
    """The values of named items."""
    return tuple(value for _, value in items)


def _values(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]
