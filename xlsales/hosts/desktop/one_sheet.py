"""One sheet of ours that belongs to no report, made new or written anew, and undone like the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.hosts.desktop.change import Change, carry_out
from xlsales.hosts.desktop.hidden import bare
from xlsales.hosts.desktop.names import our_names
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import bytes_of, private_folder, saved_copy
from xlsales.hosts.desktop.states import keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.hosts.desktop.caller import Live


def bring_sheet(live: Live, key: str, name: str, make: Callable[[str], bytes]) -> str:
    """Bring the sheet with this key; ``make`` writes it as a workbook, under the name it gets. That name.

    What somebody wrote on it is not kept: an undo brings it back.
    """
    from xlsales.package.book import open_book
    from xlsales.package.graft import graft
    from xlsales.package.plan import plan

    with private_folder() as folder, quiet(live):
        copy = saved_copy(live, folder)
        before = bytes_of(copy)
        final = plan(open_book(before), {key: name}, []).names[key]
        sheets = make(final)
        names = our_names(graft(before, sheets, {final: key}, {}))
        source = folder / "xlsales-sheet.xlsx"
        source.write_bytes(bare(sheets))
        named = {one: one for one in names.marks}
        carry_out(live, Change(source, {final: final}, keep(copy), names, named), copy)
        return final
