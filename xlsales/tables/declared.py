"""Where the tables live that do not stand in the workbook: what its 数据源 sheet says, or an option.

A source is the name of a sheet, paths and globs of files (several with ``;`` between them), or a SQLAlchemy
address with a query. Paths are relative to the folder of the workbook. Credentials are variables of the
environment in the address (``${PGPASSWORD}``), or the whole address is one; what is written out is refused.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from xlsales.credentials import is_variable, literal, masked, shown
from xlsales.errors import InputError
from xlsales.tables.names import key
from xlsales.tables.specs import TABLES
from xlsales.tables.sql import reads_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.tables.spec import RawTable, SheetText

Engine = Literal["pandas", "duckdb", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

BETWEEN = ";"
LOCK = "~$"
"""What the names of files begin with that Excel keeps beside an open workbook."""
MOST_ROWS = 500
"""A sheet with more rows is data and no list of sources."""
_ENDINGS = (".parquet", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
_INSTRUCTIONS = ("sources",)
CALLED = ("数据源", "数据来源", "Data sources", "Sources")
"""What a sheet of sources is called."""


@dataclass(frozen=True)
class Source:
    """Where the rows of one table live.

    ``place`` as it was said, with ``${NAME}`` in it; ``folder`` is what paths start from; ``engine`` is None
    where nothing was said; ``said`` is where this was said, for messages.
    """

    table: str
    place: str
    query: str = ""
    engine: Engine | None = None
    folder: Path = Path()
    said: str = ""

    @property
    def is_sql(self) -> bool:
        """Whether the place is the address of a database, or a variable that is one."""
        return "://" in self.place or is_variable(self.place)

    @property
    def is_files(self) -> bool:
        """Whether the place is one of files, and no sheet."""
        place = self.place.casefold()
        return not self.is_sql and (place.endswith(_ENDINGS) or any(sign in place for sign in "/\\*?;"))


def source(
    table: str, place: str, query: str = "", engine: str = "", folder: Path = Path(), said: str = ""
) -> Source:
    """One source as the user has written it.

    Raises ``InputError`` for a table or an engine that nobody knows, an address with a password in it or
    without a query, and a query that does more than read.
    """
    found = _table(table)
    if found is None:
        titles = tuple(one for one in TABLES if one.key not in _INSTRUCTIONS)
        raise InputError(
            "source_table",
            said=said,
            table=masked(table),
            known=lambda lang: ", ".join(t.title(lang) for t in titles),
        )
    if not place.strip():
        title = next(one.title for one in TABLES if one.key == found)
        raise InputError("source_no_place", said=said, table=title)
    if engine and engine.casefold() not in ENGINES:
        raise InputError("source_engine", said=said, engine=engine, known=", ".join(ENGINES))
    if literal(place):
        raise InputError("source_password", said=said, place=shown(place))
    chosen = next((one for one in ENGINES if one == engine.casefold()), None)
    made = Source(found, place, query, chosen, folder, said)
    if made.is_sql and not query:
        raise InputError("source_query", said=said, place=shown(place))
    if query and not made.is_sql:
        raise InputError("source_no_address", said=said, place=shown(place))
    if made.is_sql and not reads_only(query):
        raise InputError("source_not_select", said=said)
    return made


def declared(sheets: Sequence[SheetText], folder: Path) -> list[Source]:
    """What the 数据源 sheets among these say, in their order; paths start from ``folder``."""
    found = []
    for raw in filter(None, map(_declaring, sheets)):
        for row, cells in zip(raw.frame.index, raw.frame.fillna("").to_dict("records"), strict=True):
            said = {str(name): str(value).strip() for name, value in cells.items()}
            where = f"{raw.sheet}!{raw.letters['source']}{row}"
            if said.get("source") and not said.get("table"):
                raise InputError("source_no_table", said=where, place=shown(said["source"]))
            if said.get("source"):
                more = (said.get("query", ""), said.get("engine", ""), folder, where)
                found.append(source(said["table"], said["source"], *more))
    return found


def _declaring(sheet: SheetText) -> RawTable | None:
    """The sheet as the table of sources, where it is recognised as that.

    Raises ``InputError`` for one that is called so and names files or addresses, under other headers.
    """
    from xlsales.tables.mapping import survey

    if len(sheet.rows) > MOST_ROWS:
        return None
    if survey([replace(sheet, table="sources")]).tables:
        return next((raw for raw in survey([sheet]).tables if raw.table.key == "sources"), None)
    if key(sheet.sheet) in map(key, CALLED) and (place := _a_place(sheet)) and not survey([sheet]).tables:
        raise InputError("source_headers", sheet=sheet.sheet, place=shown(place))
    return None


def _a_place(sheet: SheetText) -> str | None:
    """A cell that names a file or the address of a database."""
    cells = sheet.rows.stack().dropna().astype("str").str.strip()
    named = cells[cells.str.contains("://", regex=False) | cells.str.lower().str.endswith(_ENDINGS)]
    return None if named.empty else str(named.iloc[0])


def over(options: Sequence[Source], sheet: Sequence[Source], engine: Engine | None) -> list[Source]:
    """The sources that hold: an option for a table comes over the sheet's, and so does the engine."""
    asked = {one.table for one in options}
    chosen = [*options, *(one for one in sheet if one.table not in asked)]
    return [replace(one, engine=engine) for one in chosen] if engine else chosen


