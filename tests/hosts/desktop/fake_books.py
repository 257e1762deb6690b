"""What the fake Excel keeps of a workbook, read from real files and written as real files.

It keeps what the desktop host moves: cells, a few of their formats, merged cells, the places of rules,
links, tables, charts with what they read, sparklines, names, widths, heights and page set-up.
"""

from __future__ import annotations

import io
import re
import warnings
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from xlsales.package.book import open_book

Place = tuple[int, int]
PLAIN = ("General", False, 11.0, None, None, False)
"""Number format, bold, size, colour, fill, wrapped."""
DEFAULT_ROW = 12.0
"""Points; no row that anybody sets has this height, so that every one says its own."""
CHART_KINDS = {"barChart": "bar", "lineChart": "line", "scatterChart": "scatter"}


@dataclass(frozen=True)
class Cell:
    value: Any = None
    formula: str = ""
    array: str = ""
    style: tuple[Any, ...] = PLAIN


class Cells(dict[Place, Cell]):
    """The cells by their places. A cell never changes, another takes its place: a copy has the same ones."""

    def __deepcopy__(self, memo: object) -> Cells:
        return Cells(self)


@dataclass
class Table:
    name: str
    cells: str
    totals: bool
    filter: bool
    style: str = ""
    criteria: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """What its columns, counted from 1, are filtered by: first, operator, second."""


@dataclass
class Series:
    kind: str
    formula: str
    bars: tuple[str, ...] = ()


@dataclass
class Chart:
    name: str
    anchor: Place
    title: str
    series: list[Series]


@dataclass
class Sparkline:
    cell: str
    source: str
    type: int
    colour: int
    weight: float
    last: bool
    last_colour: int


@dataclass
class Name:
    refers: str
    visible: bool = True


@dataclass
class Sheet:
    name: str
    visible: int = -1
    cells: Cells = field(default_factory=Cells)
    merged: set[str] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    heights: dict[int, int] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    sparklines: list[Sparkline] = field(default_factory=list)
    names: dict[str, Name] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)
    selection: str = "$A$1"
    protected: bool = False
    filtered: bool = False
    id: int = 0
    """Excel's own number of the sheet: another sheet of the same name has another."""


@dataclass
class Book:
    sheets: list[Sheet]
    names: dict[str, Name] = field(default_factory=dict)
    active: int = 0
    structure_protected: bool = False
    read_only_recommended: bool = False


def opened(data: bytes) -> Book:
    """A workbook from the bytes of a real file."""
    return deepcopy(_read(data))


@lru_cache(maxsize=8)  # most tests open the same few books
def _read(data: bytes) -> Book:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(data))
    package = open_book(data)
    sheets = [_sheet(book[tab.name], package, tab) for tab in package.sheets]
    names = {
        name: Name(f"={entry.attr_text}", not entry.hidden) for name, entry in book.defined_names.items()
    }
    return Book(sheets, names)


def _sheet(sheet: Any, package: Any, tab: Any) -> Sheet:
    found = Sheet(tab.name, {"visible": -1, "hidden": 0, "veryHidden": 2}[tab.state], id=tab.id)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell) or (cell.value is None and not cell.has_style):
                continue
            found.cells[cell.row, cell.column] = _cell(cell)
            if cell.hyperlink is not None:
                found.links[cell.coordinate] = cell.hyperlink.location or cell.hyperlink.target
    found.merged = {str(one) for one in sheet.merged_cells.ranges}
    found.rules = sorted(str(one.sqref) for one in sheet.conditional_formatting)
    for column in sheet.column_dimensions.values():
        if column.width and column.customWidth:
            found.widths |= {
                number: round(column.width * 7) for number in range(column.min, min(column.max, 64) + 1)
            }
    found.heights = {
        number: round(row.height / 0.75)
        for number, row in sheet.row_dimensions.items()
        if row.height and row.height != DEFAULT_ROW
    }
    for table in sheet.tables.values():
        totals = bool(table.totalsRowCount)
        found.tables.append(Table(table.displayName, table.ref, totals, table.autoFilter is not None))
    found.names = {
        name: Name(f"={entry.attr_text}", not entry.hidden) for name, entry in sheet.defined_names.items()
    }
    root = package.package.tree(tab.part)
    found.page = _page(sheet, root)
    found.sparklines = _sparklines(root)
    found.charts = _charts(package.package, tab.part)
    return found


def _cell(cell: Any) -> Cell:
    font, fill = cell.font, cell.fill
    colour = font.color.rgb if font.color is not None and isinstance(font.color.rgb, str) else None
    back = fill.fgColor.rgb if fill.fill_type == "solid" and isinstance(fill.fgColor.rgb, str) else None
    style = (
        cell.number_format,
        bool(font.b),
        float(font.sz or 11),
        colour,
        back,
        bool(cell.alignment.wrap_text),
    )
    if isinstance(cell.value, ArrayFormula):
        return Cell(formula=cell.value.text, array=cell.value.ref, style=style)
    if cell.data_type == "f":
        return Cell(formula=cell.value, style=style)
    return Cell(cell.value, style=style)


