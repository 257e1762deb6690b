"""A table in several files, as sheets in memory and as sources of an engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from tests.clean.sheets import raw
from xlsales.analysis import with_large
from xlsales.clean.clean import clean
from xlsales.clean.large.cleaning import clean_large, enter, sifted
from xlsales.clean.large.sources import told_once
from xlsales.clean.large.there import There
from xlsales.tables.mapping import Survey
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.large.sources import Sifted
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable

Rows = list[tuple[str | None, ...]]


def frames(key: str, names: Sequence[str], files: Mapping[str, Rows]) -> list[tuple[RawTable, pd.DataFrame]]:
    """Each file as a sheet, with the columns that it fills and a digest of its notes, and its cells."""
    found = []
    for file, rows in files.items():
        cells = pd.DataFrame(rows, columns=list(names), dtype=object).dropna(axis=1, how="all")
        own = raw(key, {name: list(cells[name]) for name in cells if name != "note"}, Path(file).stem, file)
        if "note" in cells:
            own = replace(own, rest=pd.util.hash_pandas_object(cells[["note"]].fillna(""), index=False))
        found.append((own, cells))
    return found


def there(sources: Sequence[list[tuple[RawTable, pd.DataFrame]]], engine: Lazy) -> Cleaned:
    """What an engine makes of sources of several files."""
    raws = [parts[0][0] for parts in sources]
    away, small, left = sifted_there(sources, engine)
    large = [(own, clean_large(one)) for own, one in zip(raws, left, strict=True)]
    return with_large(Survey(tuple(raws), ()), small, large, engine, away.coded).cleaned


def sifted_there(
    sources: Sequence[list[tuple[RawTable, pd.DataFrame]]], engine: Lazy
) -> tuple[There, Cleaned, list[Sifted]]:
    """The rows of the sources, with what other files know better marked as gone."""
    entered = []
    for parts in sources:
        rows = pd.concat(
            [cells.assign(**{SOURCE: own.source, ROW: range(2, 2 + len(cells))}) for own, cells in parts]
        )
        schema = pa.schema([(name, pa.int64() if name == ROW else pa.string()) for name in rows.columns])
        scan = engine.table(pa.Table.from_pandas(rows, schema, preserve_index=False))
        entered.append(enter(parts[0][0], scan, engine))
    away = There(entered)
    small = clean([], (), away)
    return away, small, told_once([sifted(one, small.spelled) for one in away.entered])
