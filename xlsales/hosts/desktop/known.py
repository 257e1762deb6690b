"""What the last refresh of each open workbook understood, for functions in its cells."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from xlsales import folders

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.analysis import Understood


def refreshed(fullname: str) -> Understood | None:
    """What the last refresh of the workbook with this full name understood.

    None where there was none, where what it understood was cleared away meanwhile, and for a workbook that
    was never saved: it has no name of its own, and another one called the same would get its numbers.
    """
    note = _note(fullname)
    if note is None or not note.is_file():
        return None
    return _unpacked(note.read_text("utf-8"))


def remember(fullname: str, understood: Understood, entry: str) -> None:
    """Let ``refreshed`` find it. Where nothing can be kept, nothing is."""
    from xlsales.hosts import cache
    from xlsales.hosts.packing import pack

    note = _note(fullname)
    if note is None:
        return
    if cache.get(entry) is None:
        cache.put(entry, pack(understood))
    with contextlib.suppress(OSError):
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(entry, "utf-8")


def _note(fullname: str) -> Path | None:
    """The small file that says which entry of the cache holds it; None for a book without a place."""
    if not ("/" in fullname or "\\" in fullname):
        return None
    with contextlib.suppress(RuntimeError):  # a user without a home
        return folders.state_folder() / "refreshed" / sha256(fullname.lower().encode()).hexdigest()[:32]
    return None


@lru_cache(maxsize=1)
def _unpacked(entry: str) -> Understood | None:
    """Kept in memory, since a sheet full of functions asks ten thousand times for the same."""
    from xlsales.hosts import cache
    from xlsales.hosts.packing import unpack

    packed = cache.get(entry)
    return unpack(packed) if packed else None
