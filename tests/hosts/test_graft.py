"""Sheets of any workbook put into another: under free names, reading what they read, again and again."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from tests.package.workbooks import (
    PLAIN,
    edited,
    openpyxl_book,
    our_sheets,
    parts,
    read,
    saved,
    xlsxwriter_book,
)
from xlsales.errors import InputError, UsageError, XlsalesError
from xlsales.hosts.graft import graft
from xlsales.hosts.reading import load
from xlsales.package.blank import blank_book
from xlsales.package.book import open_book
from xlsales.package.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Put = Callable[[str, bytes], Path]


def two_sheets(figures: tuple[float, ...] = (1, 2, 3)) -> bytes:
    """总览, with a table, a chart, links and rules, and 数据 behind it, as XlsxWriter makes them."""
    wanted = {"overview": "总览", "data": "数据"}
    return our_sheets(plan(open_book(blank_book()), wanted, ["xs_reps"]), figures)


def another_writer() -> bytes:
    """A sheet as openpyxl makes it: shared strings, a chart, a table and formulas that read it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "notes"
    for row in (("name", "amount"), ("Ann", 3), ("Bo", 4)):
        sheet.append(row)
    sheet.add_table(Table(displayName="Orders", ref="A1:B3"))
    sheet["D1"] = "=SUM(Orders[amount])+notes!B2"
    sheet["D2"] = '="notes!"&A2'
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    return saved(book)


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def put(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return put


@pytest.mark.parametrize("maker", PLAIN)
def test_all_sheets_arrive_and_every_part_of_the_book_keeps_its_bytes(maker: str, put: Put) -> None:
    book = put("book.xlsx", PLAIN[maker]())
    before = parts(book.read_bytes())
    done = graft(put("sheets.xlsx", two_sheets()), book)
    assert (done.path, done.changed, done.names) == (book, True, {"总览": "总览", "数据": "数据"})
    after = parts(book.read_bytes())
    assert {name.rpartition("/")[2] for name in before if before[name] != after.get(name)} <= {
        "[Content_Types].xml",
        "workbook.xml",
        "workbook.xml.rels",
        "styles.xml",
    }
    there = read(book.read_bytes())
    assert there["总览"]["A1"].value == "月度总览"
    assert there["总览"].print_title_rows == "$1:$4"
    assert there["数据"].sheet_state == "hidden"


def test_the_same_sheets_again_do_not_touch_the_file_and_newer_ones_replace_them(put: Put) -> None:
    book, sheets = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", two_sheets())
    graft(sheets, book)
    before = book.read_bytes()
    assert not graft(sheets, book).changed
    assert book.read_bytes() == before
    put("sheets.xlsx", two_sheets((10, 20, 30)))
    assert graft(sheets, book).changed
    assert read(book.read_bytes()).sheetnames == read(before).sheetnames
    assert [read(book.read_bytes())["总览"][f"B{row}"].value for row in (6, 7, 8)] == [10, 20, 30]
    graft(put("sheets.xlsx", two_sheets()), book)
    assert not graft(sheets, book).changed


def test_names_that_are_taken_get_a_number_and_everything_follows(put: Put) -> None:
    book = put("book.xlsx", openpyxl_book())
    done = graft(put("sheets.xlsx", another_writer()), book)
    assert done.names == {"notes": "notes (2)"}
    there = read(book.read_bytes())
    sheet = there["notes (2)"]
    assert list(sheet.tables) == ["Orders_2"]
    assert sheet["D1"].value == "=SUM(Orders_2[amount])+'notes (2)'!B2"
    assert sheet["D2"].value == '="notes!"&A2'
    assert sheet["A2"].value == "Ann"
    assert sheet._charts[0].series[0].val.numRef.f == "'notes (2)'!$B$2:$B$3"
    assert there["notes"]["A1"].value == "keep me"
    assert list(there["订单"].tables) == ["Orders"]
    before = book.read_bytes()
    assert not graft(put("sheets.xlsx", another_writer()), book).changed
    assert book.read_bytes() == before


def test_a_grafted_sheet_keeps_the_name_that_the_user_gave_it(put: Put) -> None:
    book, sheets = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", another_writer())
    graft(sheets, book)
    there = read(book.read_bytes())
    there["notes (2)"].title = "Mine"
    put("book.xlsx", saved(there))
    assert graft(sheets, book).names == {"notes": "Mine"}
    assert read(book.read_bytes())["Mine"]["D1"].value == "=SUM(Orders_2[amount])+'Mine'!B2"


def test_only_the_sheets_asked_for_come(put: Put) -> None:
    book = put("book.xlsx", openpyxl_book())
    assert graft(put("s.xlsx", two_sheets()), book, only=["数据"]).names == {"数据": "数据"}
    assert read(book.read_bytes()).sheetnames == ["订单", "notes", "数据"]


def test_with_out_the_book_is_copied_and_a_file_of_somebody_else_is_not_overwritten(put: Put) -> None:
    book, sheets = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", two_sheets())
    out = book.with_name("out.xlsx")
    before = book.read_bytes()
    assert [graft(sheets, book, out).changed for _ in range(2)] == [True, False]
    assert book.read_bytes() == before
    assert read(out.read_bytes()).sheetnames == ["订单", "notes", "总览", "数据"]
    with pytest.raises(UsageError) as refused:
        graft(sheets, book, put("theirs.xlsx", xlsxwriter_book()))
    assert refused.value.key == "output_exists"


def test_a_formula_may_read_a_sheet_that_only_the_book_has(put: Put) -> None:
    sheets = openpyxl.Workbook()
    sheets.active["A1"] = "=SUM('订单'!B2:B6)"
    book = put("book.xlsx", openpyxl_book())
    graft(put("sheets.xlsx", saved(sheets)), book)
    assert read(book.read_bytes())["Sheet"]["A1"].value == "=SUM('订单'!B2:B6)"


def test_what_somebody_wrote_on_a_grafted_sheet_is_kept(put: Put) -> None:
    book, sheets = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", another_writer())
    graft(sheets, book)
    there = read(book.read_bytes())
    there["notes (2)"]["H9"] = "call her"
    put("book.xlsx", saved(there))
    assert graft(sheets, book).kept == {"notes (2)": "notes (2) (old)"}
    assert read(book.read_bytes())["notes (2) (old)"]["H9"].value == "call her"
    assert read(book.read_bytes())["notes (2)"]["H9"].value is None


def test_grafted_sheets_are_data_for_a_refresh(put: Put) -> None:
    book = put("book.xlsx", openpyxl_book())
    graft(put("sheets.xlsx", another_writer()), book)
    assert [sheet.sheet for sheet in load([book])] == ["订单", "notes", "notes (2)"]


def pivot(data: bytes) -> bytes:
    link = '<Relationship Id="rId9" Type="http://x/pivotTable" Target="../pivotTables/p.xml"/></Rel'
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    return edited(
        data,
        {name: lambda xml: xml.replace("</Rel", link), "xl/pivotTables/p.xml": b"<pivotTableDefinition/>"},
    )


def reading_name(data: bytes) -> bytes:
    book = read(data)
    book.defined_names["rate"] = DefinedName("rate", attr_text="notes!$B$2")
    book["notes"]["C9"] = "=B2*Rate"
    return saved(book)


def reading(formula: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        book = read(data)
        book.create_sheet("left")["A1"] = 1
        book["notes"]["C9"] = formula
        return saved(book)

    return change


def dated_1904(data: bytes) -> bytes:
    book = read(data)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    return saved(book)


REFUSED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a pivot table": ("sheet_cannot_travel", pivot),
    "a name": ("sheet_reads_name", reading_name),
    "a sheet left behind": ("sheet_reads_sheet", reading("=left!A1")),
    "another workbook": ("sheet_reads_sheet", reading("=[1]Data!A1")),
    "a sheet of nobody": ("sheet_reads_sheet", reading("='not there'!A1")),
    "other dates": ("sheets_other_dates", dated_1904),
}


@pytest.mark.parametrize(("key", "change"), REFUSED.values(), ids=REFUSED)
def test_a_sheet_that_would_not_be_the_same_is_refused_with_the_reason(
    key: str, change: Callable[[bytes], bytes], put: Put
) -> None:
    book, sheets = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", change(another_writer()))
    before = book.read_bytes()
    with pytest.raises(InputError) as refused:
        graft(sheets, book, only=["notes"])
    assert refused.value.key == key
    assert book.read_bytes() == before


def test_a_chart_sheet_and_an_unknown_sheet_are_refused(put: Put) -> None:
    book, sheets = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", xlsxwriter_book())
    with pytest.raises(XlsalesError) as refused:
        graft(sheets, book)
    assert (refused.value.key, refused.value.facts["found"]) == ("sheet_cannot_travel", "chartsheet")
    with pytest.raises(UsageError) as unknown:
        graft(sheets, book, only=["sales", "Sails"])
    assert (unknown.value.key, unknown.value.facts["known"]) == ("unknown_sheet", "Sales, Chart")


def test_a_sheet_name_with_every_quote_is_known_again(put: Put) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as sheets:
        page = sheets.add_worksheet('it\'s "so"')
        page.write("A1", 5)
        page.write_formula("A2", "='it''s \"so\"'!A1*2", None, 10)
    book, path = put("book.xlsx", openpyxl_book()), put("sheets.xlsx", out.getvalue())
    graft(path, book)
    assert not graft(path, book).changed
    assert len(read(book.read_bytes()).sheetnames) == 3


@pytest.mark.libreoffice
def test_libreoffice_computes_the_grafted_formulas(put: Put, tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("soffice is not installed")
    book = put("book.xlsx", openpyxl_book())
    graft(put("sheets.xlsx", another_writer()), book)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(book)], check=True, capture_output=True, timeout=120)
    sheet = read((tmp_path / "out" / "book.xlsx").read_bytes(), data_only=True)["notes (2)"]
    assert sheet["D1"].value == 3 + 4 + 3
    assert sheet["D2"].value == "notes!Ann"
