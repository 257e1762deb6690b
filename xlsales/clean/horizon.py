"""How far the data reach, without the days that only a slip of the keyboard explains.

Never today: the same input says the same on every day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from xlsales.clean.rows import Rows

GAP = 45
"""So many days without any fact may lie between the facts; what few come after more are slips."""
FACTS = (("orders", "order_date"), ("leads", "created"), ("payments", "paid_date"))
"""What says how far the data reach."""


def sane(counts: Mapping[date, int]) -> list[date]:
    """Of the days, in their order with their facts counted, those that no slip explains.

    A slip are the last ones when more than ``GAP`` days without any fact lie before them and they hold less
    than one in a hundred facts, or, after more than a year, a single one.
    """
    days, whole, tail = list(counts), sum(counts.values()), 0
    for k in range(len(days) - 1, 0, -1):
        tail += counts[days[k]]
        gap = (days[k] - days[k - 1]).days
        if (gap > GAP and tail * 100 < whole) or (gap > 366 and tail == 1):
            return sane({day: counts[day] for day in days[:k]})
    return days


def reach(columns: list[pd.Series]) -> date | None:
    """The last day of these columns of days taken together; None where they hold none."""
    counts: dict[date, int] = {}
    for column in columns:
        for moment, rows in column.dropna().dt.normalize().value_counts().items():
            day = moment.date()
            counts[day] = counts.get(day, 0) + int(rows)
    days = sane(dict(sorted(counts.items())))
    return days[-1] if days else None


def horizon(tables: Mapping[str, Rows]) -> date | None:
    """The last day on which anything was ordered, asked or paid."""
    return reach([tables[key].frame[name] for key, name in FACTS if key in tables])
