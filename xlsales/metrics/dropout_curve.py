"""When orders are given back: of the orders of a month, how many are by the end of each month after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._returns import of_orders, returns
from xlsales.metrics._scope import Window, month_of, shift_months
from xlsales.metrics._stats import ratio, sample_status

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("cohort", "month", "下单月", "Order month"),
    Out("orders", "count", "订单数", "Orders"),
    Out("offset", "count", "第几月", "Month"),
    Out("refunded", "count", "累计退课", "Refunded so far"),
    Out("dropout", "percent", "累计退课率", "Drop-out so far"),
    Out("paid", "money", "已收金额", "Paid"),
    Out("returned", "money", "累计退款", "Refunded money so far"),
    Out("value_rate", "percent", "累计退款金额率", "Rate by value so far"),
    Out("complete", "count", "当月已结束", "Month over"),
    Out("status", "text", "状态", "Status"),
)


def _cohort(what: str, *, then: bool) -> Trace:
    """Of the orders of the cohort, as they stood at the end of the month of the row, or stand now."""

    def trace(asked: Asked) -> Behind:
        first = date.fromisoformat(f"{asked.row['cohort']}-01")
        last = month_of(shift_months(first, int(asked.row["offset"]))).end

        def until(now: Asked) -> date:
            return min(last, now.seen)

        return of_orders(what, until if then else None)(replace(asked, window=month_of(first)))

    return trace


ORDERS, PAID = _cohort("orders", then=False), _cohort("paid", then=False)
BEHIND = {
    "orders": ORDERS,
    "refunded": _cohort("refunded", then=True),
    "dropout": trail.over(_cohort("refunded", then=True), ORDERS),
    "paid": PAID,
    "returned": _cohort("returned", then=True),
    "value_rate": trail.over(_cohort("returned", then=True), PAID),
}


@metric(
    "dropout_curve",
    zh="退课时间曲线",
    en="Drop-out curve",
    definition_zh="按下单月分批，到下单后第 k 个自然月末累计有退款的订单 ÷ 该批订单，"
    "累计退款金额（每单不超过已收）÷ 已收金额"
    "（没有收款表时为订单金额）。退款日不明的订单不计为退课。未结束的月份仍会上升。",
    definition_en="Cohorts by month of the order: orders with money given back by the end of the k-th "
    "calendar month after it / orders of the cohort, and refunded (no more than paid) / paid "
    "(ordered, where there are no payments). What was given back on an unknown day is "
    "left out. A month that is not over will still rise.",
    needs=("orders.order_id", "orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("months", "向后多少个月，默认 6", "how many months on, 6 by default"),),
    rows=(67,),
    behind=BEHIND,
)
def dropout_curve(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    months: int = 6,
) -> pd.DataFrame:
    """One row per cohort of the twelve months that end with the period, and month after it, from 0 on.

    Orders and what is given back as in ``dropout``; a month that has not begun by ``scope.as_of`` has no row,
    one that is not over is not ``complete``. ``paid`` is what the cohort has paid by now.

    ``status``: ``no_orders``, ``no_refunds`` (see ``dropout``), ``small_sample`` (fewer than 30 orders).
    """
    import pandas as pd

    last = scope.current.end.replace(day=1)
    window = Window(shift_months(last, -11), scope.current.end)
    found = returns(orders, payments, refunds, scope, (), window)
    sold = found.as_of(window, scope.as_of)
    sold["cohort"] = sold["day"].dt.strftime("%Y-%m").astype("str")
    sums = sold.groupby("cohort")[["orders", "paid"]].sum()
    known = found.back.by(scope.as_of)
    back = pd.DataFrame({"at": known.at, "returned_on": known.day, "returned": known.amount})
    back = back.merge(sold[["cohort", "day", "paid"]], left_on="at", right_index=True)
    so_far = back.groupby("at")["returned"].cumsum()  # the earliest first
    before = (so_far - back["returned"]).clip(upper=back["paid"])
    back["returned"] = so_far.clip(upper=back["paid"]) - before
    back["offset"] = (_months(back["returned_on"]) - _months(back["day"])).clip(lower=0)
    firsts = back.sort_values(["at", "returned_on"]).drop_duplicates("at")
    counts = firsts.groupby(["cohort", "offset"]).size()
    money = back.groupby(["cohort", "offset"])["returned"].sum()
    rows = []
    for cohort in sums.index:
        for offset in range(months + 1):
            month = month_of(shift_months(date.fromisoformat(f"{cohort}-01"), offset))
            if month.start <= scope.as_of:
                until = [(cohort, k) for k in range(offset + 1)]
                refunded, returned = (
                    float(one.reindex(until).sum()) if len(one) else 0.0 for one in (counts, money)
                )
                done = month.end <= scope.as_of
                rows.append((cohort, *sums.loc[cohort], offset, refunded, round(returned, PLACES), done))
    names = ["cohort", "orders", "paid", "offset", "refunded", "returned", "complete"]
    table = pd.DataFrame(rows, columns=names).astype(
        dict.fromkeys(("orders", "paid", "refunded", "returned"), "float64")
        | {"cohort": "str", "offset": "int64", "complete": "bool"}
    )
    table["dropout"] = ratio(table["refunded"], table["orders"])
    table["value_rate"] = ratio(table["returned"], table["paid"])
    table["status"] = sample_status(table["orders"], "no_orders")
    if not found.known:
        table[["refunded", "dropout", "returned", "value_rate"]] = float("nan")
        table["status"] = table["status"].where(table["orders"] == 0, "no_refunds")
    return table[[column.name for column in COLUMNS]]


def _months(day: pd.Series) -> pd.Series:
    number: pd.Series = day.dt.year * 12 + day.dt.month
    return number
