"""The sheet of a clean table as far as XlsxWriter writes it: all but the rows, for which two stand in.

They show how the cells look, as ``xlsales.report.writer.rows`` writes them: plain, and changed by cleaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from xlsales.report import theme
from xlsales.report.cleaned import HEAD_ROWS
from xlsales.report.measure import RULERS
from xlsales.report.writer.styles import DEFAULT_ROW
from xlsales.tables.spec import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from xlsales.report.cleaned import CleanedSheet
    from xlsales.report.writer.styles import Styles

Look = Kind | Literal["moment"]
"""How the cells of a column look: by its kind, and a moment is a date with a time of day."""
FORMATS: dict[Look, str] = {
    "id": "@",
    "text": "@",
    "stage": "@",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "money": "#,##0.00",
    "count": "#,##0.##",
    "percent": "0.0%",
    "flag": "General",
}
RIGHT: frozenset[Look] = frozenset({"money", "count", "percent"})
WIDTHS: dict[Look, int] = {"id": 96, "text": 96, "date": 86, "moment": 120, "money": 90}
LEAST, BUTTON = 70, 26
FROM, CHANGES = 120, 420
"""Widths in pixels: by kind, of any other kind, of the filter button, and of the two own columns."""
HEAD_PX = (34, 20, 20, 20, 36)
"""Heights of title, lines and headers, as on a page."""


def write_cleaned(sheet: Any, clean: CleanedSheet, styles: Styles, stretch: float, table_name: str) -> None:
    """Title and lines, and the table around the two rows that stand in for all others."""
    for place, (_, kind, px) in enumerate(_columns(clean)):
        sheet.set_column_pixels(place, place, px / stretch, styles())
        look = {"num_format": FORMATS[kind], **_aligned(kind)}
        line = {"bottom": 1, "bottom_color": theme.BAND}
        small = {"font_size": theme.SMALL, "font_color": theme.INK2} if place >= len(clean.columns) else {}
        sheet.write_blank(HEAD_ROWS, place, None, styles(**look, **line, **small))
        sheet.write_blank(HEAD_ROWS + 1, place, None, styles(**look, **line, bg_color=theme.CHANGED))
    sheet.set_default_row(DEFAULT_ROW)
    for row, px in enumerate(HEAD_PX):
        sheet.set_row_pixels(row, px)
    sheet.write_string(0, 0, clean.name, styles(font_size=theme.TITLE, bold=True))
    for row, words in enumerate(clean.lines, start=1):
        sheet.write_string(row, 0, words, styles(font_size=theme.SMALL, font_color=theme.INK3))
    head = {"font_size": theme.SMALL, "bold": True, "font_color": theme.INK2, "valign": "top"}
    line = {"text_wrap": True, "bottom": 1, "bottom_color": theme.CONTEXT2}
    columns = [
        {
            "header": header,
            "header_format": styles(**head, **line, align="right" if kind in RIGHT else "left"),
        }
        for header, kind, _ in _columns(clean)
    ]
    sheet.add_table(
        HEAD_ROWS - 1,
        0,
        HEAD_ROWS + 1,
        len(clean.headers) - 1,
        {
            "name": table_name,
            "style": None,
            "banded_rows": False,
            "title": clean.name,
            "description": clean.lines[0],
            "columns": columns,
        },
    )
    sheet.hide_gridlines(2)
    sheet.set_tab_color(theme.CONTEXT2)
    sheet.freeze_panes(HEAD_ROWS, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROWS - 1)


def _aligned(kind: Look) -> dict[str, object]:
    """Numbers right; what stands left of its cell keeps off a number beside it."""
    return {"align": "right"} if kind in RIGHT else {"align": "left", "indent": 1}


def _columns(clean: CleanedSheet) -> Iterator[tuple[str, Look, int]]:
    """Header, look and width in pixels."""
    ruler = RULERS[clean.lang]
    *titles, place, changes = clean.headers
    for title, column in zip(titles, clean.columns, strict=True):
        header = int(ruler.px(title, theme.SMALL, bold=True)) + BUTTON
        look: Look = "moment" if column.timed and _has_times(clean.frame[column.name]) else column.kind
        yield title, look, max(WIDTHS.get(look, LEAST), header)
    yield place, "text", FROM
    yield changes, "text", CHANGES


def _has_times(moments: pd.Series) -> bool:
    return bool((moments.dropna() != moments.dropna().dt.normalize()).any())
