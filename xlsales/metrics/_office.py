"""Business hours: the hours between two moments in which an office is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.metrics._lives import day_numbers

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._calendar import WorkingDays

SPAN = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*-\s*(\d{1,2})(?::([0-5]\d))?")
UNKNOWN = -(10**6)
DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Office:
    """Open on working days from ``opens`` to ``closes``, in hours after midnight."""

    calendar: WorkingDays
    opens: float
    closes: float

    def waited(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Open hours from one to the other; whole working days where either has no time of day."""
        days = [moments.dt.normalize() for moments in (start, end)]
        timed = (start != days[0]) & (end != days[1])
        return self.between(start.where(timed, days[0]), end.where(timed, days[1]))

    def between(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Open hours from one moment to the other, NaN where either is missing; below 0 if it is earlier."""
        import numpy as np
        import pandas as pd

        days = [day_numbers(moments, UNKNOWN) for moments in (start, end)]
        known = (days[0] != UNKNOWN) & (days[1] != UNKNOWN)
        if not known.any():
            return pd.Series(np.nan, index=start.index)
        first = min(int(one[known].min()) for one in days)
        last = max(int(one[known].max()) for one in days)
        begin, length = date(1970, 1, 1) + timedelta(days=first), self.closes - self.opens
        works = np.array(
            [self.calendar.is_working(begin + timedelta(days=k)) for k in range(last - first + 1)]
        )
        before = np.concatenate([[0], np.cumsum(works)[:-1]])
        passed = []
        for moments, numbers in zip((start, end), days, strict=True):
            at = np.where(known, numbers - first, 0)
            clock = moments.to_numpy("datetime64[us]").astype("int64") - numbers * DAY
            hour = clock * (24 / DAY)
            passed.append(before[at] * length + works[at] * np.clip(hour - self.opens, 0, length))
        return pd.Series(np.where(known, passed[1] - passed[0], np.nan), index=start.index)


def office(span: str, calendar: WorkingDays) -> Office | None:
    """The office of a span such as ``9-18`` or ``8:30-17:30``; None for an empty one, the whole clock.

    Raises ``UsageError`` for what is no span of a day.
    """
    if not span:
        return None
    found = SPAN.fullmatch(span.strip())
    opens, closes = (
        (int(found[1]) + int(found[2] or 0) / 60, int(found[3]) + int(found[4] or 0) / 60)
        if found
        else (0, 0)
    )
    if not opens < closes <= 24:
        raise UsageError("unknown_value", option="business", value=span, known="9-18, 8:30-17:30 …")
    return Office(calendar, opens, closes)
