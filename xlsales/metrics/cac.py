"""What a new customer costs, by channel, beside what it is worth and how soon it pays back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._beginnings import beginnings, begun_in, known_history
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import summed, windowed
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import in_order, names, sliced
from xlsales.metrics._spending import of_whole_months, paid, spending
from xlsales.metrics._stats import ratio
from xlsales.metrics.ltv import by_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("cost", "money", "营销与销售费用", "Cost"),
    Out("new_customers", "count", "新客户", "New customers"),
    Out("cac", "money", "获客成本", "CAC"),
    Out("monthly_margin", "money", "每客户月毛利", "Margin a month"),
    Out("payback", "number", "回本月数", "Payback (months)"),
    Out("ltv", "money", "生命周期价值", "LTV"),
    Out("ltv_cac", "number", "价值成本比", "LTV/CAC"),
    Out("left_out", "money", "不计的其他费用", "Costs left out"),
    Out("status", "text", "状态", "Status"),
    Out("cost_status", "text", "成本说明", "Cost status"),
    Out("ltv_status", "text", "价值说明", "LTV status"),
)


def _spent(asked: Asked) -> Behind:
    return paid(_earlier(asked))


def _left_out(asked: Asked) -> Behind:
    return paid(_earlier(asked), winning=False)


def _earlier(asked: Asked) -> Asked:
    return replace(asked, window=_spending(asked.window, int(asked.options["lag"])))


def _begun(asked: Asked) -> Behind:
    return begun_in(asked)


def _kept(asked: Asked) -> Behind:
    """What all customers of twelve months bought, whatever the row and the filters, and what came back."""
    from xlsales.metrics._visits import kept_rows, known_rows

    every = replace(asked, scope=replace(asked.scope, filters=()))
    start = shift_months(asked.scope.current.end + ONE_DAY, -12)
    return kept_rows(every, known_rows(every, start)["account"], start)


CAC = trail.over(_spent, _begun)
BEHIND = {
    "cost": _spent,
    "left_out": _left_out,
    "new_customers": _begun,
    "cac": CAC,
    "payback": trail.of(CAC),
    "ltv_cac": trail.of(CAC),
    "monthly_margin": trail.of(_kept),
    "ltv": trail.of(_kept),
}


@metric(
    "cac",
    zh="获客成本",
    en="Customer acquisition cost",
    definition_zh="营销与销售费用 ÷ 新客户数；类别明显属于其他用途的费用（房租、水电、教师与课时、货款、"
    "折旧、税、行政）不计，类别为空或看不出用途的计入；费用取期间前移 lag 个月，整月费用对不足月的新客户时"
    "在状态中注明；新客户 = 首个有效订单在期内；按渠道需费用分渠道；回本月数 = 获客成本 ÷ 每客户月毛利；"
    "LTV 按公式法。没有新客户则空。",
    definition_en="Marketing and sales cost / new customers; costs of a kind that is clearly for something "
    "else (rent, utilities, teachers and lessons, goods, depreciation, tax, administration) are left out, "
    "those of a blank or unknown kind count; the costs are those of lag months earlier, and the status says "
    "where those of a whole month stand against the customers of a part of it; new = first order worth "
    "something in the period; by channel where the costs name it; payback months = CAC / margin a month per "
    "customer; LTV by the formula. Blank without new customers.",
    needs=("orders.order_date", "orders.amount", "costs.cost"),
    columns=COLUMNS,
    options=(
        Option("by", "分行维度", "dimensions", ("channel", "region", "campaign")),
        Option("lag", "费用提前几个月，默认 0", "months that costs come before, by default 0"),
    ),
    rows=(73, 74),
    behind=BEHIND,
)
def cac(
    orders: Frame,
    costs: Frame,
    products: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
    lag: int = 0,
) -> pd.DataFrame:
    """Costs of marketing and sales over the customers who begin in the period, as ``new_customers`` counts.

    Which costs these are tells their kind (see ``_spending``); ``left_out`` are all others. A cost counts
    where its month begins in the window, which lies ``lag`` months before the period. A new customer counts
    under the names of the first order. What the sheet gives to no name, as pay often is, stands in the blank
    row, ``unallocated``, without a CAC; so the whole costs more per customer than the channels do.

    monthly_margin is what a customer of the last twelve months brought a month (formula of ``ltv``: average
    order x orders a year x margin / 12), ltv its lifetime value, with ``ltv_status`` as there; both are of
    all customers, also in a row of a channel. ``payback`` is blank where the margin is not above zero.
    ``cost_status`` is ``no_cost`` where no cost of the goods is known, so they are of sales.

    status: ``no_new_customers``; ``no_cost`` where the sheet has none for the row; ``unallocated``;
    ``partial_month`` where a kind of cost is dated the first of the month that the window ends in the middle
    of, and no other day of it: then it is of the whole month, and the CAC too high.
    """
    import narwhals as nw
    import numpy as np

    history = known_history(orders, payments, refunds, scope.as_of, tuple(_named(scope, by)))
    first = sliced(beginnings(history, _named(scope, by)), scope, by)
    here = windowed(first.select(*names(by), date=nw.col("begun")), scope.current)
    begun = summed(here.with_columns(amount=nw.lit(1.0)), scope.current, by)["amount"]
    window = _spending(scope.current, lag)
    cost, left_out = (spending(costs, scope, window, by, winning=winning) for winning in (True, False))
    keys = sorted({*begun, *cost, *left_out})
    rows = rows_of(keys, by).assign(
        new_customers=column_of(keys, begun, 0.0),
        cost=column_of(keys, cost),
        left_out=column_of(keys, left_out, 0.0),
    )
    unnamed = (rows[names(by)] == "").any(axis=1) if names(by) else rows["new_customers"] < 0
    rows["cac"] = ratio(rows["cost"].where(~unnamed & (rows["cost"] > 0)), rows["new_customers"])
    formula, rate = by_formula(orders, products, payments, refunds, replace(scope, filters=()))
    aov, frequency, value = (float(formula.get(name, "nan")) for name in ("aov", "frequency", "value"))
    rows = rows.assign(
        monthly_margin=aov * frequency * (1.0 if rate is None else rate) / 12,
        ltv=value,
        cost_status="no_cost" if formula and rate is None else "",
        ltv_status=formula.get("status", "no_customers"),
    )
    rows["payback"] = rows["cac"] / rows["monthly_margin"].where(rows["monthly_margin"] > 0)
    rows["ltv_cac"] = rows["ltv"] / rows["cac"]
    rows["status"] = np.select(
        [unnamed, rows["cost"].isna() | (rows["cost"] == 0), rows["new_customers"] == 0],
        ["unallocated", "no_cost", "no_new_customers"],
        "partial_month" if of_whole_months(costs, scope, window) else "",
    )
    return in_order(rows, by, "new_customers")[[*by, *(column.name for column in COLUMNS)]]


def _named(scope: Scope, by: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*by, *dict(scope.filters))))


def _spending(window: Window, lag: int) -> Window:
    """The window so many months earlier."""
    if not lag:
        return window
    return Window(shift_months(window.start, -lag), shift_months(window.end + ONE_DAY, -lag) - ONE_DAY)
