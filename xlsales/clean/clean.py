"""Raw tables in; clean tables, the issue log and the proof that the totals tie out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xlsales.clean.changes import change_table
from xlsales.clean.fill import fill_together
from xlsales.clean.frames import conform
from xlsales.clean.issues import issue_table
from xlsales.clean.joined import SPLIT, apart, conflicting_headers, join
from xlsales.clean.naming.aliases import is_rename, renames
from xlsales.clean.naming.names import spellings, standardise_names
from xlsales.clean.naming.products import listed_names, name_by_code, official_names
from xlsales.clean.read import money_of, read_rows
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.clean.review.cases import SETTLED, with_cases
from xlsales.clean.review.keys import NO_ROW
from xlsales.clean.review.settle import Settled, settle
from xlsales.clean.rules.checks import CHECKS, duplicates, unusable
from xlsales.clean.rules.user_rules import change_values
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from xlsales.clean.away import Away
    from xlsales.clean.issues import Finding
    from xlsales.clean.large.account import Large
    from xlsales.clean.naming.names import Spelling
    from xlsales.clean.review.decisions import Decision
    from xlsales.clean.rows import Rows
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable

    Check = Callable[[Mapping[str, Rows]], list[Finding]]

__all__ = ["Cleaned", "Exclusion", "Reconciliation", "clean"]

HALVES: tuple[Check, ...] = (unusable, duplicates, conflicting_headers, apart)
"""What is judged of order headers and order lines before they are joined to orders."""


@dataclass(frozen=True)
class Cleaned:
    """The input as clean tables by key; every finding and change; one reconciliation per table."""

    tables: Mapping[str, pd.DataFrame]
    issues: pd.DataFrame
    reconciliations: tuple[Reconciliation, ...]
    changes: pd.DataFrame = field(default_factory=change_table)
    decisions: tuple[Settled, ...] = ()
    large: tuple[Large, ...] = ()
    """Tables that stay in an engine; then ``tables`` are all of that engine, and no frames of pandas."""
    engine: Lazy | None = None
    """The engine, which lives as long as its tables are asked for."""
    small: Mapping[str, pd.DataFrame] | None = None
    beyond: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """How many more rows than are listed in ``issues`` rules have found that ask of whole tables there."""
    spelled: Mapping[str, Mapping[str, Spelling]] = field(default_factory=dict)
    """By column the names that are written otherwise, in tables elsewhere too."""

    @property
    def in_memory(self) -> Mapping[str, pd.DataFrame]:
        """The tables whose rows can be looked at one by one: all but the large ones."""
        return self.tables if self.small is None else self.small

    @cached_property
    def blanks(self) -> Mapping[str, Mapping[str, int]]:
        """How many cells are blank by column of each table that is ``in_memory``."""
        return {
            key: {str(name): int(frame[name].isna().sum()) for name in frame.columns.drop([SOURCE, ROW])}
            for key, frame in self.in_memory.items()
        }

    @property
    def there(self) -> tuple[Large, ...]:
        """The tables whose rows are not ``in_memory``."""
        return self.large if self.engine else ()

    @property
    def unlisted(self) -> dict[tuple[str, str, str], int]:
        """How many findings beyond those in ``issues`` there are, by table, field and rule."""
        found = dict(self.beyond)
        for one in self.large:
            for (name, rule), count in one.unlisted.items():
                key = (one.table.key, name, rule)
                found[key] = found.get(key, 0) + count
        return found

    def more(self, *, high: bool = False) -> int:
        """How many findings there are beyond those in ``issues``, or how many of them are high."""
        severe = self.issues[self.issues["severity"] == "high"]
        listed = set(zip(severe["table"], severe["field"], severe["rule"], strict=True))
        return sum(count for key, count in self.unlisted.items() if not high or key in listed)

    @property
    def open_issues(self) -> pd.DataFrame:
        """The issues about which nobody has decided for good."""
        return self.issues[~self.issues["choice"].isin(SETTLED)]


def clean(raw: Sequence[RawTable], decisions: Sequence[Decision] = (), away: Away | None = None) -> Cleaned:
    """Read, check and reconcile the recognised sheets; those of the same table become one.

    What people decided is put to work first (see ``xlsales.clean.review.settle``); what they decided about
    similar names is taken as aliases. Tables that are ``away`` are asked, and told, what is of all tables;
    they have settled what was decided, about these sheets too.

    Raises ``InputError`` when a sheet contradicts itself so far that its numbers cannot be believed.
    """
    import numpy as np
    import pandas as pd

    settlement = away.settlement if away else settle(raw, [one for one in decisions if not is_rename(one)])
    own = settlement.raws[: len(raw)]
    sheets = {table.key: [one for one in own if one.table.key == table.key] for table in TABLES}
    left = {key: settlement.read(read_rows(raws)) for key, raws in sheets.items() if raws}
    entered = {key: rows.frame.index for key, rows in left.items()}
    excluded: dict[str, dict[str, list[pd.Index]]] = {key: {} for key in (*left, "orders")}
    issues = [issue_table(), *(part for rows in left.values() for part in (rows.skipped(), rows.set_aside()))]
    numbers = [np.full(sum(map(len, issues)), NO_ROW)]
    changes = [change_table()]

    def judge(tables: dict[str, Rows], checks: Sequence[Check]) -> dict[str, Rows]:
        """The rows that the checks leave; what they find is logged."""
        for check in checks:
            gone: dict[str, pd.Index] = {key: pd.Index([], dtype="int64") for key in tables}
            found = check(tables)
            divided = [part for one in found for part in settlement.divided(tables[one.table], one)]
            for finding in divided:
                rows = tables[finding.table]
                issues.append(rows.issues(finding))
                numbers.append(settlement.numbers(rows, finding.rows, finding.field))
                if rows.weight(finding)[1] == "excluded":
                    more = finding.rows.intersection(rows.frame.index).difference(gone[finding.table])
                    more = more.difference(settlement.kept(rows, finding))
                    gone[finding.table] = gone[finding.table].append(more)
                    excluded[finding.table].setdefault(finding.rule, []).append(more)
            tables = {
                key: rows.without(gone[key]) if len(gone[key]) else rows for key, rows in tables.items()
            }
        return tables

    for rows in left.values():
        changes += map(rows.changes, settlement.changes(rows))
    halves: dict[str, Rows] = {}
    if all(key in left for key in SPLIT):
        halves = judge({key: left.pop(key) for key in SPLIT}, (settlement.findings, *HALVES))
        left["orders"] = join(halves, left.get("orders"))
        entered["orders"] = left["orders"].frame.index
    listed = listed_names(left)
    official = official_names(pd.concat([listed, away.listed_names()]) if away else listed)
    left, coded = name_by_code(left, official)
    changes += [left[one.table].changes(one) for one in coded]
    spelled = spellings(left, renames(decisions), away.named(official) if away else None)
    left, named = standardise_names(left, spelled)
    changes += [left[one.table].changes(one) for one in named]
    beside = [
        standardise_names({one.table.key: one}, spelled)[0][one.table.key]
        for one in (away.concerned(left) if away else ())
    ]
    left, made, filled = fill_together(left, beside)
    changes += made
    if away:
        away.filled(filled)
    left, ruled = change_values(left)
    changes += [left[one.table].changes(one) for one in ruled]
    left = judge(left, (settlement.findings, *CHECKS)) | halves
    left = {table.key: left[table.key] for table in TABLES if table.key in left}
    if away:
        away.left(left)
    rows_of = np.concatenate(numbers)
    found = with_cases(pd.concat(issues, ignore_index=True), rows_of, settlement.sheets)
    found = settlement.judged(found, rows_of)
    return Cleaned(
        {key: conform(rows.table, rows.frame) for key, rows in left.items()},
        found,
        tuple(_reconcile(rows, entered[key], excluded[key]) for key, rows in left.items()),
        pd.concat(changes, ignore_index=True),
        (
            *settlement.settled(left, found),
            *(Settled(one, "applied") for one in decisions if is_rename(one)),
        ),
        spelled=spelled,
    )


def _reconcile(left: Rows, entered: pd.Index, excluded: Mapping[str, list[pd.Index]]) -> Reconciliation:
    money = money_of(left.table)

    def total(labels: pd.Index) -> float | None:
        return math.fsum(left.amounts[labels].dropna()) if money else None

    changed = 0.0
    if money:
        less = left.amounts[left.frame.index].fillna(0.0) - left.frame[money.name].fillna(0.0)
        changed = math.fsum(less[less != 0])

    exclusions = [
        Exclusion(rule, len(labels), total(labels))
        for rule, parts in excluded.items()
        if len(labels := parts[0].append(parts[1:]))
    ]
    if changed:
        exclusions.append(Exclusion("changed_amount", 0, changed))
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
        amount_out=math.fsum(left.frame[money.name].dropna()) if money else None,
        exclusions=tuple(exclusions),
        unreadable=sum(len(rows) for rows in unreadable),
    )
