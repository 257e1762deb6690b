from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given

from tests.metrics.frames import scope
from tests.metrics.lead_oracle import chance, frame, has_dates, leads, outcome
from xlsales.metrics.win_rate import win_rate

if TYPE_CHECKING:
    from tests.metrics.lead_oracle import Lead

AS_OF = date(2026, 7, 20)


def closings(rows: list[Lead]) -> list[tuple[date, str]]:
    """The day on which each closed lead counts, and how it closed."""
    dated = has_dates(rows, "won") and has_dates(rows, "lost")
    found = []
    for one in rows:
        state = outcome(one, AS_OF)
        if state != "open":
            found.append(((one[state] if dated else None) or one["created"], state))
    return [(day, state) for day, state in found if day is not None]


@chance
@given(leads())
def test_every_month_counts_what_a_loop_over_the_leads_finds(rows: list[Lead]) -> None:
    about = scope("2026-05-01..2026-07-31", AS_OF)
    found = win_rate(frame(rows), scope=about, by=("month",)).set_index("month")
    assert list(found.index) == ["2026-05", "2026-06", "2026-07"]
    wins_show = any(one["stage"] or one["won"] or one["renewed"] for one in rows)
    losses_show = any(one["lost"] or one["stage"] == "lost" for one in rows)
    for month, row in found.iterrows():
        states = [state for day, state in closings(rows) if f"{day:%Y-%m}" == month and day <= AS_OF]
        assert row["n"] == len(states)
        assert row["won"] == states.count("won")
        assert row["lost"] == states.count("lost")
        if states and wins_show and losses_show:
            assert row["win_rate"] == pytest.approx(states.count("won") / len(states))
        else:
            assert pd.isna(row["win_rate"])
