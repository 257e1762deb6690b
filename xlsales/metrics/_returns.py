"""Orders and what of them was given back, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._facts import PLACES, ordered_in, revenue
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight, names
from xlsales.metrics._stages import EVER
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

CENT = 0.005
NEVER_SOLD = ("cancelled", "pending")
"""An order that says it was refunded is no sale elsewhere; here it was sold and given back."""
FOREVER = date(2200, 1, 1)


@dataclass(frozen=True)
class Moved:
    """Money that moved for sold orders, the earliest first: their row, the day and the amount, above zero."""

    at: NDArray[np.int64]
    day: NDArray[np.datetime64]
    amount: NDArray[np.float64]

    def by(self, seen: date) -> Moved:
        """What of it had moved by the end of a day."""
        import numpy as np

        known = int(np.searchsorted(self.day, np.datetime64(seen), "right"))
        return Moved(self.at[:known], self.day[:known], self.amount[:known])

    def summed(self, rows: int) -> NDArray[np.float64]:
        """The amount of each of the rows."""
        import numpy as np

        return np.bincount(self.at, self.amount, rows).astype("float64", copy=False)

    def begun(self, rows: int) -> NDArray[np.datetime64]:
        """The first day of each of the rows, NaT where nothing moved."""
        import numpy as np

        first = np.full(rows, np.datetime64("NaT"), self.day.dtype)
        first[self.at[::-1]] = self.day[::-1]
        return first


@dataclass(frozen=True)
class Returns:
    """The orders of a window by the names of ``by``, and the money that moved for them, day by day.

    ``sold``: ``order_id``, the names, ``day`` (of the first line), ``amount``, and ``gone``, the amount of
    the lines that say they were refunded. ``paid`` is None without
    payments.
    """

    sold: pd.DataFrame
    back: Moved
    paid: Moved | None
    known: bool
    """Whether anything says of refunds: a table of them, or a single one of a known order elsewhere."""

    def as_of(self, window: Window, seen: date) -> pd.DataFrame:
        """The orders of the window as they stood on a day, under their rows of ``sold``.

        Adds as numbers ``orders`` (1), ``paid`` (the amount of the order, where there are no payments),
        ``returned`` (no more than was paid), ``full`` and ``partial`` (1 where all, or some, of what was
        paid was given back), and ``lag``, the days to the first return, unknown where it is dated before the
        order. An order that says it was refunded and of which nothing tells the day was
        given back all along, without a lag.
        """
        import numpy as np

        days, size = self.sold["day"].to_numpy(), len(self.sold)
        last = min(window.end, seen)
        at = np.flatnonzero((days >= np.datetime64(window.start)) & (days <= np.datetime64(last)))
        back = self.back.by(seen)
        undated = np.where(self.back.summed(size) > CENT, 0.0, self.sold["gone"].to_numpy())
        returned = (back.summed(size) + undated)[at]
        paid = self.sold["amount"].to_numpy() if self.paid is None else self.paid.by(seen).summed(size)
        some = returned > CENT
        full = some & (returned >= paid[at] - CENT)
        lag = (back.begun(size)[at] - days[at]) / np.timedelta64(1, "D")
        return self.sold.iloc[at].assign(
            returned=np.minimum(returned, paid[at]),
            paid=paid[at],
            orders=1.0,
            full=full.astype("float64"),
            partial=(some & ~full).astype("float64"),
            lag=np.where(some & (lag >= 0), lag, np.nan),
        )


def returns(
    orders: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    by: tuple[str, ...],
    window: Window,
) -> Returns:
    """The orders of a window that have an id and are worth more than nothing, and what was given back.

    Given back is what the net basis takes away (refunds, and negative payments of orders that no refund
    speaks of), and a line below zero of the same order; or else, the lines whose status is
    ``refunded``. An order whose first line lies in the window counts
    whole; one with several names of ``by`` counts under each. Filters are those of the scope.
    """
    import narwhals as nw

    called = tuple(names(by))
    keys = ("order_id", *called)
    money = revenue(orders, payments, refunds, _net(scope), by, NEVER_SOLD)
    lines = _identified(money, keys)
    sales = _sales(lines)
    sold = _sold(sales, _begun(money), keys, window)
    paid = None
    if payments is not None:
        ids = ordered_in(orders, window).select("order_id").drop_nulls().unique()
        near = nw.from_native(payments).lazy().join(ids, on="order_id", how="semi")
        cash = replace(scope, basis="cash")
        received = revenue(orders, near, None, cash, by, NEVER_SOLD).filter(
            ~nw.col("order_id").is_null(), nw.col("amount") > 0
        )
        paid = _of_sold(sold, _daily(received, keys), keys)
    # A return under a number of its own takes money away, but from no order that anybody could name.
    orders_sold = sales.select("order_id").unique()
    back = _daily(_given_back(lines).join(orders_sold, on="order_id", how="semi"), keys)
    known = refunds is not None or len(back) > 0 or bool((sold["gone"] > 0).any())
    return Returns(sold, _of_sold(sold, back, keys), paid, known)


def of_orders(what: str, until: Callable[[Asked], date] | None = None) -> Trace:
    """The orders of the window by their first row, or the rows of what was ``paid`` or ``returned`` for them.

    ``full``, ``partial`` and ``refunded`` leave those orders of which all, a part, or any was given back.
    ``until`` leaves only what was given back by a day, so nothing whose day is unknown.
    """

    def trace(asked: Asked) -> Behind:
        rows, paid, back = _rows(asked, until and until(asked))
        if what == "paid":
            return trail.added(paid.assign(part=paid["amount"]))
        received = paid.groupby("order_id")["amount"].sum()
        returned = back.groupby("order_id")["amount"].sum()
        if what == "returned":
            most = (received.reindex(returned.index).fillna(0.0) / returned).clip(upper=1.0)
            return trail.added(back.assign(part=back["amount"] * back["order_id"].map(most)))
        firsts = rows.drop_duplicates("order_id").assign(part=1.0)
        sums = firsts["order_id"].map(returned).fillna(0.0), firsts["order_id"].map(received).fillna(0.0)
        some = sums[0] > CENT
        all_of_it = some & (sums[0] >= sums[1] - CENT)
        chosen = {"orders": some | ~some, "refunded": some, "full": all_of_it, "partial": some & ~all_of_it}
        return trail.added(firsts[chosen[what]])

    return trace


def _rows(asked: Asked, until: date | None) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The lines of the orders of the window, of what was paid for them, and of what was given back."""
    import pandas as pd

    ever = replace(asked, window=Window(EVER, FOREVER), scope=_net(asked.scope))
    lines = trail.money_rows(ever, "net", NEVER_SOLD)
    lines = lines[lines["order_id"].notna()]
    seen = pd.Timestamp(asked.seen) + pd.Timedelta(1, "D")
    every = trail.money_rows(replace(ever, scope=_net(asked.whole or asked.scope)), "net", NEVER_SOLD)
    begun = every[(every["amount"] > 0) & (every["date"] < seen)]
    begun = begun.groupby("order_id")["date"].min().dt.normalize()
    window = asked.window
    inside = begun.index[begun.between(pd.Timestamp(window.start), pd.Timestamp(window.end))]
    lines = lines[lines["order_id"].isin(inside)]
    sold = lines[(lines["amount"] > 0) & (lines["date"] < seen)]
    paid = sold
    if asked.tables.get("payments") is not None:
        moved = replace(ever, window=Window(EVER, asked.seen), scope=replace(asked.scope, basis="cash"))
        cash = trail.money_rows(moved, "cash", NEVER_SOLD)
        paid = cash[(cash["amount"] > 0) & cash["order_id"].isin(sold["order_id"])]
    back = lines[(lines["amount"] < 0) & lines["order_id"].isin(sold["order_id"])]
    back = back.assign(amount=-back["amount"])
    if until is not None:
        return sold, paid, back[back["date"] < pd.Timestamp(until) + pd.Timedelta(1, "D")]
    undated = sold[(sold["status"] == "refunded") & ~sold["order_id"].isin(back["order_id"])]
    return sold, paid, pd.concat([back[back["date"] < seen], undated])


