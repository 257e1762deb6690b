"""The add-in: the ribbon and the functions in any workbook, from the folder that Excel opens at its start.

It is a file of its own there and needs no administrator. Excel trusts what lies in that folder.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.language import Language

NAME = "xlsales.xlam"

_MAC_STARTUP = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"


def install(lang: Language) -> Path:
    """Write the add-in for the installed xlwings and this Python, over an older one; gives its place.

    ``UsageError`` where there is no desktop Excel, where somebody else's file has the name, and where xlwings
    is not installed. ``OSError`` while Excel has the add-in open.
    """
    place = _place()
    made = addin(lang)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(made)
    return place


def remove() -> Path | None:
    """Delete the add-in; gives where it was, None where there was none. Errors as in ``install``."""
    place = _place()
    if not place.exists():
        return None
    place.unlink()
    return place


def addin(lang: Language) -> bytes:
    """The add-in as a package: the same bytes for the same Python and xlwings."""
    from xlsales.excel.macro_book import macro_book
    from xlsales.excel.macro_modules import macro_modules
    from xlsales.excel.ribbon.markup import custom_ui

    return macro_book(_sheets(), macro_modules(lang, addin=True), custom_ui(lang), addin=True)


def startup_folder(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """Where Excel opens every file at its start. ``UsageError`` on a system that has no desktop Excel."""
    home = home or Path.home()
    if platform == "win32":
        roaming = environment.get("APPDATA")
        return (Path(roaming) if roaming else home / "AppData/Roaming") / "Microsoft/Excel/XLSTART"
    if platform == "darwin":
        return home / _MAC_STARTUP
    raise UsageError("addin_without_excel")


def _place() -> Path:
    place = startup_folder() / NAME
    if place.exists() and not _ours(place):
        raise UsageError("addin_not_ours", file=place)
    return place


def _ours(file: Path) -> bool:
    from xlsales.excel.ribbon.markup import TAB

    try:
        with ZipFile(file) as package:
            return f'id="{TAB}"'.encode() in package.read("customUI/customUI14.xml")
    except (BadZipFile, KeyError):
        return False


def _sheets() -> bytes:
    """What an add-in is made of besides macros: a sheet that nobody sees, and what xlwings has to know."""
    import xlsxwriter

    from xlsales.excel.xlwings_conf import SHEET, write_conf, xlwings_conf

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": "xlsales", "created": datetime(2020, 1, 1)})  # noqa: DTZ001 - reproducible
        book.add_worksheet("xlsales")
        write_conf(book.add_worksheet(SHEET), xlwings_conf())
    return buffer.getvalue()
