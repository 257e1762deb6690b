"""Decisions go from the review sheet into the workbook's memory and back, through the file."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from xlsales.hosts.file import refresh
from xlsales.hosts.memory import read_memory

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from xlsales.hosts.file import Refreshed
    from xlsales.language import Language

pytestmark = pytest.mark.usefixtures("pages_about_the_data")

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
HEADER = ("订单编号", "下单日期", "客户", "数量", "单价", "金额")
ROWS = [
    ("O1", "2026-10-01", "甲", 1, 100, 100),
    ("O2", "2026-10-02", "乙", 2, 50, 900),
    ("O3", "2026-10-03", "丙", 1, 30, "三十"),
    ("O4", "2026-10-04", "丁", 1, 40, 40),
    ("O5", "2026-10-05", "戊", 1, 50, 50),
    ("O6", "2026-10-06", "己", 1, 60, 60),
    ("O7", "2026-10-07", "庚", 1, 70, 70),
]
"""O2 is 800 above 2 x 50, and the amount of O3 cannot be read."""


def book(path: Path, rows: list[tuple[object, ...]] = ROWS) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "订单"
    for row in (HEADER, *rows):
        made.active.append(row)
    made.save(path)
    return path


def again(path: Path, lang: Language = "zh") -> Refreshed:
    return refresh([path], lang=lang, now=NOW)


def opened(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        return openpyxl.load_workbook(path)


def columns(sheet: Worksheet, first: str) -> dict[str, int]:
    """The columns of the table whose first header is this, by header."""
    top = next(cell for row in sheet for cell in row if cell.value == first)
    return {"": top.row} | {cell.value: cell.column for cell in sheet[top.row] if cell.value}


def fill(path: Path, finding: str, name: str = "复核", **said: str) -> None:
    """Fill the row of the first case with this finding: ``决定="接受"`` and so on; "" blanks."""
    made = opened(path)
    sheet = made[name]
    at = columns(sheet, "案例")
    row = next(row for row in range(at[""] + 1, sheet.max_row + 1) if finding in
               {sheet.cell(row, at["问题"]).value, sheet.cell(row, at["原值"]).value})  # fmt: skip
    for header, word in said.items():
        sheet.cell(row, at[header]).value = word or None
    made.save(path)


def amounts(done: Refreshed) -> dict[str, float]:
    orders = done.analysis.cleaned.tables["orders"]
    return dict(zip(orders["order_id"], orders["amount"], strict=True))


FIRST = {"O1": 100, "O2": 900, "O4": 40, "O5": 50, "O6": 60, "O7": 70}
DECIDED = {"O1": 100, "O3": 30, "O4": 40, "O5": 50, "O6": 60, "O7": 70}


def decided(tmp_path: Path) -> Path:
    path = book(tmp_path / "book.xlsx")
    assert amounts(again(path)) == FIRST
    fill(path, "900", 决定="剔除", 复核人="王芳", 备注="测试单")
    fill(path, "三十", 决定="更正", 新值="30")
    return path


def test_what_is_decided_on_the_sheet_is_done_and_done_again(tmp_path: Path) -> None:
    path = decided(tmp_path)
    first = again(path)
    assert amounts(first) == DECIDED
    assert {one.state for one in first.analysis.cleaned.decisions} == {"applied"}
    second = again(path)
    assert amounts(second) == DECIDED
    assert not second.changed


def test_blanking_the_decisions_restores_the_first_result(tmp_path: Path) -> None:
    path = decided(tmp_path)
    again(path)
    fill(path, "900", 决定="", 复核人="", 备注="")
    fill(path, "三十", 决定="", 新值="")
    assert amounts(again(path)) == FIRST
    assert read_memory(path.read_bytes()).decisions == ()


def test_a_deleted_review_sheet_comes_back_with_its_decisions(tmp_path: Path) -> None:
    path = decided(tmp_path)
    again(path)
    made = opened(path)
    del made["复核"]
    made.save(path)
    assert amounts(again(path)) == DECIDED
    sheet = opened(path)["复核"]
    assert "王芳" in {cell.value for row in sheet for cell in row}


def test_a_sheet_filled_in_chinese_is_understood_by_a_refresh_in_english(tmp_path: Path) -> None:
    path = decided(tmp_path)
    assert amounts(again(path, "en")) == DECIDED
    values = {cell.value for sheet in opened(path) for row in sheet for cell in row}
    assert {"Drop", "✓ Dropped", "测试单"} <= values


def test_decisions_survive_sorting_and_new_rows_in_the_raw_sheet(tmp_path: Path) -> None:
    path = decided(tmp_path)
    made = opened(path)
    sheet = made["订单"]
    for at, row in enumerate([*ROWS[::-1], ("O8", "2026-10-08", "辛", 1, 80, 80)], start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column).value = value
    made.save(path)
    assert amounts(again(path)) == DECIDED | {"O8": 80}


def test_a_decision_whose_case_is_gone_waits_on_the_sheet_until_it_is_blanked(tmp_path: Path) -> None:
    path = decided(tmp_path)
    made = opened(path)
    made["订单"]["F3"].value = 100
    made.save(path)
    done = again(path)
    assert amounts(done) == DECIDED | {"O2": 100}
    assert [one.state for one in done.analysis.cleaned.decisions].count("gone") == 1
    assert "已无对应的决定" in {cell.value for row in opened(path)["复核"] for cell in row}
    assert len(read_memory(path.read_bytes()).decisions) == 2


def test_a_case_leads_to_its_cell_in_the_raw_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx")
    again(path)
    links = {cell.hyperlink.location for row in opened(path)["复核"] for cell in row if cell.hyperlink}
    assert {"订单!F3", "订单!F4"} <= {link.replace("'", "") for link in links}


def test_one_decision_about_a_rep_settles_all_orders_and_comes_back_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    made = openpyxl.Workbook()
    made.active.title = "订单"
    for row in (
        ("订单编号", "下单日期", "销售", "金额"),
        *((f"O{k}", f"2026-10-0{k}", "张三", k) for k in range(1, 8)),
    ):
        made.active.append(row)
    made.create_sheet("花名册").append(("姓名", "入职日期"))
    made["花名册"].append(("王芳", "2025-01-01"))
    made.save(path)
    again(path)
    fill(path, "张三", 决定="更正", 新值="王芳")
    for _ in range(2):
        orders = again(path).analysis.cleaned.tables["orders"]
        assert orders.groupby("rep")["amount"].sum().to_dict() == {"王芳": sum(range(1, 8))}
    fill(path, "张三", 决定="", 新值="")
    assert set(again(path).analysis.cleaned.tables["orders"]["rep"]) == {"张三"}
