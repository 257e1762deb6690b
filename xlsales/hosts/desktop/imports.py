"""Files chosen in a dialog become raw sheets of the open book, as ``xlsales.hosts.imports`` arranges them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.hosts.desktop.change import Change, carry_out
from xlsales.hosts.desktop.hidden import bare
from xlsales.hosts.desktop.names import last_refresh
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import bytes_of, private_folder, saved_copy
from xlsales.hosts.desktop.status import telling
from xlsales.hosts.imports import (
    IMPORTED,
    Imported,
    arranged,
    kind_of,
    raw_sheets,
    sheets_of,
    tell_kinds,
)
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language


def chosen_files(live: Live, lang: Language) -> list[Path]:
    """The files that the user picks in Excel's own dialog; none where it was closed."""
    from xlsales.tables.sources import ENDINGS

    kinds = ";".join(f"*{ending}" for ending in ENDINGS)
    answer = live.app.GetOpenFilename(
        f"{text(lang, 'desktop.import.kinds')} ({kinds}),{kinds}",
        1,
        text(lang, "desktop.import.title"),
        "",
        True,
    )
    return [Path(one) for one in answer] if isinstance(answer, tuple) else []


def import_files(live: Live, lang: Language, files: Sequence[Path]) -> Imported:
    """Bring the sheets of the files that hold anything, in place of those from earlier files of their kind.

    Raises ``InputError`` for a file that cannot be read; nothing is brought then.
    """
    from xlsales.package.book import open_book

    with private_folder() as folder, quiet(live):
        telling(live, lang)("read")
        sheets = sheets_of(files)
        if not sheets:
            return Imported((), ())
        copy = saved_copy(live, folder)
        made = arranged(open_book(bytes_of(copy)), sheets, _imported(live))
        book = open_book(raw_sheets(sheets, made.names))
        tell_kinds(book, dict(enumerate(made.kinds)))
        source = folder / "xlsales-files.xlsx"
        source.write_bytes(bare(book.to_bytes()))
        change = Change(source, {name: name for name in made.names}, last_refresh(live))
        carry_out(live, change, copy)
        return Imported(made.names, tuple(filter(None, made.known)))


def _imported(live: Live) -> dict[str, list[str]]:
    """Kind of export -> the sheets that came from it."""
    found: dict[str, list[str]] = {}
    for sheet in live.book.Worksheets:
        for name in sheet.Names:
            if str(name.Name).rpartition("!")[2] == IMPORTED:
                found.setdefault(kind_of(str(name.RefersTo)), []).append(sheet.Name)
    return found
