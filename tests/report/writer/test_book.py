"""The whole workbook: its sheets, names, bytes, and that data never becomes a formula."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.report import sample
from tests.report.calculation import calculate
from tests.report.writer.reading import of, read
from xlsales.report.blocks import Page, Placed, Report, Table, TableColumn
from xlsales.report.writer import sheet_names, table_names, write


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


def test_key_numbers_have_names_that_point_at_their_cells(book, cached, written, lang):
    names = written.placement.names
    assert {name: defined.attr_text for name, defined in book.defined_names.items()} == dict(names)
    sheet, cell = names["XS_sales"].split("!")
    value = cached[sheet.strip("'")][cell.replace("$", "")].value
    assert value == pytest.approx(386.4 if lang == "zh" else 3864)
    sheet, cell = names["XS_loss"].split("!")
    assert cached[sheet.strip("'")][cell.replace("$", "")].value < 0


def test_table_names_follow_the_plan(lang):
    made = write(sample.report(lang), sample.names(lang), table_names={"xs_campus": "xs_campus_2"})
    assert of(made, "overview").tables[0].name == "xs_campus_2"


def test_dates_are_dates_in_either_date_system():
    table = Table("t", "l", (TableColumn("d", "d", "date"),), ((date(2026, 10, 31),),))
    page = Page("p", "p", "p", "", (), (), (632, 632), ((Placed(table, 0, 0),),))
    for old in (False, True):
        made = write(Report("en", (page,)), {"p": "p", "data": "d"}, date1904=old)
        assert read(made.data)["p"]["B8"].value.date() == date(2026, 10, 31)
