"""Leads made by chance, and their stages read the slow and obvious way: one lead, one stage at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from xlsales.clean.frames import conform
from xlsales.tables.specs import LEADS, STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

Lead = dict[str, Any]
DATED = STAGES[1:]
chance = settings(max_examples=25, deadline=None, derandomize=True)

DAYS = st.integers(0, 300).map(lambda n: date(2026, 1, 1) + timedelta(n))
MAYBE = st.one_of(st.none(), st.none(), DAYS)


@st.composite
def lead(draw: st.DrawFn, dated: Sequence[str], marked: bool) -> Lead:
    """A lead that may skip, go back, be dated before it came, or be known by its stage column only."""
    return {
        "created": draw(st.one_of(DAYS, DAYS, DAYS, st.none())),
        "stage": draw(st.sampled_from([None, *STAGES, "lost"])) if marked else None,
        "channel": draw(st.sampled_from([None, "抖音", "地推"])),
        "rep": draw(st.sampled_from(["孙悦", "周凯"])),
        **{stage: draw(MAYBE) if stage in dated else None for stage in (*DATED, "lost")},
    }


@st.composite
def leads(draw: st.DrawFn) -> list[Lead]:
    """Leads of one source: some of the dates it never has, and maybe no stage column."""
    dated = draw(st.sets(st.sampled_from([*DATED, "lost"]), min_size=0))
    dated = draw(st.sampled_from([dated, {*DATED, "lost"}]))
    return draw(st.lists(lead(sorted(dated), draw(st.booleans())), max_size=40))


def frame(rows: Sequence[Lead]) -> pd.DataFrame:
    columns = ["created", "stage", "channel", "rep", *DATED, "lost"]
    return conform(LEADS, pd.DataFrame(list(rows), columns=columns))


def furthest(one: Lead, day: date) -> str:
    """The furthest stage that the lead had reached by the end of ``day``."""
    found = "new"
    for k, stage in enumerate(DATED):
        if one[stage] is not None and one[stage] <= day:
            found = stage
        to_come = [name for name in DATED[: k + 1] if one[name] is not None and one[name] > day]
        if one["stage"] == stage and not to_come:
            found = stage
    return found


def outcome(one: Lead, day: date) -> str:
    """``won``, ``lost`` or ``open`` by the end of ``day``."""
    if furthest(one, day) in ("won", "renewed"):
        return "won"
    if one["lost"] is not None:
        return "lost" if one["lost"] <= day else "open"
    to_come = [name for name in DATED if one[name] is not None and one[name] > day]
    return "lost" if one["stage"] == "lost" and not to_come else "open"


def has_reached(one: Lead, stage: str, day: date) -> bool:
    return STAGES.index(furthest(one, day)) >= STAGES.index(stage)


def created_in(rows: Sequence[Lead], start: date, end: date) -> list[Lead]:
    return [one for one in rows if one["created"] is not None and start <= one["created"] <= end]


def known_stages(rows: Sequence[Lead]) -> list[str]:
    return [
        stage
        for stage in STAGES
        if stage == "new" or any(one[stage] is not None or one["stage"] == stage for one in rows)
    ]


def has_dates(rows: Sequence[Lead], stage: str) -> bool:
    return any(one[stage] is not None for one in rows)
