"""The life of a lead in days: when it came, when it was won or lost, and which days nobody wrote down.

Won and lost as ``_stages`` reads them. A win without a win date has no length; neither has a loss that only
the stage column tells of a lead without any date. They are ``undated`` and stand in no length.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.metrics._once import once
from xlsales.metrics._slices import distinct, midnight, names, sliced
from xlsales.metrics._stages import EVER, moments
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window
    from xlsales.metrics._slices import Look

DAYS = ("created", "won", "lost", "undated_win", "undated_loss")
NEVER = 10**6
"""A day after all days."""


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days


def day_numbers(moments: pd.Series, missing: int = NEVER) -> NDArray[np.int64]:
    """Days since 1970 of the moments, whatever their hour."""
    import numpy as np

    days = moments.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), missing, days.astype("int64"))


def waited(created: pd.Series, responded: pd.Series) -> pd.Series:
    """Clock hours from one to the other; whole days of 24 hours where either has no time of day."""
    days = [moments.dt.normalize() for moments in (created, responded)]
    timed = (created != days[0]) & (responded != days[1])
    hours: pd.Series = (responded - created).where(timed, days[1] - days[0]).dt.total_seconds() / 3600
    return hours


def lives(leads: Frame, scope: Scope, by: Sequence[str]) -> pd.DataFrame:
    """All leads that the filters let pass, alike ones counted together.

    Columns: the names of ``by``; ``created``, ``won`` and ``lost`` in days since 1970; ``undated_win`` and
    ``undated_loss``, the days from which a lead is over that has no length; each ``NEVER`` where it did not
    come to that; ``leads``, how many.
    """
    return _lives(sliced(moments(leads), scope, by), tuple(names(by)))


def each_life(leads: Frame, scope: Scope, columns: Sequence[str]) -> pd.DataFrame:
    """The same apart by other columns, such as the place of each lead's row."""
    return _lives(sliced(moments(leads), scope, ()), tuple(columns))


@once
def _lives(leads: nw.LazyFrame[Any], called: tuple[str, ...]) -> pd.DataFrame:
    import narwhals as nw

    won, lost = nw.col("won"), nw.col("since lost")
    ever = nw.lit(midnight(EVER))
    known_loss = nw.when(lost > ever).then(lost)
    unknown_win = nw.when(won.is_null()).then(nw.col("since won"))
    unknown_loss = nw.when(won.is_null() & (lost == ever)).then(lost)
    days = leads.select(
        *called,
        created=nw.col("created").dt.truncate("1d"),
        won=won.dt.truncate("1d"),
        lost=known_loss.dt.truncate("1d"),
        undated_win=unknown_win.dt.truncate("1d"),
        undated_loss=unknown_loss.dt.truncate("1d"),
    )
    days = days.filter(~nw.col("created").is_null())
    found = fetched(days.group_by(*called, *DAYS).agg(leads=nw.len()))
    return found.assign(**{name: day_numbers(found[name]) for name in DAYS})


def watched(found: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The lives that went on in the window, as ``_survival`` takes them but for ``cell``.

    Every lead is watched on the days of the window only, from the age it had on the first (period analysis,
    Brenner and Gefeller 1996), so that the curve is about the window and not about years ago.
    """
    import numpy as np

    start, end = day_number(window.start), day_number(window.end)
    won, lost, created = (found[name].to_numpy("int64") for name in ("won", "lost", "created"))
    ended = np.select([won <= end, lost <= end], ["won", "lost"], "open")
    until = np.select([won <= end, lost <= end], [won, lost], end)
    dated = found[["undated_win", "undated_loss"]].min(axis=1) > end
    inside = dated & (created <= end) & (until >= start) & (until >= created)
    entry, exit = np.maximum(start - created, 0), until - created
    return found.assign(entry=entry, exit=exit, ended=ended)[inside]


def watched_in(found: pd.DataFrame, looks: Sequence[Look]) -> pd.DataFrame:
    """The lives that went on in each look, with ``look``, its place among the distinct ones."""
    import pandas as pd

    parts = [watched(found, look.window).assign(look=place) for place, look in enumerate(distinct(looks))]
    return pd.concat(parts, ignore_index=True)


def won_ages(found: pd.DataFrame, day: date) -> NDArray[np.int64]:
    """How old the leads were that were won by that day, one number a lead, in no order."""
    import numpy as np

    wins = found[(found["won"] <= day_number(day)) & (found["won"] >= found["created"])]
    ages = (wins["won"] - wins["created"]).to_numpy("int64")
    return np.repeat(ages, wins["leads"].to_numpy("int64"))
