"""What ranges with headers say: recognised and cleaned exactly as the sheets of a file are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.functions._memory import Kept
from xlsales.tables.live import sheet_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.analysis import Understood
    from xlsales.clean.clean import Cleaned
    from xlsales.tables.live import Cells
    from xlsales.tables.mapping import Survey

_understood: Kept[Understood] = Kept(3_000_000)
"""By the ranges it was made from, within so many cells: some tables of 100,000 rows."""


def understood(ranges: Mapping[str, Cells]) -> Understood:
    """The tables in the ranges, by the argument each was given as.

    Raises ``InputError`` where there is none, or a range contradicts itself. A function may be about
    contracts or surveys alone, without an order or a lead.
    """
    from xlsales.analysis import enough, understand
    from xlsales.tables.mapping import survey

    key = tuple((name, cells.digest, cells.sheet) for name, cells in ranges.items())
    found = _understood.get(key)
    if found is None:
        sheets = [sheet_text(cells, name) for name, cells in ranges.items()]
        read = survey(sheets)
        found = understand(read if read.tables else enough(read, sheets))
        _understood.put(key, found, sum(cells.height * cells.width for cells in ranges.values()))
    return found


def checked(cells: Cells, name: str) -> tuple[Survey, Cleaned]:
    """What one range was read as, and every finding in it, whatever table it is."""
    from xlsales.clean.clean import clean
    from xlsales.tables.mapping import survey

    found = survey([sheet_text(cells, name)])
    return found, clean(found.tables)
