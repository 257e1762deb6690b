"""A column of discounts is read as what most of it can only be, and the amount says how it came about."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.clean.sheets import sheet
from xlsales.clean.clean import clean
from xlsales.clean.discounts import way_of


@pytest.mark.parametrize(
    ("discounts", "way"),
    [
        ([], "none"),
        ([0, None, 0], "none"),
        ([0, 0.05, 0.25], "share"),
        ([0.9, 0.85, 1], "paid"),
        ([1, 1, 0], "money"),
        ([20, 0.5], "money"),
        ([-5], "money"),
    ],
)
def test_a_column_is_decided_as_a_whole(discounts, way):
    assert way_of(pd.Series(discounts, dtype="float64")) == way


@pytest.mark.parametrize(
    ("discounts", "amounts", "off", "shown"),
    [
        (("0.1", "0.25"), [2 * 50 * 0.9, 100 * 0.75], [10, 25], "B × C × (1 − D)"),
        (("10%", "25%"), [2 * 50 * 0.9, 100 * 0.75], [10, 25], "B × C × (1 − D)"),
        (("0.9", "0.95"), [2 * 50 * 0.9, 100 * 0.95], [10, 5], "B × C × D"),
        (("30", ""), [2 * 50 - 30, 100], [30, None], "B × C − D"),
        (("", "0"), [2 * 50, 100], [None, 0], "B × C"),
    ],
)
def test_an_amount_that_the_sheet_lacks_is_what_is_left_after_the_discount(discounts, amounts, off, shown):
    cleaned = clean(
        [
            sheet(
                "orders",
                f"""
                order_date | quantity | unit_price | discount
                2026-03-01 | 2        | 50         | {discounts[0]}
                2026-03-02 | 1        | 100        | {discounts[1]}
                """,
            )
        ]
    )
    orders = cleaned.tables["orders"]
    assert orders["amount"].tolist() == pytest.approx(amounts)
    assert orders["discount"].dropna().tolist() == pytest.approx([one for one in off if one is not None])
    assert cleaned.issues[["rule", "suggestion"]].to_numpy().tolist() == [["derived_amount", shown]]
