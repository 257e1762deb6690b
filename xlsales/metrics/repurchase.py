"""Repurchase: how many customers came back within a year, and how soon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import NAMES
from xlsales.metrics._purchases import EPOCH, purchase_rows, visited
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import Look, aligned, distinct, in_order, names, scopes
from xlsales.metrics._stats import ratio, sample_status, share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("customers", "count", "客户数", "Customers"),
    Out("repeaters", "count", "复购客户", "Repeat customers"),
    Out("repurchase", "percent", "复购率", "Repurchase rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("orders_per_customer", "number", "人均下单次数", "Orders per customer"),
    Out("median_days", "days", "复购间隔中位数", "Median days to 2nd order"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("status", "text", "状态", "Status"),
)


def _came(visit: int | None = None) -> Trace:
    """Customers of the look-back window who came on that many days, by their row of the last of these.

    Without a number all their days, each by a row of it.
    """

    def trace(asked: Asked) -> Behind:
        end = asked.window.end
        start = shift_months(end + timedelta(1), -asked.options["window_months"])
        bought = purchase_rows(asked)
        bought = bought[(bought["day"].dt.date >= start) & (bought["day"].dt.date <= end)]
        days = bought.drop_duplicates(["customer_id", "day"])
        if visit is not None:
            days = days[days.groupby("customer_id").cumcount() == visit - 1]
        return trail.added(days.assign(part=1.0))

    return trace


RATE = trail.over(_came(2), _came(1))
BEHIND = {
    "customers": _came(1),
    "repeaters": _came(2),
    "repurchase": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "orders_per_customer": trail.over(_came(), _came(1)),
    "median_days": trail.of(_came(2)),
    "previous": trail.earlier(RATE),
    "change": trail.less(RATE, trail.earlier(RATE)),
}


@metric(
    "repurchase",
    zh="复购率",
    en="Repurchase rate",
    definition_zh="截至期末的近 12 个月内，在两个及以上不同日期下单的客户 ÷ 有下单的客户；"
    "人均下单次数 = 下单的天数 ÷ 客户数，一天内多单算一次；间隔为第一次到第二次下单日的天数中位数。"
    "不计已取消、已退款、待付款和金额不为正的订单；无客户的订单不计。",
    definition_en="In the 12 months up to the end of the period, customers with orders on two or more days / "
    "customers with orders; orders per customer are their days with orders / customers, orders of one day "
    "being one; the gap is the median of the days from the first to the second. Cancelled, "
    "refunded, pending and non-positive orders and orders without a customer do not count.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option("window_months", "回看多少个月", "how many months to look back over"),
        Option(
            "by",
            "分行维度，最多三个；month 为窗口截止月",
            "up to three dimensions; month is the one the window ends with",
            ("month", *NAMES[:-1]),
        ),
    ),
    rows=(70,),
    behind=BEHIND,
)
def repurchase(
    orders: Frame, *, scope: Scope, window_months: int = 12, by: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Customers of the window of ``window_months`` that ends with the period, or with the data within it.

    Days, not orders, are counted: two orders of one day are one visit. ``repurchase`` is repeaters /
    customers with its Wilson 95% interval; ``orders_per_customer`` are the customers' days of buying in the
    window / customers; ``median_days`` (of an even number of gaps the mean of the
    middle two) is over the repeaters' gaps from their first to their second day in the window. By a
    product, a rep, a region ... it is that one they come back to, so a customer of two counts in both
    and the rows do not add up. ``previous`` is the same window, ended with the period before. See
    ``_purchases`` for what a purchase is.

    ``status``: ``no_customers``, ``small_sample`` (fewer than 30).
    """
    import pandas as pd

    compared = _windows(scope, by, window_months)
    days, labels = visited(orders, scope, names(by))
    parts = []
    for number, look in enumerate(distinct(compared)):
        start, end = ((day - EPOCH).days for day in (look.window.start, look.window.end))
        within = (days["day"] >= start) & (days["day"] <= end)
        first = days[within & (days["before"] < start)]
        gap = (first["after"] - first["day"]).where(first["after"] <= end)
        sums = gap.groupby(first["group"]).agg(["size", "count", "median"])
        sums = sums.set_axis(["customers", "repeaters", "median_days"], axis=1)
        parts.append(sums.assign(visits=days.loc[within, "group"].value_counts(), look=number))
    found = pd.concat(parts)
    named = labels.take(found.index.to_numpy("int64"))
    found = pd.concat([one.reset_index(drop=True) for one in (named, found)], axis=1)
    roles = aligned(found, compared, by)
    rows = share(roles["current"], "repurchase", "repeaters", "customers", roles["previous"])
    rows["orders_per_customer"] = ratio(rows["visits"], rows["customers"])
    rows["median_days"] = rows["median_days"].where(rows["repeaters"] > 0)
    rows["status"] = sample_status(rows["customers"], "no_customers")
    return in_order(rows, by, "customers")[[*by, *(column.name for column in COLUMNS)]]


def _windows(scope: Scope, by: Sequence[str], months: int) -> list[Look]:
    """Per row of the result, the window that ends with its period and the one of the period before."""

    def ending(role: str, row: str, end: date) -> Look:
        return Look(role, row, Window(shift_months(end + timedelta(1), -months), end), end)

    found = []
    for row, about in scopes(scope, by):
        found.append(ending("current", row, about.current.end))
        found.append(ending("previous", row, about.previous.end))
    return found
