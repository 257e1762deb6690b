"""All reconciliations by key, what each needs, and those that a workbook's tables allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.channels import channels, several_sources
from xlsales.clean.reconciling.instalments import plans
from xlsales.clean.reconciling.invoices import invoices
from xlsales.clean.reconciling.lessons import lessons
from xlsales.clean.reconciling.receipts import receipts
from xlsales.clean.reconciling.received import received
from xlsales.clean.reconciling.stock import stock_balance, stock_sold

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.reconciling.comparison import Comparison

NEEDS: dict[str, tuple[str, ...]] = {
    "receipts": ("orders.order_id", "payments.order_id"),
    "invoices": ("orders.order_id", "payments.order_id", "invoices.amount"),
    "channels": (),
    "stock_balance": ("stock.closing",),
    "stock_sold": ("stock.issued", "orders.product", "orders.quantity"),
    "lessons": ("lessons.hours", "orders.quantity"),
}
"""The columns without which there is no such reconciliation, in the order in which they are shown.
``channels`` needs orders of two sources; ``lessons`` takes the hours of the products where they have any."""


def missing(tables: Mapping[str, pd.DataFrame], key: str) -> tuple[str, ...]:
    """Which of the needed columns are absent or blank throughout."""
    needs = NEEDS[key]
    if key == "lessons" and _present(tables, "products.hours"):
        needs = ("lessons.hours", "orders.product", "products.hours")
    return tuple(need for need in needs if not _present(tables, need))


def possible(tables: Mapping[str, pd.DataFrame], key: str) -> bool:
    """Whether the tables allow this reconciliation."""
    if key == "channels":
        return "orders" in tables and several_sources(tables["orders"])
    return not missing(tables, key)


def reconciled(tables: Mapping[str, pd.DataFrame]) -> dict[str, Comparison]:
    """Every reconciliation that the tables allow, by key, in the order of ``NEEDS``."""
    found: dict[str, Comparison] = {}
    if possible(tables, "receipts"):
        money = received(tables)
        found["receipts"] = receipts(money, plans(tables, money))
        if possible(tables, "invoices"):
            found["invoices"] = invoices(tables, money)
    for key, compare in (
        ("channels", channels),
        ("stock_balance", stock_balance),
        ("stock_sold", stock_sold),
        ("lessons", lessons),
    ):
        if possible(tables, key):
            found[key] = compare(tables)
    return found


def _present(tables: Mapping[str, pd.DataFrame], need: str) -> bool:
    key, column = need.split(".")
    return key in tables and bool(tables[key][column].notna().any())
