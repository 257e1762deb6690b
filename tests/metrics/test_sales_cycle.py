"""Cycle and dwell against a loop over the leads."""

from __future__ import annotations

from datetime import date
from statistics import mean, median
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given

from tests.metrics.frames import scope
from tests.metrics.lead_oracle import chance, frame, leads
from xlsales.metrics.dwell import dwell
from xlsales.metrics.sales_cycle import sales_cycle

if TYPE_CHECKING:
    from tests.metrics.lead_oracle import Lead

START, END = date(2026, 5, 1), date(2026, 6, 30)
LATER = {
    "new": ("contacted", "booked", "trial", "won", "renewed", "lost"),
    "trial": ("won", "renewed", "lost"),
}


@chance
@given(leads())
def test_the_cycle_is_what_a_loop_over_the_wins_finds(rows: list[Lead]) -> None:
    found = sales_cycle(frame(rows), scope=scope("2026-05-01..2026-06-30"), by=("rep",)).set_index("rep")
    for rep, row in found.iterrows():
        mine = [one for one in rows if one["rep"] == rep and one["created"] and one["won"]]
        days = [(one["won"] - one["created"]).days for one in mine if START <= one["won"] <= END]
        good = [length for length in days if length >= 0]
        assert row["n"] == len(good)
        assert row["errors"] == len(days) - len(good)
        if good:
            assert row["median"] == pytest.approx(median(good))
            assert row["mean"] == pytest.approx(mean(good))
        else:
            assert pd.isna(row["median"])


@chance
@given(leads())
def test_the_days_in_a_stage_are_what_a_loop_over_the_leads_finds(rows: list[Lead]) -> None:
    plain = [{**one, "stage": None} for one in rows]
    found = dwell(frame(plain), scope=scope("2026-05-01..2026-06-30")).set_index("stage")
    for stage in set(found.index) & set(LATER):
        if found.loc[stage, "status"] == "no_stage_history":
            continue
        days, there = [], 0
        for one in plain:
            entered = one["created" if stage == "new" else stage]
            left = min((one[name] for name in LATER[stage] if one[name]), default=date.max)
            if entered is None or (one["created"] is None and stage == "new"):
                continue
            if START <= left <= END:
                days.append((left - entered).days)
            there += entered <= END < left
        good = [length for length in days if length >= 0]
        assert found.loc[stage, "n"] == len(good)
        assert found.loc[stage, "errors"] == len(days) - len(good)
        assert found.loc[stage, "open"] == there
        if good:
            assert found.loc[stage, "median"] == pytest.approx(median(good))
