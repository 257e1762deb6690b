"""One id for two things, or one order in two sources: a record is told as one of them and decided once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.reconciling.channels import matched, several_sources
from xlsales.clean.rules.sources import reused, strangers, whose_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows


def told_twice(tables: Mapping[str, Rows]) -> list[Finding]:
    """Rows of one id in two sheets that are two things, and orders that another source reports too.

    The suggestion is where the other one stands. Two orders of one id are two things where their customers
    differ, and one order where nothing but the day does.
    """
    findings = []
    for key, rows in tables.items():
        customers = tables["customers"].frame if "customers" in tables else None
        two, one = reused(rows), counted_again(rows.frame, customers) if key == "orders" else None
        if two is not None and one is not None:
            identity = rows.frame["order_id"]
            other = strangers(rows.frame, whose_of(rows.table, rows.text), one.index, one)
            both = identity[one.index].isin(identity[two.index]).to_numpy()
            one, told = one[~(both & other)], identity[one.index[both & ~other]]
            two = two[~identity[two.index].isin(told)]
        for rule, found in (("reused_id", two), ("double_counted", one)):
            if found is not None and len(found):
                places = rows.places(rows.key_field, found)
                cells = places["sheet"] + "!" + places["cell"]
                if rule == "reused_id":
                    cells = places["source"] + "!" + cells
                shown = tuple(cells.str.removeprefix("!"))
                amounts = tuple(rows.amounts[found.index].fillna(0.0))
                findings.append(Finding(rule, found.index, shown, amounts, rows.key_field, key))
    return findings


def counted_again(orders: pd.DataFrame, customers: pd.DataFrame | None) -> pd.Series | None:
    """The rows of orders that repeat one of another source, with the label of that one's first row."""
    import numpy as np
    import pandas as pd

    if not several_sources(orders):
        return None
    found = matched(orders, customers)
    first = found.units["repeats"].to_numpy()[found.unit]
    again = np.flatnonzero(first >= 0)
    return pd.Series(found.units["row"].to_numpy()[first[again]], found.lines[again])
