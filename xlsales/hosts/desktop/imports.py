"""Files chosen in a dialog become raw sheets at the end of the open book, every text as it stands.

Such a sheet remembers which kind of export it came from. The same export again, of this month or the next,
takes its place instead of standing beside it; sheets that the user has made are never replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.change import Change, carry_out
from xlsales.hosts.desktop.hidden import bare
from xlsales.hosts.desktop.names import last_refresh
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import bytes_of, private_folder, saved_copy
from xlsales.hosts.desktop.status import telling
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language
    from xlsales.tables.spec import SheetText

IMPORTED = "_xlsales.import"
"""The hidden name of a sheet that says which kind of export it holds."""
WIDTH = 14
"""Characters of a column."""


def chosen_files(live: Live, lang: Language) -> list[Path]:
    """The files that the user picks in Excel's own dialog; none where it was closed."""
    from xlsales.tables.sources import ENDINGS

    kinds = ";".join(f"*{ending}" for ending in ENDINGS)
    answer = live.app.GetOpenFilename(
        f"{text(lang, 'desktop.import.kinds')} ({kinds}),{kinds}",
        1,
        text(lang, "desktop.import.title"),
        "",
        True,
    )
    return [Path(one) for one in answer] if isinstance(answer, tuple) else []


@dataclass(frozen=True)
class Imported:
    """The sheets that hold the files now, and those of them that held an earlier export before."""

    names: tuple[str, ...]
    replaced: tuple[str, ...]


def import_files(live: Live, lang: Language, files: Sequence[Path]) -> Imported:
    """Bring the sheets of the files that hold anything, in place of those from earlier files of their kind.

    Raises ``InputError`` for a file that cannot be read; nothing is brought then.
    """
    from xlsales.package.book import open_book
    from xlsales.package.plan import plan
    from xlsales.tables.profiles import profile
    from xlsales.tables.sources import read_all

    with private_folder() as folder, quiet(live):
        telling(live, lang)("read")
        sheets = [sheet for sheet in read_all(files) if len(sheet.rows)]
        if not sheets:
            return Imported((), ())
        copy = saved_copy(live, folder)
        kinds = [profile(sheet.source, sheet.sheet, _first_row(sheet)) for sheet in sheets]
        there = _imported(live)
        known = [
            there[kind][0] if kinds.count(kind) == len(there.get(kind, ())) == 1 else "" for kind in kinds
        ]
        wished = {
            str(number): sheet_name(sheet.sheet) for number, sheet in enumerate(sheets) if not known[number]
        }
        new = plan(open_book(bytes_of(copy)), wished, []).names
        names = [here or new[str(number)] for number, here in enumerate(known)]
        source = folder / "xlsales-files.xlsx"
        source.write_bytes(bare(_marked(raw_sheets(sheets, names), kinds)))
        change = Change(source, {name: name for name in names}, last_refresh(live))
        carry_out(live, change, copy)
        return Imported(tuple(names), tuple(filter(None, known)))


def _imported(live: Live) -> dict[str, list[str]]:
    """Kind of export -> the sheets that came from it."""
    found: dict[str, list[str]] = {}
    for sheet in live.book.Worksheets:
        for name in sheet.Names:
            if str(name.Name).rpartition("!")[2] == IMPORTED:
                kind = str(name.RefersTo).removeprefix('="').removesuffix('"').replace('""', '"')
                found.setdefault(kind, []).append(sheet.Name)
    return found


def _marked(data: bytes, kinds: Sequence[str]) -> bytes:
    """The workbook whose sheets say what kind of export they are."""
    from xlsales.package.book import open_book

    book = open_book(data)
    for place, kind in enumerate(kinds):
        said = kind.replace('"', '""')
        book.define(IMPORTED, f'"{said}"', place, hidden=True)
    return book.to_bytes()


def _first_row(sheet: SheetText) -> list[str]:
    return [text for text in sheet.rows.iloc[0] if isinstance(text, str)]


def raw_sheets(sheets: Sequence[SheetText], names: Sequence[str]) -> bytes:
    """The sheets as a workbook of texts, each cell where it stood.

    WorkbookError for one that is longer or wider than Excel's sheets.
    """
    from io import BytesIO

    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        words = book.add_format({"num_format": "@"})
        for sheet, name in zip(sheets, names, strict=True):
            if sheet.rows.index[-1] > 1_048_576 or sheet.first_column + sheet.rows.shape[1] > 16_384:
                raise WorkbookError("file_too_long", file=sheet.source)
            target = book.add_worksheet(name)
            last = sheet.first_column + max(sheet.rows.shape[1] - 1, 0)
            target.set_column(sheet.first_column, last, WIDTH, words)
            for row, values in zip(sheet.rows.index, sheet.rows.itertuples(index=False), strict=True):
                for column, value in enumerate(values, start=sheet.first_column):
                    if isinstance(value, str):
                        target.write_string(row - 1, column, value[:32_767], words)
    return buffer.getvalue()


def sheet_name(wished: str) -> str:
    """A name that Excel takes for a sheet, as near to the file's as can be."""
    name = "".join("_" if letter in "[]:*?/\\" else letter for letter in wished).strip("' ")
    return name[:31].strip("' ") or "Sheet"
