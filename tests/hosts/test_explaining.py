"""Where a number stands is read from the file as it is: sorted, renamed, saved by others."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.demo_made import demo_bytes
from xlsales.errors import InputError, UsageError, WorkbookError
from xlsales.hosts.explaining import numbers_at, selected
from xlsales.hosts.file import graft_report, refresh
from xlsales.language import LANGUAGES
from xlsales.package.blank import blank_book

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explain") / "demo.xlsx"
    path.write_bytes(demo_bytes("zh"))
    refresh([path], only=("overview", "funnel"))
    return path


@cache
def area(path: Path, sheet: str, table: str) -> str:
    return str(load_workbook(BytesIO(path.read_bytes()))[sheet].tables[table].ref)


@pytest.mark.filterwarnings("ignore")
def test_a_cell_of_a_table_knows_its_row_and_its_column(book: Path) -> None:
    first, last = area(book, "总览", "xs_units").split(":")
    top = int(first[1:]) + 1
    chosen = selected(book.read_bytes(), f"总览!C{top}")
    assert (chosen.page, chosen.block, chosen.cell) == ("overview", "xs_units", f"C{top}")
    assert chosen.labels == ("滨江",)
    assert chosen.column.startswith("实际")
    (number,) = numbers_at(book, f"'总览'!$C${top}")
    assert number.where == (("region", "滨江"),)
    assert number.value == pytest.approx(float(chosen.shown) * 10_000)
    (total,) = numbers_at(book, f"总览!C{last[1:]}")
    assert total.where == ()


def test_a_key_number_is_known_by_its_name(book: Path) -> None:
    (number,) = numbers_at(book, "总览!B7")
    assert (number.selected.block, number.metric.key, number.column) == ("XS_sales", "sales", "amount")
    assert number.behind.number == pytest.approx(number.value)


def test_the_period_and_basis_that_the_page_was_made_with_may_be_given(book: Path) -> None:
    (september,) = numbers_at(book, "总览!B7", period="2026-09", basis="net")
    assert (september.scope.period.start.month, september.scope.basis) == (9, "net")
    assert september.behind.number == pytest.approx(september.value)


@pytest.mark.filterwarnings("ignore")
def test_a_page_in_another_language_than_its_data_is_explained_in_its_own(tmp_path: Path) -> None:
    raw = tmp_path / "raw.xlsx"
    raw.write_bytes(demo_bytes("zh"))
    out = refresh([raw], tmp_path / "out.xlsx", lang="en", only=("overview",)).path
    first, _ = area(out, "Overview", "xs_units").split(":")
    (number,) = numbers_at(out, f"Overview!C{int(first[1:]) + 1}", [raw])
    assert (number.lang, number.where) == ("en", (("region", "滨江"),))


@pytest.mark.filterwarnings("ignore")
def test_a_page_that_came_again_in_another_language_under_its_old_name_is_explained_in_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "demo.xlsx"
    path.write_bytes(demo_bytes("zh"))
    refresh([path], only=("overview",))
    refresh([path], lang="en", only=("overview",))
    book = load_workbook(BytesIO(path.read_bytes()))
    name = next(sheet.title for sheet in book if "xs_units" in sheet.tables)
    (number,) = numbers_at(path, f"{name}!B7")
    assert number.lang == "en"


def test_a_page_without_its_raw_sheets_asks_for_the_file_that_has_them(tmp_path: Path) -> None:
    raw = tmp_path / "raw.xlsx"
    raw.write_bytes(demo_bytes("zh"))
    report = refresh([raw], tmp_path / "out.xlsx", only=("overview",)).report
    pages = tmp_path / "pages.xlsx"
    pages.write_bytes(graft_report(blank_book(), report).data)
    with pytest.raises(InputError) as refused:
        numbers_at(pages, "总览!B7")
    assert refused.value.key == "page_without_data"
    for lang in LANGUAGES:
        assert "--data" in refused.value.do(lang)
    (number,) = numbers_at(pages, "总览!B7", [raw])
    assert number.behind.number == pytest.approx(number.value)


@pytest.mark.parametrize("place", ["总览", "B7", "总览!", "总览!7B", "!B7", ""])
def test_a_place_that_is_none_is_refused(book: Path, place: str) -> None:
    with pytest.raises(UsageError) as refused:
        selected(book.read_bytes(), place)
    assert refused.value.key == "not_a_place"


@pytest.mark.parametrize("place", ["订单!B7", "没有!B7", "总览!ZZ999", "总览!B1"])
def test_a_cell_without_a_number_of_ours_is_refused(book: Path, place: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        numbers_at(book, place)
    assert refused.value.key == "not_our_number"
