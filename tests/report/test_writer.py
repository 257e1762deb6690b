"""The written sheets hold what was meant, say where it stands, and are the same every time."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries

from tests.report import sample
from tests.report.calculation import calculate
from xlsales.report import theme
from xlsales.report.blocks import Cell, Page, Placed, Report, Table, TableColumn
from xlsales.report.layout import lay_out
from xlsales.report.writer import sheet_names, table_names, write

LANGS = ("zh", "en")
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module", params=LANGS)
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def written(lang):
    return write(sample.report(lang), sample.names(lang))


@pytest.fixture(scope="module")
def book(written):
    return read(written.data)


@pytest.fixture(scope="module")
def cached(written):
    return read(written.data, data_only=True)


@pytest.fixture(scope="module")
def parts(written):
    with ZipFile(BytesIO(written.data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def read(data, **options):
    """The workbook as openpyxl reads it, less the sparklines and data bars that it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(BytesIO(data), **options)


def links(book):
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return [cell.hyperlink.location for cell in cells if cell.hyperlink]


def of(written, key):
    return next(sheet for sheet in written.placement.sheets if sheet.key == key)


def texts(sheet):
    return {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}


def one_table(table, lang="zh", columns=(400, 432, 432)):
    page = Page("p", "p", "p", "", (), (), columns, ((Placed(table, 0, len(table.columns) - 1),),))
    made = write(Report(lang, (page,)), {"p": "p", "data": "d"})
    return made, read(made.data)["p"]


def test_the_same_report_gives_the_same_bytes(lang, written):
    assert write(sample.report(lang), sample.names(lang)).data == written.data


def test_sheets_stand_in_order_under_their_final_names_with_the_figures_last(lang, book, written):
    wished = sample.names(lang)
    assert book.sheetnames == [*(wished[page.key] for page in sample.report(lang).pages), wished["data"]]
    assert [sheet.name for sheet in written.placement.sheets] == book.sheetnames
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)


def test_a_report_wishes_for_names(lang):
    report = sample.report(lang)
    assert list(sheet_names(report)) == [*(page.key for page in report.pages), "data"]
    assert table_names(report) == [
        "xs_campus",
        "xs_teams",
        "xs_reps",
        "xs_cohorts",
        "xs_channels",
        "xs_counts",
        "xs_hostile",
    ]


