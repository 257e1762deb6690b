from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from tests.package.workbooks import openpyxl_book, read, refreshed, saved
from xlsales.package.book import open_book
from xlsales.package.names import owned_sheets, written_prints
from xlsales.package.prints import sheet_print

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet


def intact(data: bytes) -> dict[str, bool]:
    """For every sheet of ours, whether it still has the print of what was written."""
    book = open_book(data)
    prints = written_prints(book)
    return {key: sheet_print(book, sheet) == prints[sheet.place] for key, sheet in owned_sheets(book).items()}


def resaved(data: bytes, change: Callable[[Worksheet], object] = lambda _: None) -> bytes:
    """Saved by another program, which writes every part in its own words, after a change to our page."""
    book = read(data)
    change(book["总览"])
    return saved(book)


def test_our_sheets_have_their_print_also_when_another_program_saved_them() -> None:
    data = refreshed(openpyxl_book(), (1 / 3, 2e20, -0.1))
    assert intact(data) == {"overview": True, "data": True}
    assert intact(resaved(data)) == {"overview": True, "data": True}


def test_sheets_with_other_figures_have_other_prints() -> None:
    prints = [written_prints(open_book(refreshed(openpyxl_book(), (1, 2, last)))) for last in (3, 4)]
    assert all(prints[0][place] != prints[1][place] for place in prints[0])


def put(cell: str, value: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[cell] = value

    return change


CHANGES: dict[str, Callable[[Worksheet], object]] = {
    "a note in an empty cell": put("Z40", "call her"),
    "a number": put("Z40", 0),
    "a formula": put("Z40", "=A2*2"),
    "a value over ours": put("A1", "mine"),
    "a value over a formula of ours": put("A2", 7),
    "a cell cleared": put("A1", None),
    "a chart": lambda sheet: sheet.add_chart(BarChart(), "Z1"),
    "a comment": lambda sheet: setattr(sheet["A1"], "comment", Comment("why?", "Wang")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_somebody_does_to_our_page_changes_its_print(change: Callable[[Worksheet], object]) -> None:
    data = resaved(refreshed(openpyxl_book()), change)
    assert intact(data) == {"overview": False, "data": True}


def test_a_format_or_a_width_is_no_change() -> None:
    def dress(sheet: Worksheet) -> None:
        sheet["A1"].number_format = "0.00"
        sheet.column_dimensions["B"].width = 50

    assert intact(resaved(refreshed(openpyxl_book()), dress))["overview"]
