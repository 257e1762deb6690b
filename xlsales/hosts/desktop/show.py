"""Lead the user somewhere: a sheet, a block on it, or a sentence in a window of Excel's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language

CHINESE = {2052, 1028, 3076, 4100, 5124}
"""Excel's numbers of its languages: China, Taiwan, Hong Kong, Singapore, Macao."""
UI_LANGUAGE = 2
"""msoLanguageIDUI"""
VISIBLE = -1


def spoken(live: Live) -> Language:
    """The language that Excel's own menus are in."""
    return "zh" if live.app.LanguageSettings.LanguageID(UI_LANGUAGE) in CHINESE else "en"


def spoken_here() -> Language:
    """The language of the system, for when Excel cannot be asked."""
    import locale
    import os
    import sys

    if sys.platform == "win32":
        import ctypes

        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() in CHINESE else "en"
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    return "zh" if (said or locale.getlocale()[0] or "").lower().startswith("zh") else "en"


def go_to(live: Live, sheet: str, table: str | None = None) -> None:
    """Show a sheet, and its table of this name where it has one; a hidden sheet is shown again."""
    page = live.book.Sheets(sheet)
    if page.Visible != VISIBLE:
        page.Visible = VISIBLE
    live.book.Activate()
    page.Activate()
    place = "$A$1"
    for found in page.ListObjects:
        if table is not None and is_table(found.Name, table):
            place = found.Range.Address
    live.app.Goto(page.Range(place), True)


def say(book: Any, what: str, do: str = "") -> None:
    """Two lines in a window over Excel, in any script: the system shows it, since VBA's ``MsgBox`` cannot.

    ``book`` is a workbook as xlwings knows it. Only a real Excel can confirm that the window is in front.
    """
    book.app.alert("\n".join(filter(None, (what, do))), title="xlsales")


def is_table(name: str, wished: str) -> bool:
    """Whether a table is the one that wished for this name; a number follows where it was taken."""
    rest = name.lower().removeprefix(wished.lower())
    return rest == "" or (rest != name.lower() and rest[1:].isdecimal())
