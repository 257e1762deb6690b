"""Files that become raw sheets at the end of a workbook, every text as it stands.

Such a sheet remembers which kind of export it came from. The same export again, of this month or the next,
takes its place instead of standing beside it; sheets that the user has made are never replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import UsageError, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsales.package.book import Book
    from xlsales.tables.spec import SheetText

IMPORTED = "_xlsales.import"
"""The hidden name of a sheet that says which kind of export it holds."""
KEY = "import:"
"""What the marks begin with that these sheets carry while they are written, and no longer."""
WIDTH = 14
"""Characters of a column."""


@dataclass(frozen=True)
class Imported:
    """The sheets that hold the files now, those that held an earlier export, and whether anything changed."""

    names: tuple[str, ...]
    replaced: tuple[str, ...]
    changed: bool = True


@dataclass(frozen=True)
class Arrangement:
    """What each sheet of the files is called in a workbook and its kind of export; ``known`` was there."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    known: tuple[str, ...]


class Texts:
    """The rows of one sheet, for the place that it has in a workbook (see ``xlsales.package.bodies``)."""

    def __init__(self, sheet: SheetText) -> None:
        self._sheet = sheet

    def __len__(self) -> int:
        return int(self._sheet.rows.index[-1])

    def rows(
        self, first: int, plain: Sequence[str], noticed: Sequence[str], *, date1904: bool
    ) -> Iterator[bytes]:
        """Every text where it stood."""
        from xlsales.report.writer.rows import text_rows

        return text_rows(self._sheet.rows, self._sheet.first_column, plain)


def import_files(files: Sequence[Path], book: Path) -> Imported:
    """Put the sheets of the files that hold anything into the workbook, each in place of its earlier one.

    Nothing else in it changes, and it is saved whole or not at all. Raises ``InputError`` for a file that
    cannot be read, and UsageError or WorkbookError for a workbook that cannot be written into.
    """
    from xlsales.hosts.reading import GRAFTED
    from xlsales.package.save import save

    if book.suffix.lower() not in GRAFTED:
        raise UsageError("output_not_workbook", file=book.name)
    before = book.read_bytes()
    sheets = sheets_of(files, book)
    if not sheets:
        return Imported((), (), changed=False)
    after, made = with_sheets(before, sheets)
    changed = save(book, after, expected=before)
    return Imported(made.names, tuple(filter(None, made.known)) if changed else (), changed)


def sheets_of(files: Sequence[Path], book: Path | None = None) -> list[SheetText]:
    """The sheets that hold anything; not those of the workbook itself, which may lie in the folder given."""
    from xlsales.tables.sources import files as files_at
    from xlsales.tables.sources import read

    paths = [one for path in files for one in files_at(path)]
    return [
        sheet
        for path in paths
        if book is None or not path.samefile(book)
        for sheet in read(path)
        if len(sheet.rows)
    ]


def with_sheets(before: bytes, sheets: Sequence[SheetText]) -> tuple[bytes, Arrangement]:
    """The workbook with the sheets in it, with proof that nothing else changed, and what they are called."""
    from xlsales.package.book import open_book, scope
    from xlsales.package.check import check
    from xlsales.package.graft import graft
    from xlsales.package.names import is_mark, mark, owned_sheets

    book = open_book(before)
    made = arranged(book, sheets, imported(book))
    keys = {name: f"{KEY}{number}" for number, name in enumerate(made.names)}
    there = {sheet.name: sheet for sheet in book.sheets}
    mark(book, {keys[name]: there[name] for name in made.known if name})
    marked = book.to_bytes()
    bodies = {keys[name]: Texts(sheet) for name, sheet in zip(made.names, sheets, strict=True)}
    whole = graft(marked, waiting(sheets, made.names), keys, {}, bodies=bodies)
    check(marked, whole, bodies)
    after = open_book(whole)
    places = {sheet.place: sheet.name for key, sheet in owned_sheets(after).items() if key in bodies}
    for entry in after.defined_names:
        if is_mark(entry) and scope(entry) in places and entry.get("name") != IMPORTED:
            after.undefine(entry)
    kinds = dict(zip(made.names, made.kinds, strict=True))
    tell_kinds(after, {place: kinds[name] for place, name in places.items()})
    return after.to_bytes(), made


