"""The sheets of clean tables: what they hold, when they are written, and what becomes of them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.hosts.test_file import HEADERS, opened, state
from tests.package import workbooks
from xlsales.errors import InputError
from xlsales.hosts.file import check, refresh
from xlsales.package.book import open_book
from xlsales.package.extract import transfer
from xlsales.package.names import owned
from xlsales.report import cleaned as module
from xlsales.report import theme

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

pytestmark = pytest.mark.usefixtures("pages_about_the_data")

ROWS = [
    ("0001", "2026-09-30", "C1", "Ann", 100.0),
    ("0002", "2026-10-15", "=cmd|'/c calc'!A1", "<Ann> & Bo", 150.0),
    ("0003", "2026-10-31", "C2", "annie", "12,345.5"),
    ("0004", "2026-10-30", "C2", "Bob", "no idea"),
    ("0005", "sometime", "C9", "Bob", 75.0),
]
ALIASES = [("Alias", "Standard name", "Kind"), ("annie", "Ann", "rep")]
CLEAN = ["Clean orders"]


def workbook(path: Path, said: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Export"
    for row in (HEADERS["en"], *ROWS):
        book.active.append(row)
    for row in book.active.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # as text, also what begins with =
    aliases = book.create_sheet("Aliases")
    for row in ALIASES:
        aliases.append(row)
    if said:
        settings = book.create_sheet("Settings")
        for one in said.items():
            settings.append(one)
        mark = DefinedName("_xlsales.sheet", attr_text='"settings"', hidden=True)
        settings.defined_names["_xlsales.sheet"] = mark
    book.save(path)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path / "book.xlsx")


def records(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows below the headers, as the sheet's table has them."""
    (table,) = sheet.tables.values()
    headers, *rows = ([cell.value for cell in row] for row in sheet[table.ref])
    return [dict(zip(headers, row, strict=True)) for row in rows]


def clean_sheets(path: Path) -> list[str]:
    return [name for name in opened(path).sheetnames if name.startswith("Clean")]


def test_nobody_who_does_not_ask_gets_one(book: Path) -> None:
    refresh([book])
    assert clean_sheets(book) == []


def test_a_clean_sheet_has_the_rows_that_count_with_every_value_of_its_kind(book: Path) -> None:
    done = refresh([book], cleaned=True)
    assert done.names[-1] == "Clean orders"
    first, second, third = records(opened(book)["Clean orders"])
    assert first == {
        "Order ID": "0001",
        "Order date": pd.Timestamp(2026, 9, 30),
        "Customer ID": "C1",
        "Rep": "Ann",
        "Amount": 100,
        "Raw row": "Export · 2",
        "Changed": None,
    }
    assert (second["Customer ID"], second["Rep"]) == ("=cmd|'/c calc'!A1", "<Ann> & Bo")
    assert (third["Amount"], third["Rep"], third["Raw row"]) == (12345.5, "Ann", "Export · 4")
    sheet = opened(book)["Clean orders"]
    assert sheet["C7"].data_type == "s"
    assert (sheet["A6"].number_format, sheet["B6"].number_format) == ("@", "yyyy-mm-dd")


def test_it_says_what_cleaning_changed_and_highlights_just_those_cells(book: Path) -> None:
    refresh([book], cleaned=True)
    sheet = opened(book)["Clean orders"]
    said = [one["Changed"] for one in records(sheet)]
    assert said == [None, None, "Rep: annie → Ann (Written as the aliases sheet says, Aliases!A2)"]
    filled = [
        cell.coordinate
        for row in sheet.iter_rows(min_row=6)
        for cell in row
        if cell.fill.fgColor.rgb == f"FF{theme.CHANGED.removeprefix('#')}"
    ]
    assert filled == ["D8"]
    assert sheet["A2"].value.startswith("5 rows were read: 3 are kept, 2 left out")
    assert sheet["A3"].value.startswith("Cells that cleaning changed: 1, in 1 of the rows.")


