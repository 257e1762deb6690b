"""A table whose header row stays where it is stays too, with the filters and slicers that hang on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from tests.hosts.desktop import fake_books
from tests.hosts.desktop.conftest import MINE, of, opened, sheet, shown
from tests.hosts.desktop.fake_books import Cell
from tests.hosts.desktop.fake_excel import ComTable, twin
from xlsales.hosts.desktop.refresh import refresh
from xlsales.hosts.desktop.undo import undo
from xlsales.hosts.file import refresh as refresh_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.desktop.fake_books import Sheet, Table
    from tests.hosts.desktop.fake_excel import Excel
    from xlsales.hosts.desktop.caller import Live

PAGE = "数据质量"


@pytest.fixture
def more_findings(excel: Excel, september: bytes) -> Live:
    """September again, with more findings than before: a table on the data quality page gets longer."""
    live = opened(excel, september)
    raw = sheet(live, "订单").cells
    amount = next(place[1] for place, cell in raw.items() if place[0] == 1 and cell.value == "金额")
    for row in range(2, 9):
        raw[row, amount] = Cell("不详")
    return live


def rows(table: Table) -> int:
    _, top, _, bottom = range_boundaries(table.cells)
    return int(bottom - top)


def longer(before: Sheet, after: Sheet) -> list[tuple[Table, Table]]:
    """The tables that stand where they stood with more rows."""
    pairs = [(was, now) for was in before.tables for now in after.tables if now.name == was.name]
    return [
        (was, now)
        for was, now in pairs
        if now.cells.split(":")[0] == was.cells.split(":")[0] and rows(now) > rows(was)
    ]


def unlisted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Book and name of each table that becomes plain cells from here on."""
    seen: list[tuple[str, str]] = []
    original = ComTable.Unlist

    def unlist(self: Any) -> None:
        seen.append((self.on.book.name, self.table.name))
        original(self)

    monkeypatch.setattr(ComTable, "Unlist", unlist)
    return seen


def test_a_refresh_of_the_same_takes_no_table_off(
    later: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Here of a workbook where one figure was changed, so that there is something to write."""
    sheet(later, "订单").cells[2, 1] = Cell("another")
    tables = {page.name: list(page.tables) for page in of(later).sheets}
    seen = unlisted(monkeypatch)
    path = tmp_path / later.name
    path.write_bytes(fake_books.saved(of(later)))
    refresh_file([path])
    assert refresh(later, "zh").changed
    assert [name for book, name in seen if book == later.name] == []
    for page, was in zip(of(later).sheets, tables.values(), strict=True):
        assert all(now is table for now, table in zip(page.tables, was, strict=True))
    expected = {one.name: one for one in fake_books.opened(path.read_bytes()).sheets}
    for name in ("总览", "达成", "漏斗", "留存与续费", PAGE):
        assert shown(sheet(later, name)) == shown(expected[name])


def test_a_table_that_gets_longer_is_resized_and_is_what_the_file_host_would_write(
    more_findings: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live = more_findings
    before, there = twin(sheet(live, PAGE)), list(sheet(live, PAGE).tables)
    path = tmp_path / live.name
    path.write_bytes(fake_books.saved(of(live)))
    refresh_file([path])
    refresh(live, "zh")
    after = sheet(live, PAGE)
    grown = longer(before, after)
    assert grown
    assert all(any(now is table for table in there) for _, now in grown)
    expected = next(one for one in fake_books.opened(path.read_bytes()).sheets if one.name == PAGE)
    assert shown(after) == shown(expected)
    assert sheet(live, "我的表").cells == MINE


def test_an_undo_makes_it_shorter_again(more_findings: Live) -> None:
    before, there = twin(sheet(more_findings, PAGE)), list(sheet(more_findings, PAGE).tables)
    refresh(more_findings, "zh")
    grown = [now.name for _, now in longer(before, sheet(more_findings, PAGE))]
    undo(more_findings, "zh")
    assert shown(sheet(more_findings, PAGE)) == shown(before)
    assert {one.name for one in sheet(more_findings, PAGE).tables if one in there} >= set(grown)


FILTERS: list[dict[int, tuple[Any, ...]]] = [
    {1: ("=订单", 0, None)},
    {1: (("a", "b"), 7, None), 2: (">1", 1, "<9")},
    {2: (">1", 2, "<-1")},
]


@pytest.mark.parametrize("criteria", FILTERS)
def test_the_filters_of_the_user_are_there_again_over_the_new_rows(
    more_findings: Live, criteria: dict[int, tuple[Any, ...]]
) -> None:
    page = sheet(more_findings, PAGE)
    name = next(table.name for table in page.tables if rows(table) > 1 and not table.totals)
    table = next(one for one in page.tables if one.name == name)
    table.criteria, table.filter, page.filtered = dict(criteria), True, True
    refresh(more_findings, "zh")
    table = next(one for one in page.tables if one.name == name)
    assert (table.criteria, page.filtered) == (criteria, True)


@pytest.mark.parametrize("lost", [(0xFF0000, 8, None), (None, 7, None)], ids=["colour", "dates by group"])
def test_a_filter_that_excel_does_not_tell_is_taken_off(more_findings: Live, lost: tuple[Any, ...]) -> None:
    page = sheet(more_findings, PAGE)
    table = page.tables[0]
    table.criteria, table.filter, page.filtered = {1: lost}, True, True
    refresh(more_findings, "zh")
    assert (table.criteria, page.filtered) == ({}, False)


def test_where_excel_lets_nothing_be_pasted_over_a_table_the_tables_come_anew(
    excel: Excel, more_findings: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    excel.pastes_over_tables = False
    seen = unlisted(monkeypatch)
    path = tmp_path / more_findings.name
    path.write_bytes(fake_books.saved(of(more_findings)))
    refresh_file([path])
    refresh(more_findings, "zh")
    assert [name for book, name in seen if book == more_findings.name]
    expected = {one.name: one for one in fake_books.opened(path.read_bytes()).sheets}
    for name in ("总览", "达成", PAGE):
        assert shown(sheet(more_findings, name)) == shown(expected[name])
    assert sheet(more_findings, "我的表").cells == MINE


def test_a_table_whose_headers_changed_comes_anew(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the formulas that name its columns would follow the new headers."""
    page = sheet(live, PAGE)
    table = page.tables[0]
    left, top, _, _ = range_boundaries(table.cells)
    page.cells[top, left] = Cell("另一个表头")
    seen = unlisted(monkeypatch)
    refresh(live, "zh")
    assert (live.name, table.name) in seen
    assert page.cells[top, left].value != "另一个表头" or table not in page.tables


def test_a_table_with_a_total_row_comes_anew_once_its_size_changes(
    excel: Excel, september: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody says what Excel makes of the total row in a resize."""
    live = opened(excel, september)
    page = sheet(live, "达成")
    table = next(one for one in page.tables if one.totals)
    left, top, right, bottom = range_boundaries(table.cells)
    table.cells = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom - 1}"
    sheet(live, "订单").cells[2, 1] = Cell("another")
    seen = unlisted(monkeypatch)
    refresh(live, "zh")
    assert (live.name, table.name) in seen
    now = next(one for one in page.tables if one.name == table.name)
    assert (range_boundaries(now.cells), now.totals) == ((left, top, right, bottom), True)
    assert len([name for book, name in seen if book == live.name]) == 1
