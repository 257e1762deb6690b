"""Receipts: what each order is worth against what came in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import MONEY, PLACES, Comparison, statuses

if TYPE_CHECKING:
    from xlsales.clean.reconciling.comparison import Tolerance, Verdict
    from xlsales.clean.reconciling.instalments import Plans
    from xlsales.clean.reconciling.received import Received

STATUSES: dict[str, Verdict] = {
    "agreed": "agrees",
    "refunded": "agrees",
    "not_due": "agrees",
    "not_yet_due": "agrees",
    "short": "open",
    "unpaid": "open",
    "over": "wrong",
    "no_order": "wrong",
    "cancelled_paid": "wrong",
    "pending_paid": "wrong",
    "no_id": "wrong",
}
"""refunded: short by just what was given back. not_due: cancelled, refunded or pending, and nothing was kept.
not_yet_due: short by no more than what the instalment plan makes due later.
unpaid: no payment or refund names the order. no_order: no order has the id that the money names.
cancelled_paid, pending_paid: money was kept for an order that is none (yet). no_id: orders without an id."""


def receipts(found: Received, plans: Plans | None = None, tolerance: Tolerance = MONEY) -> Comparison:
    """Every order id of orders, payments and refunds: ``ordered`` (lines that count) and ``received``.

    ``paid`` and ``refunded`` stand beside them, and ``overdue``, the days since the first instalment that is
    due and not covered. Orders without an id are one unit, money without one another.
    """
    import numpy as np
    import pandas as pd

    ordered, came = found.ordered, found.received
    place = np.arange(len(ordered))
    same = tolerance.same(ordered, came)
    dropped, nothing = found.cancelled > 0, tolerance.same(came, np.zeros(len(came)))
    none_counts = found.counting == 0
    later = np.zeros(len(ordered)) if plans is None else np.maximum(np.minimum(plans.later, ordered), 0.0)
    due = np.round(ordered - later, PLACES)
    covered = (later > 0) & (ordered > came) & ((due <= came) | tolerance.same(due, came))
    status = statuses(
        STATUSES,
        {
            "no_order": (found.lines == 0) | (place > found.no_id),
            "no_id": place == found.no_id,
            "not_due": none_counts & nothing,
            "cancelled_paid": none_counts & dropped,
            "pending_paid": none_counts,
            "agreed": same,
            "refunded": (found.refunded > 0) & tolerance.same(ordered, found.paid),
            "not_yet_due": covered,
            "unpaid": found.moves == 0,
            "short": ordered > came,
            "over": ordered < came,
        },
    )
    late = status.isin(["short", "unpaid"])
    overdue = np.full(len(ordered), np.nan) if plans is None else np.where(late, plans.overdue, np.nan)
    units = pd.DataFrame(
        {
            "order_id": found.ids(),
            "ordered": ordered,
            "paid": found.paid,
            "refunded": found.refunded,
            "received": came,
            "difference": np.round(ordered - came, PLACES),
            "status": status,
            "overdue": overdue,
        },
        copy=False,
    )
    there = (found.lines + found.moves) > 0
    units = units if there.all() else units[there].reset_index(drop=True)
    return Comparison(units, ("ordered", "received"), STATUSES)
