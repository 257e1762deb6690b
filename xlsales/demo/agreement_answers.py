"""Renewals, refunds and who is gone, counted contract by contract, order by order, customer by customer."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from xlsales.demo.counting import PERIOD, last_day, month_of, ratio, shifted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xlsales.demo.counting import Names
    from xlsales.demo.rows import Contract, Order, World

GRACE, BESIDE = timedelta(30), timedelta(92)
AWAY, LEAST = 2, 30
BY = ("", "region", "rep", "product")
END = last_day(PERIOD)
CLASSES = {
    "schedule": "timing",
    "price": "price",
    "effect": "product",
    "moved": "place",
    "competitor": "competitor",
    "other": "unclassified",
}
"""What the reasons of the institution are classed as."""


def renewal(
    world: World, dimension: str, month: str = PERIOD, name: Callable[[Contract], str] | None = None
) -> Names:
    """Contracts that end in a month and what is known of them on the last day, money in yuan.

    By the name that ``name`` gives each, or else by its ``dimension``.
    """
    follower = _followers(world.contracts)
    found: Names = {}
    for contract in world.contracts:
        if month_of(contract.end) != month:
            continue
        row = found.setdefault(
            name(contract) if name else getattr(contract, dimension, ""),
            dict.fromkeys(("due", "renewed", "lapsed", "open", "upgraded"), 0)
            | dict.fromkeys(("due_amount", "renewed_amount", "kept_amount", "raised_from", "raised_to"), 0.0),
        )
        following = follower.get(contract.contract_id)
        row["due"] += 1
        row["due_amount"] += contract.amount / 100
        if following and following.start <= END:
            row["renewed"] += 1
            row["renewed_amount"] += following.amount / 100
            row["kept_amount"] += min(following.amount, contract.amount) / 100
            if following.amount > contract.amount or following.type == "upgrade":
                row["upgraded"] += 1
                row["raised_from"] += contract.amount / 100
                row["raised_to"] += following.amount / 100
        else:
            row["lapsed" if contract.end + GRACE <= END else "open"] += 1
    for row in found.values():
        row["rate"] = ratio(row["renewed"], row["due"])
        row["grr"] = ratio(row["kept_amount"], row["due_amount"])
        row["nrr"] = ratio(row["renewed_amount"], row["due_amount"])
        row["churn"] = ratio(row["lapsed"], row["due"])
        row["upgrade_share"] = ratio(row["upgraded"], row["renewed"])
        row["uplift"] = ratio(row["raised_to"] - row["raised_from"], row["raised_from"])
    return found


def _followers(contracts: Iterable[Contract]) -> dict[str, Contract]:
    """By the id of a contract the one that goes on for it; none goes on for two.

    Called renewals first, then upgrades, at last any of the same course and upgrades to another one.
    """
    theirs: dict[str, list[Contract]] = defaultdict(list)
    for contract in sorted(contracts, key=lambda one: (one.end, one.start)):
        theirs[contract.customer_id].append(contract)
    taken: set[str] = set()
    found: dict[str, Contract] = {}

    def choose(kinds: set[str], *, same: bool = True, midway: bool = False) -> None:
        for mine in theirs.values():
            for old in sorted(mine, key=lambda one: (one.end, -one.start.toordinal())):
                fits = [
                    new
                    for new in mine
                    if (new.type in kinds and old.contract_id not in found and new.contract_id not in taken)
                    and (new.product == old.product or not same)
                    and (midway or new.start >= old.end - BESIDE)
                    and old.start < new.start <= old.end + GRACE
                    and new.end >= old.end
                ]
                if fits:
                    found[old.contract_id] = min(fits, key=lambda one: one.start)
                    taken.add(found[old.contract_id].contract_id)

    choose({"renewal"})
    choose({"upgrade"})
    choose({"upgrade"}, midway=True)
    choose({"new", "renewal", "upgrade"})
    choose({"upgrade"}, same=False)
    return found


def dropout(world: World, dimension: str) -> Names:
    """Orders of the period, and of them those given back by its last day, in full or in part."""
    paid: dict[str, int] = defaultdict(int)
    returned: dict[str, int] = defaultdict(int)
    for payment in world.payments:
        paid[payment.order_id] += payment.amount
    for refund in world.refunds:
        returned[refund.order_id] += refund.amount
    found: Names = {}
    for order in world.orders:
        if order.status == "cancelled" or month_of(order.order_date) != PERIOD:
            continue
        row = found.setdefault(
            getattr(order, dimension, ""), dict.fromkeys(("orders", "full", "partial", "paid", "returned"), 0)
        )
        row["orders"] += 1
        row["paid"] += paid[order.order_id] / 100
        row["returned"] += returned[order.order_id] / 100
        if returned[order.order_id]:
            row["full" if returned[order.order_id] >= paid[order.order_id] else "partial"] += 1
    for row in found.values():
        row["rate"] = ratio(row["full"] + row["partial"], row["orders"])
        row["value_rate"] = ratio(row["returned"], row["paid"])
    return found


def churn(world: World) -> dict[str, Any]:
    """Customers by whether they had been away too long before the period, and at its end."""
    days: dict[str, set[date]] = defaultdict(set)
    for order in world.orders:
        if order.status != "cancelled":
            days[order.customer_id].add(order.order_date)
    came = {customer: sorted(when) for customer, when in days.items()}
    own = {
        customer: median((b - a).days for a, b in itertools.pairwise(when))
        for customer, when in came.items()
        if len(when) > 1
    }
    usual = median(own.values())

    def active(customer: str, day: date) -> bool:
        before = [one for one in came[customer] if one <= day]
        limit = max(AWAY * own.get(customer, usual), LEAST)
        return bool(before) and (day - before[-1]).days <= limit

    first = last_day(shifted(PERIOD, -1))
    start = {customer for customer in came if active(customer, first)}
    end = {customer for customer in came if active(customer, END)}
    return {
        "start": len(start),
        "lost": len(start - end),
        "gained": len(end - start),
        "end": len(end),
        "rate": ratio(len(start - end), len(start)),
    }


def reasons(world: World) -> dict[str, int]:
    """Why families left, by the class of what they said in the period, whether as a code or in words."""
    found: dict[str, int] = defaultdict(int)
    for survey in world.surveys:
        if month_of(survey.day) == PERIOD and survey.kind == "churn_call":
            said = survey.reason or str(survey.comment).removeprefix("says_")
            found[CLASSES[said]] += 1
    return dict(found)


def membership(world: World) -> Names:
    """By level, who bought before the last twelve months and again in them, what they spent, their points."""
    since = date.fromisoformat(shifted(PERIOD, -11) + "-01")
    came: dict[str, list[Order]] = defaultdict(list)
    for order in world.orders:
        if order.status != "cancelled":
            came[order.customer_id].append(order)
    found: Names = {}
    cells: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for customer in world.customers:
        orders = came[customer.customer_id]
        if not orders:
            continue
        first = min(order.order_date for order in orders)
        recent = [order for order in orders if order.order_date >= since]
        tier = None if customer.tier == "regular" else customer.tier
        names = ("customers", "base", "retained", "buyers", "amount", "points_earned", "points_used")
        row = found.setdefault(tier, dict.fromkeys(names, 0))
        row["customers"] += 1
        row["base"] += first < since
        row["retained"] += first < since and bool(recent)
        row["buyers"] += bool(recent)
        row["amount"] += sum(order.amount for order in recent) / 100
        row["points_earned"] += customer.points_earned or 0
        row["points_used"] += customer.points_used or 0
        if first < since:
            quarter = f"{first.year} {(first.month - 1) // 3}"
            cell = cells[tier or "", quarter, customer.region]
            cell[0] += 1
            cell[1] += bool(recent)
    for tier, row in found.items():
        row["rate"] = ratio(row["retained"], row["base"])
        weighed, whole = 0.0, 0
        for (level, *where), (base, retained) in cells.items():
            others, stayed = cells.get(("", *where), (0, 0))
            if tier and level == tier and others:
                weighed += retained - base * stayed / others
                whole += base
        row["difference"] = ratio(weighed, whole)
    return found
