"""Amounts of order lines in an engine: against quantity x price, and why they are below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.listing import Found
from xlsales.clean.rules.lines import CENT, EXCEPTIONS
from xlsales.clean.rules.unusual import CANCELLED, GIVEN_BACK, MOST, SAID_IN
from xlsales.clean.rules.user_rules import shown
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import narwhals as nw

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]

BACK = "said back"
"""Whether a word of the row, as it was written, says that it takes something back; null where unknown."""


def said_back(frame: Frame, at: Mapping[str, str]) -> Frame:
    """With ``BACK``, from the texts of the columns that ``at`` tells."""
    import narwhals as nw

    texts = [nw.col(at[name]).cast(nw.String) for name in SAID_IN if name in at]
    words = [text.str.contains(f"(?i){GIVEN_BACK}").fill_null(False) for text in texts]
    said = nw.any_horizontal(*words, ignore_nulls=True) if words else nw.lit(False)
    return frame.with_columns(said.alias(BACK))


def amount_mismatch(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.lines.amount_mismatch``."""
    import narwhals as nw

    if not of.asks("orders") or not {"quantity", "unit_price", "amount"} <= of.has["orders"]:
        return
    quantity, amount, discount, full = (nw.col(name) for name in ("quantity", "amount", "discount", "full"))
    lines = of.tables["orders"].with_columns(
        full=quantity * nw.col("unit_price"), discount=discount.fill_null(0.0)
    )
    lines = lines.filter(full != 0, amount != 0)
    off = nw.lit(True)
    for one in (full, full - discount, full - quantity * discount, full * (1 - discount)):
        off &= (amount - one).abs() > CENT * (1 + quantity.abs())
    judged = lines.with_columns(off=off, other=full - discount)
    shares = judged.group_by(SOURCE).agg(share=nw.col("off").cast(nw.Float64).mean())
    lawful = shares.filter(nw.col("share") <= EXCEPTIONS).select(SOURCE)
    wrong = judged.filter(nw.col("off")).join(lawful, on=SOURCE, how="semi")
    rows = wrong.select(SOURCE, ROW, "other", cell=amount, amount=amount - nw.col("other"))
    yield Found(
        "amount_mismatch", "orders", "amount", rows, lambda some: [shown(one) for one in some["other"]]
    )


def below_zero(of: Judged, orders: Frame) -> Frame:
    """The lines below zero with ``explained``: the contrary of ``clean.rules.unusual.unexplained``."""
    import narwhals as nw

    amount = nw.col("amount")
    some = orders.filter(amount < 0)
    ids = some.select("order_id").drop_nulls().unique()
    sold = orders.filter(amount > 0).join(ids, on="order_id", how="semi")
    some = some.join(sold.group_by("order_id").agg(sold=amount.sum()), on="order_id", how="left")
    explained = nw.col("sold").fill_null(0.0) + amount >= -CENT
    for reason in (nw.col("quantity") < 0, nw.col("unit_price") < 0):
        explained |= reason.fill_null(False)
    explained |= nw.col("order_id").str.contains("^C-?[0-9]").fill_null(False)
    explained |= nw.col(BACK).fill_null(True)
    if "refunds" in of.tables:
        ids = of.tables["refunds"].select("order_id").drop_nulls().unique()
        some = some.join(ids.with_columns(refunded=nw.lit(True)), on="order_id", how="left")
        explained |= nw.col("refunded").fill_null(False)
    return some.with_columns(explained=explained)


def cancellations(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.unusual.cancellations``."""
    import narwhals as nw

    if not of.asks("orders"):
        return
    orders, has = of.tables["orders"], of.has["orders"]
    dear = ~(nw.col("unit_price") < 0).fill_null(False)
    fields = [name for name in ("quantity", "amount") if name in has]
    shown = [SOURCE, ROW, fields[0] if fields else "order_id", "amount"]
    found = below_zero(of, orders).filter(nw.col("explained"), dear).select(*dict.fromkeys(shown))
    if "order_id" in has and _numbered(orders):
        rest = orders.filter(~((nw.col("amount") < 0) & dear).fill_null(False))
        numbered = rest.filter(nw.col("order_id").str.contains(f"^(?:{CANCELLED})$"))
        found = nw.concat([found, numbered.select(*dict.fromkeys(shown))])
    rows = found.select(SOURCE, ROW, cell=nw.col(shown[2]), amount=nw.col("amount"))
    yield Found("cancellation", "orders", shown[2], rows)


def _numbered(orders: Frame) -> bool:
    """Whether the orders are numbered, and those that are cancelled by C and a number."""
    import narwhals as nw

    ids, text = orders.select("order_id").drop_nulls().unique(), nw.col("order_id").str
    kinds = {"begins": "^C", "digits": "^[0-9]+$", "cancelled": f"^(?:{CANCELLED})$"}
    counts = ids.select(
        *(text.contains(kind).cast(nw.Int64).sum().alias(name) for name, kind in kinds.items()), n=nw.len()
    )
    found = counts.collect("pandas").to_pandas().iloc[0]
    return bool(found["begins"] > 0 and found["digits"] + found["cancelled"] > MOST * found["n"])
