"""Gross margin: what is left of the revenue after the cost of what was sold, where the cost is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric, says
from xlsales.metrics._facts import PLACES, first_day, ordered_in, revenue, summed, summed_each
from xlsales.metrics._growth import covered, span
from xlsales.metrics._once import aside, once
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import in_order, scopes
from xlsales.metrics._stats import ratio
from xlsales.metrics._tagged import tagged, tagged_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Scope

COLUMNS = (
    Out("amount", "money", "销售额", "Sales"),
    Out("covered", "money", "有成本的销售额", "Sales with cost"),
    Out("coverage", "percent", "成本覆盖率", "Covered"),
    Out("cost", "money", "成本", "Cost"),
    Out("profit", "money", "毛利", "Gross profit"),
    Out("margin", "percent", "毛利率", "Gross margin"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("basis", "text", "口径", "Basis"),
    Out("status", "text", "状态", "Status"),
)
KNOWN = "known"


def _amount(asked: Asked) -> Behind:
    rows = trail.money_rows(asked, _basis(asked.scope))
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


def _covered(asked: Asked) -> Behind:
    """The money of lines whose cost is known."""
    costed = _of(asked)
    rows = tagged_rows(asked, costed, KNOWN, _basis(asked.scope))
    rows = rows[rows[KNOWN] == KNOWN]
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


def _cost(asked: Asked) -> Behind:
    """The cost of each order line of the window that has one."""
    costed = _of(asked)
    rows = trail.money_rows(replace(asked, tables={"orders": _as_amounts(costed)}), "signed")
    return trail.added(rows.assign(part=rows["amount"]))


def _of(asked: Asked) -> nw.LazyFrame[Any]:
    orders = asked.tables["orders"]
    return _costed(orders, asked.tables.get("products"), _counted(orders))


PROFIT = trail.less(_covered, _cost)
MARGIN = trail.over(PROFIT, _covered)
BEHIND = {
    "amount": _amount,
    "covered": _covered,
    "coverage": trail.over(_covered, _amount),
    "cost": _cost,
    "profit": PROFIT,
    "margin": MARGIN,
    "previous": trail.earlier(MARGIN),
    "change": trail.less(MARGIN, trail.earlier(MARGIN)),
}


@metric(
    "gross_margin",
    zh="毛利率",
    en="Gross margin",
    definition_zh="（净收入 - 成本）÷ 净收入，只算成本已知的收入；成本取订单，没有时取课程单位成本 × 数量；"
    "成本覆盖率 = 有成本的销售额 ÷ 销售额。",
    definition_en="(Net revenue - cost) / net revenue, only of revenue whose cost is known: that of the "
    "order line, else the product's unit cost x quantity; covered = sales with a cost / sales.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),),
    rows=(38,),
    behind=BEHIND,
)
def gross_margin(
    orders: Frame,
    products: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Margin of the period as far as the data reach, on the signed or the net basis.

    The cost of an order line is its own (of the whole line), else the unit cost of its product (by id, or
    by name where either has no id) times the quantity; where orders have no quantities at all, a line is
    one piece. A product with two different costs has none. A line below zero takes its cost away too. Costs
    count on the order date and stay when money is refunded. On the cash basis, for which costs
    have no date, the margin is that of the net basis; ``basis`` says so.

    ``covered`` is the revenue of lines with a cost, refunds of their orders taken off. ``previous`` is the
    margin of the period before, cut at the same working day. status: no_cost where nothing is covered,
    not_positive where the covered revenue is not above zero, part_covered below 99.5 % of the sales,
    else "".
    """
    import numpy as np
    import pandas as pd

    about = replace(scope, basis=_basis(scope))
    lines = revenue(orders, payments, refunds, about, by)
    start = first_day(lines)
    periods = dict(scopes(scope, by))
    if "month" in by:
        periods = {month: part for month, part in periods.items() if covered(part.current, start)}
    titles = [*by, *(column.name for column in COLUMNS)]
    if not periods:
        return pd.DataFrame(columns=titles)

    whole = span(periods, "current")
    with aside():  # where months are asked for, this is nearly as much as the whole table
        near = ordered_in(orders, _around(periods.values())) if about.basis == "signed" else orders
        stated = any(one is not None and says(one, "cost") for one in (orders, products))
        costed = _costed(near if stated else _none_of(orders), products, _counted(orders))
        sold = _of_no_order(costed) if about.basis == "signed" else costed
        tags = tagged(sold, payments, refunds, about, KNOWN, by)
        costs = revenue(_as_amounts(costed), None, None, replace(about, basis="signed"), by)
        windows = {whole, *(part.previous for part in periods.values())}
        with_cost = summed_each(tags, windows, (*by, KNOWN))
        cost_of = summed_each(costs, windows, by)
    known_in = {
        window: {key[:-1]: amount for key, amount in parts.items() if key[-1] == KNOWN}
        for window, parts in with_cost.items()
    }
    before = _earlier(periods, known_in, cost_of, by)
    amount, known, cost = summed(lines, whole, by)["amount"], known_in[whole], cost_of[whole]
    months = [(month,) for month in periods] if by == ("month",) else []
    keys = sorted({*amount, *known, *months, *([()] if not by else [])})
    rows = rows_of(keys, by).assign(
        amount=column_of(keys, amount, 0.0), covered=column_of(keys, known, 0.0), cost=column_of(keys, cost)
    )
    there = rows["cost"].notna() & pd.Series([key in known for key in keys], rows.index)
    rows["profit"] = (rows["covered"] - rows["cost"]).round(PLACES).where(there)
    rows["cost"] = rows["cost"].where(there)
    rows["margin"] = ratio(rows["profit"], rows["covered"].where(rows["covered"] > 0))
    rows["coverage"] = ratio(rows["covered"], rows["amount"].where(rows["amount"] > 0))
    rows["previous"] = column_of(keys, before)
    rows["change"] = rows["margin"] - rows["previous"]
    rows["basis"] = about.basis
    partly = (rows["covered"] < 0.995 * rows["amount"]).to_numpy()
    rows["status"] = np.select(
        [~there, rows["covered"] <= 0, partly], ["no_cost", "not_positive", "part_covered"], ""
    )
    return in_order(rows, by, "amount")[titles]


