"""The issue log: what was found, in which cell, what was done about it, and what it is worth.

At a million rows a log is itself a table, so issues are rows of one DataFrame. ``Issue`` is what one
row means, and what the review sheet shows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["high", "medium", "low"]
Action = Literal["excluded", "blanked", "kept", "read"]
"""excluded: the row counts nowhere. blanked: the cell does not. kept: only pointed out.
read: understood in a way the user should know of (a date order decided for a column)."""


@dataclass(frozen=True)
class Issue:
    """One finding. ``rule`` is a key of ``[issues]`` in the wording; ``amount`` is signed money at stake."""

    rule: str
    severity: Severity
    action: Action
    table: str
    source: str
    sheet: str
    cell: str
    field: str
    value: str
    suggestion: str
    amount: float


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Issue))


def issue_table(issues: list[Issue] | None = None) -> pd.DataFrame:
    """Issues as a frame with ``COLUMNS``, also when there are none."""
    import pandas as pd

    frame = pd.DataFrame(issues or [], columns=list(COLUMNS))
    return frame.astype({name: "float64" if name == "amount" else "str" for name in COLUMNS})
