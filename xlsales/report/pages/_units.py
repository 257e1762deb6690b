"""Sales and targets of the units that a total is split by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.pages._context import TOP
from xlsales.report.traced import summed

if TYPE_CHECKING:
    from xlsales.report.pages._context import Context, Record


def sales_and_targets(context: Context, unit: str) -> list[Record]:
    """Sales and targets by unit, largest first; beyond the tenth they are one row (其他).

    A unit with a target that has sold nothing in any of the compared periods is there too.
    """
    goals = {row[unit]: row["target"] for row in context.records("attainment", by=(unit,))}
    sales = {row[unit]: row for row in context.records("sales", by=(unit,))}
    whole = context.total("sales")
    nothing: Record = {
        "amount": 0.0,
        "share": 0.0 if (whole.get("amount") or 0) > 0 else None,
        **{key: None if whole.get("previous") is None else 0.0 for key in ("previous", "change")},
    }
    rows = [
        {
            "name": context.name(name),
            "target": goals.get(name),
            **{key: sales.get(name, nothing)[key] for key in nothing},
        }
        for name in {**sales, **goals}
    ]
    rows.sort(key=lambda row: -row["amount"])
    if len(rows) > TOP + 2:
        head, rest = rows[:TOP], rows[TOP:]
        other: Record = {"name": context.word("other", count=context.counted(rest, "sales"))}
        for key in ("amount", "previous", "change", "share", "target"):
            known = [row[key] for row in rest if row[key] is not None]
            other[key] = summed(known) if known else None
        rows = [*head, other]
    for row in rows:
        base, target = row["previous"], row["target"] if context.begun else None
        row["mom"] = row["change"] / base if base and base > 0 and row["change"] is not None else None
        row["attainment"] = row["amount"] / target if target and target > 0 else None
        row["gap"] = row["amount"] - target if target and target > 0 else None
    return rows


def with_targets(context: Context, unit: str) -> list[Record]:
    """Who has a target by that dimension, largest surplus first; none where only the whole has one."""
    rows = [row for row in context.records("attainment", by=(unit,)) if row["gap"] is not None]
    named = any(row[unit] for row in rows)
    return sorted(rows, key=lambda row: (-row["gap"], row[unit])) if named else []


def target_unit(context: Context) -> str | None:
    """The finest dimension that targets name: people before teams before regions before products."""
    return next((unit for unit in ("rep", "team", "region", "product") if with_targets(context, unit)), None)
