"""Questions about paths that are asked without looking at a disk."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath


def like(text: str, path: PurePath) -> PurePath:
    """``text`` as a path of the same system as ``path``."""
    return PureWindowsPath(text) if isinstance(path, PureWindowsPath) else PurePosixPath(text)


def inside(path: PurePath, folder: str) -> bool:
    """Whether ``path`` is ``folder`` or lies in it; Windows knows no upper and lower case."""
    return bool(folder) and path.is_relative_to(like(folder, path))
