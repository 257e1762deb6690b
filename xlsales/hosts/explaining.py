"""A number of a page in a workbook file: what stands in a cell, and what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.errors import InputError, UsageError, WorkbookError
from xlsales.explain.number import Selected
from xlsales.explain.words import numbers_of
from xlsales.hosts.file import AS_OF_CELL
from xlsales.language import LANGUAGES, text, wording
from xlsales.report.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from xlsales.explain.words import Explained
    from xlsales.language import Language
    from xlsales.metrics._scope import Basis
    from xlsales.package.book import Book, Sheet

_PLACE = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^!]+))!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[0-9]+)"
)


def numbers_at(
    book: Path,
    place: str,
    data: Sequence[Path] = (),
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis | None = None,
    lang: Language | None = None,
) -> tuple[Explained, ...]:
    """The numbers in a cell of a page, ``place`` being ``Sheet!C7``: of a sentence all that it names.

    ``data`` is where the raw sheets are if not in the workbook itself; the rest is what the page was made
    with, by default what the settings sheet says. Raises ``UsageError`` for a place that is none,
    ``WorkbookError`` where the cell holds no number of ours, and as :func:`xlsales.hosts.file.refresh` does.
    """
    content = book.read_bytes()
    chosen = selected(content, place)
    return numbers_of_page(
        content, chosen, list(data) or [book], period=period, as_of=as_of, basis=basis, lang=lang
    )


def numbers_of_page(
    content: bytes,
    chosen: Selected,
    data: Sequence[Path],
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis | None = None,
    lang: Language | None = None,
) -> tuple[Explained, ...]:
    """The numbers of a cell that is known already: see :func:`numbers_at`."""
    from xlsales.analysis import ask
    from xlsales.hosts.file import headers_language
    from xlsales.hosts.in_engine import answering, brought
    from xlsales.hosts.memory import read_memory
    from xlsales.hosts.reading import understood
    from xlsales.hosts.results import answered
    from xlsales.settings import read_settings

    if chosen.page not in PAGES:
        raise WorkbookError("not_our_number")
    said, memory = read_settings(content), read_memory(content)
    try:
        found, entry = understood(data, lambda *_: None, memory)
    except InputError as error:
        if error.key != "nothing_to_analyse":
            raise
        raise InputError("page_without_data") from error
    with answering(found.cleaned.engine):
        found = brought(found)
        analysis = ask(
            found,
            period=period or said.period,
            as_of=as_of or said.as_of,
            basis=basis or said.basis or "signed",
            memory=memory,
            policy=said.policy,
        )
        spoken = lang or said.lang or _language_of(content, chosen) or headers_language(analysis.survey)
        report, _ = answered(entry, analysis, spoken, (chosen.page,), traced=True)
        return numbers_of(report, analysis, chosen)


def _language_of(content: bytes, chosen: Selected) -> Language | None:
    """The language of the page, by how its second line begins, else by its sheet's name; None by neither.

    A sheet keeps its name when the page on it comes again in another language.
    """
    from xlsales.package.book import open_book
    from xlsales.package.cells import contents
    from xlsales.package.names import owned_sheets

    book = open_book(content)
    sheet = owned_sheets(book).get(chosen.page)
    cells = contents(book, sheet.part) if sheet is not None and sheet.part else {}
    line = cells[AS_OF_CELL].value if AS_OF_CELL in cells else ""
    for lang in LANGUAGES:
        before, _, _ = wording(lang)["pages"]["as_of"].partition("{")
        if line.startswith(before):
            return lang
    names = {text(lang, f"pages.{chosen.page}.name"): lang for lang in LANGUAGES}
    return names.get(chosen.sheet)


def selected(data: bytes, place: str) -> Selected:
    """What stands in a cell of one of our pages, from the workbook's bytes."""
    from xlsales.package.book import open_book
    from xlsales.package.cells import contents
    from xlsales.package.inputs import cell as address_of
    from xlsales.package.names import owned_sheets

    found = _PLACE.fullmatch(place.strip())
    if found is None:
        raise UsageError("not_a_place", place=place)
    name = found["plain"] or found["quoted"].replace("''", "'")
    cell = f"{found['column'].upper()}{found['row']}"
    book = open_book(data)
    pages = {sheet.name.casefold(): (key, sheet) for key, sheet in owned_sheets(book).items()}
    key, sheet = pages.get(name.casefold(), ("", None))
    if sheet is None or sheet.part is None or key not in PAGES:
        raise WorkbookError("not_our_number")
    held = {address: content.value for address, content in contents(book, sheet.part).items()}
    shown = held.get(cell, "")
    by_place = {address_of(address): value for address, value in held.items()}
    column, row = address_of(cell)
    for table, (left, top), (right, bottom) in _tables(book, sheet):
        if left <= column <= right and top < row <= bottom:
            labels = tuple(by_place.get((at, row), "") for at in range(left, column))
            return Selected(sheet.name, key, cell, shown, table, by_place.get((column, top), ""), labels)
    return Selected(sheet.name, key, cell, shown, _key_number(book, sheet, cell))


def _tables(book: Book, sheet: Sheet) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """The tables on a sheet: name, first cell and last cell as (column, row)."""
    from xlsales.package.inputs import cell as address_of

    for link in book.package.relationships(sheet.part or ""):
        if link.kind == "table" and link.target is not None:
            table = book.package.tree(link.target)
            first, _, last = table.get("ref", "A1").partition(":")
            yield table.get("displayName", ""), address_of(first), address_of(last or first)


def _key_number(book: Book, sheet: Sheet, cell: str) -> str:
    """The name of the key number that stands in a cell; "" where none does."""
    from xlsales.package.names import is_key_number, sheet_of

    for entry in book.defined_names:
        reference = entry.text or ""
        here = is_key_number(entry, {sheet.name}) and sheet_of(reference) == sheet.name
        if here and reference.rpartition("!")[2].replace("$", "") == cell:
            return entry.get("name", "")
    return ""
