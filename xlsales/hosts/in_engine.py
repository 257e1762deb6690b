"""Tables that stay in an engine: their files are looked at, recognised by a sample, and cleaned there.

Excel files, and what stands in the workbook, are read into memory and join the others in the engine clean.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.credentials import masked, shown
from xlsales.errors import InputError, XlsalesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from xlsales.analysis import Understood
    from xlsales.memory import Memory
    from xlsales.tables.declared import Source
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable, SheetText

SAMPLE = 50
"""So many rows are looked at to recognise the columns."""
FEW = 1_000_000
"""So many rows are brought into memory to show those behind a number."""
HERE = ("targets",)
"""Tables that are never large, and have to be seen whole: their months may stand side by side."""
SCANNED = ((".parquet",), (".csv", ".tsv", ".txt"))
"""Endings of files that engines read themselves, by kind."""


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
    from xlsales.analysis import enough, with_large
    from xlsales.clean.clean import clean
    from xlsales.clean.large.cleaning import clean_large, enter, sifted, source_of
    from xlsales.clean.large.decided import decided, settled
    from xlsales.clean.large.own_rules import rules_of
    from xlsales.clean.large.sources import told_once
    from xlsales.clean.large.there import There
    from xlsales.hosts.supplied import contents, require
    from xlsales.tables.mapping import survey
    from xlsales.tables.sources import read_content

    known, scans = list(sheets), {}
    brought: list[tuple[Source, str]] = []
    for one in sources:
        if paths := [] if one.table in HERE else _paths(one, engine):
            scans[one] = _told(one, engine, engine.scan, paths)
            sample = _told(one, engine, _sample, scans[one], one)
            known.append(sample)
            brought.append((one, sample.source))
            continue
        for path, data in contents(one):
            known += [replace(sheet, source=str(path), table=one.table) for sheet in read_content(data, path)]
            brought.append((one, str(path)))
    found = survey(known, memory.confirmed)
    require(found, sources, brought)
    enough(found, known)
    step("clean", sum(len(raw.frame) for raw in found.tables))
    raws = {one: next(raw for raw in found.tables if _is_of(raw, one)) for one in scans}
    # A sample may look like several tables, one below the other: its rows come from the engine all the same.
    here = [raw for raw in found.tables if not any(_is_of(raw, one) for one in scans)]
    kept = {id(raw) for raw in (*here, *raws.values())}
    found = replace(found, tables=tuple(raw for raw in found.tables if id(raw) in kept))
    came = {one: _told(one, engine, source_of, raws[one], scan, engine) for one, scan in scans.items()}
    with answering(engine):
        decisions = settled(here, came.values(), memory.decisions)
    entered = {
        one: _told(one, engine, enter, source, decided(decisions, source)) for one, source in came.items()
    }
    away = There(entered.values(), decisions.settlement)
    with answering(engine):
        small = clean(here, memory.decisions, away)
    rules = rules_of(found.tables)
    left = [
        _told(one, engine, sifted, read, small.spelled, rules)
        for one, read in zip(entered, away.entered, strict=True)
    ]
    with answering(engine):
        left = told_once(left)
    large = [
        (raws[one], replace(_told(one, engine, clean_large, own), unfilled=away.unfilled))
        for one, own in zip(entered, left, strict=True)
    ]
    with answering(engine):
        return with_large(found, small, large, engine, away.coded, decisions)


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


@contextmanager
def answering(engine: Lazy | None) -> Iterator[None]:
    """What an engine has against its work in the block, in two lines as an ``InputError``."""
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
        if isinstance(error, engine.errors):
            raise InputError("engine_failed", engine=engine.name, reason=_reason(error)) from None
        raise


def _paths(source: Source, engine: Lazy) -> list[Path]:
    """The files that the engine scans; those of a query are written first. None where it scans none."""
    from xlsales.tables.declared import files
    from xlsales.tables.sql import rows
    from xlsales.tables.widening import write

    if source.is_sql:
        path = engine.folder() / f"{_name(source)}.parquet"
        write(rows(source), path)
        return [path]
    if not source.is_files:
        return []
    paths = files(source)
    endings = {path.suffix.lower() for path in paths}
    return paths if any(endings <= set(kind) for kind in SCANNED) else []


def _sample(scan: Any, source: Source) -> SheetText:
    """The names and the first rows as a sheet, by which the table is recognised."""
    import narwhals as nw

    from xlsales.tables.arrow import sheet_of
    from xlsales.tables.spec import ROW, SOURCE

    rows = nw.from_native(scan).lazy().drop(SOURCE, ROW).head(SAMPLE).collect("pyarrow").to_native()
    return replace(sheet_of(rows, _name(source), source.table), table=source.table)


def _is_of(raw: RawTable, source: Source) -> bool:
    return (raw.source, raw.sheet) == (_name(source), source.table)


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
    lines = masked(str(error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__
