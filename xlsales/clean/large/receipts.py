"""Payments and refunds against the orders in an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.listing import Found, rows_of, signed
from xlsales.clean.rules.lines import CENT
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]


def no_such_order(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.checks.no_such_order``."""
    import narwhals as nw

    for key in ("payments", "refunds"):
        if of.asks("orders", key):
            known = of.tables["orders"].select("order_id").drop_nulls().unique()
            if known.head(1).collect("pandas").shape[0]:
                lone = of.tables[key].join(known, on="order_id", how="anti")
                yield Found("no_such_order", key, "order_id", rows_of(lone, "order_id", nw.col("amount")))


def overpaid(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.outcomes.overpaid``."""
    import narwhals as nw

    if of.asks("orders", "payments"):
        owed = _sums(of.tables["orders"].drop_nulls(["order_id", "amount"]), "other")
        paid = of.tables["payments"].join(owed, on="order_id")
        limit = nw.when(nw.col("other") < 0).then(nw.lit(0.0)).otherwise(nw.col("other"))
        over = paid.filter(nw.col("amount") > limit + CENT)
        rows = rows_of(over, "amount", nw.col("amount") - nw.col("other"), "other")
        yield Found("overpaid", "payments", "amount", rows, signed("≤ "))


def refund_over_paid(of: Judged) -> Iterator[Found]:
    """The first refund of the order, by file and row, stands for it."""
    import narwhals as nw

    others = [key for key in ("payments", "orders") if key in of.tables]
    if not others or not of.asks("refunds", others[0]):
        return
    back = of.tables["refunds"].filter(~nw.col("order_id").is_null())
    sums = _sums(back, "whole")
    for key in others:
        received = _sums(of.tables[key].filter(nw.col("amount") > 0), key)
        sums = sums.join(received, on="order_id", how="left")
    limits = sums.with_columns(other=nw.coalesce(*others)).filter(nw.col("whole") > nw.col("other") + CENT)
    first = back.join(limits.select("order_id", "whole", "other"), on="order_id")
    nth = nw.col("one").cum_sum().over("order_id", order_by=[SOURCE, ROW])
    first = first.with_columns(one=nw.lit(1)).with_columns(nth=nth).filter(nw.col("nth") == 1)
    rows = rows_of(first, "amount", nw.col("whole") - nw.col("other"), "other")
    yield Found("refund_over_paid", "refunds", "amount", rows, signed(""))


def _sums(frame: Frame, called: str) -> Frame:
    import narwhals as nw

    return (
        frame.filter(~nw.col("order_id").is_null())
        .group_by("order_id")
        .agg(nw.col("amount").sum().alias(called))
    )
