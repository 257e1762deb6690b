from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.frames import scope
from tests.metrics.lead_oracle import chance, created_in, frame, has_dates, leads, outcome
from xlsales.clean.frames import conform
from xlsales.metrics.conversion import conversion
from xlsales.metrics.win_rate import win_rate
from xlsales.tables.specs import LEADS

if TYPE_CHECKING:
    from tests.metrics.lead_oracle import Lead


@chance
@given(leads(), st.sampled_from([0, 12]))
def test_every_count_is_what_a_loop_over_the_leads_finds(rows: list[Lead], late: int) -> None:
    wins_show = any(one["stage"] or one["won"] or one["renewed"] for one in rows)
    about = scope("2026-06", date(2026, 6, 30) + timedelta(late))
    found = conversion(frame(rows), scope=about, by=("channel",)).set_index("channel")
    before = created_in(rows, date(2026, 5, 1), date(2026, 5, 31))
    cohort = created_in(rows, date(2026, 6, 1), date(2026, 6, 30))
    assert set(found.index) == {one["channel"] or "" for one in cohort + before}
    for channel, row in found.iterrows():
        mine = [outcome(one, about.as_of) for one in cohort if (one["channel"] or "") == channel]
        assert row["leads"] == len(mine)
        if not wins_show:
            assert row[["won", "open", "lost", "conversion"]].isna().all()
            continue
        for state in ("won", "open", "lost"):
            assert row[state] == mine.count(state)
        seen = date(2026, 5, 31) + timedelta(late)
        then = [outcome(one, seen) for one in before if (one["channel"] or "") == channel]
        if then and has_dates(rows, "won"):
            assert row["previous"] == pytest.approx(then.count("won") / len(then))
        else:
            assert pd.isna(row["previous"])


def test_conversion_and_win_rate_of_one_real_pipeline_are_fifteen_points_apart() -> None:
    """A published CRM file: 8,800 opportunities, 4,238 won, 2,473 lost; read as 48.2 % and as 63.2 %."""
    stages = ["won"] * 4238 + ["lost"] * 2473 + ["trial"] * 2089
    pipeline = conform(LEADS, pd.DataFrame({"stage": stages, "created": pd.Timestamp(2026, 10, 1)}))
    converted = conversion(pipeline, scope=scope("2026-10")).iloc[0]
    closed = win_rate(pipeline, scope=scope("2026-10")).iloc[0]
    assert round(converted["conversion"], 3) == 0.482
    assert round(closed["win_rate"], 3) == 0.632
    assert converted["open_share"] == pytest.approx(2089 / 8800)
    assert converted["status"] == "undated"
    assert (closed["basis"], closed["undated"]) == ("created", 6711)


def test_only_a_channel_whose_interval_is_off_the_overall_rate_is_flagged() -> None:
    won = pd.Timestamp(2026, 10, 5)
    sizes = {"转介绍": (100, 45), "抖音": (300, 20), "地推": (12, 1)}
    rows = [
        {"created": pd.Timestamp(2026, 10, 1), "channel": channel, "won": won if n < wins else pd.NaT}
        for channel, (size, wins) in sizes.items()
        for n in range(size)
    ]
    found = conversion(conform(LEADS, pd.DataFrame(rows)), scope=scope("2026-10"), by=("channel",))
    assert dict(zip(found["channel"], found["flag"], strict=True)) == {
        "抖音": "below",
        "转介绍": "above",
        "地推": "",
    }
    assert list(found["status"]) == ["", "", "small_sample"]
