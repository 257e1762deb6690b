"""The scorecard counts what it says it counts."""

from __future__ import annotations

from datetime import date

import pytest

from tests.clean.sheets import sheet
from xlsales.clean.clean import clean
from xlsales.clean.issues import DIMENSION, DIMENSIONS, RULES
from xlsales.clean.reconciling.catalogue import reconciled
from xlsales.clean.score import DAYS, WEIGHTS, by_owner, measures, scores, total

ORDERS = """
    order_id | order_date | customer | rep | amount
    O1       | 2026-10-01 | 晓光     | Ann | 100
    O2       | 2026-10-02 |          | Ann | 200
    O3       | 2026-10-02 | 明德     | Bob | 3oo
    O4       | 2026-10-05 | 明德     | Bob | 50
    O4       | 2026-10-05 | 明德     | Bob | 50
"""
PAYMENTS = """
    order_id | paid_date  | amount
    O1       | 2026-10-03 | 100
    O2       | 2026-10-04 | 250
"""
AS_OF = date(2026, 10, 7)


def test_every_rule_counts_against_one_dimension_or_none() -> None:
    assert set(RULES) <= set(DIMENSION)
    assert sum(map(len, DIMENSIONS.values())) == len(DIMENSION)
    assert {name for name in DIMENSIONS if name} <= set(WEIGHTS)


def test_the_weights_are_one_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_each_dimension_is_what_failed_of_its_units() -> None:
    cleaned = clean([sheet("orders", ORDERS), sheet("payments", PAYMENTS, name="Sheet2")])
    found = {one.dimension: (one.units, one.failed) for one in measures(cleaned, AS_OF, 0, 0)}
    cells = 3 * 5 + 2 * 3  # of O1, O2 and one O4, and of two payments
    assert found == {
        "completeness": (cells, 1),
        "validity": (cells - 1, 1),
        "uniqueness": (5 + 2, 1),
        "consistency": (5 + 2, 1),  # a payment of more than its order
        "timeliness": (2 * DAYS, (7 - 5) + (7 - 4)),
        "reconciliation": (2, 0),
    }


def test_the_whole_is_the_weighted_mean_and_reconciling_counts_what_contradicts() -> None:
    cleaned = clean([sheet("orders", ORDERS), sheet("payments", PAYMENTS, name="Sheet2")])
    receipts = reconciled(cleaned.tables)["receipts"]
    wrong = {name for name, verdict in receipts.statuses.items() if verdict == "wrong"}
    failed = int(receipts.units["status"].isin(wrong).sum())
    known = scores(measures(cleaned, AS_OF, len(receipts.units), failed))
    # Two tables tie out, O1 agrees, O4 is only not paid yet, and O2 is overpaid.
    assert known["reconciliation"] == pytest.approx(1 - 1 / (2 + 3))
    assert known["total"] == pytest.approx(sum(WEIGHTS[name] * known[name] for name in WEIGHTS))


def test_a_dimension_without_units_leaves_its_weight_to_the_others() -> None:
    cleaned = clean([sheet("targets", "period | target\n2026-10 | 5")])
    measured = measures(cleaned, AS_OF, 0, 0)
    assert {one.dimension for one in measured if one.score is None} == {"timeliness"}
    assert total(measured) == 1


def test_an_owner_answers_for_the_rows_that_count() -> None:
    orders = ORDERS.replace(
        "O2       | 2026-10-02 |          | Ann | 200", "O2 | 2026-10-02 | 甲 | Ann | 200"
    )
    lone = sheet("payments", "order_id | paid_date | amount\nO9 | 2026-10-03 | 1", name="Sheet2")
    refunds = sheet("refunds", "order_id | refund_date | amount\nO9 | 2026-10-03 | 1", name="Sheet3")
    twice = sheet(
        "orders",
        "order_id | order_date | rep | amount\n | 2026-10-01 | Cid | 5\n | 2026-10-01 | Cid | 5",
        name="B",
    )
    rows = by_owner(clean([sheet("orders", orders), twice, lone, refunds]))
    assert rows[["rep", "rows", "failed"]].to_numpy().tolist() == [
        ["Cid", 2, 1],
        ["Ann", 2, 0],
        ["Bob", 1, 0],
    ]
