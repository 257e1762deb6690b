"""Charts of columns: a trend, a ranking of differences, a histogram."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.report.blocks import Chart, Series
from xlsales.report.charts.axis import (
    chart_unit,
    ends,
    ends_note,
    ranking,
    series_name,
    short,
    values_of,
)
from xlsales.report.formats import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Tone

YEAR = 13
"""Months of a trend: the current one and the twelve before it, the first being the same month last year."""
MOST = 12
"""Columns that can be named."""
STUB = 0.12
"""A label fits inside a bar from this share of the highest on."""


def trend(
    key: str,
    *,
    label: str,
    finding: str,
    months: Sequence[str],
    values: Sequence[float | None],
    lang: Language,
    targets: Sequence[float | None] = (),
    target_label: str = "",
    note: str = "",
    format: Format = "money",
    empty: str = "",
) -> Chart:
    """Columns by month, oldest first: the current month in the accent, the same month last year darker.

    The target is a dashed line whose last point alone is labelled.
    """
    tones: list[Tone] = ["context"] * len(values)
    label_tones: list[Tone] = ["plain"] * len(values)
    if len(values) >= YEAR:
        tones[-YEAR] = "context2"
    if values:
        highest = max((abs(value) for value in values if value is not None), default=0.0)
        tones[-1] = "accent"
        label_tones[-1] = "none" if abs(values[-1] or 0.0) > highest * STUB else "strong"
    actual = Series(
        series_name("actual", lang),
        _blanks(values),
        "column",
        tones=tuple(tones),
        labels=(),
        label_tones=tuple(label_tones),
        label_at="inside_base",
    )
    chart = Chart(key, label, finding, "column", tuple(months), (actual,), format, note, empty=empty)
    goals = _blanks(targets)
    aims = [index for index, goal in enumerate(goals) if goal is not None]
    if not aims:
        return chart
    line = Series(series_name("target", lang), goals, "dash", "strong")
    unit = chart_unit(replace(chart, series=(actual, line)), lang)
    last = aims[-1]
    tops: list[float | None] = [None] * len(goals)
    tops[last] = max(goals[last] or 0.0, values[last] or 0.0)
    labels: list[str | None] = [None] * len(goals)
    labels[last] = f"{target_label} ".lstrip() + shown(goals[last], unit.num_format, unit.divisor)
    # A label of the line itself would hide in a column that is higher than its target.
    label_series = Series(
        series_name("label", lang), tuple(tops), "text", "strong", labels=tuple(labels), label_at="above"
    )
    return replace(chart, series=(actual, line, label_series))


def ranked(
    key: str,
    *,
    label: str,
    finding: str,
    items: Sequence[tuple[str, float | None]],
    lang: Language,
    note: str = "",
    format: Format = "money",
    highlight: int = 3,
    empty: str = "",
) -> Chart:
    """Signed columns from best to worst: gains good, the ``highlight`` worst losses bad, the others paler."""
    known = ranking(items)
    kept = ends(known, MOST)
    losses = [index for index, (_, value) in enumerate(kept) if value < 0]
    worst = losses[max(0, len(losses) - highlight) :]
    tones: list[Tone] = ["good" if value >= 0 else "bad_soft" for _, value in kept]
    for index in worst:
        tones[index] = "bad"
    series = Series(series_name("difference", lang), values_of(kept), "column", tones=tuple(tones), labels=())
    return Chart(
        key,
        label,
        finding,
        "column",
        tuple(short(name, lang) for name, _ in kept),
        (series,),
        format,
        ends_note(note, MOST, len(known), lang),
        signed=True,
        minimum=None,
        empty=empty,
    )


def histogram(
    key: str,
    *,
    label: str,
    finding: str,
    bins: Sequence[tuple[str, float]],
    lang: Language,
    note: str = "",
    format: Format = "count",
    empty: str = "",
) -> Chart:
    """Columns of equal bins in their order, the highest in the accent."""
    highest = max(values_of(bins), default=0.0)
    tones: list[Tone] = ["accent" if value == highest else "context" for _, value in bins]
    series = Series(series_name("actual", lang), values_of(bins), "column", tones=tuple(tones), labels=())
    names = tuple(name for name, _ in bins)
    drawn = (series,) if highest > 0 else ()
    return Chart(key, label, finding, "column", names, drawn, format, note, empty=empty)


def _blanks(values: Sequence[float | None]) -> tuple[float | None, ...]:
    return tuple(None if is_blank(value) else value for value in values)
