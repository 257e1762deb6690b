from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.frames import scope, table
from xlsales.clean.frames import conform
from xlsales.errors import InputError, UsageError
from xlsales.metrics._scope import Scope, Window, default_scope, month_of, parse_period, shift_months
from xlsales.tables.specs import ORDERS


def window(text: str) -> Window:
    start, end = text.split("..")
    return Window(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-10", "2026-10-01..2026-10-31"),
        (" 2024-2 ", "2024-02-01..2024-02-29"),
        ("2026-Q4", "2026-10-01..2026-12-31"),
        ("2026-q1", "2026-01-01..2026-03-31"),
        ("2026", "2026-01-01..2026-12-31"),
        ("2026-01-05 .. 2026-02-03", "2026-01-05..2026-02-03"),
    ],
)
def test_a_period_is_a_month_a_quarter_a_year_or_two_dates(text: str, period: str) -> None:
    assert parse_period(text) == window(period)


@pytest.mark.parametrize(
    "text",
    ["", "10", "26-10", "2026-13", "2026-0", "2026-Q5", "2026-Q", "2026-10-05", "2026-02-03..2026-01-05"],
)
def test_anything_else_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_period(text)
    assert "2026-Q4" in error.value.do("zh")


@pytest.mark.parametrize(
    ("period", "previous", "year_ago"),
    [
        ("2026-10", "2026-09-01..2026-09-30", "2025-10-01..2025-10-31"),
        ("2026-03", "2026-02-01..2026-02-28", "2025-03-01..2025-03-31"),
        ("2025-02", "2025-01-01..2025-01-31", "2024-02-01..2024-02-29"),
        ("2024-02", "2024-01-01..2024-01-31", "2023-02-01..2023-02-28"),
        ("2026-Q1", "2025-10-01..2025-12-31", "2025-01-01..2025-03-31"),
        ("2026", "2025-01-01..2025-12-31", "2025-01-01..2025-12-31"),
        ("2026-01-26..2026-02-25", "2025-12-26..2026-01-25", "2025-01-26..2025-02-25"),
        ("2026-10-01..2026-10-10", "2026-09-01..2026-09-10", "2025-10-01..2025-10-10"),
        ("2026-03-31..2026-03-31", "2026-02-28..2026-02-28", "2025-03-31..2025-03-31"),
    ],
)
def test_the_bases_of_a_complete_period(period: str, previous: str, year_ago: str) -> None:
    about = scope(period)
    assert about.previous == window(previous)
    assert about.year_ago == window(year_ago)


def test_the_bases_of_an_open_period_are_cut_at_its_working_day() -> None:
    about = scope("2026-10", as_of=date(2026, 10, 14))
    assert not about.complete
    assert about.current == window("2026-10-01..2026-10-14")
    assert about.previous == window("2026-09-01..2026-09-08")
    assert about.year_ago == window("2025-10-01..2025-10-15")


def test_a_period_that_has_not_begun_is_empty_and_so_are_its_bases() -> None:
    about = scope("2026-11", as_of=date(2026, 10, 31))
    for part in (about.current, about.previous, about.year_ago):
        assert part.end < part.start


def test_a_period_falls_into_months_of_which_the_outer_ones_may_be_parts() -> None:
    months = scope("2026-01-05..2026-03-03").by_month()
    assert {month: part.period for month, part in months.items()} == {
        "2026-01": window("2026-01-05..2026-01-31"),
        "2026-02": window("2026-02-01..2026-02-28"),
        "2026-03": window("2026-03-01..2026-03-03"),
    }


days = st.dates(date(2020, 1, 1), date(2027, 12, 31))


@settings(deadline=None, derandomize=True)
@given(days, st.integers(0, 800), days)
def test_a_base_ends_before_the_period_begins_and_months_tile_it(
    start: date, length: int, as_of: date
) -> None:
    about = Scope(Window(start, start + timedelta(length)), as_of)
    assert about.previous.end < start
    parts = [part.period for part in about.by_month().values()]
    assert (parts[0].start, parts[-1].end) == (about.period.start, about.period.end)
    assert all(b.start - a.end == timedelta(1) for a, b in pairwise(parts))


