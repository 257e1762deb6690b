"""New customers, retention and repurchase, counted customer by customer."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from xlsales.demo.counting import PERIOD, month_of, ratio, shifted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from xlsales.demo.money_answers import Line
    from xlsales.demo.rows import Order, World


def new_customers(world: World, months: tuple[str, ...]) -> dict[str, int]:
    """Customers by the month of their first order that was not given back altogether."""
    firsts = list(_kept_firsts(world).values())
    return {month: firsts.count(month) for month in months}


def sales_by_age(world: World, lines: Sequence[Line]) -> dict[str, float]:
    """Money of the period from customers who began before it, from all others, and from nobody known."""
    firsts = _kept_firsts(world)
    fen = {"new": 0, "existing": 0, "anonymous": 0}
    for line in lines:
        if month_of(line.day) == PERIOD:
            if line.order is None:
                age = "anonymous"
            else:
                age = "existing" if firsts.get(line.order.customer_id, PERIOD) < PERIOD else "new"
            fen[age] += line.amount
    return {age: amount / 100 for age, amount in fen.items()}


def _kept_firsts(world: World) -> dict[str, str]:
    returned: dict[str, int] = defaultdict(int)
    for refund in world.refunds:
        returned[refund.order_id] += refund.amount
    return _firsts([order for order in _valid(world) if order.amount > returned[order.order_id]])


def retention(world: World, months: tuple[str, ...]) -> dict[str, dict[int, tuple[int, int]]]:
    """Of the customers who first ordered in a month, how many ordered in the k-th month after it."""
    orders = _valid(world)
    active: dict[str, set[str]] = defaultdict(set)
    for order in orders:
        active[month_of(order.order_date)].add(order.customer_id)
    firsts = _firsts(orders)
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for number, month in enumerate(months):
        cohort = {customer for customer, first in firsts.items() if first == month}
        later = months[number:]
        found[month] = {k: (len(cohort & active[one]), len(cohort)) for k, one in enumerate(later)}
    return found


def repurchase(world: World) -> dict[str, Any]:
    """Customers with two order days or more in the twelve months that end with the period."""
    days: dict[str, set[date]] = defaultdict(set)
    for order in _valid(world):
        if shifted(PERIOD, -11) <= month_of(order.order_date) <= PERIOD:
            days[order.customer_id].add(order.order_date)
    repeated = sum(len(when) >= 2 for when in days.values())
    return {
        "customers": len(days),
        "repeated": repeated,
        "rate": ratio(repeated, len(days)),
        "per_customer": ratio(sum(map(len, days.values())), len(days)),
    }


def _valid(world: World) -> list[Order]:
    return [order for order in world.orders if order.status != "cancelled"]


def _firsts(orders: list[Order]) -> dict[str, str]:
    """The month of each customer's first order."""
    firsts: dict[str, str] = {}
    for order in orders:
        month = month_of(order.order_date)
        firsts[order.customer_id] = min(firsts.get(order.customer_id, month), month)
    return firsts
