"""The rows of a SQL query, through SQLAlchemy: whatever database it has a dialect for.

The query only reads: nothing but a SELECT is taken, a SQLite file is opened to be read, PostgreSQL is asked
for a transaction that reads, and none is ever committed. Whatever goes wrong is one ``InputError`` with the
first line of what the database says, without any credential.
"""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from xlsales.credentials import filled, masked, shown
from xlsales.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    import pyarrow as pa

    from xlsales.tables.declared import Source

PIECE = 50_000
"""So many rows are fetched at a time."""

_COMMENT_OR_QUOTED = re.compile(
    r"""(?sx) (?P<comment> --[^\n]* | /\*.*?\*/ )
    | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$"""
)
_READS = re.compile(r"(?i)[\s(]*(?:select|with|values)\b[^;]*[;\s]*")


def reads_only(query: str) -> bool:
    """Whether the query is one statement, and one that asks for rows."""
    bare = _COMMENT_OR_QUOTED.sub(lambda one: " " if one["comment"] else "''", query)
    return _READS.fullmatch(bare) is not None


def name(source: Source) -> str:
    """What the rows are called in findings: the kind of database with the table."""
    kind, found, _ = filled(source.place).partition("://")
    if not found:
        raise _no_address(source)
    return f"{kind.partition('+')[0]}-{source.table}"


def rows(source: Source) -> Generator[pa.RecordBatch]:
    """The rows piece by piece, each with the types of its values; one piece even where there are none.

    Raises ``InputError`` without SQLAlchemy or the driver, for an address, login or query that the database
    refuses, and for a connection that is lost while rows are fetched.
    """
    import pyarrow as pa

    from xlsales.tables.widening import piece

    try:
        import sqlalchemy
    except ModuleNotFoundError:
        raise InputError("extra_missing", extra="sql", what="SQLAlchemy") from None
    try:
        engine = sqlalchemy.create_engine(_to_read(sqlalchemy.make_url(filled(source.place))))
    except ModuleNotFoundError as error:
        raise InputError("driver_missing", place=shown(source.place), driver=error.name) from None
    except (sqlalchemy.exc.ArgumentError, ValueError):  # no address, or no number as its port
        raise _no_address(source) from None
    # In SQL a colon before a word is no parameter of ours, but a cast or a time of day.
    query = sqlalchemy.text(source.query.replace(":", r"\:"))
    try:
        with (
            _connected(engine, source) as connection,
            closing(connection.execute(query)) as found,
        ):
            names = _numbered(list(found.keys()))
            first = found.fetchmany(PIECE)
            yield piece(names, first)
            for more in found.partitions(PIECE):
                yield piece(names, more)
    except (sqlalchemy.exc.SQLAlchemyError, pa.ArrowException, OSError) as error:
        reason = masked(_first_line(getattr(error, "orig", None) or error))
        raise InputError("sql_failed", said=source.said, place=shown(source.place), reason=reason) from None
    finally:
        engine.dispose()


def _to_read(url: Any) -> Any:
    """The address of a SQLite file as one that is only read, and not made where it is missing."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return url
    if "uri" not in url.query:
        path = Path(url.database).absolute().as_posix()
        # No ``as_uri``: SQLite takes no server in an address, but two slashes before one in the path.
        url = url.set(database=f"file://{quote(path if path.startswith('/') else f'/{path}')}")
    return url.update_query_dict({"mode": "ro", "uri": "true"})


def _connected(engine: Any, source: Source) -> Any:
    try:
        connection = engine.connect()
    except TypeError as error:  # how Python's own functions refuse an argument, and so drivers do
        said = masked(_first_line(error))
        named = re.search(r"argument '(\w+)'", said)
        option = named[1] if named else said
        place = shown(source.place)
        raise InputError("source_option", said=source.said, place=place, option=option) from None
    return connection.execution_options(stream_results=True, postgresql_readonly=True)


def _numbered(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that were there already; case makes no other name."""
    given = {one.casefold() for one in names}
    found: dict[str, str] = {}
    for one in names:
        called, number = one, 2
        while called.casefold() in (found if called == one else found.keys() | given):
            called, number = f"{one} {number}", number + 1
        found[called.casefold()] = called
    return list(found.values())


def _no_address(source: Source) -> InputError:
    return InputError("source_address", said=source.said, place=shown(source.place))


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip().rstrip(".") if lines else type(error).__name__
