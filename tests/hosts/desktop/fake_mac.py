"""The fake Excel as xlwings shows it on a Mac: its own calls, and nothing of the object model of Windows.

What is not here, the code for a Mac must not use: whatever it asks for beyond is an AttributeError.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter, range_boundaries

from tests.hosts.desktop import fake_books
from tests.hosts.desktop.fake_books import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hosts.desktop.fake_excel import ComBook, ComRange, ComSheet, Excel


class MacApp:
    """The application, the files that it was told to print, and whether hidden names travel with a sheet."""

    def __init__(self, excel: Excel) -> None:
        self.excel = excel
        self.names_travel = True

    @property
    def books(self) -> MacBooks:
        return MacBooks(self)

    @property
    def selection(self) -> MacRange | None:
        book = self.excel.active
        assert book is not None
        page = book.ActiveSheet
        return MacRange(self, page.Range(page.sheet.selection))

    def alert(self, prompt: str, title: str) -> None:
        self.excel.alerts.append(prompt)


class MacBooks:
    def __init__(self, app: MacApp) -> None:
        self.app = app

    def __iter__(self) -> Iterator[MacBook]:
        return (MacBook(self.app, book) for book in self.app.excel.books)

    def open(self, path: str) -> MacBook:
        return MacBook(self.app, self.app.excel.open(Path(path).read_bytes(), Path(path).name, path))


class MacBook:
    def __init__(self, app: MacApp, book: ComBook) -> None:
        self.app, self.book = app, book

    @property
    def name(self) -> str:
        return self.book.name

    @property
    def fullname(self) -> str:
        return self.book.fullname

    @property
    def sheets(self) -> MacSheets:
        return MacSheets(self)

    @property
    def names(self) -> list[MacName]:
        return [MacName(name, entry.refers) for name, entry in self.book.book.names.items()]

    def activate(self) -> None:
        self.book.Activate()

    def close(self) -> None:
        self.book.Close(SaveChanges=False)

    def to_pdf(self, path: str, include: list[str]) -> None:
        Path(path).write_bytes(b"%PDF")
        self.book.excel.printed.append((path, include))


class MacSheets:
    def __init__(self, book: MacBook) -> None:
        self.book = book

    def __iter__(self) -> Iterator[MacSheet]:
        return (MacSheet(self.book, sheet) for sheet in self.book.book.Sheets)

    def __getitem__(self, key: int | str) -> MacSheet:
        found = list(self)
        return found[key] if isinstance(key, int) else next(one for one in found if one.name == key)


class MacSheet:
    def __init__(self, book: MacBook, sheet: ComSheet) -> None:
        self.book, self.sheet = book, sheet

    @property
    def name(self) -> str:
        return self.sheet.Name

    @property
    def names(self) -> MacNames:
        return MacNames(self)

    @property
    def visible(self) -> bool:
        return self.sheet.Visible == -1

    @visible.setter
    def visible(self, value: bool) -> None:
        self.sheet.Visible = -1 if value else 0

    @property
    def used_range(self) -> MacRange:
        return MacRange(self.book.app, self.sheet.UsedRange)

    @property
    def tables(self) -> list[MacTable]:
        return [MacTable(self.book.app, table) for table in self.sheet.ListObjects]

    def range(self, place: str | tuple[int, int]) -> MacRange:
        cells = place if isinstance(place, str) else f"{get_column_letter(place[1])}{place[0]}"
        return MacRange(self.book.app, self.sheet.Range(cells))

    def activate(self) -> None:
        self.sheet.Activate()

    def copy(self, after: MacSheet) -> MacSheet:
        self.sheet.Copy(After=after.sheet)
        copied = after.book.sheets[-1]
        if not self.book.app.names_travel:
            copied.sheet.sheet.names.clear()
        return copied


class MacName:
    def __init__(self, name: str, refers_to: str) -> None:
        self.name, self.refers_to = name, refers_to


class MacNames:
    def __init__(self, sheet: MacSheet) -> None:
        self.sheet = sheet

    def __iter__(self) -> Iterator[MacName]:
        page = self.sheet.sheet.sheet
        return (MacName(f"'{page.name}'!{name}", entry.refers) for name, entry in page.names.items())

    def add(self, name: str, refers_to: str) -> None:
        self.sheet.sheet.sheet.names[name] = fake_books.Name(refers_to)


class MacTable:
    def __init__(self, app: MacApp, table: Any) -> None:
        self.app, self.table = app, table

    @property
    def name(self) -> str:
        return str(self.table.Name)

    @property
    def range(self) -> MacRange:
        return MacRange(self.app, self.table.Range)


class MacRange:
    def __init__(self, app: MacApp, cells: ComRange) -> None:
        self.app, self.cells = app, cells

    def __getitem__(self, place: tuple[int, int]) -> MacRange:
        assert place == (0, 0)
        return MacRange(self.app, self.cells(1, 1))

    @property
    def api(self) -> SimpleNamespace:
        return SimpleNamespace(string_value=SimpleNamespace(get=lambda: self.cells.Text))

    @property
    def sheet(self) -> MacSheet:
        return MacSheet(MacBook(self.app, self.cells.on.book), self.cells.on)

    @property
    def address(self) -> str:
        return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", self.cells.cells)

    @property
    def row(self) -> int:
        return self.cells.Row

    @property
    def column(self) -> int:
        return self.cells.Column

    @property
    def table(self) -> MacTable | None:
        found = self.cells.ListObject
        return None if found is None else MacTable(self.app, found)

    @property
    def merge_area(self) -> MacRange:
        return MacRange(self.app, self.cells.MergeArea)

    @property
    def number_format(self) -> str:
        return self.cells.NumberFormat

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.cells.NumberFormat = value

    @property
    def value(self) -> Any:
        return self.cells.Value

    @value.setter
    def value(self, value: Any) -> None:
        self.cells.Value = value

    def options(self, ndim: int) -> SimpleNamespace:
        """Values as rows, or as one list: integers are floats, as Excel has no others."""
        left, top, right, bottom = range_boundaries(self.cells.cells)
        cells = self.cells.on.sheet.cells
        rows = [
            [_number(cells.get((row, column), Cell()).value) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]
        return SimpleNamespace(value=rows if ndim == 2 else [one for row in rows for one in row])

    def select(self) -> None:
        self.cells.Select()


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
