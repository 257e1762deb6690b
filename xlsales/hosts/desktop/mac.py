"""The open book on a Mac, where Excel saves no copy of itself and takes no orders about charts.

So the used ranges of its raw sheets are read, and the pages come as a workbook of their own that opens
beside it. The open book is not touched. xlwings' own calls are used and no others: they are the same on
both systems. Only a real Excel on a Mac can confirm that its folder may be written without a question.
"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.hosts.desktop.saved import private_folder, stem

if TYPE_CHECKING:
    from xlsales.language import Language

CONTAINER = "Library/Containers/com.microsoft.Excel/Data"
"""Excel's own folder in the user's, which it may open without asking."""


def spoken_of(book: Any) -> Language:
    """The language that the names of the sheets are in, since Excel for Mac does not say its own."""
    return "en" if all(str(sheet.name).isascii() for sheet in book.sheets) else "zh"


def refresh_beside(book: Any) -> Path:
    """Make the pages from the used ranges of ``book``, open them as a workbook beside it; where it is.

    Raises what the file host raises.
    """
    from xlsales.hosts.file import refresh

    container = Path.home() / CONTAINER
    folder = container if container.is_dir() else Path(tempfile.gettempdir())
    out = folder / f"{stem(book.name)}-{secrets.token_hex(4)}.xlsx"
    with private_folder() as private:
        raw = private / f"{stem(book.name)}.xlsx"
        raw.write_bytes(used_ranges(book))
        refresh([raw], out)
    book.app.books.open(str(out))
    return out


def used_ranges(book: Any) -> bytes:
    """The raw sheets and the settings sheet as a workbook of values; no sheet that a refresh wrote."""
    from io import BytesIO

    import xlsxwriter

    from xlsales.package.book import open_book
    from xlsales.package.names import MARKER
    from xlsales.settings import SHEET

    buffer, marks = BytesIO(), []
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(buffer, options) as target:
        day = target.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for sheet in book.sheets:
            key = _key(sheet)
            if key in (None, SHEET):
                if key:
                    marks.append(len(target.worksheets()))
                _values(sheet.used_range, target.add_worksheet(sheet.name), day)
    made = open_book(buffer.getvalue())
    for place in marks:
        made.define(MARKER, f'"{SHEET}"', place, hidden=True)
    return made.to_bytes()


def _key(sheet: Any) -> str | None:
    from xlsales.package.names import MARKER

    for name in sheet.names:
        if str(name.name).rpartition("!")[2] == MARKER:
            return str(name.refers_to).removeprefix("=").strip('"')
    return None


def _values(used: Any, target: Any, day: Any) -> None:
    for row, values in enumerate(used.options(ndim=2).value, start=used.row - 1):
        for column, value in enumerate(values, start=used.column - 1):
            if isinstance(value, str):
                target.write_string(row, column, value[:32_767])
            elif isinstance(value, bool):
                target.write_boolean(row, column, value)
            elif hasattr(value, "isoformat"):
                target.write_datetime(row, column, value, day)
            elif value is not None:
                target.write_number(row, column, float(value))
