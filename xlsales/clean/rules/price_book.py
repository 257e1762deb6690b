"""What the products sheet says a unit of a product costs: the band that its orders are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.parse._distinct import keyed

if TYPE_CHECKING:
    import pandas as pd

DEEPEST_DISCOUNT = 0.3
"""Where the book has no lowest price, this share of the list price is it."""


def price_book(products: pd.DataFrame) -> pd.DataFrame | None:
    """``low`` and ``high`` of a unit by the keyed name, and id, of a product; None without prices.

    The highest price is the list price where none is given. Of several rows for one product the widest band
    counts, so their order does not matter.
    """
    import pandas as pd

    low = products["lowest_price"].fillna(products["list_price"] * DEEPEST_DISCOUNT)
    high = products["highest_price"].fillna(products["list_price"])
    bands = [
        pd.DataFrame({"key": products[name].map(keyed, na_action="ignore"), "low": low, "high": high})
        for name in ("product", "product_id")
    ]
    known = pd.concat(bands).dropna(subset="key")
    known = known[(known["high"] > 0) | (known["low"] > 0)]
    if known.empty:
        return None
    return known.groupby("key").agg(low=("low", "min"), high=("high", "max"))
