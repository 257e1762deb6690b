"""BG/NBD and Gamma-Gamma against the published fits of CDNOW, and what customers did afterwards."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.demo_made import understood_demo
from tests.metrics.frames import scope, table
from tests.metrics.real_orders import cdnow
from xlsales.metrics._catalogue import compute
from xlsales.metrics._lifetimes import Buying, Spending, fit_buying, fit_spending

if TYPE_CHECKING:
    from typing import Any

CALIBRATED = pd.Timestamp("1997-09-30")
"""The end of week 39, until which the published models look."""


@cache
def purchases() -> pd.DataFrame:
    orders = cdnow("CDNOW_sample.txt")
    days = orders.groupby(["customer_id", "order_date"])["amount"].sum().reset_index()
    return days.assign(first=days.groupby("customer_id")["order_date"].transform("min"))


@cache
def customers() -> tuple[Any, Any, Any]:
    """Repeat purchases, weeks from the first to the last, weeks watched, of every customer of the sample."""
    early = purchases()[purchases()["order_date"] <= CALIBRATED].groupby("customer_id")
    first, last = early["first"].min(), early["order_date"].max()
    weeks = [(days.dt.days / 7).to_numpy() for days in (last - first, CALIBRATED - first)]
    return early.size().to_numpy("float64") - 1, weeks[0], weeks[1]


def test_bg_nbd_of_the_purchases_is_the_published_one_but_for_the_rounding_of_weeks() -> None:
    found = fit_buying(*customers())
    assert found is not None
    assert (round(found.r, 4), round(found.alpha, 4)) == (0.2426, 4.4136)
    assert (round(found.a, 4), round(found.b, 4)) == (0.7929, 2.4259)
    assert round(found.log_likelihood, 2) == -9582.43


def test_the_published_summary_gives_the_published_figures() -> None:
    from tests.metrics.real_orders import path

    rows = pd.read_csv(path("cdnow/cdnow_customers_summary.csv"))
    found = fit_buying(*(rows[name].to_numpy("float64") for name in ("frequency", "recency", "T")))
    assert found is not None
    published = (0.2426, 4.4135, 0.7929, 2.4258, -9582.43)
    for ours, theirs in zip(
        (found.r, found.alpha, found.a, found.b, found.log_likelihood), published, strict=True
    ):
        assert round(ours, 2 if theirs < 0 else 4) == theirs


def test_gamma_gamma_of_cdnow_is_the_published_one() -> None:
    early = purchases()[purchases()["order_date"] <= CALIBRATED]
    again = early[early["order_date"] > early["first"]].groupby("customer_id")["amount"]
    mean = again.mean()
    spent = mean > 0
    assert spent.sum() == 946
    found = fit_spending(again.size()[spent].to_numpy("float64"), mean[spent].to_numpy())
    assert found is not None
    assert (found.p, found.q) == (pytest.approx(6.25, abs=0.005), pytest.approx(3.74, abs=0.005))
    assert found.v == pytest.approx(15.45, abs=0.01)


def test_what_the_model_foretells_of_the_next_39_weeks_is_near_what_was_bought() -> None:
    found = fit_buying(*customers())
    assert found is not None
    foretold = float(found.expected(*customers(), 39.0).sum())
    bought = int((purchases()["order_date"] > CALIBRATED).sum())
    print(f"foretold {foretold:.0f}, bought {bought}, error {foretold / bought - 1:+.1%}")
    assert abs(foretold / bought - 1) < 0.15
    repeats = float(customers()[0].sum())
    assert abs((repeats + foretold) / (repeats + bought) - 1) < 0.06


def test_the_metric_fits_the_same_and_states_its_holdout_error() -> None:
    rows = compute("ltv", {"orders": cdnow("CDNOW_sample.txt")}, scope("1998-06", date(1998, 6, 30)))
    model = rows.set_index("method").loc["model"]
    print(model[["foretold", "bought", "error"]].to_dict())
    assert model["error"] == pytest.approx(model["foretold"] / model["bought"] - 1)
    assert abs(model["error"]) < 0.15
    assert model["status"] == ""


def test_what_is_foretold_of_each_customer_is_purchases_by_money_discounted_from_the_middle_of_a_year() -> (
    None
):
    """Against the models fitted here, on what pandas says each customer of CDNOW did."""
    end = pd.Timestamp("1998-06-30")
    paid = purchases()[purchases()["amount"] > 0]
    by = paid.groupby("customer_id")
    last, first, x = by["order_date"].max(), by["first"].min(), by.size().astype("float64") - 1
    recency, age = ((days - first).dt.days / 7 for days in (last, end))
    again = paid[paid["order_date"] > paid["customer_id"].map(first)]
    mean = again.groupby("customer_id")["amount"].mean().reindex(x.index)
    buying = fit_buying(x.to_numpy(), recency.to_numpy(), age.to_numpy())
    spending = fit_spending(x[mean > 0].to_numpy(), mean[mean > 0].to_numpy())
    assert buying is not None
    assert spending is not None
    habits = (x.to_numpy(), recency.to_numpy(), age.to_numpy())
    times = buying.expected(*habits, 365.25 / 7)
    worth = times * spending.expected(x.to_numpy(), mean.to_numpy())

    tables, about = {"orders": cdnow("CDNOW_sample.txt")}, scope("1998-06", end.date())
    rows = compute("customer_value", tables, about).set_index("account_id").loc[x.index]
    assert rows["alive"].to_numpy() == pytest.approx(buying.alive(*habits))
    assert rows["purchases"].to_numpy() == pytest.approx(times)
    assert rows["value"].to_numpy() == pytest.approx(worth / 1.1**0.5)
    dear = compute("customer_value", tables, about, discount=0.44).set_index("account_id").loc[x.index]
    assert dear["value"].to_numpy() == pytest.approx(worth / 1.2)
    assert compute("ltv", tables, about, discount=0.44).set_index("method").loc["model", "total"] == (
        pytest.approx(worth.sum() / 1.2)
    )


def test_a_model_that_cannot_be_put_to_the_test_says_so() -> None:
    """120 customers who came within the last weeks before the period's end, and one who came early."""
    lines = [f"{k} | C{k % 120} | 2026-{9 + k // 120:02}-{1 + k % 28:02} | {10 + k % 7}" for k in range(180)]
    head = ["order_id | customer_id | order_date | amount", "E | E | 2024-01-01 | 10"]
    orders = table("orders", "\n".join([*head, *lines]))
    model = compute("ltv", {"orders": orders}, scope("2026-10")).set_index("method").loc["model"]
    assert model["value"] > 0
    assert np.isnan(model["error"])
    assert model["status"] == "no_holdout"


