"""Working days, with the Chinese make-up Saturdays (调休), and the cut that compares like with like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from xlsales.metrics._scope import Window

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """The working days of a country (ISO code as the holidays package knows it).

    An unknown country is a ``UsageError`` when its first day is asked for. China's make-up days are
    known for the years whose arrangement is published; beyond them weekends and public holidays hold.
    """

    country: str = "CN"

    def is_working(self, day: date) -> bool:
        """Whether people work on ``day``; a make-up Saturday counts, a public holiday does not."""
        if self.country == "CN" and (exceptions := _china(day.year)):
            return (day.weekday() < SATURDAY) != ((day.month, day.day) in exceptions)
        return bool(_holidays(self.country, day.year).is_working_day(day))

    def between(self, start: date, end: date) -> int:
        """The number of working days from ``start`` to ``end``, both included."""
        return sum(1 for day in _days(start, end) if self.is_working(day))

    def same_cut(self, start: date, end: date, base: Window) -> date:
        """The day of ``base`` that is as far into it as ``end`` is into the period from ``start``.

        That is the day with as many working days behind it and, where the calendar has them, as
        many days off after the last of those: a cut on a Sunday compares with a Sunday's sales.
        It is the day before ``base`` when nothing compares, as a holiday with a working day.
        """
        worked = self.between(start, end)
        rest = 0
        while start <= end - rest * ONE_DAY and not self.is_working(end - rest * ONE_DAY):
            rest += 1
        cut = base.start - ONE_DAY
        for day in _days(base.start, base.end):
            if self.is_working(day):
                if not worked:
                    break
                worked -= 1
            elif not worked:
                if not rest:
                    break
                rest -= 1
            cut = day
        return cut


def _days(start: date, end: date) -> Iterator[date]:
    return (start + k * ONE_DAY for k in range((end - start).days + 1))


@cache
def new_year(year: int) -> date | None:
    """The first day of China's lunar year, the Spring Festival; None for a year that is not written down."""
    from datetime import date

    from xlsales.metrics._china import NEW_YEAR

    day = NEW_YEAR.get(year)
    return date(year, int(day[:2]), int(day[2:])) if day else None


@cache
def _china(year: int) -> frozenset[tuple[int, int]]:
    """Month and day of what does not follow the week in China; empty for a year that is not known."""
    from xlsales.metrics._china import EXCEPTIONS

    return frozenset((int(day[:2]), int(day[2:])) for day in EXCEPTIONS.get(year, "").split())


@cache
def _holidays(country: str, year: int) -> Any:
    import holidays

    try:
        return holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise UsageError("unknown_country", country=country) from None
