"""What stands around the sales: courses with their costs, the roster, spending, follow-ups and the market.

All of it follows from the clean world by chance of its own, so that the world itself stays as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from xlsales.demo import institution as qiming
from xlsales.demo.families import months, slumping
from xlsales.demo.rows import STEPS, Activity, Cost, Employee, Market, Product

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from xlsales.demo.dice import Dice
    from xlsales.demo.rows import Lead, Order

REPS = {rep.key: rep for rep in qiming.REPS}


def answered(dice: Dice, lead: Lead) -> Lead:
    """The lead with the moment of its first answer and the day of its last activity.

    An answer comes within hours or days; whoever is in a slump takes his time. Where nobody answered the
    family was never reached.
    """
    rep = REPS[str(lead.rep)]
    hours = dice.lag(1, 60) if slumping(rep, lead.created) else dice.lag(0, 30)
    moment = datetime.combine(lead.created, time(10)) + timedelta(hours=hours, minutes=dice.number(0, 59))
    if lead.contacted:
        moment = min(moment, datetime.combine(lead.contacted, time(20, 30)))
    missed = lead.contacted is None and dice.hit(400)
    late = moment.date() > qiming.LAST_DAY
    days = [lead.created, *(day for step in STEPS if (day := getattr(lead, step)))]
    if lead.contacted and not lead.won:
        days.append(min(days[-1] + timedelta(days=dice.lag(0, 12)), lead.lost or qiming.LAST_DAY))
    return replace(lead, responded=None if missed or late else moment, last_activity=max(days))


def products() -> tuple[Product, ...]:
    """The price list of the last year; older prices and what discounts leave lie in its band."""
    return tuple(
        Product(
            course.key,
            course.category,
            list_price=course.price * 103,
            lowest_price=course.price * 76,
            highest_price=course.price * 104,
            cost=course.price * qiming.TEACHING[course.key],
            launched=qiming.OPENED,
        )
        for course in qiming.COURSES
    )


def roster() -> tuple[Employee, ...]:
    """The consultants, one of them part time, and who left before the data begin."""
    return tuple(
        Employee(rep.key, rep.team, rep.region, joined, None, fte, "consultant")
        for rep, (joined, fte) in zip(qiming.REPS, qiming.EMPLOYED, strict=True)
    )


def costs(leads: Sequence[Lead]) -> tuple[Cost, ...]:
    """Advertising by channel, at a price per lead, and the pay of each campus, in whole hundreds of yuan."""
    asked = Counter((lead.created.replace(day=1), lead.channel) for lead in leads)
    found = []
    for first in months(qiming.FIRST_MONTH, qiming.LAST_DAY):
        for channel in qiming.CHANNELS:
            spent = asked[first, channel.key] * qiming.PRICE_OF_A_LEAD[channel.key]
            found.append(Cost(first, "advertising", channel.key, None, round_hundreds(spent * 100)))
        for region in qiming.REGIONS:
            heads = sum(rep.region == region for rep in qiming.REPS)
            found.append(Cost(first, "pay", None, region, heads * qiming.PAY * 100))
    return tuple(found)


def round_hundreds(fen: int) -> int:
    """Money rounded down to whole hundreds of yuan."""
    return fen // 100_00 * 100_00


def activities(dice: Dice, leads: Iterable[Lead]) -> tuple[Activity, ...]:
    """The follow-ups that the phone system kept: those of the last months."""
    found = [entry for lead in leads for entry in _followed(dice, lead) if entry[0] >= qiming.KEPT_SINCE]
    found.sort(key=lambda entry: (entry[0], entry[1].lead_id))
    return tuple(
        Activity(f"GJ{number + 1:06d}", day, str(lead.rep), lead.lead_id, lead.customer, kind, result)
        for number, (day, lead, kind, result) in enumerate(found)
    )


def _followed(dice: Dice, lead: Lead) -> Iterator[tuple[date, Lead, str, str]]:
    """A call or message per step and one or two in between, and the visit where the trial took place."""
    if lead.responded:
        yield lead.responded.date(), lead, dice.pick(qiming.WAYS), "reached" if lead.contacted else "missed"
    if lead.trial:
        yield lead.trial, lead, "visit", "came"
    for _ in range(dice.lag(0, 2)):
        day = lead.created + timedelta(days=dice.number(1, 12))
        if day <= lead.last_activity:
            yield day, lead, dice.pick(qiming.WAYS), "reached"


def market(orders: Sequence[Order]) -> tuple[Market, ...]:
    """Each district's spending: what the campus sold over its share of it, in whole 10,000 yuan."""
    sold: Counter[tuple[date, str]] = Counter()
    for order in orders:
        if order.status == "valid":
            sold[order.order_date.replace(day=1), order.region] += order.amount
    return tuple(
        Market(first, region, sold[first, region] * 1000 // share // 10_000_00 * 10_000_00)
        for number, first in enumerate(months(qiming.FIRST_MONTH, qiming.LAST_DAY))
        for region, shares in qiming.SHARES.items()
        for share in (shares[0] + (shares[1] - shares[0]) * number // 25,)
    )
