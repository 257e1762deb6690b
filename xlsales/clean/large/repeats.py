"""Rows in an engine that say the same in every column, also in those that we do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import GONE, TAG
from xlsales.clean.large.listing import Found
from xlsales.clean.large.own_rules import GIVEN
from xlsales.clean.read import money_of
from xlsales.tables.spec import ROW, SOURCE, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.reading import Reading

    Frame = nw.LazyFrame[Any]


def apart(read: Reading, frame: Frame, identity: str, texts: Sequence[str]) -> tuple[Frame, Frame]:
    """Rows whose id stands once or that have none, and the others, with ``again``: 1 for the first of equals.

    ``other`` is where that stands in the first file that has it.

    Equal are rows with the same values, however these are written, and the same texts where they have none,
    also in columns that we do not know.
    """
    import narwhals as nw

    there = frame.filter(nw.col(GONE).is_null())
    ids = there.select(identity).drop_nulls().group_by(identity).agg(times=nw.len())
    several = read.engine.held(ids.filter(nw.col("times") > 1).select(identity))
    once = there.join(several, on=identity, how="anti")
    others = there.join(several, on=identity, how="semi")
    order = [SOURCE, ROW, *([TAG] if TAG in frame.collect_schema().names() else [])]
    unread = {
        f"unread {name}": nw.when(~nw.col(rule).is_null()).then(nw.col(read.at[name]).cast(nw.String))
        for rule, name in read.doubtful.items()
    }
    rest = [name for name in texts if name not in read.at.values()]
    equal = (*read.at, *unread, *rest)
    again = nw.col("one").cum_sum().over(*equal, order_by=order)
    first = nw.when(nw.col("again") == 1).then(nw.col(ROW))
    counted = read.engine.held(others.with_columns(one=nw.lit(1), **unread).with_columns(again=again))
    told = counted.with_columns(other=first).with_columns(other=nw.col("other").max().over(*equal))
    return once, told.drop("one", *unread)


def possible_duplicates(read: Reading, frame: Frame, texts: Sequence[str]) -> Iterator[Found]:
    """Rows without an id that equal an earlier one, as ``clean.rules.checks.duplicates`` finds them."""
    import narwhals as nw

    table = read.raw.table
    unnamed = frame.filter(nw.col(GONE).is_null())
    if table.identity and table.identity in read.at:
        unnamed = unnamed.filter(nw.col(table.identity).is_null())
    names = (table.identity or "", *(column.name for column in table.columns))
    field = next(name for name in names if name in read.at)
    money = money_of(table)
    worth = GIVEN if GIVEN in frame.collect_schema().names() else money.name if money else None
    amount = nw.col(worth) if worth else nw.lit(None, nw.Float64)
    said = [nw.col(name).cast(nw.String).fill_null("") for name in texts]
    key = nw.concat_str(said, separator="\x1f")  # one text, in which blanks are equal too
    # Grouped by the columns as they are, which take less room than their texts; few of them come again.
    times = unnamed.group_by(*texts).agg(times=nw.len())
    several = read.engine.held(times.filter(nw.col("times") > 1).select(key=key))
    if not several.head(1).collect("pandas").shape[0]:
        return
    cell = nw.col(read.at[field]).cast(nw.String)
    equal = unnamed.select(SOURCE, ROW, key=key, cell=cell, amount=amount, one=nw.lit(1))
    equal = equal.join(several, on="key", how="semi")
    first = nw.when(nw.col(SOURCE) == nw.col("file")).then(nw.col(ROW))
    placed = (
        equal.with_columns(
            file=nw.col(SOURCE).min().over("key"),
            nth=nw.col("one").cum_sum().over("key", order_by=[SOURCE, ROW]),
        )
        .with_columns(other=first)
        .with_columns(other=nw.col("other").min().over("key"))
    )
    later = placed.filter(nw.col("nth") > 1).select(SOURCE, ROW, "cell", "amount", "other")
    sheet, letter = read.raw.sheet, read.raw.letters[field]

    def shown(rows: pd.DataFrame) -> list[str]:
        return [f"{sheet}!{letter}{numbered(row)}" for row in rows["other"]]

    yield Found("possible_duplicate", table.key, field, read.engine.held(later), shown)
