"""Amounts in an engine far from what a product costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.amounts import below_zero
from xlsales.clean.large.listing import Found, rows_of
from xlsales.clean.large.trials import token
from xlsales.clean.rules.lines import CENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]


def unusual_amounts(of: Judged) -> Iterator[Found]:
    """What ``clean.rules.outliers`` finds."""
    import narwhals as nw

    from xlsales.clean.rules.outliers import band

    if not of.asks("orders"):
        return
    orders = of.tables["orders"].with_columns(status=nw.col("status").fill_null(""))
    facts = (
        orders.select(
            *(nw.col(name).count().alias(name) for name in ("quantity", "product", "category")),
        )
        .collect("pandas")
        .to_pandas()
        .iloc[0]
    )
    amount = nw.col("amount")
    held_up = orders.filter(~nw.col("status").is_in(["cancelled", "refunded"]))
    if not facts["quantity"]:
        held_up = held_up.with_columns(quantity=nw.lit(1.0))
    grouping = next((name for name in ("product", "category") if facts[name]), None)
    if grouping is None:
        banded = held_up.with_columns(low=nw.lit(None, nw.Float64), usual=nw.lit(None, nw.Float64))
        banded = banded.with_columns(high=nw.col("low"))
    else:
        units = of.table(_unit_bands(of, held_up, grouping))
        sold = nw.when(nw.col("quantity") > 0).then(nw.col("quantity"))
        banded = held_up.join(units, on=grouping, how="left").with_columns(
            *((nw.col(name) * sold).alias(name) for name in ("low", "usual", "high"))
        )
    hits = {
        "price_high": (amount > nw.col("high") + CENT, nw.col("high")),
        "price_low": ((amount > 0) & (amount < nw.col("low") - CENT) & ~token(of), nw.col("low")),
        "zero_amount": (amount == 0, nw.col("usual")),
    }
    found = {
        rule: banded.filter(hit).with_columns(beyond=amount - limit.fill_null(0.0))
        for rule, (hit, limit) in hits.items()
    }
    below = below_zero(of, banded).filter(~nw.col("explained"))
    found["negative_amount"] = below.with_columns(beyond=amount)
    for rule, hit in found.items():
        rows = rows_of(hit, "amount", nw.col("beyond"), "low", "high")
        yield Found(
            rule, "orders", "amount", rows,
            lambda one: list(map(band, one["low"].astype("float64"), one["high"].astype("float64"))),
        )  # fmt: skip


def _unit_bands(of: Judged, orders: Frame, grouping: str) -> pd.DataFrame:
    """``low``, ``usual`` and ``high`` of a unit by ``grouping``, null where nothing is known."""
    import narwhals as nw
    import pandas as pd

    from xlsales.clean.parse._distinct import keyed
    from xlsales.clean.rules.outliers import bands_of, by_the_book
    from xlsales.clean.rules.price_book import price_book

    usable = orders.filter(nw.col("amount") > 0, nw.col("quantity") > 0, ~nw.col(grouping).is_null())
    usable = usable.select(grouping, log=(nw.col("amount") / nw.col("quantity")).log())
    middle = usable.group_by(grouping).agg(median=nw.col("log").median(), count=nw.len())
    known = middle.collect("pandas").to_pandas().astype({grouping: "str"})
    lookup = of.table(known[[grouping, "median"]])
    away = usable.join(lookup, on=grouping).with_columns(away=(nw.col("log") - nw.col("median")).abs())
    spread = away.group_by(grouping).agg(mad=nw.col("away").median()).collect("pandas").to_pandas()
    known = known.merge(spread.astype({grouping: "str"}), on=grouping)
    names = sorted(set(of.small("orders", grouping)[grouping].dropna()))
    known = known.set_index(grouping).reindex(names).rename_axis(grouping).reset_index()
    count = known["count"].fillna(0).to_numpy("float64")
    units = bands_of(count, known["median"].to_numpy(), known["mad"].to_numpy())
    prices = ("product", "product_id", "list_price", "lowest_price", "highest_price")
    book = price_book(of.small("products", *prices)) if "products" in of.tables else None
    if book is not None and grouping == "product":
        listed = book.reindex([keyed(name) for name in known[grouping]]).set_axis(known.index)
        limits = known[[grouping]].assign(low=listed["low"], high=listed["high"])
        limits = limits.dropna(subset=["low", "high"], how="all")
        unit = nw.col("log").exp()
        broken = usable.join(of.table(limits), on=grouping).filter(
            (unit < nw.col("low") - CENT).fill_null(False) | (unit > nw.col("high") + CENT).fill_null(False)
        )
        breaks = broken.group_by(grouping).agg(n=nw.len()).collect("pandas").to_pandas()
        often = known[grouping].map(dict(zip(breaks[grouping], breaks["n"], strict=True))).fillna(0)
        units = by_the_book(
            units, listed["low"].to_numpy(), listed["high"].to_numpy(), count, often.to_numpy("float64")
        )
    return pd.concat([known[[grouping]], pd.DataFrame(units._asdict()).astype("float64")], axis=1)
