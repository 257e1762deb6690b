"""Replacing a file so that at every moment there is the old one or the new one, whole.

The new bytes go to a hidden file beside it, are flushed to the disk, and take its name in one step. No
backup is kept: a failure at any point leaves the old file, and a copy per refresh would be clutter.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
from typing import TYPE_CHECKING, NewType

from xlsales.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Fingerprint = NewType("Fingerprint", str)
"""Tells whether a file still holds what was read."""


def fingerprint(path: Path) -> Fingerprint:
    """The SHA-256 of the file's bytes. Take it before reading the file, never after."""
    with path.open("rb") as file:
        return Fingerprint(hashlib.file_digest(file, "sha256").hexdigest())


def save(path: Path, data: bytes, *, expected: Fingerprint | None) -> bool:
    """Let the file at ``path`` hold ``data``; False where it does already and nothing was written.

    ``expected`` is the fingerprint of the file that ``data`` was made from, None for a file that may be
    new. A WorkbookError says why the file was left as it was: open in Excel or LibreOffice, changed
    meanwhile, read-only, no room on the disk.
    """
    target = path.resolve()
    with _told_as_workbook_errors(path):
        if target.exists() and target.read_bytes() == data:
            return False
        _refuse_open(path, target)
        if target.exists() and not (target.stat().st_mode & stat.S_IWUSR and os.access(target, os.W_OK)):
            raise WorkbookError("file_read_only", file=path.name)
        _refuse_changed(path, target, expected)
        temporary = target.with_name(f".xlsales-{secrets.token_hex(8)}.tmp")
        try:
            _write(temporary, data)
            if target.exists():
                shutil.copymode(target, temporary)
            _refuse_changed(path, target, expected)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(target.parent)
    return True


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name durable. Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refuse_open(path: Path, target: Path) -> None:
    for place in {path.parent.resolve() / path.name, target}:
        for lock in (f"~${place.name}", f".~lock.{place.name}#"):
            if place.with_name(lock).exists():
                raise WorkbookError("file_is_open", file=path.name, lock=lock)


def _refuse_changed(path: Path, target: Path, expected: Fingerprint | None) -> None:
    if expected is not None and not (target.exists() and fingerprint(target) == expected):
        raise WorkbookError("file_changed", file=path.name)


@contextlib.contextmanager
def _told_as_workbook_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        # Windows says this of a file that Excel holds open without its lock file.
        raise WorkbookError("file_not_writable", file=path.name, folder=str(path.parent)) from None
    except FileNotFoundError:
        raise WorkbookError("folder_missing", file=path.name, folder=str(path.parent)) from None
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise WorkbookError("disk_full", file=path.name) from None
        reason = error.strerror or type(error).__name__
        raise WorkbookError("file_not_saved", file=path.name, reason=reason) from None
