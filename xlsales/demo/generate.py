"""The clean world: 26 months of leads, orders, receipts, refunds, students and targets that agree.

Same seed, same world, on every platform and Python version (see ``dice``). What happens before the
first month or after the last day is simulated too and then left out, so that the first month already
has renewals and the last one has open leads and instalments still to come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from xlsales.demo import institution as qiming
from xlsales.demo.agreements import contracts, members, surveys
from xlsales.demo.dice import Dice, Quota
from xlsales.demo.families import families, months, slumping, teaching_day
from xlsales.demo.rows import STEPS, Customer, Lead, Order, Payment, Refund, Target, World
from xlsales.demo.service import population, referred, satisfaction, tickets
from xlsales.demo.surroundings import activities, answered, costs, market, products, roster

if TYPE_CHECKING:
    from datetime import date

    from xlsales.demo.families import Family

SEED = 486
"""Chosen among many for a last month that reads well; every seed gives a consistent world."""


AROUND, BOUND, SERVED = 21, 34, 55
"""Keep the chance of what stands around the sales, of what binds the students, and of what they say and ask
for apart from the world's."""


@dataclass
class Deal:
    """An order of one family before it has a number, with what will be paid and given back."""

    family: Family
    day: date
    course: qiming.Course
    type: str
    hours: int
    price: int
    discount: int
    campaign: str | None
    status: str = "valid"
    receipts: list[tuple[date, int, str]] = field(default_factory=list)
    refund: tuple[date, int, str] | None = None

    @property
    def amount(self) -> int:
        """Money of the order, in fen."""
        return self.hours * self.price - self.discount


@cache
def world(seed: int = SEED) -> World:
    """What happened at the institution in the 26 months."""
    dice = Dice(seed)
    quota = Quota(dice)
    everyone = families(dice, quota)
    histories = [_history(dice, quota, family) if "won" in family.steps else [] for family in everyone]
    deals = [deal for history in histories for deal in history if _known(deal.day)]
    deals.sort(key=lambda deal: deal.day)
    students = _students(everyone, histories)
    orders = _orders(deals, students)
    numbers = {id(deal): order.order_id for deal, order in zip(deals, orders, strict=True)}
    around = Dice(seed + AROUND)
    leads = tuple(answered(around, lead) for lead in _leads(everyone, histories, students))
    refunds = _refunds(deals, numbers)
    bound = Dice(seed + BOUND)
    agreed = contracts(orders, refunds)
    joined = members(bound, students.values(), orders)
    served = Dice(seed + SERVED)
    calls = (*surveys(bound, agreed), *satisfaction(served, agreed))
    return World(
        referred(served, leads, orders),
        orders,
        _targets(),
        _payments(deals, numbers),
        refunds,
        joined,
        products(),
        roster(),
        costs(leads),
        activities(around, leads),
        market(orders),
        agreed,
        tuple(sorted(calls, key=lambda survey: (survey.day, survey.customer_id))),
        tickets(served, agreed),
        population(),
    )


