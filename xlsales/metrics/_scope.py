"""What a number is about: the period, how far the data reach, the money basis and the filters."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

from xlsales.clean.horizon import FACTS, sane
from xlsales.errors import InputError, UsageError
from xlsales.metrics._calendar import ONE_DAY, WorkingDays, new_year

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from xlsales.metrics._catalogue import Tables

Basis = Literal["signed", "net", "cash"]
"""signed: order amounts on the order date. net: signed less refunds in the refund's own month.
cash: payments on the day they were paid, less refunds on the day they were refunded."""
BASES: tuple[Basis, ...] = get_args(Basis)

SpringFestival = Literal["calendar", "aligned"]
"""calendar: a year ago is the same days of the calendar. aligned: near the Spring Festival it is the days
that lay as far from the festival."""
SPRING_FESTIVALS: tuple[SpringFestival, ...] = get_args(SpringFestival)

RefundMonth = Literal["refund_month", "original_month"]
"""On the net basis: whether a refund counts on its own day, or on the date of the order it takes back."""
REFUND_MONTHS: tuple[RefundMonth, ...] = get_args(RefundMonth)

Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""(dimension, allowed values); "" stands for blank."""


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of days, both ends included; empty when the end lies before the start."""

    start: date
    end: date


def month_of(day: date) -> Window:
    """The calendar month that holds ``day``."""
    return Window(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def shift_months(day: date, months: int) -> date:
    """``day`` moved by whole months; a day that the month lacks becomes its last one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Policy:
    """What a company settles once: where its fiscal year starts, and how years and refunds are compared.

    ``business`` are the hours of a working day in which it answers, such as ``9-18``; "" for all hours.
    """

    fiscal_year_start: int = 1
    spring_festival: SpringFestival = "calendar"
    refunds: RefundMonth = "refund_month"
    business: str = ""


USUAL = Policy()
BESIDE = (("contracts", "signed"), ("contracts", "renewed"), ("surveys", "day"))
"""What says how far the data reach where nothing is sold, enquired or paid."""
_PERIOD = re.compile(r"(FY)?([0-9]{4})(?:-(?:(YTD)|Q([1-4])|([0-9]{1,2})))?")


def parse_period(text: str, fiscal_year_start: int = 1, reach: date | None = None) -> Window:
    """``2026-10`` (month), ``2026-Q4``, ``2026`` (year), ``2026-YTD`` or ``2026-01-05..2026-02-03``.

    ``FY2026``, ``FY2026-Q2`` and ``FY2026-YTD`` are of the fiscal year, which is called after the year it
    ends in. A year to date ends with the month of ``reach``, the day that the data reach.
    """
    try:
        if ".." in text:
            start, end = (date.fromisoformat(part.strip()) for part in text.split(".."))
            if end < start:
                raise ValueError(text)
            return Window(start, end)
        found = _PERIOD.fullmatch(text.strip().upper())
        if not found:
            raise ValueError(text)
        fiscal, year, to_date, quarter, month = found.groups()
        first = fiscal_year(int(year), fiscal_year_start).start if fiscal else date(int(year), 1, 1)
        if month:
            if fiscal:
                raise ValueError(text)
            return month_of(first.replace(month=int(month)))
        if quarter:
            first = shift_months(first, int(quarter) * 3 - 3)
            return Window(first, month_of(shift_months(first, 2)).end)
        end = month_of(shift_months(first, 11)).end
        if to_date and reach:
            end = min(end, month_of(max(first, reach)).end)
        return Window(first, end)
    except ValueError:
        raise UsageError("unknown_period", period=text) from None


def fiscal_year(year: int, start_month: int) -> Window:
    """The twelve months from ``start_month`` on that end in ``year``."""
    first = date(year - (start_month > 1), start_month, 1)
    return Window(first, month_of(shift_months(first, 11)).end)


