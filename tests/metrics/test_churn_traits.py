"""Traits of churned customers: ratios and p-values as statsmodels gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from tests.metrics.frames import scope
from xlsales.clean.frames import conform
from xlsales.metrics.churn_traits import churn_traits
from xlsales.tables.specs import ORDERS, table

if TYPE_CHECKING:
    from collections.abc import Sequence


def traits(lost: Sequence[bool], **attributes: Sequence[str | None]) -> pd.DataFrame:
    """Traits of customers who all bought twice a year ago, and again this month unless they are lost."""
    ids = [f"C{number:03d}" for number in range(len(lost))]
    kept = [one for one, gone in zip(ids, lost, strict=True) if not gone]
    days = {"2025-09-25": ids, "2025-10-25": ids, "2026-10-20": kept}
    orders = pd.concat([
        pd.DataFrame({"customer_id": who, "order_date": pd.Timestamp(day), "amount": 1.0})
        for day, who in days.items()
    ])  # fmt: skip
    customers = pd.DataFrame({"customer_id": ids, **attributes})
    return churn_traits(
        conform(ORDERS, orders), conform(table("customers"), customers), scope=scope("2026-10")
    )


WEST = ["West"] * 40 + ["East"] * 60
"""Where a hundred customers are from."""


def test_a_trait_all_of_whose_others_stayed_has_a_ratio_and_comes_first() -> None:
    gold = ["Gold", "Silver"] * 50
    found = traits([number < 20 for number in range(100)], region=WEST, tier=gold)
    first = found.iloc[0]
    assert (first["trait"], first["value"]) == ("region", "West")
    oracle = Table2x2([[20.5, 20.5], [0.5, 60.5]])
    assert (first["churn"], first["others"], first["status"]) == (0.5, 0, "above")
    assert first["lift"] == pytest.approx(oracle.riskratio)
    assert (first["low"], first["high"]) == pytest.approx(oracle.riskratio_confint())
    last = found.iloc[-1]
    assert (last["value"], last["churn"], last["status"]) == ("East", 0, "below")
    assert last["lift"] == pytest.approx(1 / oracle.riskratio)


def test_p_values_are_those_of_z_tests_corrected_by_holm() -> None:
    lost = [number % 4 == 0 or number < 15 for number in range(100)]
    gold = ["Gold" if number % 3 else "Silver" for number in range(100)]
    found = traits(lost, region=WEST, tier=gold)
    sides = [(row.lost, sum(lost) - row.lost, row.base, 100 - row.base) for row in found.itertuples()]
    raw = [proportions_ztest([one, other], [of, others])[1] for one, other, of, others in sides]
    assert list(found["p"]) == pytest.approx(list(multipletests(raw, method="holm")[1]))


def test_where_nobody_is_lost_there_is_no_ratio() -> None:
    found = traits([False] * 100, region=WEST)
    assert found[["lift", "low", "high"]].isna().all(axis=None)
    assert set(found["status"]) == {""}
