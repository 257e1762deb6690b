"""Customers: RFM, cohorts, retention, what they are worth, what they say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlsales.excel.functions._declare import (
    Example,
    Spill,
    Words,
    day,
    days,
    function,
    number,
    numbers,
    texts,
)
from xlsales.excel.functions.series import whole
from xlsales.metrics import _customers

if TYPE_CHECKING:
    from collections.abc import Sequence

CUSTOMERS = texts("customers", "客户编号或名称，每行一单", "customer ids or names, a row per order")
DATES = days("dates", "下单日期，与客户等长", "order dates, as long")
AMOUNTS = numbers("amounts", "金额，与客户等长", "amounts, as long")
WHO = (("A",), ("A",), ("B",), ("C",))
WHEN = (("2026-08-05",), ("2026-09-15",), ("2026-08-20",), ("2026-09-01",))


@function(
    "XS_RFM",
    zh="RFM 分层：每位客户的最近天数、下单天数、金额、R/F/M 得分（1–5）和类别；不足 5 位客户无类别。",
    en="RFM: each customer's days since, order days, money, R/F/M scores 1-5, segment (of five or more).",
    usage="=XS_RFM(A2:A5000,B2:B5000,C2:C5000,TODAY())",
    arguments=(
        CUSTOMERS,
        DATES,
        AMOUNTS,
        day("as_of", "截至日，默认最近一单", "counted on; by default the last order", None),
    ),
    example=Example(
        (
            (*WHO, ("D",), ("E",)),
            (*WHEN, ("2026-07-01",), ("2026-07-02",)),
            ((100,), (200,), (50,), (400,), (60,), (70,)),
            date(2026, 9, 30),
        ),
        [
            ["C", 29, 1, 400, 4, 1, 5, "Big spenders to develop"],
            ["A", 15, 2, 300, 5, 5, 4, "Champions"],
            ["E", 90, 1, 70, 2, 1, 3, "Dormant"],
            ["D", 91, 1, 60, 1, 1, 2, "Dormant"],
            ["B", 41, 1, 50, 3, 1, 1, "Dormant"],
        ],
    ),
)
def rfm(
    customers: Sequence[str | None],
    dates: Sequence[date | None],
    amounts: Sequence[float | None],
    as_of: date | None = None,
) -> Spill:
    """See ``_customers.rfm``."""
    known = [one for one in dates if one]
    found = _customers.rfm(customers, dates, amounts, as_of or max(known)) if known else []
    columns = (
        ("客户", "Customer"), ("最近天数", "Days since"), ("下单天数", "Order days"), ("金额", "Money"),
        ("R", "R"), ("F", "F"), ("M", "M"), ("类别", "Segment"),
    )  # fmt: skip
    return Spill(
        columns, [(c.customer, c.days, c.orders, c.money, c.r, c.f, c.m, Words(*c.segment)) for c in found]
    )


@function(
    "XS_COHORT",
    zh="批次留存表：按首单月分批，各月后仍下单的客户占比（小数）；数据的最后一个月若未结束，占比还会上升；之后留空。",
    en="Cohort table: by month of the first order, the share that orders in each month after; where the "
    "last month of the data is not over, its shares will rise.",
    usage="=XS_COHORT(A2:A5000,B2:B5000,6)",
    arguments=(CUSTOMERS, DATES, number("months", "向后几个月", "how many months on", 6)),
    example=Example((WHO, WHEN, 1), [["2026-08", 2, 0.5], ["2026-09", 1, None]]),
)
def cohort(customers: Sequence[str | None], dates: Sequence[date | None], months: float = 6) -> Spill:
    """See ``_customers.cohorts``."""
    count = whole("months", months, 1, 60)
    columns = (("批次", "Cohort"), ("人数", "Size"), *((f"M{k}", f"M{k}") for k in range(1, count + 1)))
    found = _customers.cohorts(customers, dates, count)
    return Spill(columns, [(month, size, *shares) for month, size, shares in found])


@function(
    "XS_REPEAT_RATE",
    zh="复购率，三格：复购率（小数）、第一到第二次下单的中位天数、客户数。",
    en="Repurchase in three cells: rate as a fraction, median days to the second order, customers.",
    usage="=XS_REPEAT_RATE(A2:A5000,B2:B5000)",
    arguments=(CUSTOMERS, DATES),
    example=Example((WHO, WHEN), [[1 / 3, 41, 3]]),
)
def repeat_rate(
    customers: Sequence[str | None], dates: Sequence[date | None]
) -> tuple[float | None, float | None, int]:
    """See ``_customers.repeat_rate``."""
    return _customers.repeat_rate(customers, dates)


@function(
    "XS_NPS",
    zh="净推荐值，四格：NPS（-100 到 100）、推荐者、中立者、贬损者人数；0–10 分。",
    en="Net promoter score in four cells: NPS (-100 to 100), promoters, passives, detractors.",
    usage="=XS_NPS(B2:B300)",
    arguments=(numbers("scores", "0 到 10 的评分", "scores from 0 to 10"),),
    example=Example((((10,), (9,), (8,), (7,), (3,)),), [[20, 2, 2, 1]]),
)
def nps(scores: Sequence[float | None]) -> tuple[float | None, int, int, int]:
    """See ``_customers.nps``."""
    return _customers.nps(scores)


@function(
    "XS_CUSTOMER_RETENTION",
    zh="客户留存率（小数）=（期末客户 - 期内新客户）÷ 期初客户。",
    en="Customer retention as a fraction = (customers at the end - new ones) / customers at the start.",
    usage="=XS_CUSTOMER_RETENTION(B2,C2,D2)",
    arguments=(
        number("at_start", "期初客户数", "customers at the start"),
        number("at_end", "期末客户数", "customers at the end"),
        number("new_ones", "期内新客户数", "new customers of the period"),
    ),
    example=Example((200, 210, 40), 0.85),
)
def customer_retention(at_start: float, at_end: float, new_ones: float) -> float | None:
    """See ``_customers.retained``."""
    return _customers.retained(at_start, at_end, new_ones)


START = number("at_start", "期初经常性收入", "recurring revenue at the start")
LESS = number("contraction", "降级减少额（正数）", "revenue lost to downgrades, positive")
GONE = number("churned", "流失额（正数）", "revenue lost to churn, positive")


@function(
    "XS_GRR",
    zh="毛收入留存率 GRR（小数）=（期初 - 降级 - 流失）÷ 期初。",
    en="Gross revenue retention as a fraction = (start - contraction - churn) / start.",
    usage="=XS_GRR(B2,C2,D2)",
    arguments=(START, LESS, GONE),
    example=Example((1000, 50, 100), 0.85),
)
def grr(at_start: float, contraction: float, churned: float) -> float | None:
    """See ``_customers.revenue_retention``."""
    return _customers.revenue_retention(at_start, 0.0, contraction, churned)


@function(
    "XS_NRR",
    zh="净收入留存率 NRR（小数）=（期初 + 增购 - 降级 - 流失）÷ 期初，不含新客户。",
    en="Net revenue retention as a fraction = (start + expansion - contraction - churn) / start.",
    usage="=XS_NRR(B2,C2,D2,E2)",
    arguments=(START, number("expansion", "增购额", "revenue added by upgrades"), LESS, GONE),
    example=Example((1000, 200, 50, 100), 1.05),
)
def nrr(at_start: float, expansion: float, contraction: float, churned: float) -> float | None:
    """See ``_customers.revenue_retention``."""
    return _customers.revenue_retention(at_start, expansion, contraction, churned)


@function(
    "XS_CLV",
    zh="客户生命周期价值 = 年毛利 ×（1+折现率）÷（1+折现率-年留存率），单位同客单价。",
    en="Customer lifetime value = yearly margin x (1+d) / (1+d-retention), in the order value's unit.",
    usage="=XS_CLV(B2,C2,30%,80%,10%)",
    arguments=(
        number("order_value", "客单价", "average order"),
        number("orders", "每年下单次数", "orders a year"),
        number("margin", "毛利率（小数或百分比）", "margin, a fraction or percentage"),
        number("retention", "年留存率（小数或百分比）", "yearly retention, a fraction or percentage"),
        number("discount", "年折现率", "yearly discount rate", 0.1),
    ),
    example=Example((1000, 2, 0.3, 0.8, 0.1), 2200),
)
def clv(
    order_value: float, orders: float, margin: float, retention: float, discount: float = 0.1
) -> float | None:
    """See ``_customers.lifetime_value``."""
    return _customers.lifetime_value(order_value, orders, margin, retention, discount)
