"""What open deals are worth, and how far a number stands from its target and its base.

What a target takes is in ``metrics._pipeline``, since metrics need it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def attainment(actual: float, target: float) -> float | None:
    """Actual / target; None unless the target is above zero."""
    return actual / target if target > 0 else None


def growth(current: float, base: float) -> float | None:
    """(current - base) / base; None unless the base is above zero."""
    return (current - base) / base if base > 0 else None


def weighted(amounts: Sequence[float | None], chances: Sequence[float | None]) -> float:
    """The open amounts, each times the chance of winning it; a deal without either counts nothing."""
    return sum(
        amount * chance
        for amount, chance in zip(amounts, chances, strict=True)
        if amount is not None and chance is not None
    )


def velocity(deals: float, win_rate: float, deal_value: float, cycle_days: float) -> float | None:
    """Money per day = deals x win rate x average deal / days of a sales cycle."""
    return deals * win_rate * deal_value / cycle_days if cycle_days > 0 else None
