"""Tables in an engine that cannot be believed: a column reads as nothing, or decimal marks were lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.read import asked_for, refuse
from xlsales.clean.rules.lines import BROKEN, broken
from xlsales.tables.spec import ROW, SOURCE, numbered

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.reading import Reading
    from xlsales.tables.spec import Column

    Frame = nw.LazyFrame[Any]


def refuse_unusable(read: Reading, column: Column, known: pd.DataFrame) -> None:
    """As ``clean.read`` refuses a sheet, by those texts of its column that do not simply stay as they are."""
    import narwhals as nw

    rules = known[f"rule {column.name}"]
    if not asked_for(read.raw, column) or rules.isna().all():
        return
    nothing = known[known[column.name].isna()]
    kinds = read.table(nothing[["text"]].assign(kind=rules.notna().map({True: "unread", False: "blank"})))
    cells = read.given.select(text=nw.col(read.at[column.name])).drop_nulls()
    cells = cells.join(kinds, on="text", how="left").with_columns(nw.col("kind").fill_null("read"))
    counts = cells.group_by("kind").agg(n=nw.len()).collect("pandas").to_pandas()
    unread, others = (int(counts["n"][counts["kind"] == kind].sum()) for kind in ("unread", "read"))
    refuse(read.raw, column, unread, others, known.loc[rules.notna(), "text"])


def refuse_broken_decimals(read: Reading, frame: Frame) -> None:
    """As ``clean.rules.lines.broken_decimals``: raises ``InputError`` for such a file."""
    import narwhals as nw

    names = ("quantity", "unit_price", "amount")
    if read.raw.table.key != "orders" or not set(names) <= set(read.at):
        return
    kinds = frame.collect_schema()
    texts = [read.at[name] for name in ("unit_price", "amount") if kinds[read.at[name]] == nw.String]
    if not texts:
        return
    marked = nw.any_horizontal(*(nw.col(one).str.contains(",") for one in texts), ignore_nulls=True)
    full = nw.col("quantity") * nw.col("unit_price")
    lines = frame.filter(full != 0, nw.col("amount") != 0)
    power = (nw.col("amount") / full).abs().log(10)
    shifted = (power.round(0) != 0) & ((power - power.round(0)).abs() < 1e-7)
    lines = lines.with_columns(off=marked.fill_null(False) & shifted)
    shares = lines.group_by(SOURCE).agg(share=nw.col("off").cast(nw.Float64).mean())
    bad = shares.filter(nw.col("share") >= BROKEN).select(SOURCE)
    wrong = lines.filter(nw.col("off")).join(bad, on=SOURCE, how="semi").sort(SOURCE, ROW).head(1)
    shown = [nw.col(read.at[name]).cast(nw.String).alias(name) for name in names]
    first = wrong.select(SOURCE, ROW, *shown).collect("pandas").to_pandas()
    if len(first):
        row = first.iloc[0]
        cell = f"{read.raw.letters['amount']}{numbered(row[ROW])}"
        raise broken(read.raw, cell, row["quantity"], row["unit_price"], row["amount"])
