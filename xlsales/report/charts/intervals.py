"""Rates with their intervals, as points with error bars between columns of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.blocks import Chart, Series
from xlsales.report.charts.axis import ends, ends_note, interval_step, joined, series_name
from xlsales.report.formats import is_blank, say, shown
from xlsales.report.measure import RULERS
from xlsales.report.traced import filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Tone

MOST = 20
TYPICAL_PX = 560
"""The plot width that the label columns are proportioned for."""
NAME_PX, BESIDE_PX = 100, 12
"""A label wider than a fifth of the chart would be wrapped; what stands between two columns of labels."""
ROW_PX, TALL_ROW_PX, WRAPPED_PX = 22, 28, 60
"""The height of an interval, and that beside names which LibreOffice, wrapping early, sets on two lines."""
VALUES_SHARE = 0.12
"""What the rates at the right take of the axis."""
GRID = 0.05


def intervals(
    key: str,
    *,
    label: str,
    finding: str,
    items: Sequence[tuple[str, int, float | None, float | None, float | None]],
    lang: Language,
    overall: float | None = None,
    note: str = "",
    empty: str = "",
) -> Chart:
    """Rates with their intervals, highest first, and the overall rate as a dashed line.

    ``items`` are (name, n, rate, low, high). Only an interval wholly off the overall rate has a colour.
    """
    known = sorted(
        (
            (name, n, rate, low, high)
            for name, n, rate, low, high in items
            if rate is not None and low is not None and high is not None and not is_blank(rate)
        ),
        key=lambda item: (-item[2], item[0]),
    )
    kept = ends(known, MOST)[::-1]
    note = ends_note(note, MOST, len(known), lang)
    if not kept:
        return Chart(key, label, finding, "scatter", (), (), "percent", note, empty=empty)
    levels = tuple(float(index) for index in range(1, len(kept) + 1))
    series: list[Series] = []
    if overall is not None:
        rate = say(overall, "percent", lang)
        note = joined(note, filled(text(lang, "formats.overall", value=rate), (rate,)))
        ends_of_line = (0.3, len(kept) + 0.7)
        series.append(
            Series(series_name("overall", lang), (overall, overall), "dash", "quiet", at=ends_of_line)
        )
    tones = [_off(low, high, overall) for *_, low, high in kept]
    for tone in sorted(set(tones)):
        points = [
            (level, *item[2:])
            for level, item, other in zip(levels, kept, tones, strict=True)
            if other == tone
        ]
        at, rates, lows, highs = zip(*points, strict=True)
        series.append(Series(series_name(tone, lang), rates, "dot", tone, at=at, low=lows, high=highs))
    ruler = RULERS[lang]
    names = tuple(ruler.fitted(name, NAME_PX, theme.SMALL) for name, *_ in kept)
    sizes = tuple("n=" + say(n, "count", lang) for _, n, *_ in kept)
    name_share, size_share = (
        (max(ruler.px(word, theme.SMALL) for word in words) + BESIDE_PX) / TYPICAL_PX
        for words in (names, sizes)
    )
    low = min(item[3] for item in kept) // GRID * GRID
    high = max(item[4] for item in kept)
    span = (high - low) / (1 - name_share - size_share - VALUES_SHARE)
    step = interval_step(span)
    begin = round((low - (name_share + size_share) * span) // step * step, 2)
    row = TALL_ROW_PX if max(ruler.px(name, theme.SMALL) for name in names) > WRAPPED_PX else ROW_PX
    pale: list[Tone] = ["quiet"] * len(kept)
    series += [
        Series(
            series_name("label", lang),
            (begin,) * len(kept),
            "text",
            labels=names,
            label_at="right",
            at=levels,
        ),
        Series(
            "n",
            (begin + name_share * span,) * len(kept),
            "text",
            labels=sizes,
            label_tones=tuple(pale),
            label_at="right",
            at=levels,
        ),
        Series(
            series_name("value", lang),
            (high + 0.01 * span,) * len(kept),
            "text",
            labels=tuple(shown(item[2], "0.0%") for item in kept),
            label_tones=tuple("strong" if tone == "accent" else tone for tone in tones),
            label_at="right",
            at=levels,
        ),
    ]
    return Chart(
        key,
        label,
        finding,
        "scatter",
        (),
        tuple(series),
        "percent",
        note,
        show_axis=True,
        minimum=begin,
        maximum=high + VALUES_SHARE * span,
        height=72 + row * len(kept),
        empty=empty,
    )


def _off(low: float, high: float, overall: float | None) -> Tone:
    if overall is None:
        return "accent"
    return "bad" if high < overall else "good" if low > overall else "accent"
