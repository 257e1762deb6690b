from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.metrics.frames import scope, table
from tests.metrics.real_orders import cdnow, online_retail
from tests.metrics.test_laws import inputs, law, scopes
from xlsales.errors import InputError
from xlsales.metrics._catalogue import find
from xlsales.metrics.new_customers import new_customers
from xlsales.metrics.sales import sales

if TYPE_CHECKING:
    from xlsales.metrics._scope import Scope


@law
@given(
    inputs(find("new_customers")), scopes(), st.sampled_from([(), ("region",), ("month",), ("month", "rep")])
)
def test_new_existing_and_unknown_buyers_together_are_all_sales(
    tables: dict[str, Any], about: Scope, by: tuple[str, ...]
) -> None:
    try:
        split = new_customers(**tables, scope=about, by=by)
        whole = sales(**tables, scope=about, by=by)
    except InputError:
        reject()
    parts = split[["new_amount", "existing_amount", "anonymous_amount"]].sum(axis="columns")
    assert parts.sum() == pytest.approx(whole["amount"].sum(), abs=1e-4)


def test_money_before_any_known_order_is_of_nobody_known() -> None:
    orders = table("orders", "order_id | order_date | amount")
    payments = table("payments", "order_id | paid_date | amount\nO1 | 2026-10-05 | 70")
    found = new_customers(orders, payments, scope=scope("2026-10", basis="cash"), by=("month",))
    assert found[["month", "anonymous_amount"]].values.tolist() == [["2026-10", 70.0]]


@pytest.mark.corpus
def test_new_customers_of_a_real_year_equal_a_plain_count() -> None:
    orders = online_retail()
    found = new_customers(orders, scope=scope("2009-12-01..2010-12-31"), by=("month",)).set_index("month")

    known = orders.dropna(subset=["customer_id"])
    invoices: dict[tuple[str, str], tuple[pd.Timestamp, float]] = {}
    for row in known.itertuples(index=False):
        moment, amount = invoices.get((row.customer_id, row.order_id), (row.order_date, 0.0))
        invoices[row.customer_id, row.order_id] = (min(moment, row.order_date), amount + row.amount)
    first: dict[str, pd.Timestamp] = {}
    for (customer, _), (moment, amount) in invoices.items():
        if amount > 1e-9:
            first[customer] = min(moment, first.get(customer, moment))
    months = pd.Series(first).dt.strftime("%Y-%m").value_counts()
    assert found["new_customers"].to_dict() == months.to_dict()
    assert found["new_customers"].sum() == len(first)

    began = known["customer_id"].map({customer: f"{moment:%Y-%m}" for customer, moment in first.items()})
    month = known["order_date"].dt.strftime("%Y-%m")
    existing = known["amount"].where(began < month, 0.0).groupby(month).sum()
    for name, amount in existing.items():
        assert found.loc[name, "existing_amount"] == pytest.approx(amount, abs=1e-4)
        assert found.loc[name, "new_amount"] == pytest.approx(
            known["amount"][month == name].sum() - amount, abs=1e-4
        )
    assert set(found["history"]) == {"short_history", ""}
    assert found.loc["2010-12", "history"] == ""


@pytest.mark.corpus
def test_whoever_paid_in_the_quarter_of_the_published_cohort_is_new_in_it() -> None:
    """CDNOW follows 23,570 people who first bought in the first quarter of 1997, a few for nothing."""
    orders = cdnow("CDNOW_master.txt")
    found = new_customers(orders, scope=scope("1997-Q1"))
    paid = orders[(orders["amount"] > 0) & (orders["order_date"] < "1997-04-01")]
    assert orders["customer_id"].nunique() == 23_570
    assert found["new_customers"].item() == paid["customer_id"].nunique()


@pytest.mark.parametrize(
    ("begin", "history"), [("2025-09-30", ""), ("2025-10-01", ""), ("2025-10-02", "short_history")]
)
def test_twelve_months_of_history_are_enough_to_call_a_customer_new(begin: str, history: str) -> None:
    orders = table("orders", f"order_date | customer_id | amount\n{begin} | C1 | 1\n2026-10-05 | C2 | 1")
    assert new_customers(orders, scope=scope("2026-10"))["history"].item() == history
