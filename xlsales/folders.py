"""Where this system keeps what a user's programs leave behind: state, logs, and what can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def state_folder() -> Path:
    """What is worth keeping but belongs to no document, such as copies of replaced workbooks."""
    return _folder("XDG_STATE_HOME", mac="Library/Application Support", other=".local/state")


def log_folder() -> Path:
    """What a fault left behind."""
    return _folder("XDG_STATE_HOME", mac="Library/Logs", other=".local/state") / "logs"


def cache_folder() -> Path:
    """What may be deleted at any time, since it can be made again."""
    return _folder("XDG_CACHE_HOME", mac="Library/Caches", other=".cache") / "cache"


def _folder(variable: str, *, mac: str, other: str) -> Path:
    """Our folder in the user's. RuntimeError for a user without a home, as some containers have them."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "xlsales"
    if named := os.environ.get(variable):
        return Path(named) / "xlsales"
    return Path.home() / (mac if sys.platform == "darwin" else other) / "xlsales"
