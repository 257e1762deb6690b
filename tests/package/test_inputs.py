"""What a user enters into columns of our tables is found by row, wherever sorting and editing have put it."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

from tests.package.workbooks import openpyxl_book, read, saved
from xlsales.package.book import open_book
from xlsales.package.check import check
from xlsales.package.graft import graft
from xlsales.package.inputs import input_tables, inputs
from xlsales.package.keep import set_aside
from xlsales.package.names import owned_sheets
from xlsales.package.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

CASES = (("c1", "金额为负"), ("c2", "日期不存在"), ("c3", "重复"))
AREAS = {
    "rows.cases": "B5:E7",
    "key.cases": "B5:B7",
    "input.cases.decision": "D5:D7",
    "input.cases.note": "E5:E7",
}
BLANK = {"decision": "", "note": ""}


def grafted(data: bytes) -> bytes:
    """The workbook with our page: a table of cases with two columns to fill."""
    name = plan(open_book(data), {"review": "复核"}, []).names["review"]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        sheet.write("A1", "复核")
        for row, (key, rule) in enumerate(CASES, start=4):
            sheet.write_row(row, 1, [key, rule])
        headers = [{"header": header} for header in ("编号", "规则", "处理", "备注")]
        sheet.add_table("B4:E7", {"name": "xs_cases", "columns": headers})
    after = graft(data, out.getvalue(), {name: "review"}, {}, inputs={"review": AREAS})
    check(data, after, ["review"])
    return after


def changed(data: bytes, *changes: Callable[[Worksheet], object], sheet: str = "复核") -> bytes:
    """Saved by another program after these changes to our page."""
    book = read(data)
    for change in changes:
        change(book[sheet])
    return saved(book)


def put(**cells: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


def turned(sheet: Worksheet) -> None:
    """The rows of the table the other way round, as a sort leaves them."""
    rows = [[cell.value for cell in row] for row in sheet["B5:E7"]]
    for cells, values in zip(sheet["B5:E7"], reversed(rows), strict=True):
        for cell, value in zip(cells, values, strict=True):
            cell.value = value


def found(data: bytes) -> object:
    book = open_book(data)
    return inputs(book, owned_sheets(book)["review"])


ANSWERS = put(D5="接受", D7="更正", E7=12.5)
ANSWERED = {
    "c1": {"decision": "接受", "note": ""},
    "c2": BLANK,
    "c3": {"decision": "更正", "note": "12.5"},
}


def test_entries_are_found_by_row_and_column_and_rows_without_any_are_blank() -> None:
    data = grafted(openpyxl_book())
    assert found(data) == {"cases": dict.fromkeys(("c1", "c2", "c3"), BLANK)}
    assert found(changed(data, ANSWERS)) == {"cases": ANSWERED}


def test_entries_follow_their_rows_through_a_sort() -> None:
    assert found(changed(grafted(openpyxl_book()), ANSWERS, turned)) == {"cases": ANSWERED}


def test_entries_are_found_where_the_user_moved_them_on_a_sheet_that_was_renamed() -> None:
    """Two rows above and one column before the table, as Excel and LibreOffice move the names along."""
    book = read(changed(grafted(openpyxl_book()), ANSWERS))
    sheet = book["复核"]
    sheet.title = "我的'复核"
    sheet.tables["xs_cases"].ref = "C6:F9"
    sheet.move_range("A1:E7", rows=2, cols=1)
    for entry in sheet.defined_names.values():
        if "!" in entry.attr_text:
            place = entry.attr_text.rpartition("!")[2].replace("$", "")
            first, _, last = place.partition(":")
            moved = ":".join(f"${chr(ord(cell[0]) + 1)}${int(cell[1:]) + 2}" for cell in (first, last))
            entry.attr_text = f"'我的''复核'!{moved}"
    assert found(saved(book)) == {"cases": ANSWERED}


def test_a_table_that_lost_its_key_or_an_input_column_is_not_read() -> None:
    for name in ("_xlsales.key.cases", "_xlsales.input.cases.note"):
        book = read(changed(grafted(openpyxl_book()), ANSWERS))
        book["复核"].defined_names[name].attr_text = "#REF!"
        assert found(saved(book)) == {}


def test_a_row_without_a_key_is_not_read_and_of_a_copied_row_the_upper_one_counts() -> None:
    data = changed(grafted(openpyxl_book()), ANSWERS, put(B6=None, B7="c1"))
    assert found(data) == {"cases": {"c1": {"decision": "接受", "note": ""}}}


def test_filling_in_and_sorting_are_no_change_to_keep_a_copy_for() -> None:
    data = changed(grafted(openpyxl_book()), ANSWERS, turned)
    assert set_aside(data, ["review"], " (old)") == (data, {})


@pytest.mark.parametrize("written", [{"G5": "call her"}, {"C6": "mine"}, {"B8": "c4"}, {"B5": "c9"}])
def test_what_is_written_elsewhere_is_kept_as_a_copy(written: dict[str, str]) -> None:
    data = changed(grafted(openpyxl_book()), ANSWERS, turned, put(**written))
    assert set_aside(data, ["review"], " (old)")[1] == {"复核": "复核 (old)"}


def test_the_copy_that_is_kept_asks_for_nothing() -> None:
    data = changed(grafted(openpyxl_book()), ANSWERS, put(G5="call her"))
    book = open_book(set_aside(data, ["review"], " (old)")[0])
    asking = [sheet.name for sheet in book.sheets if input_tables(book, sheet)]
    assert asking == ["复核"]


def test_a_graft_writes_the_page_as_it_is_given_and_a_second_one_changes_nothing() -> None:
    after = grafted(changed(grafted(openpyxl_book()), ANSWERS, turned))
    assert found(after) == {"cases": dict.fromkeys(("c1", "c2", "c3"), BLANK)}
    assert grafted(after) == after


def test_columns_that_are_no_longer_asked_for_lose_their_names() -> None:
    data = grafted(openpyxl_book())
    name = owned_sheets(open_book(data))["review"].name
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet(name).write("A1", "复核")
    after = graft(data, out.getvalue(), {name: "review"}, {})
    assert input_tables(open_book(after), owned_sheets(open_book(after))["review"]) == []


def test_a_table_of_the_user_on_our_page_is_not_read() -> None:
    def add(sheet: Worksheet) -> None:
        sheet["H4"], sheet["I4"], sheet["H5"] = "a", "b", "c1"
        sheet.add_table(Table(displayName="Mine", ref="H4:I6"))

    assert found(changed(grafted(openpyxl_book()), ANSWERS, add)) == {"cases": ANSWERED}


@pytest.mark.libreoffice
def test_entries_survive_a_save_in_libreoffice(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(changed(grafted(openpyxl_book()), ANSWERS, turned))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = tmp_path / "saved"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    data = (out / "book.xlsx").read_bytes()
    assert found(data) == {"cases": ANSWERED}
    assert set_aside(data, ["review"], " (old)") == (data, {})
