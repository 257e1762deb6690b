"""Why sales changed: more leads, better conversion, larger customers, or those who buy again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._beginnings import begun_in, brought
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import PLACES, first_day, revenue
from xlsales.metrics._growth import covered
from xlsales.metrics._portfolio import log_mean
from xlsales.metrics._reach import money_reach, reach_of
from xlsales.metrics._slices import in_order, midnight, names, scopes, sliced
from xlsales.metrics._stages import DIMENSIONS as OF_LEADS
from xlsales.metrics.growth_bridge import AGAINST
from xlsales.metrics.new_customers import new_customers

if TYPE_CHECKING:
    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

FACTORS = ("leads", "conversion", "value")
PARTS = (*FACTORS, "undivided", "existing", "anonymous")
"""What the change is made of: these add up to it."""
FACTS = ("leads", "new_customers", "new_amount", "existing_amount", "anonymous_amount")

COLUMNS = (
    Out("base", "money", "基期", "Base"),
    Out("amount", "money", "本期", "Current"),
    Out("change", "money", "变化", "Change"),
    Out("leads", "money", "线索量", "Leads"),
    Out("conversion", "money", "转化", "Conversion"),
    Out("value", "money", "新客客单价", "Value per new customer"),
    Out("undivided", "money", "新客未拆", "New, not divided"),
    Out("existing", "money", "老客", "Existing customers"),
    Out("anonymous", "money", "无客户", "Nobody known"),
    Out("leads_now", "count", "本期线索", "Leads now"),
    Out("leads_base", "count", "基期线索", "Leads then"),
    Out("conversion_now", "percent", "本期新客/线索", "New per lead now"),
    Out("conversion_base", "percent", "基期新客/线索", "New per lead then"),
    Out("value_now", "money", "本期新客客单价", "Value now"),
    Out("value_base", "money", "基期新客客单价", "Value then"),
    Out("status", "text", "状态", "Status"),
)


BY = tuple(name for name in OF_LEADS if name in DIMENSIONS)
"""What both leads and sales can be split by."""


def _moved(trace: Trace) -> Trace:
    return trail.less(trace, trail.against(trace))


AMOUNT, LEADS, NEW = trail.money(), trail.leads(), brought("new")
RATE, VALUE = trail.over(begun_in, LEADS), trail.over(NEW, begun_in)
FACTOR_ROWS = trail.of(trail.plus(trail.plus(LEADS, NEW), trail.against(trail.plus(LEADS, NEW))))
BEHIND = {
    "base": trail.against(AMOUNT),
    "amount": AMOUNT,
    "change": _moved(AMOUNT),
    **dict.fromkeys(FACTORS, FACTOR_ROWS),
    "undivided": trail.of(_moved(NEW)),
    "existing": _moved(brought("existing")),
    "anonymous": _moved(brought("anonymous")),
    "leads_now": LEADS,
    "leads_base": trail.against(LEADS),
    "conversion_now": RATE,
    "conversion_base": trail.against(RATE),
    "value_now": VALUE,
    "value_base": trail.against(VALUE),
}


@metric(
    "driver_bridge",
    zh="驱动因素拆解",
    en="Driver bridge",
    definition_zh="新客销售额 = 线索数 ×（新客数 ÷ 线索数）×（新客销售额 ÷ 新客数），"
    "变化按对数平均（LMDI）分给三者；老客和无客户的变化单列，各项之和恰为总变化。",
    definition_en="Sales to new customers = leads x (new customers / leads) x (sales / new customers); "
    "the change is shared out by logarithmic means (LMDI). Existing customers and nobody known stand "
    "apart; the parts add up to the whole change.",
    needs=("orders.order_date", "orders.amount", "leads.created"),
    columns=COLUMNS,
    options=(AGAINST, Option("by", "分行维度", "one bridge for each", BY)),
    rows=(31,),
    behind=BEHIND,
)
def driver_bridge(
    leads: Frame,
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    against: Literal["previous", "year_ago"] = "previous",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The change of sales taken apart by who bought, that of new customers by what brings them in.

    Leads are those created in the period, new customers and sales to them as in ``new_customers``; their
    quotient is a ratio of what happened in one period, not a cohort's rate, and may exceed 1. The formula is
    that of ``_portfolio.log_mean``. Where a factor is zero or less in either period the change of the sales
    to new customers cannot be shared out and stands in ``undivided``: status ``no_leads``,
    ``no_new_customers``, ``not_positive`` (sales to them). Without any known customer all is ``anonymous``
    (``no_customers``); ``no_base`` where the orders or the leads do not hold the base.

    Months in order, names by change, gains first.
    """
    import narwhals as nw
    import pandas as pd

    created = sliced(leads, scope, by).select("created", *names(by))
    start = first_day(revenue(orders, payments, refunds, scope))
    asked: nw.LazyFrame[Any] = nw.from_native(leads).lazy()
    reaches = (
        money_reach(orders, payments, refunds, scope),
        reach_of(asked.select(date="created", amount=nw.lit(1.0)), scope.calendar),
    )
    found = []
    for row, about in scopes(scope, by):
        base = getattr(about, against)
        reached = all(one.holds(base) for one in reaches)
        if "month" in by and not covered(about.current, start):
            continue
        now = _facts(orders, payments, refunds, created, about.over(about.current), by)
        then = _facts(orders, payments, refunds, created, about.over(base), by) if reached else None
        found.append(_bridged(now, then, row, by))
    titles = [*by, *(column.name for column in COLUMNS)]
    if not found:
        return pd.DataFrame(columns=titles)
    return in_order(pd.concat(found, ignore_index=True), by, "change")[titles]