def costed_lines(orders: Frame, products: Frame | None) -> nw.LazyFrame[Any] | None:
    """The order lines that have an amount and a cost, with that as ``line_cost``; None where none can have.

    Below zero both are. Their orders are not told apart.
    """
    import narwhals as nw

    if not any(one is not None and says(one, "cost") for one in (orders, products)):
        return None
    costed = _costed(orders, products, _counted(orders))
    return _of_no_order(costed).filter(~nw.col("line_cost").is_null(), ~nw.col("amount").is_null())


def _basis(scope: Scope) -> Basis:
    """Costs have no date of payment, so cash has the margin of net."""
    return "net" if scope.basis == "cash" else scope.basis


def _earlier(
    periods: dict[str, Scope],
    known_in: Mapping[Window, Amounts],
    cost_of: Mapping[Window, Amounts],
    by: tuple[str, ...],
) -> Amounts:
    """The margin of the period before each, under the names of the rows it stands beside."""
    at = by.index("month") if "month" in by else None
    found: Amounts = {}
    for month, part in periods.items():
        known, cost = known_in[part.previous], cost_of[part.previous]
        for key, amount in known.items():
            if amount > 0 and key in cost:
                named = key if at is None else (*key[:at], month, *key[at + 1 :])
                found[named] = (amount - cost[key]) / amount
    return found


def _around(scopes: Iterable[Scope]) -> Window:
    """From the first to the last day that is looked at."""
    windows = [window for scope in scopes for window in (scope.current, scope.previous)]
    return Window(min(one.start for one in windows), max(one.end for one in windows))


@once
def _counted(orders: Frame) -> bool:
    """Whether any order line says how many."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    found = rows.select((~nw.col("quantity").is_null()).any()).collect("pandas").to_pandas()
    return bool(found.iloc[0, 0])


@once
def _none_of(orders: Frame) -> nw.LazyFrame[Any]:
    """The order lines that can have a cost where none is stated."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    return rows.head(0)


@once
def _costed(orders: Frame, products: Frame | None, counted: bool) -> nw.LazyFrame[Any]:
    """The order lines with ``line_cost``, and ``known`` where they have one."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    rows = rows.with_columns(line_cost=nw.col("cost"))
    if products is not None:
        pieces = nw.col("quantity") if counted else nw.lit(1.0)
        by_id, by_name = (_unit_costs(products, key) for key in ("product_id", "product"))
        rows = rows.join(by_id, on="product_id", how="left").join(by_name, on="product", how="left")
        unit = nw.coalesce("cost by product_id", "cost by product")
        rows = rows.with_columns(line_cost=nw.coalesce(nw.col("cost"), unit * pieces))
    size = nw.col("line_cost").abs()
    sign = nw.when(nw.col("amount") < 0).then(-size).otherwise(nw.col("line_cost"))
    return rows.with_columns(
        line_cost=sign, known=nw.when(~nw.col("line_cost").is_null()).then(nw.lit(KNOWN))
    )


@once
def _as_amounts(costed: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The costs in the place of the amounts, so that they go the way that money goes."""
    import narwhals as nw

    there = costed.filter(~nw.col("line_cost").is_null(), ~nw.col("amount").is_null())
    return _of_no_order(there).with_columns(amount=nw.col("line_cost"))


@once
def _of_no_order(costed: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Which order a line is of is not asked where nothing is spread over it, and numbering takes time."""
    import narwhals as nw

    return costed.with_columns(order_id=nw.lit(None).cast(nw.String))


def _unit_costs(products: Frame, key: str) -> nw.LazyFrame[Any]:
    """The cost of each product that has exactly one."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(products).lazy()
    known = rows.select(key, "cost").filter(~nw.col(key).is_null(), ~nw.col("cost").is_null())
    found = known.group_by(key).agg(low=nw.col("cost").min(), high=nw.col("cost").max())
    return found.filter(nw.col("low") == nw.col("high")).select(
        nw.col(key), nw.col("low").alias(f"cost by {key}")
    )
