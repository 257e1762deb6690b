"""Typed columns become a sheet of text, so that they go the same way as every other input.

A number becomes its shortest exact decimal, a moment ISO, true and false these words: as ``SheetText`` has
them. The column names are row 1.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from xlsales.errors import InputError
from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    import pyarrow as pa

_WHOLE = r"^(-?[0-9]+)\.0+$"


def read_parquet(data: bytes, source: str, sheet: str) -> SheetText:
    """A Parquet file as a sheet. Raises ``InputError`` when it is none, or damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError):
        raise InputError("parquet_damaged", file=source) from None
    return sheet_of(found, source, sheet)


def write_parquet(table: pa.Table) -> bytes:
    """The table as a Parquet file; the same table gives the same bytes."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="lz4")
    return buffer.getvalue()


def sheet_of(table: pa.Table, source: str, sheet: str) -> SheetText:
    """The rows of ``table`` under its column names."""
    import pyarrow as pa

    from xlsales.tables.sources import frame

    columns = [
        pa.concat_arrays([pa.array([name], pa.large_string()), texts(table[k].combine_chunks())])
        for k, name in enumerate(table.column_names)
    ]
    return SheetText(source, sheet, frame(columns, ()))


def texts(column: pa.Array) -> pa.Array:
    """The values as text; blank text, NaN and null are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz:
            column = pc.local_timestamp(column)
        made = pc.strftime(column.cast(pa.timestamp("s"), safe=False), "%Y-%m-%d %H:%M:%S")
    elif pa.types.is_floating(kind):
        known = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
        made = pa.array(
            [None if value is None else shortest(value) for value in known.to_pylist()], pa.string()
        )
    elif pa.types.is_decimal(kind):
        made = pc.replace_substring_regex(column.cast(pa.string()), _WHOLE, r"\1")
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        made = pa.array(
            [None if value is None else _said(value) for value in column.to_pylist()], pa.string()
        )
    else:
        made = column.cast(pa.string())
    made = made.cast(pa.large_string())
    blank = pc.equal(pc.utf8_trim_whitespace(made), "")
    return pc.if_else(blank, pa.scalar(None, pa.large_string()), made)


def _said(value: object) -> str:
    """Text that a file holds as bytes is text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def shortest(value: float) -> str:
    """The fewest digits that mean this number, and no others."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
