"""The chart forms: each takes figures and words and composes a ``Chart`` block.

A chart with nothing to draw keeps its place and shows its ``empty`` sentence. Where there are more
items than a chart can name, the ends are drawn and the note says so.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from xlsales.language import text
from xlsales.report.blocks import Chart, Series
from xlsales.report.formats import arrow, is_blank, resolve, say, shown
from xlsales.report.measure import fitted, text_px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Tone
    from xlsales.report.formats import Resolved

Item = TypeVar("Item")

YEAR = 13
"""Months of a trend: the current one, the twelve before it, the first being the same month last year."""
MOST_COLUMNS, MOST_BARS, MOST_INTERVALS = 14, 15, 20
NAME_PX = 150
"""Longer names are shortened on an axis; tables keep them whole."""
TYPICAL_PX = 560
"""The plot width that label columns of an interval chart are proportioned for."""


def chart_unit(chart: Chart, lang: Language) -> Resolved:
    """The unit of all values of a chart, the ones that writer and labels share."""
    return resolve(chart.format, [value for series in chart.series for value in series.values], lang)


def value_range(chart: Chart) -> tuple[float, float]:
    """The ends of the value axis, raw: from ``minimum`` unless values fall below it, with room for labels."""
    bars = [series for series in chart.series if series.mark in ("column", "bar")]
    drawn = [series for series in chart.series if series.mark not in ("column", "bar", "text")]
    ups, downs = [0.0], [0.0]
    if chart.stacked:
        for index in range(len(chart.categories)):
            parts = [series.values[index] or 0.0 for series in bars if index < len(series.values)]
            ups.append(sum(part for part in parts if part > 0))
            downs.append(sum(part for part in parts if part < 0))
    for series in drawn if chart.stacked else bars + drawn:
        ups += [value for value in series.values if value is not None and value > 0]
        downs += [value for value in series.values if value is not None and value < 0]
    low, high = min(downs), max(ups)
    if chart.minimum is not None and chart.minimum <= low:
        low = chart.minimum
    elif chart.minimum is not None and chart.minimum > 0 and low == 0:
        low = chart.minimum
    room = (high - low) * 0.14
    outside = any(
        series.labels is not None and series.label_at in ("outside_end", "above") for series in chart.series
    )
    if low < 0:
        low -= room
    if chart.maximum is not None:
        high = chart.maximum
    elif outside:
        high += room
    return low, high if high > low else low + 1


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
    last = len(values) - 1
    tones: list[Tone] = ["context"] * len(values)
    if len(values) >= YEAR:
        tones[len(values) - YEAR] = "context2"
    if tones:
        tones[last] = "accent"
    highest = max((abs(value) for value in values if value is not None), default=0.0)
    inside = bool(values) and values[last] is not None and abs(values[last] or 0) > highest * 0.12
    label_tones: list[Tone] = ["plain"] * last + ["none" if inside else "strong"]
    actual = Series(
        _name(lang, "actual"),
        _blanks(values),
        "column",
        tones=tuple(tones),
        labels=(),
        label_tones=tuple(label_tones),
        label_at="inside_base",
    )
    chart = Chart(key, label, finding, "column", tuple(months), (actual,), format, note, empty=empty)
    goals = _blanks(targets)
    known = [index for index, goal in enumerate(goals) if goal is not None]
    if not known:
        return chart
    line = Series(_name(lang, "target"), goals, "dash", "strong", label_at="above")
    chart = replace(chart, series=(actual, line))
    unit = chart_unit(chart, lang)
    labels: list[str | None] = [None] * len(goals)
    labels[known[-1]] = f"{target_label} {shown(goals[known[-1]], unit.num_format, unit.divisor)}".strip()
    return replace(chart, series=(actual, replace(line, labels=tuple(labels))))


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
    spans = [(0.0, start[1]), *zip(levels, levels[1:], strict=False), (0.0, end[1])]
    kinds = ["total", *("up" if effect >= 0 else "down" for _, effect in steps), "total"]
    tones: dict[str, Tone] = {"total": "accent", "up": "good", "down": "bad"}
    floor = _floor([level for level in (*levels, end[1])])
    series = [Series(_name(lang, "base"), tuple(_base(*span) for span in spans), "column", "none")]
    for kind, tone in tones.items():
        for part in (1, -1):
            body = tuple(
                _body(*span, part) if kind == other else None
                for span, other in zip(spans, kinds, strict=True)
            )
            if any(body):
                series.append(Series(_name(lang, kind), body, "column", tone))
    tops = tuple(max(span) for span in spans)
    chart = Chart(
        key, label, finding, "column", names, (*series, Series(_name(lang, "label"), tops, "text")),
        format, note, stacked=True, minimum=floor, empty=empty,
    )  # fmt: skip
    unit = chart_unit(chart, lang)
    labels = [shown(start[1], unit.num_format, unit.divisor)]
    labels += [f"{arrow(effect)} {shown(effect, unit.signed, unit.divisor)}" for _, effect in steps]
    labels.append(shown(end[1], unit.num_format, unit.divisor))
    label_tones: list[Tone] = [tones[kind] if kind != "total" else "strong" for kind in kinds]
    text_series = replace(
        chart.series[-1], labels=tuple(labels), label_tones=tuple(label_tones), label_at="above"
    )
    if floor:
        note = _joined(
            note, text(lang, "formats.axis_from", value=shown(floor, unit.num_format, unit.divisor))
        )
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
    known = sorted(((name, value) for name, value in items if value is not None and not is_blank(value)),
                   key=lambda item: (-item[1], item[0]))  # fmt: skip
    kept = _ends(known, MOST_COLUMNS)
    if len(kept) < len(known):
        half = MOST_COLUMNS // 2
        note = _joined(note, text(lang, "formats.top_and_bottom", top=half, bottom=half, count=len(known)))
    losses = [index for index, (_, value) in enumerate(kept) if value < 0]
    worst = set(losses[-highlight:]) if highlight else set()
    tones: list[Tone] = [
        "good" if value >= 0 else "bad" if index in worst else "bad_soft"
        for index, (_, value) in enumerate(kept)
    ]
    series = Series(
        _name(lang, "difference"), tuple(value for _, value in kept), "column", tones=tuple(tones), labels=()
    )
    return Chart(
        key,
        label,
        finding,
        "column",
        _names(kept),
        (series,),
        format,
        note,
        signed=True,
        minimum=None,
        empty=empty,
    )


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
    known = sorted(((name, value) for name, value in items if value is not None and not is_blank(value)),
                   key=lambda item: (-item[1], item[0]))  # fmt: skip
    kept = known[:MOST_BARS]
    if len(kept) < len(known):
        note = _joined(note, text(lang, "formats.largest", top=len(kept), count=len(known)))
    tones: list[Tone] = ["accent" if index < highlight else "context" for index in range(len(kept))]
    series = Series(
        _name(lang, "actual"), tuple(value for _, value in kept), "bar", tones=tuple(tones), labels=()
    )
    height = 56 + 26 * len(kept)
    chart = Chart(
        key, label, finding, "bar", _names(kept), (series,), format, note, height=height, empty=empty
    )
    whole = sum(value for _, value in known)
    if cumulative and whole > 0:
        unit = chart_unit(chart, lang)
        running = accumulate(value for _, value in kept)
        labels = tuple(
            f"{shown(value, unit.num_format, unit.divisor)} · {shown(total / whole, '0%')}"
            for (_, value), total in zip(kept, running, strict=True)
        )
        highest = max(value for _, value in kept)
        chart = replace(chart, series=(replace(series, labels=labels),), maximum=highest * 1.3)
    return chart


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
    known = [item for item in items if not (is_blank(item[1]) or is_blank(item[2]))]
    done = [max(item[1] or 0.0, 0.0) for item in known]
    landing = [max(item[2] or 0.0, share) for item, share in zip(known, done, strict=True)]
    longest = max([1.0, *landing])
    ends = tuple(shown(item[2], "0.0%") for item in known)
    gaps = [item[3] for item in known]
    series = (
        Series(
            _name(lang, "done"), tuple(done), "bar", "accent",
            labels=tuple(shown(share, "0.0%") if share > longest * 0.12 else None for share in done),
            label_tones=("none",) * len(known), label_at="inside_end",
        ),
        Series(
            _name(lang, "forecast"), tuple(end - share for end, share in zip(landing, done, strict=True)), "bar", "context",
            labels=tuple(
                words if end - share > longest * 0.12 else None
                for words, end, share in zip(ends, landing, done, strict=True)
            ),
            label_at="inside_end",
        ),
        Series(_name(lang, "gap"), tuple(max(0.0, 1 - end) for end in landing), "bar", "bad_tint"),
        Series(
            _name(lang, "label"), (longest * 0.16,) * len(known), "text", "none",
            labels=tuple(say(gap, "money", lang, signed=True) for gap in gaps),
            label_tones=tuple("bad" if (gap or 0) < 0 else "good" for gap in gaps), label_at="inside_base",
        ),
    ) if known else ()  # fmt: skip
    return Chart(
        key, label, finding, "bar", tuple(fitted(item[0], NAME_PX, 9) for item in known), series, "percent",
        note, stacked=True, maximum=longest * 1.16, height=56 + 36 * len(known), empty=empty,
    )  # fmt: skip


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
    complete = [(name, n, rate, low, high) for name, n, rate, low, high in items
                if rate is not None and low is not None and high is not None and not is_blank(rate)]  # fmt: skip
    known = sorted(complete, key=lambda item: (-item[2], item[0]))
    kept = _ends(known, MOST_INTERVALS)[::-1]
    if len(kept) < len(known):
        half = MOST_INTERVALS // 2
        note = _joined(note, text(lang, "formats.top_and_bottom", top=half, bottom=half, count=len(known)))
    if not kept:
        return Chart(key, label, finding, "scatter", (), (), "percent", note, empty=empty)
    if overall is not None:
        note = _joined(note, text(lang, "formats.overall", value=say(overall, "percent", lang)))
    tones = [_off(low, high, overall) for _, _, _, low, high in kept]
    levels = tuple(float(index) for index in range(1, len(kept) + 1))
    labels = tuple(f"{fitted(name, NAME_PX, 9)}  n={n:,}" for name, n, *_ in kept)
    low, high = (min(item[3] for item in kept), max(item[4] for item in kept))
    low, high = max(0.0, low - low % 0.05), min(1.0, high + 0.05 - high % 0.05)
    names_share = min(0.4, (max(text_px(words, 9) for words in labels) + 12) / TYPICAL_PX)
    span = (high - low) / (1 - names_share - 0.12)
    at_names, at_values = low - names_share * span, high + 0.01 * span
    series = []
    if overall is not None:
        series.append(
            Series(_name(lang, "overall"), (overall, overall), "dash", "strong", at=(0.3, len(kept) + 0.7))
        )
    for tone in ("accent", "good", "bad"):
        of = [index for index, other in enumerate(tones) if other == tone]
        if of:
            series.append(
                Series(
                    _name(lang, tone), tuple(kept[index][2] for index in of), "dot", tone,
                    at=tuple(levels[index] for index in of), low=tuple(kept[index][3] for index in of),
                    high=tuple(kept[index][4] for index in of),
                )
            )  # fmt: skip
    series.append(
        Series(
            _name(lang, "label"), (at_names,) * len(kept), "text", labels=labels, label_at="right", at=levels
        )
    )
    series.append(
        Series(
            _name(lang, "value"), (at_values,) * len(kept), "text",
            labels=tuple(shown(rate, "0.0%") for _, _, rate, *_ in kept),
            label_tones=tuple("strong" if tone == "accent" else tone for tone in tones), label_at="right", at=levels,
        )
    )  # fmt: skip
    return Chart(
        key, label, finding, "scatter", (), tuple(series), "percent", note, show_axis=True,
        minimum=at_names, maximum=low + (1 - names_share) * span, height=72 + 22 * len(kept), empty=empty,
    )  # fmt: skip


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
    highest = max((value for _, value in bins), default=0.0)
    tones: list[Tone] = ["accent" if value == highest and value else "context" for _, value in bins]
    series = Series(
        _name(lang, "actual"), tuple(value for _, value in bins), "column", tones=tuple(tones), labels=()
    )
    return Chart(key, label, finding, "column", tuple(name for name, _ in bins), (series,) if highest else (), format,
                 note, empty=empty)  # fmt: skip


def _name(lang: Language, key: str) -> str:
    return text(lang, f"formats.series.{key}")


def _names(items: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    return tuple(fitted(name, NAME_PX, 9) for name, _ in items)


def _blanks(values: Sequence[float | None]) -> tuple[float | None, ...]:
    return tuple(None if is_blank(value) else value for value in values)


def _ends(items: list[Item], most: int) -> list[Item]:
    """The first and last items where there are more than ``most``."""
    return items if len(items) <= most else [*items[: most // 2], *items[-(most // 2) :]]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


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


def _off(low: float, high: float, overall: float | None) -> Tone:
    if overall is None:
        return "accent"
    return "bad" if high < overall else "good" if low > overall else "accent"
