"""The key numbers have the same workbook names whatever the month holds and whichever table is missing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.demo_made import analysed_demo
from tests.report.pages.books import BOOKS, report
from xlsales.clean.clean import Cleaned
from xlsales.clean.issues import issue_table
from xlsales.metrics._catalogue import find
from xlsales.report.blocks import Kpis
from xlsales.report.pages import build
from xlsales.report.writer import sheet_names, write
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from xlsales.analysis import Analysis
    from xlsales.report.blocks import Card, Report
    from xlsales.report.pages._context import Computed

KEYS = {
    "overview": ("sales", "new_customers", "aov", "close_rate", "win_rate", "repurchase"),
    "attainment": ("head", "margin", "market_share", "coverage"),
    "retention": (
        *("retention_m1", "retention_m3", "repurchase_12m", "repurchase_days", "renewal", "churn"),
    ),
    "value": ("ltv", "historic", "cac", "ltv_cac", "payback", "active_customers"),
}


@cache
def demo() -> Analysis:
    return analysed_demo("zh", "2026-10")


def cards(made: Report) -> dict[str, list[Card]]:
    found: dict[str, list[Card]] = {}
    for page in made.pages:
        for block in (placed.block for band in page.bands for placed in band):
            if isinstance(block, Kpis):
                found.setdefault(page.key, []).extend(block.cards)
    return found


def keys(made: Report) -> dict[str, tuple[str, ...]]:
    return {page: tuple(card.key for card in shown) for page, shown in cards(made).items()}


@cache
def whole() -> tuple[Report, Computed]:
    """The pages with key numbers, and the results of metrics that they are made of."""
    computed: Computed = {}
    made = build(demo().survey, demo().cleaned, demo().scope, "zh", tuple(KEYS), computed)
    return made, computed


def without(table: str) -> Report:
    """The same of the demo without a table; what does not read it is not computed again."""
    rest = {name: frame for name, frame in demo().cleaned.tables.items() if name != table}
    known = {asked: rows for asked, rows in whole()[1].items() if table not in find(asked.split()[0]).tables}
    return build(demo().survey, Cleaned(rest, issue_table(), ()), demo().scope, "zh", tuple(KEYS), known)


def test_the_demo_has_every_key_number() -> None:
    made, _ = whole()
    assert keys(made) == KEYS
    assert all(card.value is not None and not card.lacks for shown in cards(made).values() for card in shown)


@pytest.mark.parametrize("table", [table.key for table in TABLES])
def test_without_a_table_the_names_stay(table: str) -> None:
    made = without(table)
    assert keys(made) == KEYS
    for card in (card for shown in cards(made).values() for card in shown):
        assert (card.value is None) == bool(card.lacks), card


@pytest.mark.parametrize("name", ["leads only", "a month in which nothing was sold", "no customers"])
def test_in_an_empty_book_or_month_the_names_stand_at_cells_that_say_there_is_none(name: str) -> None:
    book, scope = BOOKS[name]
    made = report(book, "en", only=tuple(KEYS), **scope)
    assert keys(made) == KEYS
    names = write(made, sheet_names(made)).placement.names
    assert set(names) == {f"XS_{key}" for page in KEYS.values() for key in page}
