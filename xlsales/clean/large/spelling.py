"""One spelling of each name in an engine: decided in memory, of names alone, and joined to the rows there.

What names there are is known from reading (``Reading.names``); ``clean.naming.names`` decides about those of
all tables together, wherever their rows are.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from xlsales.clean.changes import COLUMNS, TIMES, change_table
from xlsales.clean.naming.identity import FORMS
from xlsales.clean.naming.names import MASTERS, Elsewhere
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.reading import Reading
    from xlsales.clean.naming.names import Spelling

    Frame = nw.LazyFrame[Any]


def names_in(read: Reading) -> Elsewhere:
    """The names of one table in an engine."""
    often = {kind: _counted(texts) for kind, texts in read.names.items()}
    key, sheet = read.raw.table.key, read.raw.sheet
    masters = {
        kind: dict(zip(first["name"], (f"{sheet}!{cell}" for cell in _cells(read, kind, first)), strict=True))
        for kind in often
        if MASTERS.get(kind) == key and kind in read.at
        for first in [_first(read, kind, set(often[kind]))]
    }
    return Elsewhere(often, masters, frozenset(FORMS) & frozenset(read.trimmed))


def together(tables: Iterable[Elsewhere]) -> Elsewhere:
    """The names of several tables; the first that lists a name as its master says where."""
    often: dict[str, Counter[str]] = {}
    masters: dict[str, dict[str, str]] = {}
    uncounted: frozenset[str] = frozenset()
    for one in tables:
        for kind, counts in one.often.items():
            often.setdefault(kind, Counter()).update(counts)
        for kind, cells in one.masters.items():
            masters[kind] = {**cells, **masters.get(kind, {})}
        uncounted |= one.uncounted
    return Elsewhere(often, masters, uncounted)


def respelled(
    read: Reading, frame: Frame, spelled: Mapping[str, Mapping[str, Spelling]]
) -> tuple[Frame, pd.DataFrame]:
    """The rows with names as ``spelled`` says, and the changes: a row for each name, with its first cell."""
    import narwhals as nw
    import pandas as pd
    import pyarrow as pa

    changes = [change_table()]
    for kind, texts in read.names.items():
        here = {name: spelled[kind][name] for name in _counted(texts) if name in spelled.get(kind, {})}
        if not here:
            continue
        known = pd.DataFrame(
            {"named": list(here), "spelled": [one.name for one in here.values()]}, dtype="str"
        )
        lookup = nw.from_native(read.engine.table(pa.Table.from_pandas(known, preserve_index=False))).lazy()
        frame = (
            frame.join(lookup, left_on=kind, right_on="named", how="left")
            .with_columns(nw.coalesce("spelled", kind).alias(kind))
            .drop("spelled")
        )
        changes.append(_changes(read, kind, here))
    return frame, pd.concat(changes, ignore_index=True)


def _counted(texts: pd.DataFrame) -> Counter[str]:
    """How often each name stands there; several texts may be one name."""
    counts = texts.dropna(subset="value").groupby("value")["n"].sum()
    return Counter(dict(zip(counts.index, map(int, counts), strict=True)))


def _changes(read: Reading, kind: str, here: Mapping[str, Spelling]) -> pd.DataFrame:
    first = _first(read, kind, set(here))
    said = [here[name] for name in first["name"]]
    sheet = read.raw.sheet
    changes = first.assign(
        table=read.raw.table.key,
        source=first[SOURCE].str.removesuffix(f"!{sheet}"),
        sheet=sheet,
        cell=_cells(read, kind, first),
        field=kind,
        before=first["name"],
        after=[one.name for one in said],
        rule=[one.rule for one in said],
        origin=[one.origin for one in said],
    )
    return changes[[*COLUMNS, TIMES]].astype(dict.fromkeys(COLUMNS, "str"))


def _first(read: Reading, kind: str, names: set[str]) -> pd.DataFrame:
    """The file and row where each name stands first, and how often it does (``TIMES``), in their order."""
    import narwhals as nw
    import pyarrow as pa

    texts = read.names[kind]
    known = texts.loc[texts["value"].isin(names), ["text", "value"]].astype("str")
    known = known.rename(columns={"value": "name"})
    lookup = nw.from_native(read.engine.table(pa.Table.from_pandas(known, preserve_index=False))).lazy()
    written = read.at.get(kind) or read.at[str(read.raw.table.column(kind).instead)]
    rows = read.given.select(SOURCE, ROW, text=nw.col(written)).join(lookup, on="text")
    by_file = rows.group_by("name", SOURCE).agg(nw.col(ROW).min(), nw.len().alias(TIMES))
    found: pd.DataFrame = by_file.collect("pandas").to_pandas().astype({"name": "str", SOURCE: "str"})
    found = found.sort_values(["name", SOURCE])
    whole = found.groupby("name", as_index=False).agg({SOURCE: "first", ROW: "first", TIMES: "sum"})
    return whole.sort_values([SOURCE, ROW, "name"], ignore_index=True).astype({ROW: "int64", TIMES: "int64"})


def _cells(read: Reading, kind: str, first: pd.DataFrame) -> list[str]:
    letter = read.raw.letters.get(kind) or next(iter(read.raw.letters.values()))
    return [f"{letter}{row}" if row else letter for row in first[ROW]]
