"""The grid of a page, its head, links and print set-up."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from tests.report import sample
from tests.report.writer.reading import S, links, of, read
from xlsales.report import theme
from xlsales.report.blocks import Chart, Report
from xlsales.report.layout import lay_out
from xlsales.report.measure import RULERS
from xlsales.report.navigation import STEP
from xlsales.report.writer import write


def test_links_lead_to_the_final_sheet_names(book, lang):
    names = sample.names(lang)
    places = set(links(book))
    quoted = {key: "'" + name.replace("'", "''") + "'!A1" for key, name in names.items() if key != "data"}
    assert places == set(quoted.values())


def test_a_link_to_a_page_that_is_not_written_is_plain_text(lang):
    report = sample.report(lang)
    made = write(replace(report, pages=report.pages[:1]), sample.names(lang))
    assert links(read(made.data)) == []


def test_links_fit_their_columns(lang):
    report = sample.report(lang)
    for page in report.pages:
        made = lay_out(page, report.pages, lang)
        for link in made.links:
            words = RULERS[lang].px(sample.names(lang)[link.page], theme.SMALL, bold=True)
            assert words + STEP * link.indent <= made.widths[link.column]


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


def test_pages_print_on_a4_landscape_one_page_wide_with_their_head(book, lang):
    report = sample.report(lang)
    plans = {page.key: lay_out(page, report.pages, lang) for page in report.pages}
    keys = {name: key for key, name in sample.names(lang).items()}
    for sheet in book.worksheets[:-1]:
        plan = plans[keys[sheet.title]]
        first, last = plan.titles
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"
        high = 1 if sheet.page_setup.fitToHeight is None else int(sheet.page_setup.fitToHeight)
        assert (sheet.page_setup.fitToWidth or 1, high) == (1, int(plan.squeezed))
        assert sheet.print_title_rows == f"${first + 1}:${last + 1}"
        assert sheet.print_area
        assert sheet.freeze_panes == "A5"
        assert not sheet.sheet_view.showGridLines
    assert "启明教育 && 示例" in book.worksheets[0].oddFooter.left.text if lang == "zh" else True


def test_the_sheet_breaks_where_the_layout_says(lang):
    page = sample.report(lang).pages[0]
    long = replace(page, bands=page.bands * 3)
    keys = iter(range(100))
    long = replace(long, bands=tuple(
        tuple(replace(placed, block=replace(placed.block, key=f"k{next(keys)}"))
              for placed in band if isinstance(placed.block, Chart)) for band in long.bands))  # fmt: skip
    long = replace(long, bands=tuple(band for band in long.bands if band))
    made = read(write(Report(lang, (long,)), sample.names(lang)).data)
    expected = lay_out(long, (long,), lang).breaks
    assert expected
    assert [brk.id for brk in made.worksheets[0].row_breaks.brk] == list(expected)
