"""Charts are native, explicit, and read the sheet of figures."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from tests.report import sample
from tests.report.writer.reading import A, C, D, read, texts
from xlsales.report import charts, theme
from xlsales.report.blocks import Placed
from xlsales.report.writer import write


def test_no_chart_takes_a_name_for_a_reference(parts, lang, written):
    own = re.escape(sample.names(lang)["data"])
    for name, part in parts.items():
        if name.startswith("xl/charts/"):
            for formula in etree.fromstring(part).iter(f"{C}f"):
                assert re.fullmatch(rf"'?{own}'?!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", formula.text)


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


def test_a_chart_of_nothing_but_zeros_leaves_its_finding(lang):
    zeros = charts.histogram("z", label="label", finding="M1 0.0%", bins=[("M1", 0.0)], lang=lang)
    report = sample.report(lang)
    page = replace(report.pages[0], bands=((Placed(zeros, 0, 5),),))
    sheets = read(write(replace(report, pages=(page, *report.pages[1:])), sample.names(lang)).data)
    assert "M1 0.0%" in {cell.value for row in sheets.worksheets[0].iter_rows() for cell in row}


def test_charts_hold_the_values_they_draw(parts, lang):
    tree = etree.fromstring(parts["xl/charts/chart1.xml"])
    drawn = [float(v.text) for v in tree.find(f".//{C}barChart/{C}ser/{C}val").iter(f"{C}v")]
    assert drawn == pytest.approx([v * (0.1 if lang == "zh" else 1) for v in sample.SALES])


def test_charts_carry_alternative_text_and_tables_too(parts, book, lang):
    drawings = [
        etree.fromstring(part) for name, part in parts.items() if re.match(r"xl/drawings/drawing\d", name)
    ]
    frames = [one for tree in drawings for one in tree.iter(f"{D}cNvPr")]
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


@pytest.mark.parametrize("digit", [7.0, 9.0])
def test_charts_end_with_their_columns_whatever_the_normal_font(digit):
    made = write(sample.report("zh"), sample.names("zh"), digit_px=digit)
    with ZipFile(BytesIO(made.data)) as package:
        drawing = etree.fromstring(package.read("xl/drawings/drawing1.xml"))
    ends = [int(to[0].text) for to in drawing.iter(f"{D}to")]
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
            assert {face.get("typeface") for face in tree.iter(f"{A}latin")} == {font}
    assert b'<scheme val="minor"/>' not in parts["xl/sharedStrings.xml"]


def test_axis_names_stay_upright(parts):
    for name, part in parts.items():
        if name.startswith("xl/charts/"):
            for body in etree.fromstring(part).iterfind(f".//{C}catAx/{C}txPr/{A}bodyPr"):
                assert body.get("rot") == "0"


def test_the_current_month_is_labelled_in_white_and_still_shows_its_value(parts):
    label = etree.fromstring(parts["xl/charts/chart1.xml"]).find(f".//{C}barChart/{C}ser/{C}dLbls/{C}dLbl")
    assert label.find(f"{C}idx").get("val") == "12"
    assert label.find(f"{C}showVal").get("val") == "1"
    assert label.find(f".//{A}srgbClr").get("val") == "FFFFFF"
