"""What each button of the ribbon does, and that nothing it meets is told as a traceback."""

from __future__ import annotations

import subprocess
import sys
import webbrowser
from types import SimpleNamespace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.hosts.desktop.conftest import CARRIED, holding, of, opened, sheet
from tests.hosts.desktop.fake_books import Cell
from tests.hosts.desktop.fake_excel import XlwingsBook, twin
from xlsales.excel import doctor, mac_macros, macros
from xlsales.hosts.desktop import caller, export
from xlsales.language import text
from xlsales.package.book import open_book
from xlsales.report.pages import WORKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hosts.desktop.conftest import Run
    from tests.hosts.desktop.fake_excel import Excel
    from xlsales.hosts.desktop.caller import Live

    Pressed = Callable[..., None]

CONTROLS = (
    "import_files mapping check refresh period pages metric explain rows pack pdf undo settings doctor help"
)

SHOWN = [text("zh", f"pages.{key}.name") for key in CARRIED if key not in WORKING]


@pytest.fixture
def press(excel: Excel, later: Live, monkeypatch: pytest.MonkeyPatch) -> Pressed:
    """A press of a button in October's workbook."""
    monkeypatch.setattr(caller, "calling_book", lambda: XlwingsBook(later.book._excel.inner))
    return macros.press


def front(live: Live) -> tuple[str, str]:
    """The sheet in front and what is selected there."""
    page = of(live).sheets[of(live).active]
    return page.name, page.selection


def select(live: Live, name: str, cell: str) -> None:
    book = of(live)
    book.active = [page.name for page in book.sheets].index(name)
    sheet(live, name).selection = cell


def test_every_control_has_its_macro_on_both_systems() -> None:
    assert list(macros.MACROS) == CONTROLS.split()
    assert list(mac_macros.MACROS) == CONTROLS.split()


def test_an_unknown_control_is_a_fault_of_the_ribbon(press: Pressed) -> None:
    with pytest.raises(KeyError):
        press("refresh_all")


