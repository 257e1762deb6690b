"""Which contract goes on for which: found by customer, course, days and type where no row names a renewal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.metrics._lives import NEVER, day_numbers

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

EARLY = 92
"""A contract that begins more than a quarter before another one ends runs beside it and renews it not."""


def successors(contracts: pd.DataFrame, grace: int, of: str) -> pd.Series:
    """The row of the contract that renews each, -1 where there is none; none renews two.

    It is of the same customer (``account``), and with ``of`` product of the same product; it begins after
    the other did and ends no earlier; its day (``signed``, else ``start``) is at most ``grace`` days after
    the other's end. It begins in the quarter before that end or in the days of grace; where it was signed
    then, it may begin later. What is called an upgrade may begin earlier in the term, or else may be of
    another product: what begins long before in another course is an addition, which sheets call upgrade too.

    What is called a renewal goes before upgrades, these before the rest, upgrades to another product
    last. Within each the contract that ends first chooses first, among those of one day the one that began
    last, and takes what begins first. Takes ``contracts`` in that order of choice, with ``account``,
    ``product``, ``type``, ``start``, ``end`` and ``signed`` (days, without an hour).
    """
    import pandas as pd

    customer = contracts["account"].factorize()[0]
    product, names = contracts["product"].fillna("").factorize()
    anywhere = customer
    same = (customer * len(names) + product).clip(-1) if of == "product" else anywhere
    renewal, upgrade = (contracts["type"].isin([name]).to_numpy() for name in ("renewal", "upgrade"))
    choices = (
        (same, renewal, EARLY),
        (same, upgrade, EARLY),
        (same, upgrade, NEVER),
        (same, renewal | ~renewal, EARLY),
        (anywhere, upgrade, EARLY),
    )
    days = _Days.of(contracts, grace)
    found = customer * 0 - 1
    for group, kind, early in choices:
        found = _chosen(found, days, group, kind, early)
    return pd.Series(found, contracts.index)


@dataclass(frozen=True)
class _Days:
    """By row the days since 1970 on which contracts begin, were agreed upon and end; ``NEVER`` if unknown."""

    begun: NDArray[np.int64]
    agreed: NDArray[np.int64]
    ends: NDArray[np.int64]
    grace: int

    @classmethod
    def of(cls, contracts: pd.DataFrame, grace: int) -> _Days:
        start, signed = contracts["start"], contracts["signed"]
        begun, agreed, ends = (
            day_numbers(one, NEVER) for one in (start.fillna(signed), signed.fillna(start), contracts["end"])
        )
        return cls(begun, agreed, ends, grace)


def _chosen(
    found: NDArray[np.int64], days: _Days, group: NDArray[np.int64], kind: NDArray[np.bool_], early: int
) -> NDArray[np.int64]:
    """``found``, where those without a successor have chosen among the contracts of a kind of their group.

    One that begins more than ``early`` days before the end is none.
    """
    import numpy as np

    free = kind & (group >= 0) & (days.begun != NEVER)
    free[found[found >= 0]] = False
    queue = np.flatnonzero(free)
    if not len(queue):
        return found
    queue = queue[np.lexsort((days.begun[queue], group[queue]))]
    begun, agreed, groups = days.begun[queue], days.agreed[queue], group[queue]
    soonest = _soonest(agreed, groups)
    asking = np.flatnonzero((found < 0) & (group >= 0) & (days.ends != NEVER))
    own, ends = days.begun[asking], days.ends[asking]
    first = np.maximum(ends - early, np.where(own == NEVER, 0, own + 1))
    low = begun.min()
    place = _place(groups, begun - low, group[asking], np.maximum(first - low, 0))
    # Most have nobody to choose: who begins late enough in their group, or was agreed upon soon enough.
    here = place.clip(max=len(queue) - 1)
    some = (place < len(queue)) & (groups[here] == group[asking]) & (soonest[here] <= ends + days.grace)
    asking, place, ends = asking[some], place[some], ends[some]
    past = np.searchsorted(groups, group[asking], "right")
    return _taken(found, asking, place, past, ends, days, queue, soonest)


def _place(
    groups: NDArray[np.int64], begun: NDArray[np.int64], group: NDArray[np.int64], first: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The place of the first of its group in the queue, by groups and days, that begins on a day or later."""
    import numpy as np

    far = int(max(begun.max(), first.max(initial=0))) + 1
    return np.searchsorted(groups * far + begun, group * far + first).astype("int64")


def _soonest(agreed: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """By place in the queue the first day on which one from there on in its group was agreed upon."""
    import numpy as np

    nth = np.concatenate([[0], (np.diff(groups) != 0).cumsum()])
    apart = nth * (int(agreed.max() - agreed.min()) + 1)  # a later group lies wholly above an earlier one
    least: NDArray[np.int64] = np.minimum.accumulate((agreed + apart)[::-1])[::-1] - apart
    return least


def _taken(
    found: NDArray[np.int64],
    asking: NDArray[np.int64],
    place: NDArray[np.int64],
    past: NDArray[np.int64],
    ends: NDArray[np.int64],
    days: _Days,
    queue: NDArray[np.int64],
    soonest: NDArray[np.int64],
) -> NDArray[np.int64]:
    """``found``, where each row ``asking`` took the first that renews it from its place in the queue on."""
    found = found.copy()
    rows, until = queue.tolist(), soonest.tolist()
    begun, agreed, over = (one[queue].tolist() for one in (days.begun, days.agreed, days.ends))
    gone = [False] * len(rows)
    for row, first, beyond, end in zip(
        asking.tolist(), place.tolist(), past.tolist(), ends.tolist(), strict=True
    ):
        last = end + days.grace
        for at in range(first, beyond):
            if until[at] > last:
                break
            near = begun[at] <= last or agreed[at] >= end - EARLY
            if near and agreed[at] <= last and over[at] >= end and not gone[at] and rows[at] != row:
                found[row] = rows[at]
                gone[at] = True
                break
    return found