def test_a_cell_that_could_not_be_read_is_blank_highlighted_and_told(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("Lead ID,Created,Contacted\n1,2026-10-01,someday\n2,2026-10-02,2026-10-03\n", "utf-8")
    done = refresh([path], cleaned=True)
    sheet = opened(done.path)["Clean leads"]
    first, second = records(sheet)
    assert first["Contacted"] is None
    assert str(first["Changed"]).startswith("Contacted: someday → (blank) (")
    assert (second["Contacted"], second["Changed"]) == (pd.Timestamp(2026, 10, 3), None)


def test_the_raw_sheets_and_all_else_stay_byte_for_byte(book: Path) -> None:
    before = zipfile.ZipFile(io.BytesIO(book.read_bytes()))
    refresh([book], cleaned=True)
    after = zipfile.ZipFile(book)
    lists = ("workbook.xml", "workbook.xml.rels", "[Content_Types].xml", "styles.xml")
    for part in before.namelist():
        assert part.endswith(lists) or after.read(part) == before.read(part)


def test_a_second_refresh_does_not_touch_the_file_and_never_reads_the_clean_rows(book: Path) -> None:
    refresh([book], cleaned=True)
    before = state(book)
    assert not refresh([book], cleaned=True).changed
    assert state(book) == before
    assert len(check([book]).cleaned.tables["orders"]) == 3


def test_one_that_is_there_is_kept_up_to_date_until_it_is_deleted(book: Path) -> None:
    refresh([book], cleaned=True)
    edited = opened(book)
    edited["Export"].append(("0006", "2026-10-29", "C3", "Bob", 60.0))
    edited["Clean orders"].title = "Mine to read"
    edited.save(book)
    done = refresh([book])
    assert (done.names[-1], done.kept) == ("Mine to read", {})
    assert [one["Order ID"] for one in records(opened(book)["Mine to read"])][-1] == "0006"
    edited = opened(book)
    del edited["Mine to read"]
    edited.save(book)
    refresh([book])
    assert clean_sheets(book) == []


def test_only_cleaned_writes_nothing_else_and_only_a_page_leaves_it_alone(book: Path) -> None:
    refresh([book], only=["cleaned"])
    names = opened(book).sheetnames
    assert [name for name in names if name not in ("Export", "Aliases", "xlsales memory")] == CLEAN
    edited = opened(book)
    edited["Export"]["E2"] = 999
    edited.save(book)
    stood = [one["Amount"] for one in records(opened(book)["Clean orders"])]
    refresh([book], only=["quality"])
    assert [one["Amount"] for one in records(opened(book)["Clean orders"])] == stood


@pytest.mark.parametrize(("said", "expected"), [("yes", CLEAN), ("是", CLEAN), ("no", []), ("", [])])
def test_the_settings_sheet_can_ask_for_them(tmp_path: Path, said: str, expected: list[str]) -> None:
    path = workbook(tmp_path / "book.xlsx", {"cleaned": said, "language": "English"})
    refresh([path])
    assert clean_sheets(path) == expected


def test_a_sheet_of_the_user_with_the_same_name_is_left_alone(book: Path) -> None:
    edited = opened(book)
    edited.create_sheet("Clean orders")["A1"] = "mine"
    edited.save(book)
    done = refresh([book], cleaned=True)
    assert done.names[-1] == "Clean orders (2)"
    assert opened(book)["Clean orders"]["A1"].value == "mine"


def test_what_somebody_wrote_on_it_is_kept_and_saving_alone_is_no_writing(book: Path) -> None:
    refresh([book], cleaned=True)
    saved = opened(book)
    saved.save(book)
    assert refresh([book]).kept == {}
    noted = opened(book)
    noted["Clean orders"]["J7"] = "checked"
    noted.save(book)
    kept = refresh([book]).kept
    assert kept == {"Clean orders": "Clean orders (old)"}
    assert opened(book)["Clean orders (old)"]["J7"].value == "checked"
    assert opened(book)["Clean orders"]["J7"].value is None


def test_a_copy_that_the_user_made_of_a_clean_sheet_is_the_users_and_no_data(book: Path) -> None:
    refresh([book], cleaned=True)
    once = book.read_bytes()
    data, _ = transfer(once, once, {"copy": "Clean orders"}, {"copy": "Clean orders (2)"})
    as_excel_does = {"xl/workbook.xml": lambda xml: xml.replace('"copy"', '"cleaned:orders"')}
    book.write_bytes(workbooks.edited(data, as_excel_does))
    for _ in range(2):  # marked as ours like Excel marks a copy, then as a copy
        assert len(check([book]).cleaned.tables["orders"]) == 3
        refresh([book], cleaned=True, period="2026-09")
    assert opened(book).sheetnames.count("Clean orders (2)") == 1
    assert len(records(opened(book)["Clean orders (2)"])) == 3


def test_a_table_that_the_input_has_no_more_has_no_rows(book: Path) -> None:
    edited = opened(book)
    leads = edited.create_sheet("Leads")
    for row in (("Lead ID", "Created", "Channel"), ("1", "2026-10-01", "Web")):
        leads.append(row)
    edited.save(book)
    refresh([book], cleaned=True)
    assert len(records(opened(book)["Clean leads"])) == 1
    edited = opened(book)
    del edited["Leads"]
    edited.save(book)
    refresh([book])
    (blank,) = records(opened(book)["Clean leads"])
    assert set(blank.values()) == {None}


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    before = state(book)
    with pytest.raises(InputError) as refused:
        refresh([book], cleaned=True)
    assert refused.value.key == "too_many_clean_rows"
    assert state(book) == before


def test_the_words_are_in_the_language_of_the_pages(book: Path) -> None:
    refresh([book], cleaned=True, lang="zh")
    sheet = opened(book)["清洗后订单"]
    assert list(records(sheet)[0])[-2:] == ["来源", "改动"]
    assert owned(open_book(book.read_bytes()))["cleaned:orders"] == "清洗后订单"


def test_lines_say_what_was_done_to_the_header_that_they_have_it_from(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    headers, lines, aliases = book.active, book.create_sheet("Order lines"), book.create_sheet("Aliases")
    headers.title = "Order headers"
    for row in (("Order ID", "Order date", "Rep"), ("1", "2026-10-01", "annie"), ("2", "2026-10-02", "Bob")):
        headers.append(row)
    rows = [("1", "Tea", 1, 5.0), ("1", "Mug", 1, 7.0), ("2", "Tea", 1, 5.0)]
    for line in (("Order ID", "Product", "Quantity", "Amount"), *rows):
        lines.append(line)
    for one in ALIASES:
        aliases.append(one)
    path = tmp_path / "book.xlsx"
    book.save(path)
    refresh([path], only=["cleaned"])
    found = records(opened(path)["Clean orders"])
    assert [(one["Rep"], one["Raw row"], bool(one["Changed"])) for one in found] == [
        ("Ann", "Order lines · 2", True),
        ("Ann", "Order lines · 3", True),
        ("Bob", "Order lines · 4", False),
    ]
