"""What a lazy frame comes to, kept where its engine keeps things, so that it is not worked out again."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

_numbers = count(1)


def held(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The same frame, worked out once: a table of the database in DuckDB, a local checkpoint in Spark.

    A frame of pandas is worked out already and comes back as it is.
    """
    import narwhals as nw

    native = frame.to_native()
    if frame.implementation.is_duckdb():
        name = f"held_{next(_numbers)}"
        native.create(name)
        kept: nw.LazyFrame[Any] = nw.from_native(native.query("_", f"select * from {name}")).lazy()
        return kept
    if frame.implementation.is_pyspark():
        # Not only persisted: Spark would hold the whole way to it against every later query, for minutes.
        cut: nw.LazyFrame[Any] = nw.from_native(native.localCheckpoint()).lazy()
        return cut
    return frame
