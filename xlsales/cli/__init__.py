"""The command line.

``app`` has the commands and ``arguments`` what they share, ``result`` and ``findings`` what is printed,
``terminal`` the language and the streams, ``help`` what each command and option is for, ``failure`` what is
said when something cannot be done, ``misuse`` what is wrong with a command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: see ``failure``."""
    import atexit
    import gc
    import os
    import sys

    from xlsales.cli import failure, help, misuse, terminal
    from xlsales.cli.app import app

    arguments = sys.argv[1:] if arguments is None else arguments
    gc.set_threshold(100_000)  # frames are freed as they go; looking for cycles more often only costs time
    atexit.register(gc.freeze)  # nor is there anything to look for at the end, which takes 0.2 s
    # pyarrow's own pool gives memory back at once and fetches it anew: a tenth of the time at a million rows.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # numpy would start a thread per core for linear algebra, of which it is asked none: 0.08 s of CPU.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    terminal.speak_utf8()
    try:
        program = help.spoken(app, terminal.language(arguments))
        code = program(list(arguments), prog_name="xlsales", standalone_mode=False)
    except Exception as error:
        sys.exit(failure.CANNOT if misuse.answered(error) else failure.tell(misuse.ours(error), arguments))
    sys.exit(code)
