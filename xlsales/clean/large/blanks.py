"""Blank cells of tables in an engine and the order value that hangs on them, as ``clean.missing`` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.read import money_of
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    Frame = nw.LazyFrame[Any]


def lacking(tables: Mapping[str, Any], key: str, fields: Sequence[str], by: str = "") -> pd.DataFrame:
    """Of each field, by ``of``, the text of ``by``: ``rows``, ``missing``, its ``value``, that of ``all``."""
    import narwhals as nw
    import pandas as pd

    frames = {name: nw.from_native(frame).lazy() for name, frame in tables.items()}
    rows = _valued(frames, key).with_columns(of=nw.col(by).fill_null("") if by else nw.lit(""))
    rows = rows.select(
        "of",
        "worth",
        *(nw.col(name).is_null().cast(nw.Int64).alias(f"missing {name}") for name in fields),
        *(nw.when(nw.col(name).is_null()).then(nw.col("worth")).alias(f"value {name}") for name in fields),
    )
    sums = [nw.col(f"{what} {name}").sum() for what in ("missing", "value") for name in fields]
    grouped = rows.group_by("of").agg(*sums, rows=nw.len(), all=nw.col("worth").sum())
    found = grouped.collect("pandas").to_pandas().sort_values("of", ignore_index=True)
    parts = [
        pd.DataFrame(
            {
                "of": found["of"].astype("str"),
                "rows": found["rows"].astype("int64"),
                "missing": found[f"missing {name}"].astype("int64"),
                "value": found[f"value {name}"].astype("float64").fillna(0.0),
                "all": found["all"].astype("float64"),
                "field": name,
            }
        )
        for name in fields
    ]
    return pd.concat(parts, ignore_index=True)


def _valued(tables: Mapping[str, Frame], key: str) -> Frame:
    """With ``worth``, as ``clean.missing.order_value``."""
    import narwhals as nw

    frame, money = tables[key], money_of(table(key))
    if key == "targets":
        return frame.with_columns(worth=nw.lit(0.0))
    if money or key == "leads":
        amount = nw.col(money.name if money else "amount")
        return frame.with_columns(worth=nw.when(amount > 0).then(amount).otherwise(0.0))
    if "orders" not in tables or "customer_id" not in frame.collect_schema().names():
        return frame.with_columns(worth=nw.lit(0.0))
    bought = tables["orders"].drop_nulls("customer_id").group_by("customer_id")
    own = bought.agg(bought=nw.col("amount").sum())
    amount = nw.col("bought")
    return frame.join(own, on="customer_id", how="left").with_columns(
        worth=nw.when(amount > 0).then(amount).otherwise(0.0)
    )
