"""A refresh in the open book: what comes, what is updated in place, and what of the user's stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hosts.desktop import fake_books
from tests.hosts.desktop.conftest import CARRIED, MINE, ask, holding, of, opened, sheet, shown
from tests.hosts.desktop.fake_books import Cell, Name
from tests.hosts.desktop.fake_excel import ComError, ComRange, ComSheet, twin
from xlsales.errors import InputError, WorkbookError
from xlsales.hosts.desktop import refreshed
from xlsales.hosts.desktop.refresh import refresh
from xlsales.hosts.file import refresh as refresh_file
from xlsales.language import text
from xlsales.package.book import open_book
from xlsales.package.names import owned

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.desktop.conftest import Run
    from tests.hosts.desktop.fake_books import Book
    from tests.hosts.desktop.fake_excel import Excel
    from xlsales.hosts.desktop.caller import Live

PAGES = [*(text("zh", f"pages.{key}.name") for key in CARRIED), "图表数据"]
CHANGING = {*PAGES}
OURS = [*PAGES, "xlsales memory"]


def from_file(live: Live, folder: Path) -> Book:
    """The same workbook as the file host writes it, opened."""
    path = folder / live.name
    path.write_bytes(fake_books.saved(of(live)))
    refresh_file([path])
    return fake_books.opened(path.read_bytes())


def compare(live: Live, expected: Book) -> None:
    """Our sheets and the names of key numbers in the open book are those of a file."""
    book = of(live)
    there = {page.name: page for page in expected.sheets}
    for page in (page for page in book.sheets if page.name in OURS):
        assert shown(page) == shown(there[page.name]), page.name
        assert page.names == there[page.name].names
    assert [page.name for page in book.sheets] == [page.name for page in expected.sheets]
    key_numbers = {name: entry for name, entry in book.names.items() if not name.startswith("_")}
    assert key_numbers == {name: entry for name, entry in expected.names.items() if not name.startswith("_")}


def test_a_first_refresh_brings_what_the_file_host_would_write(
    excel: Excel, raw: bytes, tmp_path: Path
) -> None:
    live = opened(excel, raw)
    expected = from_file(live, tmp_path)
    done = refresh(live, "zh")
    assert done.changed
    assert list(done.names.values()) == OURS
    compare(live, expected)


def test_a_later_refresh_updates_in_place_to_what_the_file_host_would_write(
    live: Live, october: Run, tmp_path: Path
) -> None:
    """Values, formats, merged cells, rules, links, tables, charts, sparklines, widths and page set-up."""
    expected = from_file(live, tmp_path)
    before, after = october.before, october.after
    compare(holding(live, after), expected)
    assert [(page.name, page.id) for page in after.sheets] == [(page.name, page.id) for page in before.sheets]
    assert all(
        (page.cells != was.cells) == (page.name in CHANGING)
        for page, was in zip(after.sheets, before.sheets, strict=True)
    )


def test_tables_that_a_copy_of_cells_does_not_bring_are_made(
    excel: Excel, live: Live, tmp_path: Path
) -> None:
    excel.tables_travel = False
    expected = from_file(live, tmp_path)
    refresh(live, "zh")
    names = {page.name: sorted(table.name for table in page.tables) for page in expected.sheets}
    assert {page.name: sorted(table.name for table in page.tables) for page in of(live).sheets} == names
    there = next(page for page in expected.sheets if page.name == "达成").tables
    assert any(table.totals for table in there)
    for made, table in zip(sheet(live, "达成").tables, there, strict=True):
        rows = 1 if table.totals else 0
        assert (
            fake_books.range_boundaries(made.cells)[3] == fake_books.range_boundaries(table.cells)[3] - rows
        )


def test_formulas_and_names_of_the_user_stay_to_the_letter(october: Run) -> None:
    mine = next(page for page in october.after.sheets if page.name == "我的表")
    assert mine.cells == MINE
    assert october.after.names["我的"] == Name("=xs_units[#All]")


def test_all_other_sheets_stay(october: Run) -> None:
    for page, was in zip(october.after.sheets, october.before.sheets, strict=True):
        if page.name not in OURS:
            assert page == was


def test_a_second_refresh_of_the_same_gives_the_same(later: Live, october: Run) -> None:
    done = refresh(later, "zh")
    of(later).names["_xlsales.refresh"] = october.after.names["_xlsales.refresh"]
    assert of(later) == october.after
    assert done.kept == {}


def test_excel_is_left_as_it_was(excel: Excel, live: Live) -> None:
    excel.settings |= {"Calculation": -4135, "StatusBar": "somebody else's"}
    book = of(live)
    book.active = [page.name for page in book.sheets].index("我的表")
    sheet(live, "我的表").selection = "$B$2:$C$5"
    before = dict(excel.settings)
    refresh(live, "zh")
    assert excel.settings == before
    assert [one.Name for one in excel.books] == ["销售.xlsx"]
    assert excel.active is excel.books[0]
    assert book.sheets[book.active].name == "我的表"
    assert sheet(live, "我的表").selection == "$B$2:$C$5"


def test_the_status_bar_tells_the_stage_and_the_rows(october: Run) -> None:
    rows = sum(len(raw.frame) for raw in october.done.analysis.survey.tables)
    assert october.told == [
        "xlsales 1/4 读取",
        "xlsales 1/4 读取",
        "xlsales 2/4 清洗 1,518 行",
        f"xlsales 3/4 计算 {rows:,} 行",
        f"xlsales 4/4 写入 {rows:,} 行",
        "False",
    ]


def test_a_renamed_sheet_keeps_its_name_and_its_key_numbers_follow(live: Live) -> None:
    ComSheet(live.book._excel.inner, sheet(live, "总览")).Name = "老板看"
    mine = twin(sheet(live, "我的表"))
    assert mine.cells[2, 2].formula == "='老板看'!$B$7*2"
    refresh(live, "zh")
    names = [page.name for page in of(live).sheets]
    assert "老板看" in names
    assert "总览" not in names
    assert of(live).names["XS_sales"].refers == "='老板看'!$B$7"
    assert sheet(live, "我的表") == mine


def test_a_deleted_sheet_comes_back(live: Live) -> None:
    book = of(live)
    book.sheets.remove(sheet(live, "漏斗"))
    refresh(live, "zh")
    assert [page.name for page in book.sheets][-1] == "漏斗"
    assert sheet(live, "漏斗").tables


@pytest.mark.parametrize("visible", [0, 2])
def test_a_hidden_sheet_is_updated_and_stays_hidden(live: Live, visible: int) -> None:
    sheet(live, "达成").visible = visible
    before = twin(sheet(live, "达成"))
    refresh(live, "zh")
    assert sheet(live, "达成").visible == visible
    assert sheet(live, "达成").cells != before.cells


def test_a_filter_on_our_sheet_is_taken_off_first(live: Live, tmp_path: Path) -> None:
    expected = from_file(live, tmp_path)
    sheet(live, "指标口径").filtered = True
    refresh(live, "zh")
    compare(live, expected)


def test_a_copy_that_the_user_made_of_our_sheet_is_left_alone(live: Live) -> None:
    book = of(live)
    mine = twin(sheet(live, "总览"))
    mine.name, mine.id = "九月总览", 99
    for number, table in enumerate(mine.tables):
        table.name = f"copy_{number}"
    mine.names["_xlsales.print"] = Name('="older"', visible=False)
    book.sheets.insert(0, mine)
    refresh(live, "zh")
    now = sheet(live, "九月总览")
    assert shown(now) == shown(mine)
    assert sheet(live, "总览").cells != mine.cells


def test_what_somebody_wrote_on_our_sheet_is_kept_as_a_copy(live: Live) -> None:
    sheet(live, "数据质量").cells[90, 2] = Cell("请财务核对")
    before = twin(sheet(live, "数据质量"))
    done = refresh(live, "zh")
    copy = done.kept["数据质量"]
    kept = sheet(live, copy)
    assert kept.cells == before.cells
    assert kept.names["_xlsales.sheet"].refers == '="kept:quality:1"'
    assert (90, 2) not in sheet(live, "数据质量").cells


def test_the_marks_are_those_by_which_any_host_knows_our_sheets(october: Run) -> None:
    ours = owned(open_book(fake_books.saved(october.after)))
    assert [name for key, name in ours.items() if key != "settings"] == OURS


@pytest.mark.parametrize(
    ("name", "fullname"),
    [
        ("工作簿1", "工作簿1"),
        ("销售.xlsx", "https://d.docs.live.net/0a1b2c/销售 报表/销售.xlsx"),
        ("销售.xlsm", "\\\\server\\share\\销售.xlsm"),
    ],
    ids=["never saved", "OneDrive", "share"],
)
def test_where_the_book_lies_does_not_matter(
    excel: Excel, september: bytes, name: str, fullname: str
) -> None:
    live = opened(excel, september, name, fullname.removesuffix(name))
    ask(live, "2026-10")
    assert refresh(live, "zh").changed


def test_a_book_that_was_opened_read_only_is_refreshed_too(excel: Excel, live: Live) -> None:
    excel.books[0].read_only = True
    assert refresh(live, "zh").changed


def test_a_book_that_recommends_to_be_opened_read_only_is_refreshed_too(live: Live) -> None:
    of(live).read_only_recommended = True
    assert refresh(live, "zh").changed


@pytest.mark.parametrize("name", ["订单.csv", "旧.xls"])
def test_a_book_of_another_format_is_refused(excel: Excel, september: bytes, name: str) -> None:
    live = opened(excel, september, name)
    before = twin(of(live))
    with pytest.raises(WorkbookError) as refused:
        refresh(live, "zh")
    assert refused.value.key == "book_not_xlsx"
    assert of(live) == before


def test_excel_is_waited_for_while_it_is_busy(excel: Excel, live: Live) -> None:
    excel.busy_for = 7
    assert refresh(live, "zh").changed


@pytest.mark.parametrize("mood", ["editing", "busy"])
def test_after_a_while_the_user_is_told_that_excel_takes_no_orders(
    excel: Excel, live: Live, mood: str
) -> None:
    before = twin(of(live))
    if mood == "editing":
        excel.editing = True
    else:
        excel.busy_for = 10_000
    with pytest.raises(WorkbookError) as refused:
        refresh(live, "zh")
    assert refused.value.key == "excel_busy"
    assert of(live) == before


def test_nothing_is_touched_where_nothing_can_be_computed(excel: Excel, live: Live) -> None:
    ask(live, "next month")
    before, settings = twin(of(live)), dict(excel.settings)
    with pytest.raises(InputError):
        refresh(live, "zh")
    assert (of(live), excel.settings) == (before, settings)


def test_functions_find_what_the_last_refresh_understood(later: Live) -> None:
    live = later
    assert refreshed("C:\\anders\\销售.xlsx") is None
    found = refreshed(live.fullname)
    assert found is not None
    assert len(found.cleaned.tables["orders"]) > 0
    assert refreshed(live.fullname.upper()) is found


def test_a_book_without_a_place_is_not_remembered(excel: Excel, september: bytes) -> None:
    live = opened(excel, september, "工作簿1", "")
    refresh(live, "zh")
    assert refreshed("工作簿1") is None


def test_cells_that_ask_for_refreshed_data_are_computed_again(excel: Excel, live: Live) -> None:
    mine = sheet(live, "我的表").cells
    mine[9, 1] = Cell(formula='=XS_METRIC("sales")')
    mine[9, 3] = Cell(formula='=ROUND(XS_METRIC("win_rate","rep"),2)')
    refresh(live, "zh")
    assert excel.dirty == ["我的表!$A$9", "我的表!$C$9"]


def test_a_sheet_that_will_not_be_searched_stops_no_refresh(
    excel: Excel, live: Live, october: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ComError(-2146827284)

    monkeypatch.setattr(ComRange, "Find", refuse)
    refresh(live, "zh")
    assert sheet(live, "总览") == next(page for page in october.after.sheets if page.name == "总览")


def test_clean_sheets_are_brought_with_all_their_rows_and_stay_in_place(
    excel: Excel, september: bytes, tmp_path: Path
) -> None:
    live = opened(excel, september)
    sheet(live, "设置").cells |= {(3, 1): Cell("cleaned"), (3, 2): Cell("是")}
    expected = from_file(live, tmp_path)
    refresh(live, "zh")
    clean = {page.name: page for page in expected.sheets if page.name.startswith("清洗后")}
    assert "清洗后订单" in clean
    assert len(clean["清洗后订单"].cells) > 60
    for name, page in clean.items():
        assert shown(sheet(live, name)) == shown(page), name
    assert refresh(live, "zh").kept == {}  # Excel says the rows in other words, and nobody has touched them
    assert {page.name for page in of(live).sheets} == {page.name for page in expected.sheets}
