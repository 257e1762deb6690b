"""The tables that xlsales knows.

How real exports call these columns and spell their values lies in ``vocabulary.toml``; what means the
same thing everywhere (rep, team, region, channel, product, customer) is listed there once.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

from xlsales.tables.spec import Column, Table

_VOCABULARY: dict[str, Any] = tomllib.loads(
    files("xlsales.tables").joinpath("vocabulary.toml").read_text("utf-8")
)

SHEET_WORDS: dict[str, tuple[str, ...]] = {key: tuple(words) for key, words in _VOCABULARY["sheets"].items()}
"""Per table, words in a sheet's name that decide between tables which fit its headers equally well."""

STAGES = ("new", "contacted", "booked", "trial", "won", "renewed")
"""The funnel in order; ``lost`` stands beside it. Leads carry one date column per stage after the first."""


def _spoken(table: Table) -> Table:
    """The table with the aliases and stage values of the vocabulary: the shared names first, then its own."""
    shared, own = _VOCABULARY["headers"]["shared"], _VOCABULARY["headers"][table.key]
    values = _VOCABULARY["values"]

    def speak(column: Column) -> Column:
        return replace(
            column,
            aliases=(*shared.get(column.name, ()), *own.get(column.name, ())),
            values={key: tuple(words) for key, words in values[column.name].items()}
            if column.kind == "stage"
            else {},
        )

    return replace(table, columns=tuple(speak(column) for column in table.columns))


REP = Column("rep", "text", "顾问", "Rep")
TEAM = Column("team", "text", "团队", "Team")
REGION = Column("region", "text", "校区", "Region")
CHANNEL = Column("channel", "text", "渠道", "Channel")
PRODUCT = Column("product", "text", "课程", "Product")
CATEGORY = Column("category", "text", "类别", "Category")
CUSTOMER_ID = Column("customer_id", "id", "客户编号", "Customer ID")
CUSTOMER = Column("customer", "text", "客户", "Customer")

ORDERS = _spoken(
    Table(
        "orders",
        "订单",
        "Orders",
        (
            Column("order_id", "id", "订单编号", "Order ID"),
            Column("order_date", "date", "下单日期", "Order date", needed=True),
            CUSTOMER_ID,
            CUSTOMER,
            PRODUCT,
            CATEGORY,
            REP,
            TEAM,
            REGION,
            CHANNEL,
            Column("quantity", "count", "数量", "Quantity"),
            Column("unit_price", "money", "单价", "Unit price"),
            Column("discount", "money", "优惠", "Discount"),
            Column("amount", "money", "金额", "Amount", needed=True, product_of=("quantity", "unit_price")),
            Column("type", "stage", "类型", "Type"),
            Column("status", "stage", "状态", "Status"),
            Column("campaign", "text", "活动", "Campaign"),
        ),
        identity="order_id",
    )
)
LEADS = _spoken(
    Table(
        "leads",
        "线索",
        "Leads",
        (
            Column("lead_id", "id", "线索编号", "Lead ID"),
            Column("created", "date", "咨询日期", "Created", needed=True),
            CUSTOMER_ID,
            CUSTOMER,
            Column("phone", "id", "电话", "Phone"),
            PRODUCT,
            REP,
            TEAM,
            REGION,
            CHANNEL,
            Column("stage", "stage", "阶段", "Stage"),
            Column("contacted", "date", "有效沟通日期", "Contacted"),
            Column("booked", "date", "预约日期", "Booked"),
            Column("trial", "date", "试听日期", "Trial"),
            Column("won", "date", "报名日期", "Won"),
            Column("renewed", "date", "续费日期", "Renewed"),
            Column("lost", "date", "流失日期", "Lost"),
            Column("lost_reason", "text", "流失原因", "Lost reason"),
            Column("amount", "money", "预计金额", "Amount"),
        ),
        identity="lead_id",
    )
)
TARGETS = _spoken(
    Table(
        "targets",
        "目标",
        "Targets",
        (
            Column("period", "date", "月份", "Month", needed=True),
            Column("metric", "text", "指标", "Metric"),
            REP,
            TEAM,
            REGION,
            PRODUCT,
            Column("target", "money", "目标", "Target", needed=True),
        ),
    )
)
CUSTOMERS = _spoken(
    Table(
        "customers",
        "客户",
        "Customers",
        (
            Column("customer_id", "id", "客户编号", "Customer ID", needed=True),
            CUSTOMER,
            Column("created", "date", "建档日期", "Created"),
            Column("tier", "text", "客户等级", "Tier"),
            Column("industry", "text", "行业", "Industry"),
            REGION,
            Column("phone", "id", "电话", "Phone"),
        ),
        identity="customer_id",
    )
)
PAYMENTS = _spoken(
    Table(
        "payments",
        "收款",
        "Payments",
        (
            Column("payment_id", "id", "收款编号", "Payment ID"),
            Column("order_id", "id", "订单编号", "Order ID", needed=True),
            Column("paid_date", "date", "收款日期", "Paid date", needed=True),
            Column("amount", "money", "收款金额", "Amount", needed=True),
            Column("method", "text", "支付方式", "Method"),
        ),
        identity="payment_id",
    )
)
REFUNDS = _spoken(
    Table(
        "refunds",
        "退款",
        "Refunds",
        (
            Column("refund_id", "id", "退款编号", "Refund ID"),
            Column("order_id", "id", "订单编号", "Order ID", needed=True),
            Column("refund_date", "date", "退款日期", "Refund date", needed=True),
            Column("amount", "money", "退款金额", "Amount", needed=True),
            Column("reason", "text", "退款原因", "Reason"),
        ),
        identity="refund_id",
    )
)

TABLES: tuple[Table, ...] = (ORDERS, LEADS, TARGETS, CUSTOMERS, PAYMENTS, REFUNDS)


def table(key: str) -> Table:
    """The table called ``key``; KeyError when there is none."""
    return next(t for t in TABLES if t.key == key)
