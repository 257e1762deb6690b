"""What the buttons of the ribbon run: ``press`` is all that VBA knows of Python.

Everything heavy is imported by the one button that needs it: a click starts a process, and what it imports
is the time before anything happens.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlsales.language import Language


@dataclass(frozen=True)
class Press:
    """A press of a button: the open book, the user's language, what was pressed, and the value chosen.

    ``book`` is the workbook as xlwings knows it, ``live`` as Excel for Windows does; None on a Mac.
    """

    book: Any
    live: Any
    lang: Language
    control: str
    value: str


def press(control: str, value: str = "") -> None:
    """Run the macro of a button in the workbook that called. Whatever goes wrong is told in two lines.

    ``control`` is the button's id, ``value`` what was chosen in a box. An unknown id is a KeyError. Where no
    Excel called, it leaves with the two lines.
    """
    from xlsales.errors import WorkbookError
    from xlsales.hosts.desktop.caller import calling_book
    from xlsales.hosts.desktop.show import say, spoken_here

    key = "metric" if control.startswith("metric_") else control
    macro = MACROS[key]
    lang = spoken_here()
    try:
        book = calling_book()
    except WorkbookError as error:  # nobody to show a window to
        sys.exit(f"{error.what(lang)}\n{error.do(lang)}")
    try:
        if sys.platform == "darwin":
            from xlsales.excel import mac_macros
            from xlsales.hosts.desktop.mac import spoken_of

            lang = spoken_of(book)
            mac_macros.MACROS[key](Press(book, None, lang, control, value))
        else:
            from xlsales.hosts.desktop.caller import live
            from xlsales.hosts.desktop.show import spoken

            opened = live(book)
            lang = spoken(opened)
            macro(Press(book, opened, lang, control, value))
    except Exception as error:
        from xlsales.faults import sentences

        say(book, *sentences(error, lang, f"press {control} {value}".strip()))


def refresh(pressed: Press) -> None:
    """Bring all pages, or those of the settings sheet, up to date."""
    from xlsales.hosts.desktop.refresh import refresh as run
    from xlsales.hosts.desktop.show import go_to

    before = {sheet.Name for sheet in pressed.live.book.Sheets}
    done = run(pressed.live, pressed.lang)
    first = done.names[done.report.pages[0].key]
    if first not in before:
        go_to(pressed.live, first)
    _tell_kept(pressed, done.kept)


def mapping(pressed: Press) -> None:
    """Bring the mapping page up to date and show what each header was taken for."""
    _page(pressed, "mapping", "xs_mapping")


def check(pressed: Press) -> None:
    """Bring the data quality page up to date and show the findings by rule."""
    _page(pressed, "quality", "xs_issue_rules")


def metric(pressed: Press) -> None:
    """Bring one metric as a sheet of its own."""
    from xlsales.hosts.desktop.metric_sheet import metric_page
    from xlsales.hosts.desktop.refresh import refresh as run
    from xlsales.hosts.desktop.show import go_to

    key = pressed.control.removeprefix("metric_")
    done = run(pressed.live, pressed.lang, pages=lambda asked, lang: (metric_page(key, asked, lang),))
    go_to(pressed.live, done.names[f"metric_{key}"])
    _tell_kept(pressed, done.kept)


def import_files(pressed: Press) -> None:
    """Bring the sheets of chosen files as raw sheets, show the first, and say which were replaced."""
    from xlsales.hosts.desktop.imports import chosen_files
    from xlsales.hosts.desktop.imports import import_files as run
    from xlsales.hosts.desktop.show import go_to, say
    from xlsales.language import text

    files = chosen_files(pressed.live, pressed.lang)
    if files and (done := run(pressed.live, pressed.lang, files)).names:
        go_to(pressed.live, done.names[0])
        if done.replaced:
            say(pressed.book, text(pressed.lang, "desktop.import.replaced", sheets=", ".join(done.replaced)))


def wish(pressed: Press) -> None:
    """Write a choice of the ribbon on the settings sheet; the next refresh follows it."""
    from xlsales.hosts.desktop.wishes import wish as run

    _settings_sheet(pressed)
    run(pressed.live, pressed.control, pressed.value)


def settings(pressed: Press) -> None:
    """Show the settings sheet, which is added to a workbook that has none."""
    from xlsales.hosts.desktop.show import go_to

    go_to(pressed.live, _settings_sheet(pressed))


def explain(pressed: Press) -> None:
    """Say what the numbers of the selected cell are."""
    from xlsales.explain.words import told
    from xlsales.hosts.desktop.explain import selected_numbers
    from xlsales.hosts.desktop.show import say

    say(pressed.book, "\n".join(told(selected_numbers(pressed.live, pressed.lang))))


def rows(pressed: Press) -> None:
    """Bring the rows behind the selected number as a sheet, with links to where they stand."""
    from xlsales.explain.sheet import KEY, detail, heading, rows_sheet
    from xlsales.hosts.desktop.explain import selected_numbers
    from xlsales.hosts.desktop.one_sheet import bring_sheet
    from xlsales.hosts.desktop.show import go_to
    from xlsales.language import text

    numbers = selected_numbers(pressed.live, pressed.lang)
    found, title, lang = detail(numbers), heading(numbers), numbers[0].lang
    wished = text(lang, "desktop.rows_sheet.name")
    name = bring_sheet(pressed.live, KEY, wished, lambda final: rows_sheet(final, title, found, lang))
    go_to(pressed.live, name)


def pack(pressed: Press) -> None:
    """Bring all pages up to date, and write them as a workbook of their own."""
    from xlsales.hosts.desktop.export import pack as write
    from xlsales.hosts.desktop.refresh import refresh as run
    from xlsales.hosts.desktop.show import say
    from xlsales.language import text
    from xlsales.report.pages import PAGES

    done = run(pressed.live, pressed.lang, PAGES)
    path = write(pressed.live, done.report, text(pressed.lang, "desktop.pack.name"))
    say(pressed.book, text(pressed.lang, "desktop.pack.written", path=path))


def pdf(pressed: Press) -> None:
    """Write the pages as they stand in the book as one PDF."""
    from xlsales.hosts.desktop.export import pdf as write
    from xlsales.hosts.desktop.show import say
    from xlsales.language import text

    path = write(pressed.live, text(pressed.lang, "desktop.pack.name"))
    say(pressed.book, text(pressed.lang, "desktop.pack.written", path=path))


def undo(pressed: Press) -> None:
    """Put our sheets back as they were before the last refresh."""
    from xlsales.hosts.desktop.undo import undo as run

    run(pressed.live, pressed.lang)


def doctor(pressed: Press) -> None:
    """Say what stands between this machine and working buttons, and what to do about it."""
    from xlsales.excel.doctor import examine
    from xlsales.hosts.desktop.show import say
    from xlsales.language import text

    lang = pressed.lang
    wrong = [one for one in examine(lang) if one.level != "ok"]
    told = [f"{one.title(lang)}: {one.what(lang)}\n{one.remedy(lang)}" for one in wrong]
    say(pressed.book, "\n\n".join(told) or text(lang, "desktop.healthy"))


def help_(_: Press) -> None:
    """Open the manual in the browser."""
    import webbrowser

    from xlsales.excel.manual import manual

    webbrowser.open(manual().as_uri())


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
"""Control id of the ribbon -> what it runs; ``metric`` stands for every ``metric_<key>``."""


def _settings_sheet(pressed: Press) -> str:
    """Its name. A workbook that has none, as most that the add-in serves, gets one."""
    from xlsales.errors import WorkbookError
    from xlsales.excel.template.book import settings_book
    from xlsales.hosts.desktop.one_sheet import bring_sheet
    from xlsales.hosts.desktop.wishes import settings_sheet
    from xlsales.language import text
    from xlsales.settings import SHEET

    try:
        return settings_sheet(pressed.live)
    except WorkbookError:
        name = text(pressed.lang, "settings.name")
        return bring_sheet(pressed.live, SHEET, name, lambda final: settings_book(final, pressed.lang))


def _page(pressed: Press, key: str, table: str) -> None:
    from xlsales.hosts.desktop.refresh import refresh as run
    from xlsales.hosts.desktop.show import go_to

    done = run(pressed.live, pressed.lang, (key,))
    go_to(pressed.live, done.names[key], table)
    _tell_kept(pressed, done.kept)


def _tell_kept(pressed: Press, kept: Mapping[str, str]) -> None:
    from xlsales.hosts.desktop.show import say
    from xlsales.language import text

    if kept:
        say(pressed.book, text(pressed.lang, "cli.refreshed.kept", sheets=", ".join(kept.values())))
