"""The raw workbook, read back by another library: dirt where it is marked, text that stays text."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
import pytest

from xlsales.demo import dirt
from xlsales.demo import institution as qiming
from xlsales.demo.book import demo_workbook, write_demo
from xlsales.demo.layout import LAYOUTS
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from xlsales.demo.layout import Layout
    from xlsales.language import Language


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def data(lang: Language) -> bytes:
    return demo_workbook(lang)


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data), data_only=True)


@pytest.fixture(scope="module")
def formulas(data: bytes) -> dict[int, list[str]]:
    """The formulas of each sheet, counted from 1, as they stand in its part."""
    with ZipFile(BytesIO(data)) as package:
        return {
            number: re.findall(r"<f>(.*?)</f>", package.read(f"xl/worksheets/sheet{number}.xml").decode())
            for number in range(1, len(LAYOUTS) + 3)
        }


def lines(book: Workbook, layout: Layout, lang: Language) -> list[tuple[Any, ...]]:
    """The data rows of a sheet, total rows left out."""
    words = {"合计", "小计", "Total", "Subtotal"}
    rows = book[layout.name(lang)].iter_rows(min_row=layout.first_row + 1, values_only=True)
    return [row for row in rows if row[0] not in words]


def test_the_same_bytes_every_time_and_small_enough_to_mail(
    data: bytes, lang: Language, tmp_path: Path
) -> None:
    demo_workbook.cache_clear()
    write_demo(tmp_path / "demo.xlsx", lang)
    assert (tmp_path / "demo.xlsx").read_bytes() == data
    assert len(data) < 3_000_000


def test_headers_stand_where_the_layout_says(book: Workbook, lang: Language) -> None:
    for layout in LAYOUTS:
        header = next(
            book[layout.name(lang)].iter_rows(
                min_row=layout.first_row, max_row=layout.first_row, values_only=True
            )
        )
        assert list(header) == [field.header(lang) for field in layout.fields]


def test_every_row_is_written_once_for_each_line(book: Workbook, lang: Language) -> None:
    for layout in LAYOUTS:
        assert len(lines(book, layout, lang)) == len(dirt.soiled().sheets[layout.table])


def test_every_mark_can_be_seen_in_its_cell(book: Workbook, lang: Language) -> None:
    sheets = {layout.table: (layout, lines(book, layout, lang)) for layout in LAYOUTS}
    for mark in dirt.soiled().marks:
        layout, rows = sheets[mark.table]
        value = rows[mark.row][layout.column(mark.column)]
        assert SEEN[mark.kind](value), (mark, value)
        if mark.kind == "duplicate":
            assert rows[mark.row] == rows[mark.row - 1]


SEEN: dict[dirt.Kind, Any] = {
    "money_symbol": lambda value: value.startswith("￥"),
    "money_yuan": lambda value: value.endswith("元"),
    "money_wan": lambda value: value.endswith("万"),
    "money_full_width": lambda value: value[0] in "０１２３４５６７８９",
    "date_words": lambda value: "年" in value or value[-4:].isdigit(),
    "date_iso": lambda value: date.fromisoformat(value) is not None,
    "date_slash": lambda value: value.count("/") == 2,
    "date_serial": lambda value: 45_000 < value < 47_000,
    "date_time": lambda value: datetime.fromisoformat(value) is not None,
    "space_after": lambda value: value.endswith("  "),
    "space_before": lambda value: value.startswith(" "),
    "space_wide": lambda value: value.endswith("\u3000"),
    "hostile": lambda value: value in dirt.HOSTILE,
    "remark": lambda value: isinstance(value, str),
    "duplicate": lambda value: isinstance(value, str),
    "blank": lambda value: value is None,
    "error": lambda value: value in ("#N/A", "#DIV/0!"),
    "over_paid": lambda value: isinstance(value, float | int),
}


def test_hostile_texts_are_texts_and_no_formula_is_theirs(
    book: Workbook, formulas: dict[int, list[str]], lang: Language
) -> None:
    for number, layout in enumerate(LAYOUTS, start=1):
        assert all(re.match(r"SUBTOTAL\(|NA\(\)|1/0", formula) for formula in formulas[number])
        stains = [
            mark for mark in dirt.soiled().marks if mark.kind == "hostile" and mark.table == layout.table
        ]
        rows = lines(book, layout, lang)
        assert {rows[mark.row][layout.column(mark.column)] for mark in stains} <= set(dirt.HOSTILE)
    used = {cell for row in lines(book, LAYOUTS[0], lang) + lines(book, LAYOUTS[1], lang) for cell in row}
    assert len(used & set(dirt.HOSTILE)) >= 4


def test_ids_keep_their_zeros_as_text(book: Workbook, lang: Language) -> None:
    for layout in LAYOUTS:
        for field in layout.fields:
            if field.name in ("order_id", "customer_id", "lead_id"):
                ids = [row[layout.column(field.name)] for row in lines(book, layout, lang)]
                assert all(one is None or (isinstance(one, str) and one.startswith("0")) for one in ids)


def test_totals_are_formulas_with_the_value_that_excel_would_show(book: Workbook, lang: Language) -> None:
    for layout in (layout for layout in LAYOUTS if layout.total):
        column = layout.column(layout.total or "")
        rows = lines(book, layout, lang)
        last = list(book[layout.name(lang)].iter_rows(values_only=True))[-1]
        numbers = [row[column] for row in rows if isinstance(row[column], float | int)]
        assert last[column] == pytest.approx(sum(numbers))


def test_the_users_own_sheets_are_there(
    book: Workbook, formulas: dict[int, list[str]], lang: Language
) -> None:
    board = book.sheetnames[-2]
    rows = list(book[board].iter_rows(min_row=5, max_row=16, max_col=5, values_only=True))
    assert [row[0] for row in rows] == [qiming.word(rep.key, lang) for rep in qiming.REPS]
    assert all(row[3] == (pytest.approx(row[1] / row[2]) if row[2] else None) for row in rows)
    assert sum(formula.startswith("SUMIFS(") for formula in formulas[len(LAYOUTS) + 1]) == 2 * 12
    assert not formulas[len(LAYOUTS) + 2]
    assert "BoardMonth" in book.defined_names


def test_nothing_tells_when_or_where_it_was_built(data: bytes) -> None:
    with ZipFile(BytesIO(data)) as package:
        core = package.read("docProps/core.xml").decode()
    assert "2026-11-01T09:00:00Z" in core
    assert core.count("2026-11-01T09:00:00Z") == core.count("Z</")
