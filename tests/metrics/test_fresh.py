"""How far each source is behind, and the working days without rows, counted by hand on a calendar."""

from __future__ import annotations

from datetime import date

import pandas as pd

from xlsales.metrics._fresh import LATE_DAYS, MISSING_DAYS, Freshness, day_column, fresh
from xlsales.metrics._scope import Scope, parse_period
from xlsales.tables.spec import SOURCE
from xlsales.tables.specs import table

NOVEMBER = Scope(parse_period("2026-11"), date(2026, 11, 30))


def rows(**days: list[str]) -> pd.DataFrame:
    """Rows of each source on these days of November 2026, whose first is a Sunday."""
    return pd.DataFrame(
        [
            (f"{source}.xlsx!订单", pd.Timestamp(f"2026-11-{day}"))
            for source, found in days.items()
            for day in found
        ],
        columns=[SOURCE, "order_date"],
    )


def test_each_source_has_its_latest_day_and_how_far_that_is_behind() -> None:
    found = fresh(rows(a=["02", "27"], b=["09"]), "order_date", NOVEMBER)
    assert [(one.source, one.latest, one.lag) for one in found] == [
        ("a.xlsx!订单", date(2026, 11, 27), 3),
        ("b.xlsx!订单", date(2026, 11, 9), 21),
    ]
    assert [one.late for one in found] == [False, True]


def test_only_working_days_between_the_first_and_the_last_row_are_missing() -> None:
    (found,) = fresh(rows(a=["03", "05", "10"]), "order_date", NOVEMBER)
    assert found.missing == (date(2026, 11, 4), date(2026, 11, 6), date(2026, 11, 9))


def test_the_thresholds_are_where_they_are_stated() -> None:
    day = date(2026, 11, 2)
    assert not Freshness("", day, LATE_DAYS, (day,) * (MISSING_DAYS - 1)).late
    assert Freshness("", day, LATE_DAYS + 1, ()).late
    assert not Freshness("", day, 0, (day,) * (MISSING_DAYS - 1)).patchy
    assert Freshness("", day, 0, (day,) * MISSING_DAYS).patchy


def test_rows_after_the_day_of_the_data_and_rows_without_a_day_count_for_nothing() -> None:
    early = Scope(parse_period("2026-11"), date(2026, 11, 10))
    found = rows(a=["03", "20"])
    found.loc[2] = ["b.xlsx!订单", pd.NaT]
    assert [(one.source, one.latest, one.lag) for one in fresh(found, "order_date", early)] == [
        ("a.xlsx!订单", date(2026, 11, 3), 7)
    ]


def test_a_period_without_rows_has_no_missing_days() -> None:
    october = Scope(parse_period("2026-10"), date(2026, 11, 30))
    assert [one.missing for one in fresh(rows(a=["03"]), "order_date", october)] == [()]


def test_tables_by_month_have_no_day() -> None:
    assert day_column(table("orders")) == "order_date"
    assert day_column(table("targets")) is None
    assert day_column(table("customers")) is None


def test_days_that_lie_ahead_do_not_say_how_fresh_a_plan_is() -> None:
    assert day_column(table("instalments")) is None
    assert day_column(table("contracts")) is None
