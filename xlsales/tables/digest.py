"""A few letters that stand for all that a sheet says, so that a refresh knows whether anything is new."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.tables.spec import RawTable


def digest(raw: RawTable) -> str:
    """12 hexadecimal digits of the headers and cells of a recognised sheet; its name does not count."""
    found = blake2b(repr((raw.table.key, [match.header for match in raw.matches])).encode(), digest_size=6)
    for name in sorted(raw.frame.columns):
        found.update(f"\n{name}\n".encode())
        for piece in _buffers(raw.frame[name]):
            found.update(piece)
    if raw.rest is not None:
        found.update(raw.rest.to_numpy().tobytes())
    return found.hexdigest()


def _buffers(texts: pd.Series) -> list[bytes | memoryview]:
    """The lengths of the texts and the texts themselves, without a Python object for any of them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(texts, pa.large_string(), from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    _, offsets, data = column.buffers()
    if not len(column) or data is None:
        return []
    ends = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    lengths = pc.fill_null(pc.binary_length(column), -1).to_numpy(zero_copy_only=False)
    return [lengths.astype(np.int32).tobytes(), memoryview(data)[ends[0] : ends[-1]]]
