"""Pace by Chinese working days: October 2026 has the holiday week and a make-up Saturday."""

from __future__ import annotations

from datetime import date

import pytest

from xlsales.errors import UsageError
from xlsales.metrics._pipeline import coverage, leads_needed
from xlsales.planning.pace import Clock, clock, daily_needed, landing, pace
from xlsales.planning.pipeline import velocity, weighted


def test_the_clock_counts_working_days_with_the_day_itself() -> None:
    # 1 to 7 October 2026 are off, Saturday the 10th is worked: the 8th, 9th and 10th are three days.
    assert clock(date(2026, 10, 10)).gone == 3
    assert clock(date(2026, 10, 10)).whole == 3 + 5 + 5 + 5  # and the weeks from the 12th, 19th, 26th
    assert not clock(date(2026, 10, 30)).over
    assert clock(date(2026, 10, 31)).over


def test_a_longer_period_has_its_own_clock() -> None:
    quarter = clock(date(2026, 10, 10), "2026-Q4")
    assert (quarter.gone, quarter.over) == (3, False)
    assert quarter.whole == 18 + clock(date(2026, 11, 30)).whole + clock(date(2026, 12, 31)).whole
    with pytest.raises(UsageError):
        clock(date(2026, 10, 10), "soon")


def test_pace_landing_and_what_each_day_must_bring() -> None:
    time = Clock(6, 18, over=False)
    assert pace(0.5, time) == pytest.approx(0.5 / (6 / 18))
    assert landing(60, time) == pytest.approx(60 / 6 * 18)
    assert daily_needed(60, 300, time) == pytest.approx(240 / 12)
    assert daily_needed(400, 300, time) == 0


def test_there_is_no_number_where_it_would_mean_nothing() -> None:
    assert landing(60, Clock(2, 18, over=False)) is None
    assert landing(60, Clock(18, 18, over=True)) == 60
    assert daily_needed(60, 300, Clock(18, 18, over=True)) is None
    assert pace(0.5, Clock(0, 18, over=False)) is None
    assert pace(None, Clock(6, 18, over=False)) is None
    assert Clock(0, 0, over=True).share is None


def test_the_landing_is_that_of_the_attainment_metric() -> None:
    import pandas as pd

    from tests.metrics.frames import table
    from xlsales.metrics._catalogue import compute
    from xlsales.metrics._scope import Scope, month_of

    orders = table("orders", "order_id | order_date | amount\n1 | 2026-10-08 | 500\n2 | 2026-10-12 | 100")
    targets = table("targets", "period | target\n2026-10 | 1000")
    day = date(2026, 10, 13)
    found = compute("attainment", {"orders": orders, "targets": targets}, Scope(month_of(day), day))
    row = found.iloc[0]
    assert isinstance(found, pd.DataFrame)
    assert landing(600, clock(day)) == pytest.approx(row["landing"])
    assert daily_needed(600, 1000, clock(day)) == pytest.approx(row["required_daily"])
    assert pace(0.6, clock(day)) == pytest.approx(row["pace"])


def test_the_worth_of_open_deals() -> None:
    assert weighted([3800, 22500, None, 5], [0.9, 0.2, 0.5, None]) == pytest.approx(7920)  # Odoo's example
    assert coverage(900, 400, 700) == 3
    assert coverage(900, 700, 700) is None
    assert velocity(50, 0.2, 9000, 90) == pytest.approx(1000)
    assert velocity(50, 0.2, 9000, 0) is None


def test_leads_needed_are_whole_and_enough() -> None:
    assert leads_needed(1000, 0.3, 100) == 34  # 33 bring 990
    assert leads_needed(900, 0.3, 100) == 30  # and not 31 for a rounding error
    assert leads_needed(-5, 0.3, 100) == 0
    assert leads_needed(1000, 0, 100) is None
