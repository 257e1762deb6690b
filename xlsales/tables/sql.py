"""The rows of a SQL query, through SQLAlchemy: whatever database it has a dialect for.

The query runs in a transaction that is never committed. Whatever goes wrong is one ``InputError`` with the
first line of what the database says, without any credential.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from xlsales.credentials import filled, masked
from xlsales.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import pyarrow as pa

    from xlsales.tables.declared import Source

PIECE = 50_000
"""So many rows are fetched at a time; the types of the columns are those of the first piece."""


def rows(source: Source) -> Generator[pa.RecordBatch]:
    """The rows piece by piece, at least one piece even where there are none.

    Raises ``InputError`` without SQLAlchemy or the driver, for an address, login or query that the database
    refuses, and for a connection that is lost while rows are fetched.
    """
    import pyarrow as pa

    try:
        import sqlalchemy
    except ModuleNotFoundError:
        raise InputError("extra_missing", extra="sql", what="SQLAlchemy") from None
    try:
        engine = sqlalchemy.create_engine(filled(source.place))
    except ModuleNotFoundError as error:
        raise InputError("driver_missing", place=masked(source.place), driver=error.name) from None
    except (sqlalchemy.exc.ArgumentError, ValueError):  # no address, or no number as its port
        raise InputError("source_address", said=source.said, place=masked(source.place)) from None
    # In SQL a colon before a word is no parameter of ours, but a cast or a time of day.
    query = sqlalchemy.text(source.query.replace(":", r"\:"))
    try:
        with (
            engine.connect().execution_options(stream_results=True) as connection,
            closing(connection.execute(query)) as found,
        ):
            yield from _batches(list(found.keys()), found.partitions(PIECE))
    except (sqlalchemy.exc.SQLAlchemyError, pa.ArrowException, OSError) as error:
        reason = masked(_first_line(getattr(error, "orig", None) or error))
        raise InputError("sql_failed", said=source.said, place=masked(source.place), reason=reason) from None
    finally:
        engine.dispose()


def _batches(names: Sequence[str], pieces: Iterator[Sequence[Any]]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    schema: pa.Schema | None = None
    for piece in pieces:
        columns = [[_plain(value) for value in column] for column in zip(*piece, strict=True)]
        if schema is None:
            schema = pa.schema([(name, _kind(column)) for name, column in zip(names, columns, strict=True)])
        yield pa.record_batch(
            [_array(*one) for one in zip(columns, schema.types, strict=True)], schema=schema
        )
    if schema is None:
        yield pa.record_batch(
            [pa.array([], pa.string()) for _ in names],
            schema=pa.schema([(name, pa.string()) for name in names]),
        )


def _plain(value: Any) -> Any:
    from datetime import date, datetime
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # the day and hour as the database says them
    return value if value is None or isinstance(value, bool | int | float | str | date) else str(value)


def _kind(column: Sequence[Any]) -> pa.DataType:
    """The type of a column as its first values have it; numbers may get decimals later on."""
    import pyarrow as pa

    try:
        found = pa.array(column)
    except pa.ArrowException:
        return pa.string()
    if pa.types.is_null(found.type):
        return pa.string()
    return pa.timestamp("us") if pa.types.is_timestamp(found.type) else found.type


def _array(column: Sequence[Any], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_string(kind):
        column = [value if value is None else str(value) for value in column]
    return pa.array(column, kind)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
