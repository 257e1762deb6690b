"""The book is as it was or as it is to be, wherever Excel fails on the way: tried for every sixth call."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.hosts.desktop import fake_books
from tests.hosts.desktop.conftest import of, opened, sheet
from tests.hosts.desktop.fake_excel import ComError, Excel, twin
from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.change import carry_out
from xlsales.hosts.desktop.quiet import quiet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.desktop.fake_books import Book
    from xlsales.hosts.desktop.caller import Live
    from xlsales.hosts.desktop.change import Change

Prepared = tuple["Change", "Path", "Book"]


@pytest.fixture
def prepared(live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """A refresh of one page that somebody wrote on: one sheet in place, one new, two copies aside."""
    sheet(live, "总览").cells[60, 3] = fake_books.Cell("written by the user")
    caught: list[Change] = []

    def catch(_: Live, change: Change, copy: Path) -> None:
        for path in (change.source, copy):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        caught.append(change)

    module = importlib.import_module("xlsales.hosts.desktop.refresh")
    monkeypatch.setattr(module, "carry_out", catch)
    module.refresh(live, "zh", only=("overview",))
    change = caught[0]
    for page in of(live).sheets:  # what nobody writes need not be large
        if page.name not in ("总览", "图表数据", "我的表"):
            page.tables.clear()
            page.links.clear()
            top = {place: cell for place, cell in page.cells.items() if place[0] <= 2}
            page.cells = fake_books.Cells(top)
    copy = tmp_path / live.name
    copy.write_bytes(fake_books.saved(of(live)))
    return replace(change, source=tmp_path / change.source.name), copy, twin(of(live))


def again(prepared: Prepared, excel: Excel) -> Live:
    _, copy, before = prepared
    live = opened(excel, copy.read_bytes())
    live.book._excel.inner.book = twin(before)
    return live


def state(live: Live) -> tuple[Book, dict[str, object], list[str], int]:
    """All that a user could see: the book, how Excel is set, what is open, and which sheet is in front."""
    excel = live.book._excel.excel
    book = twin(of(live))
    return book, dict(excel.settings), [one.Name for one in excel.books], book.active


def changed(prepared: Prepared) -> tuple[Book, int]:
    """The book after the change, and how many calls it took."""
    excel = Excel()
    live = again(prepared, excel)
    with quiet(live):
        carry_out(live, prepared[0], prepared[1])
    return twin(of(live)), excel.calls


PARTS = 24
"""Every sixth call is tried, in four tests."""


@pytest.mark.parametrize("part", range(0, PARTS, 6))
def test_whichever_call_fails_the_book_is_as_before_or_as_after(prepared: Prepared, part: int) -> None:
    before = state(again(prepared, Excel()))
    after, calls = changed(prepared)
    assert after != before[0]
    assert calls > 500
    seen = set()
    for call in range(1 + part, calls + 1, PARTS):
        excel = Excel()
        live = again(prepared, excel)
        excel.calls, excel.fails_at = 0, call
        try:
            with quiet(live):
                carry_out(live, prepared[0], prepared[1])
        except (WorkbookError, ComError):
            assert state(live) == before, f"call {call} failed, and the book is neither"
            seen.add("before")
        else:
            assert of(live) == after, f"call {call} failed, and the book is neither"
            assert state(live)[1:] == before[1:]
            seen.add("after")
    assert "before" in seen


def test_a_failure_is_told_with_what_excel_said_of_it(prepared: Prepared) -> None:
    _, calls = changed(prepared)
    excel = Excel()
    live = again(prepared, excel)
    excel.calls, excel.fails_at = 0, calls // 2
    with pytest.raises(WorkbookError) as failed, quiet(live):
        carry_out(live, prepared[0], prepared[1])
    assert (failed.value.key, failed.value.facts) == ("excel_refused", {"reason": "Out of memory."})


def test_where_even_putting_back_fails_the_user_is_told_where_the_book_is(prepared: Prepared) -> None:
    _, calls = changed(prepared)
    excel = Excel()
    live = again(prepared, excel)
    excel.calls, excel.fails_from = 0, calls // 2
    with pytest.raises(WorkbookError) as failed, quiet(live):
        carry_out(live, prepared[0], prepared[1])
    assert failed.value.key == "not_put_back"
    assert failed.value.facts["file"].read_bytes() == prepared[1].read_bytes()


@pytest.mark.parametrize("name", ["总览", "我的表"])
def test_a_protected_sheet_is_seen_before_anything_is_written(prepared: Prepared, name: str) -> None:
    """Also one of the user's, whose formulas name a table of ours: Excel would rewrite them for good."""
    excel = Excel()
    live = again(prepared, excel)
    sheet(live, name).protected = True
    before = state(live)
    with pytest.raises(WorkbookError) as failed, quiet(live):
        carry_out(live, prepared[0], prepared[1])
    assert (failed.value.key, failed.value.facts) == ("sheet_protected", {"sheet": name})
    assert state(live) == before


def test_a_protected_structure_is_seen_before_anything_is_written(prepared: Prepared) -> None:
    live = again(prepared, Excel())
    of(live).structure_protected = True
    before = state(live)
    with pytest.raises(WorkbookError) as failed, quiet(live):
        carry_out(live, prepared[0], prepared[1])
    assert failed.value.key == "workbook_structure_locked"
    assert state(live) == before


def test_a_name_that_was_taken_meanwhile_is_seen_before_anything_is_written(prepared: Prepared) -> None:
    live = again(prepared, Excel())
    of(live).sheets.append(fake_books.Sheet("总览（旧）", id=99))
    before = state(live)
    with pytest.raises(WorkbookError) as failed, quiet(live):
        carry_out(live, prepared[0], prepared[1])
    assert failed.value.key == "sheet_name_taken"
    assert state(live) == before
