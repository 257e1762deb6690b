"""Tables that stay in an engine: their files are looked at, recognised by a sample, and cleaned there.

Excel files, and what stands in the workbook, are read into memory and join the others in the engine clean.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xlsales.credentials import masked, shown
from xlsales.errors import InputError, XlsalesError
from xlsales.tables.kinds import by_kind, is_read, titles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsales.analysis import Understood
    from xlsales.clean.clean import Cleaned
    from xlsales.clean.large.account import Large
    from xlsales.memory import Memory
    from xlsales.tables.declared import Source
    from xlsales.tables.engines import Lazy
    from xlsales.tables.mapping import Survey
    from xlsales.tables.spec import RawTable, SheetText

SAMPLE = 50
"""So many rows are looked at to recognise the columns."""
WIDEST = 1_000
"""Of more columns an engine cannot be asked which have anything: its questions become too deep."""
FEW = 1_000_000
"""So many rows are brought into memory to show those behind a number."""
HERE = ("targets",)
"""Tables that are never large, and have to be seen whole: their months may stand side by side."""
REASON = 3
"""So many lines of what an engine has against a file are shown."""
SHOWN = 3
"""So many files of one kind are named where a source has others too."""


def in_engine(
    sheets: Sequence[SheetText],
    sources: Sequence[Source],
    engine: Lazy,
    step: Callable[..., None],
    memory: Memory,
) -> Understood:
    """What the sheets and the sources say together.

    Raises ``InputError`` for a source that cannot be read, at whichever row, or without its table.
    """
    from xlsales.analysis import enough, understand, with_large
    from xlsales.clean.clean import clean
    from xlsales.clean.large.cleaning import clean_large, enter, sifted, source_of
    from xlsales.clean.large.decided import decided, settled
    from xlsales.clean.large.own_rules import rules_of
    from xlsales.clean.large.sources import told_once
    from xlsales.clean.large.there import There
    from xlsales.hosts.supplied import require
    from xlsales.tables.mapping import survey

    known, scans, brought = _looked_at(sheets, sources, engine)
    found = survey(known, memory.confirmed)
    require(found, sources, brought)
    enough(found, known)
    step("clean", sum(len(raw.frame) for raw in found.tables))
    if not scans:
        return understand(found, memory.decisions)
    found, raws, scans = _by_habit(*_once(found, scans), scans, engine)
    here = [raw for raw in found.tables if not raw.files]
    came = {one: _told(one, engine, source_of, raws[one], scan.rows, engine) for one, scan in scans.items()}
    with answering(engine, scans):
        decisions = settled(here, came.values(), memory.decisions)
    entered = {
        one: _told(one, engine, enter, source, decided(decisions, source)) for one, source in came.items()
    }
    away = There(entered.values(), decisions.settlement)
    with answering(engine, scans):
        small = clean(here, memory.decisions, away)
    rules = rules_of(found.tables)
    left = [
        _told(one, engine, sifted, read, small.spelled, rules)
        for one, read in zip(entered, away.entered, strict=True)
    ]
    with answering(engine, scans):
        left = told_once(left)
    large = [
        (raws[one], replace(_told(one, engine, clean_large, own), unfilled=away.unfilled))
        for one, own in zip(entered, left, strict=True)
    ]
    with answering(engine, scans):
        _in_one_place(small, here, [one for _, one in large], engine)
        return with_large(found, small, large, engine, away.coded, decisions)


@dataclass(frozen=True)
class Scan:
    """Rows that the engine scans, and their files with their names."""

    rows: Any
    files: Mapping[Path, str]


def _looked_at(
    sheets: Sequence[SheetText], sources: Sequence[Source], engine: Lazy
) -> tuple[list[SheetText], dict[Source, Scan], list[tuple[Source, str]]]:
    """The sheets with those of the sources and samples of what is scanned, the scans, what came of which."""
    from xlsales.hosts.supplied import contents
    from xlsales.tables.declared import called
    from xlsales.tables.sources import read_content

    known, scans = list(sheets), {}
    brought: list[tuple[Source, str]] = []
    names = called(sources)
    for one in sources:
        if paths := {} if one.table in HERE else _paths(one, engine, names.get(one, {})):
            for part, files in _parts(one, _told(one, engine, by_kind, list(paths)), paths):
                rows = _told(part, engine, engine.scan, files, paths)
                scans[part] = Scan(rows, {file: paths[file] for file in files})
                known.append(_under(titles(files[0]), _told(part, engine, _sample, rows, part)))
                brought.append((part, _name(part)))
            continue
        for path, data in contents(one, names.get(one, {})):
            known += [replace(sheet, source=str(path), table=one.table) for sheet in read_content(data, path)]
            brought.append((one, str(path)))
    return known, scans, brought


def brought(found: Understood) -> Understood:
    """The same with its tables in memory, so that the rows behind a number can be told.

    Not where there are more than ``FEW``, or where rows have no number, as in CSV files.
    """
    import narwhals as nw

    from xlsales.clean.frames import conform
    from xlsales.tables.held import fetched
    from xlsales.tables.spec import ROW
    from xlsales.tables.specs import table

    cleaned = found.cleaned
    if cleaned.engine is None or sum(one.rows for one in cleaned.large) > FEW:
        return found
    tables = {
        key: conform(table(key), fetched(nw.from_native(frame).lazy()))
        for key, frame in cleaned.tables.items()
    }
    if any((rows[ROW] <= 0).any() for rows in tables.values()):
        return found
    return replace(found, cleaned=replace(cleaned, tables=tables, small=None, engine=None))


NO_SCANS: Mapping[Source, Scan] = MappingProxyType({})


@contextmanager
def answering(engine: Lazy | None, scans: Mapping[Source, Scan] = NO_SCANS) -> Iterator[None]:
    """What an engine has against its work in the block, in two lines as an ``InputError``.

    Where one of the ``scans`` cannot be read, that is what is wrong.
    """
    if engine is None:
        yield
        return
    try:
        yield
    except XlsalesError:
        raise
    except Exception as error:
        if engine.gone:
            raise InputError("engine_gone", engine=engine.name) from None
        if not isinstance(error, engine.errors):
            raise
        for one, scan in scans.items() if _works(engine) else ():
            _told(one, engine, _read, scan.rows)
        raise InputError("engine_failed", engine=engine.name, reason=_reason(error)) from None


def _works(engine: Lazy) -> bool:
    """Whether the engine does anything at all."""
    import pyarrow as pa

    try:
        return engine.table(pa.table({"n": [1]})) is not None
    except engine.errors:
        return False


def _read(scan: Any) -> None:
    """Look at every cell of a scan."""
    import narwhals as nw

    rows = nw.from_native(scan).lazy()
    rows.select(nw.col(*rows.collect_schema().names()).count()).collect("pandas")


def _in_one_place(small: Cleaned, here: Sequence[RawTable], large: Sequence[Large], engine: Lazy) -> None:
    """``InputError`` where rows in memory have ids that rows of their table in the engine have too."""
    import narwhals as nw

    from xlsales.clean.large.columns import small_table

    for key, rows in small.tables.items():
        there = [nw.from_native(one.frame).lazy() for one in large if one.table.key == key]
        spec = next((one.table for one in large if one.table.key == key), None)
        if spec is None or spec.identity is None or rows.empty:
            continue
        ids = small_table(engine, rows[[spec.identity]].dropna().drop_duplicates())
        both = nw.concat([one.select(spec.identity) for one in there]).join(ids, on=spec.identity, how="semi")
        found = sorted(both.unique().collect("pandas").to_pandas()[spec.identity].astype("str"))
        if found:
            places = dict.fromkeys(raw.source for raw in here if raw.table.key == key)
            more = {"engine": engine.name, "place": ", ".join(places), "n": len(found), "id": found[0]}
            raise InputError("source_two_places", table=spec.title, **more)


def _paths(source: Source, engine: Lazy, files: Mapping[Path, str]) -> Mapping[Path, str]:
    """The files that the engine scans, with their names; those of a query are written first.

    None where it scans none.
    """
    from xlsales.tables.sql import name, rows
    from xlsales.tables.widening import write

    if source.is_sql:
        path = engine.folder() / f"{name(source)}.parquet"
        write(rows(source), path)
        return {path: name(source)}
    return files if all(map(is_read, files)) else {}


def _parts(
    source: Source, kinds: Sequence[Sequence[Path]], names: Mapping[Path, str]
) -> Iterator[tuple[Source, Sequence[Path]]]:
    """The source, or where its files are of several kinds the files of each as a source of their own."""
    if len(kinds) == 1:
        yield source, kinds[0]
        return
    for files in kinds:
        yield replace(source, place=_place([names[file] for file in files])), files


def _place(names: Sequence[str]) -> str:
    """A few files of a source as a place."""
    from xlsales.tables.declared import BETWEEN

    return f"{BETWEEN} ".join(names) if len(names) <= SHOWN else f"{names[0]} … {names[-1]}"


def _sample(scan: Any, source: Source) -> SheetText:
    """The names and the first rows as a sheet, by which the table is recognised."""
    import narwhals as nw

    from xlsales.tables.arrow import sheet_of
    from xlsales.tables.spec import ROW, SOURCE

    given = nw.from_native(scan).lazy().drop(SOURCE, ROW)
    if (wide := len(given.collect_schema())) > WIDEST:
        raise InputError("source_too_wide", said=source.said, place=_name(source), n=wide, most=WIDEST)
    rows = given.head(SAMPLE).collect("pyarrow").to_native()
    return replace(sheet_of(rows, _name(source), source.table), table=source.table)


def _under(above: Sequence[Sequence[str]], sample: SheetText) -> SheetText:
    """The sample under the titles of its file, which may say what unit its money is in."""
    import pandas as pd

    if not above:
        return sample
    texts = pd.DataFrame(above, dtype="str").replace("", None)
    return replace(
        sample,
        rows=pd.concat([texts, sample.rows], ignore_index=True).set_axis(
            range(1, 1 + len(texts) + len(sample.rows))
        ),
    )


def _once(found: Survey, scans: Mapping[Source, Scan]) -> tuple[Survey, dict[Source, RawTable]]:
    """What was found with each scan as one table, and these.

    A sample may look like several tables, one below the other: its rows come from the engine all the same.
    """
    called = {(_name(one), one.table): one for one in scans}
    raws: dict[Source, RawTable] = {}
    tables = []
    for raw in found.tables:
        one = called.get((raw.source, raw.sheet))
        if one is None:
            tables.append(raw)
        elif one not in raws:
            raws[one] = replace(raw, files=tuple(scans[one].files.values()))
            tables.append(raws[one])
    return replace(found, tables=tuple(tables)), raws


def _by_habit(
    found: Survey, raws: Mapping[Source, RawTable], scans: Mapping[Source, Scan], engine: Lazy
) -> tuple[Survey, dict[Source, RawTable], dict[Source, Scan]]:
    """The same with files that write their columns in another way as scans of their own."""
    from xlsales.clean.large.habits import alike

    parts: dict[Source, RawTable] = {}
    left: dict[Source, Scan] = {}
    instead: dict[int, list[RawTable]] = {}
    for one, raw in raws.items():
        whole = scans[one]
        groups = _told(one, engine, alike, raw, whole.rows) if len(whole.files) > 1 else [list(raw.files)]
        for names in groups:
            part, scan = one, whole
            if len(groups) > 1:
                part = replace(one, place=_place(names))
                files = {path: name for path, name in whole.files.items() if name in names}
                scan = Scan(_told(part, engine, engine.scan, list(files), files), files)
            parts[part] = replace(raw, source=_name(part), files=tuple(names))
            left[part] = scan
            instead.setdefault(id(raw), []).append(parts[part])
    tables = tuple(one for raw in found.tables for one in instead.get(id(raw), [raw]))
    return replace(found, tables=tables), parts, left


def _name(source: Source) -> str:
    """What the source is called in findings: its paths, or what the rows of a query are called."""
    from xlsales.tables.sql import name

    return name(source) if source.is_sql else source.place


def _told(source: Source, engine: Lazy, work: Callable[..., Any], *given: Any) -> Any:
    """What ``work`` gives; what the engine has against it in two lines."""
    try:
        return work(*given)
    except XlsalesError:
        raise
    except Exception as error:
        if engine.gone:
            raise InputError("engine_gone", engine=engine.name) from None
        if not isinstance(error, engine.errors):
            raise
        place, reason = shown(source.place), _reason(error)
        raise InputError("source_unreadable", said=source.said, place=place, reason=reason) from None


def _reason(error: Exception) -> str:
    """What an engine says of an error, by its first cause where that comes from Java, in a line."""
    lines = masked(str(_cause(error))).strip().splitlines()
    said = list(takewhile(lambda line: line.strip() and not line.startswith("Possible fixes"), lines))
    return "; ".join(line.strip() for line in said[:REASON]).rstrip(" .。") or type(error).__name__


def _cause(error: Any) -> Any:
    cause = getattr(error, "java_exception", None)
    if cause is None:
        return error
    try:
        while deeper := cause.getCause():
            cause = deeper
        return str(cause.getMessage()).partition("\n")[0]
    except Exception:  # whatever happens to a Java that has just failed
        return error
