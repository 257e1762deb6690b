"""What tickets and surveys said of customers by a day: complaints, slow answers, scores that fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._accounts import account_of
from xlsales.metrics._behind import PLACE, TABLE
from xlsales.metrics._catalogue import says
from xlsales.metrics._lives import waited
from xlsales.metrics._once import once
from xlsales.metrics._rfm import window_start
from xlsales.metrics._slices import midnight
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from xlsales.metrics._catalogue import Frame

    Rows = Mapping[str, pd.DataFrame]

SAID = ("complaint", "slow_answer", "dissatisfied")
RECENT, MONTHS = 90, 12
"""Days that a ticket counts, and months that scores do: hardly anybody is asked three times in 90 days."""
PROMPT = 48
"""Clock hours in which a ticket is to be answered."""
COMPLAINT = ("投诉", "complain")
COLUMNS = {
    "tickets": ("opened", "closed", "responded", "kind", "satisfaction"),
    "surveys": ("day", "kind", "score", "nps"),
}
"""What is read of each table, the day of its rows first."""
SCORE = ["account", "scale", "day"]


@once
def said(
    orders: Frame, tickets: Frame | None, surveys: Frame | None, customers: Frame | None, end: date
) -> Rows:
    """By sign the rows that made it, as known on the day ``end``; see ``heard``."""
    every = heard(orders, tickets, surveys, customers, end)
    rows = {name: one.dropna(subset="account") for name, one in every.items()}
    found = {"dissatisfied": _falling(_scores(rows, end))}
    if "tickets" in rows:
        opened = rows["tickets"][rows["tickets"]["opened"] >= midnight(end, 1 - RECENT)]
        complaints = opened["kind"].astype("str").str.lower().str.contains("|".join(COMPLAINT))
        found["complaint"] = opened[complaints]
        if says(tickets, "responded"):  # else the sheet does not tell
            found["slow_answer"] = opened[_slow(opened, end)]
    return found


@once
def heard(
    orders: Frame, tickets: Frame | None, surveys: Frame | None, customers: Frame | None, end: date
) -> Rows:
    """The tickets and surveys of the twelve months to ``end``: ``COLUMNS`` and the place of each row.

    ``account`` is that of the orders (see ``account_of``), NaN where there is none.
    """
    import narwhals as nw

    found = {}
    for name, table in (("tickets", tickets), ("surveys", surveys)):
        if table is None:
            continue
        rows, columns = nw.from_native(table).lazy(), COLUMNS[name]
        day, place = columns[0], [one for one in (SOURCE, ROW) if one in rows.collect_schema().names()]
        rows = rows.filter(nw.col(day) >= midnight(window_start(end, MONTHS)), nw.col(day) < midnight(end, 1))
        frame = fetched(rows.select(*columns, "customer_id", "customer", *place))
        found[name] = frame.assign(account=account_of(frame, orders, customers), **{TABLE: name})
    return found


def _slow(tickets: pd.DataFrame, end: date) -> pd.Series:
    """Which were answered later than they should, or are still waiting for longer; closing one answers it."""
    import pandas as pd

    now = pd.Timestamp(midnight(end, 1))
    answered = tickets["responded"].fillna(tickets["closed"])
    slow: pd.Series = waited(tickets["opened"], answered.where(answered < now, now)) > PROMPT
    return slow


def _scores(rows: Rows, end: date) -> pd.DataFrame:
    """What customers gave, with its ``scale``: a kind of survey has its own, and tickets have one."""
    import pandas as pd

    found = []
    if "surveys" in rows:
        surveys = rows["surveys"]
        kind = surveys["kind"].astype("object").fillna("").astype("str")
        found = [surveys.assign(score=surveys[name], scale=f"{name} " + kind) for name in ("score", "nps")]
    if "tickets" in rows:
        tickets = rows["tickets"]
        day = tickets["closed"].fillna(tickets["opened"])  # it is asked for when the ticket is done
        known = tickets.assign(score=tickets["satisfaction"], scale="satisfaction", day=day)
        found.append(known[day < midnight(end, 1)])
    if not found:
        return pd.DataFrame(columns=[*SCORE, "score"])
    every = pd.concat([one[[*SCORE, "score", *(set(PLACE) & set(one))]] for one in found], ignore_index=True)
    every = every[every["score"].notna()]
    return every.assign(day=every["day"].dt.normalize())


def _falling(scores: pd.DataFrame) -> pd.DataFrame:
    """The scores of the last three days on one scale, where they fell twice in a row."""
    means = scores.groupby(SCORE, as_index=False)["score"].mean()
    means["score"] = means["score"].round(6)
    same = [means["account"], means["scale"]]
    fell = means["score"].groupby(same).diff() < 0
    left = means.groupby(SCORE[:2]).cumcount(ascending=False)
    down = fell & fell.groupby(same).shift(fill_value=False) & (left == 0)
    last = means[left < 3].merge(means.loc[down, SCORE[:2]], on=SCORE[:2])
    return scores.merge(last[SCORE], on=SCORE)