@settings(derandomize=True)
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-400, 400))
def test_shifting_by_months_moves_the_month_and_keeps_the_day_where_there_is_one(day: date, by: int) -> None:
    moved = shift_months(day, by)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == by
    assert moved.day == min(day.day, month_of(moved).end.day)


def orders(*days: str) -> pd.DataFrame:
    return conform(ORDERS, pd.DataFrame({"order_date": list(days), "amount": 1.0}))


def test_the_default_is_the_month_of_the_latest_fact_as_of_that_day() -> None:
    leads = table("leads", "lead_id | created\nL1 | 2026-11-03 18:30:00\nL2 |")
    found = default_scope({"orders": orders("2026-09-01", "2026-10-30"), "leads": leads, "payments": None})
    assert found.period == parse_period("2026-11")
    assert found.as_of == date(2026, 11, 3)
    assert found.basis == "signed"


def test_an_older_period_is_complete_and_a_given_day_cuts_it() -> None:
    tables = {"orders": orders("2026-09-01", "2026-10-30")}
    assert default_scope(tables, "2026-09").complete
    cut = default_scope(tables, "2026-10", date(2026, 10, 20), "net", (("region", ("南",)),), "US")
    assert (cut.current.end, cut.basis, cut.calendar.country) == (date(2026, 10, 20), "net", "US")
    assert default_scope(tables, as_of=date(2026, 9, 15)).period == parse_period("2026-09")


@pytest.mark.parametrize("period", ["2026-11", "2025", "2026-Q2"])
def test_a_period_wholly_outside_the_data_is_refused_with_the_months_there_are(period: str) -> None:
    with pytest.raises(UsageError) as error:
        default_scope({"orders": orders("2026-07-01", "2026-10-30")}, period)
    assert "2026-07" in error.value.what("zh")
    assert "2026-10" in error.value.what("en")


def test_a_period_that_data_reach_into_is_taken() -> None:
    assert default_scope({"orders": orders("2026-07-01", "2026-10-30")}, "2026-Q4").period.end.month == 12


def test_a_slip_in_the_year_does_not_move_the_month() -> None:
    days = [str(date(2026, 1, 1) + timedelta(k)) for k in range(200)]
    for slips in (["2027-03-05"], ["2062-01-01"], ["2027-03-05", "2206-01-01"]):
        assert default_scope({"orders": orders(*days, *slips)}).as_of == date(2026, 7, 19)


def test_a_quiet_stretch_is_no_slip() -> None:
    few = orders("2026-01-05", "2026-02-05", "2026-08-01")
    assert default_scope({"orders": few}).as_of == date(2026, 8, 1)


@pytest.mark.parametrize("tables", [{}, {"orders": orders()}, {"orders": None}])
def test_without_any_date_there_is_no_scope(tables: dict[str, pd.DataFrame | None]) -> None:
    with pytest.raises(InputError) as error:
        default_scope(tables)
    assert error.value.key == "no_dates"


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("FY2026", "2025-04-01", "2026-03-31"),
        ("FY2026-Q1", "2025-04-01", "2025-06-30"),
        ("fy2026-q4", "2026-01-01", "2026-03-31"),
        ("FY2027-YTD", "2026-04-01", "2026-10-31"),
        ("2026-YTD", "2026-01-01", "2026-10-31"),
        ("2025-YTD", "2025-01-01", "2025-12-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_fiscal_periods_and_years_to_date(said: str, start: str, end: str) -> None:
    found = parse_period(said, fiscal_year_start=4, reach=date(2026, 10, 20))
    assert found == Window(date.fromisoformat(start), date.fromisoformat(end))


def test_a_fiscal_year_that_is_the_calendars_is_called_the_same() -> None:
    assert parse_period("FY2026") == parse_period("2026")
    assert parse_period("FY2026-Q2") == parse_period("2026-Q2")


@pytest.mark.parametrize(
    "said", ["FY26", "FY2026-05", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "YTD", "FY"]
)
def test_what_is_no_period_is_refused(said: str) -> None:
    with pytest.raises(UsageError):
        parse_period(said)
