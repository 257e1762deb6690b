"""A fake Excel with as much of the object model as the desktop host uses, and its awkward moods.

It behaves as Microsoft documents Excel to behave, in what matters here: what a copy between books brings
along and what it leaves pointing at the book it came from, what unlisting a table or deleting a sheet does
to the formulas that name it, and that a call may be refused. Every look-up, setting and call goes through
a ``Door`` that counts it and may refuse it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeVar

from openpyxl.utils import get_column_letter, range_boundaries

from tests.hosts.desktop import fake_books
from tests.hosts.desktop.fake_books import Cell, Name, Sparkline, Table, arguments
from xlsales.hosts.desktop.patience import CALL_REJECTED, EXCEL_IGNORES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.hosts.desktop.fake_books import Book, Chart, Sheet

T = TypeVar("T")
ALL = "$1:$1048576"
_SHEET = re.compile(r"(?P<name>'(?:[^']|'')+'|[\w.\u4e00-\u9fff\[\]]+)!")


class ComError(Exception):
    """What pywin32 raises when Excel does not carry out a call."""

    def __init__(self, hresult: int, said: str = "", scode: int = 0) -> None:
        super().__init__(hresult, said)
        self.hresult = hresult
        self.excepinfo = (0, "Microsoft Excel", said, None, 0, scode) if said or scode else None


def refused(said: str) -> ComError:
    """A call that is wrong, not early: error 1004."""
    return ComError(-2147352567, said, -2146827284)


def twin(value: T) -> T:
    """A copy that shares nothing with it."""
    return deepcopy(value)


class Excel:
    """The application, its open books, and when it refuses what."""

    def __init__(self) -> None:
        self.settings = {
            "ScreenUpdating": True,
            "EnableEvents": True,
            "DisplayAlerts": True,
            "Calculation": -4105,
            "CopyObjectsWithCells": True,
            "AutomationSecurity": 1,
            "StatusBar": False,
        }
        self.books: list[ComBook] = []
        self.active: ComBook | None = None
        self.calls = 0
        self.fails_at: int | None = None
        self.fails_from: int | None = None
        self.busy_for = 0
        self.editing = False
        self.told: list[object] = []
        self.alerts: list[str] = []
        self.language = 2052
        self.chosen: tuple[str, ...] | bool = False
        self.printed: list[tuple[str, list[str]]] = []
        self.group: list[str] = []
        self.tables_travel = True
        self.pastes_over_tables = True
        self.sought = ""
        self.dirty: list[str] = []

    def open(self, data: bytes, name: str, fullname: str, *, read_only: bool = False) -> ComBook:
        """A book as the user opens it."""
        if any(book.Name.lower() == name.lower() for book in self.books):
            raise refused("A workbook with this name is already open.")
        book = ComBook(self, fake_books.opened(data), name, fullname, read_only=read_only)
        self.books.append(book)
        self.active = book
        return book

    def called(self) -> None:
        """One call from outside: count it, and refuse it where that is due."""
        self.calls += 1
        if self.editing:
            raise ComError(-2147352567, scode=EXCEL_IGNORES)
        if self.busy_for > 0:
            self.busy_for -= 1
            raise ComError(CALL_REJECTED)
        if self.calls == self.fails_at or (self.fails_from is not None and self.calls >= self.fails_from):
            raise refused("Out of memory.")


class Door:
    """What a program outside of Excel holds of an object in it."""

    def __init__(self, inner: Any, excel: Excel) -> None:
        object.__setattr__(self, "inner", inner)
        object.__setattr__(self, "excel", excel)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not name[0].isupper():
            raise AttributeError(name)
        if not isinstance(getattr(type(self.inner), name, None), property) and callable(
            found := getattr(self.inner, name)
        ):
            return Door(found, self.excel)
        self.excel.called()
        return self._out(getattr(self.inner, name))

    def __setattr__(self, name: str, value: Any) -> None:
        self.excel.called()
        if not hasattr(type(self.inner), name) and name not in vars(self.inner):
            raise AttributeError(name)
        setattr(self.inner, name, getattr(value, "inner", value))

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.excel.called()
        given = tuple(getattr(one, "inner", one) for one in given)
        return self._out(
            self.inner(*given, **{key: getattr(one, "inner", one) for key, one in named.items()})
        )

    def __iter__(self) -> Iterator[Any]:
        self.excel.called()
        return (self._out(one) for one in list(self.inner))

    def _out(self, value: Any) -> Any:
        known = type(value).__module__ == __name__ or isinstance(value, MethodType)
        return Door(value, self.excel) if known else value


class ComApplication:
    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @property
    def Workbooks(self) -> ComBooks:
        return ComBooks(self.excel)

    @property
    def ActiveWorkbook(self) -> ComBook | None:
        return self.excel.active

    @property
    def ActiveSheet(self) -> ComSheet:
        return self.excel.active.ActiveSheet

    @property
    def Selection(self) -> ComRange:
        sheet = self.ActiveSheet
        return sheet.Range(sheet.sheet.selection)

    @property
    def ActiveCell(self) -> ComRange:
        sheet = self.ActiveSheet
        return sheet.Range(sheet.sheet.selection.split(":")[0])

    @property
    def LanguageSettings(self) -> ComLanguage:
        return ComLanguage(self.excel)

    def Goto(self, Reference: ComRange, Scroll: bool) -> None:
        Reference.on.book.Activate()
        Reference.on.Activate()
        Reference.Select()

    def GetOpenFilename(
        self, FileFilter: str, FilterIndex: int, Title: str, ButtonText: str, MultiSelect: bool
    ) -> tuple[str, ...] | bool:
        names, kinds = FileFilter.rsplit(",", 1)
        if not (names and kinds.startswith("*.") and Title and MultiSelect):
            raise refused("GetOpenFilename failed")
        return self.excel.chosen


def _setting(name: str) -> property:
    def put(self: ComApplication, value: object) -> None:
        if name == "StatusBar":
            self.excel.told.append(value)
        self.excel.settings[name] = value

    return property(lambda self: self.excel.settings[name], put)


for _name in ("ScreenUpdating", "EnableEvents", "DisplayAlerts", "Calculation", "StatusBar"):
    setattr(ComApplication, _name, _setting(_name))
for _name in ("CopyObjectsWithCells", "AutomationSecurity"):
    setattr(ComApplication, _name, _setting(_name))


class ComLanguage:
    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    def LanguageID(self, Id: int) -> int:
        return self.excel.language if Id == 2 else 0


class Collection:
    """A collection of Excel's, counted from 1 and asked by number or by name."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    @property
    def Count(self) -> int:
        return len(self.items)

    def Item(self, key: int | str) -> Any:
        return self(key)

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, int):
            if 1 <= key <= len(self.items):
                return self.items[key - 1]
        else:
            for item in self.items:
                if item.Name.lower() == key.lower():
                    return item
        raise refused("Subscript out of range.")

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class ComBooks(Collection):
    def __init__(self, excel: Excel) -> None:
        super().__init__(excel.books)
        self.excel = excel

    def Open(self, Filename: str, UpdateLinks: int, ReadOnly: bool, AddToMru: bool) -> ComBook:
        if not Path(Filename).exists():
            raise refused("The file could not be found.")
        if self.excel.settings["AutomationSecurity"] != 3:
            raise AssertionError("a book was opened that might run its macros")
        return self.excel.open(Path(Filename).read_bytes(), Path(Filename).name, Filename, read_only=ReadOnly)


