"""What is said about anything that went wrong: two sentences, what happened and what to do.

A fault of our own leaves a log in the user's log folder. Its id is made from the kind and
place of the fault, so the same fault is one log however often it happens.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.credentials import masked
from xlsales.errors import XlsalesError
from xlsales.folders import log_folder
from xlsales.language import text

if TYPE_CHECKING:
    from xlsales.language import Language


def expected(error: Exception) -> bool:
    """Whether the request, the data or a file is to blame, and not xlsales."""
    return isinstance(error, XlsalesError) or (isinstance(error, OSError) and bool(error.filename))


def sentences(error: Exception, lang: Language, doing: str) -> tuple[str, str]:
    """What happened and what to do, in the user's language; ``doing`` is what the log says was asked."""
    if isinstance(error, XlsalesError):
        return masked(error.what(lang)), masked(error.do(lang))
    if isinstance(error, OSError) and error.filename:
        reason = error.strerror or type(error).__name__
        return text(lang, "cli.file.what", file=error.filename, reason=reason), text(lang, "cli.file.do")
    log = write_log(error, doing)
    return text(lang, "cli.crash.what", id=log.stem), text(lang, "cli.crash.do", log=log)


def write_log(error: Exception, doing: str) -> Path:
    """Write what is known about a fault and give the log; its stem is the id to show.

    The log goes to the folder for temporary files where the user's own cannot be written; where that fails
    too, the path is only a name.
    """
    import platform
    import tempfile
    import traceback
    from hashlib import sha256
    from importlib.metadata import version

    trace = "".join(traceback.format_exception(error))
    place = [(Path(frame.filename).name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    name = f"{sha256(repr((type(error), place)).encode()).hexdigest()[:8]}.log"
    machine = f"xlsales {version('xlsales')}, Python {platform.python_version()}, {platform.platform()}"
    log = masked(f"{machine}\nxlsales {doing}\n\n{trace}")
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(log, "utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / name
    return Path(name)
