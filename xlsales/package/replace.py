"""One file takes the name of another in one step; on Windows it also takes its rights and streams.

The Windows branch follows the documented outcomes of ReplaceFileW. It was never run on Windows: the tests
stand in for the call.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NO_SUCH_CALL = {1, 50, 120}  # invalid function, not supported, not implemented: not every share has it


def replace(new: Path, target: Path) -> None:
    """Let ``new`` become ``target``, in the same folder. OSError leaves the old file under its name."""
    if sys.platform == "win32" and target.exists():
        replace_keeping_rights(new, target)
    else:
        new.replace(target)


def replace_keeping_rights(new: Path, target: Path) -> None:
    """Windows: as ``replace``, and access rights, owner and alternate streams of ``target`` stay."""
    # Without a name for the old file, ReplaceFileW deletes it before it has put the new one there.
    old = new.with_suffix(".old")
    code = _replace_file(target, new, old)
    if code in _NO_SUCH_CALL:
        new.replace(target)
        return
    if code and not target.exists() and old.exists():
        old.replace(target)
    if code:
        raise _windows_error(code)
    old.unlink(missing_ok=True)


def _replace_file(target: Path, new: Path, old: Path) -> int:
    """ReplaceFileW; 0 or the error code of Windows."""
    if sys.platform != "win32":
        raise NotImplementedError("ReplaceFileW is a call of Windows")
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    done = kernel.ReplaceFileW(str(target), str(new), str(old), 0, None, None)
    return 0 if done else ctypes.get_last_error()


def _windows_error(code: int) -> OSError:
    if sys.platform != "win32":
        return OSError(code, f"Windows error {code}")
    import ctypes

    return ctypes.WinError(code)
