"""A table in several files, as sheets in memory and as sources of an engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from tests.clean.sheets import raw
from xlsales.analysis import with_large
from xlsales.clean.clean import clean
from xlsales.clean.large.cleaning import clean_large, enter, sifted, source_of
from xlsales.clean.large.decided import decided, settled
from xlsales.clean.large.own_rules import rules_of
from xlsales.clean.large.sources import told_once
from xlsales.clean.large.there import There
from xlsales.tables.arrow import texts
from xlsales.tables.mapping import Survey
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.large.decided import Decisions
    from xlsales.clean.large.sources import Sifted
    from xlsales.clean.review.decisions import Decision
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable

Rows = list[tuple[str | None, ...]]
NO_KINDS: Mapping[str, pa.DataType] = {}


def frames(
    key: str, names: Sequence[str], files: Mapping[str, Rows], kinds: Mapping[str, pa.DataType] = NO_KINDS
) -> list[tuple[RawTable, pd.DataFrame]]:
    """Each file as a sheet, with the columns that it fills and a digest of its notes, and its cells.

    ``kinds`` are of columns that are no text in the file.
    """
    found = []
    for file, rows in files.items():
        cells = pd.DataFrame(rows, columns=list(names), dtype=object).dropna(axis=1, how="all")
        typed = {name: pa.array(cells[name], pa.string()).cast(kind) for name, kind in kinds.items()}
        told = cells.assign(**{name: texts(one).to_pandas() for name, one in typed.items()})
        own = raw(key, {name: list(told[name]) for name in told if name != "note"}, Path(file).stem, file)
        if "note" in cells:
            own = replace(own, rest=pd.util.hash_pandas_object(cells[["note"]].fillna(""), index=False))
        found.append((own, cells))
    return found


def there(
    sources: Sequence[list[tuple[RawTable, pd.DataFrame]]],
    engine: Lazy,
    *given: Any,
    here: Sequence[RawTable] = (),
    **how: Any,
) -> Cleaned:
    """What an engine makes of sources of several files; all that is ``given`` is as in ``sifted_there``."""
    raws = [parts[0][0] for parts in sources]
    away, small, left, decisions = sifted_there(sources, engine, *given, here=here, **how)
    large = [(own, clean_large(one)) for own, one in zip(raws, left, strict=True)]
    return with_large(Survey((*raws, *here), ()), small, large, engine, away.coded, decisions).cleaned


def sifted_there(
    sources: Sequence[list[tuple[RawTable, pd.DataFrame]]],
    engine: Lazy,
    said: Sequence[Decision] = (),
    kinds: Mapping[str, pa.DataType] = NO_KINDS,
    *,
    numbered: bool = True,
    here: Sequence[RawTable] = (),
) -> tuple[There, Cleaned, list[Sifted], Decisions]:
    """The rows of the sources, with what other files know better marked as gone.

    Where rows are not ``numbered``, they are known by what they say, as those of CSV files. ``here`` are
    sheets that stay in memory.
    """
    came = []
    for parts in sources:
        rows = pd.concat(
            [cells.assign(**{SOURCE: own.source, ROW: _numbers(cells, numbered)}) for own, cells in parts]
        )
        schema = pa.schema([(name, pa.int64() if name == ROW else pa.string()) for name in rows.columns])
        table = pa.Table.from_pandas(rows, schema, preserve_index=False)
        own_kinds = [kinds.get(one.name, one.type) for one in schema]
        scan = engine.table(table.cast(pa.schema(zip(schema.names, own_kinds, strict=True))))
        came.append(source_of(parts[0][0], scan, engine))
    decisions = settled(here, came, said)
    away = There([enter(one, decided(decisions, one)) for one in came], decisions.settlement)
    small = clean(here, said, away)
    left = told_once([sifted(one, small.spelled, rules_of(here)) for one in away.entered])
    return away, small, left, decisions


def _numbers(cells: pd.DataFrame, numbered: bool) -> list[int]:
    if numbered:
        return list(range(2, 2 + len(cells)))
    return [-1 - int(one >> 12) for one in pd.util.hash_pandas_object(cells.fillna(""), index=False)]
