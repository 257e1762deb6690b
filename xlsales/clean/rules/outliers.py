"""Order amounts that are not what their product costs. Pointed out with the usual band, never removed.

Without products there are categories, and without either no band.
A unit's amount is held against the price book, which wins, or else against the other orders of the product:
the robust z of its logarithm, 0.6745 (x - median) / MAD (Iglewicz and Hoaglin, 1993), and no less than a
``FACTOR`` away from the median, so that discounts and seasons pass also where a product has a single price
(MAD 0: the most frequent price is the median then).

``THRESHOLD`` and ``FACTOR`` are from the curve that tests/clean/test_outliers.py prints: slips of the hand
(a digit too many or too few, two digits, another first digit) in 1 % of a year of seasons and discounts up to
35 %, three package sizes a product.

    threshold                2     3.5      5      6      8     10
    recall, factor 4    98.9 %  98.9 % 88.6 % 76.1 % 50.0 % 33.0 %
    precision, factor 4  100 %   100 %  100 %  100 %  100 %  100 %
    precision, factor 1 12.8 %  97.8 %  100 %  100 %  100 %  100 %
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsales.clean.issues import Finding
from xlsales.clean.parse._distinct import keyed
from xlsales.clean.rules.lines import CENT
from xlsales.clean.rules.price_book import price_book
from xlsales.clean.rules.trials import tokens
from xlsales.clean.rules.unusual import unexplained

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from xlsales.clean.rows import Rows

    Numbers = np.ndarray[Any, np.dtype[Any]]

THRESHOLD = 3.5
"""Robust z from which on an amount is unusual."""
FACTOR = 4.0
"""No amount is unusual within this factor of the median."""
FEWEST = 8
"""A product with fewer orders has no usual price; only the price book and the sign judge it."""
FOREIGN = 0.2
"""Where more than this share of a product's orders break the book, its prices are not of the same unit."""


class _Bands(NamedTuple):
    """Per order the lowest, the usual and the highest amount; not a number where nothing is known."""

    low: pd.Series
    usual: pd.Series
    high: pd.Series


class UnitBands(NamedTuple):
    """The same of one unit of each product."""

    low: Numbers
    usual: Numbers
    high: Numbers


def unusual_amounts(tables: Mapping[str, Rows]) -> list[Finding]:
    """Orders far above or below what their product costs, of nothing, or below zero without being a refund.

    Token amounts are trials, not low prices. The suggestion is the usual band of the row, the amount at stake
    what lies beyond it: negative where too little was written.
    """
    if "orders" not in tables:
        return []
    rows = tables["orders"]
    status = rows.frame["status"]
    frame = rows.frame[~status.isin(["cancelled", "refunded"])] if status.notna().any() else rows.frame
    bands = _bands(tables, frame)
    amount = frame["amount"]
    found = {
        "price_high": ((amount > bands.high + CENT), bands.high),
        "price_low": ((amount > 0) & (amount < bands.low - CENT) & ~tokens(amount), bands.low),
        "zero_amount": (amount == 0, bands.usual),
        "negative_amount": (unexplained(tables, frame), amount * 0),
    }
    findings = []
    for rule, (hit, limit) in found.items():
        if hit.any():
            at = frame.index[hit.to_numpy()]
            shown = tuple(map(band, bands.low[at], bands.high[at]))
            beyond = tuple((amount[at] - limit[at].fillna(0.0)).to_numpy())
            findings.append(Finding(rule, at, shown, beyond, "amount", "orders"))
    return findings


def _bands(tables: Mapping[str, Rows], frame: pd.DataFrame) -> _Bands:
    """The bands of all rows, from the book where it knows the product, else from the product's orders."""
    import numpy as np
    import pandas as pd

    quantity = frame["quantity"].to_numpy()
    if np.isnan(quantity).all():
        quantity = np.ones(len(frame))
    amount = frame["amount"].to_numpy()
    usable = (amount > 0) & (quantity > 0)
    grouping = next((name for name in ("product", "category") if frame[name].notna().any()), None)
    codes, names = pd.factorize(frame[grouping or "product"])
    usable &= codes >= 0

    logs = pd.Series(np.log(amount[usable] / quantity[usable]))
    group = codes[usable]
    products = pd.RangeIndex(len(names))
    count = np.bincount(group, minlength=len(names))
    median = logs.groupby(group).median().reindex(products).to_numpy()
    away = (logs - median[group]).abs()
    mad = away.groupby(group).median().reindex(products).to_numpy()
    units = bands_of(count, median, mad)

    book = price_book(tables["products"].frame) if "products" in tables and grouping == "product" else None
    if book is not None:
        listed = book.reindex([keyed(name) for name in names])
        unit = np.exp(logs.to_numpy())
        below, above = listed["low"].to_numpy(), listed["high"].to_numpy()
        broken = (unit < below[group] - CENT) | (unit > above[group] + CENT)
        breaks = np.bincount(group, broken, minlength=len(names))
        units = by_the_book(units, below, above, count, breaks)

    def each(unit: np.ndarray) -> pd.Series:
        whole = np.where(quantity > 0, np.append(unit, np.nan)[codes] * quantity, np.nan)
        return pd.Series(whole, frame.index)

    return _Bands(*map(each, units))


def bands_of(count: Numbers, median: Numbers, mad: Numbers) -> UnitBands:
    """The bands of products by the median and the MAD of the logarithms of what a unit of them costs."""
    import numpy as np

    spread = np.maximum(THRESHOLD * mad / 0.6745, math.log(FACTOR))
    median = np.where(count >= FEWEST, median, np.nan)
    return UnitBands(np.exp(median - spread), np.exp(median), np.exp(median + spread))


def by_the_book(
    bands: UnitBands, below: Numbers, above: Numbers, count: Numbers, breaks: Numbers
) -> UnitBands:
    """The bands of the price book where it has one, unless too many of the product's orders break it."""
    import numpy as np

    ours = ~((count >= FEWEST) & (breaks > FOREIGN * count))
    low = np.where(ours & ~np.isnan(below), below, bands.low)
    return UnitBands(low, bands.usual, np.where(ours & ~np.isnan(above), above, bands.high))


def band(low: float, high: float) -> str:
    """``1800–3600``, or nothing where no band is known."""
    if math.isnan(low) and math.isnan(high):
        return ""
    return "–".join("" if math.isnan(one) else f"{round(one, 2):.12g}" for one in (low, high))
