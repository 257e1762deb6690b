"""Files as raw sheets of a workbook that is not open: as they stand, and with nothing else changed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.hosts.test_file import opened, state, workbook
from xlsales.errors import InputError, UsageError
from xlsales.hosts import imports as module
from xlsales.hosts.file import refresh
from xlsales.hosts.imports import import_files
from xlsales.hosts.reading import load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path / "book.xlsx")


def export(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def texts(path: Path, name: str) -> dict[str, str]:
    cells = {cell.coordinate: cell for row in opened(path)[name].iter_rows() for cell in row if cell.value}
    assert {(cell.data_type, cell.number_format) for cell in cells.values()} == {("s", "@")}
    return {place: cell.value for place, cell in cells.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_text_comes_as_it_stands_and_where_it_stood(book: Path, tmp_path: Path, encoding: str) -> None:
    file = export(
        tmp_path / "订单.csv", "订单编号,金额,备注", "0007,=1+1,", "", "+86,,1E5", encoding=encoding
    )
    assert import_files([file], book) == module.Imported(("订单",), (), changed=True)
    assert texts(book, "订单") == {
        "A1": "订单编号", "B1": "金额", "C1": "备注", "A2": "0007", "B2": "=1+1", "A4": "+86", "C4": "1E5"
    }  # fmt: skip


def test_all_else_in_the_workbook_stays_byte_for_byte(book: Path, tmp_path: Path) -> None:
    refresh([book])
    before = zipfile.ZipFile(io.BytesIO(book.read_bytes()))
    import_files([export(tmp_path / "a.csv", "a,b", "1,2")], book)
    after = zipfile.ZipFile(book)
    lists = ("workbook.xml", "workbook.xml.rels", "[Content_Types].xml", "styles.xml")
    for part in before.namelist():
        assert part.endswith(lists) or after.read(part) == before.read(part)


def test_the_next_month_takes_the_place_of_the_last_and_the_same_again_changes_nothing(
    book: Path, tmp_path: Path
) -> None:
    october = export(tmp_path / "展会订单2026-10.csv", "订单编号,金额", "0007,7", "0008,7")
    november = export(tmp_path / "展会订单 2026年11月 - 副本.csv", "订单编号,金额", "0009,8")
    import_files([october], book)
    edited = opened(book)
    edited["展会订单2026-10"].title = "Fair"
    edited.create_sheet("Mine")["A1"] = "=Fair!B2"
    edited.save(book)
    assert import_files([november], book) == module.Imported(("Fair",), ("Fair",), changed=True)
    assert texts(book, "Fair") == {"A1": "订单编号", "B1": "金额", "A2": "0009", "B2": "8"}
    assert opened(book).sheetnames == ["Export", "Fair", "Mine"]
    assert opened(book)["Mine"]["A1"].value == "=Fair!B2"
    before = state(book)
    assert import_files([november], book) == module.Imported(("Fair",), (), changed=False)
    assert state(book) == before


def test_a_sheet_that_the_user_has_made_is_never_replaced(book: Path, tmp_path: Path) -> None:
    file = export(tmp_path / "Export.csv", "a,b", "1,2")
    assert import_files([file], book).names == ("Export (2)",)
    assert import_files([export(file, "a,b", "1,3")], book).names == ("Export (2)",)
    assert opened(book)["Export"]["A1"].value == "Order ID"


def test_two_files_of_one_kind_stand_beside_each_other(book: Path, tmp_path: Path) -> None:
    files = [export(tmp_path / f"orders 2026-{month}.csv", "a,b", f"{month},2") for month in (10, 11)]
    assert import_files(files, book).names == ("orders 2026-10", "orders 2026-11")
    assert import_files(files, book).names == ("orders 2026-10 (2)", "orders 2026-11 (2)")


def test_a_folder_comes_whole_but_for_the_workbook_itself(book: Path, tmp_path: Path) -> None:
    export(tmp_path / "a.csv", "a,b", "1,2")
    other = openpyxl.Workbook()
    other.active.title = "Leads"
    other.active["B3"] = "lead"
    other.save(tmp_path / "crm.xlsx")
    assert import_files([tmp_path], book).names == ("a", "Leads")
    assert texts(book, "Leads") == {"B3": "lead"}


def test_what_was_imported_is_data_for_the_next_refresh(book: Path, tmp_path: Path) -> None:
    import_files([export(tmp_path / "more.csv", "Order ID,Order date,Amount", "9,2026-10-05,5")], book)
    assert [sheet.sheet for sheet in load([book])] == ["Export", "more"]
    assert len(refresh([book]).analysis.cleaned.tables["orders"]) == 4


@pytest.mark.parametrize("content", [b"", b"<html></html>"])
def test_a_file_that_cannot_be_read_changes_nothing(book: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    before = state(book)
    with pytest.raises(InputError):
        import_files([export(tmp_path / "a.csv", "a,b", "1,2"), tmp_path / "bad.csv"], book)
    assert state(book) == before


def test_only_a_workbook_takes_sheets(tmp_path: Path) -> None:
    file = export(tmp_path / "a.csv", "a,b", "1,2")
    with pytest.raises(UsageError):
        import_files([file], file)


def test_files_without_rows_are_said_to_have_none(book: Path, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    assert import_files([tmp_path / "empty.xlsx"], book) == module.Imported((), (), changed=False)
