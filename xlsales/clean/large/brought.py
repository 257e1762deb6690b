"""Some rows of tables in an engine as sheets in memory: their texts as they came, and what tells them apart.

With each row come those that have its id, or where it has none those that say the same, so that its key (see
``xlsales.clean.review.keys``) is that of the row in memory.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.reading import Reading
    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]

ALIKE = 1_000
"""Rows of a source that more others have the id of, or say the same as, are not brought."""
ID, SAID = "id", "said"
"""The id of a row as it came, null where it has none, and all its texts as one."""


def at_places(places: pd.DataFrame) -> Callable[[Reading, Frame], Frame]:
    """The rows at these places (``SOURCE``, ``ROW``)."""
    known = places[[SOURCE, ROW]].drop_duplicates()
    return lambda read, rows: rows.join(read.table(known), on=[SOURCE, ROW], how="semi")


def brought(
    reads: Sequence[Reading], picked: Callable[[Reading, Frame], Frame]
) -> list[tuple[Reading, RawTable]]:
    """The rows of one table that are ``picked`` and those like them: a sheet for each source and file.

    The columns of ``reads`` are as they came; ``picked`` is given them with ``ID`` and ``SAID``.
    """
    import narwhals as nw
    import pandas as pd

    names = sorted({name for one in reads for name in one.at})
    rows = [one.given.with_columns(_id(one).alias(ID), _said(one, names).alias(SAID)) for one in reads]
    own = [picked(*one).select(ID, SAID).unique() for one in zip(reads, rows, strict=True)]
    wanted = pd.concat(list(map(fetched, own)))
    ids, said = wanted[ID].dropna(), wanted[SAID][wanted[ID].isna()]
    found: list[tuple[Reading, RawTable]] = []
    for read, frame in zip(reads, rows, strict=True):
        parts = [
            _alike(read, part, name, texts)
            for part, name, texts in ((frame, ID, ids), (frame.filter(nw.col(ID).is_null()), SAID, said))
            if len(texts)
        ]
        found += [(read, one) for one in _as_sheets(read, nw.concat(parts))] if parts else []
    return found


def _as_sheets(read: Reading, rows: Frame) -> list[RawTable]:
    """Rows of a source as sheets, one for each file, by file and row."""
    import pandas as pd
    from pandas.util import hash_pandas_object

    from xlsales.tables.arrow import texts

    names = [name for name in read.given.collect_schema().names() if name not in (SOURCE, ROW)]
    others = [name for name in names if name not in read.at.values()]
    table = rows.select(SOURCE, ROW, *names).collect("pyarrow").to_native()
    cells = {name: pd.Series(texts(table[at]), dtype="str") for name, at in read.at.items()}
    found = pd.DataFrame(cells).assign(**{SOURCE: table[SOURCE].to_pylist(), ROW: table[ROW].to_pylist()})
    rest = pd.DataFrame({name: pd.Series(texts(table[name]), dtype="str") for name in others}).fillna("")
    found["rest"] = hash_pandas_object(rest, index=False) if others else 0
    found = found.sort_values([SOURCE, ROW, "rest"], ignore_index=True)
    return [
        replace(
            read.raw,
            source=str(source).removesuffix(f"!{read.raw.sheet}"),
            frame=part[list(read.at)].set_axis(part[ROW]),
            rest=part["rest"].astype("uint64").set_axis(part[ROW]),
        )
        for source, part in found.groupby(SOURCE, sort=True)
    ]


def _alike(read: Reading, rows: Frame, name: str, texts: Iterable[str]) -> Frame:
    """The rows that say one of these, where not too many say the same."""
    import narwhals as nw
    import pandas as pd

    wanted = pd.DataFrame({name: sorted(set(texts))}, dtype="str")
    here = read.engine.held(rows.join(read.table(wanted), on=name, how="semi"))
    few = here.group_by(name).agg(times=nw.len()).filter(nw.col("times") <= ALIKE)
    return here.join(few, on=name, how="semi")


def _id(read: Reading) -> nw.Expr:
    import narwhals as nw

    at = read.at.get(read.raw.table.identity or "")
    text = read.text(at) if at else nw.lit(None, nw.String)
    return nw.when(text.str.strip_chars() != "").then(text)


def _said(read: Reading, names: Sequence[str]) -> nw.Expr:
    import narwhals as nw

    texts = [nw.col(read.at[one]).cast(nw.String) if one in read.at else nw.lit("") for one in names]
    return nw.concat_str([one.fill_null("") for one in texts], separator="\x1f")
