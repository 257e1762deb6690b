from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.frames import scope
from tests.metrics.lead_oracle import chance
from tests.metrics.real_orders import cdnow, online_retail
from xlsales.clean.frames import conform
from xlsales.metrics._stats import wilson
from xlsales.metrics.repurchase import repurchase
from xlsales.tables.specs import ORDERS

COLUMNS = ["order_date", "customer_id", "product", "amount", "status"]
LINE = st.fixed_dictionaries(
    {
        "order_date": st.one_of(
            st.integers(0, 700).map(lambda n: pd.Timestamp(2025, 1, 1) + pd.Timedelta(n, "D")), st.none()
        ),
        "customer_id": st.sampled_from(["C1", "C2", "C3", "C4", None]),
        "product": st.sampled_from(["美术", "编程", None]),
        "amount": st.sampled_from([100.0, 250.0, -100.0, 0.0, None]),
        "status": st.sampled_from([None, "valid", "cancelled", "pending"]),
    }
)


def loop(lines: list[dict[str, Any]], start: date, end: date) -> tuple[int, int, float | None, int]:
    """Customers, those with two days or more, the median of the days between their first two, and days."""
    days: dict[str, set[date]] = {}
    for line in lines:
        counts = line["status"] in (None, "valid") and line["amount"] is not None and line["amount"] > 0
        if counts and line["customer_id"] and line["order_date"]:
            day = line["order_date"].date()
            if start <= day <= end:
                days.setdefault(line["customer_id"], set()).add(day)
    gaps = [(sorted(when)[1] - sorted(when)[0]).days for when in days.values() if len(when) > 1]
    visits = sum(len(when) for when in days.values())
    return len(days), len(gaps), median(gaps) if gaps else None, visits


@chance
@given(st.lists(LINE, max_size=60))
def test_every_window_is_what_a_loop_over_the_customers_finds(lines: list[dict[str, Any]]) -> None:
    orders = conform(ORDERS, pd.DataFrame(lines, columns=COLUMNS))
    about = scope("2026-08-01..2026-10-31", date(2026, 10, 20))
    found = repurchase(orders, scope=about, by=("month", "product")).set_index(["month", "product"])
    ends = {"2026-08": date(2026, 8, 31), "2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 20)}
    for (month, product), row in found.iterrows():
        end = ends[month]
        after = end + timedelta(1)
        start = after.replace(year=after.year - 1)
        mine = [line for line in lines if (line["product"] or "") == product]
        customers, repeaters, gap, visits = loop(mine, start, end)
        assert (row["customers"], row["repeaters"]) == (customers, repeaters)
        assert row["median_days"] == gap if gap is not None else pd.isna(row["median_days"])
        assert row["repurchase"] == repeaters / customers if customers else pd.isna(row["repurchase"])
        assert row["orders_per_customer"] == visits / customers if customers else True


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["Online Retail II", "CDNOW"])
def test_real_customers_come_back_as_an_independent_computation_says(name: str) -> None:
    orders = online_retail() if name == "Online Retail II" else cdnow("CDNOW_master.txt")
    about = scope("2010-11") if name == "Online Retail II" else scope("1998-06")
    kept = orders[orders["customer_id"].notna() & (orders["amount"] > 0)]
    end = pd.Timestamp(about.period.end) + pd.Timedelta(1, "D")
    kept = kept[(kept["order_date"] >= end - pd.DateOffset(years=1)) & (kept["order_date"] < end)]
    days = kept.assign(day=kept["order_date"].dt.normalize()).drop_duplicates(["customer_id", "day"])
    ranked = days.sort_values("day").groupby("customer_id")["day"]
    second, first = ranked.nth(1), ranked.nth(0)
    gaps = second.groupby(days["customer_id"]).first() - first.groupby(days["customer_id"]).first()
    customers, repeaters = days["customer_id"].nunique(), len(second)
    assert repeaters > 1000
    found = repurchase(orders, scope=about).iloc[0]
    assert (found["customers"], found["repeaters"]) == (customers, repeaters)
    assert found["repurchase"] == repeaters / customers
    assert found["orders_per_customer"] == len(days) / customers
    assert found["median_days"] == gaps.dropna().dt.days.median()
    assert (found["low"], found["high"]) == tuple(end[0] for end in wilson([repeaters], [customers]))
