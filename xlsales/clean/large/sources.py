"""The same record in several files of a table in an engine: the file that knows it best is believed.

Files whose rows without ids equal those of another are copies of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.better import BETWEEN, better_known, said_by, valued
from xlsales.clean.large.columns import GONE
from xlsales.clean.large.corrected import taken_back
from xlsales.clean.large.listing import Found, standing_at
from xlsales.clean.large.own_rules import GIVEN
from xlsales.clean.read import money_of
from xlsales.clean.rules.sources import EVIDENT, by_name
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.better import Better
    from xlsales.clean.large.own_rules import Ruled
    from xlsales.clean.large.reading import Entered
    from xlsales.tables.spec import RawTable, Table

    Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Sifted:
    """A table that was entered, with ``GONE`` in ``frame``: what rules about single rows made of it."""

    entered: Entered
    frame: Frame
    ruled: tuple[Ruled, ...]
    found: tuple[Found, ...] = ()

    @property
    def table(self) -> Table:
        """What its rows are rows of."""
        return self.entered.read.raw.table

    @property
    def key_field(self) -> str:
        """As ``Rows.key_field``."""
        names = [self.table.identity or "", *(column.name for column in self.table.columns)]
        return next(name for name in names if name in self.entered.read.at)

    @property
    def files(self) -> list[str]:
        """The names of its files."""
        files = self.entered.read.given.select(SOURCE).unique().collect("pandas").to_pandas()[SOURCE]
        return sorted(files.astype("str"))

    @property
    def others(self) -> list[str]:
        """The columns of its frame that hold what no column of ours has."""
        return [name for name in self.entered.texts if name not in self.entered.read.at.values()]

    @property
    def bare(self) -> nw.Expr:
        """Whether a row counts and has no id."""
        import narwhals as nw

        there, identity = nw.col(GONE).is_null(), self.table.identity
        return there & nw.col(identity).is_null() if identity else there

    def found_in(
        self, rule: str, shown: Callable[[pd.DataFrame], list[str]] | None = None, *more: str
    ) -> Found:
        """The rows that ``rule`` leaves out, shown by the columns ``more``."""
        import narwhals as nw

        hit = self.frame.filter(nw.col(GONE) == rule)
        field = self.key_field
        rows = hit.select(SOURCE, ROW, *more, cell=self.cell(field), amount=self.worth())
        return Found(rule, self.table.key, field, rows, shown, excluded=True)

    def cell(self, field: str) -> nw.Expr:
        """What stands in the cell of the field."""
        import narwhals as nw

        return nw.col(self.entered.read.at[field]).cast(nw.String)

    def worth(self) -> nw.Expr:
        """The money of a row as it came."""
        import narwhals as nw

        money = money_of(self.table)
        names = self.frame.collect_schema().names()
        return nw.col(GIVEN if GIVEN in names else money.name).fill_null(0.0) if money else nw.lit(0.0)


def told_once(tables: Sequence[Sifted]) -> list[Sifted]:
    """The same, in their order, with what ``superseded`` and ``repeated_sheets`` leave out marked as gone.

    So are the rows that ``duplicates`` leaves out because another source has them.
    """
    found = list(tables)
    for key in dict.fromkeys(one.table.key for one in tables):
        places = [at for at, one in enumerate(tables) if one.table.key == key]
        files = {name for at in places for name in tables[at].files}
        if len(files) > 1:
            own = _without_copies(_superseded([tables[at] for at in places], files))
            own = _without_repeats(own) if len(own) > 1 else own
            for at, one in zip(places, own, strict=True):
                found[at] = one
    return found


def _superseded(parts: list[Sifted], files: Iterable[str]) -> list[Sifted]:
    """Rows of a record that another file knows better are gone."""
    import narwhals as nw

    table, identity = parts[0].table, parts[0].table.identity
    has = {name for one in parts for name in one.entered.read.at}
    if not identity or identity not in has:
        return parts
    rows = nw.concat([_said(one, said_by(table, has)) for one in parts])
    raws = [one.entered.read.raw for one in parts]
    better = better_known(rows, has, raws, files, parts[0].entered.read.engine)
    return [_marked(one, better) for one in parts] if better else parts


def _said(one: Sifted, said: Sequence[str]) -> Frame:
    import narwhals as nw

    rows = valued(one.frame.filter(nw.col(GONE).is_null()), said, one.others)
    names = (column.name for column in one.table.columns)
    return rows.select(*names, SOURCE, ROW, "values", "filled", "content")


def _marked(one: Sifted, better: Better) -> Sifted:
    import narwhals as nw

    lost = nw.col("other") & nw.col("agree") & nw.col(GONE).is_null()
    gone = nw.when(lost).then(nw.lit("superseded")).otherwise(nw.col(GONE))
    marked = replace(one, frame=better.others(one.frame).with_columns(gone.alias(GONE)))
    raw, field = one.entered.read.raw, one.key_field
    found = marked.found_in("superseded", standing_in([raw], field), "place")
    names = one.frame.collect_schema().names()
    frame = taken_back(one.entered.read, marked.frame, "superseded").select(*names)
    return replace(one, frame=frame, found=(*one.found, found))


def standing_in(raws: Sequence[RawTable], field: str) -> Callable[[pd.DataFrame], list[str]]:
    """Suggestions that are the cell of the field at a ``place``, with its file."""
    at = standing_at(raws, field, "file")

    def shown(rows: pd.DataFrame) -> list[str]:
        places = rows["place"].astype("str").str.partition(BETWEEN)
        files = list(places[0])
        cells = at(places.rename(columns={0: "file"}).assign(other=places[2].astype("int64")))
        return [f"{file}!{cell}" for file, cell in zip(files, cells, strict=True)]

    return shown


def _without_copies(parts: list[Sifted]) -> list[Sifted]:
    """Files whose rows without ids equal those of another are gone."""
    import narwhals as nw

    rows = nw.concat([one.frame.filter(one.bare).select(SOURCE) for one in parts])
    counts = rows.group_by(SOURCE).agg(n=nw.len()).collect("pandas").to_pandas()
    counts = counts[(counts["n"] >= EVIDENT) & counts["n"].duplicated(keep=False)]
    if counts.empty:
        return parts
    same = sorted(counts[SOURCE].astype("str"))
    has = sorted({name for one in parts for name in one.entered.read.at})
    alike = [one.frame.filter(one.bare, nw.col(SOURCE).is_in(same)) for one in parts]
    texts = nw.concat(
        [rows.select(SOURCE, content=_written(one, has)) for rows, one in zip(alike, parts, strict=True)]
    )
    told = parts[0].entered.read.engine.held(texts.group_by(SOURCE, "content").agg(n=nw.len()))
    whole = told.group_by(SOURCE).agg(n=nw.len()).collect("pandas").to_pandas()
    size = dict(zip(whole[SOURCE], whole["n"], strict=True))
    other = told.rename({SOURCE: "other"})
    pairs = told.join(other, on=["content", "n"]).filter(nw.col(SOURCE) != nw.col("other"))
    common = pairs.group_by(SOURCE, "other").agg(n=nw.len()).collect("pandas").to_pandas()
    first: dict[str, str] = {}
    for file, its, n in common.itertuples(index=False):
        if size[file] == size[its] == n and by_name(its) < min(by_name(file), by_name(first.get(file, file))):
            first[file] = its
    return [_copied(one, first) for one in parts] if first else parts


def _without_repeats(parts: list[Sifted]) -> list[Sifted]:
    """Rows with an id that a source before says alike are gone; those of one source are compared later."""
    import narwhals as nw

    table, identity = parts[0].table, parts[0].table.identity
    has = {name for one in parts for name in one.entered.read.at}
    if not identity or identity not in has:
        return parts
    said, engine = said_by(table, has), parts[0].entered.read.engine
    rows = nw.concat([_said(one, said).with_columns(source=nw.lit(k)) for k, one in enumerate(parts)])
    rows = rows.filter(~nw.col(identity).is_null())
    first, last = nw.col("source").min(), nw.col("source").max()
    shared = rows.group_by(identity).agg(first=first, last=last)
    shared = shared.filter(nw.col("first") < nw.col("last")).select(identity)
    told = rows.join(shared, on=identity, how="semi").group_by(identity, "content")
    known = engine.held(told.agg(first=first, last=last).filter(nw.col("first") < nw.col("last")))
    if not known.head(1).collect("pandas").shape[0]:
        return parts
    return [_repeating(one, k, known.drop("last"), said) for k, one in enumerate(parts)]


def _repeating(one: Sifted, place: int, known: Frame, said: Sequence[str]) -> Sifted:
    import narwhals as nw

    rows = valued(one.frame, said, one.others).join(
        known, on=[str(one.table.identity), "content"], how="left"
    )
    again = (nw.col("first") < place).fill_null(False) & nw.col(GONE).is_null()
    gone = nw.when(again).then(nw.lit("duplicate")).otherwise(nw.col(GONE))
    names = one.frame.collect_schema().names()
    marked = replace(one, frame=rows.with_columns(gone.alias(GONE)).select(*names))
    found = marked.found_in("duplicate")
    frame = taken_back(one.entered.read, marked.frame, "duplicate")
    return replace(marked, frame=frame, found=(*one.found, found))


def _written(one: Sifted, names: Sequence[str]) -> nw.Expr:
    """All texts of a row as one."""
    import narwhals as nw

    at = one.entered.read.at
    own = [nw.col(at[name]).cast(nw.String).fill_null("") if name in at else nw.lit("") for name in names]
    rest = [nw.col(name).cast(nw.String).fill_null("") for name in one.others]
    return nw.concat_str([*own, *rest], separator=BETWEEN)


def _copied(one: Sifted, first: Mapping[str, str]) -> Sifted:
    import narwhals as nw

    hit = one.bare & nw.col(SOURCE).is_in(sorted(first))
    gone = nw.when(hit).then(nw.lit("repeated_sheet")).otherwise(nw.col(GONE))
    marked = replace(one, frame=one.frame.with_columns(gone.alias(GONE)))
    sheet = one.entered.read.raw.sheet
    found = marked.found_in(
        "repeated_sheet", lambda rows: [f"{first[str(file)]}!{sheet}" for file in rows[SOURCE]]
    )
    frame = taken_back(one.entered.read, marked.frame, "repeated_sheet")
    return replace(marked, frame=frame, found=(*one.found, found))
