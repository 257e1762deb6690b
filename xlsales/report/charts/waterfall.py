"""The waterfall: how one total becomes another, as stacked columns on an invisible base."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from xlsales.language import text
from xlsales.report.blocks import Chart, Series
from xlsales.report.charts.axis import chart_unit, joined, series_name
from xlsales.report.formats import arrow, money_unit, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Tone


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

    ``end`` should be the start plus all steps. The axis starts above zero where the steps would otherwise
    be slivers, and the note says from where. Without steps there is nothing to draw.
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
    labels += [f"{arrow(effect)} " + shown(effect, fine.signed, unit.divisor) for _, effect in steps]
    labels.append(shown(end[1], unit.num_format, unit.divisor))
    label_tones: list[Tone] = [tones[kind] if kind != "total" else "strong" for kind in kinds]
    text_series = replace(
        chart.series[-1], labels=tuple(labels), label_tones=tuple(label_tones), label_at="above"
    )
    if floor:
        note = joined(note, text(lang, "formats.axis_from", value=f"{floor / unit.divisor:,.12g}"))
    return replace(chart, series=(*series, text_series), note=note)


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
