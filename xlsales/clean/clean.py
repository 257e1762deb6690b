"""Raw tables in; clean tables, the issue log and the proof that the totals tie out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.frames import conform
from xlsales.clean.issues import issue_table
from xlsales.clean.read import money_of, read_rows
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.clean.rules import CHECKS
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import RawTable

__all__ = ["Cleaned", "Exclusion", "Reconciliation", "clean"]


@dataclass(frozen=True)
class Cleaned:
    """The tables that the input has, clean, by key; every finding; one reconciliation per table."""

    tables: Mapping[str, pd.DataFrame]
    issues: pd.DataFrame
    reconciliations: tuple[Reconciliation, ...]


def clean(raw: Sequence[RawTable]) -> Cleaned:
    """Read, check and reconcile the recognised sheets; those of the same table become one.

    Raises ``InputError`` when a sheet contradicts itself so far that its numbers cannot be believed.
    """
    import pandas as pd

    sheets = {table.key: [one for one in raw if one.table.key == table.key] for table in TABLES}
    whole = {key: read_rows(raws) for key, raws in sheets.items() if raws}
    left = dict(whole)
    excluded: dict[str, dict[str, list[pd.Index]]] = {key: {} for key in whole}
    issues = [issue_table(), *(rows.skipped() for rows in whole.values())]
    for check in CHECKS:
        for finding in check(left):
            rows = left[finding.table]
            issues.append(rows.issues(finding))
            if rows.weight(finding)[1] == "excluded":
                gone = rows.frame.index.intersection(finding.rows)
                left[finding.table] = rows.without(gone)
                excluded[finding.table].setdefault(finding.rule, []).append(gone)
    return Cleaned(
        {key: conform(rows.table, rows.frame) for key, rows in left.items()},
        pd.concat(issues, ignore_index=True),
        tuple(_reconcile(whole[key], left[key], excluded[key]) for key in whole),
    )


def _reconcile(whole: Rows, left: Rows, excluded: Mapping[str, list[pd.Index]]) -> Reconciliation:
    money = money_of(whole.table)

    def total(labels: pd.Index) -> float | None:
        return math.fsum(whole.amounts[labels].dropna()) if money else None

    exclusions = [
        Exclusion(rule, len(labels), total(labels))
        for rule, parts in excluded.items()
        if len(labels := parts[0].append(parts[1:]))
    ]
    skipped = sum(len(raw.skipped) for raw in whole.raws)
    if skipped:
        exclusions.insert(0, Exclusion("skipped_row", skipped, 0.0 if money else None))
    unreadable = [
        one.rows
        for one in whole.findings
        if money and one.field == money.name and whole.weight(one)[1] == "excluded"
    ]
    return Reconciliation(
        table=whole.table.key,
        rows_in=len(whole.frame) + skipped,
        rows_out=len(left.frame),
        amount_in=total(whole.frame.index),
        amount_out=total(left.frame.index),
        exclusions=tuple(exclusions),
        unreadable=sum(len(rows) for rows in unreadable),
    )
