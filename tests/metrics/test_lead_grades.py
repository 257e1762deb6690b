"""Chances come from deals that stood as the judged ones stand, and so they come true."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.metrics.frames import scope
from xlsales.clean.frames import conform
from xlsales.errors import UsageError
from xlsales.metrics._pipeline import stage_chances, stood
from xlsales.metrics.lead_grades import grade_calibration, graded_leads
from xlsales.tables.specs import LEADS

END = date(2026, 10, 31)


def waiting(count: int = 9000) -> pd.DataFrame:
    """Half of the leads are quick and often won, half are slow and hardly ever: those who stand are slow."""
    dice = np.random.default_rng(7)
    created = pd.Timestamp(END) - pd.to_timedelta(dice.integers(0, 700, count), "D")
    quick = dice.random(count) < 0.5
    wait = pd.to_timedelta(np.where(quick, dice.integers(0, 5, count), dice.integers(20, 60, count)), "D")
    won = dice.random(count) < np.where(quick, 0.6, 0.1)
    over = pd.Series(created + wait)
    return conform(
        LEADS,
        pd.DataFrame(
            {
                "lead_id": [f"L{n}" for n in range(count)],
                "created": created,
                "channel": np.where(quick, "转介绍", "地推"),
                "amount": 100.0,
                "won": over.where(won),
                "lost": over.where(~won),
            }
        ),
    )


def test_a_chance_is_the_share_won_of_the_leads_that_stood_there_before() -> None:
    leads = waiting(400)
    won = closed = 0
    longest = (leads["won"] - leads["created"]).max()
    for back in range(3, 15):
        year, month = divmod(2026 * 12 + 9 - back, 12)
        last = pd.Timestamp(year, month + 1, 1).days_in_month
        then = pd.Timestamp(year, month + 1, min(31, last))
        there = leads[(leads["created"] <= then) & ~(leads["won"] <= then) & ~(leads["lost"] <= then)]
        there = there[then - there["created"] <= longest]
        won += int(there["won"].notna().sum())
        closed += len(there)
    assert stage_chances(leads, END) == {"new": pytest.approx(won / closed)}


def test_the_chances_told_three_months_ago_are_those_that_came_true() -> None:
    leads = waiting()
    rows = grade_calibration(leads, scope=scope("2026-10"))
    closed = rows[rows["n"] >= 30]
    assert len(closed)
    assert (closed["status"] == "").all()
    arrived = leads["won"].notna().mean()
    assert (
        closed["predicted"] < arrived / 2
    ).any()  # the rate of those who come says little of those who stand


def test_nothing_that_came_later_is_in_a_chance() -> None:
    leads, day = waiting(2000), date(2026, 7, 31)
    later = leads[["won", "lost"]] > pd.Timestamp(day)
    unknown = leads.assign(**{name: leads[name].mask(later[name]) for name in ("won", "lost")})
    pd.testing.assert_frame_equal(stood(leads, day), stood(unknown, day))


def test_a_small_channel_is_drawn_towards_its_stage() -> None:
    leads = waiting()
    rest = stood(leads, END).set_index(["channel", "stage"])
    usual = rest.groupby("stage").sum().loc["new"]
    prior = (usual["won"] + 1) / (usual["closed"] + 2)
    row = rest.loc[("地推", "new")]
    found = graded_leads(leads, scope=scope("2026-10"))
    slow = found[found["source"] == "地推"]["chance"]
    assert slow.to_numpy() == pytest.approx((row["won"] + 20 * prior) / (row["closed"] + 20))
    new = leads.assign(channel=leads["channel"].mask(leads["created"] == pd.Timestamp(END), "抖音"))
    fresh = graded_leads(new, scope=scope("2026-10"))
    assert fresh[fresh["source"] == "抖音"]["chance"].to_numpy() == pytest.approx(prior, abs=0.01)


def test_names_are_text_also_where_a_database_has_no_lead_at_all() -> None:
    duckdb = pytest.importorskip("duckdb")
    import pyarrow as pa

    from xlsales.metrics.pipeline_coverage import pipeline_coverage

    leads = conform(LEADS, pd.DataFrame({"lead_id": []}))
    with duckdb.connect() as connection:
        lazy = connection.from_arrow(pa.Table.from_pandas(leads))
        found = pipeline_coverage(lazy, scope=scope("2026-10"), by=("region",))
    assert (
        found["region"].dtype
        == pipeline_coverage(leads, scope=scope("2026-10"), by=("region",))["region"].dtype
    )


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match="limit"):
        graded_leads(waiting(10), scope=scope("2026-10"), limit=0)