class ComBook:
    def __init__(self, excel: Excel, book: Book, name: str, fullname: str, *, read_only: bool) -> None:
        self.excel, self.book, self.name, self.fullname = excel, book, name, fullname
        self.read_only = read_only
        self.windows = [ComWindow()]

    @property
    def Name(self) -> str:
        return self.name

    @property
    def FullName(self) -> str:
        return self.fullname

    @property
    def FileFormat(self) -> int:
        return {".xlsx": 51, ".xlsm": 52, ".csv": 6, ".xls": 56}.get(
            PurePosixPath(self.name).suffix.lower(), 51
        )

    @property
    def Application(self) -> ComApplication:
        return ComApplication(self.excel)

    @property
    def ReadOnly(self) -> bool:
        return self.read_only

    @property
    def ProtectStructure(self) -> bool:
        return self.book.structure_protected

    @property
    def Windows(self) -> Collection:
        return Collection(self.windows)

    @property
    def Sheets(self) -> ComSheets:
        return ComSheets(self)

    @property
    def Worksheets(self) -> ComSheets:
        return self.Sheets

    @property
    def ActiveSheet(self) -> ComSheet:
        return ComSheet(self, self.book.sheets[self.book.active])

    @property
    def Names(self) -> ComNames:
        """Every name, those of single sheets as ``'Sheet'!name``."""
        return ComNames(self, None)

    def Activate(self) -> None:
        self.excel.active = self

    def SaveCopyAs(self, Filename: str) -> None:
        Path(Filename).write_bytes(fake_books.saved(self.book))

    def Close(self, SaveChanges: bool) -> None:
        self.excel.books.remove(self)
        if self.excel.active is self:
            self.excel.active = self.excel.books[0] if self.excel.books else None

    def LinkSources(self, Type: int) -> tuple[str, ...] | None:
        found = {link for text in _texts(self.book) for link in re.findall(r"\[([^\[\]]+\.xls[xm])\]", text)}
        known = {book.name: book.fullname for book in self.excel.books}
        return tuple(sorted(known[name] for name in found)) or None

    def BreakLink(self, Name: str, Type: int) -> None:
        """Formulas of charts and cells that read the other book become what they show."""
        book = next(one.name for one in self.excel.books if one.fullname == Name)
        _rewrite(self.book, lambda text: "0" if f"[{book}]" in text else text)


