"""One measure of each unit against its target, its past and its peers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import PLACES, first_day, revenue, summed
from xlsales.metrics._growth import compared, covered, span
from xlsales.metrics._reach import money_reach
from xlsales.metrics._slices import in_order, scopes
from xlsales.metrics._targets import NAMES, aim, known_throughout, stated, targets_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

AGAINST = (
    ("target", "目标", "Target"),
    ("previous", "上期", "Previous"),
    ("year_ago", "去年同期", "Year ago"),
    ("mean", "同类均值", "Mean of peers"),
    ("best", "同类最好", "Best peer"),
)

COLUMNS = (
    Out("value", "number", "数值", "Value"),
    *(
        out
        for name, zh, en in AGAINST
        for out in (
            Out(name, "number", zh, en),
            Out(f"{name}_gap", "number", f"比{zh}", f"{en}, gap"),
            Out(f"{name}_rate", "percent", f"比{zh}（%）", f"{en}, gap %"),
        )
    ),
    Out("rank", "count", "名次", "Rank"),
    Out("contribution", "percent", "变化贡献", "Share of change"),
    Out("status", "text", "环比说明", "MoM status"),
)

VALUES = {
    "amount": trail.money(),
    "orders": trail.orders(),
    "customers": trail.customers(),
    "aov": trail.over(trail.money(), trail.orders()),
}


def _value(asked: Asked) -> Behind:
    return VALUES[str(asked.options["measure"])](asked)


def _base(role: str) -> Trace:
    """The measure of an earlier period; see ``_by_calendar``."""

    def trace(asked: Asked) -> Behind:
        by_calendar = "month" in asked.row and _unaligned(str(asked.options["measure"]))
        scope = _by_calendar(asked.scope) if by_calendar else asked.scope
        return trail.earlier(_value, role)(replace(asked, scope=scope))

    return trace


def _contribution(asked: Asked) -> Behind:
    """Money adds up over names; an order may be in several of them, and a month has a base of its own."""
    gap = trail.less(_value, _base("previous"))
    share = trail.over(gap, trail.whole(gap))
    months = asked.whole is not None and asked.whole.period != asked.scope.period
    alone = asked.options["measure"] != "amount" or months
    return trail.of(share)(asked) if alone else share(asked)


def _peers(asked: Asked) -> list[tuple[float, Asked]]:
    """The value of each row with a name, and it as asked for by itself."""
    whole, tables = asked.whole or asked.scope, asked.tables
    names = tuple(name for name, values in asked.scope.filters if (name, values) not in whole.filters)
    payments, refunds = tables.get("payments"), tables.get("refunds")
    measure = asked.options["measure"]
    rows = comparison(tables["orders"], None, payments, refunds, scope=whole, measure=measure, by=names)
    found = []
    for row in rows[(rows[list(names)] != "").any(axis=1)].to_dict("records"):
        chosen = tuple((name, (row[name],)) for name in names)
        about = replace(whole, filters=(*whole.filters, *chosen))
        found.append((float(row["value"]), replace(asked, scope=about)))
    return found


def _mean(asked: Asked) -> Behind:
    """The values of all peers over how many there are."""
    peers = [one for _, one in _peers(asked)]
    return trail.scaled(lambda _: trail.together(map(_value, peers)), lambda _: 1 / len(peers))(asked)


def _best(asked: Asked) -> Behind:
    """The value of the largest of the peers."""
    return _value(max(_peers(asked), key=lambda one: one[0])[1])


BEHIND = {
    "value": _value,
    **{
        name: trace
        for role, base in (
            ("target", aim),
            ("previous", _base("previous")),
            ("year_ago", _base("year_ago")),
            ("mean", _mean),
            ("best", _best),
        )
        for name, trace in (
            (role, base),
            (f"{role}_gap", trail.less(_value, base)),
            (f"{role}_rate", trail.over(trail.less(_value, base), base)),
        )
    },
    "rank": trail.of(trail.whole(_value)),
    "contribution": _contribution,
}


@metric(
    "comparison",
    zh="对比分析",
    en="Comparison",
    definition_zh="同一指标对目标、上期、去年同期、同类均值、同类最好："
    "差额，差率 =（本值 - 比较值）÷ 比较值；变化贡献 = 该行比上期的变化 ÷ 全部变化。",
    definition_en="One measure against target, previous period, year ago, mean and best of the peers: gap, "
    "and gap / what it is compared with; share of change = the row's change / the whole change.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option(
            "measure",
            "比较什么：amount 销售额，orders 订单数，customers 客户数，aov 笔单价",
            "amount: sales; orders; customers; aov: amount per order",
            ("amount", "orders", "customers", "aov"),
        ),
        Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),
    ),
    rows=(28,),
    behind=BEHIND,
)
def comparison(
    orders: Frame,
    targets: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    measure: Literal["amount", "orders", "customers", "aov"] = "amount",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The measure of the period as far as the data reach; bases, cuts and ``status`` as in ``sales``.

    Targets are those of ``attainment`` and only of the amount; a target for less than the whole period, or
    not above zero, is none, and an open period is compared with its whole target. Peers are the rows with a
    name, of the same month where months stand beside names: the blank bucket has no rank and is nobody's
    peer, and less than two peers have no mean and no best. Rates are blank unless what they compare with is
    above zero. Equal values share a rank. Months of customers and of averages, which do not add up, are never
    aligned to the Spring Festival. ``contribution`` is blank where nothing changed in all.

    Months in order, names by value, largest first.
    """
    import numpy as np
    import pandas as pd

    if "month" in by and _unaligned(measure):
        scope = _by_calendar(scope)
    lines = revenue(orders, payments, refunds, scope, by)
    start = first_day(lines)
    about = dict(scopes(scope, by))
    if "month" in by:
        about = {month: part for month, part in about.items() if covered(part.current, start)}
    titles = [*by, *(column.name for column in COLUMNS)]
    if not about:
        return pd.DataFrame(columns=titles)

    def measured(window: Window) -> Amounts:
        return _measured(lines, window, by, measure)

    reach = money_reach(orders, payments, refunds, scope)
    rows = compared({"value": measured(span(about, "current"))}, measured, "value", about, by, reach)
    rows = rows.rename(columns={"change": "previous_gap", "mom": "previous_rate"})
    rows = rows.rename(columns={"yoy_change": "year_ago_gap", "yoy": "year_ago_rate"})
    rows["target"] = _targets(rows, orders, targets, scope, by) if measure == "amount" else np.nan
    month = rows["month"] if "month" in by and len(by) > 1 else pd.Series("", rows.index)
    names = [name for name in by if name != "month"]
    named = (rows[names] != "").any(axis=1) if names else pd.Series(data=False, index=rows.index)
    peers = rows["value"].where(named).groupby(month)
    enough = peers.transform("count") > 1
    rows["mean"] = peers.transform("mean").where(enough & named).round(PLACES)
    rows["best"] = peers.transform("max").where(enough & named)
    for name in ("target", "mean", "best"):
        rows[f"{name}_gap"] = (rows["value"] - rows[name]).round(PLACES)
        rows[f"{name}_rate"] = rows[f"{name}_gap"] / rows[name].where(rows[name] > 0)
    rows["rank"] = peers.rank(method="min", ascending=False)
    whole = rows["previous_gap"].groupby(month).transform("sum").round(PLACES)
    additive = measure in ("amount", "orders")
    rows["contribution"] = rows["previous_gap"] / whole.where((whole != 0) & additive)
    return in_order(rows, by, "value")[titles]


