"""Decisions at work on the rows of a source: texts that others stand for, rows that are left out or kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import GONE, TAG, typed
from xlsales.clean.large.listing import Found, always
from xlsales.clean.parse import parse
from xlsales.clean.review.keys import NO_ROW
from xlsales.clean.review.settle import said_by
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.decided import Decided
    from xlsales.clean.large.reading import Reading
    from xlsales.clean.review.decisions import Decision
    from xlsales.tables.spec import Column

    Frame = nw.LazyFrame[Any]


def corrected(read: Reading, decided: Decided | None) -> Reading:
    """The source with ``TAG`` in its rows, and the columns in which texts were decided about beside.

    ``said <column>`` is what stands there then, ``came <column>`` what did, ``put <column>`` whether it is
    another text.
    """
    import narwhals as nw

    if decided is None:
        return read
    at = dict(read.at)
    rows = read.given.with_columns(nw.lit(NO_ROW).alias(TAG))
    if len(decided.rows):
        rows = _tagged(read, decided.rows)
    for name in decided.fields:
        rows = _put(read, rows, read.raw.table.column(name), decided)
        at[name] = f"said {name}"
    return replace(read, at=at, given=rows, decided=decided)


def as_decided(read: Reading, frame: Frame, worth: nw.Expr) -> tuple[Frame, list[Found]]:
    """The rows that somebody has dropped are gone, and decisions that cannot hold are found."""
    import narwhals as nw

    if not read.decided:
        return frame, []
    if dropped := sorted(read.decided.dropped):
        gone = nw.when(nw.col(TAG).is_in(dropped)).then(nw.lit("decided")).otherwise(nw.col(GONE))
        frame = frame.with_columns(gone.alias(GONE))
    return frame, [*_dropped(read, frame, worth), *_doubted(read, frame)]


def taken_back(read: Reading, frame: Frame, rule: str) -> Frame:
    """Rows that the rule leaves out count where somebody wants to keep them."""
    import narwhals as nw

    if not read.decided or not read.decided.kept.get(rule):
        return frame
    kept = (nw.col(GONE) == rule) & is_kept(read, rule)
    return frame.with_columns(nw.when(~kept.fill_null(False)).then(nw.col(GONE)).alias(GONE))


def is_kept(read: Reading, rule: str) -> nw.Expr:
    """Whether somebody wants to keep a row that the rule leaves out."""
    import narwhals as nw

    kept = read.decided.kept.get(rule) if read.decided else None
    return nw.col(TAG).is_in(sorted(kept)) if kept else nw.lit(False)


@dataclass(frozen=True)
class Dropped:
    """Where a text stands (``SOURCE``, ``ROW``) whose rows a decision drops if its rule finds them."""

    decision: Decision
    places: Frame


@dataclass(frozen=True)
class Touched:
    """What decisions have to do with in a source, and what it is worth (``amount``).

    ``rows`` has ``TAG``. ``texts`` has ``field`` and ``text``, what stood there, with ``rows``, how many, and
    the ``SOURCE`` and ``ROW`` of the first, but for those whose cell was ``decided`` about by itself.
    ``dropped`` are texts whose rows are left out once a rule has found them.
    """

    rows: pd.DataFrame
    texts: pd.DataFrame
    decided: Decided
    dropped: tuple[Dropped, ...] = ()


def touched(read: Reading, frame: Frame, money: str | None) -> Touched | None:
    """What decisions have to do with among all rows as they came, with money in the column ``money``."""
    import narwhals as nw
    import pandas as pd

    if not (decided := read.decided):
        return None
    worth = nw.col(money) if money else nw.lit(None, nw.Float64)
    rows = pd.DataFrame({TAG: [], "amount": []}).astype({TAG: "int64"})
    if len(decided.rows):
        own = frame.filter(nw.col(TAG) != NO_ROW).select(TAG, amount=worth)
        rows = own.collect("pandas").to_pandas()
    texts = [pd.DataFrame(columns=["field", "text", "rows", "amount", SOURCE, ROW])]
    for name, standing in decided.standing.items():
        came = nw.col(f"came {name}") if name in decided.fields else read.text(read.at[name])
        own = frame.select(SOURCE, ROW, TAG, text=came, worth=worth).filter(
            nw.col("text").is_in(sorted(standing))
        )
        if cells := sorted(decided.cells.get(name, ())):
            own = own.filter(~nw.col(TAG).is_in(cells))
        each = own.group_by("text", SOURCE).agg(
            nw.col(ROW).min(),
            rows=nw.len(),
            amount=nw.col("worth").sum(),
            known=nw.col("worth").count(),
        )
        found = each.collect("pandas").to_pandas().assign(field=name).sort_values(["text", SOURCE])
        texts.append(found.assign(amount=found["amount"].where(found["known"] > 0)).drop(columns="known"))
    return Touched(rows, pd.concat(texts, ignore_index=True), decided, tuple(_to_drop(read)))


def _to_drop(read: Reading) -> Iterator[Dropped]:
    import narwhals as nw

    assert read.decided
    for one, apart in read.decided.without.items():
        rows = read.given.filter(read.text(read.at[one.field]) == one.old)
        if apart:
            rows = rows.filter(~nw.col(TAG).is_in(sorted(apart)))
        yield Dropped(one, rows.select(SOURCE, ROW).unique())


def unread(read: Reading, frame: Frame, field: str, worth: nw.Expr, needed: bool) -> Found:
    """Corrections that cannot be read, with their cases."""
    import narwhals as nw

    assert read.decided
    cases = read.decided.corrections
    cell = nw.col(read.at[field]).cast(nw.String)
    rows = frame.select(SOURCE, ROW, TAG, came=nw.col(f"came {field}"), cell=cell, amount=worth)

    def shown(some: pd.DataFrame) -> list[str]:
        pairs = zip(some[TAG].astype(int), some["came"], strict=True)
        return [cases.get((field, row)) or cases.get((field, came), "") for row, came in pairs]

    return Found("unreadable_correction", read.raw.table.key, field, rows, shown, needed)


def _dropped(read: Reading, frame: Frame, worth: nw.Expr) -> Iterator[Found]:
    import narwhals as nw

    assert read.decided
    dropped = read.decided.dropped
    for field in sorted({one.field for one in dropped.values()}):
        own = [row for row, one in dropped.items() if one.field == field]
        rows = frame.filter(nw.col(TAG).is_in(own))
        rows = rows.select(SOURCE, ROW, TAG, cell=_cell(read, field), amount=worth)
        yield Found(
            "decided", read.raw.table.key, field, rows,
            lambda some: [said_by(dropped[row]) for row in some[TAG]], excluded=True,
        )  # fmt: skip


def _doubted(read: Reading, frame: Frame) -> Iterator[Found]:
    import narwhals as nw

    assert read.decided
    for (rule, field), said in read.decided.doubted.items():
        cell, worth = _cell(read, field), nw.lit(None, nw.Float64)
        for row, ids in said.items():
            hit = nw.col(TAG) == row if isinstance(row, int) else nw.col("cell") == row
            rows = frame.with_columns(cell=cell, amount=worth).filter(hit)
            rows = rows.select(SOURCE, ROW, "cell", "amount").sort(SOURCE, ROW).head(1)
            yield Found(rule, read.raw.table.key, field, rows, always(" / ".join(ids)))


def _cell(read: Reading, field: str) -> nw.Expr:
    import narwhals as nw

    return nw.col(read.at[field]).cast(nw.String) if field in read.at else nw.lit(None, nw.String)


def _tagged(read: Reading, known: pd.DataFrame) -> Frame:
    """The rows with ``TAG``. Rows that are the same in all are counted, in whatever order."""
    import narwhals as nw

    place = [SOURCE, ROW]
    tags, rows = read.table(known), read.given
    if (known[ROW] > 0).all():
        return rows.join(tags.drop("nth"), on=place, how="left").with_columns(nw.col(TAG).fill_null(NO_ROW))
    there = read.table(known[place].drop_duplicates())
    nth = nw.col("one").cum_sum().over(*place, order_by=ROW)
    own = rows.join(there, on=place, how="semi").with_columns(one=nw.lit(1, nw.Int64)).with_columns(nth=nth)
    own = own.join(tags, on=[*place, "nth"], how="left").drop("one", "nth")
    others = rows.join(there, on=place, how="anti").with_columns(nw.lit(None, nw.Int64).alias(TAG))
    return nw.concat([others, own]).with_columns(nw.col(TAG).fill_null(NO_ROW))


def _put(read: Reading, rows: Frame, column: Column, decided: Decided) -> Frame:
    import narwhals as nw
    import pandas as pd

    name, at = column.name, read.at[column.name]
    said, put, new = (f"{word} {name}" for word in ("said", "put", "new"))
    cells = pd.Series(decided.cells.get(name, {}), dtype="str")
    kind = read.given.collect_schema()[at]
    rows = rows.with_columns(read.text(at).alias(f"came {name}"))
    if typed(column, kind):
        scale = read.raw.scale.get(name, 1.0)
        values = parse(column, cells.reset_index(drop=True), scale).values
        values = values if column.kind == "date" else values / scale
        known = pd.DataFrame({TAG: list(cells.index), new: values.array, put: True})
        given = nw.col(at).cast(nw.Datetime("us") if column.kind == "date" else nw.Float64)
        rows = rows.join(read.table(known), on=TAG, how="left")
        rows = rows.with_columns(nw.col(put).fill_null(False))
        after = nw.when(nw.col(put)).then(nw.col(new)).otherwise(given)
        return rows.with_columns(after.alias(said)).drop(new)
    rows = rows.with_columns(nw.col(f"came {name}").alias(said))
    before = nw.col(said).fill_null("")
    after = before
    if everywhere := decided.everywhere.get(name):
        known = pd.DataFrame({said: list(everywhere), new: list(everywhere.values())}, dtype="str")
        rows = rows.join(read.table(known), on=said, how="left")
        after = nw.coalesce(new, after)
    if len(cells):
        own = pd.DataFrame({TAG: list(cells.index), f"own {new}": cells.array})
        rows = rows.join(read.table(own), on=TAG, how="left")
        after = nw.coalesce(f"own {new}", after)
    rows = rows.with_columns(after.alias(said), (after != before).alias(put))
    rows = rows.with_columns(nw.when(nw.col(said) != "").then(nw.col(said)).alias(said))
    return rows.drop(new, f"own {new}", strict=False)
