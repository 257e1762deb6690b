"""The attainment page fits the names that it holds."""

from __future__ import annotations

import pytest

from tests.report.pages.books import orders, page, report
from xlsales.report.card_grid import card_columns


@pytest.mark.parametrize("region", ["UK", "Switzerland", "Liechtenstein and Vaduz"])
def test_cards_are_about_as_wide_as_each_other_however_long_the_names_are(region: str) -> None:
    rows = [{**row, "region": region if row["rep"] == "Ann" else "France"} for row in orders(last=3)]
    columns = page(report({"orders": rows}, only=["attainment"]), "attainment").columns
    widths = [sum(columns[left : right + 1]) for left, right in card_columns(columns, 4, 0)]
    assert max(widths) <= 1.5 * min(widths)