def _history(dice: Dice, quota: Quota, family: Family) -> list[Deal]:
    """All deals of a family that enrolled: the first, its renewals and the upgrades along the way."""
    deals: list[Deal] = []
    day, kind = family.steps["won"], "new"
    while day <= qiming.LAST_DAY:
        deal = _deal(dice, family, day, family.course, kind)
        if dice.hit(qiming.CANCELLED):
            deals.append(Deal(family, day, deal.course, kind, deal.hours, deal.price, 0, None, "cancelled"))
        deals.append(deal)
        if quota.hit((family.rep.key, "upgrade"), qiming.UPGRADING):
            extra = teaching_day(day + timedelta(days=dice.number(0, 40)))
            others = [(course, course.weight) for course in qiming.COURSES if course != family.course]
            deals.append(_deal(dice, family, extra, dice.pick(others), "upgrade"))
        taught = day + timedelta(days=deal.hours * 7 // 2)
        again = teaching_day(taught + timedelta(days=dice.number(-14, 18)))
        rate = family.course.renewing
        if slumping(family.rep, again):
            rate = rate * qiming.SLUMP_RENEWING // 1000
        if deal.refund or not dice.hit(rate):
            break
        day, kind = again, "renewal"
        family.steps.setdefault("renewed", day)
    return deals


def _deal(dice: Dice, family: Family, day: date, course: qiming.Course, kind: str) -> Deal:
    hours = dice.pick(course.hours)
    price = course.price * (103 if day.year >= 2026 else 100)
    campaign = qiming.CAMPAIGNS.get(day.month) if kind == "new" else None
    discount = hours * price * 5 // 10_000 * 100 if campaign or kind == "renewal" else 0
    if kind == "new" and family.channel.key == "referral":
        discount += 200_00
    deal = Deal(family, day, course, kind, hours, price, discount, campaign)
    deal.receipts = _instalments(dice, deal)
    if dice.hit(qiming.REFUNDED):
        _give_back(dice, deal)
    return deal


def _instalments(dice: Dice, deal: Deal) -> list[tuple[date, int, str]]:
    """One to three payments a month apart, whole yuan each but the last."""
    parts = dice.pick(((1, 6), (2, 2), (3, 2))) if deal.amount >= 4000_00 else 1
    amounts = [deal.amount // parts // 100 * 100] * (parts - 1)
    amounts.append(deal.amount - sum(amounts))
    method = dice.pick(qiming.METHODS)
    first = deal.day + timedelta(days=dice.lag(0, 2))
    return [
        (first + timedelta(days=30 * k + dice.number(0, 3) * bool(k)), part, method)
        for k, part in enumerate(amounts)
    ]


def _give_back(dice: Dice, deal: Deal) -> None:
    """A refund of all or part of what was paid by then; later instalments are not paid any more."""
    day = teaching_day(deal.receipts[0][0] + timedelta(days=dice.number(5, 45)))
    deal.receipts = [receipt for receipt in deal.receipts if receipt[0] <= day]
    paid = sum(part for _, part, _ in deal.receipts)
    part = paid if dice.hit(qiming.REFUNDED_IN_FULL) else paid * dice.number(15, 70) // 100
    deal.refund = (day, part, dice.pick(qiming.REFUND_REASONS))


def _known(day: date | None) -> bool:
    return day is not None and qiming.FIRST_MONTH <= day <= qiming.LAST_DAY


def _students(everyone: list[Family], histories: list[list[Deal]]) -> dict[int, Customer]:
    """The families with a deal in the data, numbered in order of enrolment; by ``id`` of the family."""
    enrolled = [
        (family, sum(deal.status == "valid" for deal in history))
        for family, history in zip(everyone, histories, strict=True)
        if any(_known(deal.day) for deal in history)
    ]
    enrolled.sort(key=lambda pair: pair[0].steps["won"])
    tiers = {1: "regular", 2: "silver", 3: "silver"}
    return {
        id(family): Customer(
            f"{10200 + number:06d}",
            family.name,
            family.created,
            tiers.get(deals, "gold"),
            family.rep.region,
            family.phone,
        )
        for number, (family, deals) in enumerate(enrolled)
    }


def _orders(deals: list[Deal], students: dict[int, Customer]) -> tuple[Order, ...]:
    return tuple(
        Order(
            order_id=f"{4100 + number:07d}",
            order_date=deal.day,
            customer_id=students[id(deal.family)].customer_id,
            customer=deal.family.name,
            product=deal.course.key,
            category=deal.course.category,
            rep=deal.family.rep.key,
            team=deal.family.rep.team,
            region=deal.family.rep.region,
            channel=deal.family.channel.key,
            quantity=deal.hours,
            unit_price=deal.price,
            discount=deal.discount,
            amount=deal.amount,
            type=deal.type,
            status=deal.status,
            campaign=deal.campaign,
        )
        for number, deal in enumerate(deals)
    )


def _leads(
    everyone: list[Family], histories: list[list[Deal]], students: dict[int, Customer]
) -> tuple[Lead, ...]:
    leads = []
    for number, (family, history) in enumerate(zip(everyone, histories, strict=True)):
        if not _known(family.created):
            continue
        days = {step: day if _known(day := family.steps.get(step)) else None for step in STEPS}
        lost = family.lost if _known(family.lost) else None
        lead = Lead(
            lead_id=f"{number + 1:07d}",
            created=family.created,
            customer_id=students[id(family)].customer_id if days["won"] else None,
            customer=family.name,
            phone=family.phone,
            product=family.course.key,
            rep=family.rep.key,
            team=family.rep.team,
            region=family.rep.region,
            channel=family.channel.key,
            **days,
            lost=lost,
            lost_reason=family.lost_reason if lost else None,
            amount=history[0].amount if days["won"] else family.course.price * 24_00,
            responded=None,
            last_activity=family.created,
            referrer=None,
        )
        leads.append(lead)
    return tuple(leads)


def _payments(deals: list[Deal], numbers: dict[int, str]) -> tuple[Payment, ...]:
    receipts = [
        (day, numbers[id(deal)], part, method)
        for deal in deals
        for day, part, method in deal.receipts
        if _known(day)
    ]
    receipts.sort(key=lambda receipt: receipt[:2])
    return tuple(
        Payment(f"SK{number + 1:06d}", order, day, part, method)
        for number, (day, order, part, method) in enumerate(receipts)
    )


def _refunds(deals: list[Deal], numbers: dict[int, str]) -> tuple[Refund, ...]:
    returned = [(*deal.refund, numbers[id(deal)]) for deal in deals if deal.refund and _known(deal.refund[0])]
    returned.sort(key=lambda refund: (refund[0], refund[3]))
    return tuple(
        Refund(f"TK{number + 1:04d}", order, day, part, reason)
        for number, (day, part, reason, order) in enumerate(returned)
    )


def _targets() -> tuple[Target, ...]:
    """The budget of every month, divided among the reps and rounded down to whole hundreds of yuan.

    Below it stand the rates of the year.
    """
    targets = []
    for first, budget in zip(months(qiming.FIRST_MONTH, qiming.PLANNED_TO), qiming.PLAN, strict=True):
        shares = next(shares for since, shares in reversed(qiming.PLAN_SHARES) if since <= first)
        for rep, share in zip(qiming.REPS, shares, strict=True):
            hundreds = budget * 10 * share // sum(shares)
            targets.append(Target(first, "sales", rep.key, rep.team, rep.region, hundreds * 100_00))
    for metric, tier, share in qiming.CUSTOMER_PLAN:
        targets.append(Target(qiming.PLANNED_SINCE, metric, None, None, None, share, tier))
    return tuple(targets)
