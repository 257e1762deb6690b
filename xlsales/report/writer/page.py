"""One sheet: its grid, its head, and its blocks in their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range

from xlsales.report import layout, theme
from xlsales.report.blocks import Alerts, Chart, Form, Kpis, Note, Table
from xlsales.report.measure import RULERS
from xlsales.report.placement import PlacedSheet
from xlsales.report.writer import cards, charts, lines, tables
from xlsales.report.writer.styles import DEFAULT_ROW, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xlsales.language import Language
    from xlsales.report.blocks import Page
    from xlsales.report.layout import Layout, Spot
    from xlsales.report.measure import Ruler
    from xlsales.report.placement import PlacedChart, PlacedTable
    from xlsales.report.writer.sources import Sources
    from xlsales.report.writer.styles import Styles


@dataclass(frozen=True)
class Canvas:
    """What the blocks of one page are written with, and what they tell of where they stand.

    ``names`` are the final sheet names by page key, ``shorts`` what links say, ``there`` the other sheets
    that links may lead to. ``stretch`` is how much
    wider a digit of the target's Normal font is than XlsxWriter's: its column pixels are ours divided by it.
    """

    page: Page
    layout: Layout
    sheet: Any
    book: Any
    styles: Styles
    sources: Sources
    lang: Language
    names: Mapping[str, str]
    shorts: Mapping[str, str]
    there: Collection[str]
    table_names: Mapping[str, str]
    stretch: float
    blocks: dict[str, str] = field(default_factory=dict)
    tables: list[PlacedTable] = field(default_factory=list)
    charts: list[PlacedChart] = field(default_factory=list)
    key_cells: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sheet's final name."""
        return self.names[self.page.key]

    @property
    def ruler(self) -> Ruler:
        """What measures text in the page's font."""
        return RULERS[self.lang]

    def link(self, row: int, column: int, key: str, words: str, style: Any) -> None:
        """Write words that lead to another page or to a cell (``Sheet!G7``) of the workbook.

        The words alone where that page is not written, or where the workbook has no such sheet.
        """
        sheet, _, cell = key.rpartition("!")
        if sheet in self.there:
            self.sheet.write_url(row, column, f"internal:{quoted(sheet)}!{cell}", style, words)
        elif key in self.names and key != self.page.key:
            self.sheet.write_url(row, column, f"internal:{quoted(self.names[key])}!A1", style, words)
        else:
            self.sheet.write_string(row, column, words, style)


def write_page(canvas: Canvas) -> PlacedSheet:
    """Write the whole sheet and tell its placement."""
    _grid(canvas)
    _head(canvas)
    for spot in canvas.layout.spots:
        _block(canvas, spot)
    _print(canvas)
    return PlacedSheet(
        key=canvas.page.key,
        name=canvas.name,
        blocks=canvas.blocks,
        tables=tuple(canvas.tables),
        charts=tuple(canvas.charts),
        widths=canvas.layout.widths,
        heights=canvas.layout.heights,
        fields=canvas.fields,
        inputs=canvas.inputs,
    )


def _block(canvas: Canvas, spot: Spot) -> None:
    match spot.block:
        case Kpis():
            cards.write_cards(canvas, spot, spot.block)
        case Table():
            tables.write_table(canvas, spot, spot.block)
        case Chart():
            charts.write_chart(canvas, spot, spot.block)
        case Alerts():
            lines.write_alerts(canvas, spot, spot.block)
            _number(canvas, spot, "alerts")
        case Note():
            lines.write_note(canvas, spot, spot.block)
            _number(canvas, spot, "note")
        case Form():
            lines.write_form(canvas, spot, spot.block)


def _number(canvas: Canvas, spot: Spot, kind: str) -> None:
    """Place a block that has no key of its own as note_1, note_2 and so on."""
    count = sum(key.startswith(f"{kind}_") for key in canvas.blocks)
    canvas.blocks[f"{kind}_{count + 1}"] = xl_range(spot.top, spot.left, spot.bottom, spot.right)


def _grid(canvas: Canvas) -> None:
    sheet, plan = canvas.sheet, canvas.layout
    for column, px in enumerate(plan.widths):
        sheet.set_column_pixels(column, column, px / canvas.stretch, canvas.styles())
    sheet.set_default_row(DEFAULT_ROW)
    for row, px in enumerate(plan.heights):
        sheet.set_row_pixels(row, px)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(theme.ACCENT)
    sheet.freeze_panes(layout.RULE_ROW, 0)
    sheet.set_zoom(100)


def _head(canvas: Canvas) -> None:
    page, plan, styles = canvas.page, canvas.layout, canvas.styles
    room = plan.width(1, plan.links[0].column - 1 if plan.links else plan.last)
    title = canvas.ruler.fitted(page.title, room, theme.TITLE, bold=True)
    canvas.sheet.write_string(layout.TITLE_ROW, 1, title, styles(font_size=theme.TITLE, bold=True))
    for link in plan.links:
        here = link.page == page.key
        style = styles(
            font_size=theme.SMALL,
            align=link.align,
            indent=link.indent,
            bold=here,
            font_color=theme.ACCENT if here else theme.INK3,
        )
        canvas.link(layout.TITLE_ROW, link.column, link.page, canvas.shorts[link.page], style)
    for row, sentence, size, colour in (
        (layout.AS_OF_ROW, lines.words(page.as_of), theme.SMALL, theme.INK3),
        (layout.HEADLINE_ROW, page.headline, theme.HEADLINE, theme.INK),
        (layout.SECOND_ROW, page.second, theme.BODY, theme.INK2),
    ):
        lines.write_sentence(canvas, row, (1, plan.last), sentence, size, colour, wrap=row in plan.wrapped)
    for column in range(1, plan.last + 1):
        canvas.sheet.write_blank(layout.RULE_ROW, column, None, styles(top=1, top_color=theme.RULE))


def _print(canvas: Canvas) -> None:
    sheet, plan = canvas.sheet, canvas.layout
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.35, right=0.35, top=0.4, bottom=0.5)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, int(plan.squeezed))
    sheet.print_area(0, 0, len(plan.heights) - 1, plan.last + 1)
    sheet.repeat_rows(*plan.titles)
    sheet.set_h_pagebreaks(list(plan.breaks))
    words = canvas.page.footer.replace("&", "&&")
    space = " " if words[:1].isdigit() else ""
    sheet.set_footer(f"&L&8{space}{words[:200]}&C&8&A&R&8&P / &N")
