"""Funnel, conversion and win rate, counted lead by lead."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from xlsales.demo.counting import PERIOD, last_day, month_of, ratio, shifted
from xlsales.demo.rows import STEPS

if TYPE_CHECKING:
    from datetime import date

    from xlsales.demo.counting import Names
    from xlsales.demo.rows import Lead, World

STAGES = ("new", *STEPS)


def _reached(lead: Lead, stage: str, as_of: date) -> bool:
    """Whether the lead was at ``stage`` or beyond by the end of a day."""
    later = STAGES[STAGES.index(stage) :]
    days = [lead.created if step == "new" else getattr(lead, step) for step in later]
    return any(day is not None and day <= as_of for day in days)


def cohort(world: World) -> dict[str, dict[str, int]]:
    """Of the leads created in the period and in the month before, how many came how far by its end."""
    found = {}
    for month in (shifted(PERIOD, -1), PERIOD):
        leads = [lead for lead in world.leads if month_of(lead.created) == month]
        found[month] = {
            stage: sum(_reached(lead, stage, last_day(month)) for lead in leads) for stage in STAGES
        }
    return found


def activity(world: World) -> dict[str, dict[str, int]]:
    """How many reached each stage in the period and in the month before, whenever they came."""
    found = {month: dict.fromkeys(STAGES, 0) for month in (shifted(PERIOD, -1), PERIOD)}
    for lead in world.leads:
        for stage in STAGES:
            day = lead.created if stage == "new" else getattr(lead, stage)
            if day is not None and month_of(day) in found:
                found[month_of(day)][stage] += 1
    return found


def conversion(world: World, dimension: str) -> Names:
    """Of the leads created in the period, those won."""
    counts: dict[str | None, dict[str, Any]] = defaultdict(lambda: {"n": 0, "won": 0})
    for lead in world.leads:
        if month_of(lead.created) == PERIOD:
            count = counts[getattr(lead, dimension) if dimension else ""]
            count["n"] += 1
            count["won"] += lead.won is not None
    return {name: {**count, "rate": ratio(count["won"], count["n"])} for name, count in counts.items()}


def win_rate(world: World, dimension: str, since: str = PERIOD) -> Names:
    """Of the leads that closed in the period, or in the months from ``since`` to it, those won."""
    counts: dict[str | None, dict[str, Any]] = defaultdict(lambda: {"n": 0, "won": 0, "lost": 0})
    for lead in world.leads:
        closed = lead.won or lead.lost
        if closed and since <= month_of(closed) <= PERIOD:
            count = counts[getattr(lead, dimension) if dimension else ""]
            count["n"] += 1
            count["won" if lead.won else "lost"] += 1
    return {name: {**count, "rate": ratio(count["won"], count["n"])} for name, count in counts.items()}
