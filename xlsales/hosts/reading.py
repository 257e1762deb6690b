"""From files to what they say. What was understood of the same bytes before is not read again.

At a million rows reading and cleaning is most of a refresh, and what comes out is a fiftieth of it as a
file. It is kept under a digest of everything it was made from: the bytes and names of the files, what the
user has confirmed and decided, our own source and the libraries. So it cannot be out of date, whatever was
changed.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.hosts import cache as entries
from xlsales.memory import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsales.analysis import Understood
    from xlsales.memory import Memory
    from xlsales.tables.declared import Engine, Source
    from xlsales.tables.spec import SheetText

    Contents = Sequence[tuple[Path, bytes]]

GRAFTED = (".xlsx", ".xlsm")
"""What our sheets are written into; any other input is only read, and gives a new workbook."""

MADE_BY = (
    "tables",
    "clean",
    "package",
    "analysis.py",
    "hosts/packing.py",
    "hosts/reading.py",
    "hosts/supplied.py",
)
"""Our source that the bytes of a file go through until they are understood."""


def load(books: Sequence[Path]) -> list[SheetText]:
    """All sheets of the given files and folders but our own. Sheets that were grafted are data like any."""
    return _sheets(_contents(books))


def understood(
    books: Sequence[Path],
    step: Callable[..., None],
    memory: Memory = NOTHING,
    sources: Sequence[Source] = (),
    engine: Engine | None = None,
    folder: Path | None = None,
) -> tuple[Understood, str]:
    """What the files and folders say, and the name of the entry that keeps it.

    Tables that live elsewhere, by ``sources`` or by a sheet of the input, are read from there, with
    ``engine`` or the one that is said there; paths on the sheet start from ``folder``, by default that of
    the first book. ``memory`` has the headers that were confirmed and what was
    decided about cells. ``step`` is told "read", and "clean" with the number of rows. InputError or
    WorkbookError for what cannot be read; nothing is kept of that.
    """
    from xlsales.analysis import recognise, understand
    from xlsales.hosts.packing import pack, unpack
    from xlsales.hosts.supplied import supplied
    from xlsales.tables.declared import declared, over

    step("read")
    contents = _contents(books)
    entry = _entry(contents, memory)
    # What was kept under this name has no table that lives elsewhere.
    if not sources and (packed := entries.get(entry)):
        kept = unpack(packed)
        step("clean", kept.rows)
        return kept, entry
    sheets = _sheets(contents)
    del contents  # at a million rows each of these is a good part of the memory
    if elsewhere := over(sources, declared(sheets, folder or _folder(books)), engine):
        return supplied(sheets, elsewhere, step, memory)
    found = recognise(sheets, memory.confirmed)
    del sheets
    step("clean", sum(len(raw.frame) for raw in found.tables))
    made = understand(found, memory.decisions)
    del found
    entries.put(entry, pack(made))
    return made, entry


def still_understood(entry: str, book: Path, before: bytes, after: bytes, memory: Memory) -> str:
    """Find the entry of a workbook again after our sheets were written into it, where that is all there is.

    Gives back the name that it has now; the same one where the workbook is to be read again.
    The graft proves that every other part is as it was; here, that no sheet more or less is to be read.
    """
    from xlsales.hosts.supplied import SUPPLIED
    from xlsales.package.book import open_book

    if not entry or entry.startswith(SUPPLIED):
        return entry

    def read(data: bytes) -> list[str]:
        skipped = _ours(data)
        return [sheet.name for sheet in open_book(data).sheets if sheet.name not in skipped]

    if read(before) != read(after):
        return entry
    new = _entry([(book, after)], memory)
    entries.also(entry, new)
    return new


def _folder(books: Sequence[Path]) -> Path:
    """Where the paths on a sheet start from."""
    return books[0] if books[0].is_dir() else books[0].parent


def _contents(books: Sequence[Path]) -> list[tuple[Path, bytes]]:
    from xlsales.tables.sources import content, files

    return [(path, content(path)) for book in books for path in files(book)]


def _sheets(contents: Contents) -> list[SheetText]:
    from xlsales.tables.sources import read_content, read_workbook

    sheets: list[SheetText] = []
    for path, data in contents:
        if path.suffix.lower() in GRAFTED:
            sheets += read_workbook(data, path.name, skip=_ours(data))
        else:
            sheets += read_content(data, path)
    return sheets


def _ours(data: bytes) -> tuple[str, ...]:
    """The names of the sheets that a refresh wrote and of their copies: a clean table is not read twice."""
    from xlsales.hosts.graft import GRAFT
    from xlsales.package.book import open_book
    from xlsales.package.names import copies, owned

    book = open_book(data)
    written = [(key, name) for key, name in owned(book).items()] + [
        (key, name) for name, key in copies(book).items()
    ]
    return tuple(name for key, name in written if not key.startswith(GRAFT))


def _entry(contents: Contents, memory: Memory) -> str:
    digest = known_of(memory)
    for path, data in contents:
        digest.update(sha256(os.fsencode(path.name)).digest() + sha256(data).digest())
    return str(digest.hexdigest())


def known_of(memory: Memory) -> Any:
    """The digest of what decides, besides the data, what these are understood as; it can be gone on with."""
    digest = sha256(made_with(MADE_BY))
    said = repr((memory.confirmed, memory.decisions)).encode("utf-8", "surrogatepass")
    digest.update(sha256(said).digest())
    return digest


@cache
def made_with(parts: tuple[str, ...]) -> bytes:
    """What a result depends on besides the files: our source to the letter, and what it is built on."""
    import sys
    from importlib.metadata import version

    digest = sha256(sys.version.encode())
    for library in ("fastexcel", "numpy", "pandas", "pyarrow", "xlsales"):
        digest.update(f"{library} {version(library)}\n".encode())
    home = Path(__file__).parents[1]
    sources = (one for part in parts for one in (home / part, *(home / part).rglob("*")))
    for source in sorted(one for one in sources if one.suffix in (".py", ".toml")):
        digest.update(source.relative_to(home).as_posix().encode() + sha256(source.read_bytes()).digest())
    return digest.digest()
