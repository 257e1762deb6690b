"""Orders in an engine of a token amount, or that say they are a trial or a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.listing import Found, rows_of
from xlsales.clean.rules.trials import DEAR, NAMED, SAID, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import narwhals as nw

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]

TYPE = "said type"
"""The type of an order as it was written, where that says that it is a trial; its value does not."""


def said_trial(frame: Frame, at: Mapping[str, str]) -> Frame:
    """With ``TYPE``, from the texts of the column that ``at`` tells."""
    import narwhals as nw

    text = nw.col(at["type"]).cast(nw.String) if "type" in at else nw.lit(None, nw.String)
    return frame.with_columns(nw.when(_says(text)).then(text).alias(TYPE))


def token(of: Judged) -> nw.Expr:
    """Whether an order's amount is a token one, as ``clean.rules.trials.tokens``."""
    import narwhals as nw

    amount = nw.col("amount")
    orders = of.tables["orders"].select(middle=amount.median()).collect("pandas").to_pandas()
    most = TOKEN if orders["middle"].iloc[0] >= DEAR else 0.0
    return ((amount > 0) & (amount <= most)).fill_null(False)


def trial_orders(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.trials.trial_orders``."""
    import narwhals as nw

    if not of.asks("orders"):
        return
    columns = {name: TYPE if name == "type" else name for name in NAMED if name in of.has["orders"]}
    hits = {name: _says(nw.col(column)) for name, column in columns.items()} | {"amount": token(of)}
    left, worth = of.tables["orders"], nw.col("amount").fill_null(0.0)
    for name, hit in hits.items():
        own = rows_of(left.filter(hit), columns.get(name, name), worth)
        yield Found("trial_order", "orders", name, own)
        left = left.filter(~hit)


def _says(text: nw.Expr) -> nw.Expr:
    return text.str.contains(f"(?i){SAID}").fill_null(False)
