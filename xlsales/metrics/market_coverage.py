"""Market coverage: how much of a list of customers, or of regions, bought in the period."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import NOBODY, account_rows, account_sums
from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, revenue, summed
from xlsales.metrics._slices import in_order, midnight, names, scopes
from xlsales.metrics._stats import share
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Filters, Scope, Window

COLUMNS = (
    Out("universe", "count", "应覆盖", "On the list"),
    Out("covered", "count", "已覆盖", "Covered"),
    Out("coverage", "percent", "覆盖率", "Coverage"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("unlisted", "count", "名单外", "Not on the list"),
    Out("of", "text", "名单", "List of"),
    Out("status", "text", "状态", "Status"),
)
LISTED = ("region", "rep", "channel")
"""What the list of customers says about each."""
CUSTOMERS, REGIONS = "customers", "regions"
NUMBERS = ["universe", "covered", "unlisted"]
SHEETS = {CUSTOMERS: ("customers", "customer_id"), REGIONS: ("market", "region")}
"""The table that each list is of, and what it names."""


def _on_list(*, covered: bool) -> Trace:
    """Who is on the list by the end of the window, or those of them who bought, by their first row there."""

    def trace(asked: Asked) -> Behind:
        listed, of = _listed(asked, asked.scope.filters)
        there = _by_then(listed, asked.window)
        if covered:
            there &= _hit(listed, _buyers(asked, of)["key"])[1]
        table, key = SHEETS[of]
        if table not in asked.tables:
            return trail.no_rows()
        rows = asked.tables[table].sort_values([SOURCE, ROW]).drop_duplicates(key)
        return trail.marked(rows[rows[key].isin(listed.index[there])].assign(one=1.0), "one", table)

    return trace


def _unlisted(asked: Asked) -> Behind:
    """Who bought and is not on the list, by the first of his rows; they stand under blank names."""
    whole = asked.whole or asked.scope
    listed, of = _listed(asked, whole.filters)
    buyers = _buyers(asked, of)
    names = [values for name, values in asked.scope.filters if (name, values) not in whole.filters]
    fields = LISTED if of == CUSTOMERS else ("region",)
    if any(values != ("",) for values in names) or {name for name, _ in whole.filters} & {*fields}:
        return trail.added(buyers.head(0).assign(part=1.0))
    called, _, unnamed = _hit(listed, buyers["key"])
    known = listed.loc[called & _by_then(listed, asked.window), "customer"]
    return trail.added(buyers.loc[unnamed.index[~unnamed.isin(known)]].assign(part=1.0))


def _listed(asked: Asked, filters: Filters) -> tuple[pd.DataFrame, str]:
    """The list as the filters let it pass, and which one it is."""
    listed, of = _list(asked.tables.get("customers"), asked.tables.get("market"))
    for name, values in filters:
        listed = listed[listed[name].isin(values)] if name in LISTED else listed
    return listed.set_index("key"), of


def _buyers(asked: Asked, of: str) -> pd.DataFrame:
    """The first line of money of each account, or region, that bought in the window; ``key`` names it."""
    fields = LISTED if of == CUSTOMERS else ("region",)
    whole = asked.whole or asked.scope
    others = tuple((name, values) for name, values in whole.filters if name not in fields)
    tables = {name: table for name, table in asked.tables.items() if name != "payments"}
    rows = account_rows(replace(asked, tables=tables, scope=replace(whole, filters=others)), "net")
    rows = rows.assign(key=rows["account"] if of == CUSTOMERS else rows["region"].fillna("").astype("str"))
    worth = rows.groupby("key")["amount"].transform("sum").round(PLACES) > 0
    known = (rows["key"] != NOBODY) | (of == REGIONS)
    return rows[worth & known].drop_duplicates("key")


COVERAGE = trail.over(_on_list(covered=True), _on_list(covered=False))
BEHIND = {
    "universe": _on_list(covered=False),
    "covered": _on_list(covered=True),
    "coverage": COVERAGE,
    "low": trail.of(COVERAGE),
    "high": trail.of(COVERAGE),
    "previous": trail.earlier(COVERAGE),
    "change": trail.less(COVERAGE, trail.earlier(COVERAGE)),
    "unlisted": _unlisted,
}


@metric(
    "market_coverage",
    zh="市场覆盖率",
    en="Market coverage",
    definition_zh="本期净额为正的客户（网点、城市）÷ 名单中的全部；名单取客户表，"
    "没有时取市场规模表的校区；买过而不在名单上的另计。",
    definition_en="Customers (outlets, cities) with a positive net amount in the period / all on the list, "
    "the customers table, else the regions of the market table; buyers off it stand apart.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", ("month", *LISTED)),),
    rows=(46,),
    behind=BEHIND,
)
def market_coverage(
    orders: Frame,
    customers: Frame | None = None,
    market: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """How many of a list are covered: bought in the period, refunds of it taken off, more than nothing.

    A customer is on the list from the day the table says it was created; without a date, always. Its
    region, rep and channel are those of the list, and so are filters on them; other filters choose
    orders, so that coverage by a product can be asked for. Without such a list it is that of the regions
    that the market table has ever named (``of`` says which), and a region has neither rep nor channel.
    ``unlisted`` are those who bought and are not on the list; they stand under blank names.

    coverage = covered / universe with its Wilson 95 % interval; ``previous`` is that of the period before,
    cut at the same working day. status: no_list where the list is empty, else "".
    """
    import numpy as np
    import pandas as pd

    listed, of = _list(customers, market)
    fields = LISTED if of == CUSTOMERS else ("region",)
    chosen = dict(scope.filters)
    for name in fields:
        if name in chosen:
            listed = listed[listed[name].isin(chosen[name])]
    listed = listed.set_index("key")
    others = tuple((name, values) for name, values in scope.filters if name not in fields)
    net = replace(scope, basis="net", filters=others)

    def bought(window: Window) -> pd.Series:
        if of == REGIONS:
            lines = revenue(orders, None, refunds, net, ("region",))
            sold = summed(lines, window, ("region",))["amount"]
            return pd.Series([key[0] for key, amount in sold.items() if amount > 0], dtype="str")
        sums = account_sums(revenue(orders, None, refunds, net), window)
        return sums.loc[(sums["amount"] > 0) & (sums["account"] != NOBODY), "account"]

    @cache
    def counted(window: Window) -> pd.DataFrame:
        buyers = bought(window) if window.start <= window.end else pd.Series(dtype="str")
        return _counted(listed, buyers, window, names(by), bool(chosen.keys() & set(fields)))

    roles: dict[str, list[pd.DataFrame]] = {"current": [], "previous": []}
    for month, part in scopes(scope, by):
        for role, window in (("current", part.current), ("previous", part.previous)):
            roles[role].append(counted(window).assign(month=month))
    current, before = (_summed(pd.concat(roles[role]), by) for role in ("current", "previous"))
    keys = sorted({key for amounts in current.values() for key in amounts})
    now, then = (
        rows_of(keys, by).assign(**{name: column_of(keys, found[name], 0.0) for name in found})
        for found in (current, before)
    )
    rows = share(now, "coverage", "covered", "universe", then)
    rows["status"] = np.where(rows["universe"] > 0, "", "no_list")
    rows["of"] = of
    return in_order(rows, by, "universe")[[*by, *(column.name for column in COLUMNS)]]


def _summed(rows: pd.DataFrame, by: tuple[str, ...]) -> dict[str, Amounts]:
    """The numbers of a role by the names of ``by``."""
    if not by:
        return {name: {(): float(rows[name].sum())} for name in NUMBERS}
    keys = list(zip(*(rows[name] for name in by), strict=True))
    return {name: dict(zip(keys, rows[name].tolist(), strict=True)) for name in NUMBERS}


def _list(customers: Frame | None, market: Frame | None) -> tuple[pd.DataFrame, str]:
    """Who is to be covered, and which list that is."""
    listed = _customers(customers)
    return (listed, CUSTOMERS) if len(listed) or market is None else (_regions(market), REGIONS)


def _customers(customers: Frame | None) -> pd.DataFrame:
    """The list: ``key``, ``customer``, ``since`` and the names of ``LISTED``, each customer once."""
    import narwhals as nw
    import pandas as pd

    columns = ["key", "customer", "since", *LISTED]
    if customers is None:
        return pd.DataFrame(columns=columns)
    rows = nw.from_native(customers).lazy().filter(~nw.col("customer_id").is_null())
    found = fetched(rows.select("customer_id", "customer", "created", *LISTED))
    found.columns = pd.Index(columns)
    found = found.fillna(dict.fromkeys(("customer", *LISTED), ""))
    many = found["key"].duplicated(keep=False)
    told = found[many].sort_values(columns)
    dated = told.groupby("key")["since"]
    since = dated.transform("min").where(dated.transform("count") == dated.transform("size"))
    first = told.assign(since=since).drop_duplicates("key")
    once: pd.DataFrame = pd.concat([found[~many], first], ignore_index=True)
    return once


def _regions(market: Frame) -> pd.DataFrame:
    import narwhals as nw
    import pandas as pd

    rows = fetched(nw.from_native(market).lazy().select("region").drop_nulls().unique())
    named = rows["region"].sort_values(ignore_index=True)
    return pd.DataFrame(
        {"key": named, "customer": "", "since": pd.NaT, "region": named, "rep": "", "channel": ""}
    )


def _by_then(listed: pd.DataFrame, window: Window) -> pd.Series:
    """Whether each is on the list by the end of the window."""
    import pandas as pd

    return ~(pd.to_datetime(listed["since"]) >= midnight(window.end, 1))


def _hit(listed: pd.DataFrame, buyers: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Who on the list (by key) bought under the name, who bought at all, and the buyers of no key there."""
    import numpy as np
    import pandas as pd

    place = listed.index.get_indexer(pd.Index(buyers))
    unnamed = buyers[place < 0]
    called = listed["customer"].isin(unnamed) & (listed["customer"] != "")
    return called, called | np.isin(np.arange(len(listed)), place), unnamed


def _counted(
    listed: pd.DataFrame,
    buyers: pd.Series,
    window: Window,
    by: list[str],
    filtered: bool,
) -> pd.DataFrame:
    """Universe, covered and unlisted of a window by the names of ``by``; ``listed`` is by key."""
    import pandas as pd

    called, hit, unnamed = _hit(listed, buyers)
    present = _by_then(listed, window)
    there, hit = listed[present], hit[present]
    strangers = 0 if filtered else int((~unnamed.isin(listed.loc[called & present, "customer"])).sum())
    if not by:
        return pd.DataFrame([[len(there), hit.sum(), strangers]], columns=NUMBERS, dtype="float64")
    rows = there[by].assign(universe=1.0, covered=hit.astype("float64"), unlisted=0.0)
    if strangers:
        blank = dict.fromkeys(by, "") | {"universe": 0.0, "covered": 0.0, "unlisted": float(strangers)}
        rows = pd.concat([rows, pd.DataFrame([blank])], ignore_index=True)
    return rows.groupby(by, as_index=False)[NUMBERS].sum()
