"""Cells that ask for refreshed data without reading any cell: Excel cannot know that they are out of date."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.hosts.desktop.caller import Live

ASKING = "XS_METRIC("
FORMULAS, PART = -4123, 2
"""xlFormulas and xlPart."""


def mark_stale(live: Live) -> None:
    """Have Excel compute these cells again. A sheet that will not be searched keeps what it shows."""
    for sheet in live.book.Worksheets:
        with contextlib.suppress(Exception):  # the pages are brought, and that is what the user waits for
            used = sheet.UsedRange
            cell = used.Find(What=ASKING, LookIn=FORMULAS, LookAt=PART)
            first = cell.Address if cell is not None else None
            while cell is not None:
                cell.Dirty()
                cell = used.FindNext(cell)
                if cell is None or cell.Address == first:
                    break
