"""When each customer began: with the first order ever that is worth something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.metrics._behind import added, money_rows
from xlsales.metrics._facts import COUNTED, PLACES, money_lines
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import midnight, sliced
from xlsales.metrics._stages import EVER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

KINDS = ("new", "existing", "anonymous")
"""Of customers, as they were when the period began."""


@once
def known_history(
    orders: Frame, payments: Frame | None, refunds: Frame | None, as_of: date, by: tuple[str, ...] = ()
) -> nw.LazyFrame[Any]:
    """All lines less the refunds, as far as they are known on ``as_of``, whatever basis and filters."""
    import narwhals as nw

    history = money_lines(orders, payments, refunds, "net").select("date", "amount", *COUNTED, *by)
    return history.filter(nw.col("date") < midnight(as_of, 1))


@once
def beginnings(history: nw.LazyFrame[Any], by: Sequence[str] = ()) -> nw.LazyFrame[Any]:
    """One row per known customer: ``begun``, the moment of the first order worth something, and its names.

    A line without an order id is one order with the other such lines of its customer and day.
    """
    import narwhals as nw

    order = ["customer_id", "order_id", "loose"]
    lines = history.filter(~nw.col("customer_id").is_null()).with_columns(
        nw.col("order_id").fill_null(-1),
        *(nw.col(name).fill_null("") for name in by),
        loose=nw.when(nw.col("order_id").is_null())
        .then(nw.col("date").dt.truncate("1d"))
        .otherwise(nw.lit(midnight(date(1900, 1, 1)))),
        begun=nw.when(nw.col("sale")).then(nw.col("date")),
    )
    worth = lines.group_by(order).agg(nw.col("amount").sum(), nw.col("begun").min())
    worth = worth.filter(nw.col("amount").round(PLACES) > 0, ~nw.col("begun").is_null())
    first = worth.group_by("customer_id").agg(nw.col("begun").min())
    if not by:
        return first
    opening = worth.join(first, on=["customer_id", "begun"]).select(*order)
    parts = lines.filter(nw.col("sale")).join(opening, on=order).group_by("customer_id", *by)
    named = parts.agg(nw.col("amount").sum()).with_columns(
        nw.col("amount").round(PLACES), key=nw.concat_str(*by, separator="\x1f")
    )
    named = named.with_columns(size=nw.col("amount").max().over("customer_id"))
    named = named.filter(nw.col("amount") == nw.col("size"))
    named = named.with_columns(least=nw.col("key").min().over("customer_id"))
    named = named.filter(nw.col("key") == nw.col("least")).select("customer_id", *by)
    return first.join(named, on="customer_id")


def by_kind(
    lines: nw.LazyFrame[Any], begun: nw.LazyFrame[Any], start: date, by_month: bool
) -> nw.LazyFrame[Any]:
    """The lines with the kind of customer they are from, as it was when their period, or month, began."""
    import narwhals as nw

    lines = lines.join(begun.select("customer_id", "begun"), on="customer_id", how="left")
    before = nw.col("begun") < midnight(start)
    if by_month:
        before = before | (nw.col("begun") < nw.col("date").dt.truncate("1mo"))
    return lines.with_columns(
        kind=nw.when(nw.col("customer_id").is_null())
        .then(nw.lit("anonymous"))
        .when(before)
        .then(nw.lit("existing"))
        .otherwise(nw.lit("new"))
    )


def begun_in(asked: Asked) -> Behind:
    """Customers who begin in the window, by the first row of the order that they begin with."""
    history = _history_rows(asked)
    first = _first_orders(history, tuple(name for name, _ in asked.scope.filters))
    here = sliced(first, asked.scope, ()).select("customer_id", "begun")
    begun = here.collect("pandas").to_pandas()
    rows = history[history["sale"]].merge(begun, on="customer_id")
    rows = rows[rows["date"] == rows["begun"]].drop_duplicates("customer_id")
    start, end = midnight(asked.window.start), midnight(asked.window.end, 1)
    return added(rows[(rows["begun"] >= start) & (rows["begun"] < end)].assign(part=1.0))


def sold_to(asked: Asked, kind: str) -> pd.DataFrame:
    """The lines of money of the window from one kind of customer."""
    import narwhals as nw

    first = nw.from_native(_first_orders(_history_rows(asked), ())).lazy()
    lines = nw.from_native(money_rows(asked)).lazy()
    found = by_kind(lines, first, asked.window.start, by_month=False).collect("pandas").to_pandas()
    return found[found["kind"] == kind]


def brought(kind: str) -> Trace:
    """Money of the window from one kind of customer."""

    def trace(asked: Asked) -> Behind:
        rows = sold_to(asked, kind)
        return added(rows.assign(part=rows["amount"].fillna(0.0)))

    return trace


@once
def _first_orders(history: pd.DataFrame, named: tuple[str, ...]) -> pd.DataFrame:
    import narwhals as nw

    return beginnings(nw.from_native(history).lazy(), named).collect("pandas").to_pandas()


def _history_rows(asked: Asked) -> pd.DataFrame:
    """All that was sold by the day of the data, of everybody, on the net basis."""
    whole = replace(asked.scope, filters=())
    return money_rows(replace(asked, scope=whole, window=Window(EVER, whole.as_of)), "net")


def history_word(part: Scope, start: datetime | None) -> str:
    """short_history where the data, which begin with ``start``, do not reach a year before the period."""
    year_before = shift_months(part.period.start, -12)
    return "short_history" if start is None or start.date() > year_before else ""
