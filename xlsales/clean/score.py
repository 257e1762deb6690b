"""The data-quality scorecard: six dimensions, each 1 - failed units / units, weighed into one score.

- completeness: cells of the columns that hold anything; failed are the blank ones, and needed ones that took
  their row with them. Columns in which a blank is an answer (not reached, no discount) are left out.
- validity: cells that were filled; failed are those that could not be read or cannot be right.
- uniqueness: rows that were read; failed are those that stand twice.
- consistency: rows that were read; failed are those that other columns or tables contradict.
- timeliness: the ``DAYS`` days that end with the day of the data, of each table that grows daily; failed are
  the days since its newest row.
- reconciliation: table totals and what is held against each other; failed is what does not tie out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from xlsales.clean.issues import DIMENSION
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from xlsales.clean.clean import Cleaned

Dimension = Literal["completeness", "validity", "uniqueness", "consistency", "timeliness", "reconciliation"]
WEIGHTS: dict[Dimension, float] = {
    "completeness": 0.25,
    "validity": 0.20,
    "uniqueness": 0.15,
    "consistency": 0.15,
    "timeliness": 0.10,
    "reconciliation": 0.15,
}
"""What each dimension weighs in the whole; one without units leaves its weight to the others."""
DAYS = 30
BLANK_SAYS: dict[str, tuple[str, ...]] = {
    "orders": ("campaign", "discount", "type"),
    "leads": (
        *("contacted", "booked", "trial", "won", "renewed", "lost", "lost_reason"),
        *("customer_id", "amount"),
    ),
    "roster": ("left",),
    "tickets": ("closed",),
    "surveys": ("comment",),
    "invoices": ("tax",),
}
"""Columns in which a blank is an answer, not a gap."""
DAILY = {"orders": "order_date", "leads": "created", "payments": "paid_date", "activities": "day"}
"""Tables that grow from day to day, and by which column."""

OWNED = ("orders", "leads")
"""Tables whose rows each rep answers for."""


@dataclass(frozen=True)
class Measure:
    """One dimension: of so many units so many failed. ``worst`` is the (table, field) with most failures."""

    dimension: Dimension
    units: int
    failed: int
    worst: tuple[str, str] | None = None
    worst_failed: int = 0
    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How many of the units are of which (table, field); "" for a whole table."""

    @property
    def score(self) -> float | None:
        """1 - failed / units, not below 0; None without units."""
        return max(0.0, 1 - self.failed / self.units) if self.units else None


def scores(measured: tuple[Measure, ...]) -> dict[str, float]:
    """The score of each dimension that has units, and the whole under "total"."""
    known = {str(one.dimension): one.score for one in measured if one.score is not None}
    whole = total(measured)
    return known if whole is None else {**known, "total": whole}


def total(measured: tuple[Measure, ...]) -> float | None:
    """The weighted mean of the dimensions that have units; None where none has."""
    known = [(one.score, WEIGHTS[one.dimension]) for one in measured if one.score is not None]
    weight = math.fsum(weight for _, weight in known)
    return math.fsum(score * weight for score, weight in known) / weight if known else None


def measures(cleaned: Cleaned, as_of: date, compared: int, contradicting: int) -> tuple[Measure, ...]:
    """The six dimensions; of ``compared`` units held against each other ``contradicting`` do not agree."""
    blanks = _blanks(cleaned)
    cells = sum(rows for _, rows in blanks.values())
    missing = {field: failed for field, (failed, _) in blanks.items() if failed}
    by_field = _found(cleaned)
    held = {column: rows for column, (_, rows) in blanks.items()}
    for (dimension, *column), count in by_field.items():
        if dimension == "completeness":
            at = (column[0], column[1])
            missing[at] = missing.get(at, 0) + count
            held[at] = held.get(at, 0) + count
    blank = sum(missing.values())
    rows = sum(one.rows_in for one in cleaned.reconciliations)
    days = _days_behind(cleaned, as_of)
    broken = sum(not one.ties for one in cleaned.reconciliations)
    lost = sum(count for (name, *_), count in by_field.items() if name == "completeness")
    whole = {(one.table, ""): one.rows_in for one in cleaned.reconciliations}
    full = {at: count - missing.get(at, 0) for at, count in held.items()}
    return (
        replace(_measure("completeness", cells + lost, blank, missing), parts=held),
        replace(_of_rules("validity", cells + lost - blank, by_field), parts=full),
        replace(_of_rules("uniqueness", rows, by_field), parts=whole),
        replace(_of_rules("consistency", rows, by_field), parts=whole),
        replace(
            _measure("timeliness", DAYS * len(days), sum(days.values()), days),
            parts=dict.fromkeys(days, DAYS),
        ),
        Measure(
            "reconciliation",
            len(cleaned.reconciliations) + compared,
            broken + contradicting,
            parts=dict.fromkeys(whole, 1),
        ),
    )


