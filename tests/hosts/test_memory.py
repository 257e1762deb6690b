"""What a workbook remembers travels in it, grows only with news, and stays through every refresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.package.workbooks import read, saved
from xlsales.hosts.file import check, refresh
from xlsales.hosts.memory import NAME, read_memory
from xlsales.memory import NOTHING, Loaded
from xlsales.package.book import open_book
from xlsales.report.blocks import Table

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("pages_about_the_data")

THEN, LATER = (datetime(2026, 11, day, 9, 30, tzinfo=UTC) for day in (2, 3))


def export(path: Path, amounts: tuple[object, ...] = (100, "?", 50)) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    sheet.append(["订单编号", "下单日期", "金额"])
    for number, amount in enumerate(amounts, start=1):
        sheet.append([f"A-{number}", f"2026-10-{number:02}", amount])
    sheet.append(["合计", None, 150])
    book.save(path)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return export(tmp_path / "book.xlsx")


def test_a_refresh_logs_what_it_took_in(book: Path) -> None:
    """Three orders and a total row; the amount of one says nothing, so that it and the total row are out."""
    refresh([book], now=THEN)
    (line,) = read_memory(book.read_bytes()).log
    assert line == Loaded(THEN, "book.xlsx", "订单", "orders", 4, 0, 2, line.digest)


def test_a_refresh_without_news_leaves_the_file_as_it_is(book: Path) -> None:
    refresh([book], now=THEN)
    before = book.read_bytes()
    assert not refresh([book], now=LATER).changed
    assert book.read_bytes() == before


def test_a_workbook_that_another_program_saved_brings_no_news(book: Path) -> None:
    refresh([book], now=THEN)
    resaved = saved(read(book.read_bytes()))
    book.write_bytes(resaved)
    refresh([book], now=LATER)
    assert [line.time for line in read_memory(book.read_bytes()).log] == [THEN]


def test_another_cell_is_news(book: Path) -> None:
    refresh([book], now=THEN)
    edited = read(book.read_bytes())
    edited["订单"]["C2"] = 101
    book.write_bytes(saved(edited))
    refresh([book], now=LATER)
    first, second = read_memory(book.read_bytes()).log
    assert (first.time, second.time) == (THEN, LATER)
    assert first.digest != second.digest


def test_the_score_is_remembered_with_each_news_and_told_against_the_one_before(book: Path) -> None:
    """The one amount that cannot be read is one of three; then all three can."""
    refresh([book], now=THEN)
    edited = read(book.read_bytes())
    edited["订单"]["C3"] = 101
    book.write_bytes(saved(edited))
    again = refresh([book], now=LATER)
    bad, good = read_memory(book.read_bytes()).scores
    assert (bad.time, good.time) == (THEN, LATER)
    assert bad.scores["total"] < good.scores["total"] == 1
    (page,) = (page for page in again.report.pages if page.key == "quality")
    (card, *_) = (placed.block for band in page.bands for placed in band)
    assert isinstance(card, Table)
    changes = {row[0]: row[2] for row in card.rows}
    assert changes["有效性"] == pytest.approx(good.scores["validity"] - bad.scores["validity"])


def test_the_sheet_is_seen_by_nobody_and_is_no_data(book: Path) -> None:
    refresh([book], now=THEN)
    sheet = next(one for one in open_book(book.read_bytes()).sheets if one.name == NAME)
    assert sheet.state == "veryHidden"
    survey = check([book]).survey
    assert [raw.sheet for raw in survey.tables] == ["订单"]
    assert survey.ignored == ()


def test_the_memory_travels_into_another_workbook(book: Path, tmp_path: Path) -> None:
    refresh([book], now=THEN)
    refresh([book], tmp_path / "out.xlsx", now=LATER)
    there = read_memory((tmp_path / "out.xlsx").read_bytes())
    assert there == read_memory(book.read_bytes())


def test_the_memory_of_a_folder_lies_in_the_workbook_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    export(folder / "门店.xlsx")
    out = refresh([folder], now=THEN).path
    export(folder / "展会.xlsx", (7,))
    refresh([folder], now=LATER)
    log = read_memory(out.read_bytes()).log
    assert [(line.time, line.source) for line in log] == [(THEN, "门店.xlsx"), (LATER, "展会.xlsx")]


def test_a_workbook_without_a_refresh_remembers_nothing(book: Path) -> None:
    assert read_memory(book.read_bytes()) == NOTHING


def test_a_damaged_row_stops_nothing_and_stays(book: Path) -> None:
    refresh([book], now=THEN)
    edited = read(book.read_bytes())
    edited[NAME].append(["decision", "{broken"])
    edited[NAME].append(["weather", '{"rain":true}'])
    book.write_bytes(saved(edited))
    refresh([book], now=LATER)
    unread = read_memory(book.read_bytes()).unread
    assert [(one.kind, one.text, one.damaged) for one in unread] == [
        ("decision", "{broken", True),
        ("weather", '{"rain":true}', False),
    ]


def test_a_deleted_memory_begins_anew(book: Path) -> None:
    refresh([book], now=THEN)
    edited = read(book.read_bytes())
    del edited[NAME]
    book.write_bytes(saved(edited))
    refresh([book], now=LATER)
    assert [line.time for line in read_memory(book.read_bytes()).log] == [LATER]


def fill(book: Path, page: str, table: str, said: dict[str, str | None], rule: str = "") -> None:
    """Let a user enter this into the first row of a table of ours, or into the first about ``rule``."""
    edited = read(book.read_bytes())
    sheet = edited[page]
    names = {name: entry.attr_text.rpartition("!")[2] for name, entry in sheet.defined_names.items()}
    rows = sheet[names[f"_xlsales.rows.{table}"].replace("$", "")]
    rows = rows if isinstance(rows, tuple) else ((rows,),)
    row = next(cells[0].row for cells in rows if not rule or rule in [cell.value for cell in cells])
    for column, value in said.items():
        place = names[f"_xlsales.input.{table}.{column}"].replace("$", "").partition(":")[0]
        sheet[f"{place.rstrip('0123456789')}{row}"] = value
    book.write_bytes(saved(edited))


def amounts(book: Path) -> list[float]:
    return sorted(check([book]).cleaned.tables["orders"]["amount"])


def test_a_decision_holds_from_the_refresh_on_and_a_blank_takes_it_back(book: Path) -> None:
    refresh([book], lang="zh", now=THEN)
    undecided = book.read_bytes()
    assert amounts(book) == [50, 100]
    fill(book, "复核", "review", {"choice": "更正", "value": "70", "reviewer": "王"})
    assert amounts(book) == [50, 70, 100]
    done = refresh([book], lang="zh", now=LATER)
    assert done.kept == {}
    (decision,) = read_memory(book.read_bytes()).decisions
    assert (decision.key, decision.old, decision.choice, decision.value) == ("A-2", "?", "correct", "70")
    assert amounts(book) == [50, 70, 100]
    assert not refresh([book], lang="zh").changed
    fill(book, "复核", "review", {"choice": None, "value": None, "reviewer": None})
    refresh([book], lang="zh", now=LATER)
    assert amounts(book) == [50, 100]
    now, before = (replace(read_memory(data), scores=()) for data in (book.read_bytes(), undecided))
    assert now == before


def test_a_review_sheet_lost_by_accident_comes_back_with_its_decisions(book: Path) -> None:
    refresh([book], lang="zh", now=THEN)
    fill(book, "复核", "review", {"choice": "更正", "value": "70"})
    refresh([book], lang="zh", now=LATER)
    lost = read(book.read_bytes())
    del lost["复核"]
    book.write_bytes(saved(lost))
    refresh([book], lang="zh", now=LATER)
    assert amounts(book) == [50, 70, 100]
    said = [cell.value for row in read(book.read_bytes())["复核"].iter_rows() for cell in row]
    assert "70" in said


def test_a_decision_on_a_sheet_that_nothing_else_changed_is_not_answered_from_the_cache(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh([book], lang="zh", now=THEN)
    assert amounts(book) == [50, 100]
    fill(book, "复核", "review", {"choice": "更正", "value": "70"})
    refresh([book], lang="zh", now=LATER)
    assert amounts(book) == [50, 70, 100]
    assert not refresh([book], lang="zh").changed


def test_a_header_confirmed_on_the_mapping_sheet_holds_next_month_and_until_it_is_cleared(
    book: Path, tmp_path: Path
) -> None:
    edited = openpyxl.load_workbook(book)
    edited["订单"]["D1"], edited["订单"]["D2"] = "买的人", "李雷"
    edited.save(book)
    refresh([book], lang="zh", now=THEN)
    assert "customer" not in check([book]).survey.tables[0].letters
    fill(book, "字段映射", "mapping", {"confirm": "客户"}, rule="买的人")
    assert check([book]).survey.tables[0].letters["customer"] == "D"
    assert refresh([book], lang="zh", now=LATER).kept == {}
    assert not refresh([book], lang="zh").changed
    assert [(one.profile, one.header, one.column) for one in read_memory(book.read_bytes()).confirmed] == [
        ("订单", "买的人", "customer")
    ]
    fill(book, "字段映射", "mapping", {"confirm": None}, rule="买的人")
    refresh([book], lang="zh", now=LATER)
    assert read_memory(book.read_bytes()).confirmed == ()
    assert "customer" not in check([book]).survey.tables[0].letters


def test_what_is_entered_in_one_language_is_shown_in_the_other(book: Path) -> None:
    refresh([book], lang="zh", now=THEN)
    fill(book, "字段映射", "mapping", {"confirm": "客户编号"}, rule="订单编号")
    refresh([book], lang="en", now=LATER)
    said = [cell.value for row in read(book.read_bytes())["字段映射"].iter_rows() for cell in row]
    assert "Customer ID" in said
