"""What a total is made of: ABC classes, concentration, and the price, volume and mix behind a change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BLANK = ""
PLACES = 6


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
    """The part that the largest ``count`` have in the whole; None unless that is above zero."""
    whole = fsum(amounts)
    return fsum(sorted(amounts, reverse=True)[:count]) / whole if whole > 0 else None


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
    """Items by name as (quantity, revenue) before and after.

    Items that are new or lost stand apart, since they have no price to compare and would spoil the mix. Of
    the others: price = change of price x quantity now; volume = change of the whole quantity at the old
    mix and prices; mix = the rest of the quantities at old prices.
    """
    there = [name for name in before if before[name][0] and name in after and after[name][0]]
    new = fsum(revenue for name, (_, revenue) in after.items() if name not in there)
    lost = 0.0 - fsum(revenue for name, (_, revenue) in before.items() if name not in there)
    old = fsum(before[name][1] for name in there)
    at_old_prices = fsum(after[name][0] * before[name][1] / before[name][0] for name in there)
    quantity = fsum(before[name][0] for name in there)
    grown = fsum(after[name][0] for name in there) / quantity if quantity else 1.0
    price = round(fsum(after[name][1] for name in there) - at_old_prices, PLACES)
    volume = round(old * (grown - 1), PLACES)
    change = fsum(revenue for _, revenue in after.values()) - fsum(revenue for _, revenue in before.values())
    return Bridge(price, volume, round(change - price - volume - new - lost, PLACES), new, lost)
