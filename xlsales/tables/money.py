"""What is paid, refunded, invoiced, agreed and spent."""

from __future__ import annotations

from xlsales.tables.spec import Column, Table
from xlsales.tables.vocabulary import (
    CAMPAIGN,
    CHANNEL,
    CUSTOMER,
    CUSTOMER_ID,
    FEE,
    ORDER_ID,
    PRODUCT,
    REGION,
    REP,
    SETTLED,
    TEAM,
    spoken,
)

PAYMENTS = spoken(
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
            Column("kind", "text", "收款类型", "Payment kind"),
            CUSTOMER_ID,
            CUSTOMER,
            FEE,
            Column("net", "money", "结算金额", "Net of fee"),
            SETTLED,
        ),
        identity="payment_id",
    )
)
REFUNDS = spoken(
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
            CUSTOMER_ID,
            CUSTOMER,
        ),
        identity="refund_id",
    )
)
INVOICES = spoken(
    Table(
        "invoices",
        "发票",
        "Invoices",
        (
            Column("invoice_id", "id", "发票号码", "Invoice ID"),
            ORDER_ID,
            CUSTOMER_ID,
            CUSTOMER,
            Column("invoice_date", "date", "开票日期", "Invoice date", needed=True),
            Column("amount", "money", "开票金额", "Amount", needed=True),
            Column("tax", "money", "税额", "Tax"),
            Column("kind", "text", "发票类型", "Invoice type"),
        ),
        identity="invoice_id",
    )
)
INSTALMENTS = spoken(
    Table(
        "instalments",
        "分期计划",
        "Instalments",
        (
            Column("order_id", "id", "订单编号", "Order ID", needed=True),
            Column("number", "count", "期数", "Instalment"),
            Column("due_date", "date", "应收日期", "Due date", needed=True),
            Column("amount", "money", "应收金额", "Amount due", needed=True),
            CUSTOMER,
            Column("paid_date", "date", "收款日期", "Paid date"),
            Column("paid", "money", "已收金额", "Paid so far"),
        ),
    )
)
CONTRACTS = spoken(
    Table(
        "contracts",
        "合同",
        "Contracts",
        (
            Column("contract_id", "id", "合同编号", "Contract ID"),
            CUSTOMER_ID,
            CUSTOMER,
            PRODUCT,
            REP,
            TEAM,
            REGION,
            CHANNEL,
            Column("start", "date", "开始日期", "Start date"),
            Column("end", "date", "到期日期", "End date", needed=True),
            Column("signed", "date", "签署日期", "Signed date"),
            Column("amount", "money", "合同金额", "Amount", needed=True),
            Column("type", "stage", "合同类型", "Contract type"),
            Column("renewed", "date", "续约日期", "Renewed"),
            Column("renewed_amount", "money", "续约金额", "Renewed amount"),
        ),
        identity="contract_id",
    )
)
COSTS = spoken(
    Table(
        "costs",
        "费用",
        "Costs",
        (
            Column("period", "date", "月份", "Month", needed=True),
            Column("kind", "text", "费用类别", "Cost type"),
            CHANNEL,
            REGION,
            CAMPAIGN,
            Column("cost", "money", "费用金额", "Cost", needed=True),
        ),
    )
)
