"""Files into the open book on a Mac, chosen in the system's dialog: Excel there offers programs none."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.hosts.desktop.mac import copy_in, free_names
from xlsales.hosts.imports import raw_sheets, sheet_name, sheets_of
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language

CHOOSE = """on run argv
activate
set found to choose file with prompt (item 1 of argv) with multiple selections allowed
set paths to ""
repeat with one in found
set paths to paths & POSIX path of one & linefeed
end repeat
return paths
end run"""
CANCELLED = "(-128)"


def chosen_files(lang: Language) -> list[Path]:
    """The files that the user picks; none where the dialog was closed."""
    command = ["/usr/bin/osascript", "-e", CHOOSE, text(lang, "desktop.import.title")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if CANCELLED in done.stderr:
        return []
    done.check_returncode()
    return [Path(line) for line in done.stdout.splitlines() if line]


def import_files(book: Any, files: Sequence[Path]) -> list[str]:
    """Append the sheets of the files that hold anything, every text as it stands; their names.

    Raises ``InputError`` for a file that cannot be read; nothing is appended then.
    """
    sheets = sheets_of(files)
    names = free_names(book, [sheet_name(sheet.sheet) for sheet in sheets])
    return copy_in(book, raw_sheets(sheets, names)) if sheets else []
