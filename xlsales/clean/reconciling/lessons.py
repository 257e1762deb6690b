"""Lesson hours: what each order, or customer, bought against what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import COUNTS, PLACES, Comparison, statuses
from xlsales.clean.reconciling.grain import grain
from xlsales.clean.reconciling.ids import blank, coded, joined, summed
from xlsales.clean.reconciling.received import NO_SALE_YET

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.reconciling.comparison import Tolerance, Verdict

STATUSES: dict[str, Verdict] = {
    "in_use": "agrees",
    "never_used": "open",
    "over_used": "wrong",
    "no_order": "wrong",
}
"""in_use: used no more than bought. over_used: more than was bought, or of an order that does not count."""


def lessons(tables: Mapping[str, pd.DataFrame], tolerance: Tolerance = COUNTS) -> Comparison:
    """Orders, and customers where lessons name no order: hours ``bought`` against hours ``used``.

    An order line buys its quantity of what the product's hours are; of a product without hours its quantity
    is hours. Orders of neither hours bought nor used are left out.
    """
    import numpy as np
    import pandas as pd

    orders, used_rows = tables["orders"], tables["lessons"]
    (orders_at, records_at), names = coded(orders["order_id"], used_rows["order_id"])
    places = len(names) + 2
    records_at = records_at + (records_at == len(names))
    units = grain(tables, used_rows, orders_at, records_at, places)
    at = units.places[orders_at]
    sale = ~orders["status"].isin(NO_SALE_YET)
    bought = summed(at, _hours(orders, tables.get("products")).where(sale, 0.0), units.count)
    ordered = summed(at, orders["amount"].where(sale, 0.0), units.count)
    used = summed(units.records, used_rows["hours"], units.count)
    lines = np.bincount(at, minlength=units.count)
    same = tolerance.same(bought, used)
    status = statuses(
        STATUSES,
        {
            "no_order": lines == 0,
            "over_used": (used > bought) & ~same,
            "never_used": (used == 0) & (bought > 0),
            "in_use": np.ones(units.count, dtype=bool),
        },
    )
    customers = pd.Series(units.customers, dtype="str")
    frame = pd.DataFrame(
        {
            "order_id": joined(pd.Series(names, dtype="str"), blank(2 + len(customers))),
            "customer": joined(blank(places), customers),
            "ordered": ordered,
            "bought": bought,
            "used": used,
            "difference": np.round(bought - used, PLACES),
            "status": status,
        }
    )
    there = (bought != 0) | (used != 0)
    return Comparison(frame[there].reset_index(drop=True), ("bought", "used"), STATUSES, "count")


def _hours(orders: pd.DataFrame, products: pd.DataFrame | None) -> pd.Series:
    """The hours that each order line buys; a product with several numbers of hours has the largest."""
    quantity = orders["quantity"]
    if products is None or products["hours"].isna().all():
        return quantity.fillna(0.0)
    each = orders["product"].map(products.groupby("product")["hours"].max()).astype("float64")
    return (quantity.fillna(1.0) * each).fillna(quantity).fillna(0.0)
