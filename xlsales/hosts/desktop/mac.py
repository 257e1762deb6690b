"""The open book on a Mac, where Excel saves no copy of itself and takes no orders about charts.

So the used ranges of its raw sheets are read, and the pages come as a workbook of their own that opens
beside it, with the raw data that they were made from. xlwings' own calls are used and no others, save one
for the text that a cell shows: they are the same on both systems. Only a real Excel on a Mac can confirm
that its folder may be written without a question, and that a sheet copied between books keeps its hidden
names.
"""

from __future__ import annotations

import secrets
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.hosts.desktop.saved import folder_of, private_folder, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xlsales.analysis import Analysis
    from xlsales.hosts.desktop.refresh import Made
    from xlsales.language import Language
    from xlsales.report.blocks import Page

CONTAINER = "Library/Containers/com.microsoft.Excel/Data"
"""Excel's own folder in the user's, which it may open without asking."""
LONGEST = 31
"""Characters of a sheet's name."""


def spoken_of(book: Any) -> Language:
    """The language that the names of the sheets are in, since Excel for Mac does not say its own."""
    return "en" if all(str(sheet.name).isascii() for sheet in book.sheets) else "zh"


@contextmanager
def used_copy(book: Any) -> Iterator[Path]:
    """The used ranges of the book as a file under its name, gone afterwards."""
    with private_folder() as folder:
        copy = folder / f"{stem(book.name)}.xlsx"
        copy.write_bytes(used_ranges(book))
        yield copy


def made_from(
    book: Any,
    only: Sequence[str] = (),
    pages: Callable[[Analysis, Language], tuple[Page, ...]] | None = None,
) -> Made:
    """Compute the pages of the book as ``refresh`` does on Windows; raises what that raises."""
    from xlsales.hosts.desktop.refresh import made_of

    with used_copy(book) as copy:
        return made_of(copy, only, pages, lambda *_, **__: None, folder_of(book.fullname))


def open_beside(book: Any, made: Made, table: str | None = None) -> Path:
    """Open the pages beside the book, at the first of them, and at its table of this name; where they are."""
    from xlsales.hosts.desktop.show import is_table

    out = _folder() / f"{stem(book.name)}-{secrets.token_hex(4)}.xlsx"
    out.write_bytes(made.after)
    opened = book.app.books.open(str(out))
    page = opened.sheets[made.names[made.report.pages[0].key]]
    page.activate()
    for found in page.tables if table else ():
        if is_table(found.name, str(table)):
            found.range.select()
    return out


def copy_in(book: Any, data: bytes, key: str | None = None) -> list[str]:
    """The sheets of a workbook at the end of the open one, marked with the key; their names there.

    The open book must have no sheets of these names.
    """
    from xlsales.package.book import open_book
    from xlsales.package.names import MARKER

    source = open_book(data)
    if key is not None:
        for sheet in source.sheets:
            source.define(MARKER, f'"{key}"', sheet.place, hidden=True)
    path = _folder() / f"xlsales-{secrets.token_hex(4)}.xlsx"
    path.write_bytes(source.to_bytes())
    copied = []
    try:
        opened = book.app.books.open(str(path))
        try:
            for sheet in list(opened.sheets):
                copy = sheet.copy(after=book.sheets[-1])
                if key is not None and key_of(copy) != key:  # else it would be read as raw data
                    copy.names.add(MARKER, f'="{key}"')
                copied.append(str(copy.name))
        finally:
            opened.close()
    finally:
        path.unlink()
    return copied


def free_names(book: Any, wished: Sequence[str]) -> list[str]:
    """Names that neither a sheet of the book nor one another has, with a number where one is taken."""
    taken = {str(sheet.name).lower() for sheet in book.sheets}
    names = []
    for wish in wished:
        name, number = wish, 1
        while name.lower() in taken:
            number += 1
            ending = f" ({number})"
            name = wish[: LONGEST - len(ending)] + ending
        taken.add(name.lower())
        names.append(name)
    return names


def marked_sheet(book: Any, key: str) -> Any:
    """The sheet of the book that carries this mark; None where none does."""
    return next((sheet for sheet in book.sheets if key_of(sheet) == key), None)


def key_of(sheet: Any) -> str | None:
    """What the mark of a sheet says; None for one without."""
    from xlsales.package.names import MARKER

    for name in sheet.names:
        if str(name.name).rpartition("!")[2] == MARKER:
            return str(name.refers_to).removeprefix("=").strip('"')
    return None


def used_ranges(book: Any) -> bytes:
    """The raw sheets and the settings sheet as a workbook of values; no other sheet of ours."""
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
            key = key_of(sheet)
            if key in (None, SHEET):
                if key:
                    marks.append(len(target.worksheets()))
                _values(sheet.used_range, target.add_worksheet(sheet.name), day)
    made = open_book(buffer.getvalue())
    for place in marks:
        made.define(MARKER, f'"{SHEET}"', place, hidden=True)
    return made.to_bytes()


def _folder() -> Path:
    container = Path.home() / CONTAINER
    return container if container.is_dir() else Path(tempfile.gettempdir())


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
