"""The 7,043 customers of IBM's Telco sample: churn by contract, its ratios, and how long customers stay."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import Table2x2

from tests.metrics.frames import scope
from tests.metrics.real_orders import path
from xlsales.clean.frames import conform
from xlsales.metrics._survival import share_by, win_curves
from xlsales.metrics.churn_traits import churn_traits
from xlsales.metrics.renewal import renewal
from xlsales.tables.specs import CUSTOMERS, ORDERS, table

pytestmark = pytest.mark.corpus
PUBLISHED = {"Month-to-month": 0.427, "One year": 0.113, "Two year": 0.028}


@pytest.fixture(scope="module")
def telco() -> pd.DataFrame:
    raw = pd.read_csv(path("telco/Telco-Customer-Churn.csv"))
    return raw.assign(gone=raw["Churn"] == "Yes")


def test_contracts_that_are_not_renewed_are_the_published_churn(telco: pd.DataFrame) -> None:
    contracts = pd.DataFrame(
        {
            "customer_id": telco["customerID"],
            "product": telco["Contract"],
            "end": pd.Timestamp("2026-08-31"),
            "amount": telco["MonthlyCharges"],
            "renewed": pd.Series(pd.Timestamp("2026-08-20"), telco.index).mask(telco["gone"]),
        }
    )
    about = scope("2026-08", date(2026, 10, 31))
    found = renewal(conform(table("contracts"), contracts), scope=about, by=("product",))
    rows = found.set_index("product")
    assert rows["due"].sum() == 7043
    assert rows["lapsed"].sum() == telco["gone"].sum() == 1869
    for name, rate in PUBLISHED.items():
        assert round(rows.loc[name, "churn"], 3) == rate
        assert rows.loc[name, "churn"] == telco.loc[telco["Contract"] == name, "gone"].mean()


def test_rate_ratios_by_contract_are_those_of_statsmodels(telco: pd.DataFrame) -> None:
    """Everybody buys twice in the autumn of 2025; who stays buys again a year later."""
    days = {"2025-09-25": telco, "2025-10-25": telco, "2026-10-20": telco[~telco["gone"]]}
    orders = pd.concat([
        pd.DataFrame({"customer_id": who["customerID"], "order_date": pd.Timestamp(day), "amount": 1.0})
        for day, who in days.items()
    ])  # fmt: skip
    customers = pd.DataFrame({"customer_id": telco["customerID"], "kind": telco["Contract"]})
    found = churn_traits(conform(ORDERS, orders), conform(CUSTOMERS, customers), scope=scope("2026-10"))
    assert list(found["value"]) == ["Month-to-month", "One year", "Two year"]
    assert list(found["status"]) == ["above", "below", "below"]
    for row in found.itertuples():
        mine = telco["Contract"] == row.value
        counts = [[(side & gone).sum() for gone in (telco["gone"], ~telco["gone"])] for side in (mine, ~mine)]
        oracle = Table2x2(counts)
        assert row.lift == pytest.approx(oracle.riskratio)
        assert (row.low, row.high) == pytest.approx(oracle.riskratio_confint())


STAYED = {
    "Month-to-month": {
        1: 0.9019354839,
        6: 0.7858348941,
        12: 0.7030966363,
        24: 0.5859154739,
        72: 0.1289519006,
    },
    "One year": {6: 0.9972564265, 12: 0.9908082041, 24: 0.9782723764, 48: 0.9165468042, 72: 0.568145682},
    "Two year": {6: 1.0, 24: 1.0, 48: 0.995718931, 72: 0.9357385806},
}
"""KaplanMeierFitter of lifelines 0.30.3 on tenure and Churn, to ten places; it needs a pandas before 3, so
that it cannot be asked here."""


@pytest.mark.parametrize("contract", STAYED)
def test_the_share_that_stays_is_that_of_lifelines(telco: pd.DataFrame, contract: str) -> None:
    own = telco[telco["Contract"] == contract]
    ended = own["gone"].map({True: "won", False: "open"})
    lives = pd.DataFrame({"cell": 0, "entry": 0, "exit": own["tenure"], "ended": ended, "leads": 1})
    curve = win_curves(lives, "censored")
    for month, stayed in STAYED[contract].items():
        assert 1 - share_by(curve, month) == pytest.approx(stayed, abs=1e-9)
