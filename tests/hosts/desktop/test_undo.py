"""Undo puts back exactly what was, and can itself be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.hosts.desktop.conftest import ask, holding, of, opened, sheet, shown
from tests.hosts.desktop.fake_books import Cell
from tests.hosts.desktop.fake_excel import ComSheet, Excel, refused, twin
from xlsales.errors import WorkbookError
from xlsales.hosts.desktop import states
from xlsales.hosts.desktop.refresh import refresh
from xlsales.hosts.desktop.undo import undo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.desktop.conftest import Run
    from tests.hosts.desktop.fake_books import Book, Sheet
    from xlsales.hosts.desktop.caller import Live


def same(live: Live, before: Book) -> None:
    """The open book is as it was, sheet by sheet."""
    now = without_note(of(live))
    assert [page.name for page in now.sheets] == [page.name for page in before.sheets]
    for page, was in zip(now.sheets, before.sheets, strict=True):
        for name, value in vars(was).items():
            assert vars(page)[name] == value, f"{page.name}: {name}"
    assert now == before


def page(book: Book, name: str) -> Sheet:
    return next(one for one in book.sheets if one.name == name)


def without_note(book: Book) -> Book:
    """The book without the hidden name that says where its last state is kept, tables by their places."""
    book = twin(book)
    for one in book.sheets:
        one.tables.sort(key=lambda table: table.cells)
    book.names.pop("_xlsales.refresh", None)
    return book


def test_after_a_refresh_in_place_everything_is_as_before(later: Live, october: Run) -> None:
    undo(later, "zh")
    same(later, without_note(october.before))


@dataclass(frozen=True)
class FirstRun:
    data: bytes
    before: Book
    after: Book


@pytest.fixture(scope="module")
def first(raw: bytes) -> FirstRun:
    live = opened(Excel(), raw)
    before = twin(of(live))
    refresh(live, "zh")
    return FirstRun(raw, before, twin(of(live)))


def test_after_a_first_refresh_our_sheets_and_names_are_gone(first: FirstRun) -> None:
    live = holding(opened(Excel(), first.data), first.after)
    undo(live, "zh")
    same(live, first.before)


def test_what_somebody_wrote_is_on_our_sheet_again_and_its_copy_is_gone(live: Live) -> None:
    sheet(live, "数据质量").cells[90, 2] = Cell("请财务核对")
    before = without_note(of(live))
    refresh(live, "zh")
    undo(live, "zh")
    same(live, before)


def test_a_formula_of_the_user_on_our_sheet_reads_the_raw_data_again(live: Live) -> None:
    """Excel lets it read the hidden book that it was copied from."""
    sheet(live, "数据质量").cells[91, 2] = Cell(formula="=SUM('订单'!M2:M9)")
    before = without_note(of(live))
    refresh(live, "zh")
    undo(live, "zh")
    same(live, before)


def test_an_undo_is_undone_by_another(later: Live, october: Run) -> None:
    undo(later, "zh")
    undo(later, "zh")
    same(later, without_note(october.after))


def test_only_our_sheets_go_back(later: Live) -> None:
    live = later
    sheet(live, "我的表").cells[9, 1] = Cell("written since")
    ask(live, "2026-08")
    undo(live, "zh")
    assert sheet(live, "我的表").cells[9, 1].value == "written since"
    assert sheet(live, "设置").cells[1, 2].value == "2026-08"


def test_a_sheet_that_was_renamed_since_keeps_its_name(later: Live, october: Run) -> None:
    live, before = later, page(october.before, "总览")
    ComSheet(live.book._excel.inner, sheet(live, "总览")).Name = "老板看"
    ComSheet(live.book._excel.inner, sheet(live, "图表数据")).Name = "数"
    undo(live, "zh")
    assert sheet(live, "老板看").cells == before.cells
    assert of(live).names["XS_sales"].refers == "='老板看'!$B$7"
    was = [one.formula for chart in before.charts for one in chart.series]
    assert [one.formula for chart in sheet(live, "老板看").charts for one in chart.series] == [
        one.replace("'图表数据'", "图表数据").replace("图表数据", "'数'") for one in was
    ]


def test_a_sheet_that_was_deleted_since_comes_back(later: Live, october: Run) -> None:
    live, before = later, page(october.before, "漏斗")
    of(live).sheets.remove(sheet(live, "漏斗"))
    undo(live, "zh")
    assert sheet(live, "漏斗").cells == before.cells


def test_the_book_may_be_saved_under_another_name_in_between(excel: Excel, later: Live, october: Run) -> None:
    excel.books[0].name, excel.books[0].fullname = "别名.xlsx", "D:\\别名.xlsx"
    undo(later, "zh")
    same(later, without_note(october.before))


def test_without_a_refresh_there_is_nothing_to_undo(excel: Excel, raw: bytes) -> None:
    live = opened(excel, raw)
    before = dict(excel.settings)
    with pytest.raises(WorkbookError) as failed:
        undo(live, "zh")
    assert failed.value.key == "nothing_to_undo"
    assert excel.settings == before


def test_a_state_that_was_cleared_away_cannot_be_put_back(later: Live) -> None:
    of(later).names["_xlsales.refresh"].refers = '="0123456789abcdef"'
    with pytest.raises(WorkbookError) as failed:
        undo(later, "zh")
    assert failed.value.key == "nothing_to_undo"


def test_a_sheet_that_was_deleted_half_way_comes_back_where_it_stood(
    first: FirstRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the formula of the user that read it, which Excel had made into ``#REF!``."""
    excel = Excel()
    live = opened(excel, first.data)
    holding(live, first.after)
    sheet(live, "订单").cells[70, 1] = Cell(formula="='总览'!$B$7")
    was = without_note(of(live))
    deleted = []

    def fail(self: ComSheet) -> None:
        if len(deleted) == 2:
            deleted.append(self)
            raise refused("Delete failed.")
        deleted.append(self)
        original(self)

    original = ComSheet.Delete
    monkeypatch.setattr(ComSheet, "Delete", fail)
    with pytest.raises(WorkbookError) as failed:
        undo(live, "zh")
    assert failed.value.key == "excel_refused"
    assert len(deleted) == 3
    now = without_note(of(live))
    assert [one.name for one in now.sheets] == [one.name for one in was.sheets]
    for one, other in zip(now.sheets, was.sheets, strict=True):
        assert shown(one) == shown(other), one.name
        assert one.names == other.names
    assert now.names == was.names


def test_the_oldest_states_are_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(states, "MOST_STATES", 3)
    copy = tmp_path / "book.xlsm"
    copy.write_bytes(b"book")
    names = [states.keep(copy) for _ in range(5)]
    left = [name for name in names if states.kept(name)]
    assert len(left) == 3
    assert names[-1] in left
    newest = states.kept(names[-1])
    assert newest is not None
    assert newest.read_bytes() == b"book"
    monkeypatch.setattr(states, "MOST_BYTES", 1)
    last = states.keep(copy)
    assert [path.stem for path in newest.parent.iterdir()] == [last]
