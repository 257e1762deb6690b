"""Which customers may be about to leave as of a day, and the signs that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._activity import LEAST, TIMES
from xlsales.metrics._catalogue import Option
from xlsales.metrics._once import once
from xlsales.metrics._rfm import window_start
from xlsales.metrics._service import SAID, said
from xlsales.metrics._visits import day_number, usual, visits
from xlsales.metrics._worth import models, watched

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._service import Rows
    from xlsales.metrics._visits import Visits

SIGNS = ("late", "fading", "falling", *SAID)
ALIVE, OVERDUE = 0.3, float(TIMES)
OPTIONS = (
    Option(
        "alive", "仍活跃概率低于多少为信号，默认 0.3", "the P(alive) below which is a sign, by default 0.3"
    ),
    Option("times", "超过惯常间隔多少倍为信号，默认 2", "how many times the usual gap, by default 2"),
)


def warned(
    orders: Frame,
    tickets: Frame | None,
    surveys: Frame | None,
    customers: Frame | None,
    scope: Scope,
    end: date,
    alive: float = ALIVE,
    times: float = OVERDUE,
) -> pd.DataFrame:
    """The customers of the twelve months to ``end`` with what was known on that day, in order of accounts.

    Columns: who, account_id, last (counted from ``EPOCH``), days_since, gap (the median of the own gaps or,
    after one visit, of the others'), orders, amount (of the twelve months), alive (NaN after one visit, and
    without a model), one column of 0 and 1 for each of ``SIGNS``, and reasons, how many.
    """
    heard = said(orders, tickets, surveys, customers, end)
    return _warned(visits(orders, scope), heard, end, alive, times)


@once
def _warned(all_visits: Visits, heard: Rows, end: date, least_alive: float, times: float) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    seen = all_visits.within(None, end)
    ever = watched(all_visits, end).assign(gap=usual(seen))
    year = all_visits.within(window_start(end, 12), end).habits()
    rows = ever.loc[year.index]
    accounts = pd.Index(all_visits.accounts.take(rows.index.to_numpy("int64")), dtype="str")
    since = day_number(end) - rows["last"].to_numpy("float64")
    gap = rows["gap"].to_numpy("float64")
    buying = models(all_visits, end).buying
    alive = np.full(len(rows), np.nan)
    if buying is not None:
        alive = buying.alive(*(rows[name].to_numpy("float64") for name in ("x", "recency", "age")))
        alive[rows["x"].to_numpy() == 0] = np.nan  # the model has everybody leave after a return only
    found = pd.DataFrame(
        {
            "who": rows.index.to_numpy("int64"),
            "account_id": accounts,
            "last": rows["last"].to_numpy(),
            "days_since": since,
            "gap": gap,
            "orders": year["visits"].to_numpy("float64"),
            "amount": year["amount"].to_numpy("float64"),
            "alive": alive,
            "late": since > np.maximum(times * gap, LEAST),  # NaN stays NaN, and is late for nobody
            "fading": alive < least_alive,
            "falling": np.isin(rows.index, _falling(seen)),
            **{sign: accounts.isin(heard[sign]["account"] if sign in heard else []) for sign in SAID},
        }
    )
    found = found.astype(dict.fromkeys(SIGNS, "float64"))
    return found.assign(reasons=found[list(SIGNS)].sum(axis=1))


def _falling(seen: Visits) -> NDArray[np.int64]:
    """Who spent less on the last visit than on the one before, and less on that than on its own."""
    import numpy as np

    who, amount = seen.who, seen.amount
    last = np.flatnonzero(np.diff(who, append=-1))
    last = last[last >= 2]
    last = last[who[last - 2] == who[last]]
    down = (amount[last] < amount[last - 1]) & (amount[last - 1] < amount[last - 2])
    found: NDArray[np.int64] = who[last[down]]
    return found
