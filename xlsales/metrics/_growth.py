"""How the numbers of a period stand against earlier ones, and why there is no rate where there is none."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._facts import PLACES
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._reach import Reach
    from xlsales.metrics._scope import Scope

BASES = (("previous", 1, "change", "mom", "status"), ("year_ago", 12, "yoy_change", "yoy", "yoy_status"))
"""The base windows of a scope, how many months each lies back from a month, and the columns it gives."""


def compared(
    now: Mapping[str, Amounts],
    measure: Callable[[Window], Amounts],
    value: str,
    about: Mapping[str, Scope],
    by: Sequence[str],
    reach: Reach,
) -> pd.DataFrame:
    """The numbers of the current windows as rows, with their bases and the growth of ``value``.

    ``now`` has the numbers by their names; ``measure`` gives the value of a window by ``by``; ``about`` is
    the scope of each month, or of the period under ""; ``reach`` is how far back the data go. Adds previous,
    change, mom, status and year_ago, yoy_change, yoy, yoy_status. A name that has a base and
    nothing now gets a row of zeros, and so does a month without rows.

    A base is 0 where the data hold its window without a row in it, and blank where they do not. The
    rate is change / base, blank unless the base is above zero. The status says why:
    no_base, the data do not hold the whole of it; new, a name that had nothing then and has something
    now; base_not_positive, there was nothing or less than nothing to grow from.
    """
    import numpy as np

    bases = {role: _base(measure, about, role, months, by) for role, months, *_ in BASES}
    begun = [(month,) for month in about] if tuple(by) == ("month",) else []
    keys = sorted({key for given in (*now.values(), *bases.values(), begun) for key in given})
    numbers: dict[str, Any] = {name: column_of(keys, amounts, 0.0) for name, amounts in now.items()}
    named = any(name != "month" for name in by)
    for role, _, change, rate, status in BASES:
        held = {month: reach.holds(getattr(part, role)) for month, part in about.items()}
        known = [held[key[by.index("month")] if "month" in by else ""] for key in keys]
        then = column_of(keys, bases[role])
        base = np.where(np.array(known, bool), np.nan_to_num(then), np.nan)
        numbers[role] = base
        numbers[change] = np.round(numbers[value] - base, PLACES)
        numbers[rate] = numbers[change] / np.where(base > 0, base, np.nan)
        reasons = [np.isnan(base), np.isnan(then) & (numbers[value] != 0) & named, base <= 0]
        numbers[status] = np.select(reasons, ["no_base", "new", "base_not_positive"], "")
    return rows_of(keys, by).assign(**numbers)


def _base(
    measure: Callable[[Window], Amounts],
    about: Mapping[str, Scope],
    role: str,
    months: int,
    by: Sequence[str],
) -> Amounts:
    """The amounts of the windows of a role, under the names of the months that they are the base of."""
    shifted = [part for part in about.values() if role == "year_ago" and part.year_ago != part.ago(1)]
    if "month" not in by or not shifted:
        return _later(measure(span(about, role)), months, by)
    at, found = by.index("month"), defaultdict[Any, float](float)
    for month, part in about.items():
        for key, amount in measure(getattr(part, role)).items():
            found[(*key[:at], month, *key[at + 1 :])] += amount
    return dict(found)


def span(about: Mapping[str, Scope], role: str) -> Window:
    """The windows of all scopes as one: only the first may begin late, and only the last be cut."""
    windows = [getattr(part, role) for part in about.values()]
    return Window(windows[0].start, windows[-1].end)


def covered(window: Window, start: datetime | None) -> bool:
    """Whether the data, which begin with ``start``, reach into the window."""
    return start is not None and window.start <= window.end and start < midnight(window.end, 1)


def _later(amounts: Amounts, months: int, by: Sequence[str]) -> Amounts:
    """The amounts of the months under the names of those that come so many months later."""
    if "month" not in by:
        return amounts
    at = by.index("month")
    moved = {key[at]: f"{shift_months(date.fromisoformat(f'{key[at]}-01'), months):%Y-%m}" for key in amounts}
    return {(*key[:at], moved[key[at]], *key[at + 1 :]): amount for key, amount in amounts.items()}
