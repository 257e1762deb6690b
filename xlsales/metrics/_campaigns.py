"""Campaigns: their days, and what was sold, asked and spent under each name.

What a campaign is held against lies in the ``STRETCHES`` of whole weeks before it, on the same weekdays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import NO_SALE_YET
from xlsales.metrics._slices import midnight, sliced
from xlsales.metrics._stages import moments
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

STRETCHES = 4
"""So many stretches before the campaign are its control."""
WEEK = 7


@dataclass(frozen=True)
class Campaign:
    """A campaign with its first and last day in the period."""

    name: str
    first: date
    last: date

    @property
    def length(self) -> int:
        """The days of a stretch: whole weeks, long enough to hold the campaign."""
        return -(-((self.last - self.first).days + 1) // WEEK) * WEEK

    def back(self, k: int) -> timedelta:
        """How far the ``k``-th stretch before the campaign lies back from it."""
        return timedelta(days=k * self.length)

    @property
    def whole(self) -> date:
        """The last day of as many days as a stretch has, from the campaign's first."""
        return self.first + timedelta(days=self.length - 1)

    def reach(self, begin: date) -> list[int]:
        """Which of the stretches data from the day ``begin`` on have whole."""
        return [k for k in range(1, STRETCHES + 1) if begin <= self.first - self.back(k)]

    def among(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of rows with ``campaign`` and ``day`` that are of it."""
        return rows[(rows["campaign"] == self.name) & during(rows["day"], self.first, self.last)]


def during(day: pd.Series, first: date, last: date) -> pd.Series:
    """Which of the days lie between two days, both included."""
    import pandas as pd

    return day.between(pd.Timestamp(first), pd.Timestamp(last))


def promoted(orders: Frame, scope: Scope) -> bool:
    """Whether any line of the period, or of later as of an order that began in it, names a campaign."""
    import narwhals as nw

    rows = sliced(orders, scope, ("campaign",)).select("campaign", "order_date")
    named = rows.filter(nw.col("campaign") != "", nw.col("order_date") >= midnight(scope.period.start))
    return len(named.head(1).collect("pandas")) > 0


def orders_by_day(orders: Frame, scope: Scope) -> tuple[pd.DataFrame, date]:
    """The counted orders that matter, one row each, and the first day of all.

    Columns: day, campaign, amount, discount and cost (NaN where a line lacks it).
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    rows = counted_lines(orders, scope)
    earliest = fetched(rows.select(nw.col("order_date").min()))["order_date"].iloc[0]
    recent = rows.filter(nw.col("order_date") >= midnight(oldest(scope)))
    lines = recent.select(
        "order_id", "campaign", "amount", "discount", "cost", day=nw.col("order_date").dt.truncate("1d")
    )
    frame = fetched(lines).astype({"campaign": "str"})
    key = frame["order_id"].factorize()[0]
    key = np.where(key < 0, -np.arange(1, len(frame) + 1), key)
    found = (
        frame.assign(lacks=frame["cost"].isna())
        .groupby(key)
        .agg(
            day=("day", "min"),
            campaign=("campaign", "max"),
            amount=("amount", "sum"),
            discount=("discount", "sum"),
            cost=("cost", "sum"),
            lacks=("lacks", "any"),
        )
    )
    found["cost"] = found["cost"].mask(found.pop("lacks"))
    return found.reset_index(drop=True), date.max if pd.isna(earliest) else earliest.date()


def counted_lines(orders: Frame, scope: Scope, places: tuple[str, ...] = ()) -> nw.LazyFrame[Any]:
    """The lines of orders up to the day of the data that make a sale."""
    import narwhals as nw

    columns = ("order_id", "campaign", "amount", "discount", "cost", "status", "order_date", *places)
    return (
        sliced(orders, scope, ("campaign",))
        .select(*columns)
        .filter(
            ~nw.col("status").fill_null("").is_in(NO_SALE_YET),
            nw.col("amount") >= 0,
            nw.col("order_date") < midnight(scope.as_of, 1),
        )
    )


def oldest(scope: Scope) -> date:
    """The first day that any control of the period can reach back to."""
    days = (scope.period.end - scope.period.start).days + 1
    return scope.period.start - timedelta(days=STRETCHES * (days + WEEK))


def leads_by_day(leads: Frame, scope: Scope, places: tuple[str, ...] = ()) -> pd.DataFrame:
    """The leads: day, campaign, channel and the moment of the win."""
    import narwhals as nw

    rows = sliced(moments(leads), scope, ("campaign", "channel"))
    rows = rows.select("campaign", "channel", "created", "since won", *places)
    created = nw.col("created")
    rows = rows.filter(created >= midnight(oldest(scope)), created < midnight(scope.as_of, 1))
    day = nw.col("created").dt.truncate("1d")
    found = rows.select("campaign", "channel", *places, day=day, since=nw.col("since won"))
    frame: pd.DataFrame = fetched(found).astype({"campaign": "str", "channel": "str"})
    return frame


def costs_by_name(costs: Frame, scope: Scope) -> dict[str, float]:
    """What the costs up to the data date give to each campaign."""
    import narwhals as nw

    rows = sliced(costs, scope, ("campaign",)).filter(
        nw.col("campaign") != "", ~nw.col("cost").is_null(), nw.col("period") < midnight(scope.as_of, 1)
    )
    frame = fetched(rows.group_by("campaign").agg(nw.col("cost").sum()))
    return dict(zip(frame["campaign"].astype("str"), frame["cost"].round(6).tolist(), strict=True))


def campaigns(orders: pd.DataFrame, leads: pd.DataFrame | None, scope: Scope) -> list[Campaign]:
    """Each campaign that ``orders_by_day`` or ``leads_by_day`` name in the period, by its first day."""
    import pandas as pd

    parts = [orders[["campaign", "day"]]] + ([] if leads is None else [leads[["campaign", "day"]]])
    both = pd.concat(parts, ignore_index=True)
    inside = during(both["day"], scope.current.start, scope.current.end)
    days = both[inside & (both["campaign"] != "")].groupby("campaign")["day"].agg(["min", "max"])
    found = [Campaign(str(name), row["min"].date(), row["max"].date()) for name, row in days.iterrows()]
    return sorted(found, key=lambda one: (one.first, one.name))
