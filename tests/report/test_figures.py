"""A table's cells: one unit a column, and formulas that stay true in any mixture of units."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.report.blocks import Cell, Table, TableColumn
from xlsales.report.figures import columns_of, expression


def table(rows, *columns, total=None):
    return Table("t", "t", columns, tuple(rows), total)


NAME = TableColumn("name", "Name")
TARGET, ACTUAL = TableColumn("target", "Target", "money"), TableColumn("actual", "Actual", "money")
GAP = TableColumn("gap", "Gap", "money", formula="{actual}-{target}", signed=True)


def test_a_gap_has_the_unit_of_what_it_is_the_gap_of():
    made = columns_of(table([("a", 400_000, 400_500, 500)], NAME, TARGET, ACTUAL, GAP), "zh")
    assert [column.title for column in made] == ["Name", "Target（万）", "Actual（万）", "Gap（万）"]
    assert made[3].shown(500) == "+0.05"


def test_the_unit_counts_the_total_and_the_decimals_count_the_rows():
    need = TableColumn("need", "Need", "money", total="sum")
    made = columns_of(table([("a", 27_900), ("b", 12_000)], NAME, need, total=("", 148_100)), "zh")[1]
    assert (made.unit.unit, made.shown(27_900), made.shown(148_100)) == ("万", "2.79", "14.81")


def test_headers_of_a_table_are_unique_whatever_their_case():
    made = columns_of(table([("a", 1, 2)], NAME, TableColumn("x", "n"), TableColumn("y", "N")), "en")
    assert [column.title for column in made] == ["Name", "n", "N 2"]
    blank = columns_of(table([("a",)], TableColumn("x", "  \n ")), "en")
    assert blank[0].title == "–"


def test_text_after_a_number_is_indented():
    made = columns_of(
        table([(1, "a", "b")], TableColumn("n", "n", "count"), NAME, TableColumn("z", "z")), "en"
    )
    assert [column.indent for column in made] == [0, 1, 0]


def test_text_beside_a_text_that_fills_its_lines_is_indented():
    whole = TableColumn("w", "w", wrap=True)
    made = columns_of(table([("a", "b", "c")], whole, NAME, TableColumn("i", "i", input=True)), "en")
    assert [column.indent for column in made] == [0, 1, 0]


def test_a_table_set_in_begins_a_step_to_the_right():
    made = columns_of(replace(table([("a", 1)], NAME, TableColumn("n", "n", "count")), inset=True), "en")
    assert [column.indent for column in made] == [1, 0]


@pytest.mark.parametrize(("least", "shown"), [(3, "1,265,793"), (0.35, "1,265,793.00"), (0, "1,265,793")])
def test_amounts_to_check_stay_whole_and_have_cents_where_one_counts(least, shown):
    exact = [TableColumn(key, key, "money", exact=True) for key in ("in", "out")]
    made = columns_of(table([("a", 1_265_793, least)], NAME, *exact), "zh")
    assert [column.title for column in made[1:]] == ["in（元）", "out（元）"]
    assert made[1].shown(1_265_793) == shown


def test_amounts_to_check_do_not_scale_the_others():
    rows = [("a", 1_265_793, 6_543)]
    made = columns_of(table(rows, NAME, TableColumn("in", "In", "money", exact=True), TARGET), "zh")
    assert [column.title for column in made[1:]] == ["In（元）", "Target（元）"]


def test_a_mark_stands_before_what_it_marks():
    heat = columns_of(table([(0.81,)], TableColumn("m", "M1", "percent", heat="block")), "en")[0]
    assert heat.shown(Cell(0.81, mark="▼")) == "▼ 81%"
    assert heat.shown(Cell(None, mark="▼")) == ""


MONEY = st.floats(1, 5e9).flatmap(lambda size: st.floats(size / 1e3, size))
CASES = {
    "{actual}-{target}": ("money", lambda a, t, n: a - t),
    "{actual}/{target}": ("percent", lambda a, t, n: a / t),
    "{actual}/{n}": ("money", lambda a, t, n: a / n),
    "{actual}/{n}+{target}": ("money", lambda a, t, n: a / n + t),
    "{actual}/{target}-{share}": ("points", lambda a, t, n: a / t - 0.3),
    "{n}*50": ("money", lambda a, t, n: n * 50),
    "{lag}*2": ("points", lambda a, t, n: 0.02),
    "{share}+{lag}": ("percent", lambda a, t, n: 0.31),
}


@pytest.mark.parametrize("formula", CASES)
@given(actual=MONEY, target=MONEY, n=st.integers(1, 5000), lang=st.sampled_from(["zh", "en"]))
def test_a_formula_over_scaled_cells_gives_the_scaled_result(formula, actual, target, n, lang):
    format, truth = CASES[formula]
    raw = truth(actual, target, n)
    made = columns_of(
        table(
            [(target, actual, n, 0.3, 0.01, raw)],
            TARGET,
            ACTUAL,
            TableColumn("n", "n", "count"),
            TableColumn("share", "Share", "percent"),
            TableColumn("lag", "Lag", "points"),
            TableColumn("x", "X", format, formula=formula),
        ),
        lang,
    )
    named = {column.spec.key: column for column in made}
    cells = {
        key: named[key].unit.scaled(v)
        for key, v in (("target", target), ("actual", actual), ("n", n), ("share", 0.3), ("lag", 0.01))
    }
    excel = expression(named["x"], named, lambda key: f"cells[{key!r}]")
    excel = re.sub(r'^IFERROR\((.*),""\)$', r"\1", excel)
    got = eval(excel, {"cells": cells})
    assert math.isclose(got, named["x"].unit.scaled(raw), rel_tol=1e-9, abs_tol=1e-5)


def test_the_usual_formula_stays_as_short_as_it_was_written():
    share = TableColumn("share", "Share", "percent", formula="{actual}/{target}")
    made = {c.spec.key: c for c in columns_of(table([(4e5, 5e5, 0.8)], TARGET, ACTUAL, share), "zh")}
    assert expression(made["share"], made, {"actual": "C5", "target": "B5"}.__getitem__) == "C5/B5"


def test_money_has_one_unit_in_a_table_but_for_what_would_not_show_in_it():
    columns = tuple(TableColumn(key, key, "money") for key in ("actual", "target", "small"))
    table = Table("t", "t", columns, ((12_000.0, 9_000.0, 80.0),))
    assert [column.unit.divisor for column in columns_of(table, "zh")] == [10_000, 10_000, 1]
