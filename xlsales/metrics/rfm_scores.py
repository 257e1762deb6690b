"""RFM: how recently, how often and for how much each customer bought, scored in fifths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._rfm import scored, window_of
from xlsales.metrics._visits import called, days_of, visit_rows

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
    Out("last_order", "date", "最近下单", "Last order"),
    Out("days_since", "days", "距今天数", "Days since"),
    Out("orders", "count", "购买天数", "Order days"),
    Out("amount", "money", "金额", "Amount"),
    Out("r", "count", "R 分", "R score"),
    Out("f", "count", "F 分", "F score"),
    Out("m", "count", "M 分", "M score"),
    Out("score", "count", "总分", "Score"),
    Out("segment", "text", "客群", "Segment"),
    Out("status", "text", "状态", "Status"),
)


def _days(asked: Asked) -> Behind:
    """The days on which the customer bought, each by its first row."""
    rows = visit_rows(asked, window_of(asked)).drop_duplicates("day")
    return trail.added(rows.assign(part=1.0))


def _amount(asked: Asked) -> Behind:
    return trail.marked(visit_rows(asked, window_of(asked)), "amount", "orders")


BEHIND = {
    "days_since": trail.of(_days),
    "orders": _days,
    "amount": _amount,
    **dict.fromkeys(("rank", "r", "f", "m", "score"), trail.of(_amount)),
}


@metric(
    "rfm_scores",
    zh="RFM 客户评分",
    en="RFM scores",
    definition_zh="近 12 个月有购买的客户：R = 距最近购买的天数，F = 购买天数，M = 购买金额；各分 1 至 5："
    "1 + ⌊5 × 不如该客户者的占比⌋，同值同分，与行的顺序无关；4 分及以上为高，三项高低组成八类客群；"
    "不足 5 位客户，或某项人人相同（人人只买过一天除外）时不分客群，不足 30 位注明。散客、匿名客户不计。",
    definition_en="Customers who bought in the last 12 months: R = days since the last purchase, F = days "
    "with a purchase, M = amount bought; each scored 1 to 5 as 1 + floor(5 x share of customers who are "
    "worse): equal values, equal scores, whatever the order of the rows; 4 and 5 are high, which makes "
    "eight segments, none where there are fewer than 5 customers or all have one value (but for one day "
    "each); fewer than 30 are marked. Walk-in and anonymous customers do not count.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("window_months", "回看多少个月", "how many months to look back over"),),
    rows=(76,),
    behind=BEHIND,
)
def rfm_scores(orders: Frame, *, scope: Scope, window_months: int = 12) -> pd.DataFrame:
    """One row per customer, highest score first, then the largest amount, then by id.

    The window of ``window_months`` ends with the period, or with the data within it. A purchase is an order
    line above zero that counts as a sale, on its order date, whatever the basis; two of one day are one.
    Returns take nothing away, as what was bought tells the habit. A customer is the id, or the name where
    there is none; names of whoever came by are nobody (see ``_passers_by``).

    A published RFM of Online Retail scores by the rank of first appearance, so that sorting the sheet moves
    one customer in five; here the score is of the value alone.

    ``segment`` is one of ``SEGMENTS``, or blank where nobody can say who is high: among fewer than five
    customers, or where all have the same recency, frequency or money (``status`` ``same_values``); all with
    one day each are low in frequency. ``small_sample``: fewer than 30, whose fifths are a handful each.
    """
    import numpy as np

    found = scored(orders, scope, window_months)
    names = called(orders, scope).reindex(found["account_id"])
    found = found.assign(
        rank=np.arange(1.0, len(found) + 1),
        account=names["customer"].to_numpy(),
        owner=names["rep"].to_numpy(),
        last_order=days_of(found["last"]),
    )
    return found[[column.name for column in COLUMNS]]