def _unaligned(measure: str) -> bool:
    """Whether months of the measure do not add up, so that days of two of them cannot be taken together."""
    return measure in ("customers", "aov")


def _by_calendar(scope: Scope) -> Scope:
    return replace(scope, policy=replace(scope.policy, spring_festival="calendar"))


def _measured(lines: nw.LazyFrame[Any], window: Window, by: Sequence[str], measure: str) -> Amounts:
    found = summed(lines, window, by, counts=True)
    if measure != "aov":
        return found[measure]
    return {key: found["amount"][key] / orders for key, orders in found["orders"].items() if orders}


def _targets(
    rows: pd.DataFrame, orders: Frame, targets: Frame | None, scope: Scope, by: Sequence[str]
) -> NDArray[np.float64]:
    """The target of each row; blank where none is stated for all of it."""
    import numpy as np

    if targets is None or not set(by) <= {"month", *NAMES}:
        return np.full(len(rows), np.nan)
    goals = stated(targets, orders, scope)
    aims = targets_by(goals, scope, tuple(by))
    keys = list(rows[list(by)].itertuples(index=False, name=None)) if by else [()] * len(rows)
    found = np.array([aims.get(key, np.nan) for key in keys], "float64")
    partial = "month" not in by and not known_throughout(goals, scope)
    return np.where((found > 0) & (not partial), found, np.nan)