def _facts(
    orders: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    created: nw.LazyFrame[Any],
    about: Scope,
    by: tuple[str, ...],
) -> pd.DataFrame:
    """Leads, new customers and the sales by kind of customer over one window, by name."""
    import narwhals as nw
    import pandas as pd

    called = names(by)
    sold = new_customers(orders, payments, refunds, scope=about, by=tuple(called))
    start, end = midnight(about.period.start), midnight(about.period.end, 1)
    came = created.filter(nw.col("created") >= start, nw.col("created") < end)
    if not called:
        count = came.select(leads=nw.len()).collect("pandas").to_native()["leads"].iloc[0]
        return sold.assign(leads=float(count))[list(FACTS)]
    counted = came.group_by(*called).agg(leads=nw.len()).collect("pandas").to_pandas()
    counted = counted.astype(dict.fromkeys(called, "str") | {"leads": "float64"})
    return pd.merge(sold, counted, how="outer", on=called).set_index(called)[list(FACTS)]


def _bridged(now: pd.DataFrame, then: pd.DataFrame | None, row: str, by: tuple[str, ...]) -> pd.DataFrame:
    """The bridges between two windows; without the earlier one all that compares is blank."""
    import numpy as np
    import pandas as pd

    called = names(by)
    earlier = (now * 0.0 if then is None else then).add_suffix("_then")
    both = now.add_suffix("_now").join(earlier, how="outer").fillna(0.0).sort_index()
    after, before = (
        {name: both[f"{name}_{when}"].to_numpy("float64") for name in FACTS} for when in ("now", "then")
    )
    moved = {name: np.round(after[name] - before[name], PLACES) for name in FACTS}
    factors = [
        (when["leads"], _ratio(when["new_customers"], when["leads"]),
         _ratio(when["new_amount"], when["new_customers"]))
        for when in (after, before)
    ]  # fmt: skip
    divided = np.all([value > 0 for one in factors for value in one], axis=0)
    effects = _shared_out(*(np.where(divided, one, 1.0) for one in factors))
    parts = {name: np.where(divided, effect, np.nan) for name, effect in zip(FACTORS, effects, strict=True)}
    first_two = np.nan_to_num(parts["leads"]) + np.nan_to_num(parts["conversion"])
    parts["value"] = np.where(divided, np.round(moved["new_amount"] - first_two, PLACES), np.nan)
    parts["undivided"] = np.where(divided, 0.0, moved["new_amount"])
    parts |= {kind: moved[f"{kind}_amount"] for kind in ("existing", "anonymous")}
    amount, base = (
        np.round(sum(when[f"{kind}_amount"] for kind in ("new", "existing", "anonymous")), PLACES)
        for when in (after, before)
    )
    status = np.select(
        [
            divided | ((after["new_amount"] == 0) & (before["new_amount"] == 0)),
            (after["leads"] == 0) | (before["leads"] == 0),
            (after["new_customers"] == 0) | (before["new_customers"] == 0),
        ],
        ["", "no_leads", "no_new_customers"],
        "not_positive",
    )
    rows = pd.DataFrame(
        {
            "base": base,
            "amount": amount,
            "change": np.round(amount - base, PLACES),
            **parts,
            **{
                f"{name}_{when}": values
                for when, one in zip(("now", "base"), factors, strict=True)
                for name, values in zip(FACTORS, one, strict=True)
            },
            "status": status,
        }
    )
    if then is None:
        rows[["base", "change", *PARTS, *(f"{name}_base" for name in FACTORS)]] = np.nan
        rows["status"] = "no_base"
    called_by = both.index.to_frame(index=False) if called else pd.DataFrame(index=rows.index)
    if "month" in by:
        called_by["month"] = row
    return pd.concat([called_by, rows], axis=1)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    return part / np.where(whole > 0, whole, np.nan)


def _shared_out(after: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each factor (first axis) adds to the change of their product."""
    import numpy as np

    weight = log_mean(np.prod(after, axis=0), np.prod(before, axis=0))
    return np.round(weight * np.log(after / before), PLACES)
