"""Renewal priority: the contracts that end soon and are not renewed, the most valuable customers first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import account_rows
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._contracts import GRACE, passing, terms
from xlsales.metrics._once import once
from xlsales.metrics._slices import midnight
from xlsales.metrics._standing import TIERS, standing, year_of
from xlsales.metrics._visits import called

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

DAYS = 90
COLUMNS = (
    Out("rank", "count", "名次", "Rank"),
    Out("account_id", "text", "客户编号", "Customer ID"),
    Out("account", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Rep"),
    Out("item", "text", "课程", "Product"),
    Out("end", "date", "到期日", "Ends"),
    Out("days_left", "days", "剩余天数", "Days left"),
    Out("due_amount", "money", "到期金额", "Amount due"),
    Out("tier", "text", "金额层级", "Tier by amount"),
    Out("tenure", "text", "合作年限", "Customer since"),
    Out("amount", "money", "近 12 个月", "Last 12 months"),
)


def _contract(asked: Asked) -> Behind:
    """The rows of the contract sheet that are the contract of the row."""
    found = terms(asked.tables["contracts"], GRACE, "product", places=True)
    found = _ending(found, asked.tables["orders"], asked.scope, DAYS * 99)
    row = asked.row
    found = trail.rows_of(found, "account_id", row["account_id"])
    same = (found["item"] == row["item"]) & (found["end"] == row["end"])
    same &= found["amount"] == row["due_amount"]
    return trail.marked(found[same].head(1), "amount", "contracts")


def _bought(asked: Asked) -> Behind:
    """What the customer of the row brought in the twelve months."""
    rows = account_rows(replace(asked, window=year_of(asked.scope)))
    rows = rows[rows["account"] == asked.row["account_id"]]
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


BEHIND = {
    "rank": trail.of(_contract),
    "days_left": trail.of(_contract),
    "due_amount": _contract,
    "amount": _bought,
}


@metric(
    "renewal_priority",
    zh="续约优先清单",
    en="Renewal priority",
    definition_zh="未来 90 天内到期、或到期未满 30 天且尚未续约的合同；按客户金额层级（A、B、C）、到期金额"
    "由高到低。",
    definition_en="Contracts that end within 90 days, or ended less than 30 days ago, and are not renewed, "
    "by the customer's tier (A, B, C), then by the amount due.",
    needs=("contracts.end", "contracts.amount", "orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("days", "未来多少天内到期，默认 90", "ending within how many days, 90 by default"),),
    rows=(75,),
    behind=BEHIND,
)
def renewal_priority(
    contracts: Frame,
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    days: int = DAYS,
) -> pd.DataFrame:
    """One row per contract, as of ``scope.as_of``; equal ones by the end, the customer and the product.

    Whether a contract is renewed is told by ``_contracts.terms``. ``account_id`` is the customer as the
    orders know him, by id or name. ``tier``, ``tenure`` and ``amount`` are those of ``value_tiers``, blank
    for who bought nothing in twelve months.
    """
    import numpy as np

    found = _ending(terms(contracts, GRACE, "product"), orders, scope, days)
    stand = standing(orders, payments, refunds, scope)
    found = found.rename(columns={"amount": "due_amount"}).join(stand, on="account_id")
    place = found["tier"].map({tier: at for at, tier in enumerate(TIERS)}).fillna(len(TIERS))
    order = ["place", "size", "end", "account_id", "item"]
    found = found.assign(place=place, size=-found["due_amount"].fillna(0.0)).sort_values(
        order, ignore_index=True
    )
    found["rank"] = np.arange(1.0, len(found) + 1)
    for name in ("tier", "tenure"):
        found[name] = found[name].astype("object").where(found[name].notna(), "").astype("str")
    return found[[column.name for column in COLUMNS]]


@once
def _ending(found: pd.DataFrame, orders: Frame, scope: Scope, days: int) -> pd.DataFrame:
    """Of ``terms``, the contracts to be renewed, with their customer."""
    import pandas as pd

    day = pd.Timestamp(scope.as_of)
    rows = passing(found, scope, ())
    known = rows["again"] < midnight(scope.as_of, 1)
    left = (rows["end"] - day).dt.days
    rows = rows[~known & (left > -GRACE) & (left <= days)]
    text = {
        name: rows[name].fillna("").astype("str") for name in ("customer_id", "customer", "rep", "product")
    }
    return rows.assign(
        account_id=_accounts(text["customer_id"], text["customer"], called(orders, scope)["customer"]),
        account=text["customer"].where(text["customer"] != "", text["customer_id"]),
        owner=text["rep"],
        item=text["product"],
        days_left=(rows["end"] - day).dt.days.astype("float64"),
    )


def _accounts(ids: pd.Series, names: pd.Series, buyers: pd.Series) -> pd.Series:
    """The account that the orders know each contract's customer by, given the name of each account.

    A name without an id is the one account called so; where two are, it stays a name. An id that no order has
    is its name, where orders have that without an id.
    """
    import pandas as pd

    single = buyers[buyers.isin(names[names != ""])].drop_duplicates(keep=False)
    accounts = dict(zip(single, single.index, strict=True))
    named = pd.Series([accounts.get(name, name) for name in names], names.index, dtype="str")
    return ids.where((ids != "") & (ids.isin(buyers.index) | ~names.isin(buyers.index)), named)
