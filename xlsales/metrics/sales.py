"""Sales by month and any dimensions, against the period before and the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import first_day, revenue, summed
from xlsales.metrics._growth import compared, covered, span
from xlsales.metrics._slices import in_order, scopes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("amount", "money", "销售额", "Sales"),
    Out("orders", "count", "订单数", "Orders"),
    Out("customers", "count", "客户数", "Customers"),
    Out("aov", "money", "客单价", "Average order"),
    Out("share", "percent", "占比", "Share"),
    Out("previous", "money", "上期", "Previous"),
    Out("change", "money", "变化", "Change"),
    Out("mom", "percent", "环比", "MoM"),
    Out("status", "text", "环比说明", "MoM status"),
    Out("year_ago", "money", "去年同期", "Year ago"),
    Out("yoy", "percent", "同比", "YoY"),
    Out("yoy_status", "text", "同比说明", "YoY status"),
)

AMOUNT = trail.money()
PREVIOUS, YEAR_AGO = trail.earlier(AMOUNT), trail.earlier(AMOUNT, "year_ago")
BEHIND = {
    "amount": AMOUNT,
    "orders": trail.orders(),
    "customers": trail.customers(),
    "aov": trail.over(AMOUNT, trail.orders()),
    "share": trail.over(AMOUNT, trail.whole(AMOUNT)),
    "previous": PREVIOUS,
    "change": trail.less(AMOUNT, PREVIOUS),
    "mom": trail.over(trail.less(AMOUNT, PREVIOUS), PREVIOUS),
    "year_ago": YEAR_AGO,
    "yoy": trail.over(trail.less(AMOUNT, YEAR_AGO), YEAR_AGO),
}


@metric(
    "sales",
    zh="销售额",
    en="Sales",
    definition_zh="按所选口径（签约额、净额、实收）对计入的金额求和，不含已取消订单；"
    "环比、同比 =（本期 - 基期）÷ 基期，期间未结束时按相同工作日进度比较",
    definition_en="sum of the amounts that count on the chosen basis (signed, net, cash), without cancelled "
    "orders; growth = (current - base) / base, up to the same working day while the period is open",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),),
    rows=(23, 24, 25, 26, 32),
    behind=BEHIND,
)
def sales(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Amount, orders and customers of the period as far as the data reach, and growth with its base.

    What counts as money, order and customer is said in ``_facts``; bases, growth and its statuses in
    ``_growth``. ``aov`` is amount / orders, so on the net basis it is net of refunds. ``share`` is of the
    month's total where months stand beside names, else of the whole; blank unless that is above zero.

    With the month in ``by``, previous is the month before and year_ago the same month a year earlier.
    Months run from the first one with data to the last one begun, and an empty one in between reads 0.
    Months come in order, names by amount, largest first, equal ones by name.
    """
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, by)
    start = first_day(lines)
    about = dict(scopes(scope, by))
    if "month" in by:
        about = {month: part for month, part in about.items() if covered(part.current, start)}
    names = [*by, *(column.name for column in COLUMNS)]
    if not about:
        return pd.DataFrame(columns=names)
    now = summed(lines, span(about, "current"), by, counts=True)
    rows = compared(now, lambda window: summed(lines, window, by)["amount"], "amount", about, by, start)
    rows["aov"] = rows["amount"] / rows["orders"].where(rows["orders"] > 0)
    rows["share"] = _share(rows, by)
    return in_order(rows, by, "amount")[names]


def _share(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    amount = rows["amount"]
    apart = rows["month"] if "month" in by and len(by) > 1 else amount.notna()
    whole = amount.groupby(apart).transform("sum")
    return amount / whole.where(whole > 0)
