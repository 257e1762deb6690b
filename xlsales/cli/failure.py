"""What is said when something cannot be done: two lines on stderr, what happened and what to do.

A fault of our own leaves a log in the user's log folder. Its id is made from the kind and
place of the fault, so the same fault is one log however often it happens.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.cli.terminal import language
from xlsales.errors import XlsalesError
from xlsales.folders import log_folder
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

ISSUES, CANNOT, CRASHED = 1, 2, 3
"""Exit codes. ``check`` found issues; the request or the data cannot be used; a fault of xlsales."""


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Say both sentences about ``error`` in the user's language, and return the exit code."""
    lang = language(arguments)
    if isinstance(error, XlsalesError):
        what, do, code = error.what(lang), error.do(lang), CANNOT
    elif isinstance(error, OSError) and error.filename:
        reason = error.strerror or type(error).__name__
        what = text(lang, "cli.file.what", file=error.filename, reason=reason)
        do, code = text(lang, "cli.file.do"), CANNOT
    else:
        log = _write_log(error, arguments)
        what, do = text(lang, "cli.crash.what", id=log.stem), text(lang, "cli.crash.do", log=log)
        code = CRASHED
    print(what, do, sep="\n", file=sys.stderr)
    return code


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