def _of_rules(name: Dimension, units: int, by_field: Mapping[tuple[str, str, str], int]) -> Measure:
    failed = {(table, field): count for (one, table, field), count in by_field.items() if one == name}
    return _measure(name, max(units, sum(failed.values())), sum(failed.values()), failed)


def _measure(name: Dimension, units: int, failed: int, by_field: Mapping[tuple[str, str], int]) -> Measure:
    worst = min(by_field, key=lambda field: (-by_field[field], field), default=None)
    if worst is None or not by_field[worst]:
        return Measure(name, units, failed)
    return Measure(name, units, failed, worst, by_field[worst])


def _blanks(cleaned: Cleaned) -> dict[tuple[str, str], tuple[int, int]]:
    """Per column that holds anything its blank cells and its cells, in memory and in an engine together."""
    parts: dict[str, list[tuple[Mapping[str, int], int]]] = {}
    for key, frame in cleaned.in_memory.items():
        parts.setdefault(key, []).append((cleaned.blanks[key], len(frame)))
    for one in cleaned.large:
        parts.setdefault(one.table.key, []).append((one.blanks, one.rows))
    found = {}
    for key, of in parts.items():
        cells = sum(rows for _, rows in of)
        for name in dict.fromkeys(name for blanks, _ in of for name in blanks):
            blank = sum(blanks.get(name, rows) for blanks, rows in of)
            if blank < cells and name not in BLANK_SAYS.get(key, ()):
                found[key, name] = (blank, cells)
    return found


def _found(cleaned: Cleaned) -> dict[tuple[str, str, str], int]:
    """The findings by dimension, table and field, without those on how something was read."""
    from collections import Counter

    found = failing(cleaned.issues)
    counts = Counter(zip(found["dimension"], found["table"], found["field"], strict=True))
    for (table, column, rule), more in cleaned.unlisted.items():
        if dimension := DIMENSION.get(rule):
            counts[dimension, table, column] += more
    return dict(counts)


def failing(issues: pd.DataFrame) -> pd.DataFrame:
    """The issues that count against a dimension, with ``dimension`` and the ``row`` of their cell."""
    found = issues.assign(dimension=issues["rule"].map(DIMENSION).fillna(""))
    found = found[found["dimension"] != ""]
    return found.assign(row=found["cell"].str.extract(r"(\d+)$", expand=False).astype("float64"))


def by_owner(cleaned: Cleaned) -> pd.DataFrame:
    """Per ``rep`` of orders and leads that count: ``rows``, those with a finding (``failed``), ``score``."""
    import pandas as pd

    found = failing(cleaned.issues)
    found = found.assign(place=found["source"] + "!" + found["sheet"])
    wrong = found[["table", "place", "row"]].drop_duplicates()
    parts = [pd.DataFrame({"rep": pd.Series([], dtype="str"), "failed": pd.Series([], dtype=bool)})]
    for key in OWNED:
        if key in cleaned.in_memory and cleaned.in_memory[key]["rep"].notna().any():
            frame = cleaned.in_memory[key]
            here = wrong[wrong["table"] == key]
            marked = pd.MultiIndex.from_arrays([here["place"], here["row"]])
            near = frame[ROW].isin(here["row"])
            failed = near.copy()
            own = pd.MultiIndex.from_arrays([frame.loc[near, SOURCE], frame.loc[near, ROW].astype("float64")])
            failed[near] = own.isin(marked)
            parts.append(pd.DataFrame({"rep": frame["rep"], "failed": failed}))
    rows = pd.concat(parts, ignore_index=True)
    counted = rows.groupby("rep")["failed"].agg(rows="size", failed="sum").reset_index()
    there = [
        one.tally.owners
        for one in cleaned.there
        if one.table.key in OWNED and one.tally and one.tally.owners is not None
    ]
    owners = pd.concat([counted, *there]).groupby("rep", as_index=False)[["rows", "failed"]].sum()
    owners["score"] = 1 - owners["failed"] / owners["rows"]
    return owners.sort_values(
        ["score", "failed", "rows", "rep"], ascending=[True, False, False, True], ignore_index=True
    )


def _days_behind(cleaned: Cleaned, as_of: date) -> dict[tuple[str, str], int]:
    """Per daily table with rows the days since its newest one, ``DAYS`` at most."""
    tables, found = cleaned.in_memory, {}
    for key, column in DAILY.items():
        days = [one.newest[column] for one in cleaned.large if one.table.key == key and column in one.newest]
        if key in tables and (newest := tables[key][column].max()) == newest:
            days.append(newest.date())
        if days:
            found[key, column] = min(max((as_of - max(days)).days, 0), DAYS)
    return found
