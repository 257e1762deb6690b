"""The texts of one sheet, whoever wrote the file and however many texts the others hold."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from xlsales.errors import WorkbookError
from xlsales.package.book import open_book
from xlsales.package.cells import contents


def texts(data: bytes, name: str) -> dict[str, str]:
    book = open_book(data)
    part = next(sheet.part for sheet in book.sheets if sheet.name == name)
    return {address: found.value for address, found in contents(book, str(part)).items()}


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    many = book.active
    many.title = "many"
    for number in range(500):
        many.append([f"text {number}"])
    few = book.create_sheet("few")
    few["A1"], few["B1"], few["C3"], few["D4"] = "period", " 2026-10 ", 45.5, True
    few["E5"] = CellRichText("two ", TextBlock(InlineFont(b=True), "runs"))
    few["F6"] = "  "
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(**options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        few, many = book.add_worksheet("few"), book.add_worksheet("many")
        few.write_row(0, 0, ["period", "2026-10"])
        many.write_column(0, 0, [f"text {number}" for number in range(500)])
    return out.getvalue()


def test_cells_are_read_as_the_file_holds_them() -> None:
    found = texts(by_openpyxl(), "few")
    assert found == {"A1": "period", "B1": " 2026-10 ", "C3": "45.5", "D4": "1", "E5": "two runs", "F6": "  "}


@pytest.mark.parametrize("options", [{}, {"in_memory": False, "constant_memory": True}])
def test_shared_and_inline_texts_are_the_same(options: dict[str, object]) -> None:
    assert texts(by_xlsxwriter(**options), "few") == {"A1": "period", "B1": "2026-10"}


def test_the_texts_of_other_sheets_are_not_gone_through() -> None:
    def broken_after(part: str, place: int) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(by_xlsxwriter())) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == part:
                    cut = [found.start() for found in re.finditer(b"<si>", content)][place]
                    content = content[:cut] + b"<si" + b"x" * 200_000
                new.writestr(name, content)
        return out.getvalue()

    assert texts(broken_after("xl/sharedStrings.xml", 400), "few") == {"A1": "period", "B1": "2026-10"}
    with pytest.raises(WorkbookError, match="sharedStrings"):
        texts(broken_after("xl/sharedStrings.xml", 1), "few")
