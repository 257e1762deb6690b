"""Orders whose status says that they were given back are drop-outs, and no sales."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tables.grids import grid
from xlsales.analysis import analyse
from xlsales.metrics._catalogue import compute

ORDERS = [
    ["订单编号", "下单日期", "客户编号", "金额", "状态"],
    *(
        [f"O{k}", f"2026-0{5 + k % 2}-10", f"C{k}", "1000", "已退款" if k < 3 else "已付款"]
        for k in range(10)
    ),
]
REFUNDS = [
    ["退款编号", "订单编号", "退款日期", "退款金额"],
    *([f"R{k}", f"O{k}", "2026-07-01", "1000"] for k in range(3)),
    ["R9", "O9", "2026-07-02", "200"],
]


@pytest.mark.parametrize(
    ("refunds", "full", "partial", "returned"),
    [([REFUNDS], 3, 1, 3200), ([], 3, 0, 3000)],
    ids=["with the refunds", "by their status alone"],
)
def test_orders_that_are_refunded_by_their_status_are_given_back_and_no_sale(
    refunds: list[list[list[str]]], full: int, partial: int, returned: int
) -> None:
    sheets = [grid(ORDERS, sheet="订单"), *(grid(rows, sheet="退款") for rows in refunds)]
    found = analyse(sheets, as_of=date(2026, 10, 31), period="2026")
    row = compute("dropout", found.cleaned.tables, found.scope).iloc[0]
    assert (row["orders"], row["full"], row["partial"], row["returned"]) == (10, full, partial, returned)
    assert row["dropout"] == (full + partial) / 10
    assert row["value_rate"] == returned / 10_000
    assert compute("sales", found.cleaned.tables, found.scope).iloc[0]["amount"] == 7000
