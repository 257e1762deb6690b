"""Days that cannot have come in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.horizon import GAP, horizon
from xlsales.clean.issues import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows

STAGES = ("created", "contacted", "booked", "trial", "won", "renewed")
"""The days of a lead in the order in which they come; any may be blank."""
AFTER_THE_ORDER = {"payments": "paid_date", "refunds": "refund_date", "lessons": "day"}
"""What happens to an order happens on its day or later."""
HAPPENED = {
    "orders": ("order_date",),
    "leads": (*STAGES, "lost"),
    "customers": ("created",),
    "payments": ("paid_date",),
    "refunds": ("refund_date",),
    "invoices": ("invoice_date",),
    "contracts": ("signed",),
    "activities": ("day",),
    "lessons": ("day",),
    "surveys": ("day",),
    "tickets": ("opened", "closed"),
}
"""Columns of what has happened, as against due and end dates, which lie ahead."""


def stages_backwards(tables: Mapping[str, Rows]) -> list[Finding]:
    """Leads that reached a stage before an earlier one, or were lost before they came.

    The cell is that of the later stage, the suggestion the last day of the stages before it.
    """
    if "leads" not in tables:
        return []
    frame = tables["leads"].frame
    findings = []
    latest = created = frame["created"].dt.normalize()  # a stage has no time of day
    for name in STAGES[1:]:
        findings += _before("stage_backwards", "leads", name, frame[name], latest)
        latest = frame[name].where(frame[name] > latest, latest).fillna(frame[name])
    return findings + _before("stage_backwards", "leads", "lost", frame["lost"], created)


def before_the_order(tables: Mapping[str, Rows]) -> list[Finding]:
    """Payments, refunds and lessons on a day before that of their order (of its first line)."""
    if "orders" not in tables:
        return []
    findings: list[Finding] = []
    others = [key for key in AFTER_THE_ORDER if key in tables and len(tables[key].frame)]
    ordered = first_days(tables["orders"].frame) if others else None
    if ordered is None or ordered.empty:
        return []
    for key in others:
        frame, name = tables[key].frame, AFTER_THE_ORDER[key]
        own = ordered.reindex(frame["order_id"]).set_axis(frame.index)
        findings += _before("before_order", key, name, frame[name], own, frame.get("amount"))
    return findings


def first_days(orders: pd.DataFrame) -> pd.Series:
    """The first day of each order by its id."""
    dated = orders[["order_id", "order_date"]].dropna()
    if dated["order_id"].is_unique:
        return dated.set_index("order_id")["order_date"]
    return dated.groupby("order_id", sort=False)["order_date"].min()


def contract_backwards(tables: Mapping[str, Rows]) -> list[Finding]:
    """Contracts that end before they start."""
    if "contracts" not in tables:
        return []
    frame = tables["contracts"].frame
    return _before("contract_backwards", "contracts", "end", frame["end"], frame["start"], frame["amount"])


def future_days(tables: Mapping[str, Rows]) -> list[Finding]:
    """Things that have happened more than ``GAP`` days after the last day that the data reach.

    The suggestion is that day: a wrong year makes a report of a month that has not come.
    """
    import pandas as pd

    last = horizon(tables)
    if last is None:
        return []
    limit = pd.Timestamp(last) + pd.Timedelta(days=GAP)
    findings = []
    for key, names in HAPPENED.items():
        for name in names if key in tables else ():
            rows = tables[key]
            late = rows.frame[name] > limit
            if late.any():
                at = rows.frame.index[late]
                shown = (f"≤ {last}",) * len(at)
                findings.append(
                    Finding("future_date", at, shown, tuple(rows.amounts[at].fillna(0.0)), name, key)
                )
    return findings


def _before(
    rule: str,
    table: str,
    field: str,
    days: pd.Series,
    others: pd.Series,
    amounts: pd.Series | None = None,
) -> list[Finding]:
    """The rows whose day lies before the other one, which is the suggestion."""
    early = days < others
    if not early.any():
        return []
    shown = tuple(others[early].dt.strftime("≥ %Y-%m-%d"))
    at_stake = () if amounts is None else tuple(amounts[early].fillna(0.0))
    return [Finding(rule, days.index[early], shown, at_stake, field, table)]
