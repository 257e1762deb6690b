"""Which customers are active: those who have not been away longer than is usual for them.

Nobody who buys without a contract says that he leaves. A customer is taken to be gone once he has been away
for ``times`` his own median gap between two days of buying, and ``least`` days at least; who has bought on
one day only is measured by the median of the others' own gaps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.metrics._purchases import DAYS, EPOCH, purchase_rows

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked

TIMES, LEAST = 2, 30
STATES = ("start", "lost", "gained", "end")


@dataclass(frozen=True)
class Activity:
    """``visits`` as ``_purchases.visited`` gives them, each with its customer's ``who`` and ``limit``."""

    visits: pd.DataFrame

    def standing(self, start: date, end: date) -> pd.DataFrame:
        """One row per customer and group: ``group``, the places of the last visits, and ``STATES`` as 0 or 1.

        start: active on the day before ``start``; end: on the day ``end``; lost: at the start and not at the
        end; gained: at the end and not at the start, new or back; unknown: was there, and nobody can tell.
        ``before`` and ``place`` are the visits before the start and up to the end, -1 where there is none.
        """
        import numpy as np
        import pandas as pd

        visits = self.visits
        begun = visits["before"].to_numpy() == -DAYS
        who = visits["who"].to_numpy()
        first, last = (start - EPOCH).days - 1, (end - EPOCH).days
        there = np.zeros((2, int(begun.sum())), bool)
        place = np.full(there.shape, -1)
        for k, day in enumerate((first, last)):
            rows = np.flatnonzero(self._seen(day))
            place[k, who[rows]] = rows
            there[k, who[rows]] = (day - visits["day"].to_numpy()[rows]) <= visits["limit"].to_numpy()[rows]
        was, now = there
        return pd.DataFrame(
            {
                "group": visits["group"].to_numpy()[begun],
                "before": place[0],
                "place": place[1],
                "start": was.astype("float64"),
                "lost": (was & ~now).astype("float64"),
                "gained": (now & ~was).astype("float64"),
                "end": now.astype("float64"),
                "unknown": ((place[1] >= 0) & visits["limit"].isna().to_numpy()[begun]).astype("float64"),
            }
        )

    def _seen(self, day: int) -> NDArray[np.bool_]:
        """The last visit of each customer up to a day."""
        found: NDArray[np.bool_] = ((self.visits["day"] <= day) & (self.visits["after"] > day)).to_numpy()
        return found


def activity(visits: pd.DataFrame, times: int = TIMES, least: int = LEAST) -> Activity:
    """The activity of customers by their own gaps; ``limit`` is NaN where nobody of the group came twice."""
    begun = visits["before"] == -DAYS
    who = begun.cumsum() - 1
    gaps = (visits["day"] - visits["before"]).where(~begun).groupby(who).median()
    group = visits["group"][begun].set_axis(gaps.index)
    usual = gaps.groupby(group).transform("median")
    limit = (gaps.fillna(usual) * times).clip(lower=least)
    return Activity(visits.assign(who=who, limit=limit.reindex(who).to_numpy()))


def activity_behind(asked: Asked, times: int, least: int) -> tuple[Activity, pd.DataFrame]:
    """The same of the rows behind a number, and these: one row of an order for each visit, in its place."""
    import numpy as np

    bought = purchase_rows(replace(asked, seen=asked.scope.as_of))
    days = bought.drop_duplicates(["customer_id", "day"]).sort_values(
        ["customer_id", "day"], kind="stable", ignore_index=True
    )
    number = (days["day"].to_numpy("datetime64[D]") - np.datetime64(EPOCH)).astype("int64")
    visits = days[["customer_id"]].assign(group=0, day=number)
    by_customer = visits.groupby("customer_id")["day"]
    visits["before"] = by_customer.shift(1).fillna(-DAYS)
    visits["after"] = by_customer.shift(-1).fillna(DAYS)
    return activity(visits, times, least), days
