"""The settings sheet as a button changes it: one value, with nothing else on the sheet touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.names import marked
from xlsales.settings import KEYS, SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.hosts.desktop.caller import Live

ROWS = 60
"""So far down the settings sheet its keys are looked for."""


def settings_sheet(live: Live) -> str:
    """The name of the settings sheet. WorkbookError where the book has none."""
    for sheet, key in marked(live).items():
        if key == SHEET:
            return sheet
    raise WorkbookError("no_settings")


def wish(live: Live, key: str, value: str) -> None:
    """Write a setting as text; blank is the default. What is written is checked first.

    InputError for a value that means nothing, WorkbookError where there is no such row or it is protected.
    """
    name = settings_sheet(live)
    sheet = live.book.Sheets(name)
    row = row_of(key, value, [said for (said,) in sheet.Range(f"A1:A{ROWS}").Value], name)
    if sheet.ProtectContents:
        raise WorkbookError("sheet_protected", sheet=name)
    cell = sheet.Range(f"B{row}")
    cell.NumberFormat = "@"  # else Excel makes a date of 2026-10
    cell.Value = value


def row_of(key: str, value: str, column: Sequence[object], sheet: str) -> int:
    """The row of a setting, by the first column of its sheet, once the value is checked.

    Errors as in ``wish``.
    """
    from xlsales.settings import settings

    row = next((row for row, said in enumerate(column, 1) if str(said).strip().lower() == key), None)
    if key not in KEYS or row is None:
        raise WorkbookError("no_settings")
    settings({f"A{row}": key, f"B{row}": value}, sheet)
    return row
