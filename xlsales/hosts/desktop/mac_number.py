"""The selected number on a Mac: it stands in the workbook that opened beside the one with the raw data.

Either may be in front when a button is pressed: the raw data with their own ribbon, or the pages with that
of the add-in. The pages are known by the name that ``mac.open_beside`` gives their workbook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlsales.errors import WorkbookError
from xlsales.explain.number import Selected
from xlsales.hosts.desktop.explain import numbers_of
from xlsales.hosts.desktop.mac import key_of, used_copy
from xlsales.hosts.desktop.saved import stem

if TYPE_CHECKING:
    from xlsales.explain.words import Explained

BESIDE = re.compile(r"(?P<raw>.+)-[0-9a-f]{8}\.xlsx")


def pages_of(book: Any) -> Any:
    """The workbook with the pages of ``book``, the one that was opened last; else ``book`` itself."""
    if BESIDE.fullmatch(str(book.name)):
        return book
    beside = [one for one in book.app.books if _raw(one) == stem(book.name)]
    return beside[-1] if beside else book


def data_of(book: Any) -> Any:
    """The workbook with the raw data: beside its pages, or the copy of them among the pages."""
    raw = _raw(book)
    return next((one for one in book.app.books if raw is not None and stem(one.name) == raw), book)


def selected_numbers(book: Any) -> tuple[Explained, ...]:
    """The numbers of the selected cell of the pages of ``book``. WorkbookError where there are none."""
    pages = pages_of(book)
    pages.activate()
    cell = book.app.selection
    book.activate()
    chosen = _selected(pages, cell)
    with used_copy(data_of(book)) as copy:
        return numbers_of(copy, chosen)


def _raw(book: Any) -> str | None:
    """The name of the workbook that these pages were made from; None where these are none."""
    found = BESIDE.fullmatch(str(book.name))
    return found["raw"] if found else None


def _selected(pages: Any, cell: Any) -> Selected:
    key = key_of(cell.sheet) if cell is not None else None
    if key is None:
        raise WorkbookError("not_our_number")
    cell = cell[0, 0]
    sheet, place, shown = str(cell.sheet.name), str(cell.address).replace("$", ""), _shown(cell)
    table = cell.table
    if table is not None:
        head = table.range
        before = range(head.column, cell.column)
        labels = tuple(_shown(cell.sheet.range((cell.row, column))) for column in before)
        title = _shown(cell.sheet.range((head.row, cell.column))).replace("\n", " ")
        return Selected(sheet, key, place, shown, str(table.name), title, labels)
    corner = f"!{cell.merge_area[0, 0].address}"
    for name in pages.names:
        refers = str(name.refers_to).removeprefix("=")
        at = refers.removesuffix(corner).strip("'").replace("''", "'")
        if str(name.name).startswith("XS_") and refers.endswith(corner) and at == sheet:
            return Selected(sheet, key, place, shown, str(name.name))
    return Selected(sheet, key, place, shown, "")


def _shown(cell: Any) -> str:
    """The text that a cell shows, in its format."""
    return str(cell.api.string_value.get())
