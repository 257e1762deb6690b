"""Which customers are active: those who have not been away longer than is usual for them.

Nobody who buys without a contract says that he leaves. A customer is taken to be gone once he has been away
for ``times`` his own median gap between two days of buying, and ``least`` days at least; who has bought on
one day only is measured by the median of the others' own gaps. With 0 times the days alone decide, for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.metrics._catalogue import Option
from xlsales.metrics._once import once
from xlsales.metrics._purchases import DAYS, EPOCH, medians, neighbours, purchase_rows

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked

TIMES, LEAST = 2, 30
OPTIONS = (
    Option("times", "超过本人间隔多少倍算流失，默认 2", "how many times one's own gap is gone, 2 by default"),
    Option("least", "至少多少天算流失，默认 30", "days at least to be gone, 30 by default"),
)
"""Who is taken to be gone."""
STATES = ("start", "lost", "gained", "end")


@dataclass(frozen=True)
class Activity:
    """``visits`` as ``_purchases.visited`` gives them, and the ``limit`` of each customer and group."""

    visits: pd.DataFrame
    limit: NDArray[np.float64]

    def standing(self, start: date, end: date) -> pd.DataFrame:
        """One row per customer and group: ``group``, the places of the last visits, and ``STATES`` as 0 or 1.

        start: active on the day before ``start``; end: on the day ``end``; lost: at the start and not at the
        end; gained: at the end and not at the start, new or back; unknown: was there, and nobody can tell.
        ``before`` and ``place`` are the visits before the start and up to the end, -1 where there is none.
        """
        import numpy as np
        import pandas as pd

        day, after = self.visits["day"].to_numpy(), self.visits["after"].to_numpy()
        begun = self.visits["before"].to_numpy() == -DAYS
        who = begun.cumsum(dtype="int32") - 1
        first, last = (start - EPOCH).days - 1, (end - EPOCH).days
        there = np.zeros((2, len(self.limit)), bool)
        place = np.full(there.shape, -1)
        for k, seen in enumerate((first, last)):
            rows = np.flatnonzero((day <= seen) & (after > seen))  # the last visit of each up to that day
            place[k, who[rows]] = rows
            there[k, who[rows]] = (seen - day[rows]) <= self.limit[who[rows]]
        was, now = there
        return pd.DataFrame(
            {
                "group": self.visits["group"].to_numpy()[begun],
                "before": place[0],
                "place": place[1],
                "start": was.astype("float64"),
                "lost": (was & ~now).astype("float64"),
                "gained": (now & ~was).astype("float64"),
                "end": now.astype("float64"),
                "unknown": ((place[1] >= 0) & np.isnan(self.limit)).astype("float64"),
            }
        )


def activity(visits: pd.DataFrame, times: int = TIMES, least: int = LEAST) -> Activity:
    """The activity of customers by their own gaps; ``limit`` is NaN where the group has no gap to go by."""
    own = usual_gaps(visits) * times
    if not times:
        own = own.fillna(0.0)  # no gap is asked for, so none can be missing
    return Activity(visits, own.clip(lower=least).to_numpy())


@once
def usual_gaps(visits: pd.DataFrame) -> pd.Series:
    """The median gap of each customer and group, or where there is none, the median of those of the group."""
    import pandas as pd

    before = visits["before"].to_numpy()
    begun = before == -DAYS
    again = ~begun
    gap = (visits["day"].to_numpy()[again] - before[again]).astype("int64")
    who = begun.cumsum(dtype="int32")[again] - 1
    gaps = pd.Series(medians(who, gap, int(begun.sum())))
    return gaps.fillna(gaps.groupby(visits["group"].to_numpy()[begun]).transform("median"))


def activity_behind(asked: Asked, times: int, least: int) -> tuple[Activity, pd.DataFrame]:
    """The same of the rows behind a number, and these: one row of an order for each visit, in its place."""
    import numpy as np

    bought = purchase_rows(replace(asked, seen=asked.scope.as_of))
    days = bought.drop_duplicates(["customer_id", "day"]).sort_values(
        ["customer_id", "day"], kind="stable", ignore_index=True
    )
    number = (days["day"].to_numpy("datetime64[D]") - np.datetime64(EPOCH)).astype("int32")
    customer = days["customer_id"].to_numpy()
    before, after = neighbours(number, customer[1:] == customer[:-1])
    visits = days[["customer_id"]].assign(group=0, day=number, before=before, after=after)
    return activity(visits, times, least), days