def _page(sheet: Any, root: Any) -> dict[str, Any]:
    footers = [one.text or "" for one in root.iter() if str(one.tag).endswith("}oddFooter")]
    parts = dict(re.findall(r"&([LCR])((?:(?!&[LCR]).)*)", footers[0] if footers else "", re.DOTALL))
    fits = bool(sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)
    area = sheet.print_area.rpartition("!")[2] if sheet.print_area else ""
    wide, tall = sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight
    return {
        "PrintArea": area,
        "PrintTitleRows": sheet.print_title_rows or "",
        "LeftFooter": parts.get("L", ""),
        "CenterFooter": parts.get("C", ""),
        "RightFooter": parts.get("R", ""),
        "Orientation": 2 if sheet.page_setup.orientation == "landscape" else 1,
        "Zoom": False if fits else 100,
        "FitToPagesWide": 1 if not fits or wide is None else int(wide) or False,
        "FitToPagesTall": 1 if not fits or tall is None else int(tall) or False,
    }


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _sparklines(root: Any) -> list[Sparkline]:
    found = []
    for group in (one for one in root.iter() if _local(one) == "sparklineGroup"):
        parts = {_local(one): one for one in group.iter()}
        for one in (one for one in group.iter() if _local(one) == "sparkline"):
            texts = {_local(part): part.text for part in one}
            found.append(
                Sparkline(
                    texts["sqref"],
                    texts["f"],
                    1,
                    int(parts["colorSeries"].get("rgb", "FF000000")[2:], 16),
                    float(group.get("lineWeight", 0.75)),
                    group.get("last") == "1",
                    int(parts["colorLast"].get("rgb", "FF000000")[2:], 16),
                )
            )
    return sorted(found, key=lambda line: line.cell)


def _charts(package: Any, part: str) -> list[Chart]:
    found = []
    for drawing in (link.target for link in package.relationships(part) if link.kind == "drawing"):
        targets = {link.id: link.target for link in package.relationships(drawing)}
        for anchor in package.tree(drawing):
            parts = {_local(one): one for one in anchor.iter()}
            start = {_local(one): int(one.text) for one in parts["from"]}
            rel = next(value for key, value in parts["chart"].attrib.items() if key.endswith("}id"))
            root = package.tree(targets[rel])
            title = next((one for one in root.iter() if _local(one) == "title"), ())
            words = (
                "".join(one.text or "" for one in title.iter() if _local(one) == "t") if len(title) else ""
            )
            place = (start["row"] + 1, start["col"] + 1)
            found.append(Chart(parts["cNvPr"].get("name"), place, words, _series(root)))
    return found


def _series(root: Any) -> list[Series]:
    found = []
    for group in (one for one in root.iter() if _local(one) in CHART_KINDS):
        upright = any(_local(one) == "barDir" and one.get("val") == "col" for one in group)
        kind = "column" if upright else CHART_KINDS[_local(group)]
        for series in (one for one in group if _local(one) == "ser"):
            texts = {
                _local(part): next((one.text for one in part.iter() if _local(one) == "f"), "")
                for part in series
            }
            first = texts.get("xVal") or texts.get("cat", "")
            second = texts.get("yVal") or texts.get("val", "")
            bars = tuple(
                one.text
                for bar in series
                if _local(bar) == "errBars"
                for one in bar.iter()
                if _local(one) == "f"
            )
            formula = f"=SERIES({texts.get('tx', '')},{first},{second},{len(found) + 1})"
            found.append(Series(kind, formula, bars))
    return found


