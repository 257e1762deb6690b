"""How far back data go, and when a window is a base."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd
import pytest

from tests.metrics.frames import table
from xlsales.metrics._calendar import WorkingDays
from xlsales.metrics._catalogue import run
from xlsales.metrics._reach import reach_of
from xlsales.metrics._scope import Scope, Window, parse_period

if TYPE_CHECKING:
    from xlsales.metrics._reach import Reach

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 9, 30))


def lines(days: Any) -> nw.LazyFrame[Any]:
    return nw.from_native(pd.DataFrame({"date": pd.to_datetime(days), "amount": 1.0})).lazy()


def of(days: Any) -> Reach:
    return reach_of(lines(days), WorkingDays())


def orders(days: pd.DatetimeIndex, **names: str) -> pd.DataFrame:
    """An order of 100 on each of the days."""
    texts = [" | ".join((f"{day:%Y-%m-%d}", "100", *names.values())) for day in days]
    return table("orders", "\n".join((" | ".join(("order_date", "amount", *names)), *texts)))


def test_silence_is_how_many_working_days_passed_at_most_without_a_line() -> None:
    # from a Tuesday the rest of its week, the next week, and the Sunday that makes up for a holiday
    assert of(["2026-09-08", "2026-09-21", "2026-09-22"]).silence == 3 + 5 + 1
    # a weekend, and the National Day holidays from 1 to 7 October
    assert of(["2026-09-11", "2026-09-14"]).silence == 0
    assert of(["2026-09-30", "2026-10-08"]).silence == 0


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        (pd.date_range("2026-08-03", "2026-10-31"), True),
        (pd.date_range("2026-09-01", "2026-10-31"), True),
        (pd.date_range("2026-09-02", "2026-10-31"), False),
        (pd.date_range("2026-09-20", "2026-10-31"), False),
        (
            ["2026-09-08", "2026-09-22", "2026-10-09"],
            True,
        ),  # 6 before the first, 9 between
        (["2026-09-17", "2026-10-31"], False),  # 12 of the 22 are more than half
        (["2026-10-08"], False),
        ([], False),
    ],
)
def test_a_base_is_held_where_no_longer_silence_comes_before_the_first_line_than_after(
    days: Any, holds: bool
) -> None:
    assert of(days).holds(SEPTEMBER) is holds


def test_a_day_far_before_all_others_is_a_slip_and_nothing_the_data_begin_with() -> None:
    days = pd.date_range("2026-09-20", "2027-03-31")
    assert of([pd.Timestamp("2015-09-20"), *days]) == of(days)


def test_a_few_days_long_before_the_others_are_data_where_those_are_few_too() -> None:
    assert of(["2026-01-05", "2026-09-20", "2026-10-08"]).start == date(2026, 1, 5)


def test_a_month_that_the_data_only_reach_into_is_no_base() -> None:
    daily = orders(pd.date_range("2025-10-20", "2026-10-31"))
    row = run("sales", {"orders": daily}, Scope(parse_period("2026-10"), date(2026, 10, 31))).rows.iloc[0]
    assert (row["amount"], row["previous"]) == (3100, 3000)
    assert row[["year_ago", "yoy"]].astype("float64").isna().all()
    assert row["yoy_status"] == "no_base"


def test_a_trend_begins_with_the_first_month_that_the_data_hold() -> None:
    daily = orders(pd.date_range("2025-09-20", "2026-10-31"))
    stray = orders(pd.DatetimeIndex(["2015-10-01"]))
    scope = Scope(parse_period("2026-10"), date(2026, 10, 31))
    row = run("trend", {"orders": pd.concat([stray, daily])}, scope).rows.iloc[0]
    assert row["months"] == 13


def test_a_filter_does_not_make_data_begin_later() -> None:
    """Who came on 20 September is compared with those eleven days: all others sold before."""
    others = orders(pd.date_range("2026-08-01", "2026-10-31"), rep="张")
    newcomer = orders(pd.date_range("2026-09-20", "2026-10-31"), rep="李")
    scope = Scope(parse_period("2026-10"), date(2026, 10, 31), filters=(("rep", ("李",)),))
    row = run("sales", {"orders": pd.concat([others, newcomer])}, scope).rows.iloc[0]
    assert (row["amount"], row["previous"]) == (3100, 1100)
