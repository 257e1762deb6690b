"""A workbook opened unseen in the user's Excel, and never left open."""

from __future__ import annotations

import contextlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xlsales.hosts.desktop.caller import Live


@contextmanager
def hidden(live: Live, path: Path) -> Iterator[Any]:
    """The book at ``path``, read-only and without a window; the user's book stays the active one.

    It is one that ``bare`` made. Its file name must be that of no open book: Excel opens no two of one name.
    """
    try:
        book = live.app.Workbooks.Open(str(path), UpdateLinks=0, ReadOnly=True, AddToMru=False)
        for window in book.Windows:
            window.Visible = False
        live.book.Activate()
        yield book
    finally:
        for _ in range(3):
            with contextlib.suppress(Exception):
                _close(live, path.name)
                break


def _close(live: Live, name: str) -> None:
    """Close the book by its name, since Excel may have opened it and yet failed to say so."""
    for book in list(live.app.Workbooks):
        if book.Name == name:
            book.Close(SaveChanges=False)


def bare(data: bytes) -> bytes:
    """A workbook to be opened so, without names of the workbook.

    Excel would copy those that refer to a sheet along with it, as names of that sheet. A formula that uses
    one keeps its words.
    """
    from xlsales.package.book import open_book, scope

    book = open_book(data)
    for entry in book.defined_names:
        if scope(entry) is None:
            book.undefine(entry)
    return book.to_bytes()
