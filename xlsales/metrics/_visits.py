"""Which customer came on which day, and for how much: the ground of what is said of every single customer.

A visit is what ``_purchases`` calls a purchase: the order lines above zero of one customer and day that
count as sales, whatever the basis. Whoever came by (散客, walk-in) is nobody, as in all lines of money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import account_names
from xlsales.metrics._activity import usual_gaps
from xlsales.metrics._facts import PLACES, revenue
from xlsales.metrics._once import once
from xlsales.metrics._purchases import (
    DAYS,
    EPOCH,
    bought,
    medians,
    neighbours,
    purchase_rows,
    visit_number,
)
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope


@dataclass(frozen=True)
class Visits:
    """Visits in the order of customers and days.

    ``who`` is the place of the customer in ``accounts``, which are sorted; ``day`` counts from ``EPOCH``.
    """

    accounts: pd.Index[str]
    who: NDArray[np.int32]
    day: NDArray[np.int32]
    amount: NDArray[np.float64]

    def within(self, start: date | None, end: date) -> Visits:
        """Those from ``start`` (None: from the first on) to ``end``, both included."""
        here = self.day <= day_number(end)
        if start is not None:
            here &= self.day >= day_number(start)
        if here.all():
            return self
        return replace(self, who=self.who[here], day=self.day[here], amount=self.amount[here])

    def habits(self) -> pd.DataFrame:
        """By place of the customer: ``first`` and ``last`` day, ``visits``, ``amount``, and ``gap``.

        ``gap`` is the median of the days from one visit to the next; NaN below three visits.
        """
        import numpy as np
        import pandas as pd

        starts = self.starts()
        count = np.diff(starts, append=len(self.who))
        found = pd.DataFrame(
            {
                "first": self.day[starts].astype("int64"),
                "last": self.day[starts + count - 1].astype("int64"),
                "visits": count.astype("float64"),
                "amount": _added(self.amount, starts),
            },
            index=pd.Index(self.who[starts].astype("int64"), name="who"),
        )
        again = np.repeat(count > 2, count)
        again[starts] = False
        later = np.flatnonzero(again)
        run = np.repeat(np.arange(len(starts), dtype="int32"), count)[later]
        return found.assign(gap=medians(run, self.day[later] - self.day[later - 1], len(starts)))

    def starts(self) -> NDArray[np.int64]:
        """Where each customer's first visit is."""
        import numpy as np

        new = np.ones(len(self.who), bool)
        np.not_equal(self.who[1:], self.who[:-1], out=new[1:])
        return np.flatnonzero(new)


def day_number(day: date) -> int:
    """The day counted from ``EPOCH``."""
    return (day - EPOCH).days


def days_of(numbers: pd.Series) -> pd.Series:
    """The days that were counted from ``EPOCH``."""
    import pandas as pd

    return pd.Timestamp(EPOCH).as_unit("us") + pd.to_timedelta(numbers, unit="D").astype("timedelta64[us]")


def visits(orders: Frame, scope: Scope) -> Visits:
    """All visits up to the end of the period, or of the data within it, that the filters let pass."""
    lines = revenue(orders, None, None, replace(scope, basis="signed"))
    return _visits(lines, scope.current.end)


def usual(seen: Visits) -> NDArray[np.float64]:
    """By customer the gap that tells when one is overdue, as in churn; NaN where nobody came twice."""
    import pandas as pd

    before, _ = neighbours(seen.day, seen.who[1:] == seen.who[:-1])
    return usual_gaps(pd.DataFrame({"group": 0, "day": seen.day, "before": before})).to_numpy("float64")


def called(orders: Frame, scope: Scope) -> pd.DataFrame:
    """By account: ``customer`` and ``rep`` of the latest visit by the end of the period."""
    lines = revenue(orders, None, None, replace(scope, basis="signed"))
    return _called(lines, scope.current.end)


def visit_rows(asked: Asked, start: date | None = None) -> pd.DataFrame:
    """The rows of the visits of the account of the row, to the end of the period, the days in order."""
    return trail.rows_of(known_rows(asked, start), "account", asked.row["account_id"])


def first_visits(asked: Asked, start: date | None = None) -> trail.Behind:
    """Every customer who came between ``start`` and the end of the period, by the first row of that."""
    rows = known_rows(asked, start).drop_duplicates("account")
    return trail.added(rows.assign(part=1.0))


def kept_rows(asked: Asked, accounts: Iterable[str], start: date | None = None) -> trail.Behind:
    """What accounts bought from ``start`` to the end of the period, less what they gave back in that time."""
    window = Window(start or EPOCH, asked.scope.current.end)
    net = replace(asked.scope, basis="net", policy=replace(asked.scope.policy, refunds="refund_month"))
    rows = trail.money_rows(replace(asked, scope=net, window=window))
    rows = rows[rows["account"].isin(set(accounts))]
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


def known_rows(asked: Asked, start: date | None = None) -> pd.DataFrame:
    """The rows of all visits from ``start`` (None: the first) to the end of the period, the days in order."""
    return _known_since(purchase_rows(replace(asked, seen=asked.scope.current.end)), start)


@once
def _known_since(rows: pd.DataFrame, start: date | None) -> pd.DataFrame:
    return rows if start is None else rows[rows["date"] >= midnight(start)]


def _added(amounts: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    sums: NDArray[np.float64] = np.add.reduceat(amounts, starts) if len(starts) else amounts
    return sums.round(PLACES)


@once
def _visits(lines: nw.LazyFrame[Any], end: date) -> Visits:
    import narwhals as nw
    import numpy as np
    import pandas as pd

    days = bought(lines, end, ()).select("amount", visit=visit_number())
    frame = fetched(days.group_by("visit").agg(nw.col("amount").sum()))
    visit, amount = frame["visit"].to_numpy("int64", copy=True), frame["amount"].to_numpy("float64")
    del frame  # as long as all visits there are, like what follows
    known = account_names(lines)
    accounts = pd.Index(known.to_numpy(), dtype="str")
    numbers = known.index.to_numpy("int64")
    place = np.zeros(int(numbers.max(initial=-1)) + 1, "int64")
    place[numbers] = np.arange(len(numbers)) * DAYS
    customer = visit // DAYS
    visit -= customer * DAYS
    visit += place[customer]
    del customer
    order = visit.argsort()
    amount = amount[order]
    np.round(amount, PLACES, out=amount)
    visit = visit[order]
    del order
    who = (visit // DAYS).astype("int32")
    visit %= DAYS
    return Visits(accounts, who, visit.astype("int32"), amount)


@once
def _called(lines: nw.LazyFrame[Any], end: date) -> pd.DataFrame:
    import narwhals as nw

    last = bought(lines, end, ()).group_by("customer_id").agg(last=nw.col("date").max())
    named = bought(lines, end, ("customer", "rep")).join(last, on="customer_id")
    named = named.filter(nw.col("date") == nw.col("last")).select("customer_id", "customer", "rep")
    found = fetched(named).astype({"customer": "str", "rep": "str"})
    found = found.sort_values(["customer_id", "customer", "rep"]).drop_duplicates("customer_id")
    return found.set_index(account_names(lines).reindex(found["customer_id"]).to_numpy())[["customer", "rep"]]
