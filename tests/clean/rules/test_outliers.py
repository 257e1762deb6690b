"""Slips of the keyboard stand out from what a product costs; discounts, seasons and trials do not."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean
from xlsales.clean.read import read_rows
from xlsales.clean.rules import outliers

RETAIL = Path(__file__).parents[3] / "../shared/data/online_retail/online_retail_ii_2009_2010.parquet"
PRICES = ("price_high", "price_low")
SLIPS = (10, 0.1, 100, 0.01, 11, 5)
"""A digit too many or too few, two, a digit typed twice, another first digit."""


def a_year(seed: int, share: float) -> tuple[list[str], list[str], list[int]]:
    """Products and amounts of 6,000 orders, and which of them are slips.

    List prices in three packages, seasons of up to 20 %, a discount of up to 35 % on a third of the orders.
    """
    dice = random.Random(seed)
    products, amounts, slips = [], [], []
    for at in range(6000):
        product = dice.randrange(30)
        price = 800 * (1 + product) * dice.choice((1, 1, 1, 1.5, 2))
        price *= 1 + 0.2 * dice.choice((-1, 0, 0, 1)) * dice.random()
        price *= 1 - (0.35 * dice.random() if dice.random() < 1 / 3 else 0)
        if dice.random() < share:
            slips.append(at)
            price *= dice.choice(SLIPS)
        products.append(f"课程{product}")
        amounts.append(f"{price:.2f}")
    return products, amounts, slips


def caught(products: list[str], amounts: list[str]) -> set[int]:
    rows = read_rows(
        [
            raw(
                "orders",
                {"order_date": ["2026-10-01"] * len(products), "product": products, "amount": amounts},
            )
        ]
    )
    return {
        label
        for one in outliers.unusual_amounts({"orders": rows})
        if one.rule in PRICES
        for label in one.rows
    }


def test_the_threshold_stands_where_recall_is_whole_and_alarms_are_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    products, amounts, slips = a_year(3, 0.01)
    curve = {}
    for threshold in (2.0, outliers.THRESHOLD, 5.0, 6.0, 8.0, 10.0):
        for factor in (1.0, outliers.FACTOR):
            monkeypatch.setattr(outliers, "THRESHOLD", threshold)
            monkeypatch.setattr(outliers, "FACTOR", factor)
            got = caught(products, amounts)
            right = len(got & set(slips))
            curve[threshold, factor] = (right / len(slips), right / max(len(got), 1))
    monkeypatch.undo()
    print("\nthreshold, factor: recall, precision")
    for (threshold, factor), (recall, precision) in curve.items():
        print(f"  {threshold:5} {factor:3} {recall:7.1%} {precision:7.1%}")
    recall, precision = curve[outliers.THRESHOLD, outliers.FACTOR]
    assert recall >= 0.95
    assert precision >= 0.99


def test_a_clean_year_of_seasons_and_discounts_raises_no_alarm() -> None:
    products, amounts, slips = a_year(4, 0.0)
    assert slips == []
    assert caught(products, amounts) == set()


@pytest.mark.corpus
@pytest.mark.skipif(not RETAIL.is_file(), reason="the shared data sets are not beside the project")
def test_few_lines_of_a_real_shop_look_unusual() -> None:
    retail = pd.read_parquet(RETAIL)
    columns = {
        "order_id": retail["Invoice"].tolist(),
        "order_date": retail["InvoiceDate"].tolist(),
        "product": retail["StockCode"].tolist(),
        "quantity": retail["Quantity"].astype("str").tolist(),
        "unit_price": retail["Price"].map(repr).tolist(),
    }
    issues = clean([raw("orders", columns)]).issues
    counts = issues["rule"].value_counts()
    print(f"\nOnline Retail II: {counts.to_dict()} of {len(retail):,} lines")
    assert counts.reindex(PRICES).sum() < 0.01 * len(retail)
    assert counts.get("negative_amount", 0) <= (retail["Price"] < 0).sum()


BOOK = "product | lowest_price | highest_price | list_price\n钢琴 | 100 | 200 |\n英语 | | | 90"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("钢琴 | 10 | 2000", []),
        ("钢琴 | 10 | 2001", [("price_high", "1000–2000", 1)]),
        ("钢琴 | 10 | 999", [("price_low", "1000–2000", -1)]),
        ("英语 | 1 | 91", [("price_high", "27–90", 1)]),
        ("英语 | 1 | 60", []),
        ("画画 | 1 | 99999", []),
        ("钢琴 | 1 | 0", [("zero_amount", "100–200", 0)]),
        ("钢琴 | 1 | -5", [("negative_amount", "100–200", -5)]),
        ("钢琴 | -1 | -150", []),
        ("钢琴退费 | 1 | -150", []),
    ],
)
def test_the_price_book_judges_even_a_single_order(line: str, found: list[tuple[str, str, float]]) -> None:
    orders = sheet("orders", f"order_date | product | quantity | amount\n2026-10-01 | {line}")
    issues = clean([orders, sheet("products", BOOK, name="课程")]).issues
    issues = issues[issues["rule"].isin([*PRICES, "zero_amount", "negative_amount"])]
    told = list(issues[["rule", "suggestion", "amount"]].itertuples(index=False, name=None))
    assert told == found
    assert issues["cell"].tolist() == ["D2"] * len(found)


def test_a_book_of_another_unit_is_not_believed() -> None:
    rows = "\n".join(f"2026-10-{at + 1:02} | 钢琴 | 1 | {3000 + at}" for at in range(9))
    orders = sheet("orders", f"order_date | product | quantity | amount\n{rows}")
    assert clean([orders, sheet("products", BOOK, name="课程")]).issues.empty


def test_the_most_frequent_price_judges_where_nothing_else_varies() -> None:
    rows = "\n".join("2026-10-01 | 钢琴 | 1000" for _ in range(9))
    orders = sheet(
        "orders", f"order_date | product | amount\n{rows}\n2026-10-02 | 钢琴 | 10000\n2026-10-02 | 钢琴 | 600"
    )
    issues = clean([orders]).issues
    assert issues.loc[issues["rule"].isin(PRICES), ["rule", "cell"]].to_numpy().tolist() == [
        ["price_high", "C11"]
    ]


def test_fewer_than_eight_orders_have_no_usual_price() -> None:
    orders = sheet(
        "orders", "order_date | product | amount\n2026-10-01 | 钢琴 | 1000\n2026-10-02 | 钢琴 | 100000"
    )
    assert clean([orders]).issues.empty


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(dice: random.Random) -> None:
    products, amounts, _ = a_year(5, 0.02)
    pairs = list(zip(products[:400], amounts[:400], strict=True))
    order = list(range(400))
    dice.shuffle(order)
    straight = caught(*map(list, zip(*pairs, strict=True)))
    turned = caught(*map(list, zip(*(pairs[at] for at in order), strict=True)))
    assert {order[at] for at in turned} == straight
