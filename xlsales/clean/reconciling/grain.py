"""One grain for orders and records that name no order: by order, or by customer where there is no other way.

A customer with a record that names no order is one unit with all of his orders; every other order is a unit
of its own. So each row of either side belongs to exactly one unit, and the sums tie out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.reconciling.buyers import buyers, of_orders

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Grain:
    """``places`` is the unit of each order place, ``records`` that of each record; ``count`` units in all.

    The first units are the order places themselves; those after them are ``customers``.
    """

    places: np.ndarray
    records: np.ndarray
    customers: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.places) + len(self.customers)


def grain(
    tables: Mapping[str, pd.DataFrame],
    records: pd.DataFrame,
    orders_at: np.ndarray,
    records_at: np.ndarray,
    places: int,
) -> Grain:
    """The units of so many order places; each row of either side has one, the last two are no order's."""
    import numpy as np

    units, nameless = np.arange(places), records_at == places - 1
    if not nameless.any():
        return Grain(units, records_at, ())
    orders = tables["orders"]
    known = [orders, *([tables["customers"]] if "customers" in tables else [])]
    who = buyers(records, *known)
    names = sorted(who[nameless].dropna().unique())
    if not names:
        return Grain(units, records_at, ())
    number = {name: places + at for at, name in enumerate(names)}
    bought = of_orders(orders_at, buyers(orders, *known), places).map(number)
    bought.iloc[-2:] = np.nan
    units = bought.fillna(bought.index.to_series()).to_numpy().astype(np.intp)
    own = who.map(number).where(nameless).to_numpy(dtype="float64")
    return Grain(units, np.where(np.isnan(own), units[records_at], own).astype(np.intp), tuple(names))
