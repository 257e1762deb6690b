"""Tables that live outside the workbook are read from there and understood together with its sheets.

What is understood is kept under a digest of the sheets as text and of the bytes that were read, so that
sheets of ours in the workbook make no difference, and other rows in a database do.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import InputError
from xlsales.hosts import cache as entries
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsales.analysis import Understood
    from xlsales.memory import Memory
    from xlsales.tables.declared import Source
    from xlsales.tables.mapping import Survey
    from xlsales.tables.spec import SheetText

SUPPLIED = "elsewhere-"
"""What the names of such entries begin with: nothing that is written into the workbook changes them."""


def supplied(
    sheets: Sequence[SheetText], sources: Sequence[Source], step: Callable[..., None], memory: Memory
) -> tuple[Understood, str]:
    """What the sheets and the sources say together, and the name of the entry that keeps it.

    What an engine holds is kept nowhere, and its entry is "".

    Raises ``InputError`` for a source that cannot be read, or in which its table is not found.
    """
    from xlsales.analysis import enough, understand
    from xlsales.hosts.in_engine import in_engine
    from xlsales.hosts.packing import pack, unpack
    from xlsales.hosts.reading import known_of
    from xlsales.tables.declared import as_declared, called, engine_of
    from xlsales.tables.engines import opened
    from xlsales.tables.mapping import survey
    from xlsales.tables.sources import read_content

    marked = as_declared(sheets, sources)
    if (engine := engine_of(sources)) != "pandas":
        return in_engine(marked, sources, opened(engine), step, memory), ""
    names = called(sources)
    brought = [(one, path, data) for one in sources for path, data in contents(one, names.get(one, {}))]
    digest = known_of(memory)
    for sheet in marked:
        digest.update(_said(sheet))
    for one, path, data in brought:
        digest.update(repr((one.table, str(path))).encode() + sha256(data).digest())
    entry = SUPPLIED + digest.hexdigest()
    if packed := entries.get(entry):
        kept = unpack(packed)
        step("clean", kept.rows)
        return kept, entry
    for one, path, data in brought:
        marked += [replace(sheet, source=str(path), table=one.table) for sheet in read_content(data, path)]
    found = survey(marked, memory.confirmed)
    require(found, sources, [(one, str(path)) for one, path, _ in brought])
    enough(found, marked)
    step("clean", sum(len(raw.frame) for raw in found.tables))
    made = understand(found, memory.decisions)
    entries.put(entry, pack(made))
    return made, entry


def contents(source: Source, names: Mapping[Path, str]) -> list[tuple[Path, bytes]]:
    """The files of a source by the ``names`` that findings give them, with their bytes; a query is one."""
    from xlsales.tables.arrow import write_parquet
    from xlsales.tables.sources import content
    from xlsales.tables.sql import name as name_of
    from xlsales.tables.sql import rows
    from xlsales.tables.widening import table

    if source.is_sql:
        return [(Path(name_of(source)), write_parquet(table(rows(source))))]
    return [(Path(name), content(path)) for path, name in names.items()]


def require(found: Survey, sources: Sequence[Source], brought: Sequence[tuple[Source, str]]) -> None:
    """Every file, query and named sheet must hold the table that it was said to hold, or ``InputError``.

    ``brought`` are the names that what was read of the sources has in the survey.
    """
    there = {(raw.source, raw.table.key) for raw in found.tables}
    named_sheets = {(raw.sheet, raw.table.key) for raw in found.tables}
    places = [(one, place) for one, place in brought if (place, one.table) not in there]
    places += [
        (one, one.place)
        for one in sources
        if not one.is_sql and not one.is_files and (one.place, one.table) not in named_sheets
    ]
    for one, place in places:
        lacking = next((it.missing for it in found.ignored if place in (it.source, it.sheet)), ())
        raise _unfit(one, place, lacking)


def _unfit(source: Source, place: str, missing: Sequence[str]) -> InputError:
    from xlsales.tables.specs import table

    spec = table(source.table)
    names = missing or [column.name for column in spec.columns if column.needed]
    return InputError(
        "source_columns",
        said=source.said,
        place=(lambda lang: text(lang, "sources.query_result")) if source.is_sql else place,
        table=spec.title,
        columns=lambda lang: ", ".join(spec.column(name).title(lang) for name in names),
    )


def _said(sheet: SheetText) -> bytes:
    from pandas.util import hash_pandas_object

    rows = hash_pandas_object(sheet.rows.fillna("")).to_numpy().tobytes()
    return repr((sheet.source, sheet.sheet, sheet.table, sheet.first_column, sheet.errors)).encode() + rows
