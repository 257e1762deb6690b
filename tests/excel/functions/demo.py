"""The demo's sheets as ranges: what Excel would hand over for each of them."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tests.demo_made import demo_bytes
from tests.excel.functions.windows import FakeRange, com
from xlsales.demo.layout import LAYOUTS
from xlsales.tables.sources import read_workbook

if TYPE_CHECKING:
    from xlsales.language import Language

HEAD = 12
NAME_ERROR = -2146826259
"""What COM gives for #NAME?."""


@cache
def sheets(lang: Language) -> dict[str, tuple[tuple[Any, ...], ...]]:
    """The raw sheets by name, each cell as ``Range.Value`` gives it.

    python-calamine reads the kinds of the cells; it leaves errors blank, so these are put where our reader
    finds them.
    """
    import python_calamine

    data = demo_bytes(lang)
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    found = {}
    for sheet in read_workbook(data, "demo"):
        rows = book.get_sheet_by_name(sheet.sheet).to_python(skip_empty_area=False)
        cells = [[None if value == "" else value for value in row] for row in rows]
        for row, label in sheet.errors:
            cells[row - 1][sheet.first_column + label] = NAME_ERROR
        found[sheet.sheet] = com(cells)
    return found


def sheet_of(table: str, lang: Language) -> FakeRange:
    """The whole sheet of a table."""
    name = next(layout.name(lang) for layout in LAYOUTS if layout.table == table)
    return FakeRange(sheets(lang)[name], sheet=name)


def range_of(table: str, lang: Language) -> FakeRange:
    """The sheet of a table, as far as it is ``kept``."""
    whole = sheet_of(table, lang)
    return FakeRange(tuple(whole.values[at] for at in kept(len(whole.values))), sheet=whole.sheet)


def kept(rows: int) -> list[int]:
    """The places of the rows of a sheet that are enough here: its head, and the last third of the rest."""
    return [*range(min(HEAD, rows)), *range(max(HEAD, rows - rows // 3), rows)]