class ComSheets(Collection):
    def __init__(self, book: ComBook) -> None:
        super().__init__([ComSheet(book, sheet) for sheet in book.book.sheets])
        self.book = book

    def __call__(self, key: int | str | tuple[str, ...]) -> Any:
        return ComGroup([self(one) for one in key]) if isinstance(key, tuple) else super().__call__(key)


class ComGroup:
    """Several sheets at once."""

    def __init__(self, sheets: list[ComSheet]) -> None:
        self.sheets = sheets

    def Select(self) -> None:
        for sheet in self.sheets:
            if sheet.sheet.visible != -1:
                raise refused("Select method of Sheets class failed")
        self.sheets[0].Activate()
        self.sheets[0].book.excel.group = [sheet.sheet.name for sheet in self.sheets]


class ComWindow:
    def __init__(self) -> None:
        self.Visible = True


class ComSheet:
    def __init__(self, book: ComBook, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet

    @property
    def Name(self) -> str:
        return self.sheet.name

    @Name.setter
    def Name(self, name: str) -> None:
        if self.book.book.structure_protected:
            raise refused("The workbook is protected.")
        if any(one.name.lower() == name.lower() for one in self.book.book.sheets if one is not self.sheet):
            raise refused("That name is already taken. Try a different one.")
        old, self.sheet.name = self.sheet.name, name
        _rewrite(self.book.book, lambda text: _on_sheets(text, {old: name}))

    @property
    def Index(self) -> int:
        return [one is self.sheet for one in self.book.book.sheets].index(True) + 1

    @property
    def Visible(self) -> int:
        return self.sheet.visible

    @Visible.setter
    def Visible(self, value: int) -> None:
        self.sheet.visible = value

    @property
    def ProtectContents(self) -> bool:
        return self.sheet.protected

    @property
    def ProtectDrawingObjects(self) -> bool:
        return self.sheet.protected

    @property
    def FilterMode(self) -> bool:
        return self.sheet.filtered

    @property
    def Cells(self) -> ComRange:
        return ComRange(self, ALL)

    @property
    def UsedRange(self) -> ComRange:
        rows, columns = zip(*(self.sheet.cells or {(1, 1): None}), strict=True)
        return ComRange(
            self,
            f"${get_column_letter(min(columns))}${min(rows)}:${get_column_letter(max(columns))}${max(rows)}",
        )

    @property
    def ListObjects(self) -> ComTables:
        return ComTables(self)

    @property
    def Shapes(self) -> Collection:
        return Collection([ComChart(self, chart) for chart in self.sheet.charts])

    @property
    def Names(self) -> ComNames:
        return ComNames(self.book, self.sheet)

    @property
    def PageSetup(self) -> ComPageSetup:
        return ComPageSetup(self)

    def ChartObjects(self) -> Collection:
        return self.Shapes

    def Range(self, cells: str) -> ComRange:
        return ComRange(self, cells)

    def Select(self) -> None:
        self.Activate()
        self.book.excel.group = [self.sheet.name]

    def ExportAsFixedFormat(self, Type: int, Filename: str) -> None:
        """Prints the sheets that are selected together."""
        excel = self.book.excel
        Path(Filename).write_bytes(b"%PDF")
        excel.printed.append((Filename, list(excel.group)))

    def ShowAllData(self) -> None:
        if not self.sheet.filtered:
            raise refused("ShowAllData method of Worksheet class failed")
        self.sheet.filtered = False

    def Activate(self) -> None:
        if self.sheet.visible != -1:
            raise refused("Activate method of Worksheet class failed")
        self.book.book.active = self.Index - 1

    def Delete(self) -> None:
        book = self.book.book
        if book.structure_protected or self.book.excel.settings["DisplayAlerts"]:
            raise refused("Delete method of Worksheet class failed")
        active = book.sheets[book.active]
        book.sheets.remove(self.sheet)
        book.active = book.sheets.index(active) if active in book.sheets else 0
        name = self.sheet.name
        _rewrite(book, lambda text: _on_sheets(text, {name: None}))

    def Move(self, Before: ComSheet) -> None:
        book = self.book.book
        active = book.sheets[book.active]
        book.sheets.remove(self.sheet)
        book.sheets.insert(book.sheets.index(Before.sheet), self.sheet)
        book.active = book.sheets.index(active)

    def Copy(self, After: ComSheet) -> None:
        """A new sheet that becomes the active one. Other sheets it reads where it came from."""
        target = After.book
        if target.book.structure_protected or self.sheet.visible == 2:
            raise refused("Copy method of Worksheet class failed")
        new = twin(self.sheet)
        new.id = max(one.id for one in target.book.sheets) + 1
        taken = {one.name.lower() for one in target.book.sheets}
        number = 1
        while new.name.lower() in taken:
            number += 1
            new.name = f"{self.sheet.name[:27]} ({number})"
        old = self.sheet.name
        if target is self.book:
            _rewrite_sheet(new, lambda text: _on_sheets(text, {old: new.name}))
            for name, entry in self.book.book.names.items():
                if _reads(entry.refers, old):
                    new.names[name] = Name(_on_sheets(entry.refers, {old: new.name}), entry.visible)
        else:
            others = {one.name for one in self.book.book.sheets} - {old}
            source = self.book.name
            _rewrite_sheet(new, lambda text: _on_sheets(text, {one: f"[{source}]{one}" for one in others}))
            if any(_reads(entry.refers, old) for entry in self.book.book.names.values()):
                raise AssertionError("Excel would copy names of the workbook along as names of the sheet")
        used = _names_in_use(target.book)
        for table in new.tables:
            table.name = _free(table.name, used)
            used.add(table.name.lower())
        target.book.sheets.insert(target.book.sheets.index(After.sheet) + 1, new)
        target.book.active = target.book.sheets.index(new)
        self.book.excel.active = target


class ComRange:
    def __init__(self, sheet: ComSheet, cells: str) -> None:
        self.on, self.cells = sheet, cells.replace("$", "")

    @property
    def Address(self) -> str:
        if self.cells == ALL.replace("$", ""):
            return ALL
        return ",".join(re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", one) for one in self.cells.split(","))

    def __call__(self, row: int, column: int) -> ComRange:
        left, top = (1, 1) if self.Address == ALL else range_boundaries(self.cells)[:2]
        return ComRange(self.on, f"{get_column_letter(left + column - 1)}{top + row - 1}")

    @property
    def Cells(self) -> ComRange:
        return self

    @property
    def Row(self) -> int:
        return int(range_boundaries(self.cells)[1])

    @property
    def Column(self) -> int:
        return int(range_boundaries(self.cells)[0])

    @property
    def Text(self) -> str:
        value = self.on.sheet.cells.get(self._places[0], Cell()).value
        return "" if value is None else str(value)

    @property
    def MergeArea(self) -> ComRange:
        for area in self.on.sheet.merged:
            left, top, right, bottom = range_boundaries(area)
            if left <= self.Column <= right and top <= self.Row <= bottom:
                return ComRange(self.on, area)
        return self

    @property
    def ListObject(self) -> ComTable | None:
        for table in self.on.sheet.tables:
            left, top, right, bottom = range_boundaries(table.cells)
            if left <= self.Column <= right and top <= self.Row <= bottom:
                return ComTable(self.on, table)
        return None

    @property
    def _places(self) -> list[tuple[int, int]]:
        left, top, right, bottom = range_boundaries(self.cells)
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def _get(self, read: Callable[[Cell], Any]) -> Any:
        left, _, right, _ = range_boundaries(self.cells)
        found = [read(self.on.sheet.cells.get(place, Cell())) for place in self._places]
        width = right - left + 1
        rows = tuple(tuple(found[start : start + width]) for start in range(0, len(found), width))
        return rows if len(found) > 1 else found[0]

    def _put(self, value: Any) -> None:
        if self.on.sheet.protected:
            raise refused("The cell is on a protected sheet.")
        flat = (
            [one for row in value for one in row] if isinstance(value, tuple) else [value] * len(self._places)
        )
        for place, one in zip(self._places, flat, strict=True):
            style = self.on.sheet.cells.get(place, Cell()).style
            formula = isinstance(one, str) and one.startswith("=") and style[0] != "@"
            new = Cell(formula=one, style=style) if formula else Cell(one, style=style)
            self.on.sheet.cells[place] = new

    @property
    def Formula(self) -> Any:
        return self._get(lambda cell: cell.formula or cell.value)

    @Formula.setter
    def Formula(self, value: Any) -> None:
        self._put(value)

    @property
    def FormulaArray(self) -> Any:
        return self.on.sheet.cells[self._places[0]].formula

    @FormulaArray.setter
    def FormulaArray(self, value: str) -> None:
        style = self.on.sheet.cells[self._places[0]].style
        self.on.sheet.cells[self._places[0]] = Cell(formula=value, array=self.cells, style=style)

    @property
    def Value(self) -> Any:
        return self._get(lambda cell: cell.value)

    @Value.setter
    def Value(self, value: Any) -> None:
        self._put(value)

    @property
    def NumberFormat(self) -> str:
        return str(self.on.sheet.cells.get(self._places[0], Cell()).style[0])

    @NumberFormat.setter
    def NumberFormat(self, value: str) -> None:
        for place in self._places:
            cell = self.on.sheet.cells.get(place, Cell())
            self.on.sheet.cells[place] = replace(cell, style=(value, *cell.style[1:]))

    @property
    def HasFormula(self) -> bool | None:
        found = {bool(cell.formula) for cell in self.on.sheet.cells.values()}
        return found.pop() if len(found) == 1 else None if found else False

    @property
    def Areas(self) -> Collection:
        return Collection([ComRange(self.on, one) for one in self.cells.split(",")])

    @property
    def FormatConditions(self) -> ComPart:
        return ComPart(self.on.sheet.rules)

    @property
    def Validation(self) -> ComPart:
        return ComPart([])

    def UnMerge(self) -> None:
        self.on.sheet.merged.clear()

    def ClearComments(self) -> None:
        """The fake keeps none."""

    def AutoFilter(self, Field: int, Criteria1: Any, Operator: int = 0, Criteria2: Any = None) -> None:
        """Of the table whose cells these are."""
        table = next(one for one in self.on.sheet.tables if one.cells == self.cells)
        table.criteria[Field] = (Criteria1, Operator, Criteria2)
        table.filter = self.on.sheet.filtered = True

    @property
    def Hyperlinks(self) -> ComLinks:
        return ComLinks(self.on.sheet)

    @property
    def SparklineGroups(self) -> ComSparklines:
        return ComSparklines(self)

    def SpecialCells(self, Type: int) -> ComRange:
        if Type != -4123:
            raise AssertionError("the fake knows only formulas")
        places = sorted(place for place, cell in self.on.sheet.cells.items() if cell.formula)
        if not places:
            raise refused("No cells were found.")
        return ComRange(self.on, ",".join(f"{get_column_letter(column)}{row}" for row, column in places))

    def Find(self, What: str, LookIn: int, LookAt: int) -> ComRange | None:
        if (LookIn, LookAt) != (-4123, 2):
            raise AssertionError("the fake looks only into parts of formulas")
        self.on.book.excel.sought = What
        return next(iter(self._found()), None)

    def FindNext(self, After: ComRange) -> ComRange:
        """The next one found, and after the last the first."""
        found = self._found()
        places = [one.Address for one in found]
        return found[(places.index(After.Address) + 1) % len(found)]

    def _found(self) -> list[ComRange]:
        sought = self.on.book.excel.sought
        places = sorted(place for place, cell in self.on.sheet.cells.items() if sought in cell.formula)
        return [ComRange(self.on, f"{get_column_letter(column)}{row}") for row, column in places]

    def Dirty(self) -> None:
        self.on.book.excel.dirty.append(f"{self.on.Name}!{self.Address}")

    def Select(self) -> None:
        if self.on.book.book.sheets[self.on.book.book.active] is not self.on.sheet:
            raise refused("Select method of Range class failed")
        self.on.sheet.selection = self.Address

    def Clear(self) -> None:
        sheet = self.on.sheet
        if sheet.protected:
            raise refused("The cell is on a protected sheet.")
        if sheet.tables or self.Address != ALL:
            raise AssertionError("the fake clears only whole sheets without tables")
        if sheet.filtered:
            raise AssertionError("what a filter hides would not be cleared")
        sheet.cells.clear()
        sheet.merged.clear()
        sheet.rules.clear()
        sheet.sparklines.clear()

    def Copy(self, Destination: ComRange) -> None:
        """All cells of a sheet, with tables, and with charts where the application says so."""
        source, target = self.on.sheet, Destination.on.sheet
        if not (self.Address == Destination.Address == ALL):
            raise AssertionError("the fake copies only all cells")
        if target.protected or source.filtered:
            raise refused("Copy method of Range class failed")
        if target.filtered:
            raise AssertionError("what a filter hides would not be written")
        if target.tables and not self.on.book.excel.pastes_over_tables:
            raise refused("This operation is not allowed over a table.")
        for kept in target.tables:
            if target.merged or any(_overlap(kept.cells, one) for one in source.merged):
                raise refused("Cells of a table cannot be merged.")
            if any(_overlap(kept.cells, one.cells) for one in source.tables):
                raise refused("A table cannot overlap another table.")
        others = {one.name for one in self.on.book.book.sheets} - {source.name}
        foreign = {one: f"[{self.on.book.name}]{one}" for one in others}
        new = twin(source)
        _rewrite_sheet(new, lambda text: _on_sheets(text, foreign))
        for part in ("cells", "merged", "rules", "links", "widths", "heights", "sparklines"):
            setattr(target, part, getattr(new, part))
        if self.on.book.excel.settings["CopyObjectsWithCells"]:
            target.charts += new.charts
        if self.on.book.excel.tables_travel:
            used = _names_in_use(Destination.on.book.book)
            for table in new.tables:
                table.name = _free(f"{table.name}_", used)
                used.add(table.name.lower())
                target.tables.append(table)


def _overlap(one: str, other: str) -> bool:
    left, top, right, bottom = range_boundaries(one)
    first, upper, last, lower = range_boundaries(other)
    return bool(left <= last and first <= right and top <= lower and upper <= bottom)


class ComPart:
    """Rules or validations of all cells."""

    def __init__(self, kept: list[Any]) -> None:
        self.kept = kept

    def Delete(self) -> None:
        self.kept.clear()


class ComFilters:
    """``AutoFilter`` of a table, and each of its ``Filters``."""

    def __init__(self, on: ComSheet, table: Table, column: int = 0) -> None:
        self.on, self.table, self.column = on, table, column

    @property
    def FilterMode(self) -> bool:
        return bool(self.table.criteria)

    def ShowAllData(self) -> None:
        self.table.criteria.clear()
        self.on.sheet.filtered = any(one.criteria for one in self.on.sheet.tables)

    def Filters(self, column: int) -> ComFilters:
        return ComFilters(self.on, self.table, column)

    @property
    def On(self) -> bool:
        return self.column in self.table.criteria

    @property
    def Criteria1(self) -> Any:
        first = self.table.criteria[self.column][0]
        if first is None:
            raise refused("Application-defined or object-defined error")
        return first

    @property
    def Operator(self) -> int:
        return int(self.table.criteria[self.column][1])

    @property
    def Criteria2(self) -> Any:
        return self.table.criteria[self.column][2]


class ComLinks:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def Delete(self) -> None:
        self.sheet.links.clear()


class ComSparklines:
    def __init__(self, cells: ComRange) -> None:
        self.cells = cells

    @property
    def Count(self) -> int:
        return len(self.cells.on.sheet.sparklines)

    def __iter__(self) -> Iterator[ComSparkline]:
        return (ComSparkline(self.cells.on, one) for one in self.cells.on.sheet.sparklines)

    def Clear(self) -> None:
        self.cells.on.sheet.sparklines.clear()

    def Add(self, Type: int, SourceData: str) -> ComSparkline:
        line = Sparkline(self.cells.cells, SourceData, Type, 0x376092, 0.75, last=False, last_colour=0xD00000)
        self.cells.on.sheet.sparklines.append(line)
        return ComSparkline(self.cells.on, line)


class ComSparkline:
    """A group of one. ``SeriesColor`` and ``Lastpoint`` are two faces of it."""

    def __init__(self, on: ComSheet, line: Sparkline) -> None:
        self.on, self.line = on, line

    @property
    def Location(self) -> ComRange:
        return ComRange(self.on, self.line.cell)

    @property
    def SourceData(self) -> str:
        return self.line.source

    @property
    def Type(self) -> int:
        return self.line.type

    @property
    def LineWeight(self) -> float:
        return self.line.weight

    @LineWeight.setter
    def LineWeight(self, value: float) -> None:
        self.line.weight = value

    @property
    def SeriesColor(self) -> ComColour:
        return ComColour(self.line, "colour")

    @property
    def Points(self) -> ComSparkline:
        return self

    @property
    def Lastpoint(self) -> ComLastPoint:
        return ComLastPoint(self.line)


class ComColour:
    def __init__(self, line: Sparkline, field: str) -> None:
        self.line, self.field = line, field

    @property
    def Color(self) -> int:
        return int(getattr(self.line, self.field))

    @Color.setter
    def Color(self, value: int) -> None:
        setattr(self.line, self.field, value)


class ComLastPoint:
    def __init__(self, line: Sparkline) -> None:
        self.line = line

    @property
    def Visible(self) -> bool:
        return self.line.last

    @Visible.setter
    def Visible(self, value: bool) -> None:
        self.line.last = value

    @property
    def Color(self) -> ComColour:
        return ComColour(self.line, "last_colour")


class ComTables(Collection):
    def __init__(self, on: ComSheet) -> None:
        super().__init__([ComTable(on, table) for table in on.sheet.tables])
        self.on = on

    def Add(
        self, SourceType: int, Source: ComRange, LinkSource: None, XlListObjectHasHeaders: int
    ) -> ComTable:
        table = Table("Table1", Source.cells, totals=False, filter=True, style="TableStyleMedium2")
        table.name = _free("Table1", _names_in_use(self.on.book.book))
        self.on.sheet.tables.append(table)
        return ComTable(self.on, table)


class ComTable:
    def __init__(self, on: ComSheet, table: Table) -> None:
        self.on, self.table = on, table

    @property
    def Name(self) -> str:
        return self.table.name

    @Name.setter
    def Name(self, name: str) -> None:
        if name.lower() in _names_in_use(self.on.book.book) - {self.table.name.lower()}:
            raise refused("A table with this name exists.")
        self.table.name = name

    @property
    def Range(self) -> ComRange:
        return ComRange(self.on, self.table.cells)

    @property
    def HeaderRowRange(self) -> ComRange:
        left, top, right, _ = range_boundaries(self.table.cells)
        return ComRange(self.on, f"{get_column_letter(left)}{top}:{get_column_letter(right)}{top}")

    @property
    def ListColumns(self) -> Collection:
        left, _, right, _ = range_boundaries(self.table.cells)
        return Collection(list(range(left, right + 1)))

    @property
    def AutoFilter(self) -> ComFilters:
        if not self.table.filter:
            raise AssertionError("a table without a filter has no AutoFilter")
        return ComFilters(self.on, self.table)

    def Resize(self, Range: ComRange) -> None:
        """As narrow as Excel may take it: under the same header, over nothing that is merged or a table."""
        head = range_boundaries(self.HeaderRowRange.cells)
        left, top, right, _ = range_boundaries(Range.cells)
        others = [one.cells for one in self.on.sheet.tables if one is not self.table]
        if (
            self.table.totals
            or (left, top, right) != head[:3]
            or self.on.sheet.filtered
            or any(_overlap(Range.cells, one) for one in (*others, *self.on.sheet.merged))
        ):
            raise refused("Resize method of ListObject class failed")
        self.table.cells = Range.cells

    @property
    def ShowTotals(self) -> bool:
        return self.table.totals

    @property
    def ShowAutoFilter(self) -> bool:
        return self.table.filter

    @ShowAutoFilter.setter
    def ShowAutoFilter(self, value: bool) -> None:
        self.table.filter = value
        if not value:
            self.table.criteria.clear()
            self.on.sheet.filtered = False

    @property
    def TableStyle(self) -> str:
        return self.table.style

    @TableStyle.setter
    def TableStyle(self, value: str) -> None:
        self.table.style = value

    def Unlist(self) -> None:
        """Formulas that name the table then name its cells."""
        self.on.sheet.tables.remove(self.table)
        plain = f"'{self.on.sheet.name}'!{self.Range.Address}"
        named = re.compile(rf"\b{re.escape(self.table.name)}(\[[^\]]*\])", re.IGNORECASE)
        _rewrite(self.on.book.book, lambda text: named.sub(lambda _: plain, text))


class ComChart:
    """A chart on a sheet: ``ChartObject``, the ``Chart`` in it, and its shape."""

    def __init__(self, on: ComSheet, chart: Chart) -> None:
        self.on, self.chart = on, chart

    @property
    def Name(self) -> str:
        return self.chart.name

    @Name.setter
    def Name(self, name: str) -> None:
        self.chart.name = name

    @property
    def Chart(self) -> ComChart:
        return self

    def SeriesCollection(self) -> Collection:
        return Collection([ComSeries(one) for one in self.chart.series])

    def Delete(self) -> None:
        self.on.sheet.charts.remove(self.chart)


class ComSeries:
    def __init__(self, series: fake_books.Series) -> None:
        self.series = series

    @property
    def Formula(self) -> str:
        return self.series.formula

    @Formula.setter
    def Formula(self, value: str) -> None:
        if len(arguments(value)) != 4:
            raise refused("The formula contains an error.")
        self.series.formula = value


class ComPageSetup:
    def __init__(self, on: ComSheet) -> None:
        self.on = on


for _name in ("PrintArea", "PrintTitleRows", "LeftFooter", "CenterFooter", "RightFooter"):
    setattr(
        ComPageSetup,
        _name,
        property(
            lambda self, name=_name: self.on.sheet.page.get(name, ""),
            lambda self, value, name=_name: self.on.sheet.page.__setitem__(name, value),
        ),
    )
for _name, _plain in (("Orientation", 1), ("Zoom", 100), ("FitToPagesWide", 1), ("FitToPagesTall", 1)):
    setattr(
        ComPageSetup,
        _name,
        property(
            lambda self, name=_name, plain=_plain: self.on.sheet.page.get(name, plain),
            lambda self, value, name=_name: self.on.sheet.page.__setitem__(name, value),
        ),
    )


class ComNames(Collection):
    def __init__(self, book: ComBook, sheet: Sheet | None) -> None:
        sheets = book.book.sheets if sheet is None else [sheet]
        items = [] if sheet is not None else [ComName(book.book.names, name) for name in book.book.names]
        items += [ComName(one.names, name, f"'{one.name}'!") for one in sheets for name in one.names]
        super().__init__(items)
        self.names = book.book.names if sheet is None else sheet.names

    def Add(self, Name: str, RefersTo: str, Visible: bool = True) -> None:
        self.names[Name] = fake_books.Name(RefersTo, Visible)


class ComName:
    def __init__(self, names: dict[str, Name], name: str, scope: str = "") -> None:
        self.names, self.name, self.scope = names, name, scope

    @property
    def Name(self) -> str:
        return self.scope + self.name

    @property
    def RefersTo(self) -> str:
        return self.names[self.name].refers

    @RefersTo.setter
    def RefersTo(self, value: str) -> None:
        self.names[self.name].refers = value

    def Delete(self) -> None:
        del self.names[self.name]


class XlwingsBook:
    """What ``xlwings.Book.caller()`` gives."""

    def __init__(self, book: ComBook) -> None:
        self.book = book

    @property
    def api(self) -> Door:
        return Door(self.book, self.book.excel)

    @property
    def app(self) -> XlwingsBook:
        return self

    def alert(self, prompt: str, title: str) -> None:
        self.book.excel.alerts.append(prompt)


def _on_sheets(text: str, new: dict[str, str | None]) -> str:
    """The formula with sheets under new names; None for one that is gone."""

    def replace(found: re.Match[str]) -> str:
        name = found["name"].strip("'").replace("''", "'")
        if name not in new:
            return found[0]
        to = new[name]
        return "#REF!" if to is None else "'" + to.replace("'", "''") + "'!"

    return _SHEET.sub(replace, text)


def _reads(text: str, sheet: str) -> bool:
    return any(found["name"].strip("'").replace("''", "'") == sheet for found in _SHEET.finditer(text))


def _rewrite(book: Book, rewrite: Callable[[str], str]) -> None:
    for sheet in book.sheets:
        _rewrite_sheet(sheet, rewrite)
    for entry in book.names.values():
        entry.refers = rewrite(entry.refers)


def _rewrite_sheet(sheet: Sheet, rewrite: Callable[[str], str]) -> None:
    for place, cell in sheet.cells.items():
        if cell.formula:
            sheet.cells[place] = replace(cell, formula=rewrite(cell.formula))
    for chart in sheet.charts:
        for series in chart.series:
            series.formula = rewrite(series.formula)
            series.bars = tuple(map(rewrite, series.bars))
    for line in sheet.sparklines:
        line.source = rewrite(line.source)
    for entry in sheet.names.values():
        entry.refers = rewrite(entry.refers)


def _texts(book: Book) -> Iterator[str]:
    found: list[str] = []
    _rewrite(book, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    return iter(found)


def _names_in_use(book: Book) -> set[str]:
    return {table.name.lower() for sheet in book.sheets for table in sheet.tables} | {
        name.lower() for name in book.names
    }


def _free(name: str, used: set[str]) -> str:
    free, number = name, 1
    while free.lower() in used:
        number += 1
        free = f"{name}{number}"
    return free
