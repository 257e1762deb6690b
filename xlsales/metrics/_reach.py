"""How far back data go, and whether they hold a window whole that others are to be compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.horizon import GAP
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._facts import by_day, revenue

if TYPE_CHECKING:
    from datetime import date

    import narwhals as nw
    import numpy as np
    from numpy.typing import NDArray

    from xlsales.metrics._calendar import WorkingDays
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window


@dataclass(frozen=True)
class Reach:
    """How far back data go.

    ``start`` is their first day with a line, None where they have none; ``silence`` how many working days
    have passed at most between two such days.
    """

    start: date | None
    silence: int
    calendar: WorkingDays

    def holds(self, window: Window) -> bool:
        """Whether the data begin before the window, or so early in it that they may hold all of it.

        A base with its first weeks missing is no base: any growth could be seen against it. But who sells
        twice a month may have begun with the month and sold on the 9th. So the working days before the first
        line must be no more than have passed without one since, and no more than half of the window.
        """
        if self.start is None or window.end < max(window.start, self.start):
            return False
        missing = self.calendar.between(window.start, self.start - ONE_DAY)
        return missing <= min(self.silence, self.calendar.between(window.start, window.end) // 2)


def money_reach(orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope) -> Reach:
    """How far back the money goes on the basis of the scope, whatever its filters leave of it."""
    return reach_of(revenue(orders, payments, refunds, replace(scope, filters=())), scope.calendar)


def orders_reach(orders: Frame, scope: Scope) -> Reach:
    """How far back the orders go, whatever the basis and the filters of the scope."""
    return money_reach(orders, None, None, replace(scope, basis="signed"))


def reach_of(lines: nw.LazyFrame[Any], calendar: WorkingDays) -> Reach:
    """How far back lines with a ``date`` and an ``amount`` go."""
    return reach_of_days(by_day(lines)[0], calendar)


def reach_of_days(days: NDArray[np.datetime64], calendar: WorkingDays) -> Reach:
    """How far back data go that have something on these days, each named once and in order."""
    days = days[_slips(days) :]
    if not len(days):
        return Reach(None, 0, calendar)
    silence = 0
    gaps = (days[1:] - days[:-1]).astype("int64") - 1
    for at in gaps.argsort()[::-1]:
        if gaps[at] <= silence:
            break
        last, following = days[at].item(), days[at + 1].item()
        silence = max(silence, calendar.between(last + ONE_DAY, following - ONE_DAY))
    return Reach(days[0].item(), silence, calendar)


def _slips(days: NDArray[np.datetime64]) -> int:
    """How many days at the head only a slip of the keyboard explains, as 2015 for 2025.

    They lie more than ``GAP`` days before all others and are less than one in a hundred.
    """
    import numpy as np

    far = np.flatnonzero((days[1:] - days[:-1]).astype("int64") > GAP) + 1
    few = far[far * 100 < len(days)]
    return int(few.max(initial=0))
