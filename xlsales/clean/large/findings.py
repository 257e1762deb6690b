"""What is found in the cells and rows of a table in its engine while it is cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import GONE
from xlsales.clean.large.corrected import unread
from xlsales.clean.large.listing import Found, always, standing_at
from xlsales.clean.parse import times
from xlsales.clean.read import money_of
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.own_rules import Ruled
    from xlsales.clean.large.reading import Entered, Reading

    Frame = nw.LazyFrame[Any]


def findings(
    read: Reading,
    frame: Frame,
    again: Frame | None,
    exclusions: Mapping[str, tuple[int, float]],
    ruled: Sequence[Ruled],
) -> Iterator[Found]:
    """What was found in cells and rows on the way."""
    import narwhals as nw

    table = read.raw.table
    money = money_of(table)
    first = table.identity if table.identity in read.at else next(iter(read.at))
    amount = nw.col(money.name) if money else nw.lit(None, nw.Float64)

    def rows(of: Frame, name: str, excluded: bool, *more: str) -> Frame:
        cell = nw.col(read.at[name]).cast(nw.String) if name in read.at else nw.lit(None, nw.String)
        worth = amount if excluded else nw.lit(None, nw.Float64)
        return of.select(SOURCE, ROW, *more, cell=cell, amount=worth)

    if read.doubtful:
        broken = frame.group_by(*read.doubtful).agg(n=nw.len()).collect("pandas").to_native()
        for at, name in sorted(read.doubtful.items()):
            needed = table.column(name).needed
            for rule in sorted(broken[at].dropna().unique()):
                wrong = frame.filter(nw.col(at) == rule)
                if rule == "unreadable_correction":
                    worth = amount if needed else nw.lit(None, nw.Float64)
                    yield unread(read, wrong, name, worth, needed)
                    continue
                hit = rows(wrong, name, needed)
                yield Found(rule, table.key, name, hit, _meant(read.suggested.get(name, {})), needed)
    if "missing_needed" in exclusions:
        gone = frame.filter(nw.col(GONE) == "missing_needed")
        for column in table.columns:
            if column.needed:
                blank = rows(gone.filter(nw.col(column.name).is_null()), column.name, True)
                yield Found("missing_needed", table.key, column.name, blank, excluded=True)
    if len(read.skipped):
        skipped = read.table(read.skipped.rename(columns={"label": "cell"}))
        skipped = skipped.with_columns(amount=nw.lit(None, nw.Float64))
        yield Found("skipped_row", table.key, "", skipped, excluded=True)
    yield from _noted(read)
    yield from (one.found for one in ruled if one.found)
    if again is not None:
        repeats = rows(again.filter(nw.col("again") > 1), str(first), True, "other")
        shown = standing_at([read.raw], str(first))
        yield Found("duplicate", table.key, str(first), repeats, shown, excluded=True)


def torn(entered: Entered, frame: Frame) -> Iterator[Found]:
    """Blanks about which other rows contradict each other."""
    import narwhals as nw

    read = entered.read
    for name in entered.torn:
        other = nw.col(f"torn {name}")
        cell, amount = nw.col(read.at[name]).cast(nw.String), nw.lit(None, nw.Float64)
        rows = frame.filter(~other.is_null()).select(SOURCE, ROW, other=other, cell=cell, amount=amount)
        yield Found("backup_conflict", read.raw.table.key, name, rows, lambda some: list(some["other"]))


def _meant(suggested: Mapping[str, str]) -> Callable[[pd.DataFrame], list[str]]:
    return lambda rows: [suggested.get(cell, "") for cell in rows["cell"]]


def _noted(read: Reading) -> Iterator[Found]:
    """The choices made for columns, each shown by its first cell."""
    import narwhals as nw

    for one in read.noted:
        cell = nw.col(read.at[one.field]).cast(nw.String) if one.field in read.at else nw.lit(None, nw.String)
        rows, meant = read.given.select(SOURCE, ROW, cell=cell, amount=nw.lit(None, nw.Float64)), one.meant
        if one.texts is not None:
            rows = rows.join(read.table(one.texts.to_frame("cell")), on="cell", how="semi")
            meant = times(meant, int(rows.select(nw.len()).collect().item()))
        first = rows.sort(SOURCE, ROW, "cell").head(1)
        yield Found(one.rule, read.raw.table.key, one.field, first, always(meant))
