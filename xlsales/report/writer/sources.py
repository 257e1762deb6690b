"""The last sheet: the figures that charts, sparklines and choices read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.report import theme
from xlsales.report.writer.styles import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.report.writer.styles import Styles

FIRST_WIDTH, WIDTH, COLUMNS = 150, 96, 24
ROW_PX = 20


@dataclass(frozen=True)
class Source:
    """One column of figures on the sheet: its header cell and its rows, counted from 0."""

    sheet: str
    row: int
    column: int
    count: int

    @property
    def values(self) -> list[str | int]:
        """The values as XlsxWriter's list form of a range."""
        return [self.sheet, self.row + 1, self.column, self.row + self.count, self.column]

    @property
    def title(self) -> str:
        """The header as a formula."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"={quoted(self.sheet)}!{xl_rowcol_to_cell(self.row, self.column, row_abs=True, col_abs=True)}"

    @property
    def range(self) -> str:
        """The values as an absolute range with its sheet."""
        from xlsxwriter.utility import xl_range_abs

        cells = xl_range_abs(self.row + 1, self.column, self.row + self.count, self.column)
        return f"{quoted(self.sheet)}!{cells}"


class Sources:
    """Writes blocks of columns one below another and tells where each column stands."""

    def __init__(self, sheet: Any, name: str, styles: Styles, caption: str) -> None:
        self.sheet, self.name, self.styles = sheet, name, styles
        self.rows = 2
        sheet.write_string(0, 0, caption, styles(font_size=theme.SMALL, font_color=theme.INK3))

    def add(self, title: str, columns: Sequence[tuple[str, Sequence[object], str]]) -> list[Source]:
        """Write one block: a title, then (header, values, number format) columns."""
        head = self.styles(bold=True)
        self.sheet.write_string(self.rows, 0, title, head)
        top = self.rows + 1
        sources = []
        for column, (header, values, num_format) in enumerate(columns):
            words = any(isinstance(value, str) for value in values)
            self.sheet.write_string(
                top,
                column,
                header,
                self.styles(
                    font_size=theme.SMALL,
                    font_color=theme.INK2,
                    bottom=1,
                    bottom_color=theme.RULE,
                    align="left" if words else "right",
                ),
            )
            style = self.styles(font_size=theme.SMALL, num_format="@" if words else num_format)
            for row, value in enumerate(values, start=top + 1):
                if isinstance(value, str):
                    self.sheet.write_string(row, column, value, style)
                elif value is not None:
                    self.sheet.write_number(row, column, value, style)
            sources.append(Source(self.name, top, column, len(values)))
        self.rows = top + 2 + max((len(values) for _, values, _ in columns), default=0)
        return sources
