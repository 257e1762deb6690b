"""The first sheet: three steps, a way to every sheet, and how to begin with one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.excel.template.samples import samples
from xlsales.language import text
from xlsales.report import theme
from xlsales.tables.specs import CORE

if TYPE_CHECKING:
    from xlsales.excel.template.look import Look
    from xlsales.language import Language

COLUMNS_PX = (16, 130, 188, 16, 318, 16, 238, 80)
"""A margin, then three cards of 318 with gutters between."""
CARDS = ((1, 2), (4, 4), (6, 7))
FIELDS = {"sheet": (1, 1), "needed": (2, 3), "brings": (4, 6), "rows": (7, 7)}
"""The columns of the list of sheets, in those of the grid."""
FIRST, LAST = 1, 7
CLEAR_MACRO = "RibbonXlsales.ClearSamples"


def write_guide(sheet: Any, look: Look, lang: Language, *, macros: bool) -> None:
    """Write the guide; ``macros`` says whether the workbook has buttons, or is refreshed by a command."""
    sheet.hide_gridlines(2)
    sheet.set_tab_color(theme.ACCENT)
    for column, px in enumerate(COLUMNS_PX):
        sheet.set_column_pixels(column, column, px)
    how = "macros" if macros else "plain"
    row = _title(sheet, look, lang)
    row = _steps(sheet, row, look, lang, how)
    row = _samples(sheet, row, look, lang, how)
    row = _sheets(sheet, row, look, lang)
    _help(sheet, row, look, lang, how)


def _title(sheet: Any, look: Look, lang: Language) -> int:
    sheet.set_row_pixels(0, 12)
    sheet.set_row_pixels(1, 36)
    sheet.write_string(1, 1, text(lang, "template.title"), look("title"))
    sheet.write_string(2, 1, text(lang, "template.about"), look("quiet"))
    sheet.set_row_pixels(3, 12)
    return 4


def _steps(sheet: Any, row: int, look: Look, lang: Language, how: str) -> int:
    sheet.set_row_pixels(row, 34)
    sheet.set_row_pixels(row + 1, 68)
    steps = {"paste": "paste", "refresh": f"refresh_{how}", "read": "read"}
    for card, (name, said) in zip(CARDS, steps.items(), strict=True):
        _put(sheet, row, card, text(lang, f"template.steps.{name}"), look("step"))
        _put(sheet, row + 1, card, text(lang, f"template.steps.{said}_text"), look("step_text"))
    sheet.set_row_pixels(row + 2, 14)
    return row + 3


def _samples(sheet: Any, row: int, look: Look, lang: Language, how: str) -> int:
    sheet.set_row_pixels(row, 40)
    said = text(lang, f"template.clear_{how}", mark=text(lang, "template.samples.mark"))
    _put(sheet, row, (FIRST, LAST), said, look("note"))
    if how == "macros":
        place = {"width": 128, "height": 26, "x_offset": 178, "y_offset": 7}
        button = {"macro": CLEAR_MACRO, "caption": text(lang, "template.clear_button")}
        sheet.insert_button(row, CARDS[2][0], button | place)
    sheet.set_row_pixels(row + 1, 14)
    return row + 2


def _sheets(sheet: Any, row: int, look: Look, lang: Language) -> int:
    for column in range(FIRST, LAST):
        sheet.write_blank(row, column, None, look("section"))
    sheet.write_string(row, FIRST, text(lang, "template.sheets"), look("section"))
    sheet.write_string(row, LAST, text(lang, "template.sheets_note"), look("section_note"))
    for name, field in FIELDS.items():
        align = "right" if name == "rows" else ""
        _put(sheet, row + 1, field, text(lang, f"template.columns.{name}"), look("head", align=align))
    place = row + 2
    for table in CORE:
        needed = text(lang, "template.and").join(c.title(lang) for c in table.columns if c.needed)
        _line(sheet, place, look, table.title(lang), needed, text(lang, f"template.tables.{table.key}"))
        # An emptied Excel table keeps one blank row. Where somebody deleted the table, nobody knows.
        first, last = table.columns[0].title(lang), table.columns[-1].title(lang)
        body = f"{table.en}[[{first}]:[{last}]]"  # by its columns: LibreOffice counts the header otherwise
        count = f'=IFERROR(IF(COUNTA({body})=0,0,ROWS({body})),"")'
        sheet.write_formula(place, LAST, count, look("count"), len(samples(table, lang)))
        place += 1
    _line(sheet, place, look, text(lang, "settings.name"), "", text(lang, "settings.about"))
    sheet.write_blank(place, LAST, None, look("count"))
    return place + 1


def _line(sheet: Any, row: int, look: Look, name: str, needed: str, brings: str) -> None:
    sheet.set_row_pixels(row, 30)
    sheet.write_url(row, FIELDS["sheet"][0], f"internal:'{name}'!A1", look("link"), name)
    _put(sheet, row, FIELDS["needed"], needed, look("cell"))
    _put(sheet, row, FIELDS["brings"], brings, look("cell"))


def _help(sheet: Any, row: int, look: Look, lang: Language, how: str) -> None:
    sheet.set_row_pixels(row, 12)
    for place, name in enumerate(("names", f"trouble_{how}"), start=row + 1):
        sheet.write_string(place, FIRST, text(lang, f"template.{name}"), look("quiet"))


def _put(sheet: Any, row: int, columns: tuple[int, int], said: str, cell_format: Any) -> None:
    """Write a text into one cell, or over several merged ones."""
    first, last = columns
    if first == last:
        sheet.write_string(row, first, said, cell_format)
    else:
        sheet.merge_range(row, first, row, last, said, cell_format)
