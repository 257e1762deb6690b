"""What is sold, to whom, from which enquiry, against which target."""

from __future__ import annotations

from dataclasses import replace

from xlsales.tables.spec import Column, Table
from xlsales.tables.vocabulary import (
    AGE,
    CAMPAIGN,
    CATEGORY,
    CHANNEL,
    COMPANY_SIZE,
    CUSTOMER,
    CUSTOMER_ID,
    FEE,
    INDUSTRY,
    OCCUPATION,
    PHONE,
    PRODUCT,
    PRODUCT_ID,
    REFERRER,
    REGION,
    REP,
    SETTLED,
    TEAM,
    spoken,
)

ORDERS = spoken(
    Table(
        "orders",
        "订单",
        "Orders",
        (
            Column("order_id", "id", "订单编号", "Order ID"),
            Column("order_date", "date", "下单日期", "Order date", needed=True),
            CUSTOMER_ID,
            CUSTOMER,
            PRODUCT_ID,
            replace(PRODUCT, instead="product_id"),
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
            CAMPAIGN,
            PHONE,
            Column("paid", "money", "已收金额", "Paid so far"),
            Column("cost", "money", "成本", "Cost"),
            FEE,
            SETTLED,
            Column("shipped", "date", "发货日期", "Shipped"),
        ),
        identity="order_id",
    )
)

LEADS = spoken(
    Table(
        "leads",
        "线索",
        "Leads",
        (
            Column("lead_id", "id", "线索编号", "Lead ID"),
            Column("created", "date", "咨询日期", "Created", needed=True, timed=True),
            CUSTOMER_ID,
            CUSTOMER,
            PHONE,
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
            Column("kind", "text", "线索类型", "Lead type"),
            Column("responded", "date", "首次响应时间", "First response", timed=True),
            Column("quoted", "date", "报价日期", "Quoted"),
            Column("expected", "date", "预计成交日期", "Expected close"),
            Column("last_activity", "date", "最后跟进时间", "Last activity"),
            Column("probability", "percent", "成交概率", "Probability"),
            CAMPAIGN,
            REFERRER,
            INDUSTRY,
            COMPANY_SIZE,
            AGE,
            OCCUPATION,
            Column("decision_chain", "text", "决策链", "Decision chain"),
            Column("learning_need", "text", "学习需求", "Learning need"),
        ),
        identity="lead_id",
    )
)

TARGETS = spoken(
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
            Column("customer_type", "text", "客户类型", "Customer type"),
            Column("target", "money", "目标", "Target", needed=True),
        ),
    )
)

CUSTOMERS = spoken(
    Table(
        "customers",
        "客户",
        "Customers",
        (
            Column("customer_id", "id", "客户编号", "Customer ID", needed=True),
            CUSTOMER,
            Column("created", "date", "建档日期", "Created"),
            Column("tier", "text", "客户等级", "Tier"),
            INDUSTRY,
            REGION,
            PHONE,
            Column("kind", "text", "客户类型", "Customer type"),
            REP,
            CHANNEL,
            COMPANY_SIZE,
            AGE,
            OCCUPATION,
            REFERRER,
            Column("points", "count", "积分余额", "Points"),
            Column("points_earned", "count", "累计积分", "Points earned"),
            Column("points_used", "count", "已用积分", "Points used"),
        ),
        identity="customer_id",
    )
)
