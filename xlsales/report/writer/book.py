"""The whole report as one workbook in memory, the same bytes for the same report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import xlsxwriter

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.blocks import Chart, Form, Kpis, Table
from xlsales.report.layout import drawn, lay_out
from xlsales.report.navigation import short_name
from xlsales.report.placement import PlacedSheet, Placement
from xlsales.report.writer.cleaned import write_cleaned
from xlsales.report.writer.inputs import choices, fits_inline
from xlsales.report.writer.page import Canvas, write_page
from xlsales.report.writer.sources import COLUMNS, FIRST_WIDTH, ROW_PX, WIDTH, Sources
from xlsales.report.writer.styles import DEFAULT_ROW, Styles
from xlsales.report.writer.tables import table_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from xlsales.report.blocks import Block, Report
    from xlsales.report.cleaned import CleanedSheet

DATA = "data"
"""The key of the sheet that holds what charts read."""
DIGIT_PX = 7.0
"""Width of a digit in Calibri 11, the Normal font that XlsxWriter counts columns in."""
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
NO_SHEETS: Mapping[str, Sequence[Sequence[str]]] = MappingProxyType({})
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass(frozen=True)
class Written:
    """The sheets as the bytes of an .xlsx, and where everything stands on them."""

    data: bytes
    placement: Placement


def sheet_names(report: Report) -> dict[str, str]:
    """The sheets that the report wishes for: key -> name, the sheet of chart figures last."""
    return {page.key: page.name for page in report.pages} | {DATA: text(report.lang, "formats.data_sheet")}


def draws(report: Report) -> bool:
    """Whether anything in the report reads the sheet of chart figures: a chart, a sparkline, a choice."""
    for block in _blocks(report):
        if isinstance(block, Kpis) and any(len(card.history) > 1 for card in block.cards):
            return True
        if (isinstance(block, Chart) and drawn(block)) or isinstance(block, Form):
            return True
        if isinstance(block, Table) and any(not fits_inline(words) for words in choices(block)):
            return True
    return False


def table_names(report: Report) -> list[str]:
    """The Excel tables that the report wishes for, by name."""
    return [table_name(block) for block in _blocks(report) if isinstance(block, Table)]


def _blocks(report: Report) -> Iterator[Block]:
    return (placed.block for page in report.pages for band in page.bands for placed in band)


def write(
    report: Report,
    names: Mapping[str, str],
    *,
    table_names: Mapping[str, str] | None = None,
    digit_px: float = DIGIT_PX,
    date1904: bool = False,
    unseen: Mapping[str, Sequence[Sequence[str]]] = NO_SHEETS,
    there: Collection[str] = (),
    cleaned: Sequence[CleanedSheet] = (),
) -> Written:
    """Write the report.

    ``names`` are the final sheet names by page key, with that of the sheet of chart figures under
    ``data``; formulas, charts and links name sheets by them. ``table_names`` maps the wished names of
    tables to final ones. ``digit_px`` is the width of a digit in the Normal font of the workbook the
    sheets go to, ``date1904`` its date system, ``there`` its sheets. ``unseen`` are rows of texts for sheets
    that nobody sees, by the name of the sheet. The sheets ``cleaned`` wait for their rows.
    """
    buffer = BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {**OPTIONS, "date_1904": date1904})
    book.set_properties(
        {"created": CREATED.replace(tzinfo=None), "title": report.pages[0].title if report.pages else ""}
    )
    styles = Styles(book.add_format, report.lang)
    sheets = {page.key: book.add_worksheet(names[page.key]) for page in report.pages}
    stretch = digit_px / DIGIT_PX
    for clean in cleaned:
        name = (table_names or {}).get(clean.table_name, clean.table_name)
        write_cleaned(book.add_worksheet(names[clean.key]), clean, styles, stretch, name)
    sources = Sources(
        book.add_worksheet(names[DATA]), names[DATA], styles, text(report.lang, "formats.chart_data")
    )
    placed: list[PlacedSheet] = []
    key_cells: dict[str, str] = {}
    for page in report.pages:
        canvas = Canvas(
            page=page,
            layout=lay_out(page, report.pages, report.lang),
            sheet=sheets[page.key],
            book=book,
            styles=styles,
            sources=sources,
            lang=report.lang,
            names={other.key: names[other.key] for other in report.pages},
            shorts={other.key: short_name(other) for other in report.pages},
            there=there,
            table_names=table_names or {},
            stretch=stretch,
        )
        placed.append(write_page(canvas))
        key_cells |= {name: cell for name, cell in canvas.key_cells.items() if name not in key_cells}
    placed.append(_finish_sources(sources, stretch))
    for name, rows in unseen.items():
        sheet = book.add_worksheet(name)
        sheet.very_hidden()
        for row, texts in enumerate(rows):
            for column, words in enumerate(texts):
                sheet.write_string(row, column, words)
    for name, cell in key_cells.items():
        book.define_name(name, f"={cell}")
    book.close()
    return Written(buffer.getvalue(), Placement(tuple(placed), key_cells))


def _finish_sources(sources: Sources, stretch: float) -> PlacedSheet:
    """Grid and print set-up of the figures' sheet."""
    sheet = sources.sheet
    widths = (FIRST_WIDTH, *[WIDTH] * (COLUMNS - 1))
    for column, px in enumerate(widths):
        sheet.set_column_pixels(column, column, px / stretch, sources.styles(font_size=theme.SMALL))
    sheet.set_default_row(DEFAULT_ROW)
    for row in range(sources.rows):
        sheet.set_row_pixels(row, ROW_PX)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(theme.CONTEXT)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return PlacedSheet(DATA, sources.name, {}, (), (), widths, (ROW_PX,) * sources.rows)
