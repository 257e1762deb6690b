"""Numbers about the workbook itself are made of days, loads, hits and parts of the score, one by one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import orders, sheets
from xlsales.analysis import analyse, ask, build_report
from xlsales.clean.score import WEIGHTS
from xlsales.explain.fact import Fact, fact_lines
from xlsales.explain.number import Selected
from xlsales.explain.words import Named, numbers_named
from xlsales.memory import Loaded, Memory
from xlsales.report.blocks import Cell, Table
from xlsales.report.traced import Traced

if TYPE_CHECKING:
    from xlsales.analysis import Analysis

ROWS = orders(last=3)
RULES = [
    {"rule": "Bob", "table": "Orders", "condition": "rep = Bob", "action": "flag"},
    {"rule": "Nobody", "table": "Orders", "condition": "rep = Nobody", "action": "flag"},
]


def analysed(memory: bool = True) -> Analysis:
    first = analyse(sheets({"orders": ROWS, "rules": RULES}, "en"))
    raw = next(one for one in first.survey.tables if one.table.key == "orders")
    time = datetime(2026, 11, 1)  # noqa: DTZ001
    before, now = (
        Loaded(time, raw.source, raw.sheet, "orders", rows, 0, 0, digest)
        for rows, digest in ((4, "another"), (len(ROWS), raw.digest))
    )
    return ask(first, memory=Memory(log=(before, now)))


def column(page: str, key: str, name: str) -> list[Fact]:
    """The facts of a column of a table."""
    analysis = analysed()
    (made,) = build_report(analysis, "en", [page], traced=True).pages
    blocks = [placed.block for band in made.bands for placed in band]
    table = next(one for one in blocks if isinstance(one, Table) and one.key == key)
    at = [one.key for one in table.columns].index(name)
    found = []
    for row in [*table.rows, *([table.total] if table.total else [])]:
        value = row[at].value if isinstance(row[at], Cell) else row[at]
        if isinstance(value, Traced):
            chosen = Selected("", page, "A1", "", "")
            (fact,) = numbers_named(Named("", value), chosen, "", analysis, "en")
            assert isinstance(fact, Fact)
            found.append(fact)
    return found


def test_the_last_load_has_its_rows_and_earlier_ones_say_that_theirs_are_gone() -> None:
    now, before = column("log", "refresh_log", "rows")
    assert (now.value, len(now.behind.rows), now.behind.adds_up) == (len(ROWS), len(ROWS), True)
    assert before.evidence[0].rows is None
    assert "not kept" in before.definition


def test_the_latest_day_of_a_source_is_explained_by_the_rows_of_that_day() -> None:
    latest, *_ = column("log", "freshness", "latest")
    newest = max(one["order_date"] for one in ROWS)
    assert latest.value == date.fromisoformat(newest)
    assert len(latest.behind.rows) == sum(one["order_date"] == newest for one in ROWS)
    where, *lines = fact_lines(latest)
    assert where.endswith("(A1: 30 Nov 2025)")
    assert "Now: 30 Nov 2025" in lines


@pytest.mark.parametrize("name", ["lag", "missing"])
def test_days_are_counted_one_by_one(name: str) -> None:
    days, *_ = column("log", "freshness", name)
    assert days.behind.adds_up
    assert len(days.behind.rows) == days.value


def test_a_rule_of_the_user_has_the_cells_that_it_hit() -> None:
    bob, nobody = column("quality", "own_rules", "count")
    assert bob.value == len(bob.behind.rows) == sum(one["rep"] == "Bob" for one in ROWS)
    assert nobody.value == len(nobody.behind.rows) == 0
    (worth,) = column("quality", "own_rules", "amount")
    assert worth.behind.adds_up
    assert worth.value == sum(int(one["amount"]) for one in ROWS if one["rep"] == "Bob")


def test_the_score_is_the_sum_of_what_its_dimensions_weigh() -> None:
    *dimensions, whole = column("quality", "scorecard", "score")
    rows = whole.behind.rows
    assert whole.behind.adds_up
    assert list(rows["score"]) == [one.value for one in dimensions]
    assert rows["weight"].sum() == pytest.approx(1)


def test_the_units_of_each_dimension_are_those_of_its_columns_and_tables() -> None:
    found = column("quality", "scorecard", "units")
    assert len(found) == len(WEIGHTS)
    assert all(one.behind.adds_up for one in found)
