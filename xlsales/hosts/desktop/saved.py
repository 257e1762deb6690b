"""A saved copy of the open book: its bytes as it stands, unsaved edits included.

``SaveCopyAs`` leaves the book, its name and its place alone, and needs none: it works for a book that was
never saved, that is read-only, or that lies in OneDrive.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from shutil import rmtree
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.hosts.desktop.caller import Live

ENDINGS = {51: ".xlsx", 61: ".xlsx", 52: ".xlsm"}
"""Excel's file formats that our sheets can live in: a workbook, a strict one, one with macros."""


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this user can read, gone afterwards with all that it holds."""
    folder = Path(tempfile.mkdtemp(prefix="xlsales-"))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def folder_of(fullname: str) -> Path | None:
    """The folder of this machine in which a book of this full name lies; None where it lies in none.

    An address of OneDrive is no folder, and a workbook that was never saved lies nowhere.
    """
    if "://" in fullname or not ("\\" in fullname or "/" in fullname):
        return None
    beside = Path(fullname).parent
    return beside if beside.is_dir() else None


def saved_copy(live: Live, folder: Path) -> Path:
    """The open book as a file in ``folder``, under its own name, which the pages tell as their source.

    WorkbookError for a book of another format, such as .csv or .xls.
    """
    ending = ENDINGS.get(live.book.FileFormat)
    if ending is None:
        raise WorkbookError("book_not_xlsx", file=live.name)
    path = folder / f"{stem(live.name)}{ending}"
    live.book.SaveCopyAs(str(path))
    return path


def bytes_of(copy: Path) -> bytes:
    """A saved copy to compute with: without its owner's wish that the file be opened read-only.

    That wish is about the file, which stays as it is; the user has opened it and works in it.
    """
    from xlsales.package.book import open_book

    book = open_book(copy.read_bytes())
    for wish in list(book.root.iterfind(book.dialect.tag("fileSharing"))):
        book.root.remove(wish)
    return book.to_bytes()


def stem(name: str) -> str:
    """A book's name without its ending; one that was never saved has none."""
    return PurePosixPath(name).stem if PurePosixPath(name).suffix.lower() in ENDINGS.values() else name
