"""What is true of both bridges, whatever the tables hold."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.frames import scope
from tests.metrics.real_orders import path
from tests.metrics.test_laws import compute, inputs, law, options, scopes
from xlsales.clean.frames import conform
from xlsales.metrics import driver_bridge, growth_bridge
from xlsales.metrics._catalogue import catalogue
from xlsales.metrics._portfolio import log_mean
from xlsales.tables.specs import ORDERS

if TYPE_CHECKING:
    from xlsales.metrics._scope import Scope

BRIDGES = {"growth_bridge": growth_bridge.PARTS, "driver_bridge": driver_bridge.PARTS}
both = pytest.mark.parametrize("key", BRIDGES)


@both
def test_the_parts_add_up_to_the_change_exactly(key: str) -> None:
    declared = catalogue()[key]

    @law
    @given(inputs(declared), scopes(), options(declared))
    def holds(tables: dict[str, Any], about: Scope, chosen: dict[str, Any]) -> None:
        for _, row in compute(declared, tables, about, chosen).iterrows():
            parts = [row[part] for part in BRIDGES[key] if not math.isnan(row[part])]
            assert math.fsum([*parts, -row["change"]]) == pytest.approx(0, abs=2e-6) or row.isna()["change"]
            assert math.isnan(row["change"]) == (row["status"] == "no_base")

    holds()


@both
def test_a_row_is_what_a_filter_to_its_name_gives(key: str) -> None:
    declared = catalogue()[key]

    @law
    @given(inputs(declared), scopes())
    def holds(tables: dict[str, Any], about: Scope) -> None:
        plain = replace(about, filters=())
        rows = compute(declared, tables, plain, {"by": ("region",)}).set_index("region")
        for region, row in rows.iterrows():
            alone = replace(plain, filters=(("region", (str(region),)),))
            (one,) = compute(declared, tables, alone, {}).to_dict("records")
            if "no_base" in (one["status"], row["status"]):  # what one name has may begin later than the data
                continue
            for part in BRIDGES[key]:
                assert one[part] == pytest.approx(row[part], abs=1e-6, nan_ok=True), part

    holds()


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_the_logarithmic_mean_lies_between_both(one: float, other: float) -> None:
    mean = float(log_mean(np.array([one]), np.array([other]))[0])
    assert min(one, other) * (1 - 1e-9) <= mean <= max(one, other) * (1 + 1e-9)


@pytest.mark.corpus
def test_a_real_month_of_four_thousand_products_is_what_plain_pandas_says() -> None:
    raw = pd.read_parquet(path("online_retail/online_retail_ii_2009_2010.parquet"))
    orders = conform(
        ORDERS,
        pd.DataFrame(
            {
                "order_id": raw["Invoice"].astype("str"),
                "order_date": pd.to_datetime(raw["InvoiceDate"]),
                "product": raw["StockCode"].astype("str"),
                "quantity": raw["Quantity"],
                "amount": raw["Quantity"] * raw["Price"],
            }
        ),
    )
    (found,) = growth_bridge.growth_bridge(orders, scope=scope("2010-11")).to_dict("records")

    raw = raw.assign(amount=raw["Quantity"] * raw["Price"], month=raw["InvoiceDate"].str[:7])
    sold = raw[(raw["amount"] >= 0) & (raw["Quantity"] > 0)]
    table = sold.pivot_table(index="StockCode", columns="month", values=["Quantity", "amount"], aggfunc="sum")
    q0, q1 = (table["Quantity"][month].fillna(0) for month in ("2010-10", "2010-11"))
    r0, r1 = (table["amount"][month].fillna(0) for month in ("2010-10", "2010-11"))
    kept = (q0 > 0) & (q1 > 0)
    price = (q1 * (r1 / q1 - r0 / q0))[kept].sum()
    volume = r0[kept].sum() * (q1[kept].sum() / q0[kept].sum() - 1)
    mix = (r0 / q0 * (q1 - q0 * q1[kept].sum() / q0[kept].sum()))[kept].sum()
    away = raw[raw["amount"] < 0].groupby("month")["amount"].sum()
    expected = {
        "change": raw.groupby("month")["amount"].sum().diff()["2010-11"],
        "price": price,
        "volume": volume,
        "mix": mix,
        "new": r1[~kept].sum(),
        "lost": -r0[~kept].sum(),
        "returns": away["2010-11"] - away["2010-10"],
        "unpriced": 0,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=0.01), name
