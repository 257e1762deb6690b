"""What each button does on a Mac, where the pages open as a workbook beside the one with the raw data."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from tests.hosts.desktop import fake_books, fake_mac
from tests.hosts.desktop.conftest import CARRIED
from tests.hosts.desktop.fake_books import Cell
from tests.hosts.desktop.fake_excel import twin
from tests.hosts.desktop.fake_mac import MacApp, MacBook
from xlsales.excel import macros
from xlsales.hosts.desktop import caller, export, mac
from xlsales.hosts.file import refresh as refresh_file
from xlsales.language import text
from xlsales.package.book import open_book
from xlsales.report.pages import WORKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.desktop.fake_books import Book, Sheet
    from tests.hosts.desktop.fake_excel import ComBook, Excel

assert pd  # cannot be imported once the platform is said to be another
OURS = [text("zh", f"pages.{key}.name") for key in CARRIED if key not in WORKING]


class Mac:
    """Excel on a Mac with the raw data open, and what stands beside them."""

    def __init__(self, app: MacApp, raw: ComBook) -> None:
        self.app, self.raw = app, raw

    @property
    def beside(self) -> ComBook:
        """The workbook that was opened last."""
        found = self.app.excel.books[-1]
        assert found is not self.raw, self.alerts
        return found

    @property
    def alerts(self) -> list[str]:
        return self.app.excel.alerts

    def select(self, book: ComBook, name: str, cell: str) -> None:
        """Select a cell, and go back to the raw data."""
        page(book, name).selection = cell
        book.book.active = [one.name for one in book.book.sheets].index(name)
        self.raw.Activate()


def page(book: ComBook, name: str) -> Sheet:
    return next(one for one in book.book.sheets if one.name == name)


@pytest.fixture
def this(excel: Excel, raw: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mac:
    app = MacApp(excel)
    opened = excel.open(raw, "销售.xlsm", str(tmp_path / "销售.xlsm"))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(caller, "calling_book", lambda: MacBook(app, opened))
    monkeypatch.setattr(mac, "_folder", lambda: tmp_path)
    monkeypatch.setattr(export, "output_folder", lambda _: tmp_path)
    return Mac(app, opened)


@pytest.fixture
def refreshed(this: Mac) -> Mac:
    """After a press of Refresh."""
    macros.press("refresh")
    this.alerts.clear()
    this.raw.Activate()
    return this


def from_file(this: Mac, folder: Path) -> Book:
    """The same workbook as the file host writes it."""
    path = folder / "as a file.xlsx"
    path.write_bytes(fake_books.saved(this.raw.book))
    refresh_file([path])
    return fake_books.opened(path.read_bytes())


def test_the_pages_open_beside_with_the_numbers_of_the_file_host_and_the_raw_data_stay(
    this: Mac, tmp_path: Path
) -> None:
    before = twin(this.raw.book)
    macros.press("refresh")
    expected = from_file(this, tmp_path)
    names = [one.name for one in this.beside.book.sheets]
    assert [name for name in OURS if name in names] == OURS
    for name in ("达成", "漏斗", "留存与续费"):
        there = next(one for one in expected.sheets if one.name == name).cells
        cells = page(this.beside, name).cells
        assert {at: cell.value for at, cell in cells.items()} == {
            at: cell.value for at, cell in there.items()
        }
    assert this.raw.book == before
    assert this.beside.ActiveSheet.Name == "总览"
    assert this.alerts == [f"已写入：{this.beside.fullname}"]


@pytest.mark.parametrize(
    ("control", "name", "table"),
    [("mapping", "字段映射", "xs_mapping"), ("check", "数据质量", "xs_issue_rules")],
)
def test_mapping_and_check_open_their_page_alone_at_its_block(
    this: Mac, control: str, name: str, table: str
) -> None:
    macros.press(control)
    opened = page(this.beside, name)
    there = [one.name for one in this.beside.book.sheets]
    assert [one for one in [*OURS, "复核", "字段映射", "刷新日志"] if one in there] == [name]
    assert this.beside.ActiveSheet.Name == name
    block = next(one.cells for one in opened.tables if one.name == table)
    assert opened.selection.replace("$", "") == block


def test_a_metric_opens_as_a_page_of_its_own(this: Mac) -> None:
    macros.press("metric_sales")
    assert this.beside.ActiveSheet.Name == "销售额"
    assert [one.name for one in page(this.beside, "销售额").tables] == ["xs_metric_sales"]


def first_unit(book: ComBook) -> tuple[str, str]:
    """The cell of the first figure of the units' table, and the name of its row."""
    overview = page(book, "总览")
    table = next(one for one in overview.tables if one.name == "xs_units")
    left, top, _, _ = range_boundaries(table.cells)
    return f"{get_column_letter(left + 1)}{top + 1}", str(overview.cells[top + 1, left].value)


