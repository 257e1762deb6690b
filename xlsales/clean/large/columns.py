"""Columns of a table in an engine: the types of values, the different texts, and those that stages add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.frames import DTYPES

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import Column

    Frame = nw.LazyFrame[Any]

MANY = 50_000
"""What has more different texts does not come out of the engine."""
GONE = "gone"
"""The column that says by which rule a row is left out; null where it counts."""
TAG = "decided"
"""The column of the number of a row that was decided about by itself, ``NO_ROW`` in others."""


def texts_of(frame: Frame, name: str) -> pd.Series:
    """The different texts of a column in their order."""
    import narwhals as nw

    return _in_order(frame.select(text=nw.col(name)).drop_nulls().unique())


def few_texts_of(frame: Frame, name: str) -> pd.Series | None:
    """The different texts of a column in their order; None where there are more than ``MANY``.

    To count them too takes far longer where there are many: an engine stops once it has found enough.
    """
    import narwhals as nw

    texts = _in_order(frame.select(text=nw.col(name)).drop_nulls().unique().head(MANY + 1))
    return None if len(texts) > MANY else texts


def counts_of(frame: Frame, name: str) -> pd.DataFrame | None:
    """The different texts (``text``) of a column in their order, each with its count (``n``).

    None where there are more than ``MANY``.
    """
    import narwhals as nw

    found = frame.select(text=nw.col(name)).drop_nulls().group_by("text").agg(n=nw.len()).head(MANY + 1)
    counts: pd.DataFrame = found.collect("pandas").to_pandas().astype({"text": "str", "n": "int64"})
    return None if len(counts) > MANY else counts.sort_values("text", ignore_index=True)


def small_table(engine: Lazy, rows: pd.DataFrame) -> Frame:
    """What memory knows as a table of the engine's."""
    import narwhals as nw
    import pyarrow as pa

    native = engine.table(pa.Table.from_pandas(rows, preserve_index=False))
    made: Frame = nw.from_native(native).lazy()
    return made


def typed(column: Column, kind: Any) -> bool:
    """Whether a column of this type has the values of ``column`` and no texts to read."""
    import narwhals as nw

    if column.kind == "date":
        return kind == nw.Date or isinstance(kind, nw.Datetime)
    return column.kind in ("money", "count") and kind.is_numeric() and column.name != "discount"


def dtype_of(column: Column) -> Any:
    """The type of the values of a column."""
    import narwhals as nw

    return {
        "str": nw.String,
        "datetime64[us]": nw.Datetime("us"),
        "float64": nw.Float64,
        "boolean": nw.Boolean,
    }[DTYPES[column.kind]]


def _in_order(texts: Frame) -> pd.Series:
    return texts.collect("pandas").to_pandas()["text"].astype("str").sort_values(ignore_index=True)
