"""The page of retention holds customers against their targets, and says whose lessons are given back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import orders, page, report, said, words
from xlsales.language import LANGUAGES
from xlsales.report.blocks import Cell, Table

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.report.blocks import Page

TARGETS = (
    ("renewal rate", "gold", "90%"),
    ("churn rate", "", "95"),
    ("churn rate", "nobody", "10%"),
    ("retention rate", "", "950"),
    ("customer growth", "", "300"),
    ("customers", "", "3"),
    ("customers", "Key account", "5"),
    ("customers", "Key account", "6"),
)


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def made(lang: Language) -> Page:
    sold = orders()
    book = {
        "orders": sold,
        "products": [{"product": "Maths", "teacher": "Ma"}, {"product": "Art", "teacher": "Niu"}],
        "refunds": [{"order_id": sold[-1]["order_id"], "refund_date": "2026-10-31", "amount": 5}],
        "customers": [{"customer_id": sold[0]["customer_id"], "tier": "VIP"}],
        "targets": [
            {"period": "2026-10", "metric": metric, "customer_type": kind, "target": target}
            for metric, kind, target in TARGETS
        ],
    }
    return page(report(book, lang, only=["retention"], period="2026-10"), "retention")


def rows(made: Page, key: str) -> list[tuple[object, ...]]:
    blocks = (placed.block for band in made.bands for placed in band)
    table = next(block for block in blocks if isinstance(block, Table) and block.key == key)
    return [tuple(one.value if isinstance(one, Cell) else one for one in row) for row in table.rows]


def test_every_target_has_a_row_and_says_how_it_stands(made: Page, lang: Language) -> None:
    found = {
        str(name): (target, rate, status)
        for name, _, target, rate, *_, status in rows(made, "customer_targets")
    }
    assert len(found) == len(TARGETS) - 1  # two of one count are one row, and none is believed
    stand = {str(status) for *_, status in found.values()}
    if lang == "en":
        assert stand >= {"No such type", "Above 100%", "Two targets", "● Met", "▼ Behind"}
        assert found["All customers · customers (target 3)"] == (None, None, "● Met")
        assert "customer targets are met" in said(made.second)


def test_whose_lessons_are_given_back(made: Page) -> None:
    """Bob teaches nothing: his courses are Maths, those of the others Art."""
    found = {str(name): (full, part) for name, _, full, part, _ in rows(made, "teacher_dropouts")}
    assert sum(full + part for full, part in found.values()) == 1  # type: ignore[operator]
    assert set(found) == {"Ma", "Niu"}


def test_who_all_come_back_after_as_many_days_are_not_told_from_and_to() -> None:
    """Forty customers, one a day in turn."""
    days = [date(2025, 10, 1) + timedelta(days=k) for k in range(396)]
    sold = [
        {"order_id": f"{k:03d}", "order_date": f"{day}", "customer_id": f"C{k % 40}", "amount": "100"}
        for k, day in enumerate(days)
    ]
    made = page(report({"orders": sold}, "en", only=["retention"]), "retention")
    assert "100.0% of first-time customers bought again, mostly 40 days later." in set(words(made.bands))


def test_only_the_month_that_is_not_over_is_greyed(lang: Language) -> None:
    """Each customer buys every three months, from September, October or November 2025 on."""
    made = page(report({"orders": orders()}, lang, only=["retention"], as_of="2026-10-15"), "retention")
    blocks = (placed.block for band in made.bands for placed in band)
    heat = next(block for block in blocks if isinstance(block, Table) and block.key == "retention")
    open_months = {
        cohort: [k for k, cell in enumerate(cells, 1) if isinstance(cell, Cell) and cell.immature]
        for cohort, _, *cells in heat.rows
    }
    assert open_months == {"2025-10": [12], "2025-11": [11]}  # both are October 2026
    assert [cell is None for cell in heat.rows[1][2:]] == [False] * 11 + [True]
