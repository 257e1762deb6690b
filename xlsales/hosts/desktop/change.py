"""One change of the open book, whole or not at all.

Everything that could stop it half-way is looked at first. What fails nevertheless is taken back: sheets
that came go, and ours are brought back from the copy that was saved before, the way a refresh brings them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError, XlsalesError
from xlsales.hosts.desktop.bring import bring, copy_aside, remove
from xlsales.hosts.desktop.entries import write_formulas
from xlsales.hosts.desktop.hidden import bare, hidden
from xlsales.hosts.desktop.names import last_refresh, our_names, point_names, remember_refresh
from xlsales.hosts.desktop.patience import reason
from xlsales.hosts.desktop.standing import RefusedError
from xlsales.hosts.desktop.structured import note, write_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsales.hosts.desktop.caller import Live
    from xlsales.hosts.desktop.entries import Formula
    from xlsales.hosts.desktop.names import OurNames
    from xlsales.hosts.desktop.structured import Noted


@dataclass(frozen=True)
class Change:
    """What is to become of the open book.

    ``sheets`` are brought from the workbook at ``source`` (name there -> name here). Before that, ``aside``
    are copied (name -> name of the copy); after it, ``formulas`` are written and ``gone`` are deleted.
    ``names`` are our defined names then, with the sheet names that they have in ``named`` (-> name here);
    None leaves them. ``state`` is the kept state that undoes the change.
    """

    source: Path
    sheets: Mapping[str, str]
    state: str | None
    names: OurNames | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    gone: Sequence[str] = ()
    formulas: Sequence[Formula] = ()


@dataclass(frozen=True)
class _Before:
    """The book before the change: a copy of it, its sheets in order, what reads ours, and its kept state."""

    copy: Path
    sheets: tuple[str, ...]
    noted: Noted
    state: str | None


def carry_out(live: Live, change: Change, copy: Path) -> None:
    """Change the open book; ``copy`` is a copy of it as it stands now.

    WorkbookError where it cannot be done, and then the book is as it was; where even that failed, the
    error names the file that holds it.
    """
    sheets = tuple(sheet.Name for sheet in live.book.Sheets)
    ours = [name for name in sheets if name in {*change.sheets.values(), *change.gone}]
    noted = note(live, copy.read_bytes(), ours, change.gone)
    _look(live, change, sheets, noted)
    before = _Before(copy, sheets, noted, last_refresh(live))
    try:
        try:
            _make(live, change, noted, keep_tables=True)
        except RefusedError:
            _take_back(live, change, before)
            _make(live, change, noted, keep_tables=False)
    except BaseException as error:
        try:
            _take_back(live, change, before)
        except Exception as second:
            raise WorkbookError("not_put_back", file=_saved_for_good(copy)) from second
        if isinstance(error, XlsalesError) or not isinstance(error, Exception):
            raise
        raise WorkbookError("excel_refused", reason=reason(error)) from error


def _look(live: Live, change: Change, sheets: Sequence[str], noted: Noted) -> None:
    """Whatever would stop the change half-way."""
    come = {*change.sheets.values()} - set(sheets) | set(change.aside.values())
    if (come or change.gone) and live.book.ProtectStructure:
        raise WorkbookError("workbook_structure_locked")
    taken = {name.lower() for name in sheets}
    for name in come:
        if name.lower() in taken:
            raise WorkbookError("sheet_name_taken", sheet=name)
    written = {*change.sheets.values(), *change.gone, *(one.sheet for one, _ in noted.formulas)}
    for name in sheets:
        if name in written:
            sheet = live.book.Sheets(name)
            if sheet.ProtectContents or sheet.ProtectDrawingObjects:
                raise WorkbookError("sheet_protected", sheet=name)


def _make(live: Live, change: Change, noted: Noted, *, keep_tables: bool) -> None:
    for name, copy in change.aside.items():
        copy_aside(live, name, copy)
    with hidden(live, change.source) as source:
        bring(live, source, change.sheets, keep_tables=keep_tables)
    write_formulas(live, change.formulas)
    write_again(live, noted)
    for name in change.gone:
        remove(live, name)
    if change.names is not None:
        point_names(live, change.names, change.named)
    remember_refresh(live, change.state)


def _take_back(live: Live, change: Change, before: _Before) -> None:
    """The book as it was. Sheets that came are known by not having been there."""
    for name in [sheet.Name for sheet in live.book.Sheets]:
        if name not in before.sheets:
            remove(live, name)
    changed = [name for name in before.sheets if name in {*change.sheets.values(), *change.gone}]
    # Excel opens no two books of one name.
    there = before.copy.with_name(f"xlsales-before{before.copy.suffix}")
    there.write_bytes(bare(before.copy.read_bytes()))
    with hidden(live, there) as source:
        bring(live, source, {name: name for name in changed})
    for place, name in enumerate(before.sheets, start=1):
        if live.book.Sheets(place).Name != name:
            live.book.Sheets(name).Move(Before=live.book.Sheets(place))
    write_again(live, before.noted)
    names = our_names(before.copy.read_bytes())
    point_names(live, names, {name: name for name in {*changed, *names.marks}})
    remember_refresh(live, before.state)


def _saved_for_good(copy: Path) -> Path:
    """A place for the copy that outlives the temporary folder."""
    from xlsales.hosts.desktop.states import keep, kept

    return kept(keep(copy)) or copy
