from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.metrics.frames import scope, table
from tests.metrics.lead_oracle import (
    chance,
    created_in,
    frame,
    furthest,
    has_dates,
    has_reached,
    known_stages,
    leads,
    outcome,
)
from xlsales.metrics._scope import month_of, shift_months
from xlsales.metrics.lead_funnel import lead_funnel

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from tests.metrics.lead_oracle import Lead

START, END, AS_OF = date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 9)
LATE = AS_OF - END


def share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def middle(rates: list[float]) -> float:
    known = [rate for rate in rates if not math.isnan(rate)]
    return median(known) if known else math.nan


def check(
    found: pd.DataFrame, stages: list[str], count: Callable[[str, date, date], int], dated: bool
) -> None:
    """Every number of ``found`` against ``count(stage, first day, last day)``."""
    assert list(found["stage"]) == stages

    def rate(k: int, start: date, end: date) -> float:
        return share(count(stages[k], start, end), count(stages[k - 1], start, end))

    months = [month_of(shift_months(START, -back)) for back in range(1, 7)]
    usual = [math.nan]
    usual += [middle([rate(k, month.start, month.end) for month in months]) for k in range(1, len(stages))]
    lost: dict[str, float] = {}
    for k, stage in enumerate(stages):
        row = found.iloc[k]
        n = count(stage, START, END)
        assert row["n"] == n
        assert row["cumulative"] == pytest.approx(share(n, count("new", START, END)), nan_ok=True)
        if not k:
            continue
        entrants = count(stages[k - 1], START, END)
        assert row["entrants"] == entrants
        assert row["step_rate"] == pytest.approx(share(n, entrants), nan_ok=True)
        if not dated:
            assert row[["previous", "change", "benchmark", "lost_deals"]].isna().all()
            continue
        assert row["previous"] == pytest.approx(rate(k, months[0].start, months[0].end), nan_ok=True)
        assert row["benchmark"] == pytest.approx(usual[k], nan_ok=True)
        if "won" in stages and k <= stages.index("won"):
            won = stages.index("won")
            onward = count("won", START, END) / n if n else math.prod(usual[k + 1 : won + 1])
            deals = (usual[k] - share(n, entrants)) * entrants * onward
            assert row["lost_deals"] == pytest.approx(deals, nan_ok=True, abs=1e-9)
            lost[stage] = row["lost_deals"]
        else:
            assert math.isnan(row["lost_deals"])
    worst = max((value for value in lost.values() if value > 0), default=None)
    flagged = list(found.loc[found["bottleneck"] == 1, "stage"])
    assert flagged == ([] if worst is None else [next(s for s, value in lost.items() if value == worst)])


@chance
@given(leads())
def test_the_cohort_is_what_a_loop_over_the_leads_finds(rows: list[Lead]) -> None:
    def reached(stage: str, start: date, end: date) -> int:
        return sum(has_reached(one, stage, end + LATE) for one in created_in(rows, start, end))

    stages = known_stages(rows)
    found = lead_funnel(frame(rows), scope=scope("2026-08", AS_OF))
    check(found, stages, reached, all(has_dates(rows, stage) for stage in stages[1:]))

    cohort = [one for one in created_in(rows, START, END) if outcome(one, AS_OF) == "open"]
    for k, stage in enumerate(stages):
        row = found.iloc[k]
        if k == 0:
            assert row["open_share"] == pytest.approx(share(len(cohort), row["n"]), nan_ok=True)
        elif stage != "renewed" or stages[k - 1] != "won":
            waiting = sum(furthest(one, AS_OF) == stages[k - 1] for one in cohort)
            assert row["open_share"] == pytest.approx(share(waiting, row["entrants"]), nan_ok=True)
        else:
            assert math.isnan(row["open_share"])


@chance
@given(leads())
def test_activity_is_what_a_loop_over_the_dates_finds(rows: list[Lead]) -> None:
    def happened(stage: str, start: date, end: date) -> int:
        days = [one["created" if stage == "new" else stage] for one in rows]
        return sum(day is not None and start <= day <= end for day in days)

    stages = ["new", *(stage for stage in known_stages(rows)[1:] if has_dates(rows, stage))]
    found = lead_funnel(frame(rows), scope=scope("2026-08", AS_OF), view="activity")
    check(found, stages, happened, dated=True)
    assert found["open_share"].isna().all()


def test_more_wins_than_trials_in_a_month_have_a_rate_but_no_interval() -> None:
    rows = [
        {"created": date(2026, 7, 1), "trial": date(2026, 7, 2 + n), "won": date(2026, 8, 3), "stage": "won"}
        for n in range(3)
    ] + [{"created": date(2026, 8, 1), "trial": date(2026, 8, 2), "stage": "trial"}]
    blank = dict.fromkeys(("contacted", "booked", "trial", "won", "renewed", "lost", "channel", "rep"))
    found = lead_funnel(frame([blank | one for one in rows]), scope=scope("2026-08"), view="activity")
    won = found.set_index("stage").loc["won"]
    assert won["step_rate"] == 3
    assert math.isnan(won["low"])
    assert math.isnan(won["high"])


def test_the_value_of_an_order_follows_the_filters_of_the_leads() -> None:
    leads_ = table(
        "leads",
        """
        lead_id | created    | region | won
        A1      | 2026-08-01 | 南     |
        A2      | 2026-08-01 | 南     |
        B1      | 2026-07-01 | 南     | 2026-07-02
        """,
    )
    orders = table(
        "orders",
        """
        order_id | order_date | region | amount
        O1       | 2026-08-01 | 南     | 1500
        O1       | 2026-08-01 | 南     | 500
        O2       | 2026-08-01 | 北     | 90
        """,
    )
    about = scope("2026-08", filters={"region": ["南"]})
    won = lead_funnel(leads_, orders, scope=about).set_index("stage").loc["won"]
    assert won["lost_value"] == (1 - 0) * 2 * 2000


def test_a_cohort_grows_older_only() -> None:
    rows = [
        {
            "created": START,
            "contacted": START + timedelta(n),
            "trial": START + timedelta(2 * n),
            "stage": "trial",
        }
        | dict.fromkeys(("booked", "won", "renewed", "lost", "channel", "rep"))
        for n in range(10)
    ]
    counts = [
        lead_funnel(frame(rows), scope=scope("2026-08", START + timedelta(day)))["n"].tolist()
        for day in (0, 3, 9, 10, 19)
    ]
    for earlier, later in pairwise(counts):
        assert all(a <= b for a, b in zip(earlier, later, strict=True))
    assert counts[-1] == [10, 10, 10]
