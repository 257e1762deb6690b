from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs import china
from xlsales.errors import UsageError
from xlsales.metrics._calendar import WorkingDays, new_year
from xlsales.metrics._scope import Window

CHINA = WorkingDays("CN")
ONE_DAY = timedelta(days=1)

# 国务院办公厅关于 2025 年、2026 年部分节假日安排的通知: the weekend days that are worked, and the days off
MADE_UP = ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]
MADE_UP += ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
OFF = [
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]


@pytest.mark.parametrize("day", MADE_UP)
def test_a_make_up_day_is_worked_although_it_is_a_weekend(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert CHINA.is_working(date.fromisoformat(day))


@pytest.mark.parametrize(("first", "last"), OFF)
def test_nobody_works_on_a_published_holiday(first: str, last: str) -> None:
    assert CHINA.between(date.fromisoformat(first), date.fromisoformat(last)) == 0


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_arrangement_is_complete(year: int) -> None:
    """Every other day follows the week: 248 working days are left, as 365 - 104 - 13 says."""
    days = [date(year, 1, 1) + k * ONE_DAY for k in range(365)]
    off = {
        day
        for first, last in OFF
        for day in days
        if date.fromisoformat(first) <= day <= date.fromisoformat(last)
    }
    worked = [day for day in days if str(day) in MADE_UP or (day.weekday() < 5 and day not in off)]
    assert [day for day in days if CHINA.is_working(day)] == worked
    assert CHINA.between(days[0], days[-1]) == len(worked) == 248


def test_a_stretch_that_ends_before_it_begins_has_no_working_day() -> None:
    assert CHINA.between(date(2026, 10, 9), date(2026, 10, 8)) == 0


def test_another_country_has_its_own_days() -> None:
    assert not WorkingDays("US").is_working(date(2026, 11, 26))  # Thanksgiving
    assert CHINA.is_working(date(2026, 11, 26))


def test_an_unknown_country_is_an_error_with_a_remedy() -> None:
    with pytest.raises(UsageError) as error:
        WorkingDays("XX").is_working(date(2026, 1, 1))
    assert "XX" in error.value.what("zh")
    assert "CN" in error.value.do("en")


@pytest.mark.parametrize(
    ("end", "cut"),
    [
        ("2026-10-14", "2026-09-08"),  # the 6th working day of each
        ("2026-10-10", "2026-09-03"),  # a make-up Saturday is the 3rd
        ("2026-10-11", "2026-09-03"),  # the Sunday after: in September a Friday follows, which is worked
        ("2026-10-18", "2026-09-10"),  # the Sunday after the 8th, again before a Friday that is worked
        ("2026-10-31", "2026-09-23"),  # the Saturday after the 18th, the last
    ],
)
def test_october_is_cut_where_september_is_as_far(end: str, cut: str) -> None:
    september = Window(date(2026, 9, 1), date(2026, 9, 30))
    found = CHINA.same_cut(date(2026, 10, 1), date.fromisoformat(end), september)
    assert found.isoformat() == cut


def test_a_holiday_does_not_compare_with_working_days() -> None:
    september = Window(date(2026, 9, 1), date(2026, 9, 30))
    assert CHINA.same_cut(date(2026, 10, 1), date(2026, 10, 7), september) == date(2026, 8, 31)


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
lengths = st.integers(0, 100)
laws = settings(deadline=None, derandomize=True, max_examples=60)


@laws
@given(days, lengths, days, lengths)
def test_the_cut_has_as_many_working_days_as_its_base_can_give(
    start: date, length: int, base_start: date, base_length: int
) -> None:
    base = Window(base_start, base_start + base_length * ONE_DAY)
    end = start + length * ONE_DAY
    cut = CHINA.same_cut(start, end, base)
    assert base.start - ONE_DAY <= cut <= base.end
    worked = min(CHINA.between(start, end), CHINA.between(base.start, base.end))
    assert CHINA.between(base.start, cut) == worked


@laws
@given(days, lengths, lengths)
def test_a_period_compared_with_itself_is_cut_where_it_is(start: date, length: int, beyond: int) -> None:
    end = start + length * ONE_DAY
    assert CHINA.same_cut(start, end, Window(start, end + beyond * ONE_DAY)) == end


@laws
@given(days, lengths, days)
def test_a_later_working_day_is_never_cut_earlier(start: date, length: int, base_start: date) -> None:
    base = Window(base_start, base_start + 60 * ONE_DAY)
    ends = [start + k * ONE_DAY for k in range(length + 1) if CHINA.is_working(start + k * ONE_DAY)]
    cuts = [CHINA.same_cut(start, end, base) for end in ends]
    assert cuts == sorted(cuts)


@pytest.mark.parametrize("year", china.YEARS)
def test_the_days_that_are_written_down_are_those_of_the_holidays_package(year: int) -> None:
    calendar = holidays.country_holidays("CN", years=year)
    days = [date(year, 1, 1) + k * ONE_DAY for k in range(365)]
    assert [CHINA.is_working(day) for day in days] == [calendar.is_working_day(day) for day in days]


def test_a_year_that_is_not_written_down_is_asked_of_the_package() -> None:
    year = china.YEARS.stop
    calendar = holidays.country_holidays("CN", years=year)
    days = [date(year, 1, 1) + k * ONE_DAY for k in range(365)]
    assert [CHINA.is_working(day) for day in days] == [calendar.is_working_day(day) for day in days]


@pytest.mark.parametrize("year", china.FESTIVALS)
def test_the_spring_festival_is_that_of_the_lunisolar_calendar(year: int) -> None:
    from holidays.calendars.chinese import _ChineseLunisolar

    assert new_year(year) == _ChineseLunisolar().lunar_new_year_date(year)[0]


def test_a_festival_that_is_not_written_down_is_none() -> None:
    assert new_year(china.FESTIVALS.stop) is None
