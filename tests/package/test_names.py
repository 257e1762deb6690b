from __future__ import annotations

import pytest

from tests.package.workbooks import openpyxl_book, refreshed
from xlsales.package.book import open_book
from xlsales.package.names import owned, sheet_of


@pytest.mark.parametrize(
    ("reference", "sheet"),
    [
        ("'总览'!$B$7", "总览"),
        ("总览!$B$7", "总览"),
        ("='It''s mine'!A1:B2", "It's mine"),
        ("#REF!", "#REF"),
        ("42", None),
        ('"text"', None),
    ],
)
def test_the_sheet_of_a_reference_is_read_as_excel_writes_it(reference: str, sheet: str | None) -> None:
    assert sheet_of(reference) == sheet


def test_a_workbook_without_our_mark_owns_nothing() -> None:
    assert owned(open_book(openpyxl_book())) == {}


def test_our_sheets_are_known_by_their_mark() -> None:
    assert owned(open_book(refreshed(openpyxl_book()))) == {"overview": "总览", "data": "数据"}


def test_a_mark_on_a_sheet_that_is_gone_owns_nothing() -> None:
    book = open_book(openpyxl_book())
    book.define("_xlsales.sheet", '"overview"', 9, hidden=True)
    assert owned(book) == {}


def test_of_a_sheet_and_its_copy_before_it_the_older_id_is_ours() -> None:
    book = open_book(openpyxl_book())
    for tab, sheet_id in zip(book.root.iter(book.dialect.tag("sheet")), ("7", "3"), strict=True):
        tab.set("sheetId", sheet_id)
    for place in (0, 1):
        book.define("_xlsales.sheet", '"overview"', place, hidden=True)
    assert owned(book) == {"overview": "notes"}
