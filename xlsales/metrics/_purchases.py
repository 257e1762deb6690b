"""Who bought on which day: the ground of every metric about customers coming back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import revenue
from xlsales.metrics._slices import midnight, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope


def purchase_days(orders: Frame, scope: Scope, by: Sequence[str] = ()) -> nw.LazyFrame[Any]:
    """One row per customer, day and names of ``by``: ``customer_id``, ``day``, the names.

    A purchase is an order line above zero that counts as a sale (not cancelled, not pending), by
    ``scope.as_of``, on its order date whatever the basis. A customer is the id, or the name where there
    is none; a line with neither is nobody's and cannot come back, so it is left out.
    """
    import narwhals as nw

    lines = revenue(orders, None, None, replace(scope, basis="signed"), by)
    return (
        lines.filter(
            nw.col("amount") > 0,
            ~nw.col("customer_id").is_null(),
            nw.col("date") < midnight(scope.as_of, 1),
        )
        .select("customer_id", *names(by), day=nw.col("date").dt.truncate("1d"))
        .unique()
    )
