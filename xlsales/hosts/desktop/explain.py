"""The numbers of the selected cell of the open book: where it stands, read from Excel as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.explain.number import Selected
from xlsales.hosts.desktop.names import marked
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import private_folder, saved_copy
from xlsales.hosts.desktop.status import telling

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.explain.words import Explained
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language


def selected_numbers(live: Live, lang: Language) -> tuple[Explained, ...]:
    """The numbers of the selected cell. WorkbookError where there is none of ours."""
    chosen = _selected(live)
    with private_folder() as folder, quiet(live):
        telling(live, lang)("read")
        return numbers_of(saved_copy(live, folder), chosen)


def numbers_of(copy: Path, chosen: Selected) -> tuple[Explained, ...]:
    """The numbers of a selected cell, from a copy of the book. WorkbookError where there is none of ours."""
    from xlsales.hosts.explaining import numbers_of_page

    return numbers_of_page(copy.read_bytes(), chosen, [copy])


def _selected(live: Live) -> Selected:
    cell, sheet = live.app.ActiveCell, live.app.ActiveSheet
    key = marked(live).get(sheet.Name) if live.app.ActiveWorkbook.Name == live.name else None
    if key is None:
        raise WorkbookError("not_our_number")
    place, shown = cell.Address.replace("$", ""), str(cell.Text)
    table = cell.ListObject
    if table is not None:
        first, head = table.Range.Column, table.Range.Row
        labels = tuple(str(sheet.Cells(cell.Row, column).Text) for column in range(first, cell.Column))
        column = str(sheet.Cells(head, cell.Column).Text).replace("\n", " ")
        return Selected(sheet.Name, key, place, shown, table.Name, column, labels)
    corner = cell.MergeArea.Cells(1, 1).Address
    for name in live.book.Names:
        at, _, address = str(name.RefersTo).removeprefix("=").rpartition("!")
        if (
            name.Name.startswith("XS_")
            and address == corner
            and at.strip("'").replace("''", "'") == sheet.Name
        ):
            return Selected(sheet.Name, key, place, shown, name.Name)
    return Selected(sheet.Name, key, place, shown, "")