def engine_of(sources: Sequence[Source]) -> Engine:
    """The engine of the whole run. ``InputError`` where two sources ask for two that are not pandas."""
    asked = {one.engine: one.said for one in sources if one.engine not in (None, "pandas")}
    if len(asked) > 1:
        raise InputError("source_engines", engines=", ".join(sorted(str(one) for one in asked)))
    return next(filter(None, asked), "pandas")


def files(one: Source) -> list[Path]:
    """The files of a source, each once, in the order of their names.

    ``InputError`` for a path at which there is none.
    """
    found: dict[Path, Path] = {}
    for pattern in filter(None, map(str.strip, one.place.split(BETWEEN))):
        paths = [path for path in _matching(one.folder, pattern) if path.is_file()]
        if not paths:
            raise InputError(
                "source_not_found", said=one.said, place=masked(pattern), folder=one.folder.resolve()
            )
        for path in paths:
            found.setdefault(path.resolve(), path.absolute())
    return list(found.values())


def _matching(folder: Path, pattern: str) -> list[Path]:
    """The path, if something lies there, else what the pattern matches; never the lock files of Excel."""
    place = folder / Path(pattern).expanduser()
    if place.exists() or not glob.has_magic(pattern):
        return [place]
    found = glob.glob(str(Path(pattern).expanduser()), root_dir=folder, recursive=True)  # noqa: PTH207
    return [folder / name for name in sorted(found) if not Path(name).name.startswith(LOCK)]


def called(sources: Sequence[Source]) -> dict[Source, dict[Path, str]]:
    """The files of each source with their names in findings, which tell apart all files of a table.

    A file that two sources of a table give is one of the first.
    """
    found: dict[Source, dict[Path, str]] = {}
    for table in dict.fromkeys(one.table for one in sources):
        own = [(one, files(one)) for one in sources if one.table == table and one.is_files]
        names = named([path for _, paths in own for path in paths])
        for one, paths in own:
            found[one] = {path: names.pop(path) for path in paths if path in names}
    return found


def named(paths: Sequence[Path]) -> dict[Path, str]:
    """What each file is called in findings: its name, with as many of its folders as tell all apart."""
    each, depth = dict.fromkeys(paths), 1
    while len({path.parts[-depth:] for path in each}) < len(each):
        depth += 1
    return {path: "/".join(path.parts[-depth:]) for path in each}


def as_declared(sheets: Sequence[SheetText], sources: Sequence[Source]) -> list[SheetText]:
    """The sheets of the workbook, those that a source names marked as that table.

    Raises ``InputError`` for a sheet that is not there.
    """
    found = list(sheets)
    for one in sources:
        if one.is_sql or one.is_files:
            continue
        at = [k for k, sheet in enumerate(found) if key(sheet.sheet) == key(one.place)]
        if not at:
            sheets_there = ", ".join(sheet.sheet for sheet in sheets) or "-"
            raise InputError("source_sheet", said=one.said, sheet=masked(one.place), sheets=sheets_there)
        for k in at:
            found[k] = replace(found[k], table=one.table)
    return found


def _table(said: str) -> str | None:
    """The key of the table that is called so: its key or a title, with or without 表 at its end."""
    words = {key(said), key(said.removesuffix("表"))}
    for one in TABLES:
        if one.key not in _INSTRUCTIONS and words & {key(one.key), key(one.zh), key(one.en)}:
            return one.key
    return None
