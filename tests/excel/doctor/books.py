"""Workbooks with macros on the disk, carrying the VBA project of xlwings' own standalone workbook."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language

MARK = "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://mail.example.com/\r\n"


def xlwings_folder() -> Path:
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def quickstart_project() -> bytes:
    with zipfile.ZipFile(xlwings_folder() / "quickstart_standalone.xlsm") as package:
        return package.read("xl/vbaProject.bin")


def macro_workbook(
    path: Path,
    conf: Sequence[tuple[str, object]] = (),
    project: bytes | None = None,
) -> Path:
    """A workbook with the macros of xlwings' quickstart and a hidden settings sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("数据")
        sheet = book.add_worksheet("xlwings.conf")
        sheet.very_hidden()
        for row, entry in enumerate(conf):
            sheet.write_row(row, 0, entry)
        book.add_vba_project(io.BytesIO(project or quickstart_project()), is_stream=True)
    path.write_bytes(out.getvalue())
    return path


def our_workbook(path: Path, lang: Language, *, addin: bool = False) -> Path:
    """A workbook or add-in with our own macros and ribbon, all but the functions in cells."""
    from xlsales.excel.macro_book import macro_book
    from xlsales.excel.macro_modules import OURS
    from xlsales.excel.ribbon.markup import custom_ui
    from xlsales.excel.vba.sources import source, xlwings_module
    from xlsales.package.blank import blank_book

    modules = [*(source(name) for name in OURS), xlwings_module(addin=addin)]
    path.write_bytes(macro_book(blank_book(), modules, custom_ui(lang), addin=addin))
    return path


def mark(path: Path) -> Path:
    """Mark a file as come from the internet: on Windows a stream of it, elsewhere a file of that name."""
    stream = Path(f"{path}:Zone.Identifier")
    stream.write_text(MARK, "utf-8")
    return stream
