"""A score card: attainments weighed into one number."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def score(
    attained: Sequence[float | None], weights: Sequence[float | None], cap: float
) -> tuple[float | None, float]:
    """Sum of weight x attainment, each capped, on the scale of the weights; and the share that counted.

    An attainment that is missing drops out and the others carry its weight; the second number says how
    much of the weight was there. ``UsageError`` unless the weights add up to 1 or to 100.
    """
    total = sum(weight or 0.0 for weight in weights)
    if not (isclose(total, 1.0, abs_tol=1e-9) or isclose(total, 100.0, abs_tol=1e-7)):
        raise UsageError(
            "cell_out_of_range", argument="weights", value=f"Σ {total:g}", allowed="Σ = 1, Σ = 100"
        )
    there = [
        (min(one, cap), weight or 0.0)
        for one, weight in zip(attained, weights, strict=True)
        if one is not None
    ]
    counted = sum(weight for _, weight in there)
    if not counted:
        return None, 0.0
    return sum(one * weight for one, weight in there) * total / counted, counted / total
