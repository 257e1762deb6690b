"""What a lazy frame comes to, kept where its engine keeps things, so that it is not worked out again."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

_numbers = count(1)


def held(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The same frame, worked out once: a table of the database in DuckDB, a local checkpoint in Spark.

    A frame of pandas is worked out already and comes back as it is.
    """
    import narwhals as nw

    native = frame.to_native()
    if frame.implementation.is_duckdb():
        name = f"worked_out_{next(_numbers)}"  # which no other way of making tables there gives
        native.create(name)
        kept: nw.LazyFrame[Any] = nw.from_native(native.query("_", f"select * from {name}")).lazy()
        return kept
    if frame.implementation.is_pyspark():
        # Not only persisted: Spark would hold the whole way to it against every later query, for minutes.
        cut: nw.LazyFrame[Any] = nw.from_native(native.localCheckpoint()).lazy()
        return cut
    return frame


def fetched(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """What a frame comes to, in memory; for many rows with texts.

    Left to itself DuckDB makes a Python object of each text, which takes ten times as long and memory that
    nobody gets back. Through Arrow they stay where they are.
    """
    import pyarrow as pa

    if not frame.implementation.is_duckdb():
        rows: pd.DataFrame = frame.collect("pandas").to_pandas()
        return rows
    table: pa.Table = frame.collect("pyarrow").to_native()
    kinds = [pa.float64() if pa.types.is_decimal(one) else one for one in table.schema.types]
    table = table.cast(
        pa.schema(zip(table.column_names, kinds, strict=True))
    )  # DuckDB's sums of whole numbers
    found: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True, date_as_object=False)
    return found
