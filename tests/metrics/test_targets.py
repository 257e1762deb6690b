from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.frames import scope, table
from tests.metrics.test_laws import law
from xlsales.metrics._targets import Target, known_throughout, standing, stated

ORDERS = table("orders", "order_date | rep | amount\n2026-10-01 | 张 | 1")


def target(region: str = "", team: str = "", rep: str = "", amount: float = 1.0) -> Target:
    return Target("2026-10", region, team, rep, "", region, amount)


@pytest.mark.parametrize(
    ("word", "counts"),
    [
        ("", True),
        ("销售额", True),
        ("销售额（元）", True),
        ("月度业绩目标", True),
        ("签约额 指标", True),
        ("Sales Target", True),
        ("REVENUE", True),
        ("线索数", False),
        ("新增客户数", False),
        ("Leads", False),
    ],
)
def test_the_metric_column_says_whether_a_row_is_about_sales(word: str, counts: bool) -> None:
    sheet = table("targets", f"period | metric | target\n2026-10-01 | {word} | 5")
    assert bool(stated(sheet, ORDERS, scope("2026-10"))) == counts


def test_a_sheet_with_only_cash_targets_serves_every_basis() -> None:
    sheet = table("targets", "period | metric | target\n2026-10-01 | 回款 | 5")
    assert stated(sheet, ORDERS, scope("2026-10", basis="signed"))


names = st.sampled_from(["", "甲", "乙"])
rows = st.lists(st.builds(target, names, names, names), max_size=8)


@law
@given(rows, st.integers(0, 3))
def test_of_the_rows_that_stand_none_covers_another_and_every_other_is_covered(
    given_rows: list[Target], level: int
) -> None:
    kept = standing(given_rows, level)
    ids = {id(row) for row in kept}
    for row, other in product(kept, kept):
        assert not (row.level < other.level and row.may_cover(other))
    for row in given_rows:
        if row.level >= level and id(row) not in ids:
            assert any(one.level < row.level and one.may_cover(row) for one in given_rows)


@pytest.mark.parametrize(
    ("months", "period", "known"),
    [
        (["2026-10"], "2026-10", True),
        (["2026-09"], "2026-10", False),
        (["2026-10", "2026-11", "2026-12"], "2026-Q4", True),
        (["2026-10", "2026-11"], "2026-Q4", False),
        (["2026-07", "2026-10"], "2026-Q4", True),
        (["2026-07", "2026-10"], "2027-Q1", False),
        (["2025-01", "2026-01"], "2026", True),
        ([], "2026-10", False),
    ],
)
def test_a_period_is_known_when_every_month_of_it_has_a_target(
    months: list[str], period: str, known: bool
) -> None:
    found = [Target(month, "", "", "", "", "", 1.0) for month in months]
    assert known_throughout(found, scope(period)) == known