def saved(book: Book) -> bytes:
    """The workbook as the bytes of a real file."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    writer = xlsxwriter.Workbook(buffer, options)
    formats: dict[tuple[Any, ...], Any] = {}
    targets = [writer.add_worksheet(sheet.name) for sheet in book.sheets]
    for sheet, target in zip(book.sheets, targets, strict=True):
        _write_sheet(writer, sheet, target, formats)
    writer.close()
    package = open_book(buffer.getvalue())
    for sheet, tab in zip(book.sheets, package.root.iter(package.dialect.tag("sheet")), strict=True):
        tab.set("sheetId", str(sheet.id))
    if book.read_only_recommended:
        wish = package.root.makeelement(package.dialect.tag("fileSharing"), {"readOnlyRecommended": "1"})
        package.root.insert(1, wish)
    for name, entry in book.names.items():
        package.define(name, entry.refers.removeprefix("="), hidden=not entry.visible)
    for place, sheet in enumerate(book.sheets):
        for name, entry in sheet.names.items():
            package.define(name, entry.refers.removeprefix("="), place, hidden=not entry.visible)
    return package.to_bytes()


def _write_sheet(writer: Any, sheet: Sheet, target: Any, formats: dict[tuple[Any, ...], Any]) -> None:
    def style(cell: Cell) -> Any:
        number, bold, size, colour, back, wrap = cell.style
        if cell.style not in formats:
            look = {"num_format": number, "bold": bold, "font_size": size, "text_wrap": wrap}
            look |= {"font_color": f"#{colour[2:]}"} if colour else {}
            look |= {"bg_color": f"#{back[2:]}"} if back else {}
            formats[cell.style] = writer.add_format(look)
        return None if cell.style == PLAIN else formats[cell.style]

    target.set_default_row(DEFAULT_ROW)
    for column, px in sheet.widths.items():
        target.set_column_pixels(column - 1, column - 1, px)
    for row, px in sheet.heights.items():
        target.set_row_pixels(row - 1, px)
    for area in sorted(sheet.merged):
        target.merge_range(area, "")
    for table in sheet.tables:
        left, top, right, _ = range_boundaries(table.cells)
        heads = [{"header": str(sheet.cells[top, column].value)} for column in range(left, right + 1)]
        options = {
            "name": table.name,
            "columns": heads,
            "total_row": table.totals,
            "autofilter": table.filter,
        }
        target.add_table(table.cells, {**options, "style": None})
    for (row, column), cell in sheet.cells.items():
        at, look = (row - 1, column - 1), style(cell)
        link = sheet.links.get(f"{get_column_letter(column)}{row}")
        if link:
            target.write_url(*at, f"internal:{link}", look, str(cell.value))
        elif cell.array:
            target.write_array_formula(cell.array, f"{{{cell.formula}}}", look)
        elif cell.formula:
            target.write_formula(*at, cell.formula, look)
        elif cell.value is None:
            target.write_blank(*at, None, look)
        elif isinstance(cell.value, str):
            target.write_string(*at, cell.value, look)
        elif hasattr(cell.value, "isoformat"):
            target.write_datetime(*at, cell.value, look)
        else:
            target.write(*at, cell.value, look)
    for rule in sheet.rules:
        target.conditional_format(rule.split()[0], {"type": "blanks", "multi_range": rule})
    for line in sheet.sparklines:
        target.add_sparkline(
            line.cell,
            {
                "range": line.source,
                "series_color": f"#{line.colour:06X}",
                "weight": line.weight,
                "last_point": line.last,
                "last_color": f"#{line.last_colour:06X}",
            },
        )
    for chart in sheet.charts:
        _write_chart(writer, target, chart)
    _write_page(sheet, target)


def _write_chart(writer: Any, target: Any, chart: Chart) -> None:
    made: dict[str, Any] = {}
    for series in chart.series:
        if series.kind not in made:
            name = {} if made else {"name": chart.name}
            made[series.kind] = writer.add_chart({"type": series.kind, **name})
        title, first, second, _ = arguments(series.formula)
        bars = {}
        if series.bars:
            plus, minus = series.bars
            bars["x_error_bars"] = {"type": "custom", "plus_values": f"={plus}", "minus_values": f"={minus}"}
        named = {"name": f"={title}"} if title else {}
        made[series.kind].add_series({**named, "categories": f"={first}", "values": f"={second}", **bars})
    whole, *others = made.values()
    for other in others:
        whole.combine(other)
    if chart.title:
        whole.set_title({"name": chart.title})
    else:
        whole.set_title({"none": True})
    row, column = chart.anchor
    target.insert_chart(row - 1, column - 1, whole)


def arguments(series: str) -> list[str]:
    """The arguments of ``=SERIES(…)``; a comma in a sheet's name is none."""
    inner = series.removeprefix("=SERIES(").removesuffix(")")
    return re.findall(r"((?:'(?:[^']|'')*'|[^,'])*)(?:,|$)", inner)[:4]


def _write_page(sheet: Sheet, target: Any) -> None:
    page = sheet.page
    if page.get("PrintArea"):
        target.print_area(page["PrintArea"].replace("$", ""))
    if page.get("PrintTitleRows"):
        first, last = page["PrintTitleRows"].replace("$", "").split(":")
        target.repeat_rows(int(first) - 1, int(last) - 1)
    footer = "".join(
        f"&{letter}{page[name]}"
        for letter, name in (("L", "LeftFooter"), ("C", "CenterFooter"), ("R", "RightFooter"))
        if page.get(name)
    )
    if footer:
        target.set_footer(footer)
    if page.get("Orientation") == 2:
        target.set_landscape()
    if page.get("Zoom") is False:
        target.fit_to_pages(int(page["FitToPagesWide"]), int(page["FitToPagesTall"]))
    if sheet.visible == 0:
        target.hide()
    elif sheet.visible == 2:
        target.very_hidden()
