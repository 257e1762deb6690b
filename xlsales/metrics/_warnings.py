"""Which customers may be about to leave as of a day, and the signs that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._once import once
from xlsales.metrics._rfm import window_start
from xlsales.metrics._slices import midnight
from xlsales.metrics._visits import day_number, visits
from xlsales.metrics._worth import models, watched
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._visits import Visits

SIGNS = ("late", "fading", "falling", "complaint", "slow_answer", "dissatisfied")
LATE = 2
"""Of a customer's own gaps: so many without a purchase are a sign."""
ALIVE = 0.3
RECENT, PROMPT = 90, 2
"""Days that a complaint counts, and in which a ticket is to be answered."""
COMPLAINT = ("投诉", "complain")


def warned(
    orders: Frame, tickets: Frame | None, surveys: Frame | None, scope: Scope, end: date
) -> pd.DataFrame:
    """The customers of the twelve months to ``end`` with what was known on that day, in order of accounts.

    Columns: who, account_id, last (counted from ``EPOCH``), days_since, gap, orders, amount (of the twelve
    months), alive (NaN without a model), one column of 0 and 1 for each of ``SIGNS``, and reasons, how many.
    """
    return _warned(visits(orders, scope), tickets, surveys, end)


@once
def _warned(all_visits: Visits, tickets: Frame | None, surveys: Frame | None, end: date) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    ever = watched(all_visits, end)
    year = all_visits.within(window_start(end, 12), end).habits()
    rows = ever.loc[year.index]
    accounts = pd.Index(all_visits.accounts.take(rows.index.to_numpy("int64")), dtype="str")
    since = day_number(end) - rows["last"].to_numpy("float64")
    buying = models(all_visits, end).buying
    alive = np.full(len(rows), np.nan)
    if buying is not None:
        alive = buying.alive(*(rows[name].to_numpy("float64") for name in ("x", "recency", "age")))
    found = pd.DataFrame(
        {
            "who": rows.index.to_numpy("int64"),
            "account_id": accounts,
            "last": rows["last"].to_numpy(),
            "days_since": since,
            "gap": rows["gap"].to_numpy("float64"),
            "orders": year["visits"].to_numpy("float64"),
            "amount": year["amount"].to_numpy("float64"),
            "alive": alive,
            "late": since > LATE * rows["gap"].to_numpy("float64"),
            "fading": alive < ALIVE,
            "falling": np.isin(rows.index, _falling(all_visits.within(None, end))),
            "complaint": accounts.isin(_complained(tickets, end)),
            "slow_answer": accounts.isin(_unanswered(tickets, end)),
            "dissatisfied": accounts.isin(_dissatisfied(surveys, end)),
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


def _recent(table: Frame, day: str, columns: tuple[str, ...], end: date, back: int | None) -> pd.DataFrame:
    """The rows up to a day, with the account that they are of."""
    import narwhals as nw

    rows = nw.from_native(table).lazy().filter(nw.col(day) < midnight(end, 1))
    if back is not None:
        rows = rows.filter(nw.col(day) >= midnight(end, 1 - back))
    account = nw.coalesce("customer_id", "customer")
    found: pd.DataFrame = fetched(rows.select(*columns, day, account=account))
    return found[found["account"].notna()]


def _complained(tickets: Frame | None, end: date) -> list[str]:
    if tickets is None:
        return []
    rows = _recent(tickets, "opened", ("kind",), end, RECENT)
    kind = rows["kind"].astype("str").str.lower()
    return sorted(set(rows.loc[kind.str.contains("|".join(COMPLAINT)), "account"]))


def _unanswered(tickets: Frame | None, end: date) -> list[str]:
    """Whose ticket was answered later than it should, or is still waiting for longer."""
    import pandas as pd

    if tickets is None:
        return []
    rows = _recent(tickets, "opened", ("responded",), end, RECENT)
    if rows["responded"].isna().all():  # the sheet does not say
        return []
    now = pd.Timestamp(midnight(end, 1))
    answered = rows["responded"].where(rows["responded"] < now, now)
    late = (answered.dt.normalize() - rows["opened"].dt.normalize()).dt.days > PROMPT
    return sorted(set(rows.loc[late, "account"]))


def _dissatisfied(surveys: Frame | None, end: date) -> list[str]:
    """Whose score fell twice in a row: the last three days on which there was one."""
    if surveys is None:
        return []
    rows = _recent(surveys, "day", ("score",), end, None)
    rows = rows[rows["score"].notna()].assign(day=rows["day"].dt.normalize())
    scores = rows.groupby(["account", "day"])["score"].mean().round(6)
    steps = scores.groupby("account").diff()
    down = (steps < 0) & (steps.groupby("account").shift() < 0)
    return sorted(down.groupby("account").last().loc[lambda one: one].index)