def arranged(book: Book, sheets: Sequence[SheetText], there: Mapping[str, Sequence[str]]) -> Arrangement:
    """What the sheets are called in ``book``; ``there`` are its sheets that came from files, by kind.

    One takes the place of the only one of its kind, if it is the only one itself; any other is new.
    """
    from xlsales.package.plan import plan
    from xlsales.tables.profiles import profile

    kinds = tuple(profile(sheet.source, sheet.sheet, _first_row(sheet)) for sheet in sheets)
    known = tuple(
        there[kind][0] if kinds.count(kind) == len(there.get(kind, ())) == 1 else "" for kind in kinds
    )
    wished = {
        str(number): sheet_name(sheet.sheet) for number, sheet in enumerate(sheets) if not known[number]
    }
    new = plan(book, wished, []).names
    names = tuple(here or new[str(number)] for number, here in enumerate(known))
    return Arrangement(names, kinds, known)


def imported(book: Book) -> dict[str, list[str]]:
    """Kind of export -> the sheets of a workbook that came from it."""
    from xlsales.package.book import scope

    names = [sheet.name for sheet in book.sheets]
    found: dict[str, list[str]] = {}
    for entry in book.defined_names:
        place = scope(entry)
        if entry.get("name") == IMPORTED and place is not None and place < len(names):
            found.setdefault(kind_of(entry.text or ""), []).append(names[place])
    return found


def kind_of(refers: str) -> str:
    """The kind that a name says, which refers to it as a text."""
    said = refers.strip().removeprefix("=").removeprefix('"').removesuffix('"')
    return said.replace('""', '"')


def tell_kinds(book: Book, kinds: Mapping[int, str]) -> None:
    """Let the sheets at these places say what kind of export they are."""
    for place, kind in sorted(kinds.items()):
        said = kind.replace('"', '""')
        book.define(IMPORTED, f'"{said}"', place, hidden=True)


def raw_sheets(sheets: Sequence[SheetText], names: Sequence[str]) -> bytes:
    """The sheets as a workbook of texts, each cell where it stood.

    WorkbookError for one that is longer or wider than Excel's sheets.
    """
    from xlsales.package.bodies import with_bodies

    bodies = {name: Texts(sheet) for name, sheet in zip(names, sheets, strict=True)}
    return with_bodies(waiting(sheets, names), bodies)


def waiting(sheets: Sequence[SheetText], names: Sequence[str]) -> bytes:
    """The sheets as a workbook that waits for their rows; errors as in ``raw_sheets``."""
    from io import BytesIO

    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        words = book.add_format({"num_format": "@"})
        for sheet, name in zip(sheets, names, strict=True):
            if sheet.rows.index[-1] > 1_048_576 or sheet.first_column + sheet.rows.shape[1] > 16_384:
                raise WorkbookError("file_too_long", file=sheet.source)
            target = book.add_worksheet(name)
            last = sheet.first_column + max(sheet.rows.shape[1] - 1, 0)
            target.set_column(sheet.first_column, last, WIDTH, words)
            for row in (0, 1):
                for column in range(sheet.first_column, last + 1):
                    target.write_blank(row, column, None, words)
    return buffer.getvalue()


def sheet_name(wished: str) -> str:
    """A name that Excel takes for a sheet, as near to the file's as can be."""
    name = "".join("_" if letter in "[]:*?/\\" else letter for letter in wished).strip("' ")
    return name[:31].strip("' ") or "Sheet"


def _first_row(sheet: SheetText) -> list[str]:
    return [text for text in sheet.rows.iloc[0] if isinstance(text, str)]
