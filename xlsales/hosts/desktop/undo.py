"""Our sheets as they were before the last refresh, and once more back: an undo can itself be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.change import Change, carry_out
from xlsales.hosts.desktop.entries import take_along
from xlsales.hosts.desktop.hidden import bare
from xlsales.hosts.desktop.names import last_refresh, our_names
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import private_folder, saved_copy
from xlsales.hosts.desktop.states import keep, kept
from xlsales.hosts.desktop.status import telling

if TYPE_CHECKING:
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language


def undo(live: Live, lang: Language) -> None:
    """Put our sheets back as they were before the last refresh; those that were new then go.

    Sheets are known by their marks, so one that was renamed since keeps its new name, and one that was
    deleted since comes back. What the user entered since in cells to fill stays. WorkbookError where
    there is nothing to put back.
    """
    with private_folder() as folder, quiet(live):
        telling(live, lang)("undo")
        state = kept(last_refresh(live))
        if state is None:
            raise WorkbookError("nothing_to_undo")
        then = state.read_bytes()
        copy = saved_copy(live, folder)
        before = copy.read_bytes()
        was, now = _refreshed(then), _refreshed(before)
        here = {name: now.get(key, name) for key, name in was.items()}
        source = folder / f"xlsales-then{state.suffix}"
        sheets, formulas = take_along(live, then, then, before, here)
        source.write_bytes(bare(sheets))
        gone = [name for key, name in now.items() if key not in was]
        names = our_names(then)
        carry_out(live, Change(source, here, keep(copy), names, here, gone=gone, formulas=formulas), copy)


def _refreshed(data: bytes) -> dict[str, str]:
    """Key -> name of the sheets that a refresh writes: not the settings, nor sheets that were grafted."""
    from xlsales.hosts.graft import GRAFT
    from xlsales.package.book import open_book
    from xlsales.package.names import owned
    from xlsales.settings import SHEET

    return {
        key: name
        for key, name in owned(open_book(data)).items()
        if key != SHEET and not key.startswith(GRAFT)
    }
