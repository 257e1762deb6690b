"""What is said when something cannot be done: two lines on stderr, and the exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from xlsales.cli.terminal import language
from xlsales.faults import expected, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

ISSUES, CANNOT, CRASHED = 1, 2, 3
"""Exit codes. ``check`` or ``doctor`` found something; the request or the data cannot be used; a fault of
xlsales."""


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Say both sentences about ``error`` in the user's language, and return the exit code."""
    what, do = sentences(error, language(arguments), " ".join(arguments))
    print(what, do, sep="\n", file=sys.stderr)
    return CANNOT if expected(error) else CRASHED
