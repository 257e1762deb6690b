"""The command line.

``app`` has the commands, ``show`` what they print, ``terminal`` the language and the streams,
``failure`` what is said when something cannot be done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: see ``app.EXIT_CODES``."""
    import sys

    from xlsales.cli import failure, terminal
    from xlsales.cli.app import app
    from xlsales.errors import XlsalesError

    arguments = sys.argv[1:] if arguments is None else arguments
    terminal.speak_utf8()
    lang = terminal.language(arguments)
    try:
        app(list(arguments), prog_name="xlsales")
    except XlsalesError as error:
        failure.tell(error.what(lang), error.do(lang))
        sys.exit(failure.CANNOT)
    except OSError as error:
        failure.tell_of_file(error, lang)
        sys.exit(failure.CANNOT)
    except Exception as error:
        failure.tell_of_crash(error, arguments, lang)
        sys.exit(failure.CRASHED)
