"""Where contracts are signed: new ones and renewals by region, in number and worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import NAMES, PLACES, revenue, summed
from xlsales.metrics._slices import in_order
from xlsales.metrics._stats import ratio

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

KINDS = ("new", "renewal")
"""The order types that are told apart; every other one is part of the amount alone."""
TEN_THOUSAND = 10_000
COLUMNS = (
    Out("new_orders", "count", "新签单数", "New orders"),
    Out("new_customers", "count", "新签客户", "New-sign customers"),
    Out("new_amount", "money", "新签金额", "New amount"),
    Out("new_spread", "percent", "占全部新签", "Of all new orders"),
    Out("renewal_orders", "count", "续约单数", "Renewals"),
    Out("renewal_customers", "count", "续约客户", "Renewing customers"),
    Out("renewal_amount", "money", "续约金额", "Renewal amount"),
    Out("renewal_spread", "percent", "占全部续约", "Of all renewals"),
    Out("new_share", "percent", "新签占比", "New / both"),
    Out("amount", "money", "全部金额", "All sales"),
    Out("population", "count", "人口数", "Inhabitants"),
    Out("new_density", "number", "每万人新签", "New per 10,000"),
    Out("renewal_density", "number", "每万人续约", "Renewals per 10,000"),
    Out("status", "text", "状态", "Status"),
)


def _money(kind: str) -> Trace:
    def trace(asked: Asked) -> Behind:
        rows = trail.money_rows(asked)
        rows = rows[rows["type"] == kind]
        return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))

    return trace


def _orders(kind: str) -> Trace:
    """Orders of the kind, each with its first row; a row without an order id is one of its own."""

    def trace(asked: Asked) -> Behind:
        rows = trail.money_rows(asked)
        return trail.first_of(rows[rows["sale"] & (rows["type"] == kind)], "order_id")

    return trace


def _orders_at_home(kind: str) -> Trace:
    """Those of them whose region has inhabitants."""

    def trace(asked: Asked) -> Behind:
        rows = trail.money_rows(asked)
        rows = rows[rows["region"].isin(_inhabited(_people(asked.tables.get("population"), asked.scope)))]
        return trail.first_of(rows[rows["sale"] & (rows["type"] == kind)], "order_id")

    return trace


def _customers(kind: str) -> Trace:
    def trace(asked: Asked) -> Behind:
        rows = trail.money_rows(asked)
        rows = rows[rows["sale"] & (rows["type"] == kind) & rows["customer_id"].notna()]
        return trail.first_of(rows, "customer_id")

    return trace


def _inhabitants(asked: Asked) -> Behind:
    """The rows of the regions of the row."""
    rows = asked.tables["population"]
    for name, allowed in asked.scope.filters:
        rows = rows[rows[name].fillna("").isin(allowed)] if name == "region" else rows
    return trail.marked(rows, "population", "population")


def _tens_of_thousands(asked: Asked) -> Behind:
    return trail.scaled(_inhabitants, lambda _: 1 / TEN_THOUSAND)(asked)


NEW, RENEWAL = _orders("new"), _orders("renewal")
BEHIND = {
    **{f"{kind}_orders": _orders(kind) for kind in KINDS},
    **{f"{kind}_customers": _customers(kind) for kind in KINDS},
    **{f"{kind}_amount": _money(kind) for kind in KINDS},
    "new_spread": trail.over(NEW, trail.whole(NEW)),
    "renewal_spread": trail.over(RENEWAL, trail.whole(RENEWAL)),
    "new_share": trail.over(NEW, trail.plus(NEW, RENEWAL)),
    "amount": trail.money(),
    "population": _inhabitants,
    "new_density": trail.over(_orders_at_home("new"), _tens_of_thousands),
    "renewal_density": trail.over(_orders_at_home("renewal"), _tens_of_thousands),
}


@metric(
    "customer_density",
    zh="新签与续约分布",
    en="New signings and renewals",
    definition_zh="期内按订单类型为新签、续约的单数、客户数与金额，默认按校区（区域）；占全部新签（续约）= "
    "本行单数 ÷ 全部单数；新签占比 = 新签单数 ÷（新签 + 续约）；有人口表时另给每万人单数，有人口而无订单的"
    "校区（区域）为 0；合计 = 有人口的校区（区域）的单数 ÷ 其人口。",
    definition_en="Orders of the period by type new and renewal: how many, of how many customers, worth how "
    "much, by default by region; of all new orders (renewals) = of the row / of the whole; new / both = new "
    "orders / (new + renewals); where a table of population is there, also orders per 10,000 inhabitants, "
    "0 for a region with inhabitants and no orders; of the whole = orders of regions with inhabitants / "
    "these.",
    needs=("orders.order_date", "orders.amount", "orders.type"),
    columns=COLUMNS,
    options=(
        Option(
            "by",
            "分行维度，默认校区（区域）",
            "dimensions, by default the region",
            tuple(name for name in NAMES if name not in ("type", "customer")),
        ),
    ),
    rows=(82,),
    behind=BEHIND,
)
def customer_density(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    population: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = ("region",),
) -> pd.DataFrame:
    """What was signed anew and what was renewed in the period, by region or other names.

    Orders, customers and money as ``sales`` counts them, on the basis of the scope; ``amount`` is that of
    all types, also of orders without one, so the rows add up to ``sales``. An order or a customer of two
    names counts in both; spread is over the orders of the whole, each once. Inhabitants are those of the
    region in the table of population, whose rows of one region add up; blank by anything else. A region
    with inhabitants has a row also without orders, and the whole has the density of those regions together.

    ``status``: ``no_population`` where a table of population tells none of the row.
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, by)
    named = summed(lines, scope.current, (*by, "type"), counts=True)
    whole = summed(lines, scope.current, ("type",), counts=True)
    people = _people(population, scope)
    alone = {(name,) for name in _inhabited(people)} if by == ("region",) else set()
    keys = sorted({key[:-1] for key in named["amount"]} | alone) if by else [()]
    rows = pd.DataFrame(keys, columns=list(by), index=range(len(keys)))
    for kind in KINDS:
        for what in ("orders", "customers", "amount"):
            found = named[what]
            rows[f"{kind}_{what}"] = [float(found.get((*key, kind), 0.0)) for key in keys]
        total = pd.Series(float(whole["orders"].get((kind,), 0.0)), rows.index)
        rows[f"{kind}_spread"] = ratio(rows[f"{kind}_orders"], total)
    rows["new_share"] = ratio(rows["new_orders"], rows["new_orders"] + rows["renewal_orders"])
    amounts = dict.fromkeys(keys, 0.0)
    for key, amount in named["amount"].items():
        amounts[key[:-1]] += amount
    rows["amount"] = pd.Series([amounts[key] for key in keys], rows.index, dtype="float64").round(PLACES)
    counted = named["orders"]
    if by == ("region",):
        inhabitants = [people.get(key[0], float("nan")) for key in keys]
    elif by or not _inhabited(people):
        inhabitants = [float("nan")] * len(keys)
    else:
        inhabitants = [sum(people.values())]
        at_home = lines.filter(nw.col("region").is_in(_inhabited(people)))
        counted = summed(at_home, scope.current, ("type",), counts=True)["orders"]
    rows["population"] = pd.Series(inhabitants, rows.index, dtype="float64")
    for kind in KINDS:
        orders_of = pd.Series([float(counted.get((*key, kind), 0.0)) for key in keys], rows.index, "float64")
        rows[f"{kind}_density"] = ratio(orders_of, rows["population"] / TEN_THOUSAND)
    untold = ~(rows["population"] > 0) & (population is not None)
    rows["status"] = pd.Series(np.where(untold, "no_population", ""), rows.index, dtype="str")
    return in_order(rows, by, "amount")[[*by, *(column.name for column in COLUMNS)]]


def _people(population: Frame | None, scope: Scope) -> dict[str, float]:
    """The inhabitants of each region that the filters let pass."""
    import narwhals as nw

    if population is None:
        return {}
    rows = nw.from_native(population).lazy().select("region", "population").drop_nulls()
    found = rows.collect("pandas").to_pandas()
    for name, allowed in scope.filters:
        found = found[found[name].isin(allowed)] if name == "region" else found
    people: dict[str, float] = found.groupby("region")["population"].sum().to_dict()
    return people


def _inhabited(people: dict[str, float]) -> list[str]:
    return [name for name, count in people.items() if count > 0]