def test_the_module_of_the_buttons_imports_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "xlwings", "xlsxwriter", "lxml", "fastexcel", "narwhals", "tomllib")
    command = f"from xlsales.excel import macros; import sys; print([x for x in {heavy} if x in sys.modules])"
    done = subprocess.run([sys.executable, "-c", command], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_refresh_brings_the_pages_and_stays_where_the_user_is(
    excel: Excel, press: Pressed, later: Live, october: Run
) -> None:
    holding(later, october.before)
    select(later, "我的表", "$B$2")
    press("refresh")
    assert sheet(later, "总览").cells == next(one for one in october.after.sheets if one.name == "总览").cells
    assert front(later) == ("我的表", "$B$2")
    assert excel.alerts == []


def test_the_first_refresh_shows_the_first_page(
    raw: bytes, excel: Excel, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = opened(excel, raw)
    monkeypatch.setattr(caller, "calling_book", lambda: XlwingsBook(live.book._excel.inner))
    macros.press("refresh")
    assert front(live) == ("总览", "$A$1")


def test_what_was_written_on_our_sheets_is_told(excel: Excel, press: Pressed, later: Live) -> None:
    sheet(later, "数据质量").cells[90, 2] = Cell("谁改的？")
    press("refresh")
    assert excel.alerts == ["我们的工作表上有人写过内容，原样保留为：数据质量（旧）"]


@pytest.mark.parametrize(
    ("control", "name", "table"),
    [("mapping", "字段映射", "xs_mapping"), ("check", "数据质量", "xs_issue_rules")],
)
def test_mapping_and_check_write_their_page_and_lead_to_its_block(
    press: Pressed, later: Live, control: str, name: str, table: str
) -> None:
    before = twin(of(later))
    press(control)
    place = next(one.cells for one in sheet(later, name).tables if one.name == table)
    first, last = place.split(":")
    assert front(later)[0] == name
    assert front(later)[1].replace("$", "") == f"{first}:{last}"
    assert [page.name for page in of(later).sheets] == [page.name for page in before.sheets]
    assert sheet(later, "总览") == next(one for one in before.sheets if one.name == "总览")


def test_a_metric_becomes_a_sheet_with_a_table_and_a_second_press_writes_it_anew(
    press: Pressed, later: Live
) -> None:
    press("metric_sales")
    assert front(later)[0] == "销售额"
    page = sheet(later, "销售额")
    assert [table.name for table in page.tables] == ["xs_metric_sales"]
    words = [cell.value for cell in page.cells.values()]
    assert any("按所选口径" in str(word) for word in words)
    names = [one.name for one in of(later).sheets]
    press("metric_sales")
    assert [one.name for one in of(later).sheets] == names
    press("undo")
    press("undo")
    assert "图表数据 (2)" not in names


@pytest.mark.parametrize(
    ("control", "value", "cell", "written"),
    [("period", "2026-09", "B1", "2026-09"), ("period", "最新", "B1", "最新"), ("pages", "总览", None, None)],
)
def test_a_choice_of_the_ribbon_is_written_on_the_settings_sheet(
    excel: Excel,
    press: Pressed,
    later: Live,
    control: str,
    value: str,
    cell: str | None,
    written: str,
) -> None:
    press(control, value)
    if cell is None:
        assert excel.alerts[0].startswith("这个工作簿没有设置表")
    else:
        found = sheet(later, "设置").cells[1, 2]
        assert (found.value, found.formula, found.style[0]) == (written, "", "@")
        assert excel.alerts == []


def test_a_choice_that_means_nothing_is_told_and_not_written(
    excel: Excel, press: Pressed, later: Live
) -> None:
    press("period", "=1+1")
    assert "=1+1" in excel.alerts[0]
    assert len(excel.alerts[0].splitlines()) == 2
    assert sheet(later, "设置").cells[1, 2].value == "2026-10"


def test_settings_shows_the_settings_sheet_also_a_hidden_one(press: Pressed, later: Live) -> None:
    sheet(later, "设置").visible = 0
    press("settings")
    assert front(later)[0] == "设置"
    assert sheet(later, "设置").visible == -1


@pytest.mark.parametrize(("control", "value"), [("settings", ""), ("period", "2026-09")])
def test_a_workbook_without_a_settings_sheet_gets_one(
    raw: bytes, excel: Excel, monkeypatch: pytest.MonkeyPatch, control: str, value: str
) -> None:
    live = opened(excel, raw)
    monkeypatch.setattr(caller, "calling_book", lambda: XlwingsBook(live.book._excel.inner))
    macros.press(control, value)
    assert excel.alerts == []
    cells = sheet(live, "设置").cells.values()
    assert {"period", "as_of", "basis", "pages", "language"} <= {cell.value for cell in cells}
    assert ("2026-09" in {cell.value for cell in cells}) == bool(value)
    macros.press("refresh")
    assert excel.alerts == []
    macros.press("undo")
    macros.press("undo")


def test_undo_puts_the_pages_back(press: Pressed, later: Live, october: Run) -> None:
    press("undo")
    was = next(one for one in october.before.sheets if one.name == "总览")
    assert sheet(later, "总览") == was


def test_files_are_appended_with_every_text_as_it_stands(
    excel: Excel, press: Pressed, later: Live, tmp_path: Path
) -> None:
    (tmp_path / "订单.csv").write_text("订单编号,金额\n0007,=1+1\n+86,1E5\n", "utf-8")
    (tmp_path / "二月[1].csv").write_text("a,b\n1,2\n", "utf-8")
    excel.chosen = (str(tmp_path / "订单.csv"), str(tmp_path / "二月[1].csv"))
    before = twin(of(later))
    press("import_files")
    assert excel.alerts == []
    assert [page.name for page in of(later).sheets] == [
        *(page.name for page in before.sheets),
        "订单 (2)",
        "二月_1_",
    ]
    cells = sheet(later, "订单 (2)").cells
    assert {place: (cell.value, cell.style[0]) for place, cell in cells.items()} == {
        (1, 1): ("订单编号", "@"), (1, 2): ("金额", "@"),
        (2, 1): ("0007", "@"), (2, 2): ("=1+1", "@"),
        (3, 1): ("+86", "@"), (3, 2): ("1E5", "@"),
    }  # fmt: skip
    assert front(later)[0] == "订单 (2)"
    for page, was in zip(of(later).sheets, before.sheets, strict=False):
        assert page == was


def test_the_same_export_again_takes_the_place_of_the_one_before(
    excel: Excel, press: Pressed, later: Live, tmp_path: Path
) -> None:
    for name, amount in (("展会订单2026-10.csv", "7"), ("展会订单 2026年11月.csv", "8")):
        (tmp_path / name).write_text(f"订单编号,金额\n0007,{amount}\n", "utf-8")
        excel.chosen = (str(tmp_path / name),)
        press("import_files")
    (mine,) = (page for page in of(later).sheets if page.name.startswith("展会订单"))
    assert mine.name == "展会订单2026-10"
    assert mine.cells[2, 2].value == "8"
    assert [alert.count(mine.name) for alert in excel.alerts] == [1]


def test_a_sheet_that_the_user_has_made_is_never_replaced(
    excel: Excel, press: Pressed, later: Live, tmp_path: Path
) -> None:
    before = twin(sheet(later, "订单"))
    (tmp_path / "订单.csv").write_text("订单编号,金额\n0007,1\n", "utf-8")
    excel.chosen = (str(tmp_path / "订单.csv"),)
    press("import_files")
    press("import_files")
    assert sheet(later, "订单") == before
    assert [page.name for page in of(later).sheets if page.name.startswith("订单")] == ["订单", "订单 (2)"]


def test_no_file_chosen_changes_nothing(press: Pressed, later: Live) -> None:
    before = twin(of(later))
    press("import_files")
    assert of(later) == before


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_appended(
    excel: Excel, press: Pressed, later: Live, tmp_path: Path
) -> None:
    (tmp_path / "leer.csv").write_bytes(b"")
    excel.chosen = (str(tmp_path / "leer.csv"),)
    before = twin(of(later))
    press("import_files")
    assert "leer.csv" in excel.alerts[0]
    assert of(later) == before


def units_row(live: Live) -> tuple[int, int, str]:
    """The first row of the units' table, its first column, and its name."""
    table = next(one for one in sheet(live, "总览").tables if one.name == "xs_units")
    first = table.cells.split(":")[0]
    column, row = openpyxl.utils.cell.coordinate_from_string(first)
    number = openpyxl.utils.column_index_from_string(column)
    return row + 1, number, str(sheet(live, "总览").cells[row + 1, number].value)


def test_explain_says_what_a_number_of_a_table_is(
    excel: Excel, press: Pressed, later: Live, october: Run
) -> None:
    row, column, unit = units_row(later)
    cell = f"{openpyxl.utils.get_column_letter(column + 1)}{row}"
    select(later, "总览", cell)
    press("explain")
    said = excel.alerts[0]
    tables = october.done.analysis.cleaned.tables["orders"]
    counted = (tables["order_date"] >= "2026-10-01") & (tables["status"].fillna("") != "cancelled")
    mine = tables[counted & (tables["region"] == unit)]
    for words in ("总览 · ", unit, cell, "指标：销售额", "口径：按所选口径", "期间：2026-10-01 至",
                  f"筛选：校区 = {unit}", f"订单数：{mine['order_id'].nunique()}"):  # fmt: skip
        assert words in said


def test_explain_says_what_a_key_number_is(excel: Excel, press: Pressed, later: Live) -> None:
    select(later, "总览", of(later).names["XS_sales"].refers.rpartition("!")[2])
    press("explain")
    assert "指标：销售额" in excel.alerts[0]
    assert "筛选：无" in excel.alerts[0]


@pytest.mark.parametrize(("name", "cell"), [("我的表", "A1"), ("总览", "A1"), ("设置", "B1")])
@pytest.mark.parametrize("control", ["explain", "rows"])
def test_a_cell_that_is_no_number_of_ours_is_told(
    excel: Excel, press: Pressed, later: Live, control: str, name: str, cell: str
) -> None:
    select(later, name, cell)
    press(control)
    assert excel.alerts[0].startswith("选中的单元格不是 xlsales 报表页上的数字。")


def test_the_rows_behind_a_number_add_up_to_it_and_lead_to_their_cells(
    excel: Excel, press: Pressed, later: Live, october: Run
) -> None:
    row, column, unit = units_row(later)
    select(later, "总览", f"{openpyxl.utils.get_column_letter(column + 1)}{row}")
    press("rows")
    assert excel.alerts == []
    assert front(later)[0] == "明细"
    page = sheet(later, "明细")
    heads = {cell.value: place[1] for place, cell in page.cells.items() if place[0] == 4}
    rows = sorted({place[0] for place in page.cells if place[0] > 4})
    amounts = [page.cells[row, heads["金额"]].value for row in rows]
    from xlsales.metrics._catalogue import compute

    asked = october.done.analysis
    sales = compute("sales", asked.cleaned.tables, asked.scope, by=("region",)).set_index("region")["amount"]
    assert sum(amounts) == pytest.approx(sales[unit])
    raw = sheet(later, "订单")
    number = next(place[1] for place, cell in raw.cells.items() if place[0] == 1 and cell.value == "订单编号")
    for row in rows:
        link = page.links[f"A{row}"]
        source = int(link.rpartition("!A")[2])
        assert link.startswith("'订单'!")
        assert raw.cells[source, number].value == page.cells[row, heads["订单编号"]].value


def test_a_row_about_several_names_brings_the_rows_of_all_of_them(
    excel: Excel, press: Pressed, later: Live
) -> None:
    page = sheet(later, "增长拆解")
    cells = next(one for one in page.tables if one.name == "xs_growth_rep").cells
    left, _, _, bottom = openpyxl.utils.range_boundaries(cells)
    several = bottom - 1
    assert str(page.cells[several, left].value).startswith("其他")
    select(later, "增长拆解", f"{openpyxl.utils.get_column_letter(left + 2)}{several}")
    press("rows")
    assert excel.alerts == []
    rows = sheet(later, "明细").cells
    heads = {cell.value: place[1] for place, cell in rows.items() if place[0] == 4}
    adds = [rows[row, heads["计入"]].value for row in {place[0] for place in rows if place[0] > 4}]
    assert sum(adds) == pytest.approx(page.cells[several, left + 2].value * 10_000, abs=500)


def test_a_pack_is_a_workbook_of_the_pages_alone_and_overwrites_nothing(
    excel: Excel, press: Pressed, later: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(export, "output_folder", lambda _: tmp_path)
    (tmp_path / "销售-月例会.xlsx").write_bytes(b"mine")
    press("pack")
    assert (tmp_path / "销售-月例会.xlsx").read_bytes() == b"mine"
    written = open_book((tmp_path / "销售-月例会 (2).xlsx").read_bytes())
    assert [one.name for one in written.sheets] == [*SHOWN, "图表数据"]
    assert str(tmp_path / "销售-月例会 (2).xlsx") in excel.alerts[0]


def test_a_pdf_has_the_visible_pages_and_leaves_one_sheet_selected(
    excel: Excel, press: Pressed, later: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(export, "output_folder", lambda _: tmp_path)
    sheet(later, "漏斗").visible = 0
    press("pdf")
    pages = [name for name in SHOWN if name != "漏斗"]
    assert excel.printed == [(str(tmp_path / "销售-月例会.pdf"), pages)]
    assert excel.group == ["总览"]


@pytest.mark.parametrize(
    ("fullname", "beside"),
    [("{folder}/销售.xlsx", True), ("https://d.docs.live.net/1/销售.xlsx", False), ("工作簿1", False)],
)
def test_files_go_beside_the_workbook_where_it_lies_in_a_folder(
    fullname: str, *, beside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export.Path, "home", lambda: tmp_path / "home")
    (tmp_path / "home" / "Documents").mkdir(parents=True)
    live = caller.Live(None, None, "销售.xlsx", fullname.format(folder=tmp_path))
    expected = tmp_path if beside else tmp_path / "home" / "Documents"
    assert export.output_folder(live) == expected


def test_the_doctor_tells_what_is_wrong_and_nothing_else(
    excel: Excel, press: Pressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finding(level: str, what: str) -> SimpleNamespace:
        words = {"title": lambda _: "解释器", "what": lambda _: what, "remedy": lambda _: "请重装。"}
        return SimpleNamespace(level=level, **words)

    found = [finding("ok", "在"), finding("wrong", "不在")]
    monkeypatch.setattr(doctor, "examine", lambda _: found)
    press("doctor")
    found.pop()
    press("doctor")
    assert excel.alerts == ["解释器: 不在\n请重装。", "没有发现妨碍按钮工作的问题。"]


def test_help_opens_the_manual_of_this_version(press: Pressed, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_pages: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened_pages.append)
    press("help")
    from pathlib import Path
    from urllib.parse import urlparse
    from urllib.request import url2pathname

    page = Path(url2pathname(urlparse(opened_pages[0]).path)).read_text("utf-8")
    assert "xlsales refresh" in page


@pytest.mark.parametrize(
    ("language", "first"), [(2052, "Excel 暂时不接受操作"), (1033, "Excel takes no orders now")]
)
def test_a_failure_is_two_lines_in_the_language_of_excel(
    excel: Excel, press: Pressed, monkeypatch: pytest.MonkeyPatch, language: int, first: str
) -> None:
    from xlsales.errors import WorkbookError
    from xlsales.hosts.desktop import undo

    def busy(*_: object) -> None:
        raise WorkbookError("excel_busy")

    excel.language = language
    monkeypatch.setattr(undo, "undo", busy)
    press("undo")
    assert excel.alerts[0].startswith(first)
    assert len(excel.alerts[0].splitlines()) == 2


def test_a_fault_of_ours_leaves_a_log_in_utf8_with_an_id(
    excel: Excel, press: Pressed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from xlsales import faults
    from xlsales.hosts.desktop import undo

    def crash(*_: object) -> None:
        raise RuntimeError("坏了")

    monkeypatch.setattr(faults, "log_folder", lambda: tmp_path)
    monkeypatch.setattr(undo, "undo", crash)
    press("undo")
    (log,) = tmp_path.glob("*.log")
    assert log.stem in excel.alerts[0]
    assert str(log) in excel.alerts[0]
    written = log.read_text("utf-8")
    assert "坏了" in written
    assert "xlsales press undo" in written


@pytest.mark.parametrize(
    ("lang", "first"), [("zh_CN", "Excel 暂时不接受操作"), ("en_US", "Excel takes no orders")]
)
def test_a_busy_excel_is_told_in_the_language_of_the_system(
    excel: Excel, press: Pressed, monkeypatch: pytest.MonkeyPatch, lang: str, first: str
) -> None:
    monkeypatch.setenv("LC_ALL", f"{lang}.UTF-8")
    excel.editing = True
    press("refresh")
    assert excel.alerts[0].startswith(first)


def test_without_a_caller_two_lines_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setitem(sys.modules, "xlwings", SimpleNamespace(Book=SimpleNamespace()))
    with pytest.raises(SystemExit) as left:
        macros.press("refresh")
    assert str(left.value.code).splitlines() == [
        "No Excel workbook has called.",
        "Press the button in the ribbon of an open workbook; outside of Excel, use xlsales refresh BOOK.",
    ]
