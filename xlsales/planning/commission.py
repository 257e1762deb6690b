"""Commission by tiers: every part of the amount at its own rate, or the whole at the rate it reached."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def commission(
    amount: float, starts: Sequence[float | None], rates: Sequence[float | None], *, whole: bool = False
) -> float:
    """The commission on ``amount``; tier k begins at ``starts[k]`` and pays ``rates[k]`` (0.05 is 5 %).

    Marginal by default: what lies within a tier is paid at its rate, and below the first tier nothing. So
    150,000 at 5 %, 6 %, 7 % from 0, 100,000, 125,000 is 5,000 + 1,500 + 1,750. ``whole`` pays everything
    at the rate of the highest tier reached. ``UsageError`` where the starts do not rise.
    """
    tiers = [(start, rate) for start, rate in zip(starts, rates, strict=True) if start is not None]
    for (before, _), (after, _) in pairwise(tiers):
        if after <= before:
            raise UsageError(
                "cell_out_of_range", argument="starts", value=f"{after:g}", allowed=f"> {before:g}"
            )
    if whole:
        reached = [rate or 0.0 for start, rate in tiers if amount >= start]
        return amount * reached[-1] if reached else 0.0
    ends = [*(start for start, _ in tiers[1:]), inf][: len(tiers)]
    return sum(
        max(min(amount, end) - start, 0.0) * (rate or 0.0)
        for (start, rate), end in zip(tiers, ends, strict=True)
    )
