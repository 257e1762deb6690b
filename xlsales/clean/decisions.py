"""What people decided about cases on the review sheet, and what a case is known by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Choice = Literal["accept", "correct", "drop", "defer"]
"""accept 接受: the value is right as it stands, the case is closed. correct 更正: read ``value`` instead.
drop 剔除: the row counts nowhere. defer 暂缓: nothing yet, the case stays open."""


@dataclass(frozen=True)
class Decision:
    """One decision. ``table``, ``key``, ``field`` and ``old`` say of what, and survive every refresh.

    ``key`` is the row's identity (an order id), or a digest of its texts where the table has none or the row
    lacks it. ``field`` is a canonical column, "" for the whole row; ``old`` is the text that stood in the
    cell when it was decided; where it has changed since, the decision waits. ``rule`` is that of the case.
    """

    table: str
    key: str
    field: str
    old: str
    rule: str
    choice: Choice
    value: str = ""
    reviewer: str = ""
    note: str = ""
