"""Our pages as files: a workbook of their own for the meeting, and a PDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.names import marked
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import folder_of, stem

if TYPE_CHECKING:
    from xlsales.hosts.desktop.caller import Live
    from xlsales.report.blocks import Report

PDF = 0
"""xlTypePDF"""


def output_folder(live: Live) -> Path:
    """Beside the workbook where it lies in a folder of this machine, else the user's documents."""
    if beside := folder_of(live.fullname):
        return beside
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()


def pack(live: Live, report: Report, name: str) -> Path:
    """The report as a workbook of its own, without raw data, working pages and macros; where it lies.

    A file that is there is never overwritten: the new one gets a number.
    """
    from xlsales.hosts.file import graft_report
    from xlsales.package.blank import blank_book
    from xlsales.package.save import save
    from xlsales.report.pages import WORKING

    report = replace(report, pages=tuple(page for page in report.pages if page.key not in WORKING))
    path = free_path(output_folder(live), f"{stem(live.name)}-{name}", ".xlsx")
    save(path, graft_report(blank_book(), report).data, expected=None)
    return path


def pdf(live: Live, name: str) -> Path:
    """The pages that stand in the book but the working ones, in their order, as one PDF; where it lies.

    WorkbookError where there are none. Only a real Excel, with a printer driver, can confirm it.
    """
    from xlsales.report.pages import PAGES, WORKING

    pages = [sheet for sheet, key in marked(live).items() if key in PAGES and key not in WORKING]
    visible = [sheet for sheet in pages if live.book.Sheets(sheet).Visible == -1]
    if not visible:
        raise WorkbookError("no_pages_yet")
    path = free_path(output_folder(live), f"{stem(live.name)}-{name}", ".pdf")
    with quiet(live):
        live.book.Activate()
        live.book.Sheets(tuple(visible)).Select()
        try:
            live.app.ActiveSheet.ExportAsFixedFormat(Type=PDF, Filename=str(path))
        finally:
            live.book.Sheets(visible[0]).Select()  # a group of sheets would take every entry at once
    return path


def free_path(folder: Path, name: str, ending: str) -> Path:
    """A file name that is free, with a number where it is not."""
    path, number = folder / f"{name}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{name} ({number}){ending}"
    return path
