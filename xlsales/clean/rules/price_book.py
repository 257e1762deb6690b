"""What the products sheet says a unit of a product costs: the band that its orders are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.parse._distinct import keyed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows

DEEPEST_DISCOUNT = 0.3
"""Where the book has no lowest price, this share of the list price is it."""


def price_book(tables: Mapping[str, Rows]) -> pd.DataFrame | None:
    """``low`` and ``high`` of a unit by the keyed name, and id, of a product; None without prices.

    The highest price is the list price where none is given. Of several rows for one product the widest band
    counts, so their order does not matter.
    """
    import pandas as pd

    if "products" not in tables:
        return None
    frame = tables["products"].frame
    low = frame["lowest_price"].fillna(frame["list_price"] * DEEPEST_DISCOUNT)
    high = frame["highest_price"].fillna(frame["list_price"])
    bands = [
        pd.DataFrame({"key": frame[name].map(keyed, na_action="ignore"), "low": low, "high": high})
        for name in ("product", "product_id")
    ]
    known = pd.concat(bands).dropna(subset="key")
    known = known[(known["high"] > 0) | (known["low"] > 0)]
    if known.empty:
        return None
    return known.groupby("key").agg(low=("low", "min"), high=("high", "max"))
