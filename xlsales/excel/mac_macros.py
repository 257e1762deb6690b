"""What the buttons of the ribbon run on a Mac: the same work over the used ranges, or what to do instead.

The pages open as a workbook beside the open one, which only imported files, a settings sheet and a choice
of the ribbon change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.macros import doctor, help_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from xlsales.excel.macros import Press


def refresh(pressed: Press) -> None:
    """Open all pages, or those of the settings sheet."""
    _open(pressed)


def mapping(pressed: Press) -> None:
    """Open the mapping page at what each header was taken for."""
    _open(pressed, "mapping", "xs_mapping")


def check(pressed: Press) -> None:
    """Open the data quality page at the findings by rule."""
    _open(pressed, "quality", "xs_issue_rules")


def metric(pressed: Press) -> None:
    """Open one metric as a page of its own."""
    from xlsales.hosts.desktop.mac import made_from, open_beside
    from xlsales.hosts.desktop.mac_number import data_of
    from xlsales.hosts.desktop.metric_sheet import metric_page

    key = pressed.control.removeprefix("metric_")
    book = data_of(pressed.book)
    made = made_from(book, pages=lambda asked, lang: (metric_page(key, asked, lang),))
    _tell_path(pressed, open_beside(book, made))


def import_files(pressed: Press) -> None:
    """Append the sheets of chosen files as raw sheets, and show the first."""
    from xlsales.hosts.desktop.mac_files import chosen_files
    from xlsales.hosts.desktop.mac_files import import_files as run

    files = chosen_files(pressed.lang)
    if files and (names := run(pressed.book, files)):
        pressed.book.sheets[names[0]].activate()


def wish(pressed: Press) -> None:
    """Write a choice of the ribbon on the settings sheet; the next refresh follows it."""
    from xlsales.hosts.desktop.wishes import ROWS, row_of

    sheet = _settings_sheet(pressed)
    column = sheet.range(f"A1:A{ROWS}").options(ndim=1).value
    row = row_of(pressed.control, pressed.value, column, str(sheet.name))
    cell = sheet.range(f"B{row}")
    cell.number_format = "@"  # else Excel makes a date of 2026-10
    cell.value = pressed.value


def settings(pressed: Press) -> None:
    """Show the settings sheet, which is added to a workbook that has none."""
    sheet = _settings_sheet(pressed)
    sheet.visible = True
    sheet.activate()


def explain(pressed: Press) -> None:
    """Say what the numbers of the selected cell are."""
    from xlsales.explain.words import told
    from xlsales.hosts.desktop.mac_number import selected_numbers
    from xlsales.hosts.desktop.show import say

    say(pressed.book, "\n".join(told(selected_numbers(pressed.book))))


def rows(pressed: Press) -> None:
    """Bring the rows behind the selected number as a sheet beside it, with links to where they stand."""
    from xlsales.explain.sheet import KEY, detail, heading, rows_sheet
    from xlsales.hosts.desktop.mac import copy_in, free_names
    from xlsales.hosts.desktop.mac_number import pages_of, selected_numbers
    from xlsales.language import text

    numbers = selected_numbers(pressed.book)
    found, title, lang = detail(numbers), heading(numbers), numbers[0].lang
    pages = pages_of(pressed.book)
    (name,) = free_names(pages, [text(lang, "desktop.rows_sheet.name")])
    (copied,) = copy_in(pages, rows_sheet(name, title, found, lang), KEY)
    pages.activate()
    pages.sheets[copied].activate()


def pack(pressed: Press) -> None:
    """Write all pages as a workbook of their own."""
    from xlsales.hosts.desktop.export import pack as write
    from xlsales.hosts.desktop.mac import made_from
    from xlsales.hosts.desktop.mac_number import data_of
    from xlsales.language import text
    from xlsales.report.pages import PAGES

    book = data_of(pressed.book)
    made = made_from(book, PAGES)
    _tell_path(pressed, write(_place(book), made.report, text(pressed.lang, "desktop.pack.name")))


def pdf(pressed: Press) -> None:
    """Write the pages that are open as one PDF."""
    from xlsales.errors import WorkbookError
    from xlsales.hosts.desktop.export import free_path, output_folder
    from xlsales.hosts.desktop.mac import key_of
    from xlsales.hosts.desktop.mac_number import data_of, pages_of
    from xlsales.hosts.desktop.saved import stem
    from xlsales.language import text
    from xlsales.report.pages import PAGES, WORKING

    pages = pages_of(pressed.book)
    shown = set(PAGES) - set(WORKING)
    names = [str(sheet.name) for sheet in pages.sheets if key_of(sheet) in shown and sheet.visible]
    if not names:
        raise WorkbookError("no_pages_yet")
    raw = _place(data_of(pressed.book))
    called = f"{stem(raw.name)}-{text(pressed.lang, 'desktop.pack.name')}"
    path = free_path(output_folder(raw), called, ".pdf")
    pages.to_pdf(str(path), include=names)
    _tell_path(pressed, path)


def undo(_: Press) -> None:
    """There is nothing to put back: WorkbookError says so."""
    from xlsales.errors import WorkbookError

    raise WorkbookError("undo_on_mac")


MACROS: Mapping[str, Callable[[Press], None]] = {
    "import_files": import_files,
    "mapping": mapping,
    "check": check,
    "refresh": refresh,
    "period": wish,
    "pages": wish,
    "metric": metric,
    "explain": explain,
    "rows": rows,
    "pack": pack,
    "pdf": pdf,
    "undo": undo,
    "settings": settings,
    "doctor": doctor,
    "help": help_,
}
"""As ``macros.MACROS``."""


def _open(pressed: Press, only: str | None = None, table: str | None = None) -> None:
    from xlsales.hosts.desktop.mac import made_from, open_beside
    from xlsales.hosts.desktop.mac_number import data_of

    book = data_of(pressed.book)
    path = open_beside(book, made_from(book, (only,) if only else ()), table)
    _tell_path(pressed, path)


def _tell_path(pressed: Press, path: object) -> None:
    from xlsales.hosts.desktop.show import say
    from xlsales.language import text

    say(pressed.book, text(pressed.lang, "desktop.pack.written", path=path))


def _place(book: Any) -> Any:
    """Where the workbook lies, as what is written beside it asks for it."""
    from xlsales.hosts.desktop.caller import Live

    return Live(book, book.app, str(book.name), str(book.fullname))


def _settings_sheet(pressed: Press) -> Any:
    """The settings sheet of the raw data. A workbook that has none gets one."""
    from xlsales.excel.template.book import settings_book
    from xlsales.hosts.desktop.mac import copy_in, free_names, marked_sheet
    from xlsales.hosts.desktop.mac_number import data_of
    from xlsales.language import text
    from xlsales.settings import SHEET

    book = data_of(pressed.book)
    found = marked_sheet(book, SHEET)
    if found is None:
        (name,) = free_names(book, [text(pressed.lang, "settings.name")])
        (copied,) = copy_in(book, settings_book(name, pressed.lang), SHEET)
        found = book.sheets[copied]
    return found
