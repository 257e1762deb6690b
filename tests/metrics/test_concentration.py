"""Concentration on a real file, against sums of its own."""

from __future__ import annotations

import pytest

from tests.metrics.frames import scope
from tests.metrics.real_orders import online_retail
from xlsales.metrics._catalogue import compute


@pytest.mark.corpus
def test_the_largest_customers_of_online_retail() -> None:
    orders = online_retail()
    found = compute("concentration", {"orders": orders}, scope("2010-01-01..2010-11-30")).iloc[0]
    within = orders[(orders["order_date"] >= "2010-01-01") & (orders["order_date"] < "2010-12-01")]
    sums = within.groupby("customer_id")["amount"].sum().round(6)
    sums = sums[sums > 0]
    shares = sums / sums.sum()
    assert found["customers"] == len(sums) > 3_000
    for count in (1, 5, 10):
        assert found[f"top{count}"] == pytest.approx(shares.nlargest(count).sum())
    assert found["hhi"] == pytest.approx((shares * 100).pow(2).sum())
    nobody = within[within["customer_id"].isna()]
    assert found["anonymous"] == pytest.approx(nobody["amount"].sum())
    assert len(nobody) > 80_000
