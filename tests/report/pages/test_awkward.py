"""Every page of every awkward book: it builds, speaks in whole sentences, fits its grid and its charts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.report.calculation import calculate
from tests.report.pages.books import BOOKS, report, said, whole, words
from tests.report.writer.reading import read
from xlsales.report.blocks import Cell, Chart, Kpis, Table
from xlsales.report.layout import CONTENT, lay_out
from xlsales.report.pages import PAGES
from xlsales.report.writer import sheet_names, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.report.blocks import Block, Report

every_book = pytest.mark.parametrize("name", BOOKS)

UNFINISHED = re.compile(
    r"\b(None|nan|NaN|NaT|inf|<NA>)\b|[{}]|\*\*"
    r"|[,;:，；：、]\s*([,;:.，；：。、)）]|$)|[(（]\s*[)）]"
)
"""What a sentence shows when a fact was left out of it."""


def blocks(of: Report) -> Iterator[Block]:
    return (placed.block for page in of.pages for band in page.bands for placed in band)


@every_book
def test_every_page_is_there(name: str) -> None:
    assert tuple(page.key for page in whole(name).pages) == PAGES


@every_book
def test_every_sentence_is_whole(name: str) -> None:
    for page in whole(name).pages:
        assert said(page.headline), page.key
        for text in words(page):
            assert not UNFINISHED.search(text), (page.key, text)


@every_book
def test_tables_and_charts_fit(name: str) -> None:
    report = whole(name)
    for page in report.pages:
        assert sum(page.columns) == CONTENT
        lay_out(page, report.pages, report.lang)
        for placed in (placed for band in page.bands for placed in band):
            assert 0 <= placed.first <= placed.last < len(page.columns)
            if isinstance(placed.block, Table):
                assert placed.last - placed.first + 1 == len(placed.block.columns), placed.block.key
    for block in blocks(report):
        match block:
            case Table():
                widths = {len(row) for row in (*block.rows, *([block.total] if block.total else []))}
                assert widths <= {len(block.columns)}, block.key
                assert block.rows or block.empty, block.key
            case Chart(kind="scatter"):
                for series in block.series:
                    assert len(series.at) == len(series.values), block.key
            case Chart():
                assert {len(series.values) for series in block.series} <= {len(block.categories)}, block.key
                assert block.empty or any(v is not None for s in block.series for v in s.values), block.key
            case Kpis():
                assert 1 <= len(block.cards) <= 6
                assert all((card.value is None) == bool(card.lacks) for card in block.cards)
            case _:
                pass


@every_book
def test_the_written_workbook_opens_and_its_formulas_give_the_cached_values(name: str) -> None:
    report = whole(name)
    data = write(report, sheet_names(report)).data
    formulas, values = read(data), read(data, data_only=True)
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cached = values[sheet.title][cell.coordinate].value
            found = calculate(sheet, values[sheet.title], cell)
            assert found == pytest.approx("" if cached is None else cached, abs=1e-9), (sheet.title, cell)


@pytest.mark.parametrize("key", PAGES)
@pytest.mark.parametrize("name", ["an ordinary book", "leads only"])
def test_one_page_alone_says_what_it_says_among_all(name: str, key: str) -> None:
    book, scope = BOOKS[name]
    (alone,) = report(book, only=[key], **scope).pages
    assert alone == next(page for page in whole(name).pages if page.key == key)


@every_book
def test_totals_that_follow_the_filter_are_the_sum_of_their_rows(name: str) -> None:
    for table in (block for block in blocks(whole(name)) if isinstance(block, Table) and block.total):
        for at, column in enumerate(table.columns):
            if column.total == "sum" and table.rows:
                parts = [row[at].value if isinstance(row[at], Cell) else row[at] for row in table.rows]
                known = [part for part in parts if part is not None]
                assert not known or sum(known) == pytest.approx(table.total[at]), (table.key, column.key)
