"""What each channel brings: leads, wins, money, and what a win costs there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import revenue, summed
from xlsales.metrics._growth import span
from xlsales.metrics._slices import aligned, filterable, in_order, looks, names, scopes, sliced
from xlsales.metrics._spending import of_whole_months, paid, spending
from xlsales.metrics._stages import known, moments, standing
from xlsales.metrics._stats import holm, p_equal, ratio, sample_status, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

OLD_CUSTOMERS = ("renewal", "upgrade")
"""Types of orders that no lead brought."""
SURE = 0.05

COLUMNS = (
    Out("leads", "count", "线索数", "Leads"),
    Out("won", "count", "成交", "Won"),
    Out("conversion", "percent", "转化率", "Conversion"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("others", "percent", "其余合计", "All others"),
    Out("difference", "points", "与其余之差", "Against others"),
    Out("p", "number", "p 值（Holm 校正）", "p (Holm)"),
    Out("flag", "text", "显著", "Significant"),
    Out("orders", "count", "新签订单", "New orders"),
    Out("revenue", "money", "新签额", "New sales"),
    Out("aov", "money", "客单价", "Average order"),
    Out("per_lead", "money", "每线索收入", "Sales per lead"),
    Out("cost", "money", "营销与销售费用", "Cost"),
    Out("cost_per_win", "money", "每成交费用", "Cost per win"),
    Out("roi", "percent", "投入产出（新签额）", "Return on cost"),
    Out("left_out", "money", "不计的其他费用", "Costs left out"),
    Out("status", "text", "状态", "Status"),
    Out("cost_status", "text", "费用说明", "Cost status"),
)


def _new_sales(*, counted: bool) -> Trace:
    """The money or the orders of the window that are no renewal and no upgrade."""

    def trace(asked: Asked) -> Behind:
        lines = trail.money_rows(asked, "signed")
        lines = lines[~lines["type"].isin(OLD_CUSTOMERS)]
        if not counted:
            return trail.marked(lines, "amount", "orders")
        lines = lines[lines["sale"]]
        lines = lines[lines["order_id"].isna() | ~lines["order_id"].duplicated()]
        return trail.added(lines.assign(part=1.0))

    return trace


def _left_out(asked: Asked) -> Behind:
    return paid(asked, winning=False)


LEADS, WON = trail.leads(), trail.leads(reached="won")
RATE = trail.over(WON, LEADS)
OTHERS = trail.over(trail.less(trail.whole(WON), WON), trail.less(trail.whole(LEADS), LEADS))
REVENUE, ORDERS, COSTS = _new_sales(counted=False), _new_sales(counted=True), paid
BEHIND = {
    "leads": LEADS,
    "won": WON,
    "conversion": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "others": OTHERS,
    "difference": trail.less(RATE, OTHERS),
    "p": trail.of(trail.whole(RATE)),
    "orders": ORDERS,
    "revenue": REVENUE,
    "aov": trail.over(REVENUE, ORDERS),
    "per_lead": trail.over(REVENUE, LEADS),
    "cost": COSTS,
    "cost_per_win": trail.over(COSTS, WON),
    "roi": trail.over(trail.less(REVENUE, COSTS), COSTS),
    "left_out": _left_out,
}


@metric(
    "channel_performance",
    zh="渠道效果",
    en="Channel performance",
    definition_zh="每渠道：转化率 = 成交 ÷ 期内新建线索；与其余渠道合计比较（双侧 z 检验，Holm 校正，p < "
    "0.05 为显著）；新签额不含续费与升级；每成交费用 = 营销与销售费用 ÷ 成交，与获客成本同一口径："
    "类别明显属于其他用途的费用（房租、教师与课时、货款、税等）不计；投入产出 =（新签额 - 费用）÷ 费用，"
    "未扣产品成本。",
    definition_en="By channel: conversion = won / leads created in the period, tested against all others "
    "pooled (two-sided z, Holm, p < 0.05); new sales leave out renewals and upgrades; cost per win = cost of "
    "marketing and sales / won, of the same costs as the acquisition cost: those of a kind clearly for "
    "something else (rent, lessons, goods, tax) are left out; return = (new sales - cost) / cost, before the "
    "cost of goods.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "by",
            "分行维度，默认渠道；month 为月份",
            "dimensions, by default the channel",
            ("month", "channel", "region", "campaign"),
        ),
    ),
    rows=(51,),
    behind=BEHIND,
)
def channel_performance(
    leads: Frame,
    orders: Frame | None = None,
    costs: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = ("channel",),
) -> pd.DataFrame:
    """Leads created in the period with what became of them (see ``_stages``), money and costs of the period.

    ``conversion`` has its Wilson 95 % interval. ``others`` is the rate of all other rows together (of the
    same month where rows are months by something else); ``p`` is of the two-sided z test of the two rates
    with the pooled share, corrected for the number of rows (Holm 1979). ``flag`` is ``above`` or ``below``
    where it is under 0.05 and both sides have 30 leads, so that the test holds.

    ``orders`` and ``revenue`` are those signed in the period under the same name, whatever the basis of the
    scope, without renewals and upgrades, which no lead brings: they are not those of the same persons as the
    leads, so ``per_lead`` is a rate of two flows. Without orders they are blank.

    ``cost`` are the costs of marketing and sales whose month begins in the period, by the rule of ``cac``
    (see ``_spending``); ``left_out`` are all others. A row without any cost in the sheet has a
    blank, and ``cost_status`` says ``no_cost``; what the sheet gives to no name stands in the blank row,
    ``unallocated``, where a cost per win would mean nothing; ``partial_month`` where costs of a whole month
    stand against the wins of a part of it. Costs are blank when they have no column for a filter.

    ``status``: ``no_leads``; ``no_stages`` where nothing tells a win; ``small_sample`` (below 30).
    """
    import numpy as np

    compared = looks(scope, by)
    found = standing(sliced(moments(leads), scope, by), compared, by)
    found["won"] = found["leads"] * (found["outcome"] == "won")
    now = aligned(found.drop(columns=["reached", "outcome"]), compared, by)["current"]
    about = dict(scopes(scope, by))
    window = span(about, "current") if about else scope.current
    counts: dict[str, Amounts] = {
        name: dict(zip(_keys(now, by), now[name].tolist(), strict=True)) for name in ("leads", "won")
    }
    nothing = np.nan
    money: dict[str, Amounts] = {"orders": {}, "revenue": {}}
    if orders is not None and filterable(orders, scope):
        nothing = 0.0
        money = _money(orders, scope, window, by)
    cost, left_out = (spending(costs, scope, window, by, winning=winning) for winning in (True, False))
    keys = sorted({key for given in (*counts.values(), *money.values(), cost, left_out) for key in given})
    rows = rows_of(keys, by).assign(
        **{name: column_of(keys, amounts, 0.0) for name, amounts in counts.items()},
        **{name: column_of(keys, amounts, nothing) for name, amounts in money.items()},
        cost=column_of(keys, cost),
        left_out=column_of(keys, left_out, 0.0 if cost or left_out else np.nan),
    )
    _rates(rows, by)
    rows["aov"] = ratio(rows["revenue"], rows["orders"])
    rows["per_lead"] = ratio(rows["revenue"], rows["leads"])
    unnamed = (rows[names(by)] == "").any(axis=1) if names(by) else rows["leads"] < 0
    spent = rows["cost"].where(~unnamed & (rows["cost"] > 0))
    rows["cost_per_win"] = ratio(spent, rows["won"])
    rows["roi"] = ratio(rows["revenue"] - spent, spent)
    rows["status"] = sample_status(rows["leads"], "no_leads")
    if not known(leads).wins:
        rows[["won", "conversion", "low", "high", "others", "difference", "p", "cost_per_win"]] = np.nan
        rows[["flag", "status"]] = "", "no_stages"
    lacking = [bool(cost) & rows["cost"].isna(), unnamed & (rows["cost"] != 0) & rows["cost"].notna()]
    partial_month = "partial_month" if of_whole_months(costs, scope, window) else ""
    rows["cost_status"] = np.select(
        [*lacking, rows["cost"].fillna(0.0) != 0], ["no_cost", "unallocated", partial_month], ""
    )
    return in_order(rows, by, "leads")[[*by, *(column.name for column in COLUMNS)]]


def _keys(rows: pd.DataFrame, by: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(rows[name] for name in by), strict=True)) if by else [()] * len(rows)


def _rates(rows: pd.DataFrame, by: Sequence[str]) -> None:
    """The conversion of each row with its interval, and how it stands against all other rows."""
    import numpy as np
    import pandas as pd

    rows["conversion"] = ratio(rows["won"], rows["leads"])
    rows["low"], rows["high"] = wilson(rows["won"], rows["leads"])
    group = rows["month"] if "month" in by and len(by) > 1 else rows["leads"] * 0
    rest = {name: rows[name].groupby(group).transform("sum") - rows[name] for name in ("won", "leads")}
    rows["others"] = ratio(rest["won"], rest["leads"])
    rows["difference"] = rows["conversion"] - rows["others"]
    raw = pd.Series(p_equal(rows["won"], rows["leads"], rest["won"], rest["leads"]), rows.index)
    rows["p"] = raw.groupby(group).transform(lambda p: holm(p.to_numpy()))
    sure = (rows["p"] < SURE) & (np.minimum(rows["leads"], rest["leads"]) >= 30)
    off = np.sign(rows["difference"].fillna(0.0)) * sure
    rows["flag"] = np.select([off > 0, off < 0], ["above", "below"], "")


def _money(
    orders: Frame,
    scope: Scope,
    window: Window,
    by: Sequence[str],
) -> dict[str, Amounts]:
    """Orders and revenue of new customers by the names."""
    import narwhals as nw

    lines = revenue(orders, None, None, replace(scope, basis="signed"), by)
    new = lines.filter(~nw.col("type").fill_null("").is_in(OLD_CUSTOMERS))
    found = summed(new, window, by, counts=True)
    return {"orders": found["orders"], "revenue": found["amount"]}
