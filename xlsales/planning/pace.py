"""How far the working days of a period have gone, and where a number lands if it goes on like this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.metrics._calendar import WorkingDays
from xlsales.metrics._scope import month_of, parse_period
from xlsales.metrics.attainment import TOO_EARLY

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Clock:
    """Working days gone by, the day itself included, and in the whole period."""

    gone: int
    whole: int
    over: bool

    @property
    def share(self) -> float | None:
        """The part of the working days that is gone; None in a period without any."""
        return self.gone / self.whole if self.whole else None


def clock(as_of: date, period: str | None = None) -> Clock:
    """The clock of a period (by default the month of ``as_of``), by Chinese working days.

    Raises ``UsageError`` for a period that means nothing.
    """
    window = parse_period(period) if period else month_of(as_of)
    between = WorkingDays().between
    return Clock(
        between(window.start, min(as_of, window.end)), between(window.start, window.end), as_of >= window.end
    )


def pace(attained: float | None, time: Clock) -> float | None:
    """Attainment over the share of time: 1 is on schedule. None before the first working day."""
    return attained / time.share if attained is not None and time.share else None


def landing(actual: float, time: Clock) -> float | None:
    """Where the period ends at the daily average so far; None before the third working day.

    The same as the landing of the attainment metric: once the period is over it is the actual itself.
    """
    if time.over:
        return actual
    return actual / time.gone * time.whole if time.gone >= TOO_EARLY else None


def daily_needed(actual: float, target: float, time: Clock) -> float | None:
    """What is missing per working day left: 0 once the target is reached, None when no day is left."""
    left = time.whole - time.gone
    if left <= 0:
        return None
    return max(target - actual, 0.0) / left
