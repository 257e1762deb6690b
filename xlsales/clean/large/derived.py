"""Columns of a table in an engine that others stand in for, and how whole columns of it are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.clean.discounts import formula, money_off

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.clean.discounts import Way
    from xlsales.clean.large.reading import Reading

    Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Note:
    """A choice made for a column: what it means, and the ``texts`` that it was made for, or for all rows."""

    rule: str
    field: str
    meant: str
    texts: pd.Series | None = None


def discounted(read: Reading, frame: Frame, field: str, product: tuple[str, str]) -> dict[str, nw.Expr]:
    """A column that is the product of two, less a discount, and the discount as money; that is noted."""
    import narwhals as nw

    first, second = product
    full = nw.col(first) * nw.col(second)
    way = _way(frame) if "discount" in read.at else "none"
    one, other, discount = (read.raw.letters.get(name, name) for name in (first, second, "discount"))
    read.noted.append(Note("derived_amount", field, formula(one, other, discount, way)))
    if way == "none":
        return {field: full}
    off = money_off(full, nw.col("discount"), way)
    return {field: full - off.fill_null(0.0), "discount": off}


def turned(read: Reading, frame: Frame) -> Frame:
    """Refunds above zero: a table that writes all of them below is turned, and that is noted."""
    import narwhals as nw

    if read.raw.table.key != "refunds" or "amount" not in read.at:
        return frame
    amount = nw.col("amount")
    signs = [one.cast(nw.Int64).sum().fill_null(0) for one in (amount < 0, amount > 0)]
    below, above = frame.select(below=signs[0], above=signs[1]).collect("pandas").to_pandas().iloc[0]
    if not below or above:
        return frame
    read.noted.append(Note("negative_refunds", "amount", ""))
    return frame.with_columns(amount.abs())


def _way(frame: Frame) -> Way:
    """As ``clean.discounts.way_of``."""
    import narwhals as nw

    off = nw.col("discount")
    given = frame.filter(~off.is_null(), off != 0)
    beyond, part = ~((off >= 0) & (off <= 1)), off < 1
    counts = given.select(n=nw.len(), **{
        name: one.cast(nw.Int64).sum() for name, one in {"beyond": beyond, "part": part}.items()
    })  # fmt: skip
    n, outside, parts = counts.collect("pandas").to_pandas().fillna(0).iloc[0]
    if not n:
        return "none"
    if outside or not parts:
        return "money"
    middle = given.filter(part).select(middle=off.median()).collect("pandas").to_pandas()["middle"].iloc[0]
    return "paid" if middle > 0.5 else "share"
