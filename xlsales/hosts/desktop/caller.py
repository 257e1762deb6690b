"""The open workbook whose button was pressed, and the Excel that it is open in.

``Live`` is Excel's own object model as Windows gives it. On a Mac xlwings reaches Excel by another road
with other words, so there ``mac`` goes its own way.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.patience import patient


@dataclass(frozen=True)
class Live:
    """An open workbook, its Excel, and its name and full name as they are now.

    The full name is a path, an address (``https://…``) of OneDrive or SharePoint, or, before the first
    save, only a name. No path is ever made from it.
    """

    book: Any
    app: Any
    name: str
    fullname: str


def caller() -> Live:
    """The workbook whose button was pressed. WorkbookError where no Excel called."""
    return live(calling_book())


def calling_book() -> Any:
    """The same as xlwings knows it."""
    import xlwings

    if sys.platform == "win32":
        # xlwings would try a refused call again for ever, without a word.
        xlwings._xlwindows.N_COM_ATTEMPTS = 1
    try:
        return xlwings.Book.caller()
    except Exception as error:
        raise WorkbookError("no_caller") from error


def live(book: Any) -> Live:
    """A workbook of xlwings' as Excel's own objects."""
    excel = patient(book.api)
    return Live(excel, excel.Application, excel.Name, excel.FullName)
