"""How fresh the rows of each source are: their latest day, and the working days that have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.metrics._slices import midnight
from xlsales.tables.spec import SOURCE

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from xlsales.metrics._scope import Scope
    from xlsales.tables.spec import Table

LATE_DAYS = 7
"""So many days behind the day of the data a source may be before it is pointed out."""
MISSING_DAYS = 3
"""So many working days without any row, between the first and the last row of the period, are pointed out."""

OTHER_ROWS = 0.3
"""A source whose rows are this share more or fewer than last time is pointed out."""

PLANNED = ("period", "due_date", "end")
"""Needed days on which nothing has happened: months, and when instalments and contracts fall due."""


@dataclass(frozen=True)
class Freshness:
    """One source of one table: ``file!sheet``, its latest day, how far that is behind, and its empty days."""

    source: str
    latest: date
    lag: int
    missing: tuple[date, ...]

    @property
    def late(self) -> bool:
        """Whether it is further behind than ``LATE_DAYS``."""
        return self.lag > LATE_DAYS

    @property
    def patchy(self) -> bool:
        """Whether as many working days as ``MISSING_DAYS``, or more, have no row."""
        return len(self.missing) >= MISSING_DAYS


def day_column(table: Table) -> str | None:
    """The column that says when a row of the table happened; None for one that is by month or has no day.

    Nor do the rows of a plan, whose days lie ahead, say how fresh they are.
    """
    days = [column.name for column in table.columns if column.kind == "date" and column.needed]
    return days[0] if days and days[0] not in PLANNED else None


def fresh(rows: pd.DataFrame, day: str, scope: Scope) -> list[Freshness]:
    """Every source of one table, by name; rows of later days than the scope's count for nothing."""
    dated = rows.loc[rows[day] < midnight(scope.as_of, 1), [SOURCE, day]].dropna()
    window = scope.current
    days = dated.assign(day=dated[day].dt.normalize()).drop_duplicates([SOURCE, "day"])
    inside = days[(days["day"] >= midnight(window.start)) & (days["day"] < midnight(window.end, 1))]
    filled = {str(source): {one.date() for one in group["day"]} for source, group in inside.groupby(SOURCE)}
    latest = {str(source): one.date() for source, one in days.groupby(SOURCE)["day"].max().items()}
    return [
        Freshness(source, day, (scope.as_of - day).days, _missing(filled.get(source, set()), scope))
        for source, day in sorted(latest.items())
    ]


def _missing(filled: set[date], scope: Scope) -> tuple[date, ...]:
    """The working days without rows between the first day with some and the last."""
    if not filled:
        return ()
    first, last = min(filled), max(filled)
    between = (first + timedelta(days=number) for number in range((last - first).days))
    return tuple(day for day in between if day not in filled and scope.calendar.is_working(day))
