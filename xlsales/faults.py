"""A fault of our own leaves a log in the user's log folder, whoever meets it.

Its id is made from the kind and place of the fault, so the same fault is one log however often it happens.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.folders import log_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_log(error: Exception, arguments: Sequence[str]) -> Path:
    """Write what is known about ``error`` and give the log; its stem is the id to show.

    ``arguments`` are what was asked for. The log goes to the folder for temporary files where the user's
    own cannot be written; where that fails too, the path is only a name.
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
    log = f"{machine}\nxlsales {' '.join(arguments)}\n\n{trace}"
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(log, "utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / name
    return Path(name)
