"""New customers, and how much of the sales comes from new and how much from existing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._beginnings import (
    KINDS,
    beginnings,
    begun_in,
    brought,
    by_kind,
    history_word,
    known_history,
    sold_to,
)
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import COUNTED, first_day, revenue, summed, windowed
from xlsales.metrics._growth import compared, covered, span
from xlsales.metrics._reach import orders_reach
from xlsales.metrics._slices import in_order, names, scopes, sliced

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
    Out("new_customers", "count", "新增客户数", "New customers"),
    Out("new_amount", "money", "新客户销售额", "Sales to new"),
    Out("existing_customers", "count", "老客户数", "Existing customers"),
    Out("existing_amount", "money", "老客户销售额", "Sales to existing"),
    Out("anonymous_amount", "money", "无客户销售额", "Sales to nobody known"),
    Out("new_share", "percent", "新客户占比", "Share of new"),
    Out("previous", "count", "上期新增", "Previous"),
    Out("change", "count", "变化", "Change"),
    Out("mom", "percent", "环比", "MoM"),
    Out("status", "text", "环比说明", "MoM status"),
    Out("year_ago", "count", "去年同期新增", "Year ago"),
    Out("yoy", "percent", "同比", "YoY"),
    Out("yoy_status", "text", "同比说明", "YoY status"),
    Out("history", "text", "历史说明", "History"),
)


def _existing(asked: Asked) -> Behind:
    """Existing customers of the window, each by the first of his rows."""
    rows = sold_to(asked, "existing")
    return trail.added(rows[rows["sale"]].drop_duplicates("customer_id").assign(part=1.0))


def _known(asked: Asked) -> Behind:
    """Money of the window from customers who are known."""
    return trail.less(trail.money(), brought("anonymous"))(asked)


EARLIER, YEAR_AGO = trail.earlier(begun_in), trail.earlier(begun_in, "year_ago")
BEHIND = {
    "new_customers": begun_in,
    "new_amount": brought("new"),
    "existing_customers": _existing,
    "existing_amount": brought("existing"),
    "anonymous_amount": brought("anonymous"),
    "new_share": trail.over(brought("new"), _known),
    "previous": EARLIER,
    "change": trail.less(begun_in, EARLIER),
    "mom": trail.over(trail.less(begun_in, EARLIER), EARLIER),
    "year_ago": YEAR_AGO,
    "yoy": trail.over(trail.less(begun_in, YEAR_AGO), YEAR_AGO),
}


@metric(
    "new_customers",
    zh="新增客户数",
    en="New customers",
    definition_zh="有史以来第一张净额为正的订单落在本期的客户数（首单全额退款的不算）；"
    "新客户占比 = 新客户销售额 ÷（新客户 + 老客户销售额）。",
    definition_en="Customers whose first order ever with a positive net amount lies in the period (a first "
    "order refunded in full is none); share of new = sales to new / (sales to new + to existing customers).",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),),
    rows=(44, 45),
    behind=BEHIND,
)
def new_customers(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Customers who begin in the period, and the sales of the period by who bought.

    A customer begins with the first order that is worth more than nothing after the refunds known by
    ``scope.as_of``, in the whole history and whatever the filters and the basis. Counts of new customers
    go by the names of that order (of its largest line). Sales are those of ``sales`` on the basis of the
    scope, by their own names: to existing customers, who began before the period (with the month in
    ``by``: before the month), to new ones, which is everybody else known, and to nobody known, where a
    line has neither customer id nor name, or one of whoever came by (散客, walk-in); the three add up to
    ``sales``.

    Growth is that of new_customers: see ``_growth``. history is short_history where the data begin less
    than twelve months before the period, so that old customers may look new. Without any known customer
    the numbers about customers are blank. Months come in order, names by new_customers, largest first.
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    asked = tuple(names((*by, *dict(scope.filters))))
    history = known_history(orders, payments, refunds, scope.as_of, asked)
    start = first_day(history)
    lines = revenue(orders, payments, refunds, scope, by)
    days = [day for day in (start, first_day(lines)) if day is not None]
    about = dict(scopes(scope, by))
    if "month" in by:  # money whose order nobody knows may lie before all that is known
        about = {
            month: part for month, part in about.items() if covered(part.current, min(days, default=None))
        }
    titles = [*by, *(column.name for column in COLUMNS)]
    if not about:
        return pd.DataFrame(columns=titles)

    begun = beginnings(history, asked)
    newcomers = begun.with_columns(date=nw.col("begun"), amount=nw.lit(1.0))
    newcomers = sliced(newcomers, scope, by)
    window = span(about, "current")
    lines = windowed(lines.select("date", "amount", *COUNTED, *names(by)), window)
    lines = by_kind(lines, begun, scope.period.start, "month" in by)

    def count(window: Window) -> Amounts:
        return summed(newcomers, window, by)["amount"]

    def of_kind(kind: str, number: str) -> Amounts:
        return {key[:-1]: amount for key, amount in sold[number].items() if key[-1] == kind}

    sold = summed(lines, window, (*by, "kind"), counts=True)
    now = {f"{kind}_amount": of_kind(kind, "amount") for kind in KINDS}
    now |= {"new_customers": count(window), "existing_customers": of_kind("existing", "customers")}
    reach = orders_reach(orders, scope)
    rows = compared(now, count, "new_customers", about, by, reach)
    both = rows["new_amount"] + rows["existing_amount"]
    rows["new_share"] = rows["new_amount"] / both.where(both > 0)
    rows["history"] = _history(rows, about, start)
    if first_day(history.filter(~nw.col("customer_id").is_null())) is None:
        rows[[name for name in titles if name not in (*by, "anonymous_amount", "history")]] = np.nan
        rows = rows.assign(status="no_customers", yoy_status="no_customers")
    return in_order(rows, by, "new_customers")[titles]


def _history(rows: pd.DataFrame, about: Mapping[str, Scope], start: datetime | None) -> pd.Series:
    import pandas as pd

    words = {key: history_word(part, start) for key, part in about.items()}
    return rows.get("month", pd.Series("", rows.index)).map(words)
