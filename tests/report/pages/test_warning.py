"""Whoever shows a sign is named as leaving only where the same rule was right half a year ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import page, report, said
from xlsales.report.blocks import Note, Table

if TYPE_CHECKING:
    from tests.report.pages.books import Row
    from xlsales.report.blocks import Page

MANY = 40
QUIET = ("2026-01-01", "2026-01-11", "2026-01-21")
BUSY = ("2026-04-10", "2026-04-20", "2026-04-29")


def book(*, right: bool) -> dict[str, list[Row]]:
    """By the end of April some are overdue and others are not; one of both groups is back in September."""
    back = {"Quiet": not right, "Busy": right}
    days = [
        (f"{group} {number}", day)
        for group, seen in (("Quiet", QUIET), ("Busy", BUSY))
        for number in range(MANY)
        for day in (*seen, *(("2026-09-20",) if back[group] else ()))
    ]
    rows = [{"customer_id": name, "order_date": day} for name, day in (*days, ("Later", "2026-10-05"))]
    return {
        "orders": [
            {**row, "order_id": str(at), "customer": row["customer_id"], "amount": 100}
            for at, row in enumerate(rows)
        ]
    }


def warning(*, right: bool, **more: list[Row]) -> Page:
    made = report({**book(right=right), **more}, only=["warning"], as_of="2026-10-31")
    return page(made, "warning")


def notes(made: Page) -> str:
    blocks = (placed.block for band in made.bands for placed in band)
    return " ".join(said(one) for block in blocks if isinstance(block, Note) for one in block.sentences)


def table(made: Page, key: str) -> Table:
    blocks = (placed.block for band in made.bands for placed in band)
    return next(block for block in blocks if isinstance(block, Table) and block.key == key)


@pytest.fixture(scope="module")
def trusted() -> Page:
    return warning(right=True)


@pytest.fixture(scope="module")
def refuted() -> Page:
    return warning(right=False)


def test_a_rule_that_was_right_calls_for_customers_by_name(trusted: Page) -> None:
    assert "6 months ago the rule was right for 100.0%, of others 0.0% left" in said(trusted.headline)
    assert said(trusted.second).startswith("Call first: Busy")
    assert table(trusted, "warning_list").label == "Customers at risk"


def test_a_rule_that_was_wrong_says_so_first_and_calls_for_nobody(refuted: Page) -> None:
    assert "no better than chance: 6 months ago 0.0% of those warned of left, of others 100.0%" in said(
        refuted.headline
    )
    assert "no list to call" in said(refuted.second)
    assert table(refuted, "warning_list").label == "Customers who are quiet or have a sign (no forecast)"


def test_signs_that_were_no_better_than_none_are_grey(trusted: Page, refuted: Page) -> None:
    tones = [
        {str(row[0]): getattr(row[3], "tone", "plain") for row in table(made, "warning_hits").rows}
        for made in (trusted, refuted)
    ]
    assert [one["Warned of"] for one in tones] == ["plain", "quiet"]


def test_the_test_of_the_rule_shows_how_sure_each_rate_is(trusted: Page) -> None:
    hits = table(trusted, "warning_hits")
    assert [column.key for column in hits.columns[-2:]] == ["low", "high"]
    warned, gone, *_, low, high = hits.rows[0][1:]
    assert (warned, gone) == (40, 40)
    # Wilson (1927) of 40 in 40: n / (n + z^2) to 1
    assert (low, high) == (pytest.approx(40 / (40 + 1.959964**2), abs=1e-6), pytest.approx(1))


def test_signs_of_few_are_grey(trusted: Page) -> None:
    """All forty who were quiet then were late, and only three of the others bought less each time."""
    rows = book(right=True)["orders"]
    fell = [
        {**row, "amount": {"2026-04-10": 300, "2026-04-20": 200}.get(str(row["order_date"]), 100)}
        if row["customer_id"] in ("Busy 0", "Busy 1", "Busy 2")
        else row
        for row in rows
    ]
    made = page(report({"orders": fell}, only=["warning"], as_of="2026-10-31"), "warning")
    found = {str(row[0]): getattr(row[3], "tone", "plain") for row in table(made, "warning_hits").rows}
    assert found["Warned of"] == found["Overdue"] == "plain"
    assert found["Buying less"] == "quiet"


def test_tickets_and_surveys_of_nobody_are_told() -> None:
    tickets = [
        {"ticket_id": "1", "opened": "2026-10-02", "customer": "Busy 1", "kind": "Complaint"},
        {"ticket_id": "2", "opened": "2026-10-02", "customer": "Stranger", "kind": "Complaint"},
        {"ticket_id": "3", "opened": "2025-10-02", "customer": "Stranger", "kind": "Complaint"},
    ]
    surveys = [{"day": "2026-10-02", "customer_id": "X1", "score": 5}]
    assert "2 tickets and surveys" in notes(warning(right=True, tickets=tickets, surveys=surveys))
    assert "tickets and surveys of 12 months" not in notes(warning(right=True, tickets=tickets[:1]))
