"""Customer retention: of the customers who first bought in a month, how many buy in the months after."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._purchases import purchase_days, purchase_rows
from xlsales.metrics._scope import month_of, shift_months
from xlsales.metrics._stats import ratio, sample_status

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("cohort", "month", "批次", "Cohort"),
    Out("size", "count", "人数", "Size"),
    Out("offset", "count", "第几月", "Month"),
    Out("active", "count", "回购人数", "Active"),
    Out("retention", "percent", "留存率", "Retention"),
    Out("complete", "count", "当月已结束", "Month over"),
    Out("status", "text", "状态", "Status"),
)


def _bought(*, later: bool) -> Trace:
    """Customers of the cohort of the row, by their first purchase in it or in the month of its offset."""

    def trace(asked: Asked) -> Behind:
        bought = purchase_rows(asked)
        months = bought["day"].dt.strftime("%Y-%m")
        cohort = months.groupby(bought["customer_id"]).transform("min")
        start = date.fromisoformat(f"{asked.row['cohort']}-01")
        month = shift_months(start, int(asked.row["offset"]) if later else 0)
        rows = bought[(cohort == asked.row["cohort"]) & (months == f"{month:%Y-%m}")]
        return trail.added(rows.drop_duplicates("customer_id").assign(part=1.0))

    return trace


BEHIND = {
    "size": _bought(later=False),
    "active": _bought(later=True),
    "retention": trail.over(_bought(later=True), _bought(later=False)),
}


@metric(
    "retention",
    zh="客户留存率",
    en="Customer retention",
    definition_zh="按首次下单月分批，第 k 月留存率 = 首单后第 k 个自然月有下单的客户 ÷ 该批客户数。"
    "不计已取消、已退款、待付款和金额不为正的订单；无客户的订单不计。",
    definition_en="Cohorts by month of the first order; retention in month k = customers who order in the "
    "k-th calendar month after it / customers of the cohort. Cancelled, refunded, pending and non-positive "
    "orders and orders without a customer do not count.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option("months", "向前多少个批次、向后多少个月", "how many cohorts back, and how many months on"),
    ),
    rows=(68,),
    behind=BEHIND,
)
def retention(orders: Frame, *, scope: Scope, months: int = 12) -> pd.DataFrame:
    """One row per cohort and month after it, as far as ``scope.as_of`` has come; see ``_purchases``.

    The cohorts are the ``months`` calendar months before the last month of the period, from the first
    one that has customers. ``offset`` runs from 1 to ``months``; a month that has not begun by
    ``scope.as_of`` has no row, and one that is not over is not ``complete``: its number will still rise.
    Each month stands alone, so a customer may be away in one and back in the next.

    Under a filter the first order is the first one that passes it. Who bought before the data begin is
    taken for a new customer of the month of the first order seen.

    ``status``: ``no_customers`` (nobody began in that month), ``small_sample`` (size below 30).
    """
    import narwhals as nw
    import pandas as pd

    bought = (
        purchase_days(orders, scope).select("customer_id", month=nw.col("day").dt.truncate("1mo")).unique()
    )
    counts = (
        bought.with_columns(cohort=nw.col("month").min().over("customer_id"))
        .group_by("cohort", "month")
        .agg(nw.len().alias("active"))
        .collect("pandas")
        .to_pandas()
    )
    active = {
        (cohort.date(), month.date()): int(n)
        for cohort, month, n in zip(counts["cohort"], counts["month"], counts["active"], strict=True)
    }
    last = scope.current.end.replace(day=1)
    first = min((cohort for cohort, _ in active), default=last)
    rows = []
    for back in range(months, 0, -1):
        cohort = shift_months(last, -back)
        for offset in range(1, months + 1):
            month = shift_months(cohort, offset)
            if cohort >= first and month <= scope.as_of:
                rows.append(
                    (
                        f"{cohort:%Y-%m}",
                        active.get((cohort, cohort), 0),
                        offset,
                        active.get((cohort, month), 0),
                        month_of(month).end <= scope.as_of,
                    )
                )
    found = pd.DataFrame(rows, columns=["cohort", "size", "offset", "active", "complete"])
    found = found.astype(
        {"cohort": "str", "size": "float64", "offset": "int64", "active": "float64", "complete": "bool"}
    )
    found["retention"] = ratio(found["active"], found["size"])
    found["status"] = sample_status(found["size"], "no_customers")
    return found[[column.name for column in COLUMNS]]