def _net(scope: Scope) -> Scope:
    """The scope on the net basis, a refund on its own day."""
    return replace(scope, basis="net", policy=replace(scope.policy, refunds="refund_month"))


def _given_back(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    back = lines.filter(nw.col("amount") < 0)
    return back.with_columns(amount=-nw.col("amount"))


def _identified(lines: nw.LazyFrame[Any], keys: Sequence[str]) -> nw.LazyFrame[Any]:
    """No more than is asked of the lines of orders with an id: what pandas filters it copies."""
    import narwhals as nw

    return lines.select(*keys, "date", "amount", "sale", "status").filter(~nw.col("order_id").is_null())


def _sales(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    return lines.filter(nw.col("sale"), nw.col("amount") > 0)


@once
def _begun(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The moment of the first line of each order, as ``_sales`` has them."""
    import narwhals as nw

    return _sales(_identified(lines, ["order_id"])).group_by("order_id").agg(day=nw.col("date").min())


def _sold(
    lines: nw.LazyFrame[Any], begun: nw.LazyFrame[Any], keys: Sequence[str], window: Window
) -> pd.DataFrame:
    import narwhals as nw

    within = begun.filter(nw.col("day") >= midnight(window.start), nw.col("day") < midnight(window.end, 1))
    gone = nw.when(nw.col("status") == "refunded").then(nw.col("amount")).otherwise(0.0)
    whole = lines.join(within, on="order_id").with_columns(gone=gone)
    found = whole.group_by(*keys, "day").agg(nw.col("amount", "gone").sum())
    return _settled(found, keys)


def _daily(lines: nw.LazyFrame[Any], keys: Sequence[str]) -> pd.DataFrame:
    import narwhals as nw

    day = nw.col("date").dt.truncate("1d")
    found = lines.filter(~nw.col("date").is_null()).with_columns(day=day)
    return _settled(found.group_by(*keys, "day").agg(nw.col("amount").sum()), keys)


def _of_sold(sold: pd.DataFrame, moved: pd.DataFrame, keys: Sequence[str]) -> Moved:
    """What moved for the sold orders, by their row."""
    rows = sold[list(keys)].assign(at=sold.index)
    moved = moved.merge(rows, on=list(keys)).sort_values(["day", "at"])
    return Moved(*(moved[name].to_numpy() for name in ("at", "day", "amount")))


def _settled(found: nw.LazyFrame[Any], keys: Sequence[str]) -> pd.DataFrame:
    """In memory and in a settled order of days; sums rounded, so that the order of rows never shows."""
    frame: pd.DataFrame = fetched(found)
    frame["day"] = frame["day"].dt.normalize()
    frame = frame.assign(amount=frame["amount"].round(PLACES))
    return frame.sort_values([*keys, "day"], ignore_index=True)
