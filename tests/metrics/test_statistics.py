"""Trend, distribution and preference against scipy, pandas and statsmodels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.metrics.frames import scope
from tests.metrics.real_orders import online_retail
from xlsales.clean.frames import conform
from xlsales.metrics._robust import kendall
from xlsales.metrics.distribution import distribution
from xlsales.metrics.preference import preference
from xlsales.metrics.trend import trend
from xlsales.tables.specs import ORDERS

if TYPE_CHECKING:
    from collections.abc import Sequence


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=24))
def test_the_p_value_of_a_trend_is_that_of_kendalls_tau(points: Sequence[tuple[int, int]]) -> None:
    x, y = zip(*points, strict=True)
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    assert kendall(x, y) == pytest.approx(stats.kendalltau(x, y, method="asymptotic").pvalue, abs=1e-9)


def test_what_does_not_vary_has_no_trend() -> None:
    assert kendall([1, 2, 3], [5, 5, 5]) is None


def test_the_slope_of_two_years_is_that_of_scipy() -> None:
    months = pd.date_range("2024-11-01", "2026-10-01", freq="MS")
    amounts = np.random.default_rng(7).gamma(3, 1000, len(months)).round(2) + 40 * np.arange(len(months))
    orders = conform(ORDERS, pd.DataFrame({"order_date": months, "amount": amounts}))
    (found,) = trend(orders, scope=scope("2026-10")).to_dict("records")
    slope, _, low, high = stats.theilslopes(amounts, np.arange(len(months)))
    assert (found["slope"], found["low"], found["high"]) == pytest.approx((slope, low, high))
    p = stats.kendalltau(np.arange(len(months)), amounts, method="asymptotic").pvalue
    assert found["p"] == pytest.approx(p)
    assert found["average"] == pytest.approx(amounts[-3:].mean())
    assert found["direction"] == ("up" if p < 0.05 else "flat")


@pytest.mark.corpus
def test_the_orders_of_a_real_month_are_distributed_as_pandas_and_scipy_say() -> None:
    orders = online_retail()
    found = distribution(orders, scope=scope("2010-11"), by=("region",)).set_index("region")
    inside = orders[(orders["order_date"] >= "2010-11-01") & (orders["order_date"] < "2010-12-01")]
    sold = inside[inside["amount"] >= 0]
    for region, group in sold.groupby("region"):
        values = group.groupby("order_id")["amount"].sum().to_numpy("float64")
        row = found.loc[region]
        assert row["n"] == len(values)
        assert row["sum"] == pytest.approx(values.sum(), abs=1e-4)
        for name, share in {"p10": 10, "p25": 25, "median": 50, "p75": 75, "p90": 90, "max": 100}.items():
            assert row[name] == pytest.approx(np.percentile(values, share), abs=1e-5), name
        if len(values) > 2:
            assert row["cv"] == pytest.approx(values.std(ddof=1) / values.mean())
            assert row["skew"] == pytest.approx(stats.skew(values, bias=False))
        assert row["status"] == ("small_sample" if len(values) < 30 else "")


def test_a_preference_stands_off_as_far_as_statsmodels_says() -> None:
    from statsmodels.stats.contingency_tables import Table

    counts = pd.DataFrame({"a": [90, 40, 8], "b": [60, 80, 12], "c": [10, 60, 1]}, ["南", "北", "东"])
    names = [
        (region, item) for region in counts.index for item in counts for _ in range(counts[item][region])
    ]
    orders = pd.DataFrame(names, columns=["region", "product"])
    orders = orders.assign(order_id=orders.index.astype("str"), order_date="2026-10-01", amount=1.0)
    found = preference(conform(ORDERS, orders), scope=scope("2026-10"))
    table = Table(counts.to_numpy(), shift_zeros=False)
    residuals = pd.DataFrame(table.standardized_resids, counts.index, counts.columns)
    assert len(found) == counts.size
    for row in found.rename(columns={"index": "ratio"}).itertuples(index=False):
        n, expected = counts[row.item][row.region], row.expected
        assert row.n == n
        assert row.residual == pytest.approx(residuals[row.item][row.region])
        share, overall = n / counts.loc[row.region].sum(), counts[row.item].sum() / counts.to_numpy().sum()
        assert row.ratio == pytest.approx(share / overall)
        prefers = share / overall >= 1.5 and n >= 30 and row.residual > 2
        avoids = share / overall <= 1 / 1.5 and expected >= 30 and row.residual < -2
        assert row.flag == ("prefers" if prefers else "avoids" if avoids else "")
