"""Our defined names in the open book: the marks of our sheets, and the names of the key numbers.

Which names there are to be, a workbook's bytes say: those that the graft has made for a refresh, or those
of an earlier state. Names of the user stay untouched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.package.book import open_book, scope
from xlsales.package.names import KEY_NUMBER_PREFIX, MARKER, OURS, is_key_number, is_mark, owned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.hosts.desktop.caller import Live

LAST_REFRESH = "_xlsales.refresh"
"""The hidden name of the workbook that says which kept state it was in before the last refresh."""


@dataclass(frozen=True)
class OurNames:
    """Key numbers by name, and per sheet its marks by name; each refers to text such as ``"overview"``."""

    key_numbers: Mapping[str, str]
    marks: Mapping[str, Mapping[str, str]]


def our_names(data: bytes) -> OurNames:
    """The names of ours in a workbook."""
    book = open_book(data)
    sheets = [sheet.name for sheet in book.sheets]
    ours = set(owned(book).values())
    marks: dict[str, dict[str, str]] = {}
    for entry in book.defined_names:
        place, name = scope(entry), entry.get("name", "")
        if place is not None and place < len(sheets) and is_mark(entry):
            marks.setdefault(sheets[place], {})[name] = _refers(entry.text)
    numbers = {
        entry.get("name", ""): _refers(entry.text)
        for entry in book.defined_names
        if is_key_number(entry, ours)
    }
    return OurNames(numbers, marks)


def point_names(live: Live, wanted: OurNames, sheets: Mapping[str, str]) -> None:
    """Let our names be as wanted; ``sheets`` tells under which name a sheet of ``wanted`` is here.

    A key number that is not wanted goes. One whose name the user has taken meanwhile stays the user's.
    """
    from xlsales.package.references import renamed

    new = {name.lower(): here for name, here in sheets.items() if name != here}
    ours = set(sheets.values())
    present = {name.Name: name for name in live.book.Names}
    for name, refers in wanted.key_numbers.items():
        text = renamed(refers, new, {})
        if name not in present:
            live.book.Names.Add(Name=name, RefersTo=text)
        elif present[name].RefersTo != text and _is_ours(present[name], ours):
            present[name].RefersTo = text
    for name, entry in present.items():
        if name not in wanted.key_numbers and _is_ours(entry, ours):
            entry.Delete()
    for name, here in sheets.items():
        marks = {mark: renamed(refers, new, {}) for mark, refers in wanted.marks.get(name, {}).items()}
        set_marks(live.book.Sheets(here), marks)


def set_marks(sheet: Any, marks: Mapping[str, str]) -> None:
    """Let a sheet carry these marks and no others; Excel calls them ``'Sheet'!_xlsales.sheet``."""
    present = {_local(name.Name): name for name in sheet.Names if _local(name.Name).startswith(OURS)}
    for name in sorted(present.keys() | marks.keys()):
        if name in marks and name not in present:
            sheet.Names.Add(Name=name, RefersTo=marks[name], Visible=False)
        elif name in marks and present[name].RefersTo != marks[name]:
            present[name].RefersTo = marks[name]
        elif name not in marks and name in present:
            present[name].Delete()


def marked(live: Live) -> dict[str, str]:
    """Name of a sheet -> its key, of every sheet that carries a mark, copies included."""
    found = {}
    for sheet in live.book.Worksheets:
        for name in sheet.Names:
            if _local(name.Name) == MARKER:
                found[sheet.Name] = str(name.RefersTo).removeprefix("=").strip('"')
    return found


def last_refresh(live: Live) -> str | None:
    """The kept state that the last refresh came from; None where there was none."""
    for name in live.book.Names:
        if name.Name == LAST_REFRESH:
            return str(name.RefersTo).removeprefix("=").strip('"')
    return None


def remember_refresh(live: Live, state: str | None) -> None:
    """Note in the workbook which kept state it was in before, or that there is none."""
    for name in live.book.Names:
        if name.Name == LAST_REFRESH:
            if state is None:
                name.Delete()
            else:
                name.RefersTo = f'="{state}"'
            return
    if state is not None:
        live.book.Names.Add(Name=LAST_REFRESH, RefersTo=f'="{state}"', Visible=False)


def _refers(text: str | None) -> str:
    return "=" + (text or "").strip().removeprefix("=")


def _local(name: str) -> str:
    return name.rpartition("!")[2]


def _is_ours(name: Any, sheets: set[str]) -> bool:
    """As ``is_key_number`` says it of a workbook's bytes."""
    from xlsales.package.names import NOWHERE, sheet_of

    refers = str(name.RefersTo)
    called = "!" not in name.Name and name.Name.upper().startswith(KEY_NUMBER_PREFIX)
    return called and (NOWHERE in refers or sheet_of(refers) in sheets)