def test_money_without_a_mean_fits_no_model() -> None:
    """Customers whose orders lie orders of magnitude apart: the Gamma-Gamma has q <= 1."""
    lines = [
        f"{k} | C{k % 120} | 2026-{1 + k // 120:02}-{1 + k % 28:02} | {10 ** (k % 120 % 12)}"
        for k in range(360)
    ]
    orders = table("orders", "\n".join(["order_id | customer_id | order_date | amount", *lines]))
    rows = compute("ltv", {"orders": orders}, scope("2026-10")).set_index("method")
    assert rows.loc["model", "status"] == "no_fit"
    assert np.isnan(rows.loc["model", "value"])
    assert set(compute("customer_value", {"orders": orders}, scope("2026-10"))["status"]) == {"no_fit"}


def test_the_order_of_customers_does_not_move_a_digit() -> None:
    order = np.random.default_rng(3).permutation(len(customers()[0]))
    assert fit_buying(*(one[order] for one in customers())) == fit_buying(*customers())


def test_an_even_part_of_many_customers_tells_the_same() -> None:
    dice = np.random.default_rng(5)
    age = dice.integers(70, 700, 40_000) / 7
    rate, leaves = dice.gamma(0.8, 1 / 12, 40_000), dice.beta(1.2, 3.5, 40_000)
    x, last, now, here = (np.zeros(40_000) for _ in range(4))
    going = here == 0
    while going.any():
        now = np.where(going, now + dice.exponential(1 / rate), now)
        going &= now < age
        x, last = x + going, np.where(going, now, last)
        going &= dice.random(40_000) >= leaves
    found = fit_buying(x, last, age)
    assert found is not None
    assert (found.r, found.alpha) == (pytest.approx(0.8, rel=0.1), pytest.approx(12, rel=0.1))
    assert found.a / (found.a + found.b) == pytest.approx(1.2 / 4.7, rel=0.1)


def test_the_worked_example_of_the_paper() -> None:
    """Two repeat purchases, the last in week 30.43 of 38.86: 1.226 more in the 39 weeks to come."""
    model = Buying(0.2426, 4.4135, 0.7929, 2.4258, -9582.43)
    one = (np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert model.expected(*one, 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_the_worth_of_a_purchase_lies_between_his_own_and_that_of_all() -> None:
    """p (v + x m) / (p x + q - 1): without a purchase the mean of all, with ever more his own."""
    found = Spending(2.0, 5.0, 40.0).expected(np.array([0.0, 1.0, 1000.0]), np.array([0.0, 100.0, 100.0]))
    assert found == pytest.approx([2 * 40 / 4, 2 * 140 / 6, 2 * 100_040 / 2004])


def test_without_customers_who_came_back_there_is_no_model() -> None:
    lines = "\n".join(f"{k} | C{k} | 2026-0{1 + k % 9}-01 | 10" for k in range(200))
    orders = table("orders", f"order_id | customer_id | order_date | amount\n{lines}")
    rows = compute("ltv", {"orders": orders}, scope("2026-10")).set_index("method")
    assert rows.loc["model", "status"] == "no_repeaters"
    assert np.isnan(rows.loc["model", "value"])
    assert rows.loc["formula", "aov"] == 10


def test_a_fit_along_a_flat_ridge_comes_to_its_end() -> None:
    """Families who all stop alike: the likelihood hardly tells a from b, yet there is a model."""
    orders = understood_demo("zh").cleaned.tables["orders"]
    model = compute("ltv", {"orders": orders}, scope("2026-10")).set_index("method").loc["model"]
    first = orders[orders["status"] != "cancelled"].groupby("customer_id")["order_date"].min()
    known = first.index[first < "2025-11-01"]
    later = orders[(orders["order_date"] >= "2025-11-01") & (orders["status"] != "cancelled")]
    bought = len(later[later["customer_id"].isin(known)].drop_duplicates(["customer_id", "order_date"]))
    assert model["status"] == ""
    assert model["bought"] == bought
    assert model["error"] == pytest.approx(model["foretold"] / bought - 1)