def test_text_from_data_is_only_ever_text(lang, book):
    sheet = book[sample.names(lang)["hostile"]]
    found = [
        cell
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value in sample.HOSTILE
    ]
    assert len(found) >= 3 * len(sample.HOSTILE)
    assert all(cell.data_type == "s" for cell in found)
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    figures = book[sample.names(lang)["data"]]
    assert [cell.coordinate for row in figures.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_no_chart_takes_a_name_for_a_reference(parts, lang, written):
    own = re.escape(sample.names(lang)["data"])
    for name, part in parts.items():
        if name.startswith("xl/charts/"):
            for formula in etree.fromstring(part).iter(f"{C}f"):
                assert re.fullmatch(rf"'?{own}'?!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", formula.text)


def test_tables_are_excel_tables_where_the_placement_says(book, written):
    for sheet in written.placement.sheets:
        assert {table.name: table.range for table in sheet.tables} == {
            table.name: table.ref for table in book[sheet.name].tables.values()
        }


def test_table_headers_are_the_text_of_their_cells(book):
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            shown = [sheet.cell(top, column).value for column in range(left, right + 1)]
            assert shown == [column.name for column in table.tableColumns]
            assert len({name.casefold() for name in shown}) == len(shown)


def test_only_a_table_that_asks_for_them_has_filter_buttons(book, lang):
    tables = [table for sheet in book.worksheets for table in sheet.tables.values()]
    assert {table.name for table in tables if table.autoFilter} == {"xs_reps", "xs_hostile"}


def test_a_table_without_rows_has_one_blank_row_that_says_why(book, lang):
    sheet = book[sample.names(lang)["attainment"]]
    left, top, right, bottom = range_boundaries(sheet.tables["xs_teams"].ref)
    assert bottom == top + 1
    row = [sheet.cell(bottom, column).value for column in range(left, right + 1)]
    assert row == [sample.words(lang, "没有团队数据。", "There are no teams."), *[None] * (right - left)]


def test_table_cells_hold_values_in_the_unit_of_their_header(lang, cached):
    sheet = cached[sample.names(lang)["overview"]]
    left, top, _, bottom = range_boundaries(sheet.tables["xs_campus"].ref)
    divisor, unit = (1e4, "（万）") if lang == "zh" else (1e3, " (¥k)")
    head = [sheet.cell(top, left + offset).value for offset in range(6)]
    assert [word.endswith(unit) for word in head] == [False, True, True, False, True, False]
    assert sheet.cell(top + 1, left + 1).value == pytest.approx(1_500_000 / divisor)
    assert sheet.cell(bottom, left + 4).value == pytest.approx(-238_000 / divisor)


def test_every_formula_agrees_with_its_cached_value(book, cached):
    checked = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    result = calculate(sheet, cached[sheet.title], cell)
                    value = cached[sheet.title][cell.coordinate].value
                    if re.match(r"=-?[\d.e+-]+$", cell.value):
                        result = float(cell.value[1:])
                    assert (value if value is not None else "") == (
                        pytest.approx(result, rel=1e-9) if result != "" else ""
                    ), (sheet.title, cell.coordinate, cell.value)
                    checked += 1
    assert checked > 150


def test_sums_follow_the_filter_and_ratios_are_recomputed_from_the_totals(book, lang):
    sheet = book[sample.names(lang)["overview"]]
    left, _, _, bottom = range_boundaries(sheet.tables["xs_campus"].ref)
    total = [sheet.cell(bottom, left + offset).value for offset in range(6)]
    first, last = bottom - 3, bottom - 1
    assert total[1] == f"=SUBTOTAL(109,C{first}:C{last})"
    assert total[3] == f'=IF(N(C{bottom})<=0,"",D{bottom}/C{bottom})'
    columns = sheet.tables["xs_campus"].tableColumns
    assert [column.totalsRowFunction for column in columns] == [None, *["custom"] * 5]
    assert columns[1].totalsRowFormula.attr_text == total[1].lstrip("=")
    assert columns[0].totalsRowLabel == total[0]


def test_a_column_without_values_has_no_total():
    columns = (
        TableColumn("n", "n"),
        TableColumn("a", "a", "money", total="sum"),
        TableColumn("b", "b", total="value"),
    )
    table = Table("t", "l", columns, (("x", None, "y"),), ("Σ", None, Cell("ok", mark="●")))
    _, sheet = one_table(table)
    assert [cell.value for cell in sheet[9][1:4]] == ["Σ", None, "● ok"]
    assert [column.totalsRowLabel for column in sheet.tables["xs_t"].tableColumns] == ["Σ", None, "● ok"]


def test_key_numbers_have_names_that_point_at_their_cells(book, cached, written, lang):
    names = written.placement.names
    assert {name: defined.attr_text for name, defined in book.defined_names.items()} == dict(names)
    sheet, cell = names["XS_sales"].split("!")
    value = cached[sheet.strip("'")][cell.replace("$", "")].value
    assert value == pytest.approx(386.4 if lang == "zh" else 3864)
    sheet, cell = names["XS_loss"].split("!")
    assert cached[sheet.strip("'")][cell.replace("$", "")].value < 0


def test_card_numbers_are_numbers(cached, lang, written):
    sheet = cached[sample.names(lang)["overview"]]
    left, top, *_ = range_boundaries(of(written, "overview").blocks["cvr"])
    near, far = sheet.cell(top + 3, left).value, sheet.cell(top + 3, left + 1).value
    assert (near, far) == (pytest.approx(-4.2), pytest.approx(-2.6))
    assert sheet.cell(top + 2, left + 1).value == pytest.approx(-3.4)
    assert sheet.cell(top + 2, left).value == pytest.approx(0.35)
    refund, top, *_ = range_boundaries(of(written, "overview").blocks["refund"])
    assert sheet.cell(top + 2, refund).value is None
    assert sheet.cell(top + 3, refund).value == sample.words(lang, "环比 –", "MoM –")


def test_a_share_of_change_needs_a_base_above_zero(cached, written, lang):
    sheet = cached[sample.names(lang)["bare"]]
    left, top, *_ = range_boundaries(of(written, "bare").blocks["loss"])
    assert sheet.cell(top + 3, left).value == sample.words(lang, "环比 –", "MoM –")


def test_links_lead_to_the_final_sheet_names(book, lang):
    names = sample.names(lang)
    places = set(links(book))
    quoted = {key: "'" + name.replace("'", "''") + "'!A1" for key, name in names.items() if key != "data"}
    assert places == set(quoted.values())


def test_a_link_to_a_page_that_is_not_written_is_plain_text(lang):
    report = sample.report(lang)
    made = write(replace(report, pages=report.pages[:1]), sample.names(lang))
    assert links(read(made.data)) == []


def test_every_cell_of_the_page_area_has_a_style_and_every_row_a_height(parts, written):
    for number, sheet in enumerate(written.placement.sheets, start=1):
        tree = etree.fromstring(parts[f"xl/worksheets/sheet{number}.xml"])
        columns = [c for c in tree.iter(f"{S}col") if c.get("style") not in (None, "0")]
        covered = {i for c in columns for i in range(int(c.get("min")), int(c.get("max")) + 1)}
        assert covered >= set(range(1, len(sheet.widths) + 1))
        rows = {int(row.get("r")): row for row in tree.iter(f"{S}row")}
        assert set(rows) >= set(range(1, len(sheet.heights) + 1))
        for index, height in enumerate(sheet.heights, start=1):
            assert float(rows[index].get("ht")) == pytest.approx(height * 0.75)
            assert rows[index].get("customHeight") == "1"
        assert all(cell.get("s") not in (None, "0") for cell in tree.iter(f"{S}c"))


@pytest.mark.parametrize("digit", [6.0, 7.0, 8.0, 9.0])
def test_columns_keep_their_pixels_in_a_workbook_with_another_normal_font(digit):
    made = write(sample.report("zh"), sample.names("zh"), digit_px=digit)
    with ZipFile(BytesIO(made.data)) as package:
        tree = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    widths = {}
    for column in tree.iter(f"{S}col"):
        for number in range(int(column.get("min")), int(column.get("max")) + 1):
            widths[number] = float(column.get("width")) * digit
    assert [widths[number] for number in sorted(widths)] == pytest.approx(of(made, "overview").widths, abs=1)


@pytest.mark.parametrize("digit", [7.0, 9.0])
def test_charts_end_with_their_columns_whatever_the_normal_font(digit):
    made = write(sample.report("zh"), sample.names("zh"), digit_px=digit)
    with ZipFile(BytesIO(made.data)) as package:
        drawing = etree.fromstring(package.read("xl/drawings/drawing1.xml"))
    ends = [
        int(to[0].text)
        for to in drawing.iter("{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}to")
    ]
    assert ends[0] in (6, 7)
    assert ends[1] in (13, 14)


def test_fonts_are_named_in_every_cell_and_chart(book, parts, lang):
    font = theme.FONT[lang]
    fonts = {
        cell.font.name
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert fonts == {font}
    for name, part in parts.items():
        if name.startswith("xl/charts/"):
            tree = etree.fromstring(part)
            faces = {face.get("typeface") for tag in ("latin", "ea", "cs") for face in tree.iter(f"{A}{tag}")}
            assert faces == {font}
            assert all(latin.getnext().tag == f"{A}ea" for latin in tree.iter(f"{A}latin"))
    assert b'<scheme val="minor"/>' not in parts["xl/sharedStrings.xml"]


def test_charts_are_where_the_placement_says_and_read_the_sheet_of_figures(parts, written, lang):
    figures = "'" + sample.names(lang)["data"].replace("'", "''") + "'!"
    placed = [chart for sheet in written.placement.sheets for chart in sheet.charts]
    assert [chart.name for chart in placed] == [
        "xs_trend",
        "xs_bridge",
        "xs_rep_gap",
        "xs_landing",
        "xs_gaps",
        "xs_why",
        "xs_rates",
        "xs_bad_names",
        "xs_bad_intervals",
        "xs_first",
        "xs_losses",
        "xs_crossing",
    ]
    for number, chart in enumerate(placed, start=1):
        tree = etree.fromstring(parts[f"xl/charts/chart{number}.xml"])
        read = {formula.text.replace("'", "") for formula in tree.iter(f"{C}f")}
        assert {reference.replace("'", "") for reference in chart.ranges} <= read
        assert all(reference.startswith(figures) for reference in chart.ranges)


def test_charts_hold_the_values_they_draw(parts, lang):
    tree = etree.fromstring(parts["xl/charts/chart1.xml"])
    drawn = [float(v.text) for v in tree.find(f".//{C}barChart/{C}ser/{C}val").iter(f"{C}v")]
    assert drawn == pytest.approx([v * (0.1 if lang == "zh" else 1) for v in sample.SALES])


def test_charts_carry_alternative_text_and_tables_too(parts, book, lang):
    drawings = [
        etree.fromstring(part) for name, part in parts.items() if re.match(r"xl/drawings/drawing\d", name)
    ]
    frames = [
        one
        for tree in drawings
        for one in tree.iter("{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr")
    ]
    assert len(frames) == 12
    assert all(one.get("descr") for one in frames)
    tables = [part for name, part in parts.items() if name.startswith("xl/tables/")]
    assert len(tables) == 7
    assert all(b"altTextSummary=" in part for part in tables)


def test_a_chart_with_nothing_to_draw_is_a_sentence(book, lang, written):
    assert "xs_no_bridge" not in [chart.name for sheet in written.placement.sheets for chart in sheet.charts]
    words = sample.words(
        lang,
        "缺少线索表；补上后这里会显示漏斗。",
        "There are no leads; with them this page shows the funnel.",
    )
    assert words in texts(book[sample.names(lang)["bare"]])


def test_pages_print_on_a4_landscape_one_page_wide_with_their_head(book, lang):
    for sheet in book.worksheets[:-1]:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$4"
        assert sheet.print_area
        assert sheet.freeze_panes == "A5"
        assert not sheet.sheet_view.showGridLines
    assert "启明教育 && 示例" in book.worksheets[0].oddFooter.left.text if lang == "zh" else True


def test_heat_leaves_out_what_is_not_final(book, lang, written):
    sheet = book[sample.names(lang)["retention"]]
    left, top, _, _ = range_boundaries(sheet.tables["xs_cohorts"].ref)
    scaled = set()
    for rule in sheet.conditional_formatting:
        if any(one.type == "colorScale" and one.colorScale.cfvo[0].val == 0.54 for one in rule.rules):
            for area in rule.sqref.ranges:
                scaled |= {
                    (r, c)
                    for r in range(area.min_row, area.max_row + 1)
                    for c in range(area.min_col, area.max_col + 1)
                }
    table = next(
        p.block
        for band in sample.retention(lang).bands
        for p in band
        if getattr(p.block, "key", "") == "cohorts"
    )
    final = {
        (top + 1 + row, left + column)
        for row, values in enumerate(table.rows)
        for column, value in enumerate(values)
        if column >= 2 and value is not None and not (isinstance(value, Cell) and value.immature)
    }
    assert scaled == final


def test_a_form_keeps_its_values_and_offers_its_choices(book, lang, written):
    sheet = book[sample.names(lang)["hostile"]]
    _, top, right, bottom = range_boundaries(of(written, "hostile").blocks["settings"])
    assert [sheet.cell(row, right).value for row in range(top, bottom + 1)] == ["2026-10", "signed", 3]
    choice = sheet.data_validations.dataValidation[0]
    name, cells = choice.formula1.rsplit("!", 1)
    source = book[name.strip("'").replace("''", "'")]
    assert [c.value for row in source[cells.replace("$", "")] for c in row] == ["signed", "net", "cash"]


def test_numbers_that_would_not_fit_shrink_and_words_wrap_or_are_shortened(book, lang):
    sheet = book[sample.names(lang)["hostile"]]
    left, _, _, bottom = range_boundaries(sheet.tables["xs_hostile"].ref)
    assert sheet.cell(bottom, left).value.endswith("…")
    assert sheet.cell(bottom, left).alignment.wrap_text
    assert not sheet.cell(bottom, left + 4).value.endswith("…")
    _, page = one_table(
        Table("t", "l", (TableColumn("n", "n", "count"),), ((123_456_789_012,),)), columns=(40, 1224)
    )
    assert page.cell(8, 2).alignment.shrinkToFit


def test_dates_are_dates_in_either_date_system():
    table = Table("t", "l", (TableColumn("d", "d", "date"),), ((date(2026, 10, 31),),))
    page = Page("p", "p", "p", "", (), (), (632, 632), ((Placed(table, 0, 0),),))
    for old in (False, True):
        made = write(Report("en", (page,)), {"p": "p", "data": "d"}, date1904=old)
        assert read(made.data)["p"]["B8"].value.date() == date(2026, 10, 31)


def test_blank_and_infinite_values_leave_blank_cells():
    _, sheet = one_table(
        Table(
            "t",
            "l",
            (TableColumn("n", "n", "percent"), TableColumn("m", "m", "money")),
            ((float("nan"), float("inf")),),
        )
    )
    assert (sheet["B8"].value, sheet["C8"].value) == (None, None)


def test_table_names_follow_the_plan(lang):
    made = write(sample.report(lang), sample.names(lang), table_names={"xs_campus": "xs_campus_2"})
    assert of(made, "overview").tables[0].name == "xs_campus_2"


def test_links_fit_their_columns(lang):
    from xlsales.report.measure import RULERS

    report = sample.report(lang)
    for page in report.pages:
        made = lay_out(page, report.pages, lang)
        for column, key in made.links:
            assert RULERS[lang].px(sample.names(lang)[key], theme.SMALL, bold=True) <= made.widths[column]


def test_chart_parts_spell_out_what_2007_takes_for_granted(parts):
    for name, part in parts.items():
        if not name.startswith("xl/charts/"):
            continue
        tree = etree.fromstring(part)
        assert [one.get("val") for one in tree.iter(f"{C}roundedCorners", f"{C}date1904")] == ["0", "0"]
        assert [one.get("val") for one in tree.iter(f"{C}dispBlanksAs")] == ["gap"]
        for line in tree.iter(f"{C}lineChart", f"{C}scatterChart"):
            assert all(series.find(f"{C}smooth").get("val") == "0" for series in line.findall(f"{C}ser"))
        for bar in tree.iter(f"{C}barChart"):
            assert all(
                series.find(f"{C}invertIfNegative").get("val") == "0" for series in bar.findall(f"{C}ser")
            )
            assert bar.find(f"{C}varyColors").get("val") == "0"
        for label in tree.iter(f"{C}dLbl", f"{C}dLbls"):
            if label.find(f"{C}delete") is None:
                shows = {
                    one: label.find(f"{C}{one}").get("val")
                    for one in (
                        "showLegendKey",
                        "showVal",
                        "showCatName",
                        "showSerName",
                        "showPercent",
                        "showBubbleSize",
                    )
                }
                assert shows == {**dict.fromkeys(shows, "0"), "showVal": "1"}
        for axis in tree.iter(f"{C}catAx", f"{C}valAx"):
            assert axis.find(f"{C}delete") is not None
