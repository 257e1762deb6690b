"""Key accounts: what each brings, whether it still buys as often, what it owes, when it renews."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import NOBODY, account_of, account_rows, account_sums
from xlsales.metrics._activity import LEAST, TIMES
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Out, metric
from xlsales.metrics._contracts import GRACE, terms
from xlsales.metrics._facts import PLACES, revenue
from xlsales.metrics._purchases import EPOCH
from xlsales.metrics._reach import money_reach
from xlsales.metrics._robust import theil_sen
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import midnight
from xlsales.metrics._stages import EVER
from xlsales.metrics._tiers import KEY, filed
from xlsales.metrics._typed_targets import plain
from xlsales.metrics._visits import usual, visit_rows, visits
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Scope

COLUMNS = (
    Out("rank", "count", "名次", "Rank"),
    Out("account_id", "text", "客户编号", "Customer ID"),
    Out("account", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Rep"),
    Out("amount", "money", "近 12 个月", "Last 12 months"),
    Out("share", "percent", "占比", "Share"),
    Out("previous", "money", "前 12 个月", "12 months before"),
    Out("change", "money", "变化", "Change"),
    Out("yoy", "percent", "同比", "YoY"),
    Out("status", "text", "同比说明", "YoY status"),
    Out("orders", "count", "订单数", "Orders"),
    Out("last_order", "date", "最近下单", "Last order"),
    Out("days_since", "days", "距今天数", "Days since"),
    Out("usual_gap", "days", "惯常间隔", "Usual gap"),
    Out("overdue", "text", "下单提醒", "Order alert"),
    Out("slope", "money", "月均增减", "Slope a month"),
    Out("trend", "text", "趋势", "Trend"),
    Out("receivable", "money", "应收余额", "Open receivable"),
    Out("renewal", "date", "续约日期", "Renewal date"),
    Out("renewal_days", "days", "距续约", "Days to renewal"),
    Out("rule", "text", "认定依据", "Chosen by"),
)
MONTHS, MOST = 12, 20


def _year(asked: Asked, back: int = 0) -> Asked:
    """The same of the twelve months that end with the period, or of twelve so many years before them."""
    end = asked.scope.current.end
    last = shift_months(end + ONE_DAY, -MONTHS * back) - ONE_DAY if back else end
    start = shift_months(end + ONE_DAY, -MONTHS * (back + 1))
    return replace(asked, window=Window(start, last))


def _theirs(asked: Asked, basis: Basis | None = None) -> pd.DataFrame:
    """The lines of money of the window from the account of the row."""
    rows = account_rows(asked, basis)
    theirs: pd.DataFrame = rows[rows["account"] == asked.row["account_id"]]
    return theirs


def _money(rows: pd.DataFrame) -> Behind:
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


def _amount(asked: Asked) -> Behind:
    return _money(_theirs(_year(asked)))


def _previous(asked: Asked) -> Behind:
    return _money(_theirs(_year(asked, 1)))


def _whole(asked: Asked) -> Behind:
    return trail.money()(_year(asked))


def _sales(asked: Asked) -> pd.DataFrame:
    """The sales to the account up to the end of the period, with their day."""
    rows = _theirs(replace(asked, window=Window(EVER, asked.scope.current.end)))
    rows = rows[rows["sale"] & (rows["amount"] > 0)]
    return rows.assign(day=rows["date"].dt.normalize())


def _orders(asked: Asked) -> Behind:
    """Orders of the twelve months; lines without an order id are one a day."""
    rows = _sales(asked)
    rows = rows[rows["date"] >= midnight(_year(asked).window.start)]
    loose = rows["order_id"].isna()
    named = rows[~loose].drop_duplicates("order_id").index
    days = rows[loose].drop_duplicates("day").index
    return trail.added(rows.loc[named.union(days)].assign(part=1.0))


def _order_days(*, last: bool) -> Trace:
    """The first row of every day on which the account bought, or that of the last of these days."""

    def trace(asked: Asked) -> Behind:
        rows = visit_rows(asked).drop_duplicates("day")
        return trail.added((rows.tail(1) if last else rows).assign(part=1.0))

    return trace


def _receivable(asked: Asked) -> Behind:
    """Net sales to the account less cash received from it, to the day of the data, whatever the filters."""
    orders, account = asked.tables["orders"], asked.row["account_id"]
    mine = orders[orders["customer_id"].fillna(orders["customer"]) == account]
    theirs = {"orders": mine} | {
        name: table[table["order_id"].isin(mine["order_id"].dropna())]
        for name in ("payments", "refunds")
        if (table := asked.tables.get(name)) is not None
    }
    whole = replace(asked.scope, filters=())
    ever = replace(asked, tables=theirs, scope=whole, window=Window(EVER, whole.as_of))
    return trail.less(lambda one: _money(_theirs(one, "net")), lambda one: _money(_theirs(one, "cash")))(ever)


def _contracts(asked: Asked) -> Behind:
    """The contracts of the account that are not renewed."""
    tables = asked.tables
    found = _running(
        tables["contracts"],
        tables["orders"],
        tables.get("customers"),
        asked.scope.current.end,
        places=True,
    )
    running = found[found["of"] == asked.row["account_id"]]
    return trail.marked(running.assign(one=1.0), "one", "contracts")


CHANGE = trail.less(_amount, _previous)
BEHIND = {
    "amount": _amount,
    "share": trail.over(_amount, _whole),
    "previous": _previous,
    "change": CHANGE,
    "yoy": trail.over(CHANGE, _previous),
    "orders": _orders,
    "days_since": trail.of(_order_days(last=True)),
    "usual_gap": trail.of(_order_days(last=False)),
    "slope": trail.of(_amount),
    "rank": trail.of(_amount),
    "receivable": _receivable,
    "renewal_days": trail.of(_contracts),
}


@metric(
    "key_accounts",
    zh="大客户追踪",
    en="Key accounts",
    definition_zh="近 12 个月销售额与前 12 个月相比、订单数、距上次下单天数与自身间隔中位数"
    "（只下过一次单的用其他客户的；超过其 2 倍且满 30 天为超期）、月销售趋势、"
    "应收余额（净额 - 实收）、未续合同的到期日（是否已续同续费率）；"
    "大客户取客户表的层级，没有时取销售额最大的 20 位。",
    definition_en="Sales of the last 12 months against the 12 before, orders, days since the last order "
    "against the account's own median gap (after a single order that of the others; overdue beyond twice "
    "that and 30 days), trend by month, open receivable (net sales - cash), the end of the contract that is "
    "not renewed, as in the renewal rate; "
    "key by the tier in the customers table, else the 20 largest.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    rows=(42,),
    behind=BEHIND,
)
def key_accounts(
    orders: Frame,
    customers: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    contracts: Frame | None = None,
    *,
    scope: Scope,
) -> pd.DataFrame:
    """The key accounts by the larger of their two sums of twelve months, so that who stopped still shows.

    ``rule`` is ``tier`` where the customers table calls buyers key accounts (``KEY``), else ``largest``.
    amount is revenue on the basis of the scope in the twelve months that end with the period, or with the
    data within it; previous in the twelve before them, blank with status no_base where the data do not
    cover those; new where they do without this account. share is of all sales of the twelve months.

    orders counts sales of the twelve months, one a day where the lines have no order id. Over all days
    with an order up to the end of the window, on order dates whatever the basis: last_order, days_since to
    that end, and usual_gap, the median days between one and the next, after a single one that of the others.
    overdue is ``overdue`` by the rule of churn and warnings (see ``_activity``): where days_since is more
    than twice usual_gap, and more than 30 days. slope is Theil-Sen's over the twelve months, and trend up or
    down where its 95 % interval leaves out zero, else flat; blank where the data do not cover the months.

    receivable is net sales less cash received, both to ``scope.as_of``, where payments are there at all.
    renewal is the next end of a contract that is not known to be renewed by that day, by the rule of
    ``renewal`` (see ``_contracts.terms``), or the last one that has passed.
    """
    import numpy as np
    import pandas as pd

    end = scope.current.end
    year = Window(shift_months(end + ONE_DAY, -MONTHS), end)
    before = Window(shift_months(end + ONE_DAY, -2 * MONTHS), year.start - ONE_DAY)
    lines = revenue(orders, payments, refunds, scope)
    reach = money_reach(orders, payments, refunds, scope)
    sums = [account_sums(lines, window).set_index("place") for window in (year, before)]
    rows = pd.concat([one["amount"] for one in sums], axis=1, keys=["amount", "previous"]).fillna(0.0)
    whole = round(float(rows["amount"].sum()), PLACES)
    rows["account_id"] = sums[0]["account"].reindex(rows.index).fillna(sums[1]["account"])
    rule, rows = _key(rows[rows["account_id"] != NOBODY], customers)
    rows = rows[(rows["amount"] > 0) | (rows["previous"] > 0)].rename_axis("place").reset_index()
    rows["size"] = rows[["amount", "previous"]].max(axis=1)
    rows = rows.sort_values(["size", "place"], ascending=[False, True], ignore_index=True).head(MOST)
    titles = [column.name for column in COLUMNS]
    if not len(rows):
        return pd.DataFrame(columns=titles)
    known = rows["account_id"].tolist()
    theirs = _lines_of(lines, known, end)
    rows = rows.join(_habits(theirs, year), on="account_id").join(_last(orders, scope), on="account_id")
    rows["share"] = rows["amount"] / (whole if whole > 0 else np.nan)
    base = rows["previous"] if reach.holds(before) else rows["previous"] * np.nan
    rows = rows.assign(rank=np.arange(1.0, len(rows) + 1), previous=base)
    rows["change"] = (rows["amount"] - base).round(PLACES)
    rows["yoy"] = rows["change"] / base.where(base > 0)
    rows["status"] = np.select(
        [base.isna(), base == 0, base < 0], ["no_base", "new", "base_not_positive"], ""
    )
    slopes = _slopes(theirs, known, year) if reach.holds(year) else {}
    rows["slope"] = [slopes.get(one, (np.nan, ""))[0] for one in known]
    rows["trend"] = [slopes.get(one, (np.nan, ""))[1] for one in known]
    owed = _owed(orders, payments, refunds, scope, known)
    rows["receivable"] = [owed.get(one, np.nan) for one in known]
    renewals = _renewals(contracts, orders, customers, rows["account_id"], end)
    rows["renewal"] = pd.Series(renewals, rows.index, dtype="datetime64[us]")
    rows["renewal_days"] = (rows["renewal"] - pd.Timestamp(end)).dt.days.astype("float64")
    late = rows["days_since"] > (TIMES * rows["usual_gap"]).clip(lower=LEAST)
    rows["overdue"] = np.where(late, "overdue", "")
    return rows.assign(rule=rule)[titles]


def _key(rows: pd.DataFrame, customers: Frame | None) -> tuple[str, pd.DataFrame]:
    """The accounts that the customers table calls key, or else all."""
    _, by_id, by_name = filed(customers)
    tiers = {**by_name, **by_id}
    words = {tier for tier in set(tiers.values()) if plain(tier) in KEY}
    key = rows["account_id"].isin([one for one, tier in tiers.items() if tier in words])
    return ("tier", rows[key]) if key.any() else ("largest", rows)


def _lines_of(lines: nw.LazyFrame[Any], accounts: Sequence[str], end: date) -> pd.DataFrame:
    """The lines of these accounts up to a day."""
    import narwhals as nw

    part = lines.filter(nw.col("account").is_in(list(accounts)), nw.col("date") < midnight(end, 1))
    columns = ("account", "date", "amount", "rep", "customer", "sale", "order_id")
    found = fetched(part.select(*columns))
    found = found.assign(day=found["date"].dt.normalize())
    return found.sort_values(["account", "date", "amount", "rep", "customer"], ignore_index=True)


def _habits(theirs: pd.DataFrame, year: Window) -> pd.DataFrame:
    """By account: name and rep of the latest sale, and the orders of the year."""
    import pandas as pd

    sales = theirs[theirs["sale"] & (theirs["amount"] > 0)]
    recent = sales[sales["day"] >= pd.Timestamp(year.start)]
    loose = recent["order_id"].isna()
    order = (
        recent["order_id"].astype("float64").where(~loose, -recent["day"].dt.day_of_year.astype("float64"))
    )
    count = order.groupby(recent["account"]).nunique()
    by_account = sales.groupby("account")
    found = pd.DataFrame({"account": by_account["customer"].last(), "owner": by_account["rep"].last()})
    return found.assign(orders=count.reindex(found.index, fill_value=0).astype("float64"))


def _last(orders: Frame, scope: Scope) -> pd.DataFrame:
    """By account: last order, days since, and the usual gap; see ``_activity``."""
    import numpy as np
    import pandas as pd

    end = scope.current.end
    seen = visits(orders, scope).within(None, end)
    last = np.flatnonzero(np.diff(seen.who, append=-1))
    day = seen.day[last].astype("int64")
    return pd.DataFrame(
        {
            "last_order": (np.datetime64(EPOCH) + day).astype("datetime64[us]"),
            "days_since": ((end - EPOCH).days - day).astype("float64"),
            "usual_gap": usual(seen),
        },
        index=pd.Index(seen.accounts.take(seen.who[last])),
    )


def _slopes(theirs: pd.DataFrame, accounts: Sequence[str], year: Window) -> dict[str, tuple[float, str]]:
    """The slope of each account over the twelve months, each counted from the day the window begins."""
    import pandas as pd

    edges = [pd.Timestamp(shift_months(year.start, k)) for k in range(1, MONTHS)]
    recent = theirs[theirs["day"] >= pd.Timestamp(year.start)]
    place = pd.Index(edges).searchsorted(recent["day"].to_numpy(), side="right")
    sums = recent["amount"].groupby([recent["account"], place]).sum().round(PLACES)
    found = {}
    for account in accounts:
        months = [float(sums.get((account, k), 0.0)) for k in range(MONTHS)]
        slope, _, low, high = theil_sen(range(MONTHS), months)
        found[account] = (slope, "up" if low > 0 else "down" if high < 0 else "flat")
    return found


def _owed(
    orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope, accounts: Sequence[str]
) -> dict[str, float]:
    """Net sales less cash received by account, to the day of the data; nothing without any payment."""
    import narwhals as nw

    if payments is None:
        return {}
    any_paid = nw.from_native(payments).lazy().filter(~nw.col("amount").is_null())
    if not len(any_paid.head(1).collect("pandas")):
        return {}
    rows = nw.from_native(orders).lazy()
    theirs = rows.filter(nw.coalesce("customer_id", "customer").is_in(list(accounts)))
    order_ids = theirs.select("order_id").drop_nulls().unique()
    paid, returned = (
        None if table is None else nw.from_native(table).lazy().join(order_ids, on="order_id", how="semi")
        for table in (payments, refunds)
    )
    ever = Window(scope.as_of.replace(year=1900, day=1), scope.as_of)
    owed: dict[str, float] = {}
    for about, sign in ((replace(scope, basis="net"), 1), (replace(scope, basis="cash"), -1)):
        sums = account_sums(revenue(theirs, paid, returned, replace(about, filters=())), ever)
        for account, amount in zip(sums["account"], sums["amount"], strict=True):
            owed[account] = round(owed.get(account, 0.0) + sign * amount, PLACES)
    return owed


def _renewals(
    contracts: Frame | None, orders: Frame, customers: Frame | None, accounts: pd.Series, day: date
) -> list[Any]:
    """For each account the next end of a contract not renewed, else the last that has passed."""
    import pandas as pd

    if contracts is None:
        return [pd.NaT] * len(accounts)
    found = _running(contracts, orders, customers, day)
    ends = []
    for account in accounts:
        theirs = found.loc[found["of"] == account, "end"]
        coming = theirs[theirs >= pd.Timestamp(day)]
        ends.append(coming.min() if len(coming) else theirs.max())
    return ends


def _running(
    contracts: Frame, orders: Frame, customers: Frame | None, day: date, *, places: bool = False
) -> pd.DataFrame:
    """The contracts not known to be renewed by the day, ``of`` the accounts of the orders."""
    found = terms(contracts, GRACE, "product", places)
    found = found[~(found["again"] < midnight(day, 1))]
    number = found["account"].where(found["account"] != found["customer"])
    of = account_of(found[["customer"]].assign(customer_id=number), orders, customers)
    return found.assign(of=of)