def test_the_number_that_is_selected_beside_is_explained(refreshed: Mac) -> None:
    cell, unit = first_unit(refreshed.beside)
    refreshed.select(refreshed.beside, "总览", f"${cell[0]}${cell[1:]}")
    macros.press("explain")
    (said,) = refreshed.alerts
    assert "指标：销售额" in said
    assert f"筛选：校区 = {unit}" in said
    assert f"({cell}: " in said.replace("（", "(").replace("：", ": ")
    assert refreshed.app.excel.active is refreshed.raw


def test_a_key_number_is_explained(refreshed: Mac) -> None:
    place = refreshed.beside.book.names["XS_sales"].refers.rpartition("!")[2]
    refreshed.select(refreshed.beside, "总览", place)
    macros.press("explain")
    assert "指标：销售额" in refreshed.alerts[0]
    assert "筛选：无" in refreshed.alerts[0]


def test_the_ribbon_of_the_add_in_over_the_pages_explains_from_the_raw_data_beside(
    refreshed: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or, once these are closed, from the copy of them that the pages carry."""
    pages = refreshed.beside
    cell, _ = first_unit(pages)
    refreshed.select(pages, "总览", cell)
    pages.Activate()
    monkeypatch.setattr(caller, "calling_book", lambda: MacBook(refreshed.app, pages))
    macros.press("explain")
    refreshed.raw.Close(SaveChanges=False)
    macros.press("explain")
    assert "指标：销售额" in refreshed.alerts[0]
    assert refreshed.alerts[0] == refreshed.alerts[1]


@pytest.mark.parametrize("control", ["explain", "rows"])
def test_a_cell_that_is_no_number_of_ours_is_told(refreshed: Mac, control: str) -> None:
    refreshed.select(refreshed.beside, "总览", "A1")
    macros.press(control)
    assert refreshed.alerts[0].startswith("选中的单元格不是 xlsales 报表页上的数字。")


def test_before_a_refresh_no_number_is_ours(this: Mac) -> None:
    macros.press("explain")
    assert this.alerts[0].startswith("选中的单元格不是 xlsales 报表页上的数字。")


@pytest.mark.parametrize("names_travel", [True, False])
def test_the_rows_behind_a_number_come_beside_it_and_are_never_taken_for_data(
    refreshed: Mac, *, names_travel: bool
) -> None:
    refreshed.app.names_travel = names_travel
    pages, before = refreshed.beside, twin(refreshed.raw.book)
    cell, _ = first_unit(pages)
    refreshed.select(pages, "总览", cell)
    at = coordinate_to_tuple(cell)
    macros.press("rows")
    assert refreshed.alerts == []
    assert pages.ActiveSheet.Name == "明细"
    rows = page(pages, "明细")
    heads = {one.value: place[1] for place, one in rows.cells.items() if place[0] == 4}
    listed = sorted({place[0] for place in rows.cells if place[0] > 4})
    amounts = [rows.cells[row, heads["金额"]].value for row in listed]
    assert sum(amounts) == pytest.approx(10_000 * page(pages, "总览").cells[at].value)  # shown in 万
    assert rows.links[f"A{listed[0]}"].startswith("'订单'!A")
    assert "订单" in [one.name for one in pages.book.sheets]
    assert rows.names["_xlsales.sheet"].refers == '="rows"'
    assert refreshed.raw.book == before
    again = open_book(mac.used_ranges(MacBook(refreshed.app, pages)))
    assert "明细" not in [one.name for one in again.sheets]
    refreshed.select(pages, "总览", cell)
    macros.press("rows")
    assert pages.ActiveSheet.Name == "明细 (2)"
    assert len(refreshed.app.excel.books) == 2


def test_a_pack_is_a_workbook_of_the_pages_alone(this: Mac, tmp_path: Path) -> None:
    macros.press("pack")
    written = open_book((tmp_path / "销售-月例会.xlsx").read_bytes())
    assert [one.name for one in written.sheets][: len(OURS)] == OURS
    assert "订单" not in [one.name for one in written.sheets]
    assert str(tmp_path / "销售-月例会.xlsx") in this.alerts[0]


def test_a_pdf_has_the_visible_pages(refreshed: Mac, tmp_path: Path) -> None:
    page(refreshed.beside, "漏斗").visible = 0
    macros.press("pdf")
    pages = [name for name in OURS if name != "漏斗"]
    assert refreshed.app.excel.printed == [(str(tmp_path / "销售-月例会.pdf"), pages)]


def test_without_pages_there_is_nothing_to_print(this: Mac) -> None:
    macros.press("pdf")
    assert len(this.alerts[0].splitlines()) == 2
    assert this.app.excel.printed == []


def test_undo_says_that_there_is_nothing_to_undo_and_why(refreshed: Mac) -> None:
    before = twin(refreshed.raw.book)
    macros.press("undo")
    assert refreshed.alerts[0].splitlines() == [
        "在 Mac 上，刷新不改动这个工作簿，没有可撤销的内容。",
        "报表页在另一个工作簿里；不需要时请关闭它。",
    ]
    assert refreshed.raw.book == before


@pytest.mark.parametrize("names_travel", [True, False])
def test_a_workbook_without_a_settings_sheet_gets_one_and_the_next_refresh_follows_it(
    this: Mac, *, names_travel: bool
) -> None:
    this.app.names_travel = names_travel
    macros.press("period", "2026-09")
    assert this.alerts == []
    cells = page(this.raw, "设置").cells
    row = next(place[0] for place, cell in cells.items() if cell.value == "period")
    assert (cells[row, 2].value, cells[row, 2].style[0]) == ("2026-09", "@")
    assert len(this.app.excel.books) == 1
    macros.press("settings")
    assert this.raw.ActiveSheet.Name == "设置"
    assert [one.name for one in this.raw.book.sheets].count("设置") == 1
    macros.press("refresh")
    words = " ".join(str(cell.value) for cell in page(this.beside, "总览").cells.values())
    assert "2026年9月" in words


def test_a_hidden_settings_sheet_is_shown(this: Mac) -> None:
    macros.press("settings")
    page(this.raw, "设置").visible = 0
    this.raw.book.active = 0
    macros.press("settings")
    assert page(this.raw, "设置").visible == -1
    assert this.raw.ActiveSheet.Name == "设置"


def test_a_choice_that_means_nothing_is_told_and_not_written(this: Mac) -> None:
    macros.press("settings")
    before = twin(page(this.raw, "设置"))
    macros.press("period", "=1+1")
    assert "=1+1" in this.alerts[0]
    assert page(this.raw, "设置") == before


@pytest.fixture
def dialog(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The system's dialog: what it answers, and the command that asked for it."""
    answer = SimpleNamespace(stdout="", stderr="", code=0, command=[])

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        answer.command = command
        return subprocess.CompletedProcess(command, answer.code, answer.stdout, answer.stderr)

    monkeypatch.setattr(subprocess, "run", run)
    return answer


def test_files_chosen_in_the_dialog_of_the_system_are_appended_with_every_text_as_it_stands(
    this: Mac, dialog: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "订单.csv").write_text("订单编号,金额\n0007,=1+1\n", "utf-8")
    (tmp_path / "新 订单.csv").write_text("a,b\n1,2\n", "utf-8")
    dialog.stdout = f"{tmp_path}/订单.csv\n{tmp_path}/新 订单.csv\n\n"
    before = [one.name for one in this.raw.book.sheets]
    macros.press("import_files")
    assert this.alerts == []
    assert dialog.command[0] == "/usr/bin/osascript"
    assert "choose file" in dialog.command[2]
    assert "multiple selections allowed" in dialog.command[2]
    assert [one.name for one in this.raw.book.sheets] == [*before, "订单 (2)", "新 订单"]
    cells = page(this.raw, "订单 (2)").cells
    assert {at: (cell.value, cell.formula) for at, cell in cells.items()} == {
        (1, 1): ("订单编号", ""), (1, 2): ("金额", ""), (2, 1): ("0007", ""), (2, 2): ("=1+1", ""),
    }  # fmt: skip
    assert this.raw.ActiveSheet.Name == "订单 (2)"
    assert len(this.app.excel.books) == 1
    assert list(tmp_path.glob("xlsales-*")) == []


def test_a_dialog_that_was_closed_changes_nothing(this: Mac, dialog: SimpleNamespace) -> None:
    before = twin(this.raw.book)
    dialog.code, dialog.stderr = 1, "execution error: User canceled. (-128)"
    macros.press("import_files")
    assert (this.raw.book, this.alerts) == (before, [])


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_appended(
    this: Mac, dialog: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "leer.csv").write_bytes(b"")
    dialog.stdout = f"{tmp_path}/leer.csv\n"
    before = twin(this.raw.book)
    macros.press("import_files")
    assert "leer.csv" in this.alerts[0]
    assert this.raw.book == before


def test_texts_that_look_like_formulas_are_texts_in_the_used_ranges(this: Mac) -> None:
    page(this.raw, "订单").cells[2, 1] = Cell("=1+1")
    data = mac.used_ranges(MacBook(this.app, this.raw))
    found = next(one for one in fake_books.opened(data).sheets if one.name == "订单")
    assert (found.cells[2, 1].value, found.cells[2, 1].formula) == ("=1+1", "")


@pytest.mark.parametrize(
    ("fake", "real"),
    [
        (fake_mac.MacApp, "App"),
        (fake_mac.MacBook, "Book"),
        (fake_mac.MacSheet, "Sheet"),
        (fake_mac.MacRange, "Range"),
        (fake_mac.MacTable, "main.Table"),
        (fake_mac.MacNames, "main.Names"),
        (fake_mac.MacBooks, "main.Books"),
    ],
)
def test_the_fake_has_only_what_xlwings_has(fake: type, real: str) -> None:
    import xlwings

    found: object = xlwings
    for part in real.split("."):
        found = getattr(found, part)
    assert {name for name in vars(fake) if not name.startswith("_")} <= set(dir(found))
