"""Raw tables in; clean tables, the issue log and the proof that the totals tie out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlsales.clean.changes import change_table
from xlsales.clean.frames import conform
from xlsales.clean.issues import issue_table
from xlsales.clean.joined import SPLIT, apart, conflicting_headers, join
from xlsales.clean.read import money_of, read_rows
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.clean.rules import CHECKS, duplicates, unusable
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from xlsales.clean.changes import Change
    from xlsales.clean.issues import Finding
    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import RawTable

    Check = Callable[[Mapping[str, Rows]], list[Finding]]

__all__ = ["Cleaned", "Exclusion", "Reconciliation", "clean"]

STEPS: tuple[Callable[[dict[str, Rows]], tuple[dict[str, Rows], list[Change]]], ...] = ()
"""What changes values before anything is judged, in order: tables -> the tables then, and what changed."""

HALVES: tuple[Check, ...] = (unusable, duplicates, conflicting_headers, apart)
"""What is judged of order headers and order lines before they are joined to orders."""


@dataclass(frozen=True)
class Cleaned:
    """The input as clean tables by key; every finding and change; one reconciliation per table."""

    tables: Mapping[str, pd.DataFrame]
    issues: pd.DataFrame
    reconciliations: tuple[Reconciliation, ...]
    changes: pd.DataFrame = field(default_factory=change_table)


def clean(raw: Sequence[RawTable]) -> Cleaned:
    """Read, check and reconcile the recognised sheets; those of the same table become one.

    Raises ``InputError`` when a sheet contradicts itself so far that its numbers cannot be believed.
    """
    import pandas as pd

    sheets = {table.key: [one for one in raw if one.table.key == table.key] for table in TABLES}
    left = {key: read_rows(raws) for key, raws in sheets.items() if raws}
    entered = {key: rows.frame.index for key, rows in left.items()}
    excluded: dict[str, dict[str, list[pd.Index]]] = {key: {} for key in (*left, "orders")}
    issues = [issue_table(), *(rows.skipped() for rows in left.values())]
    changes = [change_table()]

    def judge(tables: dict[str, Rows], checks: Sequence[Check]) -> dict[str, Rows]:
        """The rows that the checks leave; what they find is logged."""
        for check in checks:
            gone: dict[str, pd.Index] = {key: pd.Index([], dtype="int64") for key in tables}
            for finding in check(tables):
                rows = tables[finding.table]
                issues.append(rows.issues(finding))
                if rows.weight(finding)[1] == "excluded":
                    more = finding.rows.intersection(rows.frame.index).difference(gone[finding.table])
                    gone[finding.table] = gone[finding.table].append(more)
                    excluded[finding.table].setdefault(finding.rule, []).append(more)
            tables = {
                key: rows.without(gone[key]) if len(gone[key]) else rows for key, rows in tables.items()
            }
        return tables

    halves: dict[str, Rows] = {}
    if all(key in left for key in SPLIT):
        halves = judge({key: left.pop(key) for key in SPLIT}, HALVES)
        left["orders"] = join(halves, left.get("orders"))
        entered["orders"] = left["orders"].frame.index
    for step in STEPS:
        left, made = step(left)
        changes += [left[one.table].changes(one) for one in made]
    left = judge(left, CHECKS) | halves
    left = {table.key: left[table.key] for table in TABLES if table.key in left}
    return Cleaned(
        {key: conform(rows.table, rows.frame) for key, rows in left.items()},
        pd.concat(issues, ignore_index=True),
        tuple(_reconcile(rows, entered[key], excluded[key]) for key, rows in left.items()),
        pd.concat(changes, ignore_index=True),
    )


def _reconcile(left: Rows, entered: pd.Index, excluded: Mapping[str, list[pd.Index]]) -> Reconciliation:
    money = money_of(left.table)

    def total(labels: pd.Index) -> float | None:
        return math.fsum(left.amounts[labels].dropna()) if money else None

    exclusions = [
        Exclusion(rule, len(labels), total(labels))
        for rule, parts in excluded.items()
        if len(labels := parts[0].append(parts[1:]))
    ]
    skipped = sum(len(raw.skipped) for raw in left.raws)
    if skipped:
        exclusions.insert(0, Exclusion("skipped_row", skipped, 0.0 if money else None))
    unreadable = [
        one.rows
        for one in left.findings
        if money and one.field == money.name and left.weight(one)[1] == "excluded"
    ]
    return Reconciliation(
        table=left.table.key,
        rows_in=len(entered) + skipped,
        rows_out=len(left.frame),
        amount_in=total(entered),
        amount_out=total(left.frame.index),
        exclusions=tuple(exclusions),
        unreadable=sum(len(rows) for rows in unreadable),
    )
