"""Charts of horizontal bars: a ranking of amounts, and progress to a target."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from xlsales.report.blocks import Chart, Series
from xlsales.report.charts.axis import (
    chart_unit,
    joined,
    largest_note,
    ranking,
    series_name,
    short,
    values_of,
)
from xlsales.report.formats import is_blank, judgement, say, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Tone

MOST = 15
"""Bars that can be named."""
HEAD = 56
"""Pixels above and below the bars."""
LABEL_SHARE = 0.16
"""What the money at the right takes of the axis."""
STUB = 0.12
"""A label fits inside a bar from this share of the axis on."""


def bars(
    key: str,
    *,
    label: str,
    finding: str,
    items: Sequence[tuple[str, float | None]],
    lang: Language,
    note: str = "",
    format: Format = "count",
    highlight: int = 3,
    cumulative: bool = False,
    empty: str = "",
) -> Chart:
    """Horizontal bars from largest to smallest, the first ``highlight`` in the accent.

    ``cumulative`` adds the running share of the whole to each label (29 · 27%).
    """
    known = ranking(items)
    kept = known[:MOST]
    note = joined(note, largest_note(len(kept), len(known), lang))
    tones: list[Tone] = ["accent" if index < highlight else "context" for index in range(len(kept))]
    series = Series(series_name("actual", lang), values_of(kept), "bar", tones=tuple(tones), labels=())
    names = tuple(short(name, lang) for name, _ in kept)
    height = HEAD + 26 * len(kept)
    chart = Chart(key, label, finding, "bar", names, (series,), format, note, height=height, empty=empty)
    whole = sum(values_of(known))
    if not cumulative or whole <= 0:
        return chart
    unit = chart_unit(chart, lang)
    labels = tuple(
        joined(shown(value, unit.num_format, unit.divisor), shown(running / whole, "0%"))
        for value, running in zip(values_of(kept), accumulate(values_of(kept)), strict=True)
    )
    return replace(chart, series=(replace(series, labels=labels),), maximum=max(values_of(kept)) * 1.3)


def progress(
    key: str,
    *,
    label: str,
    finding: str,
    items: Sequence[tuple[str, float | None, float | None, float | None]],
    lang: Language,
    note: str = "",
    empty: str = "",
) -> Chart:
    """One bar an item, full at its own target: done, forecast to the end, what is missing then.

    ``items`` are (name, done, landing, difference): shares of the target, and money at the right.
    """
    known = [
        (name, done, max(landing, done), gap)
        for name, done, landing, gap in items
        if done is not None and landing is not None and not is_blank(done) and not is_blank(landing)
    ]
    names = tuple(short(name, lang) for name, *_ in known)
    longest = max([1.0, *(landing for _, _, landing, _ in known)])
    stub = longest * STUB
    white: list[Tone] = ["none"] * len(known)
    done = Series(
        series_name("done", lang),
        tuple(max(done, 0.0) for _, done, _, _ in known),
        "bar",
        "accent",
        labels=tuple(shown(done, "0.0%") if done > stub else None for _, done, _, _ in known),
        label_tones=tuple(white),
        label_at="inside_end",
    )
    forecast = Series(
        series_name("forecast", lang),
        tuple(max(landing, 0.0) - max(done, 0.0) for _, done, landing, _ in known),
        "bar",
        "context",
        labels=tuple(shown(end, "0.0%") if end - start > stub else None for _, start, end, _ in known),
        label_at="inside_end",
    )
    missing = Series(
        series_name("gap", lang), tuple(max(0.0, 1 - end) for _, _, end, _ in known), "bar", "bad_tint"
    )
    money = Series(
        series_name("label", lang),
        (longest * LABEL_SHARE,) * len(known),
        "text",
        "none",
        labels=tuple(say(gap, "money", lang, signed=True) for *_, gap in known),
        label_tones=tuple(judgement(gap) for *_, gap in known),
        label_at="inside_base",
    )
    return Chart(
        key,
        label,
        finding,
        "bar",
        names,
        (done, forecast, missing, money) if known else (),
        "percent",
        note,
        stacked=True,
        maximum=longest * (1 + LABEL_SHARE),
        height=HEAD + 36 * len(known),
        empty=empty,
    )
