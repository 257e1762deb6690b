"""The shape of a clean table: exactly its spec's columns, typed, plus where each row came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.tables.spec import Kind, Table

DTYPES: dict[Kind, str] = {
    "id": "str",
    "text": "str",
    "stage": "str",
    "date": "datetime64[us]",
    "money": "float64",
    "count": "float64",
    "percent": "float64",
    "flag": "boolean",
}


def conform(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the columns of ``table`` in order and typed; absent ones are all null.

    A metric can therefore name any canonical column, and an input that is absent looks like one that
    is blank. Blank text is null, never "".
    """
    import pandas as pd

    columns = {
        column.name: frame[column.name].astype(pd.api.types.pandas_dtype(DTYPES[column.kind]))
        if column.name in frame
        else pd.Series(None, index=frame.index, dtype=DTYPES[column.kind])
        for column in table.columns
    }
    columns[SOURCE] = frame[SOURCE] if SOURCE in frame else pd.Series("", index=frame.index, dtype="str")
    columns[ROW] = frame[ROW] if ROW in frame else pd.Series(0, index=frame.index, dtype="int64")
    return pd.DataFrame(columns, copy=False).reset_index(drop=True)
