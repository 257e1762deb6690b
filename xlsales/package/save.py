"""Replacing a file so that at every moment there is the old one or the new one, whole.

The new bytes go to a hidden file beside it, are flushed to the disk, and take its name in one step. What
the file held goes to the ``backups`` of its user.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import time
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.backups import back_up
from xlsales.package.replace import replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ABANDONED = 3600
"""Seconds after which an unfinished file cannot belong to a process that is still saving."""

_NETWORK = {"ENETDOWN", "ENETUNREACH", "ENETRESET", "EHOSTDOWN", "EHOSTUNREACH", "ENOTCONN", "ESTALE"}
_WINDOWS_NETWORK = {51, 53, 54, 55, 59, 64, 65, 67, 121, 1222, 1231, 1232, 1236}
"""Windows says of some of these that the file is missing or closed to the user."""


def save(path: Path, data: bytes, *, expected: bytes | None) -> bool:
    """Let the file at ``path`` hold ``data``; False where it does already and nothing was written.

    ``expected`` is what the file held when ``data`` was made from it, None where there was no file.
    A WorkbookError says why the file was left as it was: open in Excel or LibreOffice, changed
    meanwhile, read-only, no room on the disk.
    """
    target = path.resolve()
    with _told_as_workbook_errors(path):
        there = target.read_bytes() if target.exists() else None
        if there == data:
            return False
        _refuse_open(path, target)
        if target.exists() and not (target.stat().st_mode & stat.S_IWUSR and os.access(target, os.W_OK)):
            raise WorkbookError("file_read_only", file=path.name)
        _refuse_changed(path, there, expected)
        del there
        _clear_abandoned(target.parent)
        temporary = target.with_name(f".xlsales-{secrets.token_hex(8)}.tmp")
        try:
            _write(temporary, data)
            if target.exists():
                shutil.copymode(target, temporary)
            _refuse_changed(path, target.read_bytes() if target.exists() else None, expected)
            # A machine without room or rights for a backup must still be able to save.
            with contextlib.suppress(OSError):
                back_up(target)
            replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(target.parent)
    return True


def _clear_abandoned(folder: Path) -> None:
    """Delete what processes left that were killed while they saved."""
    for path in folder.glob(".xlsales-*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED:
                path.unlink()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name durable, where the system can: Windows and some network places have no such call."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _refuse_open(path: Path, target: Path) -> None:
    for place in {path.parent.resolve() / path.name, target}:
        for lock in (f"~${place.name}", f".~lock.{place.name}#"):
            if place.with_name(lock).exists():
                raise WorkbookError("file_is_open", file=path.name, lock=place.with_name(lock))


def _refuse_changed(path: Path, there: bytes | None, expected: bytes | None) -> None:
    """``there`` is what the file holds now, None where there is none."""
    if expected is None and there is not None:
        raise WorkbookError("file_appeared", file=path.name)
    if there != expected:
        raise WorkbookError("file_changed", file=path.name)


@contextlib.contextmanager
def _told_as_workbook_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if _of_the_network(error):
            raise WorkbookError("file_network", file=path.name, reason=reason) from None
        if isinstance(error, PermissionError):
            # Windows says this of a file that Excel holds open without its lock file.
            raise WorkbookError("file_not_writable", file=path.name, folder=str(path.parent)) from None
        if isinstance(error, FileNotFoundError):
            raise WorkbookError("folder_missing", file=path.name, folder=str(path.parent)) from None
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise WorkbookError("disk_full", file=path.name) from None
        raise WorkbookError("file_not_saved", file=path.name, reason=reason) from None


def _of_the_network(error: OSError) -> bool:
    if isinstance(error, ConnectionError | TimeoutError) or errno.errorcode.get(error.errno or 0) in _NETWORK:
        return True
    return getattr(error, "winerror", None) in _WINDOWS_NETWORK
