"""Chart forms say what their figures say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.report import charts, theme
from xlsales.report.charts.axis import value_range
from xlsales.report.layout import drawn
from xlsales.report.measure import RULERS

AMOUNTS = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
WORDS = {"label": "label", "finding": "finding"}


def named(chart):
    return {series.name: series for series in chart.series}


def test_a_trend_sets_the_current_month_and_the_same_month_last_year_apart():
    chart = charts.trend("t", months=[str(m) for m in range(13)], values=[1e6] * 13, lang="zh", **WORDS)
    assert chart.series[0].tones == ("context2", *["context"] * 11, "accent")
    short = charts.trend("t", months=["1", "2"], values=[1.0, 2.0], lang="zh", **WORDS)
    assert short.series[0].tones == ("context", "accent")


def test_only_the_last_known_target_is_labelled():
    chart = charts.trend(
        "t",
        months=["1", "2", "3"],
        values=[4e5, 4e5, 4e5],
        targets=[3e5, 4.102e5, None],
        target_label="目标",
        lang="zh",
        **WORDS,
    )
    assert chart.series[2].labels == (None, "目标 41.0", None)


def test_the_label_of_a_target_stands_above_a_column_that_is_higher():
    chart = charts.trend("t", months=["1", "2"], values=[4e5, 6e5], targets=[3e5, 5e5], lang="zh", **WORDS)
    assert chart.series[2].values == (None, 6e5)


def test_small_steps_of_a_bridge_keep_the_digits_that_tell_them_apart():
    steps = [("a", 1_400.0), ("b", 1_300.0)]
    chart = charts.bridge("b", start=("x", 543e3), steps=steps, end=("z", 545_700.0), lang="en", **WORDS)
    assert chart.series[-1].labels == ("543", "▲ +1.40", "▲ +1.30", "546")


def test_a_value_too_low_for_white_digits_is_labelled_in_ink():
    chart = charts.trend("t", months=["1", "2"], values=[1e6, 1e3], lang="en", **WORDS)
    assert chart.series[0].label_tones[-1] == "strong"


@given(start=AMOUNTS, effects=st.lists(AMOUNTS, min_size=1, max_size=8))
def test_a_bridge_stands_on_its_levels(start, effects):
    """Base plus body reaches from one level to the next, above and below zero."""
    end = start + sum(effects)
    steps = [(str(index), effect) for index, effect in enumerate(effects)]
    chart = charts.bridge("b", start=("a", start), steps=steps, end=("z", end), lang="en", **WORDS)
    bars = [series for series in chart.series if series.mark == "column"]
    level = start
    for index, effect in enumerate(effects, start=1):
        parts = [series.values[index] or 0.0 for series in bars]
        top = max(sum(part for part in parts if part > 0), 0.0)
        bottom = min(sum(part for part in parts if part < 0), 0.0)
        assert max(level, level + effect, 0.0) == pytest.approx(top, abs=1e-6)
        assert min(level, level + effect, 0.0) == pytest.approx(bottom, abs=1e-6)
        visible = sum(abs(series.values[index] or 0.0) for series in bars if series.tone != "none")
        assert visible == pytest.approx(abs(effect), abs=1e-6)
        level += effect


def test_a_bridge_of_small_steps_starts_above_zero_and_says_so():
    chart = charts.bridge(
        "b",
        start=("a", 3_988_000),
        steps=[("x", 142_000), ("y", -266_000)],
        end=("z", 3_864_000),
        note="9月 → 10月",
        lang="zh",
        **WORDS,
    )
    assert 0 < chart.minimum < 3_864_000
    assert chart.note == f"9月 → 10月 · 纵轴自 {chart.minimum / 1e4:g} 起"
    assert [label[:1] for label in chart.series[-1].labels] == ["3", "▲", "▼", "3"]


def test_a_bridge_without_a_base_is_a_sentence():
    assert not drawn(
        charts.bridge("b", start=("a", 0), steps=(), end=("z", 5), lang="zh", empty="无", **WORDS)
    )


@given(st.lists(st.tuples(st.text(max_size=3), st.none() | AMOUNTS), max_size=40), st.randoms())
def test_a_ranking_does_not_depend_on_the_order_it_was_given(items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert charts.ranked("r", items=items, lang="zh", **WORDS) == charts.ranked(
        "r", items=shuffled, lang="zh", **WORDS
    )


def test_a_ranking_highlights_the_three_worst_losses():
    items = [("a", 2.0), ("b", -1.0), ("c", -7.0), ("d", -6.0), ("e", -5.0), ("f", 0.0)]
    chart = charts.ranked("r", items=items, lang="zh", **WORDS)
    assert chart.categories == ("a", "f", "b", "e", "d", "c")
    assert chart.series[0].tones == ("good", "good", "bad_soft", "bad", "bad", "bad")


def test_forty_names_become_both_ends_and_the_note_says_so():
    items = [(f"rep {index:02d}", float(index)) for index in range(40)]
    chart = charts.ranked("r", items=items, note="n", lang="en", **WORDS)
    assert chart.categories == tuple(f"rep {i:02d}" for i in [39, 38, 37, 36, 35, 34, 5, 4, 3, 2, 1, 0])
    assert chart.note == "n · top 6 and bottom 6 of 40"


def test_bars_are_sorted_and_add_up_to_the_whole():
    chart = charts.bars(
        "b", items=[("x", 22), ("y", 29), ("z", None), ("w", 49)], cumulative=True, lang="zh", **WORDS
    )
    assert chart.categories == ("w", "y", "x")
    assert chart.series[0].labels == ("49 · 49%", "29 · 78%", "22 · 100%")


def test_progress_ends_at_the_target_or_at_what_exceeds_it():
    items = [("a", 0.326, 1.036, 172_000.0), ("b", 0.278, 0.885, -489_000.0), ("c", None, 0.5, 0.0)]
    chart = charts.progress("p", items=items, lang="zh", **WORDS)
    assert chart.categories == ("a", "b")
    done, forecast, gap, money = chart.series
    assert [sum(v) for v in zip(done.values, forecast.values, gap.values, strict=True)] == pytest.approx(
        [1.036, 1.0]
    )
    assert money.labels == ("+17.2万", "-48.9万")
    assert money.label_tones == ("good", "bad")


def test_only_an_interval_wholly_off_the_overall_rate_has_a_colour():
    items = [
        ("low", 71, 0.197, 0.12, 0.305),
        ("mid", 80, 0.3, 0.2, 0.4),
        ("high", 90, 0.5, 0.4, 0.6),
        ("none", 0, None, None, None),
    ]
    chart = charts.intervals("i", items=items, overall=0.316, lang="zh", **WORDS)
    dots = {series.tone: series.values for series in chart.series if series.mark == "dot"}
    assert dots == {"bad": (0.197,), "accent": (0.3,), "good": (0.5,)}
    assert named(chart)["标签"].labels == ("low", "mid", "high")
    assert named(chart)["n"].labels == ("n=71", "n=80", "n=90")
    assert chart.note == "总体 31.6%"


@given(st.lists(AMOUNTS, min_size=1, max_size=13))
def test_every_value_lies_on_its_axis(values):
    for chart in (
        charts.trend("t", months=["m"] * len(values), values=values, lang="zh", **WORDS),
        charts.ranked("r", items=[(str(i), v) for i, v in enumerate(values)], lang="zh", **WORDS),
        charts.bars("b", items=[(str(i), v) for i, v in enumerate(values)], lang="zh", **WORDS),
    ):
        low, high = value_range(chart)
        assert low < high
        assert all(
            low <= value <= high for series in chart.series for value in series.values if value is not None
        )


@pytest.mark.parametrize("form", [charts.ranked, charts.bars, charts.progress, charts.intervals])
def test_nothing_to_draw_is_no_chart(form):
    assert not drawn(form("x", items=(), lang="en", empty="none", **WORDS))
    assert not drawn(charts.trend("x", months=(), values=(), lang="en", **WORDS))
    assert not drawn(charts.histogram("x", bins=[("a", 0.0)], lang="en", **WORDS))


def test_the_names_and_numbers_beside_intervals_are_columns_that_do_not_meet():
    items = [("一个名字很长的渠道放不进一行里" * 3, 1234, 0.2, 0.1, 0.3), ("b", 5, 0.6, 0.3, 0.9)]
    chart = charts.intervals("i", items=items, lang="zh", **WORDS)
    ruler, (begin, end) = RULERS["zh"], value_range(chart)
    px = (end - begin) / 560
    names, sizes = named(chart)["标签"], named(chart)["n"]
    for name, left, size, right in zip(names.labels, names.values, sizes.labels, sizes.values, strict=True):
        assert "\n" not in name
        assert left + ruler.px(name, theme.SMALL) * px <= right
        assert right + ruler.px(size, theme.SMALL) * px <= min(item[3] for item in items)
        assert ruler.px(name, theme.SMALL) <= 560 / 5
