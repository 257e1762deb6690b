"""Whoever shows a sign is named as leaving only where the same rule was right half a year ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import page, report, said
from xlsales.report.blocks import Table

if TYPE_CHECKING:
    from tests.report.pages.books import Row
    from xlsales.report.blocks import Page

MANY = 40
QUIET = ("2026-01-01", "2026-01-11", "2026-01-21")
BUSY = ("2026-04-10", "2026-04-20", "2026-04-29")


def book(*, right: bool) -> dict[str, list[Row]]:
    """By the end of April some are overdue and the others are not; in October one of both groups is back."""
    back = {"Quiet": not right, "Busy": right}
    days = [
        (f"{group} {number}", day)
        for group, seen in (("Quiet", QUIET), ("Busy", BUSY))
        for number in range(MANY)
        for day in (*seen, *(("2026-10-01",) if back[group] else ()))
    ]
    rows = [{"customer_id": name, "order_date": day} for name, day in days]
    return {
        "orders": [
            {**row, "order_id": str(at), "customer": row["customer_id"], "amount": 100}
            for at, row in enumerate(rows)
        ]
    }


def warning(*, right: bool) -> Page:
    return page(report(book(right=right), only=["warning"], as_of="2026-10-31"), "warning")


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
