"""What goes with how something ended: a reason with a loss, money with a win, no more paid than owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.rules.lines import CENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows


def lost_without_reason(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lost leads without a reason, in sheets that have a column for it."""
    if "leads" not in tables or "lost_reason" not in tables["leads"].text:
        return []
    frame = tables["leads"].frame
    bare = ((frame["stage"] == "lost") | frame["lost"].notna()) & frame["lost_reason"].isna()
    at = frame.index[bare & _asked(tables["leads"], "lost_reason")]
    return [Finding("lost_without_reason", at, (), (), "lost_reason", "leads")] if len(at) else []


def won_without_amount(tables: Mapping[str, Rows]) -> list[Finding]:
    """Won leads without an amount above zero, in sheets that have a column for it."""
    if "leads" not in tables or "amount" not in tables["leads"].text:
        return []
    frame = tables["leads"].frame
    bare = (frame["stage"].isin(["won", "renewed"]) | frame["won"].notna()) & ~(frame["amount"] > 0)
    at = frame.index[bare & _asked(tables["leads"], "amount")]
    return [Finding("won_without_amount", at, (), (), "amount", "leads")] if len(at) else []


def _asked(rows: Rows, field: str) -> pd.Series:
    """Which rows stand in a sheet that has the field."""
    has = [field in raw.letters for raw in rows.raws]
    return rows.part[rows.frame.index].isin([at for at, one in enumerate(has) if one])


def overpaid(tables: Mapping[str, Rows]) -> list[Finding]:
    """Single payments of more than their whole order; the amount is what is too much.

    What all payments of an order add up to is the reconciliation's to say.
    """
    if "orders" not in tables or "payments" not in tables:
        return []
    payments, orders = tables["payments"].frame, tables["orders"].frame
    stated = orders[["order_id", "amount"]].dropna()
    owed = stated.set_index("order_id")["amount"]
    if owed.empty:
        return []
    if not owed.index.is_unique:
        owed = stated.groupby("order_id", sort=False)["amount"].sum()
    limit = owed.reindex(payments["order_id"]).set_axis(payments.index)
    over = payments["amount"] > limit.clip(lower=0) + CENT
    suggestions = tuple(f"≤ {one:.12g}" for one in limit[over])
    beyond = tuple((payments["amount"] - limit)[over])
    at = payments.index[over]
    return [Finding("overpaid", at, suggestions, beyond, "amount", "payments")] if len(at) else []
