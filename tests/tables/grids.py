"""Sheets of text from rows as they read on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    from collections.abc import Sequence


def grid(
    rows: Sequence[Sequence[str | None]],
    *,
    sheet: str = "Sheet1",
    source: str = "book.xlsx",
    first_row: int = 1,
    first_column: int = 0,
    errors: Sequence[tuple[int, int]] = (),
) -> SheetText:
    """The rows from ``first_row`` on; "" and None are blank, and blank rows are gone as after reading."""
    width = max(map(len, rows), default=0)
    cells = [[cell or None for cell in (*row, *[None] * (width - len(row)))] for row in rows]
    frame = pd.DataFrame(
        cells, index=range(first_row, first_row + len(rows)), columns=range(width), dtype="str"
    )
    return SheetText(source, sheet, frame.dropna(how="all"), first_column, tuple(errors))


def table(text: str, **more: object) -> SheetText:
    """A sheet drawn with ``|`` between its cells, one line per row."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return grid([[cell.strip() for cell in line.split("|")] for line in lines], **more)  # type: ignore[arg-type]
