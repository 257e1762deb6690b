"""What cleaning changed in cells that it could read: the old value, the new one, and who says so.

Issues point at what is wrong; a change is what was done about it. Raw sheets stay as they are, so this
list is the only place where a change can be seen and taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

COLUMNS = ("table", "source", "sheet", "cell", "field", "before", "after", "rule", "origin")
"""``rule`` is why (a key of ``[changes]`` in the wording), ``origin`` where the new value is from:
the cell of an alias or backup sheet (``主数据!B7``), a reviewer's name, or blank."""
TIMES = "times"
"""The column of how many cells a row of the list stands for: 1, or all with the name in a table elsewhere."""


@dataclass(frozen=True)
class Change:
    """Cells of one column of one table that got another value.

    ``rows`` are labels of the table's index; ``before``, ``after`` (as texts) and ``origins`` are as long,
    ``origins`` may be empty.
    """

    rule: str
    table: str
    field: str
    rows: pd.Index
    before: Sequence[str]
    after: Sequence[str]
    origins: Sequence[str] = ()


def change_table() -> pd.DataFrame:
    """A frame of changes with ``COLUMNS`` and ``TIMES``, and no rows."""
    import pandas as pd

    columns = {name: pd.Series([], dtype="str") for name in COLUMNS}
    return pd.DataFrame(columns | {TIMES: pd.Series([], dtype="int64")})
