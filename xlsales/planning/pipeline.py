"""What open deals are worth and what a target takes."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 1e15
"""More than this Excel cannot count one by one."""


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


def coverage(open_amount: float, won: float, target: float) -> float | None:
    """Open pipeline / what is still missing; None once nothing is.

    So Gong and most others; Salesforce's "pipe coverage" is the inverse.
    """
    return open_amount / (target - won) if target > won else None


def velocity(deals: float, win_rate: float, deal_value: float, cycle_days: float) -> float | None:
    """Money per day = deals x win rate x average deal / days of a sales cycle."""
    return deals * win_rate * deal_value / cycle_days if cycle_days > 0 else None


def leads_needed(missing: float, conversion: float, order_value: float) -> int | None:
    """Leads for the missing money = missing / (conversion x order value), rounded up; 0 when nothing is.

    None where a lead is worth nothing, or so little that no cell could hold how many it takes.
    """
    worth = conversion * order_value
    if conversion <= 0 or order_value <= 0 or max(missing, 0.0) >= worth * MOST:
        return None
    return ceil(round(max(missing, 0.0) / worth, 9))
