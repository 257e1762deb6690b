"""One spelling of each name in an engine: decided in memory, of names alone, and joined to the rows there.

What names there are is known from reading (``Reading.names``); ``clean.naming.names`` decides about those of
all tables together, wherever their rows are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.clean.changes import COLUMNS, TIMES
from xlsales.clean.naming.identity import FORMS
from xlsales.clean.naming.names import MASTERS, Elsewhere
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from xlsales.clean.large.reading import Entered
    from xlsales.clean.naming.names import Spelling


def names_in(entered: Entered) -> Elsewhere:
    """The names of one table in an engine."""
    read = entered.read
    often = {kind: _counted(texts) for kind, texts in read.names.items()}
    masters = {
        kind: dict(zip(first["name"], read.cells(kind, first[ROW], sheet=True), strict=True))
        for kind in often
        if MASTERS.get(kind) == read.raw.table.key and kind in read.at
        for first in [_first(entered, kind, set(often[kind]))]
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


def respelled(entered: Entered, spelled: Mapping[str, Mapping[str, Spelling]]) -> Entered:
    """The rows with names as ``spelled`` says, and the changes: a row for each name, with its first cell."""
    import narwhals as nw
    import pandas as pd

    read, frame, changes = entered.read, entered.frame, [entered.changes]
    for kind, texts in read.names.items():
        here = {name: spelled[kind][name] for name in _counted(texts) if name in spelled.get(kind, {})}
        if not here:
            continue
        known = pd.DataFrame(
            {"named": list(here), "spelled": [one.name for one in here.values()]}, dtype="str"
        )
        frame = (
            frame.join(read.table(known), left_on=kind, right_on="named", how="left")
            .with_columns(nw.coalesce("spelled", kind).alias(kind))
            .drop("spelled")
        )
        changes.append(_changes(entered, kind, here))
    return replace(entered, frame=frame, changes=pd.concat(changes, ignore_index=True))


def _counted(texts: pd.DataFrame) -> Counter[str]:
    """How often each name stands there; several texts may be one name."""
    counts = texts.dropna(subset="value").groupby("value")["n"].sum()
    return Counter(dict(zip(counts.index, map(int, counts), strict=True)))


def _changes(entered: Entered, kind: str, here: Mapping[str, Spelling]) -> pd.DataFrame:
    read = entered.read
    first = _first(entered, kind, set(here))
    said = [here[name] for name in first["name"]]
    changes = first.assign(
        table=read.raw.table.key,
        source=first[SOURCE].str.removesuffix(f"!{read.raw.sheet}"),
        sheet=read.raw.sheet,
        cell=read.cells(kind, first[ROW]),
        field=kind,
        before=first["name"],
        after=[one.name for one in said],
        rule=[one.rule for one in said],
        origin=[one.origin for one in said],
    )
    return changes[[*COLUMNS, TIMES]].astype(dict.fromkeys(COLUMNS, "str"))


def _first(entered: Entered, kind: str, names: set[str]) -> pd.DataFrame:
    """The file and row where each name stands first, and how often it does (``TIMES``), in their order."""
    import narwhals as nw

    read = entered.read
    texts = read.names[kind]
    known = texts.loc[texts["value"].isin(names), ["text", "value"]].astype("str")
    lookup = read.table(known.rename(columns={"value": "name"}))
    if entered.coded and kind == "product":
        written = entered.frame.select(SOURCE, ROW, text=nw.col(kind))
    else:
        at = read.at.get(kind) or read.at[str(read.raw.table.column(kind).instead)]
        written = read.given.select(SOURCE, ROW, text=nw.col(at))
    by_file = written.join(lookup, on="text").group_by("name", SOURCE)
    counted = by_file.agg(nw.col(ROW).min(), nw.len().alias(TIMES))
    found: pd.DataFrame = counted.collect("pandas").to_pandas().astype({"name": "str", SOURCE: "str"})
    found = found.sort_values(["name", SOURCE])
    whole = found.groupby("name", as_index=False).agg({SOURCE: "first", ROW: "first", TIMES: "sum"})
    return whole.sort_values([SOURCE, ROW, "name"], ignore_index=True).astype({ROW: "int64", TIMES: "int64"})
