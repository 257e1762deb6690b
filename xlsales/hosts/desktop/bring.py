"""Sheets of a hidden book into the user's: a new one is copied whole, the others are made equal in place.

In place, the sheet stays the same object for Excel, so every formula, name and chart that points at its
cells stays as it is. Its cells are replaced by one copy of all cells, which brings values, formats, widths,
heights, rules, merged cells, tables and charts along. A table cannot be kept and resized instead: Excel
resizes a table only under the header row that it has, and rows above it come and go. So the old tables
become plain cells, the new ones take their names, and ``structured`` sees to the formulas that name them.

What comes from another book still reads that book: charts and sparklines are pointed at the sheets here,
by what the source says of itself. What then is left of links, such as error bars, becomes constants.

Only a real Excel can confirm: that a copy of all cells brings whole tables and named charts in their order,
that a series takes the formula of its source, and that breaking the rest of the links leaves error bars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.errors import WorkbookError
from xlsales.package.references import renamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsales.hosts.desktop.caller import Live

FORMULAS, WITH_HEADERS, A_RANGE, TO_WORKBOOKS = -4123, 1, 1, 1
"""xlCellTypeFormulas, xlYes, xlSrcRange, and xlExcelLinks."""

VISIBLE, VERY_HIDDEN = -1, 2
"""xlSheetVisible and xlSheetVeryHidden."""

PAGE_SETUP = (
    "PrintArea",
    "PrintTitleRows",
    "LeftFooter",
    "CenterFooter",
    "RightFooter",
    "Orientation",
    "Zoom",
    "FitToPagesWide",
    "FitToPagesTall",
)
"""What a copy of cells does not bring. Panes, zoom and position of the window stay as the user has them."""


def bring(live: Live, source: Any, names: Mapping[str, str]) -> None:
    """Let the sheets ``names`` (in ``source`` -> here) be here as they are there, in their order."""
    present = {sheet.Name for sheet in live.book.Sheets}
    for name, here in names.items():
        if here in present:
            _replace(source.Sheets(name), live.book.Sheets(here))
        else:
            _copy(live, source.Sheets(name), here)
    sheets = {name.lower(): here for name, here in names.items() if name != here}
    for name, here in names.items():
        there, target = source.Sheets(name), live.book.Sheets(here)
        _point_formulas(there, target, sheets)
        _point_charts(there, target, sheets)
        _point_sparklines(there, target, sheets)
    for link in live.book.LinkSources(TO_WORKBOOKS) or ():
        if link == source.FullName:
            live.book.BreakLink(link, TO_WORKBOOKS)


def copy_aside(live: Live, name: str, copy: str) -> None:
    """A copy of a sheet at the end of the book, called ``copy``, whether the sheet is seen or not."""
    _copy(live, live.book.Sheets(name), copy)


def remove(live: Live, name: str) -> None:
    """Delete a sheet, also a hidden one."""
    live.book.Sheets(name).Delete()


def _copy(live: Live, sheet: Any, name: str) -> None:
    seen = sheet.Visible
    if seen == VERY_HIDDEN:  # Excel copies no such sheet
        sheet.Visible = VISIBLE
    sheet.Copy(After=live.book.Sheets(live.book.Sheets.Count))
    copy = live.book.Sheets(live.book.Sheets.Count)
    if seen == VERY_HIDDEN:
        copy.Visible = sheet.Visible = seen
    if copy.Name != name:
        copy.Name = name


def _replace(source: Any, target: Any) -> None:
    """Everything on the sheet but its name, its place and its window."""
    if target.FilterMode:
        target.ShowAllData()
    for table in list(target.ListObjects):
        table.ShowAutoFilter = False  # a filter hides rows, and what is hidden is not cleared
        table.Unlist()
    target.Cells.Clear()
    target.Cells.Hyperlinks.Delete()
    for number in range(target.Shapes.Count, 0, -1):
        target.Shapes(number).Delete()
    source.Cells.Copy(Destination=target.Cells)
    _name_tables(source, target)
    there, here = source.PageSetup, target.PageSetup
    for setting in PAGE_SETUP:
        value = getattr(there, setting)
        if getattr(here, setting) != value:  # each that is set asks the printer, so as few as can be
            setattr(here, setting, value)


def _name_tables(source: Any, target: Any) -> None:
    """The tables that came along under the names they have in the source; one that did not come is made."""
    came = {table.Range.Address: table for table in target.ListObjects}
    for table in source.ListObjects:
        here = came.get(table.Range.Address)
        if here is None:
            cells = target.Range(_without_totals(table))
            here = target.ListObjects.Add(A_RANGE, cells, None, WITH_HEADERS)
            here.TableStyle = ""
            here.ShowAutoFilter = table.ShowAutoFilter
        if here.Name != table.Name:
            here.Name = table.Name


def _without_totals(table: Any) -> str:
    address = str(table.Range.Address)
    if not table.ShowTotals:
        return address
    head, _, row = address.rpartition("$")
    return f"{head}${int(row) - 1}"


def _point_formulas(source: Any, target: Any, sheets: Mapping[str, str]) -> None:
    """Formulas that read another sheet read it here, where a copy made them read the book it came from."""
    for area in _formula_areas(source):
        here = target.Range(area.Address)
        wanted = _renamed(area.Formula, sheets)
        if here.Formula != wanted:
            here.Formula = wanted


def _formula_areas(sheet: Any) -> Iterator[Any]:
    if sheet.UsedRange.HasFormula is not False:  # None says that some cells have one
        yield from sheet.Cells.SpecialCells(FORMULAS).Areas


def _renamed(formula: Any, sheets: Mapping[str, str]) -> Any:
    """A formula, or the rows of formulas of an area, with the names that sheets have here."""
    if isinstance(formula, tuple):
        return tuple(_renamed(one, sheets) for one in formula)
    return renamed(formula, sheets, {}) if "!" in str(formula) else formula


def _point_charts(source: Any, target: Any, sheets: Mapping[str, str]) -> None:
    charts, here = source.ChartObjects(), target.ChartObjects()
    if charts.Count != here.Count:
        raise WorkbookError("charts_lost", sheet=target.Name)
    for number in range(1, charts.Count + 1):
        chart, copy = charts.Item(number), here.Item(number)
        if copy.Name != chart.Name:
            copy.Name = chart.Name
        series, ours = chart.Chart.SeriesCollection(), copy.Chart.SeriesCollection()
        for place in range(1, series.Count + 1):
            wanted = renamed(series.Item(place).Formula, sheets, {})
            if ours.Item(place).Formula != wanted:
                ours.Item(place).Formula = wanted


def _point_sparklines(source: Any, target: Any, sheets: Mapping[str, str]) -> None:
    groups = source.Cells.SparklineGroups
    if not groups.Count:
        return
    target.Cells.SparklineGroups.Clear()
    for group in groups:
        cells = target.Range(group.Location.Address)
        here = cells.SparklineGroups.Add(group.Type, renamed(group.SourceData, sheets, {}))
        here.SeriesColor.Color = group.SeriesColor.Color
        here.LineWeight = group.LineWeight
        here.Points.Lastpoint.Visible = group.Points.Lastpoint.Visible
        here.Points.Lastpoint.Color.Color = group.Points.Lastpoint.Color.Color
