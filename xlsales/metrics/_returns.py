"""Orders and what of them was given back, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._facts import PLACES, ordered_in, revenue
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight, names
from xlsales.metrics._stages import EVER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

CENT = 0.005


@dataclass(frozen=True)
class Returns:
    """The orders of a window by the names of ``by``, and the money that moved for them, day by day.

    ``sold``: ``order_id``, the names, ``day`` (of the first line) and ``amount``. ``back`` and ``paid``: the
    same keys, ``day`` and ``amount`` above zero; ``paid`` is None without payments.
    """

    sold: pd.DataFrame
    back: pd.DataFrame
    paid: pd.DataFrame | None
    keys: tuple[str, ...]
    known: bool
    """Whether anything says of refunds: a table of them, or a single one of a known order elsewhere."""

    def as_of(self, window: Window, seen: date) -> pd.DataFrame:
        """The orders of the window as they stood on a day.

        Adds as numbers ``orders`` (1), ``paid`` (the amount of the order, where there are no payments),
        ``returned``, ``full`` and ``partial`` (1 where all, or some, of what was paid was given back), and
        ``lag``, the days to the first return.
        """
        import pandas as pd

        keys = list(self.keys)
        inside = self.sold["day"].between(
            pd.Timestamp(window.start), pd.Timestamp(min(window.end, seen)), inclusive="both"
        )
        rows = self.sold[inside]
        known = self.back[self.back["day"] <= pd.Timestamp(seen)]
        back = known.groupby(keys, as_index=False).agg(returned=("amount", "sum"), first=("day", "min"))
        rows = rows.merge(back, on=keys, how="left").fillna({"returned": 0.0})
        if self.paid is None:
            rows["paid"] = rows["amount"]
        else:
            paid = self.paid[self.paid["day"] <= pd.Timestamp(seen)].groupby(keys)["amount"].sum()
            rows = rows.merge(paid.rename("paid").reset_index(), on=keys, how="left").fillna({"paid": 0.0})
        returned = rows["returned"] > CENT
        full = returned & (rows["returned"] >= rows["paid"] - CENT)
        return rows.assign(
            orders=1.0,
            full=full.astype("float64"),
            partial=(returned & ~full).astype("float64"),
            lag=(rows["first"] - rows["day"]).dt.days.where(returned),
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
    speaks of), and a line below zero of the same order. An order whose first line lies in the window counts
    whole; one with several names of ``by`` counts under each. Filters are those of the scope.
    """
    import narwhals as nw

    called = tuple(names(by))
    keys = ("order_id", *called)
    money = revenue(orders, payments, refunds, _net(scope), by)
    lines = _identified(money, keys)
    paid = None
    if payments is not None:
        ids = ordered_in(orders, window).select("order_id").drop_nulls().unique()
        near = nw.from_native(payments).lazy().join(ids, on="order_id", how="semi")
        cash = replace(scope, basis="cash")
        received = revenue(orders, near, None, cash, by).filter(
            ~nw.col("order_id").is_null(), nw.col("amount") > 0
        )
        paid = _daily(received, keys)
    # A return under a number of its own takes money away, but from no order that anybody could name.
    orders_sold = _sales(lines).select("order_id").unique()
    back = _daily(_given_back(lines).join(orders_sold, on="order_id", how="semi"), keys)
    known = refunds is not None or len(back) > 0
    return Returns(_sold(_sales(lines), _begun(money), keys, window), back, paid, keys, known)


def of_orders(what: str) -> Trace:
    """The orders of the window by their first row, or the rows of what was ``paid`` or ``returned`` for them.

    ``full``, ``partial`` and ``refunded`` leave those orders of which all, a part, or any was given back.
    """

    def trace(asked: Asked) -> Behind:
        rows, paid, back = _rows(asked)
        if what == "paid":
            return trail.added(paid.assign(part=paid["amount"]))
        if what == "returned":
            return trail.added(back.assign(part=-back["amount"]))
        firsts = rows.drop_duplicates("order_id").assign(part=1.0)
        returned = -back.groupby("order_id")["amount"].sum()
        received = paid.groupby("order_id")["amount"].sum()
        sums = firsts["order_id"].map(returned).fillna(0.0), firsts["order_id"].map(received).fillna(0.0)
        some = sums[0] > CENT
        all_of_it = some & (sums[0] >= sums[1] - CENT)
        chosen = {"orders": some | ~some, "refunded": some, "full": all_of_it, "partial": some & ~all_of_it}
        return trail.added(firsts[chosen[what]])

    return trace


def _rows(asked: Asked) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The lines of the orders of the window, of what was paid for them, and of what was given back."""
    import pandas as pd

    ever = replace(asked, window=Window(EVER, asked.seen), scope=_net(asked.scope))
    lines = trail.money_rows(ever, "net")
    lines = lines[lines["order_id"].notna()]
    every = trail.money_rows(replace(ever, scope=_net(asked.whole or asked.scope)), "net")
    begun = every[every["amount"] > 0].groupby("order_id")["date"].min().dt.normalize()
    window = asked.window
    inside = begun.index[begun.between(pd.Timestamp(window.start), pd.Timestamp(window.end))]
    lines = lines[lines["order_id"].isin(inside)]
    sold = lines[lines["amount"] > 0]
    paid = sold
    if asked.tables.get("payments") is not None:
        cash = trail.money_rows(replace(ever, scope=replace(asked.scope, basis="cash")), "cash")
        paid = cash[(cash["amount"] > 0) & cash["order_id"].isin(sold["order_id"])]
    return sold, paid, lines[(lines["amount"] < 0) & lines["order_id"].isin(sold["order_id"])]


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

    return lines.select(*keys, "date", "amount", "sale").filter(~nw.col("order_id").is_null())


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
    found = lines.join(within, on="order_id").group_by(*keys, "day").agg(nw.col("amount").sum())
    return _settled(found, keys)


def _daily(lines: nw.LazyFrame[Any], keys: Sequence[str]) -> pd.DataFrame:
    import narwhals as nw

    day = nw.col("date").dt.truncate("1d")
    found = lines.filter(~nw.col("date").is_null()).with_columns(day=day)
    return _settled(found.group_by(*keys, "day").agg(nw.col("amount").sum()), keys)


def _settled(found: nw.LazyFrame[Any], keys: Sequence[str]) -> pd.DataFrame:
    """In memory and in a settled order of days; sums rounded, so that the order of rows never shows."""
    frame: pd.DataFrame = found.collect("pandas").to_pandas()
    frame["day"] = frame["day"].dt.normalize()
    frame = frame.assign(amount=frame["amount"].round(PLACES))
    return frame.sort_values([*keys, "day"], ignore_index=True)
