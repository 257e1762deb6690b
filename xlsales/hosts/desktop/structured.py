"""The user's formulas that Excel rewrites when a table or a sheet of ours goes.

``=SUM(xs_units[Sales])`` becomes plain cells when that table does, and a formula that reads a deleted sheet
becomes ``#REF!``. So they are noted before and written again, to the letter, once there is a table or a
sheet of that name. Formulas that name only cells of a sheet that stays are not touched by anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from xlsales.package.book import open_book
from xlsales.package.extract import table_names
from xlsales.package.references import sheets_read, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from xlsales.hosts.desktop.caller import Live
    from xlsales.package.book import Book, Sheet


@dataclass(frozen=True)
class Reader:
    """A cell, or the cells of an array formula, and the property that its formula is written to."""

    sheet: str
    cells: str
    property: str


@dataclass(frozen=True)
class Noted:
    """The formulas as they were, by cell, and the names as they were, by name."""

    formulas: tuple[tuple[Reader, str], ...]
    names: tuple[tuple[str, str], ...]


def note(live: Live, data: bytes, ours: Collection[str], gone: Collection[str] = ()) -> Noted:
    """What names tables on the sheets ``ours`` or reads the sheets ``gone``, as it stands in the book now.

    ``data`` are the bytes of a copy of the book. The sheets ``ours`` themselves are not looked at.
    """
    book = open_book(data)
    wanted = _Wanted(_tables(book, ours), {name.lower() for name in gone})
    cells = [
        reader for sheet in book.sheets if sheet.name not in ours for reader in _readers(book, sheet, wanted)
    ]
    formulas = tuple((one, _formula(live, one)) for one in cells)
    names = ((str(name.Name), str(name.RefersTo)) for name in live.book.Names)
    return Noted(formulas, tuple((name, text) for name, text in names if wanted.in_(text)))


def write_again(live: Live, noted: Noted) -> None:
    """Every formula and name that Excel has rewritten meanwhile as it was."""
    for reader, formula in noted.formulas:
        if _formula(live, reader) != formula:
            setattr(live.book.Sheets(reader.sheet).Range(reader.cells), reader.property, formula)
    was = dict(noted.names)
    for name in live.book.Names:
        if name.Name in was and name.RefersTo != was[name.Name]:
            name.RefersTo = was[name.Name]


@dataclass(frozen=True)
class _Wanted:
    """The tables and sheets, in lower case, that a formula may name."""

    tables: Collection[str]
    sheets: Collection[str]

    def in_(self, formula: str) -> bool:
        if any(table in words(formula) for table in self.tables):
            return True
        return any(sheet.lower() in self.sheets for sheet in sheets_read(formula))

    def perhaps_in(self, part: bytes) -> bool:
        """A quick look, since most sheets are large and name nothing of ours."""
        text = part.lower()
        return b"<f" in text and any(escape(name).encode() in text for name in (*self.tables, *self.sheets))


def _tables(book: Book, sheets: Collection[str]) -> set[str]:
    return {
        name.lower() for sheet in book.sheets if sheet.name in sheets for name in table_names(book, sheet)
    }


def _readers(book: Book, sheet: Sheet, wanted: _Wanted) -> Iterator[Reader]:
    if sheet.part is None or not wanted.perhaps_in(book.package.read(sheet.part)):
        return
    shared: set[str] = set()
    for cell in book.package.tree(sheet.part).iter(book.dialect.tag("c")):
        formula = cell.find(book.dialect.tag("f"))
        if formula is None:
            continue
        reads, kind, number = wanted.in_(formula.text or ""), formula.get("t"), formula.get("si", "")
        if kind == "shared" and reads:
            shared.add(number)
        if kind == "array" and reads and not cell.get("cm"):
            yield Reader(sheet.name, formula.get("ref", ""), "FormulaArray")
        elif reads or (kind == "shared" and number in shared):
            yield Reader(sheet.name, cell.get("r", ""), "Formula2" if cell.get("cm") else "Formula")


def _formula(live: Live, reader: Reader) -> Any:
    return getattr(live.book.Sheets(reader.sheet).Range(reader.cells), reader.property)
