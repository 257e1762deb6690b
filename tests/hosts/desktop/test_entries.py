"""What the user enters in cells that we asked to fill stays when their sheet is written anew in place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl.utils import coordinate_to_tuple

from tests.hosts.desktop.conftest import of, sheet
from tests.hosts.desktop.fake_books import Cell
from tests.hosts.desktop.fake_excel import ComSheet, twin
from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.metric_sheet import metric_page
from xlsales.hosts.desktop.refresh import refresh
from xlsales.hosts.desktop.undo import undo
from xlsales.report.blocks import Field, Form, Note, Placed, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hosts.desktop.fake_excel import Excel
    from xlsales.analysis import Analysis
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language
    from xlsales.report.blocks import Page

FIELDS = (
    Field("owner", "负责人", "待定"),
    Field("note", "备注"),
    Field("days", "天数", 3),
    Field("basis", "口径"),
)
PAGE = "销售额"


def form(
    notes: int = 0, fields: tuple[Field, ...] = FIELDS
) -> Callable[[Analysis, Language], tuple[Page, ...]]:
    """A page that ends with a form, lower by so many notes."""

    def pages(analysis: Analysis, lang: Language) -> tuple[Page, ...]:
        page = metric_page("sales", analysis, lang)
        last = len(page.columns) - 1
        note = (Placed(Note(((Run("看这里"),),)), 0, last),)
        asked = (Placed(Form("review", "复核", fields), 0, last),)
        return (replace(page, bands=(*page.bands, *[note] * notes, asked)),)

    return pages


def place(live: Live, field: str) -> tuple[int, int]:
    """Row and column of a cell to fill, by its hidden name."""
    refers = sheet(live, PAGE).names[f"_xlsales.form.review.{field}"].refers
    return coordinate_to_tuple(refers.rpartition("!")[2].replace("$", ""))


def entries(live: Live) -> list[object]:
    cells = sheet(live, PAGE).cells
    found = [cells[place(live, field.key)] for field in FIELDS]
    return [cell.formula or cell.value for cell in found]


@pytest.fixture
def filled(live: Live) -> Live:
    """The page with its form, filled in."""
    refresh(live, "zh", pages=form())
    cells = sheet(live, PAGE).cells
    for key, entered in (("owner", " 007 "), ("note", "=1+1"), ("days", 12.5)):
        cells[place(live, key)] = replace(cells[place(live, key)], value=entered)
    cells[place(live, "basis")] = Cell(formula="='订单'!A1&\"口径\"")
    return live


ENTERED = [" 007 ", "=1+1", 12.5, "='订单'!A1&\"口径\""]


def test_before_anybody_entered_anything_our_proposals_stand_there(live: Live) -> None:
    refresh(live, "zh", pages=form())
    assert entries(live) == ["待定", None, 3, None]


def test_texts_numbers_and_formulas_are_there_after_a_refresh(filled: Live) -> None:
    refresh(filled, "zh", pages=form())
    assert entries(filled) == ENTERED


def test_entries_move_with_their_cells_and_keep_the_format_of_these(filled: Live) -> None:
    before = {field.key: place(filled, field.key) for field in FIELDS}
    looks = {key: sheet(filled, PAGE).cells[at].style for key, at in before.items() if key != "basis"}
    refresh(filled, "zh", pages=form(notes=2))
    after = {field.key: place(filled, field.key) for field in FIELDS}
    assert all(after[key][0] > row for key, (row, _) in before.items())
    assert entries(filled) == ENTERED
    assert {key: sheet(filled, PAGE).cells[after[key]].style for key in looks} == looks
    assert sheet(filled, PAGE).cells[after["basis"]].style == looks["note"]


def test_what_the_user_took_out_stays_out(filled: Live) -> None:
    sheet(filled, PAGE).cells[place(filled, "owner")] = Cell()
    refresh(filled, "zh", pages=form())
    assert entries(filled) == [None, *ENTERED[1:]]


def test_a_field_that_is_new_holds_our_proposal(filled: Live) -> None:
    more = (Field("more", "更多", "新"), *FIELDS)
    refresh(filled, "zh", pages=form(fields=more))
    assert entries(filled) == ENTERED
    assert sheet(filled, PAGE).cells[place(filled, "more")].value == "新"


def test_entries_stay_on_a_sheet_that_was_renamed(filled: Live) -> None:
    ComSheet(filled.book._excel.inner, sheet(filled, PAGE)).Name = "我的页"
    refresh(filled, "zh", pages=form(notes=1))
    sheet(filled, "我的页").name = PAGE
    assert entries(filled) == ENTERED


def test_an_undo_leaves_what_was_entered_since(filled: Live) -> None:
    before = place(filled, "days")
    refresh(filled, "zh", pages=form(notes=2))
    cells = sheet(filled, PAGE).cells
    cells[place(filled, "days")] = Cell(40)
    cells[place(filled, "owner")] = Cell(formula="=TODAY()")
    undo(filled, "zh")
    assert place(filled, "days") == before
    assert entries(filled) == ["=TODAY()", *ENTERED[1:2], 40, ENTERED[3]]


def test_a_refresh_that_fails_at_its_end_leaves_the_entries(
    filled: Live, excel: Excel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise WorkbookError("excel_busy")

    before = twin(sheet(filled, PAGE))
    monkeypatch.setattr("xlsales.hosts.desktop.change.remember_refresh", lambda *_: fail())
    with pytest.raises(WorkbookError):
        refresh(filled, "zh", pages=form(notes=2))
    assert sheet(filled, PAGE).cells == before.cells
    assert [one.Name for one in excel.books] == ["销售.xlsx"]
    assert of(filled).sheets
