"""Rows in an engine without a value that they should have, or with one below zero that none can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.listing import Found, rows_of
from xlsales.tables.spec import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.clean.large.judging import Judged


def outcomes(of: Judged) -> Iterator[Found]:
    """``lost_without_reason`` and ``won_without_amount``, in files and sheets that have a column for it."""
    import narwhals as nw

    if not of.asks("leads"):
        return
    has, stage = of.has["leads"], nw.col("stage").fill_null("")
    if "lost_reason" in has:
        lost = of.having("leads", "lost_reason").filter(
            (stage == "lost") | ~nw.col("lost").is_null(), nw.col("lost_reason").is_null()
        )
        yield Found("lost_without_reason", "leads", "lost_reason", rows_of(lost, "lost_reason"))
    if "amount" in has:
        won = stage.is_in(["won", "renewed"]) | ~nw.col("won").is_null()
        bare = of.having("leads", "amount").filter(won, ~(nw.col("amount") > 0).fill_null(False))
        yield Found("won_without_amount", "leads", "amount", rows_of(bare, "amount"))


def negative_prices(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.unusual.negative_prices``."""
    import narwhals as nw

    if of.asks("orders"):
        below = of.tables["orders"].filter(nw.col("unit_price") < 0)
        yield Found("negative_price", "orders", "unit_price", rows_of(below, "unit_price", nw.col("amount")))


def anonymous(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.unusual.anonymous``."""
    import narwhals as nw

    names = [one for one in ("customer_id", "customer") if one in of.has.get("orders", ())]
    if of.asks("orders") and names:
        nobody = nw.col("customer_id").is_null() & nw.col("customer").is_null()
        orders = of.tables["orders"]
        known = orders.filter(~nobody).select(SOURCE).unique()
        lone = orders.filter(nobody).join(known, on=SOURCE, how="semi")
        yield Found("anonymous_customer", "orders", names[0], rows_of(lone, names[0], nw.col("amount")))
