"""Sheets as raw tables, written as text so that a test can be read: see ``tests.metrics.frames``.

    raw = sheet("orders", '''
        order_id | order_date | amount
        O1       | 2026-10-01 | 100
    ''')

The first column stands in column A, the first row in row 2. A blank cell is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tests.metrics.frames import cells
from xlsales.tables import specs
from xlsales.tables.spec import RawTable

if TYPE_CHECKING:
    from collections.abc import Sequence


def sheet(key: str, text: str, name: str = "Sheet1", source: str = "book.xlsx", **more: Any) -> RawTable:
    """The raw table ``key`` with the rows of ``text``; ``more`` are further fields of a RawTable."""
    header, rows = cells(text)
    return raw(
        key,
        {title: [row[at] or None for row in rows] for at, title in enumerate(header)},
        name,
        source,
        **more,
    )


def raw(
    key: str,
    columns: dict[str, Sequence[str | None]],
    name: str = "Sheet1",
    source: str = "book.xlsx",
    **more: Any,
) -> RawTable:
    """The raw table ``key`` with these columns of text."""
    frame = pd.DataFrame(columns, dtype=object)
    frame.index = pd.RangeIndex(2, 2 + len(frame))
    letters = dict(zip(columns, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
    return RawTable(specs.table(key), source, name, frame, letters, (), (1,), **more)
