"""What was made before from the same bytes: one file per entry in the user's cache folder.

An entry's name is a digest of all that its content depends on, so it is right or not there. Nothing
depends on an entry: the folder may be deleted at any time, and no failure here is told to anybody.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from hashlib import sha256
from pathlib import Path

from xlsales import folders

MOST_BYTES = 2_000_000_000
"""Of all entries together; those used least recently are deleted first."""

_DIGEST = sha256().digest_size
_FAILURES = contextlib.suppress(OSError, RuntimeError)  # RuntimeError: the user has no home


def get(name: str) -> bytes | None:
    """The content of an entry; None where there is none, or where it is not what was put there."""
    with _FAILURES:
        entry = folders.cache_folder() / name
        stored = entry.read_bytes()
        content = stored[_DIGEST:]
        if sha256(content).digest() == stored[:_DIGEST]:
            os.utime(entry)
            return content
        entry.unlink()
    return None


def put(name: str, content: bytes) -> None:
    """Keep an entry whole or not at all, whoever else writes it; only this user can read it."""
    with _FAILURES:
        folder = folders.cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sha256(content).digest() + content)
            Path(unfinished).replace(folder / name)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _shrink(folder)


def also(old: str, new: str) -> None:
    """Let an entry be found under a second name, as what it was made from has changed in nothing that counts.

    Both are one file; a disk that has no such thing keeps the new name only.
    """
    with _FAILURES:
        folder = folders.cache_folder()
        try:
            (folder / new).hardlink_to(folder / old)
        except FileExistsError:
            pass
        except OSError:
            (folder / old).replace(folder / new)


def _shrink(folder: Path) -> None:
    """Delete what was not used for longest, leftovers of killed writers included, until the rest fits."""
    found = [(entry.stat(), entry) for entry in folder.iterdir()]
    room = MOST_BYTES
    for status, entry in sorted(found, key=lambda one: (-one[0].st_mtime_ns, one[1])):
        room -= status.st_size
        if room < 0:
            entry.unlink(missing_ok=True)
