"""Customers at risk: who may be about to leave, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Out, metric
from xlsales.metrics._rfm import window_start
from xlsales.metrics._service import said
from xlsales.metrics._visits import called, days_of, visit_rows
from xlsales.metrics._warnings import ALIVE, OPTIONS, OVERDUE, SIGNS, warned
from xlsales.metrics.warning_hits import warning_hits

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("rank", "count", "名次", "Rank"),
    Out("account_id", "text", "客户编号", "Customer ID"),
    Out("account", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Rep"),
    Out("reasons", "count", "信号数", "Signs"),
    Out("why", "text", "预警原因", "Why"),
    Out("amount", "money", "近 12 个月", "Last 12 months"),
    Out("orders", "count", "购买天数", "Order days"),
    Out("last_order", "date", "最近下单", "Last order"),
    Out("days_since", "days", "距今天数", "Days since"),
    Out("usual_gap", "days", "惯常间隔", "Usual gap"),
    Out("alive", "percent", "仍活跃概率", "P(alive)"),
    Out("verdict", "text", "规则半年前的表现", "Rule half a year ago"),
)


def _amount(asked: Asked) -> Behind:
    rows = visit_rows(asked, window_start(asked.scope.current.end, 12))
    return trail.marked(rows, "amount", "orders")


def _orders(asked: Asked) -> Behind:
    rows = visit_rows(asked, window_start(asked.scope.current.end, 12))
    return trail.added(rows.drop_duplicates("day").assign(part=1.0))


def _ever(asked: Asked) -> Behind:
    return trail.added(visit_rows(asked).drop_duplicates("day").assign(part=1.0))


def _reasons(asked: Asked) -> Behind:
    """The visits, tickets and surveys that made the signs of the row, one for each."""
    import pandas as pd

    signs = str(asked.row["why"]).split("+")
    visits, found = visit_rows(asked), []
    if "late" in signs or "fading" in signs:
        found.append(visits.drop_duplicates("day"))
    elif "falling" in signs:
        found.append(visits[visits["day"].isin(visits["day"].drop_duplicates().tail(3))])
    tables = asked.tables
    heard = said(
        tables["orders"],
        tables.get("tickets"),
        tables.get("surveys"),
        tables.get("customers"),
        asked.scope.current.end,
    )
    found += [
        rows[rows["account"] == asked.row["account_id"]] for sign, rows in heard.items() if sign in signs
    ]
    rows = pd.concat([one[trail.PLACE] for one in found])
    return trail.added(rows.assign(part=1.0))


BEHIND = {
    "amount": _amount,
    "orders": _orders,
    "reasons": trail.of(_reasons),
    **dict.fromkeys(("rank", "days_since", "usual_gap", "alive"), trail.of(_ever)),
}


@metric(
    "warning_list",
    zh="客户流失预警",
    en="Customers at risk",
    definition_zh="近 12 个月有购买且出现信号的客户：距上次购买超过惯常间隔的 2 倍（至少 30 天），"
    "即本人间隔的中位数，只来过一次的用其他客户的；仍活跃概率（BG/NBD，至少来过两次）低于 30%；"
    "购买额连续两次下降；90 天内投诉；90 天内工单超过 48 小时（无时刻按整天）才响应，无响应时间看解决时间；"
    "12 个月内同一种满意度、评分或推荐意愿连续两次下降。只写姓名的工单与问卷，姓名不重复才对到客户。"
    "规则半年前的表现见预警命中率。",
    definition_en="Customers of the last 12 months with a sign: no purchase for over twice the usual gap (30 "
    "days at least), which is the median of their own or, after one visit, of the others'; P(alive) of "
    "BG/NBD, from two visits on, under 30%; purchases worth less twice in a row; a complaint within 90 days; "
    "a ticket of 90 days answered (or else closed) after more than 48 hours, whole days where no time is "
    "given; a score, NPS or satisfaction of one kind down twice in a row in 12 months. A ticket or survey "
    "with a name alone is of the one customer called so. What the rule was worth half a year ago is as in "
    "warnings that came true.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=OPTIONS,
    rows=(81,),
    behind=BEHIND,
)
def warning_list(
    orders: Frame,
    tickets: Frame | None = None,
    surveys: Frame | None = None,
    customers: Frame | None = None,
    *,
    scope: Scope,
    alive: float = ALIVE,
    times: float = OVERDUE,
) -> pd.DataFrame:
    """One row per customer with a sign as of the end of the period, most signs first, then most money.

    ``why`` names the signs: late, fading, falling, complaint, slow_answer, dissatisfied, joined by ``+``.
    ``usual_gap`` and the limit of late are those of ``churn``, so who is late there is lost; P(alive) is of
    the model of ``ltv``, which has nobody leave before the first return, so it is blank after one visit. A
    fall of purchases or scores needs three of them; scores are compared on one scale alone, which is a kind
    of survey or that of tickets. Tickets and surveys count where their sheets are there, and say whose they
    are. Only what was known on the day is used, so ``warning_hits`` can put the same rule to the test in the
    past. ``verdict`` says of the rule, the same in every row, how it did half a year ago: better, chance or
    worse than no rule, "" where nobody can tell yet.
    """
    import numpy as np

    found = warned(orders, tickets, surveys, customers, scope, scope.current.end, alive, times)
    found = found[found["reasons"] > 0]
    order = np.lexsort((np.arange(len(found)), -found["amount"], -found["reasons"]))
    found = found.iloc[order].reset_index(drop=True)
    names = called(orders, scope).reindex(found["account_id"])
    signs = found[list(SIGNS)].to_numpy() > 0
    hits = warning_hits(orders, tickets, surveys, customers, scope=scope, alive=alive, times=times)
    found = found.assign(
        rank=np.arange(1.0, len(found) + 1),
        account=names["customer"].to_numpy(),
        owner=names["rep"].to_numpy(),
        why=["+".join(name for name, there in zip(SIGNS, row, strict=True) if there) for row in signs],
        last_order=days_of(found["last"]),
        usual_gap=found["gap"],
        verdict=_verdict(hits),
    )
    return found[[column.name for column in COLUMNS]]


def _verdict(hits: pd.DataFrame) -> str:
    """How those warned of did beside the others."""
    return next(iter(hits.loc[hits["sign"] == "warned", "verdict"]), "")
