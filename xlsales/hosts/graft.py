"""Sheets of any workbook put into another one, by the engine that writes the summary sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsales.language import Language
    from xlsales.package.book import Book, Sheet

GRAFT = "sheet:"
"""What the keys of grafted sheets begin with; the name in their own workbook follows."""


@dataclass(frozen=True)
class Grafted:
    """Where the sheets are now, whether the file changed, and what they are called there.

    ``names`` go from the name in their own workbook to that in this one; ``kept`` are copies of sheets that
    somebody had changed since the last graft.
    """

    path: Path
    changed: bool
    names: Mapping[str, str]
    kept: Mapping[str, str]


def graft(
    sheets: Path, book: Path, out: Path | None = None, *, only: Sequence[str] = (), lang: Language = "en"
) -> Grafted:
    """Put the sheets of one workbook, or those in ``only``, into ``book`` or into a copy of it, ``out``.

    A second graft of a sheet with the same name replaces the first where it stands. UsageError or
    InputError where a sheet would not be the same in ``book``.
    """
    from xlsales.hosts.file import kept_suffix, workbook
    from xlsales.hosts.reading import GRAFTED
    from xlsales.package.book import open_book
    from xlsales.package.check import check
    from xlsales.package.extract import transfer
    from xlsales.package.keep import set_aside
    from xlsales.package.save import save

    target = out or book
    for path in (book, target):
        if path.suffix.lower() not in GRAFTED:
            raise UsageError("output_not_workbook", file=path.name)
    existed = target.exists()
    there = workbook(book, target)
    data = sheets.read_bytes()
    source = open_book(data)
    chosen = _chosen(source, only)
    _refuse_unequal(source, open_book(there), chosen)
    sources = {f"{GRAFT}{sheet.name}": sheet.name for sheet in chosen}
    before, kept = set_aside(there, sources, kept_suffix(lang))
    after, names = transfer(before, data, sources, sources)
    check(before, after, names)
    changed = save(target, after, expected=there if existed else None)
    return Grafted(target, changed, {sources[key]: name for key, name in names.items()}, kept)


def _chosen(source: Book, only: Sequence[str]) -> list[Sheet]:
    named = {name.lower() for name in only}
    known = {sheet.name.lower(): sheet for sheet in source.sheets}
    for name in only:
        if name.lower() not in known:
            raise UsageError("unknown_sheet", sheet=name, known=", ".join(tab.name for tab in source.sheets))
    return [sheet for name, sheet in known.items() if not only or name in named]


def _refuse_unequal(source: Book, book: Book, chosen: Sequence[Sheet]) -> None:
    """A sheet that would look or compute differently is refused whole, with what stands in its way.

    A formula may read the sheets that come along, and those that only ``book`` has.
    """
    from xlsales.package.extract import names_read, obstacle, reads

    if source.strict:
        raise InputError("sheets_strict")
    if source.date1904 != book.date1904:
        raise InputError("sheets_other_dates")
    coming = {sheet.name.lower() for sheet in chosen}
    readable = coming | (
        {tab.name.lower() for tab in book.sheets} - {tab.name.lower() for tab in source.sheets}
    )
    for sheet in chosen:
        if found := obstacle(source, sheet):
            raise InputError("sheet_cannot_travel", sheet=sheet.name, found=found)
        for other in sorted(reads(source, sheet)):
            if other.lower() not in readable:
                raise InputError("sheet_reads_sheet", sheet=sheet.name, other=other)
        for name in sorted(names_read(source, sheet, chosen)):
            raise InputError("sheet_reads_name", sheet=sheet.name, name=name)
