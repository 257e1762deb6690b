"""What is said when something cannot be done: two lines on stderr, what happened and what to do.

A fault of our own leaves a log in the user's log folder. Its id is made from the kind and
place of the fault, so the same fault is one log however often it happens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language

ISSUES, CANNOT, CRASHED = 1, 2, 3
"""Exit codes. ``check`` found issues; the request or the data cannot be used; a fault of xlsales."""


def tell(what: str, do: str) -> None:
    """Say both sentences, a line each."""
    print(what, do, sep="\n", file=sys.stderr)


def tell_of_file(error: OSError, lang: Language) -> None:
    """Say that the system refused a file, and why."""
    reason = error.strerror or type(error).__name__
    facts = {"file": error.filename or "-", "reason": reason}
    tell(text(lang, "cli.file.what", **facts), text(lang, "cli.file.do"))


def tell_of_crash(error: Exception, arguments: Sequence[str], lang: Language) -> None:
    """Write the log and say where it is."""
    log = _write_log(error, arguments)
    tell(text(lang, "cli.crash.what", id=log.stem), text(lang, "cli.crash.do", log=log))


def log_folder() -> Path:
    """Where this system keeps the logs of a user's programs."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / "xlsales" / "logs"
    if sys.platform == "darwin":
        return home / "Library" / "Logs" / "xlsales"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local/state") / "xlsales"


def _write_log(error: Exception, arguments: Sequence[str]) -> Path:
    import platform
    import tempfile
    import traceback
    from hashlib import sha256
    from importlib.metadata import version

    trace = "".join(traceback.format_exception(error))
    place = [(Path(frame.filename).name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    name = f"{sha256(repr((type(error), place)).encode()).hexdigest()[:8]}.log"
    machine = f"xlsales {version('xlsales')}, Python {platform.python_version()}, {platform.platform()}"
    log = f"{machine}\nxlsales {' '.join(arguments)}\n\n{trace}"
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(log, "utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / name
    return Path(name)
