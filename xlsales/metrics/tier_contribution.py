"""What each tier of customers contributes: to the sales, to their growth, and to attainment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import NOBODY, account_rows, account_sums
from xlsales.metrics._catalogue import Out, metric
from xlsales.metrics._facts import PLACES, revenue
from xlsales.metrics._growth import compared
from xlsales.metrics._reach import money_reach
from xlsales.metrics._slices import in_order
from xlsales.metrics._targets import aim
from xlsales.metrics._tiers import NEW, UNTIERED, base_window, bought_before, filed
from xlsales.metrics._typed_targets import kind_of, plain, typed_aim, typed_targets, with_attainment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
    Out("tier", "text", "客户层级", "Tier"),
    Out("customers", "count", "客户数", "Customers"),
    Out("amount", "money", "销售额", "Sales"),
    Out("share", "percent", "占比", "Share"),
    Out("previous", "money", "上期", "Previous"),
    Out("change", "money", "变化", "Change"),
    Out("mom", "percent", "环比", "MoM"),
    Out("status", "text", "环比说明", "MoM status"),
    Out("growth_share", "percent", "变化占比", "Share of the change"),
    Out("year_ago", "money", "去年同期", "Year ago"),
    Out("yoy", "percent", "同比", "YoY"),
    Out("yoy_status", "text", "同比说明", "YoY status"),
    Out("target", "money", "目标", "Target"),
    Out("attainment", "percent", "达成率", "Attainment"),
    Out("pull", "points", "对达成率的拉动", "Pull on attainment"),
    Out("target_status", "text", "目标说明", "Target status"),
    Out("rule", "text", "分层依据", "Tiered by"),
)


BY = ("tier",)


def _lines(asked: Asked) -> pd.DataFrame:
    """The lines of money of the window from customers of the tier of the row."""
    tables, rows = asked.tables, account_rows(asked)
    customers, payments, refunds = (tables.get(name) for name in ("customers", "payments", "refunds"))
    _, tier_of, _ = _rule(tables["orders"], customers, payments, refunds, asked.scope)
    lines: pd.DataFrame = rows[tier_of(rows["account"]) == asked.row["tier"]]
    return lines


def _amount(asked: Asked) -> Behind:
    lines = _lines(asked)
    return trail.added(lines.assign(part=lines["amount"].fillna(0.0)))


def _customers(asked: Asked) -> Behind:
    lines = _lines(asked)
    return trail.first_of(lines[lines["sale"] & (lines["account"] != NOBODY)], "account")


def _aim(asked: Asked) -> Behind:
    named = plain(str(asked.row["tier"]))
    return typed_aim(asked, lambda word: "" if kind_of(word) else plain(word), named)


def _moved(role: str) -> Trace:
    return trail.less(_amount, trail.earlier(_amount, role))


PREVIOUS, YEAR_AGO = trail.earlier(_amount), trail.earlier(_amount, "year_ago")
ALL_MOVED = trail.less(trail.money(), trail.earlier(trail.money()))
BEHIND = {
    "customers": _customers,
    "amount": _amount,
    "share": trail.over(_amount, trail.money()),
    "previous": PREVIOUS,
    "change": _moved("previous"),
    "mom": trail.over(_moved("previous"), PREVIOUS),
    "growth_share": trail.over(_moved("previous"), ALL_MOVED),
    "year_ago": YEAR_AGO,
    "yoy": trail.over(_moved("year_ago"), YEAR_AGO),
    "target": _aim,
    "attainment": trail.over(_amount, _aim),
    "pull": trail.over(trail.less(_amount, _aim), aim),
}


@metric(
    "tier_contribution",
    zh="客户分层贡献",
    en="Contribution by customer tier",
    definition_zh="各层级客户的销售额占比、占总变化的比例；层级取客户表，没有时按上期之前 12 个月的销售额"
    "由高到低累计：到 80% 为 A，到 95% 为 B，其余 C，没有购买为 new；"
    "对达成率的拉动 =（该层实际 - 该层目标）÷ 总目标。",
    definition_en="Sales by tier of customer, its share, and its part of the whole change; tiers are those "
    "of the customers table, else by sales of the 12 months before the previous period: A up to 80%, B up to "
    "95%, C the rest, new had none; pull on attainment = (actual - target of the tier) / whole target.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    rows=(33, 43),
    behind=BEHIND,
)
def tier_contribution(
    orders: Frame,
    customers: Frame | None = None,
    targets: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
) -> pd.DataFrame:
    """The sales of the period by tier of customer, against the period before and the year before.

    ``rule`` says where tiers come from: ``tier`` or ``kind``, the column of the customers table (the
    first that has any value), or ``pareto``: the ABC classes by each customer's sales in the twelve months
    before the previous period, so that the months compared have no part in it (``_tiers``); ``short_pareto``
    where the data do not reach so far back. Tiers stay what they are for all rows. The tier "" are
    customers without one and sales to nobody known; the rows add up to ``sales``.

    growth_share is change / change of all tiers, blank where that is nothing; where the whole fell it is
    the part of the fall. target, attainment and pull are there where the sheet of targets names tiers as
    types of customer; a type that no customer has keeps its target and nothing else, with the
    target_status ``unknown_tier``.
    """
    import numpy as np

    lines = revenue(orders, payments, refunds, scope)
    reach = money_reach(orders, payments, refunds, scope)
    rule, tier_of, tiers = _rule(orders, customers, payments, refunds, scope)

    def in_tiers(window: Window) -> dict[str, Amounts]:
        sums = account_sums(lines, window)
        sums = sums.assign(tier=tier_of(sums["account"]), customers=sums["bought"] & (sums["account"] != ""))
        found = sums.groupby("tier")[["amount", "customers"]].sum()
        keys = [(str(tier),) for tier in found.index]
        return {
            str(name): dict(zip(keys, found[name].round(PLACES).astype("float64").tolist(), strict=True))
            for name in found
        }

    named = {plain(tier): tier for tier in sorted(tiers - {NEW})}

    def tier_meant(word: str) -> str:
        return named.get(plain(word)) or ("" if kind_of(word) else word)

    now = in_tiers(scope.current)
    aims, whole = typed_targets(targets, orders, scope, (), tier_meant)
    now["aimed"] = dict.fromkeys(aims, 0.0)
    rows = compared(now, lambda window: in_tiers(window)["amount"], "amount", {"": scope}, BY, reach)
    unknown = ~rows["tier"].isin(tiers | {UNTIERED})
    rows.loc[unknown, [one.name for one in COLUMNS if one.name in rows and one.format != "text"]] = np.nan
    rows.loc[unknown, ["status", "yoy_status"]] = ""
    rows = with_attainment(rows, BY, aims, whole)
    rows["target_status"] = np.where(unknown, "unknown_tier", "")
    total, moved = (round(float(rows[name].sum()), PLACES) for name in ("amount", "change"))
    rows["share"] = rows["amount"] / (total if total > 0 else np.nan)
    rows["growth_share"] = rows["change"] / (moved or np.nan)
    short = rule == "pareto" and not reach.holds(base_window(scope))
    rows["rule"] = f"short_{rule}" if short else rule
    return in_order(rows, BY, "amount")[[column.name for column in COLUMNS]]


def _rule(
    orders: Frame, customers: Frame | None, payments: Frame | None, refunds: Frame | None, scope: Scope
) -> tuple[str, Callable[[pd.Series], pd.Series], set[str]]:
    """Where the tiers come from, the tier of accounts, and all tiers there are."""
    column, by_id, by_name = filed(customers)
    if column:
        tiers = {**by_name, **by_id}
        return column, lambda accounts: _called(accounts, tiers, UNTIERED), set(tiers.values())
    before = bought_before(orders, payments, refunds, scope)

    def bought(accounts: pd.Series) -> pd.Series:
        return _called(accounts, before, NEW).where(accounts != NOBODY, UNTIERED)

    return "pareto", bought, {"A", "B", "C", NEW}


def _called(accounts: pd.Series, tiers: Mapping[str, str], other: str) -> pd.Series:
    import pandas as pd

    called = [tiers.get(one, other) for one in accounts.to_numpy("object")]
    return pd.Series(called, accounts.index, dtype="str")
