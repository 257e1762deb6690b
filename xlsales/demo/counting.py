"""What all the answers share: the period, months as text, and ratios that may not exist."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

PERIOD = "2026-10"
"""The month that the answers are about: the last one of the data, and complete."""
Names = dict[str | None, dict[str, Any]]
"""Numbers by name within one dimension; a blank is None, the whole is ""."""


def month_of(day: date) -> str:
    """``2026-10`` of a day."""
    return f"{day:%Y-%m}"


def shifted(month: str, by: int) -> str:
    """The month so many later."""
    year, index = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year}-{index + 1:02d}"


def last_day(month: str) -> date:
    """The last day of a month."""
    return date.fromisoformat(shifted(month, 1) + "-01") - timedelta(days=1)


def ratio(part: float, whole: float) -> float | None:
    """``part`` / ``whole``, None over nothing."""
    return part / whole if whole else None
