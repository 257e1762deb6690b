"""Rows that go from text into the zip file: where they stand, what follows them, and that they are proven."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter

from tests.package.workbooks import openpyxl_book
from xlsales.errors import WorkbookError
from xlsales.package import check as check_module
from xlsales.package.archive import pack
from xlsales.package.bodies import with_bodies
from xlsales.package.book import open_book
from xlsales.package.check import check
from xlsales.package.graft import graft

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEYS = {"Rows": "rows"}


class Counted:
    """So many rows, each with its number as text."""

    def __init__(self, count: int, told: str = "row") -> None:
        self.count, self.told = count, told

    def __len__(self) -> int:
        return self.count

    def rows(
        self, first: int, plain: Sequence[str], noticed: Sequence[str], *, date1904: bool
    ) -> Iterator[bytes]:
        for at in range(self.count):
            style = (noticed if at == 1 else plain)[0]
            text = f"<is><t>{self.told} {at}</t></is>"
            yield (
                f'<row r="{first + at}"><c r="A{first + at}" s="{style}" t="inlineStr">{text}</c></row>'
            ).encode()


def waiting() -> bytes:
    """A sheet with a table around the two rows that show how cells look."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Rows")
        sheet.write_blank(3, 0, None, book.add_format({"num_format": "@"}))
        sheet.write_blank(4, 0, None, book.add_format({"num_format": "@", "bold": True}))
        sheet.add_table(2, 0, 4, 0, {"name": "counted", "columns": [{"header": "Row"}]})
    return buffer.getvalue()


def grafted(count: int, before: bytes | None = None, told: str = "row") -> bytes:
    return graft(before or openpyxl_book(), waiting(), KEYS, {}, bodies={"rows": Counted(count, told)})


@pytest.mark.parametrize("make", [grafted, lambda count: with_bodies(waiting(), {"Rows": Counted(count)})])
def test_the_rows_stand_where_the_two_stood_and_look_like_them(make: object) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(make(3)))["Rows"]  # type: ignore[operator]
    assert [cell.value for cell in sheet["A"]] == [None, None, "Row", "row 0", "row 1", "row 2"]
    assert [bool(cell.font.b) for cell in sheet["A"][3:]] == [False, True, False]
    assert sheet.tables["counted"].ref == "A3:A6"
    assert sheet.tables["counted"].autoFilter.ref == "A3:A6"


def test_without_rows_one_blank_row_is_left_for_the_table() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(grafted(0)))["Rows"]
    assert sheet.tables["counted"].ref == "A3:A4"
    assert [cell.value for cell in sheet["A"]][:4] == [None, None, "Row", None]


def test_the_same_rows_again_leave_the_file_and_other_rows_change_it() -> None:
    once = grafted(3)
    assert grafted(3, once) == once
    twice = grafted(4, once)
    check(once, twice, ["rows"])
    assert openpyxl.load_workbook(io.BytesIO(twice))["Rows"]["A7"].value == "row 3"


def test_a_sheet_without_the_two_rows_waits_for_none() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Rows")
    with pytest.raises(ValueError, match="wait"):
        with_bodies(buffer.getvalue(), {"Rows": Counted(1)})


def test_pieces_are_packed_as_the_whole_is() -> None:
    pieces = [b"abc" * 1000, b"", b"xyz" * 70_000]
    assert pack(pieces).content() == b"".join(pieces)
    assert (pack(pieces).size, pack(pieces).crc) == (
        pack([b"".join(pieces)]).size,
        pack([b"".join(pieces)]).crc,
    )


@pytest.mark.parametrize("text", ['<c r="A9" s="99"/>', '<c r="A9">', '<x r:id="rId9"/>'])
def test_a_large_part_is_proven_piece_by_piece(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format or link that is not there, and XML that is none, are found in it as in a small one."""
    monkeypatch.setattr(check_module, "LARGE", 0)
    before = openpyxl_book()
    check(before, grafted(3, before), ["rows"])
    book = open_book(grafted(3, before))
    part = next(sheet.part for sheet in book.sheets if sheet.name == "Rows")
    assert part
    content = book.package.read(part).replace(b"</sheetData>", f"{text}</sheetData>".encode())
    book.package.put(part, content)
    with pytest.raises(WorkbookError) as refused:
        check(before, book.to_bytes(), ["rows"])
    assert refused.value.key == "workbook_self_check"
