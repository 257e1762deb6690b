"""How the numbers of a period stand against earlier ones, and why there is no rate where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from xlsales.metrics._scope import Scope

BASES = (("previous", 1, "change", "mom", "status"), ("year_ago", 12, "yoy_change", "yoy", "yoy_status"))
"""The base windows of a scope, how many months each lies back from a month, and the columns it gives."""


def compared(
    rows: pd.DataFrame,
    measure: Callable[[Window], pd.DataFrame],
    value: str,
    about: Mapping[str, Scope],
    by: Sequence[str],
    start: datetime | None,
) -> pd.DataFrame:
    """``rows`` of the current windows with their bases and the growth of ``value``.

    ``measure`` gives the value of a window by ``by``; ``about`` is the scope of each month, or of the
    period under ""; ``start`` is the first day of the data. Adds previous, change, mom, status and
    year_ago, yoy_change, yoy, yoy_status. A name that has a base and nothing now gets a row of zeros,
    and so does a month without rows.

    A base is 0 where the data cover its window without a row in it, and blank where they do not. The
    rate is change / base, blank unless the base is above zero. The status says why:
    no_base, the data do not reach back so far; new, a name that had nothing then and has something now;
    base_not_positive, there was nothing or less than nothing to grow from.
    """
    import numpy as np
    import pandas as pd

    numbers = [name for name in rows.columns if name not in by]
    if tuple(by) == ("month",):
        rows = rows.merge(pd.DataFrame({"month": list(about)}, dtype="str"), "right", "month")
    for role, months, *_ in BASES:
        bases = measure(span(about, role))[[*by, value]].rename(columns={value: role})
        if "month" in by:
            bases["month"] = _later(bases["month"], months)
        rows = rows.merge(bases, "outer", list(by)) if by else rows.merge(bases, "cross")
    rows[numbers] = rows[numbers].fillna(0.0)
    named = any(name != "month" for name in by)
    month = rows.get("month", pd.Series("", rows.index))
    for role, _, change, rate, status in BASES:
        known = month.map({key: covered(getattr(part, role), start) for key, part in about.items()})
        then = rows[role]
        base = then.fillna(0.0).where(known.astype(bool))
        rows[role] = base
        rows[change] = (rows[value] - base).round(6)
        rows[rate] = rows[change] / base.where(base > 0)
        reasons = [base.isna(), then.isna() & (rows[value] != 0) & named, base <= 0]
        words = np.select(reasons, ["no_base", "new", "base_not_positive"], "")
        rows[status] = pd.Series(words, rows.index, dtype="str")
    return rows


def span(about: Mapping[str, Scope], role: str) -> Window:
    """The windows of all scopes as one: only the first may begin late, and only the last be cut."""
    windows = [getattr(part, role) for part in about.values()]
    return Window(windows[0].start, windows[-1].end)


def covered(window: Window, start: datetime | None) -> bool:
    """Whether the data, which begin with ``start``, reach into the window."""
    return start is not None and window.start <= window.end and start < midnight(window.end, 1)


def _later(month: pd.Series, months: int) -> pd.Series:
    import pandas as pd

    return pd.Series((pd.PeriodIndex(month, freq="M") + months).strftime("%Y-%m"), month.index, dtype="str")