@dataclass(frozen=True)
class Scope:
    """Everything that fixes a number besides the tables.

    ``period`` is whole (all of October), ``as_of`` is how far the data reach. When ``as_of`` falls
    inside the period, comparisons are cut at the same working day, so like is compared with like.
    """

    period: Window
    as_of: date
    basis: Basis = "signed"
    filters: Filters = ()
    calendar: WorkingDays = field(default_factory=WorkingDays)
    policy: Policy = USUAL

    @property
    def current(self) -> Window:
        """The period as far as the data reach; empty when they end before it."""
        return replace(self.period, end=max(min(self.period.end, self.as_of), self.period.start - ONE_DAY))

    @property
    def complete(self) -> bool:
        """Whether the data reach the end of the period."""
        return self.as_of >= self.period.end

    @property
    def months(self) -> int:
        """How many calendar months the period touches."""
        start, end = self.period.start, self.period.end
        return (end.year - start.year) * 12 + end.month - start.month + 1

    @property
    def previous(self) -> Window:
        """The period before this one, cut at the same working day when this one is not complete.

        It lies back by as few whole months as keep it clear of this one: a month from the 26th to the
        25th by one, a quarter by three.
        """
        clear = self.months - (self.period.end.day < self.period.start.day)
        return self.cut(self._shifted(-max(clear, 1)))

    @property
    def year_ago(self) -> Window:
        """The same period a year earlier, cut at the same working day when this one is not complete.

        Where the policy aligns the Spring Festival, a period of January to March is compared with the days
        that lay as far from the festival, unless both years hold the festival, its eve to its seventh day.
        """
        shift = self._festival_shift()
        if shift is None:
            return self.ago(1)
        return Window(self.period.start - shift, self.current.end - shift)

    def ago(self, years: int) -> Window:
        """The same period so many years earlier by the calendar, cut as ``year_ago`` is."""
        return self.cut(self._shifted(-12 * years))

    def by_month(self) -> dict[str, Scope]:
        """The scope over each month of the period (``YYYY-MM``), as much of it as the period holds."""
        found = {}
        for k in range(self.months):
            month = month_of(shift_months(self.period.start.replace(day=1), k))
            part = Window(max(month.start, self.period.start), min(month.end, self.period.end))
            found[f"{month.start:%Y-%m}"] = self.over(part)
        return found

    def by_fiscal(self, months: int) -> dict[str, Scope]:
        """The scope over each quarter (3 months) or year (12) of the period, as much of it as that holds.

        They are called ``2026-Q4`` and ``2026``, with FY before where the fiscal year is not the calendar's.
        """
        start, found = self.policy.fiscal_year_start, {}
        offset = start - 1
        index = (self.period.start.year * 12 + self.period.start.month - 1 - offset) // months * months
        while (first := shift_months(date(1, 1, 1), index + offset - 12)) <= self.period.end:
            end = month_of(shift_months(first, months - 1)).end
            year, month = divmod(index, 12)
            name = f"FY{year + 1}" if start > 1 else f"{year}"
            part = Window(max(first, self.period.start), min(end, self.period.end))
            found[name if months == 12 else f"{name}-Q{month // 3 + 1}"] = self.over(part)
            index += months
        return found

    def over(self, period: Window) -> Scope:
        """The same scope about another period."""
        return replace(self, period=period)

    def _festival_shift(self) -> timedelta | None:
        """How much later the Spring Festival is than a year ago, where that is to be made up for."""
        start, end = self.period.start, self.period.end
        now, then = new_year(start.year), new_year(start.year - 1)
        if self.policy.spring_festival == "calendar" or now is None or then is None:
            return None
        if start.year != end.year or end.month > 3:
            return None
        base = self._shifted(-12)
        if _holds(self.period, now) and _holds(base, then):
            return None
        return now - then

    def _shifted(self, months: int) -> Window:
        start = shift_months(self.period.start, months)
        if self.period == Window(self.period.start, month_of(self.period.end).end) and start.day == 1:
            return Window(start, month_of(shift_months(self.period.end.replace(day=1), months)).end)
        return Window(start, shift_months(self.period.end, months))

    def cut(self, base: Window) -> Window:
        """``base`` as far as the data reach into this period: whole, or up to the same working day."""
        if self.complete:
            return base
        return replace(base, end=self.calendar.same_cut(self.period.start, self.current.end, base))


def _holds(window: Window, festival: date) -> bool:
    return window.start <= festival - ONE_DAY and festival + 6 * ONE_DAY <= window.end


def default_scope(
    tables: Tables,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis = "signed",
    filters: Filters = (),
    country: str = "CN",
    policy: Policy = USUAL,
) -> Scope:
    """The scope of a refresh: by default the month of the latest fact, as of that day.

    Never of today, so the same input gives the same output. Raises ``InputError`` when the tables hold
    no date at all, and ``UsageError`` for a period that lies wholly outside the data.
    """
    days = sane(_fact_days(tables, FACTS)) or sane(_fact_days(tables, BESIDE)) or ([as_of] if as_of else [])
    if not days:
        raise InputError("no_dates")
    first, last = days[0], days[-1]
    reach = as_of or last
    window = parse_period(period, policy.fiscal_year_start, reach) if period else month_of(reach)
    if window.end < first or window.start > last:
        asked = period or f"{reach:%Y-%m}"
        raise UsageError("period_outside", period=asked, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")
    return Scope(window, reach, basis, filters, WorkingDays(country), policy)


def _fact_days(tables: Tables, facts: Sequence[tuple[str, str]]) -> dict[date, int]:
    """How many facts each day has, in order of the days."""
    import narwhals as nw

    counts: dict[date, int] = {}
    for name, column in facts:
        if tables.get(name) is not None:
            day = (
                nw.from_native(tables[name]).lazy().select(day=nw.col(column).dt.truncate("1d")).drop_nulls()
            )
            found = day.group_by("day").agg(rows=nw.len()).collect("pandas").to_native()
            for moment, rows in zip(found["day"].dt.date, found["rows"], strict=True):
                counts[moment] = counts.get(moment, 0) + int(rows)
    return dict(sorted(counts.items()))
