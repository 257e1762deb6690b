"""Whether a column of discounts is money off the line, a share off it, or the share that is left to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

Way = Literal["none", "money", "share", "paid"]
"""money: 20 off. share: 0.2 off. paid: 0.8 of the price (8 折)."""


def way_of(discounts: pd.Series) -> Way:
    """How a whole column is meant, since a single 1 may be a coin or everything.

    Shares lie between 0 and 1, some of them strictly. Of shares, those mostly above a half are what is
    paid: nobody takes more than half off most of what is sold.
    """
    given = discounts[discounts.notna() & (discounts != 0)]
    if given.empty:
        return "none"
    if not given.between(0, 1).all() or (given == 1).all():
        return "money"
    return "paid" if given[given < 1].median() > 0.5 else "share"


Amounts = TypeVar("Amounts", "pd.Series", "nw.Expr")


def money_off(full: Amounts, discounts: Amounts, way: Way) -> Amounts:
    """The money that the discounts take off amounts of ``full``; blank where no discount is given."""
    if way == "share":
        return full * discounts
    if way == "paid":
        return full * (1 - discounts)
    return discounts


def formula(quantity: str, price: str, discount: str, way: Way) -> str:
    """How the amount comes about, in the letters of the sheet's columns: ``C × D × (1 − E)``."""
    full = f"{quantity} × {price}"
    return {
        "none": full,
        "money": f"{full} − {discount}",
        "share": f"{full} × (1 − {discount})",
        "paid": f"{full} × {discount}",
    }[way]
