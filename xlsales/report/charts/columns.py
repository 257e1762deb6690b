"""Charts of columns: a trend, a bridge, a ranking of differences, a histogram."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from xlsales.language import text
from xlsales.report.blocks import Chart, Series
from xlsales.report.charts.axis import (
    chart_unit,
    ends,
    ends_note,
    joined,
    ranking,
    series_name,
    short,
    values_of,
)
from xlsales.report.formats import arrow, is_blank, money_unit, shown

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
    labels[last] = f"{target_label} {shown(goals[last], unit.num_format, unit.divisor)}".strip()
    # A label of the line itself would hide in a column that is higher than its target.
    label_series = Series(
        series_name("label", lang), tuple(tops), "text", "strong", labels=tuple(labels), label_at="above"
    )
    return replace(chart, series=(actual, line, label_series))


def bridge(
    key: str,
    *,
    label: str,
    finding: str,
    start: tuple[str, float],
    steps: Sequence[tuple[str, float]],
    end: tuple[str, float],
    lang: Language,
    note: str = "",
    format: Format = "money",
    empty: str = "",
) -> Chart:
    """How one total becomes another: totals in the accent, gains and losses floating between them.

    ``end`` should be the start plus all steps. The axis starts above zero where the steps would
    otherwise be slivers, and the note says from where. Without steps there is nothing to draw.
    """
    names = (start[0], *(name for name, _ in steps), end[0])
    if not steps:
        return Chart(key, label, finding, "column", names, (), format, note, stacked=True, empty=empty)
    levels = list(accumulate((effect for _, effect in steps), initial=start[1]))
    spans = [(0.0, start[1]), *pairwise(levels), (0.0, end[1])]
    kinds = ["total", *("up" if effect >= 0 else "down" for _, effect in steps), "total"]
    tones: dict[str, Tone] = {"total": "accent", "up": "good", "down": "bad"}
    floor = _floor([*levels, end[1]])
    series = [Series(series_name("base", lang), tuple(_base(*span) for span in spans), "column", "none")]
    for kind, tone in tones.items():
        for part in (1, -1):
            body = tuple(
                _body(*span, part) if kind == other else None
                for span, other in zip(spans, kinds, strict=True)
            )
            if any(body):
                series.append(Series(series_name(kind, lang), body, "column", tone))
    tops = tuple(max(span) for span in spans)
    chart = Chart(
        key, label, finding, "column", names, (*series, Series(series_name("label", lang), tops, "text")),
        format, note, stacked=True, minimum=floor, empty=empty,
    )  # fmt: skip
    unit = chart_unit(chart, lang)
    labels = [shown(start[1], unit.num_format, unit.divisor)]
    fine = unit
    if format == "money":
        fine = money_unit(unit.divisor, max(abs(effect) for _, effect in steps), lang)
    labels += [f"{arrow(effect)} {shown(effect, fine.signed, unit.divisor)}" for _, effect in steps]
    labels.append(shown(end[1], unit.num_format, unit.divisor))
    label_tones: list[Tone] = [tones[kind] if kind != "total" else "strong" for kind in kinds]
    text_series = replace(
        chart.series[-1], labels=tuple(labels), label_tones=tuple(label_tones), label_at="above"
    )
    if floor:
        note = joined(note, text(lang, "formats.axis_from", value=f"{floor / unit.divisor:,.12g}"))
    return replace(chart, series=(*series, text_series), note=note)


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


def _floor(levels: Sequence[float]) -> float:
    """Where a bridge's axis starts: zero, or a round figure below all levels when they differ little."""
    low, high = min(levels), max(levels)
    if low <= 0 or high - low > low * 0.6:
        return 0
    step = 10.0 ** (len(str(int(high))) - 2)
    floor = low - (high - low) * 1.5
    return max(0.0, floor // step * step)


def _base(start: float, end: float) -> float | None:
    """The invisible part under a floating column; none where it stands on or crosses zero."""
    if min(start, end) > 0:
        return min(start, end)
    return max(start, end) if max(start, end) < 0 else None


def _body(start: float, end: float, sign: int) -> float | None:
    """The part of a floating column above (1) or below (-1) zero."""
    low, high = min(start, end), max(start, end)
    size = max(0.0, high) - max(0.0, low) if sign > 0 else min(0.0, low) - min(0.0, high)
    return size or None
