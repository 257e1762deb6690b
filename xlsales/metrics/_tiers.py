"""Which tier each customer is in: as the customers table says, or by what they bought before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics._accounts import NOBODY, account_sums
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._typed_targets import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

KEY = frozenset(
    (
        *("大客户", "重点客户", "关键客户", "战略客户", "核心客户", "ka", "ka客户", "vip", "svip"),
        *("key", "keyaccount", "keyaccounts", "strategic", "enterprise", "majoraccount"),
    )
)
"""Tiers that mean a key account, as ``plain`` writes them."""
FIRST, SECOND = 0.8, 0.95
"""Where class A and class B end, as shares of the sales: the usual ABC limits."""
NEW, UNTIERED = "new", ""


@once
def filed(customers: Frame | None) -> tuple[str, Mapping[str, str], Mapping[str, str]]:
    """The column of the customers table that says the tier, and it by customer id and by name.

    The tier, or the kind of customer where no tier is given anywhere; "" where neither is. An id or a
    name with two different ones has none.
    """
    import narwhals as nw

    if customers is None:
        return "", {}, {}
    table = nw.from_native(customers).lazy()
    columns = ("customer_id", "customer", "tier", "kind")
    rows = table.select(*columns).unique().collect("pandas").to_pandas()
    column = next((name for name in ("tier", "kind") if rows[name].notna().any()), "")
    if not column:
        return "", {}, {}
    return column, _said(rows, "customer_id", column), _said(rows, "customer", column)


def of_type(customers: Frame | None, word: str) -> frozenset[str] | None:
    """The customers that a word means, by id and by name: a tier, or else a kind; None for no word at all."""
    if not word:
        return None
    wanted = plain(word)
    for accounts in _typed(customers):
        if found := accounts.get("ka" if wanted in KEY else wanted):
            return found
    return frozenset()


@once
def _typed(customers: Frame | None) -> tuple[Mapping[str, frozenset[str]], ...]:
    """The customers of each tier and of each kind, as ``plain`` writes it; those for key accounts are one."""
    import narwhals as nw

    if customers is None:
        return ()
    columns = ("customer_id", "customer", "tier", "kind")
    rows = nw.from_native(customers).lazy().select(*columns).unique().collect("pandas").to_pandas()
    found = []
    for column in ("tier", "kind"):
        told = {**_said(rows, "customer", column), **_said(rows, "customer_id", column)}
        words = {said: "ka" if plain(said) in KEY else plain(said) for said in set(told.values())}
        accounts = defaultdict[str, set[str]](set)
        for account, said in told.items():
            accounts[words[said]].add(account)
        found.append({word: frozenset(members) for word, members in accounts.items()})
    return tuple(found)


def _said(rows: pd.DataFrame, key: str, column: str) -> dict[str, str]:
    known = rows[[key, column]].dropna().drop_duplicates().sort_values([key, column])
    known = known[~known[key].duplicated(keep=False)]
    return dict(zip(known[key].tolist(), known[column].tolist(), strict=True))


def classes(sums: pd.DataFrame) -> dict[str, str]:
    """A, B or C of each account with sales above zero; see ``_portfolio.abc``, whose classes these are."""
    import numpy as np

    known = sums[(sums["amount"] > 0) & (sums["account"] != NOBODY)]
    known = known.sort_values(["amount", "account"], ascending=[False, True])
    amounts = known["amount"].to_numpy("float64")
    before = np.round((np.cumsum(amounts) - amounts) / amounts.sum() if len(amounts) else amounts, 12)
    found = np.select([before < FIRST, before < SECOND], ["A", "B"], "C")
    return dict(zip(known["account"].tolist(), found.tolist(), strict=True))


def base_window(scope: Scope) -> Window:
    """The twelve months before the period that this one is compared with.

    Tiers made of what is then compared would bend the growth: who bought much that month buys less the
    next.
    """
    end = scope.previous.start - ONE_DAY
    return Window(shift_months(end + ONE_DAY, -12), end)


def bought_before(
    orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope
) -> dict[str, str]:
    """The classes by sales in ``base_window``, whatever the filters."""
    lines = revenue(orders, payments, refunds, replace(scope, filters=()))
    return classes(account_sums(lines, base_window(scope)))
