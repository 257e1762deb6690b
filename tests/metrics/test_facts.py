"""What must tie out between the bases, whatever the tables hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.metrics.frames import table
from tests.metrics.test_laws import frames, law
from xlsales.errors import InputError
from xlsales.metrics._facts import money_lines
from xlsales.tables.specs import ORDERS, PAYMENTS, REFUNDS

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._scope import Basis


def total(
    orders: pd.DataFrame, payments: pd.DataFrame | None, refunds: pd.DataFrame | None, basis: Basis
) -> float:
    lines = money_lines(orders, payments, refunds, basis).collect().to_pandas()
    return math.fsum(lines["amount"].fillna(0.0))


@law
@given(frames(ORDERS), frames(PAYMENTS))
def test_cash_without_cancelled_orders_is_exactly_what_was_paid(
    orders: pd.DataFrame, payments: pd.DataFrame
) -> None:
    orders = orders[~orders["status"].isin(["cancelled", "refunded"])]
    assert total(orders, payments, None, "cash") == pytest.approx(payments["amount"].sum(), abs=1e-6)


@law
@given(frames(ORDERS), frames(REFUNDS))
def test_net_without_cancelled_and_pending_orders_is_signed_less_refunds(
    orders: pd.DataFrame, refunds: pd.DataFrame
) -> None:
    orders = orders[~orders["status"].isin(["cancelled", "pending", "refunded"])]
    signed = total(orders, None, refunds, "signed")
    assert signed == pytest.approx(orders["amount"].sum(), abs=1e-6)
    net = total(orders, None, refunds, "net")
    assert net == pytest.approx(signed - refunds["amount"].abs().sum(), abs=1e-6)


@law
@given(frames(ORDERS), frames(REFUNDS))
def test_a_refund_told_by_two_sheets_is_taken_away_once(orders: pd.DataFrame, refunds: pd.DataFrame) -> None:
    told_again = refunds.rename(columns={"refund_date": "paid_date"})[["order_id", "paid_date", "amount"]]
    told_again = told_again.assign(amount=-told_again["amount"].abs())
    once = total(orders, None, refunds, "net")
    assert total(orders, told_again, refunds, "net") == pytest.approx(once, abs=1e-6)
    paid = total(orders, told_again, None, "cash")
    assert total(orders, told_again, refunds, "cash") == pytest.approx(paid, abs=1e-6)


def test_cash_without_payments_is_refused_with_a_remedy() -> None:
    with pytest.raises(InputError) as error:
        money_lines(table("orders", "order_date | amount\n2026-10-01 | 1"), None, None, "cash")
    assert "收款" in error.value.what("zh")
