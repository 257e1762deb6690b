"""Rows that come piece by piece become columns of one type each, and no value is lost on the way.

A piece has the types of its own values. A later one may need wider types: whole numbers become decimals, days
moments, and what nothing else holds becomes text. Whole numbers beyond 2^53 are text at once, being ids that
a decimal would confuse with their neighbours.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import reduce
from math import isfinite
from typing import TYPE_CHECKING, Any

from xlsales.tables.arrow import shortest, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pyarrow as pa

EXACT = 2**53
"""Up to here a decimal holds every whole number."""


def piece(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    """The rows with the types of their values; a column without any has the type of nulls."""
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.record_batch([_array(column) for column in columns], names=list(names))


def table(pieces: Iterable[pa.RecordBatch]) -> pa.Table:
    """All pieces, at least one, in the types that hold them all."""
    import pyarrow as pa

    found = list(pieces)
    schema = _settled(reduce(_wider, (one.schema for one in found)))
    return pa.Table.from_batches([_fitted(one, schema) for one in found], schema)


def write(pieces: Iterable[pa.RecordBatch], path: Path) -> None:
    """The same as a Parquet file, never more than a piece in memory.

    What came before wider types were needed lies in parts beside the file, and is written again at the end.
    """
    import pyarrow.parquet as pq

    parts: list[Path] = []
    rest = iter(pieces)
    one = next(rest, None)
    schema = one.schema if one is not None else None
    while one is not None:
        parts.append(path.with_name(f"{path.name}.{len(parts)}"))
        with pq.ParquetWriter(parts[-1], schema) as part:
            while one is not None and _wider(schema, one.schema) == schema:
                part.write_batch(_fitted(one, schema))
                one = next(rest, None)
        schema = _wider(schema, one.schema) if one is not None else _settled(schema)
    if len(parts) == 1 and pq.read_schema(parts[0]) == schema:
        parts[0].rename(path)
        return
    with pq.ParquetWriter(path, schema) as whole:
        for written in parts:
            with pq.ParquetFile(written) as read:
                for rows in read.iter_batches():
                    whole.write_batch(_fitted(rows, schema))
            written.unlink()


def _array(column: Sequence[Any]) -> pa.Array:
    import pyarrow as pa

    values = [_plain(value) for value in column]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds <= {int, float}:
        return pa.array(values, pa.int64() if kinds == {int} else pa.float64())
    if kinds == {date}:
        return pa.array(values, pa.date32())
    if kinds <= {date, datetime}:
        moments = [datetime.combine(one, time()) if type(one) is date else one for one in values]
        return pa.array(moments, pa.timestamp("us"))
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _plain(value: Any) -> Any:
    """The value as one of the kinds that columns have, text where no number would be exact."""
    if isinstance(value, Decimal):
        value = _number(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.time())  # the day and hour as the database says them
    return value if isinstance(value, date) else str(value)


def _number(value: Decimal) -> int | float | str | None:
    if not value.is_finite():
        return None
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else f"{value:f}".rstrip("0")


def _text(value: Any) -> str:
    """The value as ``texts`` writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return shortest(value) if isinstance(value, float) else str(value)


def _wider(one: pa.Schema, other: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    kinds = zip(one.names, one.types, other.types, strict=True)
    return pa.schema([(name, _holding(first, second)) for name, first, second in kinds])


def _holding(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """The narrowest type that holds the values of both."""
    import pyarrow as pa

    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    if {one, other} == {pa.int64(), pa.float64()}:
        return pa.float64()
    if {one, other} == {pa.date32(), pa.timestamp("us")}:
        return pa.timestamp("us")
    return pa.string()


def _settled(schema: pa.Schema) -> pa.Schema:
    """Columns in which nothing stood are blank text."""
    import pyarrow as pa

    return pa.schema([(one.name, pa.string() if pa.types.is_null(one.type) else one.type) for one in schema])


def _fitted(piece: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [
        texts(column).cast(kind) if pa.types.is_string(kind) and column.type != kind else column.cast(kind)
        for column, kind in zip(piece.columns, schema.types, strict=True)
    ]
    return pa.record_batch(columns, schema=schema)
