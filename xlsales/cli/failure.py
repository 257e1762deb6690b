"""What is said when something cannot be done: two lines on stderr, what happened and what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from xlsales.cli.terminal import language
from xlsales.errors import XlsalesError
from xlsales.faults import write_log
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

ISSUES, CANNOT, CRASHED = 1, 2, 3
"""Exit codes. ``check`` or ``doctor`` found something; the request or the data cannot be used; a fault of
xlsales."""


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
        log = write_log(error, arguments)
        what, do = text(lang, "cli.crash.what", id=log.stem), text(lang, "cli.crash.do", log=log)
        code = CRASHED
    print(what, do, sep="\n", file=sys.stderr)
    return code
