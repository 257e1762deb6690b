"""RFM, cohorts, NPS and lifetime value on plain lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.frames import scope, table
from xlsales.metrics._catalogue import compute
from xlsales.metrics._customers import (
    cohorts,
    lifetime_value,
    nps,
    repeat_rate,
    retained,
    revenue_retention,
    rfm,
)

AS_OF = date(2026, 9, 30)
ORDERS = st.lists(
    st.tuples(
        st.sampled_from([*"ABCDEFG", None]),
        st.none() | st.dates(date(2026, 1, 1), AS_OF),
        st.none() | st.integers(-50, 500),
    ),
    max_size=40,
)


def split(orders: list[tuple[Any, Any, Any]]) -> tuple[list[Any], list[Any], list[Any]]:
    return [one[0] for one in orders], [one[1] for one in orders], [one[2] for one in orders]


@given(ORDERS, st.randoms())
def test_the_order_of_the_rows_does_not_change_a_score(orders: list[Any], dice: Any) -> None:
    """A published RFM of Online Retail scores by rank in order of appearance: one in five would change."""
    mixed = list(orders)
    dice.shuffle(mixed)
    assert rfm(*split(orders), AS_OF) == rfm(*split(mixed), AS_OF)


@given(ORDERS)
def test_equal_values_have_equal_scores_and_better_ones_no_worse(orders: list[Any]) -> None:
    found = rfm(*split(orders), AS_OF)
    for one in found:
        for other in found:
            assert (one.r > other.r) <= (one.days < other.days)
            assert (one.f > other.f) <= (one.orders > other.orders)
            assert (one.m > other.m) <= (one.money > other.money)


@given(ORDERS)
def test_the_values_are_those_of_pandas(orders: list[Any]) -> None:
    frame = pd.DataFrame(orders, columns=["customer", "day", "amount"])
    frame["amount"] = frame["amount"].astype("float64")
    frame = frame[(frame["amount"] > 0) & frame["customer"].notna() & frame["day"].notna()]
    expected = {
        name: ((AS_OF - part["day"].max()).days, part["day"].nunique(), part["amount"].sum())
        for name, part in frame.groupby("customer")
    }
    assert {one.customer: (one.days, one.orders, one.money) for one in rfm(*split(orders), AS_OF)} == expected


def test_fifths_are_scored_one_to_five() -> None:
    customers = [f"C{k}" for k in range(10)]
    days = [AS_OF - timedelta(days=k) for k in range(10)]
    found = {one.customer: one for one in rfm(customers, days, [float(k + 1) for k in range(10)], AS_OF)}
    assert [found[one].r for one in customers] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [found[one].m for one in customers] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert {one.f for one in found.values()} == {1}  # all the same is no merit


def test_cohorts_are_those_of_the_retention_metric() -> None:
    rows = [
        ("A", "2026-06-05"),
        ("A", "2026-07-01"),
        ("A", "2026-09-02"),
        ("B", "2026-06-30"),
        ("C", "2026-07-10"),
        ("C", "2026-08-10"),
        ("D", "2026-09-30"),
    ]
    lines = "\n".join(f"O{k} | {name} | {day} | 10" for k, (name, day) in enumerate(rows))
    orders = table("orders", f"order_id | customer_id | order_date | amount\n{lines}")
    metric = compute("retention", {"orders": orders}, scope("2026-09"), months=3)
    made = cohorts([name for name, _ in rows], [date.fromisoformat(day) for _, day in rows], 3)
    ours = {
        (month, size, k): share
        for month, size, shares in made
        for k, share in enumerate(shares, 1)
        if share is not None
    }
    theirs = {(row.cohort, row.size, row.offset): row.retention for row in metric.itertuples() if row.size}
    assert set(theirs) <= set(ours)
    assert {key: ours[key] for key in theirs} == pytest.approx(theirs)


def test_a_month_beyond_the_data_has_no_share() -> None:
    assert cohorts(["A"], [date(2026, 8, 1)], 2) == [("2026-08", 1, [None, None])]
    assert cohorts([None], [None], 2) == []


def test_the_repeat_rate_counts_days_and_not_lines() -> None:
    first, second = date(2026, 1, 1), date(2026, 1, 11)
    assert repeat_rate(["A", "A", "B", "B", None], [first, second, first, first, first]) == (0.5, 10.0, 2)
    assert repeat_rate([], []) == (None, None, 0)


def test_nps_is_promoters_less_detractors_in_percent() -> None:
    assert nps([10, 9, 8, 7, 6, 0]) == (pytest.approx(100 * (2 - 2) / 6), 2, 2, 2)
    assert nps([10, 10, None, 11, -1]) == (100.0, 2, 0, 0)
    assert nps([None]) == (None, 0, 0, 0)


def test_retention_of_customers_and_revenue() -> None:
    assert retained(200, 210, 40) == pytest.approx(0.85)
    assert retained(0, 1, 1) is None
    assert revenue_retention(1000, 200, 50, 100) == pytest.approx(1.05)
    assert revenue_retention(0, 1, 0, 0) is None


def test_the_lifetime_value_is_the_sum_of_the_discounted_years() -> None:
    years = sum(1000 * 2 * 0.3 * (0.8 / 1.1) ** year for year in range(500))
    assert lifetime_value(1000, 2, 0.3, 0.8, 0.1) == pytest.approx(years)
    assert lifetime_value(1000, 2, 0.3, 1.1, 0.1) is None
