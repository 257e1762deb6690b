"""Whole workbooks as they were before a refresh, so that it can be undone.

Each is a saved copy in the user's own folder for program state, named at random; the workbook carries the
name of its last one, so that it is found whatever the workbook is called meanwhile and wherever it lies.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from typing import TYPE_CHECKING

from xlsales.folders import state_folder

if TYPE_CHECKING:
    from pathlib import Path

MOST_STATES, MOST_BYTES = 20, 1 << 30
"""Of all workbooks together; the newest stays whatever its size."""


def keep(copy: Path) -> str | None:
    """Keep a saved copy; its name, or None where the disk or the user's folder will not have it."""
    with contextlib.suppress(OSError, RuntimeError):
        folder = state_folder() / "undo"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = secrets.token_hex(8)
        unfinished = folder / f"{state}.tmp"
        try:
            shutil.copyfile(copy, unfinished)
            unfinished.replace(folder / f"{state}{copy.suffix}")
        finally:
            unfinished.unlink(missing_ok=True)
        _shrink(folder, state)
        return state
    return None


def kept(state: str | None) -> Path | None:
    """The file of a kept state; None where it was cleared away."""
    if not state or not state.isalnum():
        return None
    return next(iter((state_folder() / "undo").glob(f"{state}.xls?")), None)


def _shrink(folder: Path, newest: str) -> None:
    found = [(path.stat(), path) for path in folder.iterdir() if path.stem != newest]
    room = MOST_BYTES - sum(path.stat().st_size for path in folder.glob(f"{newest}.*"))
    for place, (status, path) in enumerate(sorted(found, key=lambda one: (-one[0].st_mtime_ns, one[1]))):
        room -= status.st_size
        if room < 0 or place >= MOST_STATES - 1:
            path.unlink(missing_ok=True)
