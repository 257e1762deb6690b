"""What binds the students: a contract per course package, points of the members, and calls to those who left.

All of it follows from the orders, by chance of its own where there is any.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.demo import institution as qiming
from xlsales.demo.rows import Contract, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from xlsales.demo.dice import Dice
    from xlsales.demo.rows import Customer, Order, Refund


def contracts(orders: Iterable[Order], refunds: Iterable[Refund]) -> tuple[Contract, ...]:
    """One contract per order that was neither cancelled nor given back, as long as its lessons take.

    Two lessons a week; the sheet holds those that end on ``CONTRACTS_SINCE`` or later.
    """
    returned = {refund.order_id for refund in refunds}
    found = []
    for order in orders:
        end = order.order_date + timedelta(days=order.quantity * 7 // 2)
        kept = order.status == "valid" and order.order_id not in returned
        if kept and end >= qiming.CONTRACTS_SINCE:
            found.append(
                Contract(
                    contract_id=f"HT{order.order_id}",
                    customer_id=order.customer_id,
                    customer=order.customer,
                    product=str(order.product),
                    rep=str(order.rep),
                    team=order.team,
                    region=order.region,
                    channel=str(order.channel),
                    start=order.order_date,
                    end=end,
                    amount=order.amount,
                    type=order.type,
                )
            )
    return tuple(sorted(found, key=lambda contract: (contract.end, contract.contract_id)))


def members(dice: Dice, customers: Iterable[Customer], orders: Iterable[Order]) -> tuple[Customer, ...]:
    """The students with the level at which they joined, if they did, and their points.

    Who buys often joins more readily. A point is ten yuan; part of them is spent.
    """
    spent: Counter[str] = Counter()
    for order in orders:
        if order.status == "valid":
            spent[order.customer_id] += order.amount
    found = []
    for customer in customers:
        if not dice.hit(qiming.JOINING[customer.tier]):
            found.append(replace(customer, tier="regular"))
            continue
        earned = spent[customer.customer_id] // 10_00
        used = earned * dice.number(0, 7) // 10
        tier = "silver" if customer.tier == "regular" else customer.tier
        found.append(
            replace(customer, tier=tier, points=earned - used, points_earned=earned, points_used=used)
        )
    return tuple(found)


def surveys(dice: Dice, contracts: Sequence[Contract]) -> tuple[Survey, ...]:
    """Calls to families whose contract ran out: four in ten answer, with a reason, in words, or without."""
    begun: dict[tuple[str, str], list[date]] = {}
    for contract in contracts:
        begun.setdefault((contract.customer_id, contract.product), []).append(contract.start)
    found = []
    for contract in contracts:
        day = contract.end + timedelta(days=dice.number(31, 45))
        starts = begun[contract.customer_id, contract.product]
        goes_on = any(start > contract.start for start in starts)
        if goes_on or day > qiming.LAST_DAY or not dice.hit(qiming.ANSWERING):
            continue
        said = dice.pick(qiming.LEAVING)
        coded = dice.hit(600)
        found.append(
            Survey(
                day,
                contract.customer_id,
                contract.customer,
                contract.product,
                "churn_call",
                reason=said if coded and said != "other" else None,
                comment=f"says_{said}" if not coded or said == "other" else None,
            )
        )
    return tuple(sorted(found, key=lambda survey: (survey.day, survey.customer_id)))
