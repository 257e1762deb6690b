"""Receipts: what each order is worth against what came in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import MONEY, PLACES, Comparison, statuses

if TYPE_CHECKING:
    from xlsales.clean.reconciling.comparison import Tolerance, Verdict
    from xlsales.clean.reconciling.received import Received

STATUSES: dict[str, Verdict] = {
    "agreed": "agrees",
    "refunded": "agrees",
    "not_due": "agrees",
    "short": "open",
    "unpaid": "open",
    "over": "wrong",
    "no_order": "wrong",
    "cancelled_paid": "wrong",
    "pending_paid": "wrong",
    "no_id": "wrong",
}
"""refunded: short by just what was given back. not_due: cancelled or pending, and nothing was kept.
unpaid: no payment or refund names the order. no_order: no order has the id that the money names.
cancelled_paid, pending_paid: money was kept for an order that is none (yet). no_id: orders without an id."""


def receipts(found: Received, tolerance: Tolerance = MONEY) -> Comparison:
    """Every order id of orders, payments and refunds: ``ordered`` (lines that count) and ``received``.

    ``paid`` and ``refunded`` stand beside them. Orders without an id are one unit, money without one another.
    """
    import numpy as np
    import pandas as pd

    ordered, came = found.ordered, found.received
    place = np.arange(len(ordered))
    same = tolerance.same(ordered, came)
    dropped, nothing = found.cancelled > 0, tolerance.same(came, np.zeros(len(came)))
    none_counts = found.counting == 0
    status = statuses(
        STATUSES,
        {
            "no_order": (found.lines == 0) | (place > found.no_id),
            "no_id": place == found.no_id,
            "not_due": none_counts & nothing,
            "cancelled_paid": none_counts & dropped,
            "pending_paid": none_counts,
            "agreed": same,
            "unpaid": found.moves == 0,
            "refunded": (found.refunded > 0) & tolerance.same(ordered, found.paid),
            "short": ordered > came,
            "over": ordered < came,
        },
    )
    units = pd.DataFrame(
        {
            "order_id": found.ids(),
            "ordered": ordered,
            "paid": found.paid,
            "refunded": found.refunded,
            "received": came,
            "difference": np.round(ordered - came, PLACES),
            "status": status,
        },
        copy=False,
    )
    there = (found.lines + found.moves) > 0
    units = units if there.all() else units[there].reset_index(drop=True)
    return Comparison(units, ("ordered", "received"), STATUSES)
