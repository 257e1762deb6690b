"""Records that several files of a table in an engine tell in two ways, and which file is believed.

As ``clean.rules.sources`` has it, with files for sheets. Those of one source are exports of one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.clean.horizon import sane
from xlsales.clean.large.columns import small_table
from xlsales.clean.rules.sources import LINES, by_name, whose_of
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Set

    import narwhals as nw

    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable, Table

    Frame = nw.LazyFrame[Any]

BETWEEN = "\x1f"
"""Between the texts of a row that are compared as one."""


@dataclass(frozen=True)
class Better:
    """What is known of records that files tell in two ways.

    ``known`` has by ``record`` the file that is believed (``best``) and the place of its first row there,
    ``place``, a file and a row with ``BETWEEN`` them. ``line`` is what tells the records of one id apart.
    ``agree`` says of a row joined to it whether it may be the same thing.
    """

    known: Frame
    record: list[str]
    line: nw.Expr
    agree: nw.Expr

    def others(self, rows: Frame) -> Frame:
        """The rows with ``best``, ``place`` and ``agree``, null or false where they are of the best file."""
        import narwhals as nw

        found = rows.with_columns(line=self.line).join(self.known, on=self.record, how="left")
        other = ~nw.col("best").is_null() & (nw.col(SOURCE) != nw.col("best"))
        return found.with_columns(other=other, agree=self.agree)


def better_known(
    rows: Frame, has: Set[str], raws: Sequence[RawTable], files: Iterable[str], engine: Lazy
) -> Better | None:
    """The records of a table that its ``files`` tell in two ways; None where there is none.

    ``rows`` are those of :func:`valued`, ``has`` the columns that ``raws``, its sheets, have.
    """
    import narwhals as nw

    table = raws[0].table
    identity = str(table.identity)
    named = rows.filter(~nw.col(identity).is_null())
    ids = named.group_by(identity, SOURCE).agg(rows=nw.len())
    shared = ids.group_by(identity).agg(files=nw.len()).filter(nw.col("files") > 1)
    shared = engine.held(shared.select(identity))
    if not shared.head(1).collect("pandas").shape[0]:
        return None
    lines = _has_lines(named, ids, identity)
    if lines and "product" not in has:
        return None
    line = nw.col("product").fill_null("") if lines else nw.lit("")
    record = [identity, "line"]
    some = engine.held(named.join(shared, on=identity, how="semi").with_columns(line=line))
    best = _best(some, record, raws, _places(table, rows, files, engine))
    whose = whose_of(table, has)
    days = [column.name for column in table.columns if column.kind == "date" and column.needed]
    nth = nw.col("one").cum_sum().over(*record, order_by=[ROW, "content"])
    firsts = some.join(best, on=[*record, SOURCE], how="semi").with_columns(one=nw.lit(1))
    known = engine.held(
        firsts.with_columns(nth=nth)
        .filter(nw.col("nth") == 1)
        .select(
            *record,
            *(nw.col(name).alias(f"their {name}") for name in (*whose, *days)),
            best=nw.col(SOURCE),
            place=nw.concat_str([nw.col(SOURCE), nw.col(ROW).cast(nw.String)], separator=BETWEEN),
        )
    )
    if not known.head(1).collect("pandas").shape[0]:
        return None
    return Better(known, record, line, _agree(whose, days))


def said_by(table: Table, has: Set[str]) -> list[str]:
    """The columns of the table that its sheets have."""
    return [column.name for column in table.columns if column.name in has]


def valued(rows: Frame, said: Sequence[str], others: Sequence[str] = ()) -> Frame:
    """With ``values``, what ``said`` say of a row, their count, and ``content``, what ``others`` say too."""
    import narwhals as nw

    values = nw.concat_str([nw.col(name).cast(nw.String).fill_null("") for name in said], separator=BETWEEN)
    filled = nw.sum_horizontal(*((~nw.col(name).is_null()).cast(nw.Int64) for name in said))
    content = [nw.col("values"), *(nw.col(name).cast(nw.String).fill_null("") for name in others)]
    return rows.with_columns(values=values, filled=filled).with_columns(
        content=nw.concat_str(content, separator=BETWEEN)
    )


def _has_lines(rows: Frame, ids: Frame, identity: str) -> bool:
    """Whether in any of the files the rows of one id are lines of it."""
    import narwhals as nw

    several = ids.filter(nw.col("rows") > 1).select(identity, SOURCE)
    own = rows.join(several, on=[identity, SOURCE], how="semi")
    texts = own.select(identity, SOURCE, "values").unique().group_by(identity, SOURCE).agg(texts=nw.len())
    lines = texts.filter(nw.col("texts") > 1).group_by(SOURCE).agg(lines=nw.len())
    counts = ids.group_by(SOURCE).agg(ids=nw.len()).join(lines, on=SOURCE)
    found = counts.collect("pandas").to_pandas()
    return bool((found["lines"] > LINES * found["ids"]).any())


def _places(table: Table, rows: Frame, files: Iterable[str], engine: Lazy) -> Frame:
    """How far each file reaches (``reach``), and its ``place`` by name."""
    import narwhals as nw
    import pandas as pd

    dated = [column for column in table.columns if column.kind == "date"]
    days = [column.name for column in dated if column.needed] or [column.name for column in dated[:1]]
    counts: dict[str, dict[date, int]] = {}
    for name in days:
        each = rows.select(SOURCE, day=nw.col(name).dt.truncate("1d")).drop_nulls()
        found = each.group_by(SOURCE, "day").agg(n=nw.len()).collect("pandas").to_pandas()
        for file, day, n in zip(found[SOURCE], found["day"].dt.date, found["n"], strict=True):
            own = counts.setdefault(str(file), {})
            own[day] = own.get(day, 0) + int(n)
    reaches = {file: sane(dict(sorted(own.items())))[-1] for file, own in counts.items()}
    names = sorted(files, key=by_name)
    reached = [reaches.get(one, date.min).toordinal() for one in names]
    places = pd.DataFrame({SOURCE: names, "place": range(len(names)), "reach": reached})
    return small_table(engine, places.astype({SOURCE: "str", "place": "int64", "reach": "int64"}))


def _best(some: Frame, record: list[str], raws: Sequence[RawTable], places: Frame) -> Frame:
    """``record`` and ``SOURCE`` of the file that is believed, of records that files tell in two ways."""
    import narwhals as nw

    told = some.group_by(*record, SOURCE, "content").agg(filled=nw.col("filled").max())
    each = told.group_by(*record, SOURCE).agg(filled=nw.col("filled").sum())
    count = each.group_by(*record).agg(files=nw.len())
    alike = told.group_by(*record, "content").agg(holders=nw.len()).join(count, on=record)
    apart = alike.filter(nw.col("holders") < nw.col("files")).select(*record).unique()
    kinds = {(frozenset(raw.letters), frozenset(match.header for match in raw.matches)) for raw in raws}
    order = ["reach", "place"] if len(kinds) <= 1 else ["reach", "filled", "place"]
    ranked = each.join(apart, on=record, how="semi").join(places, on=SOURCE)
    ranked = ranked.with_columns(*(-nw.col(name) for name in order), one=nw.lit(1))
    nth = nw.col("one").cum_sum().over(*record, order_by=order)
    return ranked.with_columns(nth=nth).filter(nw.col("nth") == 1).select(*record, SOURCE)


def _agree(whose: Sequence[str], days: Sequence[str]) -> nw.Expr:
    """As ``clean.rules.sources.agree``, of a row and what another says in ``their ...``."""
    import narwhals as nw

    def compared(names: Sequence[str], plain: Callable[[nw.Expr], nw.Expr]) -> tuple[nw.Expr, nw.Expr]:
        both, equal = nw.lit(False), nw.lit(False)
        for name in names:
            own, their = plain(nw.col(name)), plain(nw.col(f"their {name}"))
            both |= ~own.is_null() & ~their.is_null()
            equal |= (own == their).fill_null(False)
        return both, equal

    comparable, same = compared(whose, lambda cell: cell)
    dated, same_day = compared(days, lambda cell: cell.dt.truncate("1d"))
    return (comparable & same) | (~comparable & (~dated | same_day))
