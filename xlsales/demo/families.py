"""Families ask, talk, book, try and enrol: the leads with the day of every step, not yet cut at any date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.demo import institution as qiming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from xlsales.demo.dice import Dice, Quota

LAGS = {"contacted": (0, 2), "booked": (0, 5), "trial": (1, 7), "won": (0, 9)}
"""Days from the step before, fewest and most."""


@dataclass
class Family:
    """One enquiry as it will go in the end, whatever the last day of the data knows of it."""

    created: date
    name: str
    phone: str
    course: qiming.Course
    rep: qiming.Rep
    channel: qiming.Channel
    steps: dict[str, date]
    lost: date | None
    lost_reason: str | None


def families(dice: Dice, quota: Quota) -> list[Family]:
    """Every enquiry since the opening, in order of its day."""
    return [
        family for first in months(qiming.OPENED, qiming.LAST_DAY) for family in _month(dice, quota, first)
    ]


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from ``first`` to that of ``last``."""
    while first <= last:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def teaching_day(day: date) -> date:
    """``day``, or nine days later when it falls into the Spring Festival."""
    festival = qiming.SPRING_FESTIVAL.get(day.year)
    if festival and abs((day - festival).days - 2) <= 4:
        return day + timedelta(days=9)
    return day


def slumping(rep: qiming.Rep, day: date) -> bool:
    """Whether ``rep`` is one of the three whose trials stopped closing, on a day when they did."""
    return rep.key in qiming.SLUMP and day >= qiming.SLUMP_FROM


def _month(dice: Dice, quota: Quota, first: date) -> list[Family]:
    elapsed = (first.year - qiming.FIRST_MONTH.year) * 12 + first.month - qiming.FIRST_MONTH.month
    level = 1000 + qiming.GROWTH_A_MONTH * elapsed
    size = qiming.LEADS_A_MONTH * qiming.SEASON[first.month - 1] * level // 1_000_000
    following = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=k) for k in range((following - first).days)]
    asked = sorted(dice.deck([(day, _traffic(day)) for day in days], size))
    reps = dice.deck([(rep, rep.weight) for rep in qiming.REPS], size)
    channels = dice.deck([(channel, channel.weight) for channel in qiming.CHANNELS], size)
    courses = dice.deck([(course, course.weight) for course in qiming.COURSES], size)
    return [_family(dice, quota, *facts) for facts in zip(asked, courses, reps, channels, strict=True)]


def _traffic(day: date) -> int:
    """How many ask on ``day``, relatively: twice as many at weekends, hardly any in the Spring Festival."""
    if teaching_day(day) != day:
        return 1
    return 12 if day.weekday() >= 5 else 6


def _family(
    dice: Dice, quota: Quota, created: date, course: qiming.Course, rep: qiming.Rep, channel: qiming.Channel
) -> Family:
    steps: dict[str, date] = {}
    day, reached = created, "new"
    lost, reason = None, None
    for step, rate in zip(LAGS, channel.steps, strict=True):
        if step == "won":
            rate = rate * rep.closing // 1000
            if slumping(rep, day):
                rate = rate * qiming.SLUMP_CLOSING // 1000
        if not quota.hit((rep.key, step), rate):
            if dice.hit(850):
                lost, reason = day + timedelta(days=dice.number(10, 40)), dice.pick(qiming.REASONS[reached])
            break
        day = teaching_day(day + timedelta(days=dice.lag(*LAGS[step])))
        steps[step], reached = day, step
    phone = f"1380000{dice.number(0, 9999):04d}"
    return Family(created, _name(dice), phone, course, rep, channel, steps, lost, reason)


def _name(dice: Dice) -> str:
    surname = dice.pick((pair[0], 1) for pair in qiming.SURNAMES.split())
    given = [pair[0] for pair in qiming.GIVEN.split()]
    return surname + "".join(given[dice.number(0, len(given) - 1)] for _ in range(dice.number(1, 2)))
