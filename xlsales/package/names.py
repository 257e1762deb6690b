"""Defined names: which sheets are ours, what they print, and where the key numbers stand.

A sheet of ours carries the hidden name ``_xlsales.sheet`` of its own scope, with its key as text. Excel
and LibreOffice keep such a name through renaming, moving and saving. ``_xlsales.print`` beside it is the
print of what we wrote there. A copy of such a sheet, which is the user's, carries ``_xlsales.copy`` instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.package.book import scope
from xlsales.package.references import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xlsales.package.book import Book, Sheet
    from xlsales.package.markup import Element

MARKER = "_xlsales.sheet"
COPY = "_xlsales.copy"
PRINT = "_xlsales.print"
OURS = "_xlsales."
FILLED = tuple(f"{OURS}{kind}." for kind in ("form", "input", "key", "rows"))
"""What the names of cells that the user fills begin with, and of those by which they are known again."""
KEY_NUMBER_PREFIX = "XS_"
_BUILT_IN = "_xlnm."
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_SHEET = re.compile(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!")
NOWHERE = "#REF!"


def owned(book: Book) -> Mapping[str, str]:
    """Key -> current name of every sheet that is ours."""
    return {key: sheet.name for key, sheet in owned_sheets(book).items()}


def owned_sheets(book: Book) -> dict[str, Sheet]:
    """Key -> sheet. Of a sheet and its copies, which carry the mark too, the one with the lowest id is ours.

    Excel gives a copy a new, higher id, wherever the user puts it.
    """
    sheets = book.sheets
    found: dict[str, Sheet] = {}
    for entry in _markers(book):
        place, key = scope(entry), _unquoted(entry)
        if place is not None and 0 <= place < len(sheets) and key:
            rival = found.get(key)
            if rival is None or _age(sheets[place]) < _age(rival):
                found[key] = sheets[place]
    return found


def copies(book: Book) -> Mapping[str, str]:
    """Current name -> key of every copy that the user made of a sheet of ours: the user's, but never data."""
    ours = {sheet.place for sheet in owned_sheets(book).values()}
    marked = [entry for entry in book.defined_names if entry.get("name") in (MARKER, COPY)]
    return {
        book.sheets[place].name: _unquoted(entry)
        for entry in marked
        if (place := scope(entry)) is not None and 0 <= place < len(book.sheets) and place not in ours
    }


def mark(book: Book, owners: Mapping[str, Sheet]) -> None:
    """Mark the sheets by their keys. A copy that carries one of these keys becomes the user's own."""
    for entry in _markers(book):
        key, place = _unquoted(entry), scope(entry)
        if key in owners and place is not None and owners[key].place != place:
            for mine in [name for name in book.defined_names if scope(name) == place]:
                if is_mark(mine):
                    book.undefine(mine)
            book.define(COPY, _quoted(key), place, hidden=True)
    for key, sheet in owners.items():
        book.define(MARKER, _quoted(key), sheet.place, hidden=True)


def is_mark(entry: Element) -> bool:
    """Whether a defined name is one of those that mark our sheets and what is on them."""
    return scope(entry) is not None and entry.get("name", "").startswith(OURS)


def written_prints(book: Book) -> dict[int, str]:
    """Place of a sheet -> the print of what we wrote on it."""
    return {
        place: _unquoted(entry)
        for entry in book.defined_names
        if entry.get("name") == PRINT and (place := scope(entry)) is not None
    }


def remember_print(book: Book, sheet: Sheet, print_: str) -> None:
    """Note on a sheet the print of what we wrote there."""
    book.define(PRINT, _quoted(print_), sheet.place, hidden=True)


def name_filled(book: Book, sheet: Sheet, cells: Mapping[str, str]) -> None:
    """Give the cells of a sheet that the user fills their names (``form.a.b`` -> ``B4``), and no others."""
    wanted = {f"{OURS}{name}": address for name, address in cells.items()}
    for entry in book.defined_names:
        name = entry.get("name", "")
        if scope(entry) == sheet.place and name.startswith(FILLED) and name not in wanted:
            book.undefine(entry)
    for name, address in wanted.items():
        place = _ADDRESS.sub(r"$\1$\2", address)
        book.define(name, f"{quoted(sheet.name)}!{place}", sheet.place, hidden=True)


def carry_built_in(ours: Book, source: Sheet, book: Book, sheet: Sheet) -> None:
    """Give a sheet the print area, print titles and filter range of its source, and no older ones."""
    wanted = {
        entry.get("name", ""): entry
        for entry in ours.defined_names
        if scope(entry) == source.place and entry.get("name", "").startswith(_BUILT_IN)
    }
    for entry in book.defined_names:
        name = entry.get("name", "")
        if scope(entry) == sheet.place and name.startswith(_BUILT_IN) and name not in wanted:
            book.undefine(entry)
    for name, entry in wanted.items():
        book.define(name, entry.text or "", sheet.place, hidden=entry.get("hidden") == "1")


def point_key_numbers(book: Book, names: Mapping[str, str], rewritten: Collection[str]) -> None:
    """Let the names of key numbers point at their cells.

    ``rewritten`` are the names of the sheets just written. A name that pointed there and is no longer
    given points nowhere, so that a formula shows an error and never another number. A name that the
    user defined, which points elsewhere, stays the user's.
    """
    ours = set(owned(book).values())
    present = {entry.get("name", "").lower(): entry for entry in book.defined_names if scope(entry) is None}
    for name, text in names.items():
        entry = present.pop(name.lower(), None)
        if entry is None or is_key_number(entry, ours):
            book.define(name, text)
    for entry in present.values():
        if is_key_number(entry, rewritten):
            entry.text = NOWHERE


def is_key_number(entry: Element, sheets: Collection[str]) -> bool:
    """Whether a defined name is one of ours: called so, and on one of these sheets or nowhere."""
    text = entry.text or ""
    named = scope(entry) is None and entry.get("name", "").upper().startswith(KEY_NUMBER_PREFIX)
    return named and (NOWHERE in text or sheet_of(text) in sheets)


def sheet_of(reference: str) -> str | None:
    """The sheet name in ``'My sheet'!$A$1``; None where there is none."""
    found = _SHEET.match(reference)
    if found is None:
        return None
    quoted, plain = found.groups()
    return quoted.replace("''", "'") if quoted is not None else plain


def _markers(book: Book) -> list[Element]:
    return [entry for entry in book.defined_names if entry.get("name") == MARKER]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _unquoted(entry: Element) -> str:
    return (entry.text or "").strip().removeprefix("=").removeprefix('"').removesuffix('"').replace('""', '"')


def _age(sheet: Sheet) -> tuple[int, int]:
    return (sheet.id, sheet.place)
