"""The eight segments that the RFM scores make: how many customers, and what they bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._rfm import SEGMENTS, scored, window_of
from xlsales.metrics._visits import known_rows

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("segment", "text", "客群", "Segment"),
    Out("customers", "count", "客户数", "Customers"),
    Out("share", "percent", "客户占比", "Share of customers"),
    Out("amount", "money", "金额", "Amount"),
    Out("amount_share", "percent", "金额占比", "Share of amount"),
    Out("average", "money", "人均金额", "Amount per customer"),
    Out("orders", "number", "人均购买天数", "Order days each"),
    Out("days_since", "days", "距今天数中位数", "Median days since"),
    Out("status", "text", "状态", "Status"),
)


def _rows(asked: Asked, *, whole: bool = False) -> pd.DataFrame:
    """The rows of the visits of the segment, or of all, in the window."""
    rows = known_rows(asked, window_of(asked))
    if whole:
        return rows
    found = scored(asked.tables["orders"], asked.scope, int(asked.options["window_months"]))
    theirs = found.loc[found["segment"] == asked.row["segment"], "account_id"]
    return rows[rows["account"].isin(theirs)]


def _customers(asked: Asked) -> Behind:
    return trail.added(_rows(asked).drop_duplicates("account").assign(part=1.0))


def _everybody(asked: Asked) -> Behind:
    return trail.added(_rows(asked, whole=True).drop_duplicates("account").assign(part=1.0))


def _days(asked: Asked) -> Behind:
    return trail.added(_rows(asked).drop_duplicates(["account", "day"]).assign(part=1.0))


def _amount(asked: Asked) -> Behind:
    return trail.marked(_rows(asked), "amount", "orders")


def _all_money(asked: Asked) -> Behind:
    return trail.marked(_rows(asked, whole=True), "amount", "orders")


BEHIND = {
    "customers": _customers,
    "share": trail.over(_customers, _everybody),
    "amount": _amount,
    "amount_share": trail.over(_amount, _all_money),
    "average": trail.over(_amount, _customers),
    "orders": trail.over(_days, _customers),
    "days_since": trail.of(_days),
}


@metric(
    "rfm_segments",
    zh="RFM 客群",
    en="RFM segments",
    definition_zh="按 RFM 三项高低（4 分及以上为高）分成的八类客群：客户数、金额及各自占比；"
    "口径同 RFM 客户评分。",
    definition_en="The eight segments by high and low scores (4 and 5 are high): customers, amounts and "
    "their shares; see RFM scores.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("window_months", "回看多少个月", "how many months to look back over"),),
    rows=(76,),
    behind=BEHIND,
)
def rfm_segments(orders: Frame, *, scope: Scope, window_months: int = 12) -> pd.DataFrame:
    """The segments that have customers, those of the best scores first.

    recency counts most in the order, then frequency, then money: champion, loyal, promising, recent,
    slipping, regular, win_back, dormant (see ``SEGMENTS``), or one blank row of all where the scores make no
    segments. The shares are of all customers of the window; ``status`` is that of ``rfm_scores``.
    """
    import pandas as pd

    found = scored(orders, scope, window_months)
    groups = found.groupby("segment")
    rows = pd.DataFrame(
        {
            "customers": groups.size().astype("float64"),
            "amount": groups["amount"].sum().round(PLACES),
            "orders": groups["orders"].mean(),
            "days_since": groups["days_since"].median(),
        }
    )
    rows = rows.reindex([one for one in ORDER if one in rows.index]).rename_axis("segment").reset_index()
    rows["share"] = rows["customers"] / len(found) if len(found) else rows["customers"]
    rows["amount_share"] = rows["amount"] / rows["amount"].sum()
    rows["average"] = rows["amount"] / rows["customers"]
    rows["segment"] = rows["segment"].astype("str")
    rows["status"] = found["status"].iloc[: len(rows)].to_numpy()
    return rows[[column.name for column in COLUMNS]]


ORDER = (SEGMENTS[7], SEGMENTS[6], SEGMENTS[5], SEGMENTS[4], *SEGMENTS[3:0:-1], SEGMENTS[0], "")
