"""Copies of the last workbooks that a save replaced, in the user's own folder for program state.

Not beside the workbook, where every refresh would add clutter to a shared folder. Each workbook has a
folder named after its path; ``1`` in front of a name is the newest copy. They may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

from xlsales.folders import state_folder

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 3
"""Copies of one workbook."""

MOST_BYTES = 1 << 30
"""Of all copies of all workbooks together; the newest copy stays whatever its size."""


def backup_folder(workbook: Path) -> Path:
    """Where the copies of a workbook lie, whether there are any or not."""
    place = hashlib.sha256(os.fsencode(workbook.resolve())).hexdigest()[:16]
    return state_folder() / "backups" / place


def back_up(workbook: Path) -> None:
    """Copy the file and forget the oldest copies.

    OSError where it cannot be done; what copies there are stay whole, also when the process is killed.
    """
    folder = backup_folder(workbook)
    folder.mkdir(parents=True, exist_ok=True)
    copies = [folder / f"{number} {workbook.name}" for number in range(1, KEPT + 1)]
    unfinished = folder / f"0 {workbook.name}"
    shutil.copyfile(workbook, unfinished)
    for newer, older in reversed(list(pairwise(copies))):
        if newer.exists():
            newer.replace(older)
    unfinished.replace(copies[0])
    _shrink(folder.parent, copies[0])


def _shrink(backups: Path, newest: Path) -> None:
    """Delete the oldest copies of all workbooks until the rest is small enough."""
    found = [(path.stat(), path) for path in backups.glob("*/*") if path != newest]
    room = MOST_BYTES - newest.stat().st_size
    for status, path in sorted(found, key=lambda entry: (-entry[0].st_mtime_ns, entry[1])):
        room -= status.st_size
        if room < 0:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # other copies are in there
                path.parent.rmdir()
