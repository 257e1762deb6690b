"""What a total is made of: ABC classes, concentration, and the price, volume and mix behind a change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

BLANK = ""
PLACES = 6
NOTHING = (0.0, 0.0)


def summed(names: Sequence[str | None], amounts: Sequence[float | None]) -> dict[str, float]:
    """The amounts by name, largest first, equal ones by name; blank names together under ""."""
    found: dict[str, list[float]] = defaultdict(list)
    for name, amount in zip(names, amounts, strict=True):
        if amount is not None:
            found[name or BLANK].append(amount)
    totals = {name: round(fsum(parts), 6) for name, parts in found.items()}
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def abc(
    amounts: Mapping[str, float], first: float, second: float
) -> list[tuple[str, float, float, float, str]]:
    """Name, amount, share, cumulative share and class, from the largest down.

    A as long as the names before have less than ``first`` of the whole, B less than ``second``, else C: the
    name that crosses a limit still belongs to the better class. Empty unless the whole is above zero.
    """
    whole = fsum(amounts.values())
    if whole <= 0:
        return []
    rows, before = [], 0.0
    for name, amount in amounts.items():
        share = amount / whole
        reached = round(before, 12)
        rows.append(
            (
                name,
                amount,
                share,
                before + share,
                "A" if reached < first else "B" if reached < second else "C",
            )
        )
        before += share
    return rows


def herfindahl(amounts: Sequence[float]) -> float | None:
    """The sum of the squared shares: 1/n where all are equal, 1 where one has all; None without any.

    Times 10,000 it is the index that competition authorities use. A negative amount has no share.
    """
    positive = [amount for amount in amounts if amount > 0]
    whole = fsum(positive)
    return fsum((amount / whole) ** 2 for amount in positive) if whole else None


def top_share(amounts: Sequence[float], count: int) -> float | None:
    """The part that the largest ``count`` have in the whole, 1 at most; None without any.

    As in ``herfindahl`` a negative amount has no share, nor is it in the whole.
    """
    positive = sorted((amount for amount in amounts if amount > 0), reverse=True)
    return fsum(positive[:count]) / fsum(positive) if positive else None


@dataclass(frozen=True)
class Bridge:
    """A change in revenue taken apart; the five add up to it, to a millionth."""

    price: float
    volume: float
    mix: float
    new: float
    lost: float


def price_volume_mix(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]
) -> Bridge:
    """Items by name as (quantity, revenue) before and after; see ``bridges``."""
    import numpy as np

    items = sorted({*before, *after})
    pairs = np.array([(*before.get(one, NOTHING), *after.get(one, NOTHING)) for one in items], "float64")
    parts = bridges(np.zeros(len(items), "int64"), 1, *pairs.reshape(-1, 4).T)
    return Bridge(**{name: float(value[0]) for name, value in parts.items()})


def bridges(
    group: NDArray[np.int64],
    groups: int,
    old_quantity: NDArray[np.float64],
    old_revenue: NDArray[np.float64],
    quantity: NDArray[np.float64],
    revenue: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """The fields of a ``Bridge`` for each group of items; the arrays have an entry for each item.

    Items that are new or lost stand apart, since they have no price to compare and would spoil the mix. Of
    the others: price = change of price x quantity now; volume = change of the whole quantity at the old
    mix and prices; mix = the rest of the quantities at old prices.
    """
    import numpy as np

    there = (old_quantity > 0) & (quantity > 0)

    def total(values: NDArray[np.float64], of: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(group[of], values[of], groups).astype("float64")

    whole = total(old_quantity, there)
    grown = total(quantity, there) / np.where(whole > 0, whole, 1.0)
    at_old_prices = quantity * old_revenue / np.where(there, old_quantity, 1.0)
    parts = {
        "price": total(revenue - at_old_prices, there),
        "volume": np.where(whole > 0, total(old_revenue, there) * (grown - 1), 0.0),
        "new": total(revenue, ~there),
        "lost": 0.0 - total(old_revenue, ~there),
    }
    parts = {name: np.round(value, PLACES) + 0.0 for name, value in parts.items()}
    change = total(revenue - old_revenue, np.ones(len(group), "bool"))
    return {**parts, "mix": np.round(change - sum(parts.values()), PLACES) + 0.0}


def log_mean(now: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """(now - before) / ln(now / before), the value itself where both are the same; both above zero.

    Times ln(factor now / factor before) it is what each factor of a product adds to its change, and these
    add up to it: LMDI (Ang 2005, "The LMDI approach to decomposition analysis", Energy Policy 33).
    """
    import numpy as np

    ratio = np.log(now / before)
    close = np.abs(ratio) < 1e-9
    return np.where(close, (now + before) / 2, (now - before) / np.where(close, 1.0, ratio))
