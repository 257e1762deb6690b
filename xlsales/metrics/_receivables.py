"""What customers owe and for how long."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

BUCKETS: tuple[tuple[str, str, int], ...] = (
    ("未到期", "Not due", 0),
    ("1–30 天", "1–30 days", 30),
    ("31–60 天", "31–60 days", 60),
    ("61–90 天", "61–90 days", 90),
)
"""Titles and the most days overdue of each bucket."""
OLDEST = ("90 天以上", "Over 90 days")
UNDATED = ("无到期日", "No due date")


def bucket(due: date, as_of: date) -> tuple[str, str]:
    """The bucket of a due date; the day itself is not overdue yet."""
    late = (as_of - due).days
    return next(((zh, en) for zh, en, most in BUCKETS if late <= most), OLDEST)


def aging(
    due: Sequence[date | None], amounts: Sequence[float | None], as_of: date
) -> list[tuple[tuple[str, str], float, int]]:
    """Every bucket with its amount and number of items; one more for amounts without a due date, if any."""
    titles = [(zh, en) for zh, en, _ in BUCKETS] + [OLDEST, UNDATED]
    parts: dict[tuple[str, str], list[float]] = {title: [] for title in titles}
    for day, amount in zip(due, amounts, strict=True):
        if amount is not None:
            parts[bucket(day, as_of) if day else UNDATED].append(amount)
    return [(title, fsum(held), len(held)) for title, held in parts.items() if held or title != UNDATED]


def dso(receivable: float, sales: float, days: float) -> float | None:
    """Days sales outstanding = receivable / credit sales of the period x days of it."""
    return receivable / sales * days if sales > 0 else None
