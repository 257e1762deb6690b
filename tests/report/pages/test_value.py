"""The page of customer value: whom leads are won from, also where no order names its customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import page, report, said, words
from xlsales.language import LANGUAGES, text
from xlsales.report.blocks import Kpis, Note, Table

if TYPE_CHECKING:
    from tests.report.pages.books import Book, Row
    from xlsales.language import Language
    from xlsales.report.blocks import Block


def closed(occupation: str, won: int, lost: int) -> list[Row]:
    """Leads of an occupation that closed in September."""
    return [
        {
            "lead_id": f"{occupation}{number}",
            "created": "2026-09-01",
            "won": "2026-09-20" if number < won else "",
            "lost": "" if number < won else "2026-09-21",
            "occupation": occupation,
        }
        for number in range(won + lost)
    ]


BOOK = {"leads": closed("Nurse", 30, 10) + closed("Pilot", 10, 30)}


def blocks(book: Book, lang: Language) -> list[Block]:
    made = page(report(book, lang, only=["value"], period="2026-09", as_of="2026-09-30"), "value")
    return [placed.block for band in made.bands for placed in band]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_book_of_leads_alone_shows_its_profile_and_referrals(lang: Language) -> None:
    found = blocks(BOOK, lang)
    (table,) = (one for one in found if isinstance(one, Table))
    assert table.key == "profile"
    notes = [one for one in found if isinstance(one, Note)]
    assert [one.callout for one in notes] == [True, False]
    assert text(lang, "pages.value.referral") in {one.label for one in notes}


def test_the_profile_shows_how_won_and_lost_are_spread_and_says_how_sure_the_first_lift_is() -> None:
    made = page(report(BOOK, "en", only=["value"], period="2026-09", as_of="2026-09-30"), "value")
    found = [placed.block for band in made.bands for placed in band]
    (table,) = (one for one in found if isinstance(one, Table))
    assert [column.header for column in table.columns[2:]] == ["Closed", "Of won", "Of lost", "Index", "Lift"]
    rows = {str(row[0]): row[2:] for row in table.rows}
    assert rows["Nurse"] == (40, 30 / 40, 10 / 40, pytest.approx(300), 0.75 / 0.5)
    assert rows["Pilot"] == (40, 10 / 40, 30 / 40, pytest.approx(100 / 3), 0.25 / 0.5)
    assert said(made.second) == (
        "Who buys: of Nurse 75.0% are won, 1.5 times the rate of all (95% 1.2 to 1.7)."
    )


def spending(as_of: str) -> Book:
    """Two new customers by the sixth, advertising and rent of a month, and a customer of two years before."""
    return {
        "orders": [
            {"order_date": day, "customer_id": who, "channel": "Web", "amount": "100"}
            for day, who in (
                ("2024-09-02", "A"),
                ("2025-09-02", "A"),
                ("2026-09-02", "B"),
                ("2026-10-03", "C"),
            )
        ]
        + [{"order_date": as_of, "customer_id": "D", "channel": "Web", "amount": "100"}],
        "costs": [
            {"period": "2026-10", "kind": "Advertising", "channel": "Web", "cost": "600"},
            {"period": "2026-10", "kind": "Rent", "cost": "1400"},
        ],
    }


@pytest.mark.parametrize(("as_of", "partial"), [("2026-10-06", True), ("2026-10-31", False)])
def test_costs_left_out_and_costs_of_a_whole_month_are_said(as_of: str, partial: bool) -> None:
    made = page(report(spending(as_of), "en", only=["value"], period="2026-10", as_of=as_of), "value")
    found = [placed.block for band in made.bands for placed in band]
    (table,) = (one for one in found if isinstance(one, Table) and one.key == "cac_channels")
    if not partial:
        assert [row[:4] for row in table.rows] == [("Web", 600, 2, 300)]
        assert any("¥1,400 more (70.0% of all costs) are for rent" in text for text in words(made.bands))
    assert ("300" in said(made.headline)) is not partial


def test_in_a_month_that_is_not_over_the_acquisition_cost_is_that_of_the_last_whole_one() -> None:
    book = spending("2026-10-06")
    book["costs"] += [{"period": "2026-09", "kind": "Advertising", "channel": "Web", "cost": "80"}]
    made = page(report(book, "en", only=["value"], period="2026-10", as_of="2026-10-06"), "value")
    found = [placed.block for band in made.bands for placed in band]
    (kpis,) = (one for one in found if isinstance(one, Kpis))
    cards = {card.key: (card.label, card.value) for card in kpis.cards}
    assert cards["cac"] == ("Cost per new customer, Sep 2026", 80 / 1)
    (table,) = (one for one in found if isinstance(one, Table) and one.key == "cac_channels")
    assert (table.label, [row[:4] for row in table.rows]) == (
        "Acquisition cost, Sep 2026",
        [("Web", 80, 1, 80)],
    )
    assert said(made.second).endswith(
        "The acquisition cost is of Sep 2026: this month has all its costs, new customers up to 2026-10-06 "
        "only."
    )
    assert "80" not in said(made.headline)


def test_costs_of_no_channel_make_every_channel_look_cheap_and_the_page_says_by_how_much() -> None:
    book = spending("2026-10-31")
    book["costs"] += [{"period": "2026-10", "kind": "Pay", "cost": "200"}]
    made = page(report(book, "en", only=["value"], period="2026-10", as_of="2026-10-31"), "value")
    assert any("¥200 (25.0%) name no channel" in text for text in words(made.bands))
    alone = page(
        report(spending("2026-10-31"), "en", only=["value"], period="2026-10", as_of="2026-10-31"), "value"
    )
    assert not any("name no channel" in text for text in words(alone.bands))
