"""Sales and attainment, counted order by order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.demo.counting import PERIOD, month_of, ratio, shifted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from xlsales.demo.counting import Names
    from xlsales.demo.rows import Order, World


@dataclass(frozen=True)
class Line:
    """A piece of money on its day; ``sale`` tells a sale from money given back."""

    day: date
    amount: int
    order_id: str
    order: Order | None
    sale: bool = True

    def name(self, dimension: str) -> str | None:
        """What the line is called in a dimension."""
        if dimension == "month":
            return month_of(self.day)
        if dimension == "":
            return ""
        return getattr(self.order, dimension) if self.order else None


def money_lines(world: World, basis: str) -> Iterator[Line]:
    """What counts as money on a basis: orders or receipts, and what was given back."""
    orders = {order.order_id: order for order in world.orders}
    if basis == "cash":
        for payment in world.payments:
            yield Line(payment.paid_date, payment.amount, payment.order_id, orders.get(payment.order_id))
    else:
        for order in world.orders:
            if order.status != "cancelled":
                yield Line(order.order_date, order.amount, order.order_id, order)
    if basis != "signed":
        for refund in world.refunds:
            known = orders.get(refund.order_id)
            yield Line(refund.refund_date, -refund.amount, refund.order_id, known, sale=False)


def sales(lines: tuple[Line, ...], dimension: str) -> Names:
    """Of the period by name, or of every month."""
    parts: dict[str, dict[str | None, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        parts[month_of(line.day)]["" if dimension == "month" else line.name(dimension)].append(line)
    if dimension == "month":
        return {month: _compared(parts, month, "") for month in sorted(parts)}
    bases = (PERIOD, shifted(PERIOD, -1), shifted(PERIOD, -12))
    names = {name for month in bases for name in parts[month]}
    return {name: _compared(parts, PERIOD, name) for name in names}


def _compared(parts: dict[str, dict[str | None, list[Line]]], month: str, name: str | None) -> dict[str, Any]:
    before, ago = (
        _amount(parts[base].get(name, [])) if base in parts else None
        for base in (shifted(month, -1), shifted(month, -12))
    )
    now = parts[month].get(name, [])
    amount, sold = _amount(now), [line for line in now if line.sale]
    orders = len({line.order_id for line in sold})
    return {
        "amount": amount,
        "orders": orders,
        "customers": len({line.order.customer_id for line in sold if line.order}),
        "aov": ratio(amount, orders),
        "previous": before,
        "year_ago": ago,
        "mom": _growth(amount, before),
        "yoy": _growth(amount, ago),
    }


def attainment(world: World, lines: tuple[Line, ...], dimension: str) -> Names:
    """Actual against target, of the period by name, or of every month."""
    actual: dict[str | None, int] = defaultdict(int)
    target: dict[str | None, int] = defaultdict(int)
    for line in lines:
        if dimension == "month" or month_of(line.day) == PERIOD:
            actual[line.name(dimension)] += line.amount
    for row in world.targets:
        if row.metric != "sales":
            continue
        month = month_of(row.period)
        if dimension == "month" and month <= PERIOD:
            target[month] += row.target
        elif month == PERIOD:
            target[getattr(row, dimension) if dimension else ""] += row.target
    return {
        name: {
            "actual": actual[name] / 100,
            "target": target[name] / 100 if name in target else None,
            "attainment": ratio(actual[name], target.get(name, 0)),
            "gap": (actual[name] - target[name]) / 100 if name in target else None,
        }
        for name in {*actual, *target}
    }


def _amount(lines: list[Line]) -> float:
    return sum(line.amount for line in lines) / 100


def _growth(now: float, then: float | None) -> float | None:
    return (now - then) / then if then is not None and then > 0 else None
