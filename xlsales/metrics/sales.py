"""Sales by month and any dimensions, against the period before and the year before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of
from xlsales.metrics._catalogue import DIMENSIONS, PERIODS, Option, Out, metric
from xlsales.metrics._facts import first_day, revenue, summed
from xlsales.metrics._growth import compared, covered, span
from xlsales.metrics._reach import money_reach
from xlsales.metrics._slices import TIMES, in_order, scopes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._reach import Reach
    from xlsales.metrics._scope import Scope

MONTHS = {"quarter": 3, "year": 12}
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
    Out("daily", "money", "工作日日均", "Per working day"),
    Out("daily_mom", "percent", "日均环比", "MoM per day"),
    Out("daily_yoy", "percent", "日均同比", "YoY per day"),
    Out("cagr", "percent", "年复合增长", "CAGR"),
    Out("cagr_years", "count", "复合年数", "CAGR years"),
)

AMOUNT = trail.money()
PREVIOUS, YEAR_AGO = trail.earlier(AMOUNT), trail.earlier(AMOUNT, "year_ago")
DAILY = trail.per_day(AMOUNT)


def _years_ago(asked: Asked) -> Behind:
    """Sales of the period that the yearly growth begins with."""
    return AMOUNT(replace(asked, window=asked.scope.ago(int(asked.row["cagr_years"]))))


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
    "daily": DAILY,
    "daily_mom": trail.over(trail.less(DAILY, trail.earlier(DAILY)), trail.earlier(DAILY)),
    "daily_yoy": trail.over(
        trail.less(DAILY, trail.earlier(DAILY, "year_ago")), trail.earlier(DAILY, "year_ago")
    ),
    "cagr": trail.of(trail.plus(AMOUNT, _years_ago)),
}


@metric(
    "sales",
    zh="销售额",
    en="Sales",
    definition_zh="按所选口径（签约额、净额、实收）对计入的金额求和，"
    "不含已取消、已退款的订单，待付款的只在实收中按已付金额计；"
    "环比、同比 =（本期 - 基期）÷ 基期，期间未结束时按相同工作日进度比较；日均 = 销售额 ÷ 工作日。",
    definition_en="Sum of the amounts that count on the chosen basis (signed, net, cash), without cancelled "
    "and refunded orders, pending ones in cash alone, by what was paid; growth = (current - base) / base, up "
    "to the same working day while the period is open; per day "
    "= sales / working days; CAGR = (current / the same period n years ago) ^ (1 / n) - 1.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", (*DIMENSIONS, *PERIODS)),),
    rows=(23, 24, 25, 26, 32, 37),
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
    Quarters and years of the fiscal calendar in ``by`` are so many scopes, each with bases of its own.
    Months come in order, names by amount, largest first, equal ones by name.

    ``daily`` counts working days with make-up Saturdays, so its growth is free of how many a period has.
    ``cagr`` goes back to the first year whose same period the data hold whole, two years at
    least; blank unless both ends are above zero, and for months.
    """
    import pandas as pd

    for unit in PERIODS:
        if unit in by:
            return _by_fiscal(orders, payments, refunds, scope, by, unit)
    lines = revenue(orders, payments, refunds, scope, by)
    start = first_day(lines)
    about = dict(scopes(scope, by))
    if "month" in by:
        about = {month: part for month, part in about.items() if covered(part.current, start)}
    names = [*by, *(column.name for column in COLUMNS)]
    if not about:
        return pd.DataFrame(columns=names)
    now = summed(lines, span(about, "current"), by, counts=True)
    reach = money_reach(orders, payments, refunds, scope)
    rows = compared(now, lambda window: summed(lines, window, by)["amount"], "amount", about, by, reach)
    rows["aov"] = rows["amount"] / rows["orders"].where(rows["orders"] > 0)
    rows["share"] = _share(rows, by)
    rows = rows.assign(**_daily(rows, about, by), **_compound(rows, lines, scope, by, reach))
    return in_order(rows, by, "amount")[names]


def _share(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    amount = rows["amount"]
    times = [name for name in by if name in TIMES]
    apart = [rows[name] for name in times] if 0 < len(times) < len(by) else amount.notna()
    whole = amount.groupby(apart).transform("sum")
    return amount / whole.where(whole > 0)


def _by_fiscal(
    orders: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    by: tuple[str, ...],
    unit: str,
) -> pd.DataFrame:
    """The sales of each quarter or year of the period, under its name."""
    import pandas as pd

    inner = tuple(name for name in by if name != unit)
    start = first_day(revenue(orders, payments, refunds, scope, by=()))
    parts = scope.by_fiscal(MONTHS[unit]).items()
    found = [
        sales(orders, payments, refunds, scope=part, by=inner).assign(**{unit: name})
        for name, part in parts
        if covered(part.current, start)
    ]
    titles = [*by, *(column.name for column in COLUMNS)]
    if not found:
        return pd.DataFrame(columns=titles)
    rows = pd.concat(found, ignore_index=True)
    rows["share"] = _share(rows, by)
    return in_order(rows, by, "amount")[titles]


def _daily(rows: pd.DataFrame, about: Mapping[str, Scope], by: Sequence[str]) -> dict[str, pd.Series]:
    """Sales per working day, and how they have grown; blank without a working day or a base above zero."""
    import pandas as pd

    month = rows["month"] if "month" in by else pd.Series("", rows.index)

    def per_day(value: str, role: str) -> pd.Series:
        windows = {name: getattr(part, role) for name, part in about.items()}
        days = {
            name: part.calendar.between(windows[name].start, windows[name].end)
            for name, part in about.items()
        }
        worked = month.map(days).astype("float64")
        return rows[value] / worked.where(worked > 0)

    daily, previous, year_ago = (
        per_day(value, role)
        for value, role in (("amount", "current"), ("previous", "previous"), ("year_ago", "year_ago"))
    )
    return {
        "daily": daily,
        "daily_mom": daily / previous.where(previous > 0) - 1,
        "daily_yoy": daily / year_ago.where(year_ago > 0) - 1,
    }


def _compound(
    rows: pd.DataFrame, lines: nw.LazyFrame[Any], scope: Scope, by: Sequence[str], reach: Reach
) -> dict[str, pd.Series]:
    """The yearly growth since the earliest same period, and over how many years."""
    import numpy as np
    import pandas as pd

    years = 0 if "month" in by else _years(scope, reach)
    blank = pd.Series(np.nan, rows.index)
    if years < 2:
        return {"cagr": blank, "cagr_years": blank}
    base = summed(lines, scope.ago(years), by)["amount"]
    keys = list(rows[list(by)].itertuples(index=False, name=None)) if by else [()]
    then = pd.Series(column_of(keys, base), rows.index)
    grown = rows["amount"].where(rows["amount"] > 0) / then.where(then > 0)
    return {"cagr": grown ** (1 / years) - 1, "cagr_years": blank.mask(grown.notna(), float(years))}


def _years(scope: Scope, reach: Reach) -> int:
    """How many years back the data hold the same period whole."""
    years = 0
    while reach.holds(scope.ago(years + 1)):
        years += 1
    return years
