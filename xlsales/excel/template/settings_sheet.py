"""The settings sheet: a key, the value that applies, and what may stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.language import LANGUAGES, text
from xlsales.metrics._scope import BASES, REFUND_MONTHS, SPRING_FESTIVALS
from xlsales.report.pages import PAGES
from xlsales.settings import KEYS, MONTHS, SWITCH, word, words

if TYPE_CHECKING:
    from xlsales.excel.template.look import Look
    from xlsales.language import Language

CHOICES: dict[str, tuple[str, ...]] = {
    "basis": BASES,
    "pages": PAGES,
    "cleaned": SWITCH,
    "language": LANGUAGES,
    "fiscal_year_start": MONTHS,
    "spring_festival": SPRING_FESTIVALS,
    "refunds": REFUND_MONTHS,
}
HEAD_ROW = 3
ROW_PX = 38


def write_settings(sheet: Any, look: Look, lang: Language) -> None:
    """Write the sheet: every value is the word for the default, with a list where there is a choice."""
    sheet.hide_gridlines(2)
    sheet.set_column_pixels(0, 0, 110)
    sheet.set_column_pixels(1, 1, 210)
    sheet.set_column_pixels(2, 2, 720)
    sheet.set_row_pixels(0, ROW_PX)
    sheet.write_string(0, 0, text(lang, "settings.name"), look("title"))
    sheet.write_string(1, 0, text(lang, "settings.about"), look("quiet"))
    for column, name in enumerate(("key", "value", "meaning")):
        sheet.write_string(HEAD_ROW, column, text(lang, f"settings.columns.{name}"), look("head"))
    for row, key in enumerate(KEYS, start=HEAD_ROW + 1):
        sheet.set_row_pixels(row, ROW_PX)
        sheet.write_string(row, 0, key, look("key"))
        sheet.write_string(row, 1, word(key, "default", lang), look("input"))
        sheet.write_string(row, 2, text(lang, f"settings.meaning.{key}"), look("indented"))
        if key in CHOICES:
            source = words(key, CHOICES[key], lang)
            # Several pages may be typed.
            choices = {"validate": "list", "source": source, "show_error": key != "pages"}
            sheet.data_validation(row, 1, row, 1, choices)
