"""What students do between orders: whom they bring, what they ask for, and how content they say they are.

All of it follows from the clean world by chance of its own, so that the world itself stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.demo import institution as qiming
from xlsales.demo.rows import District, Survey, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from xlsales.demo.dice import Dice
    from xlsales.demo.rows import Contract, Lead, Order


def referred(dice: Dice, leads: Sequence[Lead], orders: Sequence[Order]) -> tuple[Lead, ...]:
    """The leads with the student who brought them, where the channel is referral and anybody asked."""
    begun: dict[str, tuple[date, str]] = {}
    for order in orders:
        begun.setdefault(order.customer_id, (order.order_date, order.customer))
    students = sorted(begun.values())
    found = []
    for lead in leads:
        if lead.channel == "referral" and dice.hit(qiming.NAMED):
            there = [name for day, name in students if day < lead.created and name != lead.customer]
            if there:
                lead = replace(lead, referrer=there[dice.number(0, len(there) - 1)])
        found.append(lead)
    return tuple(found)


def satisfaction(dice: Dice, contracts: Sequence[Contract]) -> tuple[Survey, ...]:
    """A call every other month while lessons last: most families answer, and some like it less each time."""
    found = []
    for theirs in _by_customer(contracts):
        first, last = theirs[0].start, max(contract.end for contract in theirs)
        falling, score = dice.hit(qiming.FALLING), dice.number(7, 10)
        for month in qiming.ASKED:
            day = month + timedelta(days=dice.number(4, 24))
            if not dice.hit(qiming.CONTENT) or not first < day <= min(last, qiming.LAST_DAY):
                continue
            found.append(_survey(theirs[0], day, score))
            score = max(score - dice.number(1, 2), 1) if falling else min(score + dice.number(-1, 1), 10)
    return tuple(found)


def _survey(contract: Contract, day: date, score: int) -> Survey:
    said = (contract.customer_id, contract.customer, contract.product)
    return Survey(day, *said, "satisfaction", None, None, score)


def tickets(dice: Dice, contracts: Sequence[Contract]) -> tuple[Ticket, ...]:
    """What families ask for or complain about; most are answered at once, some wait for days."""
    asked = []
    for theirs in _by_customer(contracts):
        contract = theirs[0]
        for _ in range(dice.pick(qiming.TICKETS)):
            opened = contract.start + timedelta(days=dice.number(5, 80))
            wait = dice.number(3, 6) if dice.hit(qiming.WAITING) else dice.number(0, 1)
            done = wait + dice.lag(0, 5)
            kind = dice.pick(qiming.ASKING)
            if qiming.SERVED_SINCE <= opened <= qiming.LAST_DAY:
                asked.append((opened, contract, kind, wait, done))
    asked.sort(key=lambda one: (one[0], one[1].contract_id))
    return tuple(
        Ticket(
            ticket_id=f"GD{number + 1:05d}",
            opened=opened,
            customer_id=contract.customer_id,
            customer=contract.customer,
            rep=contract.rep,
            product=contract.product,
            kind=kind,
            responded=_by_now(opened + timedelta(days=wait)),
            closed=_by_now(opened + timedelta(days=done)),
        )
        for number, (opened, contract, kind, wait, done) in enumerate(asked)
    )


def _by_now(day: date) -> date | None:
    return day if day <= qiming.LAST_DAY else None


def _by_customer(contracts: Sequence[Contract]) -> Iterator[list[Contract]]:
    """The contracts of each customer by their start, in the order of the customers."""
    theirs: dict[str, list[Contract]] = {}
    for contract in sorted(contracts, key=lambda one: (one.customer_id, one.start, one.contract_id)):
        theirs.setdefault(contract.customer_id, []).append(contract)
    yield from theirs.values()


def population() -> tuple[District, ...]:
    """Who lives around each campus."""
    return tuple(District(region, people) for region, people in qiming.INHABITANTS.items())
