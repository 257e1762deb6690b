"""Who bought on which day: the ground of every metric about customers coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight, names, numbered
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope


EPOCH, DAYS = date(1900, 1, 1), 100_000


def purchase_days(orders: Frame, scope: Scope, by: Sequence[str] = ()) -> nw.LazyFrame[Any]:
    """One row per purchase: ``customer_id``, ``day``, the names of ``by``, and ``visit``.

    ``visit`` is the customer's number times ``DAYS`` plus the day's, counted from ``EPOCH``: the same on one
    day, and in the order of customers and days; one number sorts faster than two.
    A purchase is an order line above zero that counts as a sale (not cancelled, refunded or pending), by
    ``scope.as_of``, on its order date whatever the basis. A customer is the id, or the name where there
    is none; a line with neither is nobody's and cannot come back, so it is left out.
    """
    lines = revenue(orders, None, None, replace(scope, basis="signed"), by)
    return _days(lines, scope.as_of, tuple(names(by)))


def purchase_rows(asked: Asked) -> pd.DataFrame:
    """The rows that are purchases by the day of the look, with customer_id and ``day``, the days in order."""
    ever = replace(asked, window=Window(EPOCH, asked.seen))
    return _purchased(trail.money_rows(ever, "signed"))


@once
def _purchased(lines: pd.DataFrame) -> pd.DataFrame:
    lines = lines[(lines["amount"] > 0) & lines["customer_id"].notna()]
    return lines.assign(day=lines["date"].dt.normalize())


@once
def _days(lines: nw.LazyFrame[Any], as_of: date, by: tuple[str, ...]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    day = nw.col("date").dt.truncate("1d")
    return bought(lines, as_of, by).select("customer_id", *by, day=day, visit=visit_number())


def bought(lines: nw.LazyFrame[Any], end: date, columns: Sequence[str]) -> nw.LazyFrame[Any]:
    """The lines of money that are purchases by the end of a day, of known customers; with these columns."""
    import narwhals as nw

    return lines.select("customer_id", "amount", "date", *columns).filter(
        nw.col("amount") > 0,
        ~nw.col("customer_id").is_null(),
        nw.col("date") < midnight(end, 1),
    )


def visit_number() -> nw.Expr:
    """The customer's number times ``DAYS`` plus the day's, counted from ``EPOCH``, of lines of money."""
    import narwhals as nw

    # The day as date.toordinal counts it: Spark takes no difference of two moments.
    years = nw.col("date").dt.year().cast(nw.Int64) - 1
    leaps = years // 4 - years // 100 + years // 400
    day = years * 365 + leaps + nw.col("date").dt.ordinal_day().cast(nw.Int64) - EPOCH.toordinal()
    return nw.col("customer_id").cast(nw.Int64) * DAYS + day


def medians(run: NDArray[Any], days: NDArray[Any], runs: int) -> NDArray[np.float64]:
    """The median of the numbers of days, below ``DAYS``, of each of so many runs; NaN where one has none."""
    import numpy as np

    both = run.astype("int64")
    both *= DAYS
    both += days
    both.sort()
    count = np.bincount(run, minlength=runs)
    some = np.flatnonzero(count)
    begin, count = (np.cumsum(count) - count)[some], count[some]
    low, high = both[begin + (count - 1) // 2] % DAYS, both[begin + count // 2] % DAYS
    found = np.full(runs, np.nan)
    found[some] = (low + high) / 2
    return found


def visited(orders: Frame, scope: Scope, groups: Sequence[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The days on which each customer bought under the names of ``groups``, and these by their ``group``.

    Columns: ``group``, ``customer`` (a number), ``day``, and the days ``before`` and ``after`` of the same
    customer and group, all days as numbers from ``EPOCH`` on; ``-DAYS`` and ``DAYS`` where there is none.
    """
    return _visited(purchase_days(orders, scope, groups), tuple(groups))


@once
def _visited(days: nw.LazyFrame[Any], groups: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    import numpy as np
    import pandas as pd

    frame, labels = _grouped(days, groups)
    group = frame["group"].to_numpy("int64", copy=True)
    both = frame["visit"].to_numpy("int64", copy=True)
    del frame  # as long as all purchases there are, like what follows
    visits = int(both.max(initial=0)) + 1
    group *= visits
    both += group  # one number sorts faster than two
    del group
    both.sort()
    new = np.ones(len(both), bool)
    np.not_equal(both[1:], both[:-1], out=new[1:])
    both = both[new]
    group = (both // visits).astype("int32")
    both %= visits
    customer = (both // DAYS).astype("int32")
    both %= DAYS
    day = both.astype("int32")
    del both, new
    before, after = neighbours(day, (customer[1:] == customer[:-1]) & (group[1:] == group[:-1]))
    return pd.DataFrame(
        {"group": group, "customer": customer, "day": day, "before": before, "after": after}
    ), labels


def neighbours(
    day: NDArray[np.int32], goes_on: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The days before and after each one, where it goes on with the same customer; else -DAYS and DAYS."""
    import numpy as np

    before, after = np.full(len(day), -DAYS, "int32"), np.full(len(day), DAYS, "int32")
    np.copyto(before[1:], day[:-1], where=goes_on)
    np.copyto(after[:-1], day[1:], where=goes_on)
    return before, after


def _grouped(days: nw.LazyFrame[Any], groups: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each ``visit`` with ``group``, the place of its names among the different ones, and these.

    An engine numbers them itself, so that no text is fetched for each purchase.
    """
    if days.implementation.is_pandas() or not groups:
        frame = fetched(days.select("visit", *groups))
        group, labels = numbered(frame, groups)
        return frame[["visit"]].assign(group=group), labels
    places = days.select(*groups).unique().with_row_index("group", order_by=groups)
    labels = fetched(places.sort("group"))[list(groups)].astype("str")
    return fetched(days.join(places, on=list(groups)).select("visit", "group")), labels
