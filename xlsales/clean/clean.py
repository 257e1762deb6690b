"""Raw tables in; clean tables, the issue log and the proof that the totals tie out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlsales.clean.cases import SETTLED, with_cases
from xlsales.clean.changes import change_table
from xlsales.clean.frames import conform
from xlsales.clean.issues import issue_table
from xlsales.clean.read import money_of, read_rows
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.clean.rules import CHECKS
from xlsales.clean.settle import settle
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from xlsales.clean.changes import Change
    from xlsales.clean.decisions import Decision
    from xlsales.clean.rows import Rows
    from xlsales.clean.settle import Settled
    from xlsales.tables.spec import RawTable

__all__ = ["Cleaned", "Exclusion", "Reconciliation", "clean"]

STEPS: tuple[Callable[[dict[str, Rows]], tuple[dict[str, Rows], list[Change]]], ...] = ()
"""What changes values before anything is judged, in order: tables -> the tables then, and what changed."""

NO_ROW = -1
"""The number of what is no row of a table."""


@dataclass(frozen=True)
class Cleaned:
    """The input as clean tables by key; every finding and change; one reconciliation per table."""

    tables: Mapping[str, pd.DataFrame]
    issues: pd.DataFrame
    reconciliations: tuple[Reconciliation, ...]
    changes: pd.DataFrame = field(default_factory=change_table)
    decisions: tuple[Settled, ...] = ()

    @property
    def open_issues(self) -> pd.DataFrame:
        """The issues about which nobody has decided for good."""
        return self.issues[~self.issues["choice"].isin(SETTLED)]


def clean(raw: Sequence[RawTable], decisions: Sequence[Decision] = ()) -> Cleaned:
    """Read, check and reconcile the recognised sheets; those of the same table become one.

    What people decided is put to work first: see ``xlsales.clean.settle``.

    Raises ``InputError`` when a sheet contradicts itself so far that its numbers cannot be believed.
    """
    import numpy as np
    import pandas as pd

    settlement = settle(raw, decisions)
    sheets = {table.key: [one for one in settlement.raws if one.table.key == table.key] for table in TABLES}
    left = {key: settlement.read(read_rows(raws)) for key, raws in sheets.items() if raws}
    entered = {key: rows.frame.index for key, rows in left.items()}
    excluded: dict[str, dict[str, list[pd.Index]]] = {key: {} for key in left}
    issues = [issue_table(), *(rows.skipped() for rows in left.values())]
    numbers = [np.full(sum(map(len, issues)), NO_ROW)]
    changes = [change_table()]
    for rows in left.values():
        changes += map(rows.changes, settlement.changes(rows))
    for step in STEPS:
        left, made = step(left)
        changes += [left[one.table].changes(one) for one in made]
    for check in (settlement.findings, *CHECKS):
        gone: dict[str, pd.Index] = {key: pd.Index([], dtype="int64") for key in left}
        for finding in check(left):
            rows = left[finding.table]
            issues.append(rows.issues(finding))
            numbers.append(settlement.numbers(rows, finding.rows))
            if rows.weight(finding)[1] == "excluded":
                more = finding.rows.intersection(rows.frame.index).difference(gone[finding.table])
                more = more.difference(settlement.kept(rows, finding))
                gone[finding.table] = gone[finding.table].append(more)
                excluded[finding.table].setdefault(finding.rule, []).append(more)
        left = {key: rows.without(gone[key]) if len(gone[key]) else rows for key, rows in left.items()}
    found = pd.concat(issues, ignore_index=True)
    found = settlement.judged(
        with_cases(found, np.concatenate(numbers), settlement.sheets), np.concatenate(numbers)
    )
    return Cleaned(
        {key: conform(rows.table, rows.frame) for key, rows in left.items()},
        found,
        tuple(_reconcile(rows, entered[key], excluded[key]) for key, rows in left.items()),
        pd.concat(changes, ignore_index=True),
        settlement.settled(left, found),
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
