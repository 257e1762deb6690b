"""Invoices: what was invoiced against what was received, by order or by customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import MONEY, PLACES, Comparison, statuses
from xlsales.clean.reconciling.grain import grain
from xlsales.clean.reconciling.ids import blank, first_day, joined, summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from xlsales.clean.reconciling.comparison import Tolerance, Verdict
    from xlsales.clean.reconciling.received import Received

STATUSES: dict[str, Verdict] = {
    "agreed": "agrees",
    "none": "agrees",
    "paid_not_invoiced": "open",
    "invoiced_not_paid": "open",
    "over_invoiced": "wrong",
    "no_order": "wrong",
}
"""none: neither invoiced nor paid. over_invoiced: more than was ordered, and more than was received.
no_order: invoiced, and no order has that id or customer."""


def invoices(tables: Mapping[str, pd.DataFrame], found: Received, tolerance: Tolerance = MONEY) -> Comparison:
    """Orders, and customers where invoices name no order: ``invoiced`` against ``received``; see ``grain``.

    ``ordered`` stands beside them, and ``days`` from the order to its first invoice, blank by customer.
    """
    import numpy as np
    import pandas as pd

    bills = tables["invoices"]
    units = grain(tables, bills, found.orders, found.invoices, len(found.lines))
    count, place = units.count, len(found.lines)

    def gathered(values: np.ndarray) -> np.ndarray:
        return summed(units.places, values, count)

    ordered, came, lines = gathered(found.ordered), gathered(found.received), gathered(found.lines)
    invoiced = summed(units.records, bills["amount"], count)
    bill_count = np.bincount(units.records, minlength=count)
    days = np.full(count, np.nan)
    sold = first_day(found.orders, tables["orders"]["order_date"], place)
    billed = first_day(units.records, bills["invoice_date"], count)[:place]
    gap = (billed - sold).astype("timedelta64[D]")
    days[:place] = np.where(np.isnat(gap), np.nan, gap.astype("float64"))
    same = tolerance.same(invoiced, came)
    beyond = (invoiced > np.maximum(ordered, came)) & ~tolerance.same(invoiced, np.maximum(ordered, came))
    status = statuses(
        STATUSES,
        {
            "none": same & (bill_count == 0),
            "agreed": same,
            "no_order": (lines == 0) & (bill_count > 0),
            "over_invoiced": beyond,
            "paid_not_invoiced": came > invoiced,
            "invoiced_not_paid": came < invoiced,
        },
    )
    customers = pd.Series(units.customers, dtype="str")
    frame = pd.DataFrame(
        {
            "order_id": joined(found.ids(), blank(len(customers))),
            "customer": joined(blank(place), customers),
            "ordered": ordered,
            "invoiced": invoiced,
            "received": came,
            "difference": np.round(invoiced - came, PLACES),
            "days": days,
            "status": status,
        }
    )
    moves = gathered(found.moves)
    there = (lines + moves + bill_count) > 0
    frame = frame if there.all() else frame[there].reset_index(drop=True)
    return Comparison(frame, ("invoiced", "received"), STATUSES)
