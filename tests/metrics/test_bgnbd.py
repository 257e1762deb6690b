"""BG/NBD and Gamma-Gamma give the published figures of CDNOW, and what follows from them by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from xlsales.metrics._bgnbd import Buying, Spending, fit_buying, fit_spending

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CDNOW = Path(__file__).parents[2] / ".." / "shared" / "data" / "cdnow"
corpus = [pytest.mark.corpus, pytest.mark.skipif(not CDNOW.exists(), reason="the shared data are not there")]

PUBLISHED = Buying(r=0.2426, alpha=4.4135, a=0.7929, b=2.4258, log_likelihood=-9582.43)
"""Fader, Hardie and Lee 2005, table 2: a tenth of CDNOW's customers, watched for 39 weeks."""


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return pd.read_csv(CDNOW / "cdnow_customers_summary.csv")


class TestCdnow:
    pytestmark = corpus

    def test_the_parameters_are_the_published_ones(self, customers: pd.DataFrame) -> None:
        found = fit_buying(customers["frequency"], customers["recency"], customers["T"])
        assert found is not None
        for name, digits in (("r", 4), ("alpha", 4), ("a", 4), ("b", 4), ("log_likelihood", 2)):
            assert round(getattr(found, name), digits) == getattr(PUBLISHED, name), name

    def test_the_order_and_the_unit_of_time_do_not_show(self, customers: pd.DataFrame) -> None:
        some = customers.iloc[::3]
        weeks = fit_buying(some["frequency"], some["recency"], some["T"])
        mixed = some.sample(frac=1, random_state=1)
        assert fit_buying(mixed["frequency"], mixed["recency"], mixed["T"]) == weeks
        days = fit_buying(some["frequency"], some["recency"] * 7, some["T"] * 7)
        assert weeks
        assert days
        assert [days.r, days.alpha / 7, days.a, days.b] == pytest.approx(
            [weeks.r, weeks.alpha, weeks.a, weeks.b], rel=1e-4
        )

    def test_what_a_purchase_is_worth_is_the_published_one(self) -> None:
        """Fader and Hardie 2013: p 6.25, q 3.74, v 15.44, of 946 customers who came back within 39 weeks."""
        count, mean = repeats()
        assert len(count) == 946
        found = fit_spending(count, mean)
        assert found
        assert [found.p, found.q, found.v] == pytest.approx([6.25, 3.74, 15.44], abs=0.006)


def repeats() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each customer who came back by the end of September 1997: how often, and for how much each time."""
    names = ["all", "customer", "day", "discs", "amount"]
    rows = pd.read_csv(CDNOW / "CDNOW_sample.txt", sep=r"\s+", header=None, names=names)
    days = rows.groupby(["customer", "day"], as_index=False)["amount"].sum()
    again = days[(days["day"] > days.groupby("customer")["day"].transform("min")) & (days["day"] <= 19970930)]
    found = again.groupby("customer")["amount"].agg(["size", "mean"])
    return found["size"].to_numpy("float64"), found["mean"].to_numpy("float64")


def test_the_worked_example_of_the_paper() -> None:
    """A customer with two repeat purchases, the last in week 30.43 of 38.86, buys 1.226 times in 39 more."""
    assert PUBLISHED.expected([2], [30.43], [38.86], 39)[0] == pytest.approx(1.226, abs=5e-4)


def test_who_never_came_back_counts_as_alive_and_long_silence_as_gone() -> None:
    chances = PUBLISHED.alive([0, 9, 9], [0, 30, 3], [38, 31, 38])
    assert chances[0] == 1
    assert chances[1] > 0.9
    assert chances[2] < 0.05


def test_the_worth_of_a_purchase_lies_between_his_own_and_that_of_all() -> None:
    """p (v + x m) / (p x + q - 1): without a purchase the mean of all, with ever more his own."""
    model = Spending(p=2.0, q=5.0, v=40.0)
    assert model.expected([0, 1, 1000], [0, 100, 100]) == pytest.approx(
        [2 * 40 / 4, 2 * 140 / 6, 2 * 100_040 / 2004]
    )


@pytest.mark.parametrize("x", [[], [0, 0, 0]])
def test_without_a_repeat_purchase_there_is_nothing_to_fit(x: list[int]) -> None:
    assert fit_buying(x, [0.0] * len(x), [5.0] * len(x)) is None


def test_one_customer_is_too_few_to_say_what_purchases_are_worth() -> None:
    assert fit_spending([3], [100.0]) is None
