"""What the cards compare their numbers with."""

from __future__ import annotations

from datetime import date, timedelta

from tests.report.pages.books import page, report
from xlsales.report.blocks import Kpis


def test_no_card_compares_with_a_month_that_the_data_begin_in_the_middle_of() -> None:
    """An order of 100 a day from 20 October 2025 on."""
    first = date(2025, 10, 20)
    days = [first + timedelta(days=k) for k in range((date(2026, 10, 31) - first).days + 1)]
    orders = [
        {"order_id": f"{k:03d}", "order_date": f"{day}", "customer_id": f"C{k % 7}", "amount": "100"}
        for k, day in enumerate(days)
    ]
    made = page(report({"orders": orders}, "en", only=["overview"]), "overview")
    (cards,) = (
        placed.block.cards for band in made.bands for placed in band if isinstance(placed.block, Kpis)
    )
    sales = cards[0]
    assert (sales.value, sales.previous) == (31 * 100, 30 * 100)
    assert all(one.year_ago is None for one in cards)
