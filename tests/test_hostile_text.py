"""Text that would like to be something else, through the whole line: it stays the text that it is."""

from __future__ import annotations

import csv
import warnings
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree

from xlsales.hosts.file import refresh
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

HOSTILE = {
    "a formula": "=1+1",
    "a sign and digits": "+86",
    "an at": "@x",
    "a negative number": "-5",
    "a command": "=cmd|'/c calc'!A0",
    "an array formula": "{=1+1}",
    "a long id": "1234567890123456789",
    "leading zeros": "000123",
    "an exponent": "1E5",
    "a date": "3-4",
    "a logical value": "TRUE",
    "an error": "#REF!",
    "a link": "https://example.com/?q=1&r=2",
    "markup": "</t></is></c><f>1+1</f>",
    "an escape of Excel's": "_x0041_ _x000D_",
    "emoji": "王芳 👩‍🏫🇨🇳",
    "control characters": "a\x01b\x0bc\x1fd",
    "what XML forbids": "a\ufffeb\uffff",
    "right to left": "\u202egnp.exe",
    "line breaks": "one\ntwo\r\nthree",
    "a very long text": "长" * 40_000,
    "very long words": "word " * 9_000,
    "quotes": 'O\'Neil "the" & <Co>',
}
AS_EXCEL_HOLDS_IT = {
    "an escape of Excel's": "_x005F_x0041_ _x005F_x000D_",
    "control characters": "a_x0001_b c d",
    "what XML forbids": "a_xFFFE_b_xFFFF_",
    "emoji": "王芳 👩",
    "line breaks": "one two three",
    "a very long text": "长" * 9,
    "very long words": "word word word",
}
"""The text of the cell where it is not the text of the data: escaped, on one line, or cut to its room."""
TEXT = ("Customer", "Product", "Category", "Rep", "Team", "Region", "Channel", "Campaign")
FORBIDDEN = {*range(32), 0xFFFE, 0xFFFF} - {9, 10, 13}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders, leads and targets with a hostile text in every text column, and each order twice."""
    place = tmp_path_factory.mktemp("hostile")
    texts = list(HOSTILE.values())

    def write(name: str, header: list[str], rows: list[list[str]]) -> None:
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    orders, leads = [], []
    for at, text in enumerate(texts):
        names = [texts[(at + shift) % len(texts)] for shift in range(len(TEXT))]
        for month in (9, 10):
            day = f"2026-{month:02d}-{1 + at:02d}"
            orders += [[f"{text[:50]}{month}", day, f"{text[:50]}", *names, str(100 + at)]] * 2
            leads.append([f"L{text[:50]}{month}", day, *names[1:2], *names[3:7], day, day])
    write("orders.csv", ["Order ID", "Order date", "Customer ID", *TEXT, "Amount"], orders)
    write(
        "leads.csv",
        ["Lead ID", "Created", "Product", "Rep", "Team", "Region", "Channel", "Contacted", "Won"],
        leads,
    )
    write("targets.csv", ["Month", "Rep", "Target"], [["2026-10-01", text, "150"] for text in texts])
    return place


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request: pytest.FixtureRequest, exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lang: Language = request.param
    out = tmp_path_factory.mktemp("out") / "out.xlsx"
    return refresh([exports], out, lang=lang).path


@pytest.fixture(scope="module")
def book(written: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        return openpyxl.load_workbook(written)


def texts_of(book: openpyxl.Workbook) -> list[tuple[str, str]]:
    return [
        (cell.data_type, cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_text_is_there_and_is_text(kind: str, book: openpyxl.Workbook) -> None:
    shown = AS_EXCEL_HOLDS_IT.get(kind, HOSTILE[kind])
    cells = [held for held, value in texts_of(book) if value == shown or value.startswith(shown[:99])]
    assert len(cells) > 1
    assert set(cells) == {"s"}


def test_every_formula_is_one_of_ours(book: openpyxl.Workbook) -> None:
    formulas = {value for kind, value in texts_of(book) if kind == "f"}
    assert formulas
    for formula in formulas:
        assert formula.startswith(("=IF(", "=IFERROR(", "=SUBTOTAL(109,")) or set(formula) <= set(
            "=0123456789.-e{}+-*/()ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        ), formula
        assert "cmd" not in formula


def test_no_cell_leads_outside_the_workbook(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            assert cell.hyperlink.target is None
            assert cell.hyperlink.location.split("!")[0].strip("'") in book.sheetnames


def test_every_part_is_xml_without_forbidden_characters(written: Path) -> None:
    with ZipFile(written) as package:
        for name in package.namelist():
            data = package.read(name).decode("utf-8")
            etree.fromstring(data.encode())
            assert not FORBIDDEN & set(map(ord, data)), name


def test_no_cell_is_longer_than_excel_allows(book: openpyxl.Workbook) -> None:
    assert max(len(value.encode("utf-16-le")) // 2 for _, value in texts_of(book)) <= 32_767


def test_table_headers_are_unique_text_and_no_longer_than_excel_allows(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            headers = [column.name for column in table.tableColumns]
            assert len({header.casefold() for header in headers}) == len(headers)
            assert all(0 < len(header) <= 255 for header in headers)


def test_a_refresh_of_the_same_changes_nothing(written: Path, exports: Path) -> None:
    lang = "zh" if "总览" in openpyxl.load_workbook(written, read_only=True).sheetnames else "en"
    assert not refresh([exports], written, lang=lang).changed
