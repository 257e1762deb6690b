"""One order's status in a cell, in the language of the headers."""

from __future__ import annotations

import pytest

from xlsales.excel.functions import catalogue
from xlsales.excel.functions._call import call
from xlsales.tables.live import cells

ZH = (
    ("订单编号", "下单日期", "金额"),
    ("订单编号", "收款日期", "收款金额"),
    ("订单编号", "退款日期", "退款金额"),
)
EN = (
    ("Order ID", "Order date", "Amount"),
    ("Order ID", "Paid date", "Amount"),
    ("Order ID", "Refund date", "Amount"),
)


@pytest.mark.parametrize(
    ("headers", "order", "status"),
    [
        (ZH, "A1", "已退款"),
        (EN, "A1", "Refunded"),
        (ZH, "A2", "无流水"),
        (ZH, "A9", "无订单"),
        (EN, "A9", "No order"),
        (ZH, "B7", None),
    ],
)
def test_the_status_of_one_order(
    headers: tuple[tuple[str, ...], ...], order: str, status: str | None
) -> None:
    orders = cells((headers[0], ("A1", "2026-10-01", 100.0), ("A2", "2026-10-02", 70.0)))
    payments = cells((headers[1], ("A1", "2026-10-02", 100.0), ("A9", "2026-10-02", 5.0)))
    refunds = cells((headers[2], ("A1", "2026-10-09", 40.0)))
    assert call(catalogue()["XS_RECON"], [orders, payments, refunds, cells(order)]) == [[status]]
