"""Orders against what was received for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.reconciling.receipts import receipts
from xlsales.clean.reconciling.received import received
from xlsales.excel.functions._declare import Example, Spill, Words, function, table, text

if TYPE_CHECKING:
    from xlsales.tables.live import Cells


@function(
    "XS_RECON",
    zh="收款对账：每单的订单金额、实收、差额和状态（一致、已退款、少收、多收、无流水、无订单等）；给出订单则只返回其状态。",
    en="Receipts per order: ordered, received, difference, status; with an order only its status.",
    usage="=XS_RECON(Orders[#All],Payments[#All])",
    arguments=(
        table("orders", "订单表，含表头", "the orders with their headers"),
        table("payments", "收款表，含表头；退款为负数", "the payments with their headers, refunds negative"),
        table(
            "refunds",
            "退款表，含表头；收款表里已有负数的订单不再扣",
            "refunds, where payments hold none",
            None,
        ),
        text("order", "只要这一单的状态：订单编号", "the id of the one order wanted", None),
    ),
    example=Example(
        (
            (
                ("order_id", "order_date", "amount"),
                ("A1", "2026-10-01", 100),
                ("A2", "2026-10-02", 200),
            ),
            (
                ("order_id", "paid_date", "amount"),
                ("A1", "2026-10-03", 60),
                ("A1", "2026-10-09", 40),
                ("A9", "2026-10-09", 5),
            ),
        ),
        [
            ["A1", 100, 100, 0, "Agrees"],
            ["A2", 200, 0, 200, "No payment"],
            ["A9", 0, 5, -5, "No order"],
        ],
    ),
)
def recon(orders: Cells, payments: Cells, refunds: Cells | None = None, order: str | None = None) -> Any:
    """See ``reconciling.receipts``. An order that neither table knows is blank."""
    from xlsales.excel.functions._source import understood

    ranges = {"orders": orders, "payments": payments, "refunds": refunds}
    tables = understood({key: cells for key, cells in ranges.items() if cells is not None}).cleaned.tables
    rows = receipts(received(tables)).units.sort_values("order_id", kind="stable")
    if order is not None:
        found = rows.loc[rows["order_id"] == order, "status"].tolist()
        return _words(found[0]) if found else None
    columns = (
        ("订单编号", "Order ID"),
        ("订单金额", "Ordered"),
        ("实收", "Received"),
        ("差额", "Difference"),
        ("状态", "Status"),
    )
    names = ["order_id", "ordered", "received", "difference", "status"]
    made = [(*row[:-1], _words(row[-1])) for row in rows[names].itertuples(index=False, name=None)]
    return Spill(columns, made)


def _words(status: str) -> Words:
    from xlsales.language import text as wording

    zh, en = (wording(lang, f"pages.reconcile.receipts.{status}") for lang in ("zh", "en"))
    return Words(zh, en)
