"""Which contract goes on for which: found by customer, course, days and type where no row names a renewal."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from xlsales.metrics._lives import NEVER, day_numbers

if TYPE_CHECKING:
    import pandas as pd

EARLY = 92
"""A contract that begins more than a quarter before another one ends runs beside it and renews it not."""


def successors(contracts: pd.DataFrame, grace: int, of: str) -> pd.Series:
    """The row of the contract that renews each, -1 where there is none; none renews two.

    It is of the same customer (id, else name), and with ``of`` product of the same product; it begins after
    the other did and ends no earlier; its day (``signed``, else ``start``) is at most ``grace`` days after
    the other's end. It begins in the quarter before that end or in the days of grace; where it was signed
    then, it may begin later. What is called an upgrade may begin earlier in the term, or else may be of
    another product: what begins long before in another course is an addition, which sheets call upgrade too.

    What is called a renewal goes before upgrades, these before the rest, upgrades to another product
    last. Within each the contract that ends first chooses first, among those of one day the one that began
    last, and takes what begins first. Takes ``contracts`` in that order of choice, with ``customer_id``,
    ``customer``, ``product``, ``type``, ``start``, ``end`` and ``signed`` (days, without an hour).
    """
    import pandas as pd

    customer = contracts["customer_id"].fillna(contracts["customer"])
    anywhere = _groups(contracts, [customer])
    same = _groups(contracts, [customer, contracts["product"].fillna("")]) if of == "product" else anywhere
    renewal, upgrade = (contracts["type"].isin([name]) for name in ("renewal", "upgrade"))
    choices = (
        (same, renewal, EARLY),
        (same, upgrade, EARLY),
        (same, upgrade, NEVER),
        (same, renewal | ~renewal, EARLY),
        (anywhere, upgrade, EARLY),
    )
    days = _Days.of(contracts, grace)
    found = [-1] * len(contracts)
    for group, kind, early in choices:
        found = _chosen(found, days, group, kind, early)
    return pd.Series(found, contracts.index)


def _groups(contracts: pd.DataFrame, keys: list[pd.Series]) -> list[int]:
    """By row the number of its group, -1 where nobody knows the customer."""
    numbers: list[int] = contracts.groupby(keys).ngroup().fillna(-1).astype("int64").tolist()
    return numbers


@dataclass(frozen=True)
class _Days:
    """By row the days since 1970 on which contracts begin, were agreed upon and end; ``NEVER`` if unknown."""

    begun: list[int]
    agreed: list[int]
    ends: list[int]
    grace: int

    @classmethod
    def of(cls, contracts: pd.DataFrame, grace: int) -> _Days:
        start, signed = contracts["start"], contracts["signed"]
        begun, agreed, ends = (
            day_numbers(one, NEVER).tolist()
            for one in (start.fillna(signed), signed.fillna(start), contracts["end"])
        )
        return cls(begun, agreed, ends, grace)

    def renews(self, other: int, end: int) -> bool:
        """Whether a contract that begins late enough was agreed upon in time and goes on after the end."""
        last, agreed = end + self.grace, self.agreed[other]
        near = self.begun[other] <= last or agreed >= end - EARLY
        return near and agreed <= last and self.ends[other] >= end


def _chosen(found: list[int], days: _Days, group: list[int], kind: pd.Series, early: int) -> list[int]:
    """``found``, where those without a successor have chosen among the contracts of a kind of their group.

    One that begins more than ``early`` days before the end is none.
    """
    found = list(found)
    taken = set(found)
    queues: dict[int, list[int]] = defaultdict(list)
    for row in sorted(kind.to_numpy().nonzero()[0].tolist(), key=days.begun.__getitem__):
        if group[row] >= 0 and days.begun[row] != NEVER and row not in taken:
            queues[group[row]].append(row)
    # By place in a queue the first day on which one from there on was agreed upon: the search may end there.
    soonest = {
        key: list(accumulate((days.agreed[row] for row in reversed(queue)), min))[::-1]
        for key, queue in queues.items()
    }
    for row, (key, own, end) in enumerate(zip(group, days.begun, days.ends, strict=True)):
        if found[row] >= 0 or end == NEVER or key not in queues:
            continue
        queue, until = queues[key], soonest[key]
        first = max(end - early, own + 1 if own != NEVER else 0)
        for place in range(bisect_left(queue, first, key=days.begun.__getitem__), len(queue)):
            other = queue[place]
            if until[place] > end + days.grace:
                break
            if other != row and other not in taken and days.renews(other, end):
                found[row] = other
                taken.add(other)
                break
    return found
