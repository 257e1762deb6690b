"""Orders without a customer bring money and nobody: however many there are, they are never one customer."""

from __future__ import annotations

import pytest

from tests.metrics.frames import scope, table
from xlsales.metrics._catalogue import compute

NAMED = """
    order_id | order_date | customer_id | amount
    O1       | 2026-09-01 | C1          | 100
    O2       | 2026-10-02 | C1          | 100
    O3       | 2026-10-03 | C2          | 100
"""
NOBODYS = "".join(f"    N{k} | 2026-{9 + k % 2:02}-1{k} |  | 50\n" for k in range(8))
COUNTS = {
    "new_customers": ["new_customers", "existing_customers", "new_amount", "existing_amount"],
    "repurchase": ["customers", "repeaters", "repurchase"],
    "retention": ["size", "customers", "retention"],
}


@pytest.mark.parametrize("metric", COUNTS)
def test_no_customer_count_changes_with_orders_of_nobody(metric):
    def counted(text: str):
        found = compute(metric, {"orders": table("orders", text)}, scope("2026-10"))
        return found[[name for name in COUNTS[metric] if name in found]]

    assert len(counted(NAMED).columns) >= 2
    assert counted(NAMED + NOBODYS).equals(counted(NAMED))


def test_the_money_of_nobody_is_in_the_sales():
    orders = {"orders": table("orders", NAMED + NOBODYS)}
    assert compute("sales", orders, scope("2026-10"))["amount"].tolist() == [2 * 100 + 4 * 50]
    assert compute("new_customers", orders, scope("2026-10"))["anonymous_amount"].tolist() == [4 * 50]
