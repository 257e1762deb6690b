"""Every figure of a metric on every page says what it is, and its rows add up to it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import pytest

from xlsales.analysis import analyse, build_report
from xlsales.demo.book import demo_workbook
from xlsales.errors import InputError, WorkbookError
from xlsales.explain.number import Number, Selected, lines, number_in
from xlsales.explain.sheet import counted, detail
from xlsales.metrics._once import one_run
from xlsales.report.blocks import Cell, Kpis, Placed, Table
from xlsales.tables.sources import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.analysis import Analysis
    from xlsales.language import Language
    from xlsales.report.blocks import Report, Value


@cache
def made(lang: Language) -> tuple[Analysis, Report]:
    analysis = analyse(read_workbook(demo_workbook(lang), "demo.xlsx"), period="2026-10")
    return analysis, build_report(analysis, lang)


def tables(lang: Language) -> list[Table]:
    _, report = made(lang)
    blocks = (placed.block for page in report.pages for band in page.bands for placed in band)
    return [block for block in blocks if isinstance(block, Table) and block.metric]


def plain(value: Value | Cell) -> Value:
    return value.value if isinstance(value, Cell) else value


def cells(table: Table) -> Iterator[tuple[Selected, Value]]:
    """The figures of the first and the last row and of the total, as they stand in the sheet."""
    rows = [*table.rows[:1], *table.rows[-1:], *([table.total] if table.total else [])]
    for row, (place, column) in product(rows, enumerate(table.columns)):
        if column.format not in ("text", "month", "date"):
            labels = tuple(str(plain(value)) for value in row[:place])
            yield Selected("", "", "", "", f"xs_{table.key}", column.header, labels), plain(row[place])


@pytest.mark.parametrize("lang", ["zh", "en"])
@one_run()
def test_every_figure_of_a_metrics_table_is_explained_as_what_the_page_shows(lang: Language) -> None:
    analysis, report = made(lang)
    seen = set()
    for table in tables(lang):
        for chosen, shown in cells(table):
            number = number_in(report, analysis, chosen)
            where = (table.key, chosen.column, chosen.labels[:3])
            if number.result and shown is not None and not number.derived:
                assert number.value == pytest.approx(shown, abs=1e-6), where
                seen.add(table.key)
            assert len(lines(number)) >= 7
    assert seen == {table.key for table in tables(lang)}


@one_run()
def test_the_rows_behind_every_figure_add_up_to_it_or_say_that_they_do_not() -> None:
    analysis, report = made("en")
    added = 0
    for table in tables("en"):
        for chosen, shown in cells(table):
            number = number_in(report, analysis, chosen)
            known = number.result and number.column in number.metric.behind
            if shown is None or number.derived or not known:
                continue
            behind = number.behind()
            if behind.adds_up:
                assert behind.number == pytest.approx(shown, abs=1e-6), (table.key, chosen.column)
                added += 1
    assert added > 60


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_card_is_explained_as_what_it_shows(lang: Language) -> None:
    analysis, report = made(lang)
    blocks = (placed.block for page in report.pages for band in page.bands for placed in band)
    cards = [card for block in blocks if isinstance(block, Kpis) for card in block.cards]
    assert len(cards) >= 8
    for card in cards:
        number = number_in(report, analysis, Selected("", "", "", "", f"XS_{card.key}"))
        assert number.value == pytest.approx(card.value)
        assert number.label == card.label


def test_the_rows_come_with_what_their_sheets_say_and_where_they_stand() -> None:
    analysis, report = made("en")
    number = number_in(report, analysis, Selected("", "", "", "", "XS_sales"))
    found = detail(number)
    orders = analysis.cleaned.tables["orders"].set_index("_row")["amount"]
    assert list(found.rows["part"]) == list(orders[found.rows["_row"]])
    assert found.titles["customer"] == "Customer"
    assert "They add up" in counted(found, "en")


def test_a_number_of_the_calendar_has_no_rows() -> None:
    analysis, report = made("en")
    number = number_in(report, analysis, Selected("", "", "", "", "XS_sales"))
    bare = Number(**{**vars(number), "result": {}})
    with pytest.raises(InputError) as refused:
        bare.behind()
    assert refused.value.key == "rows_not_traceable"


@pytest.mark.parametrize("block", ["xs_nothing", "XS_other", "xs_units_x"])
def test_what_is_no_number_of_a_metric_is_refused(block: str) -> None:
    analysis, report = made("en")
    with pytest.raises(WorkbookError) as refused:
        number_in(report, analysis, Selected("", "", "", "", block, "Sales", ("a",)))
    assert refused.value.key == "not_our_number"


EXPLAINED = ("overview", "attainment", "growth", "accounts", "retention")
UNEXPLAINED: dict[str, str] = {}
"""Tables of those pages whose figures are of no metric, each with the reason."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_table_with_figures_on_the_pages_of_sales_is_of_a_metric(lang: Language) -> None:
    _, report = made(lang)
    pages = {page.key: page for page in report.pages}
    figures = set()
    for key in EXPLAINED:
        for block in (placed.block for band in pages[key].bands for placed in band):
            if isinstance(block, Table) and any(c.format not in ("text", "month") for c in block.columns):
                figures.add(block.key)
                assert bool(block.metric) != (block.key in UNEXPLAINED), block.key
    assert len(figures) >= 10
    assert figures >= set(UNEXPLAINED)


def test_two_rows_that_begin_with_the_same_name_are_told_apart_by_their_next() -> None:
    analysis, report = made("en")
    table = next(one for one in tables("en") if one.key == "large_orders")
    twice = ((*table.rows[0][:2], "another", *table.rows[0][3:]), table.rows[0])
    rows = replace(table, rows=twice, about=((("order_id", "another"),), table.about[0]))
    page = replace(report.pages[0], bands=((Placed(rows, 0, 7),),))
    labels = tuple(str(plain(value)) for value in table.rows[0][:5])
    place = [column.key for column in table.columns].index("amount")
    chosen = Selected("", "", "", "", "xs_large_orders", table.columns[place].header, labels)
    number = number_in(replace(report, pages=(page,)), analysis, chosen)
    assert number.value == plain(table.rows[0][place])
