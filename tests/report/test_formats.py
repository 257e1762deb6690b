"""Units are chosen once a column, and a number reads the same in a cell and in a sentence."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.report.blocks import Run
from xlsales.report.formats import change, header, is_blank, money_label, resolve, say, sentence, shown

BLANKS = (None, float("nan"), pd.NA, pd.NaT, np.float64("nan"), float("inf"))


@pytest.mark.parametrize(
    ("largest", "zh", "en"),
    [
        (0, (1, "元", "#,##0"), (1, "¥", "#,##0")),
        (9_999, (1, "元", "#,##0"), (1, "¥", "#,##0")),
        (10_000, (1e4, "万", "#,##0.00"), (1e3, "¥k", "#,##0.0")),
        (-540_000, (1e4, "万", "#,##0.0"), (1e3, "¥k", "#,##0")),
        (4_102_000, (1e4, "万", "#,##0.0"), (1e3, "¥k", "#,##0")),
        (99_999_999, (1e4, "万", "#,##0.0"), (1e3, "¥k", "#,##0")),
        (100_000_000, (1e8, "亿", "#,##0.00"), (1e6, "¥M", "#,##0.0")),
    ],
)
def test_money_takes_one_unit_from_the_largest_value(largest, zh, en):
    for lang, expected in (("zh", zh), ("en", en)):
        unit = resolve("money", [1, None, largest], lang)
        assert (unit.divisor, unit.unit, unit.num_format) == expected
        assert unit.scaled(largest) == pytest.approx(largest / expected[0])


@pytest.mark.parametrize(
    ("format", "value", "zh", "en"),
    [
        ("money", 3_864_000, "386.4万", "¥3.86M"),
        ("money", -213_000, "-21.3万", "-¥213k"),
        ("money", 5355, "5,355元", "¥5,355"),
        ("money", 1.2e8, "1.20亿", "¥120.00M"),
        ("money", 38_000, "3.8万", "¥38k"),
        ("percent", 0.942, "94.2%", "94.2%"),
        ("percent", -0.0004, "0.0%", "0.0%"),
        ("points", -0.042, "-4.2 个百分点", "-4.2 pts"),
        ("days", 46, "46 天", "46 days"),
        ("days", 1, "1 天", "1 day"),
        ("days", 46.5, "46.5 天", "46.5 days"),
        ("count", 2846, "2,846", "2,846"),
        ("number", 1234.56, "1,234.6", "1,234.6"),
        ("month", "2026-10", "2026年10月", "Oct 2026"),
        ("month", "somewhen", "somewhen", "somewhen"),
        ("date", date(2026, 10, 3), "2026-10-03", "3 Oct 2026"),
        ("text", "007", "007", "007"),
    ],
)
def test_a_sentence_says_a_number_in_its_own_unit(format, value, zh, en):
    assert say(value, format, "zh") == zh
    assert say(value, format, "en") == en


def test_a_gain_carries_its_plus_when_asked_for():
    assert say(0.097, "percent", "zh", signed=True) == "+9.7%"
    assert say(213_000, "money", "en", signed=True) == "+¥213k"
    assert say(0.0, "points", "en", signed=True) == "0.0 pts"


@pytest.mark.parametrize("blank", BLANKS)
def test_what_is_missing_is_a_dash_and_never_zero(blank):
    assert is_blank(blank)
    for format in ("money", "percent", "points", "days", "count", "number", "text", "month", "date"):
        assert say(blank, format, "zh") == "–"
        assert resolve(format, [blank], "en").scaled(blank) is None
    assert change(blank, "percent", "zh") == Run("–")


@given(
    st.floats(-1e10, 1e10),
    st.sampled_from(["money", "percent", "points", "count", "number"]),
    st.sampled_from(["zh", "en"]),
)
def test_the_cell_shows_the_value_rounded_half_away_from_zero(value, format, lang):
    unit = resolve(format, [value], lang)
    seen = shown(value, unit.num_format, unit.divisor)
    percent = 100 if seen.endswith("%") else 1
    number = Decimal(seen.rstrip("%").replace(",", ""))
    exact = Decimal(repr(value / unit.divisor * percent))
    assert number == exact.quantize(number, ROUND_HALF_UP)
    assert not re.fullmatch(r"-0(\.0+)?%?", seen)


@given(st.floats(1e4, 9.9e7), st.sampled_from(["zh", "en"]))
def test_a_column_keeps_at_least_three_digits_of_its_largest_value(value, lang):
    unit = resolve("money", [value], lang)
    digits = shown(value, unit.num_format, unit.divisor).replace(",", "").replace(".", "")
    assert len(digits) >= 3


def test_headers_and_charts_name_the_unit():
    assert header("目标", "万", "zh") == "目标（万）"
    assert header("Target", "¥k", "en") == "Target (¥k)"
    assert header("达成率", "", "zh") == "达成率"
    assert money_label(resolve("money", [5], "zh"), "zh") == "元"
    assert money_label(resolve("money", [5e5], "zh"), "zh") == "万元"
    assert money_label(resolve("money", [5e5], "en"), "en") == "¥k"


def test_a_change_has_arrow_sign_and_the_colour_of_its_judgement():
    assert change(-0.031, "percent", "zh") == Run("▼ -3.1%", "bad")
    assert change(0.004, "points", "en", good_up=False) == Run("▲ +0.4 pts", "bad")
    assert change(2, "days", "en") == Run("▲ +2 days", "good")
    assert change(0.0, "percent", "en") == Run("– 0.0%", "strong")
    assert change(-0.0004, "percent", "en") == Run("– 0.0%", "strong")


def test_a_sentence_joins_wording_and_facts():
    made = sentence(
        "{month}销售额 **{sales}**，环比 {mom}。", month="10月", sales="386.4万", mom=Run("▼ -3.1%", "bad")
    )
    assert made == (
        Run("10月销售额 ", "plain"),
        Run("386.4万", "strong"),
        Run("，环比 ", "plain"),
        Run("▼ -3.1%", "bad"),
        Run("。", "plain"),
    )


def test_marks_inside_a_fact_are_only_text():
    assert sentence("**{name}**", name="a**b{c}") == (Run("a**b{c}", "strong"),)


def test_a_template_with_an_open_mark_or_an_unknown_fact_is_refused():
    with pytest.raises(ValueError, match="unbalanced"):
        sentence("**{name}", name="a")
    with pytest.raises(KeyError):
        sentence("{nobody}")
