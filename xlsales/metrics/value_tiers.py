"""Value tiers: how many customers bring how much, by what they bought in a year and since when they buy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import account_rows
from xlsales.metrics._catalogue import Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._standing import TENURES, standing, year_of
from xlsales.metrics._stats import ratio

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("tier", "text", "金额层级", "Tier by amount"),
    Out("tenure", "text", "合作年限", "Customer since"),
    Out("customers", "count", "客户数", "Customers"),
    Out("share", "percent", "客户占比", "Share of customers"),
    Out("amount", "money", "近 12 个月", "Last 12 months"),
    Out("amount_share", "percent", "金额占比", "Share of amount"),
)


def _lines(asked: Asked, *, cell: bool) -> pd.DataFrame:
    """The lines of the twelve months from the customers of the cell, or from all who are in a tier."""
    tables = asked.tables
    found = standing(tables["orders"], tables.get("payments"), tables.get("refunds"), asked.scope)
    if cell:
        found = found[(found["tier"] == asked.row["tier"]) & (found["tenure"] == asked.row["tenure"])]
    rows = account_rows(replace(asked, window=year_of(asked.scope)))
    theirs: pd.DataFrame = rows[rows["account"].isin(found.index)]
    return theirs


def _people(*, cell: bool) -> Trace:
    def trace(asked: Asked) -> Behind:
        return trail.added(_lines(asked, cell=cell).drop_duplicates("account").assign(part=1.0))

    return trace


def _money(*, cell: bool) -> Trace:
    def trace(asked: Asked) -> Behind:
        rows = _lines(asked, cell=cell)
        return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))

    return trace


BEHIND = {
    "customers": _people(cell=True),
    "share": trail.over(_people(cell=True), _people(cell=False)),
    "amount": _money(cell=True),
    "amount_share": trail.over(_money(cell=True), _money(cell=False)),
}


@metric(
    "value_tiers",
    zh="客户价值分层",
    en="Value tiers",
    definition_zh="按近 12 个月销售额分 A、B、C（由高到低累计到 80%、95%），按首次购买至今分年限，"
    "数每格的客户与金额；近 12 个月没有销售额的客户、散客与匿名客户不在其中。",
    definition_en="Customers and what they brought, by ABC class of the last 12 months (sales from the top "
    "up to 80%, up to 95%, the rest) and by years since the first purchase; who brought nothing in 12 "
    "months, walk-in and anonymous customers are in no tier.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    rows=(75,),
    behind=BEHIND,
)
def value_tiers(
    orders: Frame, payments: Frame | None = None, refunds: Frame | None = None, *, scope: Scope
) -> pd.DataFrame:
    """One row per tier and tenure that any customer is in; see ``_standing``.

    Amounts are on the basis of the scope, in the twelve months that end with the period or the data; the
    classes are made of them, of the customers that the filters let pass. The first purchase is on its order
    date, whatever the basis; who bought before the data begin seems to be newer than he is. ``share`` and
    ``amount_share`` are of all customers in a tier, so each adds up to one; sales to nobody known are in
    none.
    """
    found = standing(orders, payments, refunds, scope)
    rows = found.groupby(["tier", "tenure"])[["customers", "amount"]].sum().reset_index()
    rows["amount"] = rows["amount"].round(PLACES)
    rows["share"] = ratio(rows["customers"], rows["customers"] * 0 + rows["customers"].sum())
    rows["amount_share"] = ratio(rows["amount"], rows["amount"] * 0 + rows["amount"].sum())
    place = rows["tenure"].map({name: at for at, name in enumerate(TENURES)})
    rows = rows.assign(place=place).sort_values(["tier", "place"], ignore_index=True)
    return rows[[column.name for column in COLUMNS]]
