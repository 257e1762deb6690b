"""A total divided by weights so that the parts add up to it exactly, with some parts fixed beforehand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def allocate(
    total: float, weights: Sequence[float | None], locked: Sequence[float | None] = (), digits: int = 0
) -> list[float]:
    """The parts by largest remainder (Hamilton's method), in steps of ``10 ** -digits``.

    A part that ``locked`` gives is that; the rest is divided by ``weights``, blank as 0. Every part gets
    its whole steps, and the steps left over go to the largest remainders, then the larger weights, then
    the first. ``UsageError`` where that cannot be: the total is finer than the steps, a weight is
    negative, the locked parts exceed the total, or nothing unlocked has a weight.
    """
    fixed = [*locked, *[None] * (len(weights) - len(locked))]
    steps = _steps(total, digits, "total")
    taken = {at: _steps(one, digits, "locked") for at, one in enumerate(fixed) if one is not None}
    free = {at: Fraction(weight or 0.0) for at, weight in enumerate(weights) if at not in taken}
    for weight in free.values():
        if weight < 0:
            raise UsageError(
                "cell_out_of_range", argument="weights", value=f"{float(weight):g}", allowed="≥ 0"
            )
    rest, whole = steps - sum(taken.values()), sum(free.values(), Fraction(0))
    if rest and (not whole or (rest < 0) != (steps < 0)):
        raise UsageError(
            "cell_out_of_range", argument="locked", value=f"{sum(taken.values()) / 10**digits:g}",
            allowed=f"≤ {total:g}",
        )  # fmt: skip
    quotas = {at: abs(rest) * weight / whole if whole else Fraction(0) for at, weight in free.items()}
    parts = {at: int(quota) for at, quota in quotas.items()}
    order = sorted(free, key=lambda at: (parts[at] - quotas[at], -free[at], at))
    for at in order[: abs(rest) - sum(parts.values())]:
        parts[at] += 1
    sign = -1 if rest < 0 else 1
    made = taken | {at: sign * part for at, part in parts.items()}
    return [float(Decimal(made[at]).scaleb(-digits)) for at in range(len(weights))]


def _steps(amount: float, digits: int, argument: str) -> int:
    scaled = Decimal(repr(float(amount))).scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise UsageError(
            "cell_out_of_range", argument=argument, value=f"{amount:.12g}", allowed=f"10^-{digits}"
        )
    return int(scaled)
