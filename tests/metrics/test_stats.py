from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from xlsales.metrics._stats import (
    against_overall,
    difference,
    holm,
    p_equal,
    prior,
    ratio,
    sample_status,
    share,
    shrunk,
    wilson,
)


@pytest.mark.parametrize("n", [1, 2, 3, 29, 30, 947, 525_461])
def test_wilson_is_what_statsmodels_gives(n: int) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for successes in {0, 1, n // 3, n // 2, n - 1, n}:
        low, high = wilson([successes], [n])
        expected = proportion.proportion_confint(successes, n, alpha=0.05, method="wilson")
        assert (low[0], high[0]) == pytest.approx(expected, abs=1e-12)
        assert 0 <= low[0] <= successes / n <= high[0] <= 1


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (3, 2), (-1, 5), (math.nan, 5), (1, math.nan)])
def test_there_is_no_interval_for_what_is_no_share(successes: float, n: float) -> None:
    low, high = wilson([successes], [n])
    assert math.isnan(low[0])
    assert math.isnan(high[0])


def test_a_ratio_with_nothing_below_is_blank() -> None:
    found = ratio(pd.Series([1.0, 0.0, 2.0]), pd.Series([2.0, 0.0, math.nan]))
    assert found.iloc[0] == 0.5
    assert found.iloc[1:].isna().all()


def test_a_sample_is_small_below_thirty() -> None:
    assert list(sample_status(pd.Series([0.0, 1.0, 29.0, 30.0]), "no_leads")) == [
        "no_leads",
        "small_sample",
        "small_sample",
        "",
    ]


def rows(**columns: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return share(frame, "rate", "won", "leads", frame)


def test_only_an_interval_wholly_off_the_overall_rate_is_flagged() -> None:
    found = rows(rep=["a", "b", "c"], leads=[100.0, 100.0, 10.0], won=[60.0, 20.0, 4.0])
    assert list(against_overall(found, "won", "leads", ("rep",))) == ["above", "below", ""]


def test_a_name_is_held_against_its_own_month_and_a_month_against_all() -> None:
    found = rows(
        month=["1", "1", "2", "2"], rep=["a", "b", "a", "b"], leads=[100.0] * 4, won=[9.0, 9.0, 60, 60]
    )
    assert list(against_overall(found, "won", "leads", ("month", "rep"))) == [""] * 4
    months = rows(month=["1", "2"], leads=[200.0, 200.0], won=[18.0, 120.0])
    assert list(against_overall(months, "won", "leads", ("month",))) == ["below", "above"]


def test_a_single_row_is_the_overall_itself() -> None:
    assert list(against_overall(rows(leads=[100.0], won=[9.0]), "won", "leads", ())) == [""]


NEWCOMBE = [
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("k1", "n1", "k2", "n2", "low", "high"), NEWCOMBE)
def test_the_difference_of_two_shares_has_the_published_interval(
    k1: int, n1: int, k2: int, n2: int, low: float, high: float
) -> None:
    found = difference(k1, n1, k2, n2)
    assert found is not None
    assert found[0] == pytest.approx(k1 / n1 - k2 / n2)
    assert found[1:3] == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("k1", "n1", "k2", "n2"), [(56, 70, 48, 80), (5, 50, 15, 60), (30, 400, 31, 380)])
def test_the_p_value_of_a_difference_is_what_statsmodels_gives(k1: int, n1: int, k2: int, n2: int) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    found = difference(k1, n1, k2, n2)
    assert found is not None
    assert found[3] == pytest.approx(proportion.proportions_ztest([k1, k2], [n1, n2])[1])


def test_a_difference_of_impossible_counts_is_none() -> None:
    assert difference(1, 0, 1, 2) is None
    assert difference(3, 2, 1, 2) is None


def test_two_shares_of_one_differ_by_nothing_within_what_so_few_can_say() -> None:
    (low_of_two, low_of_three), _ = wilson([2, 3], [2, 3])
    found = difference(2, 2, 3, 3)
    assert found == (0.0, pytest.approx(low_of_two - 1), pytest.approx(1 - low_of_three), 1.0)


def test_the_p_value_of_two_rates_is_what_statsmodels_gives() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    counts = [(12, 80, 30, 100), (1, 40, 2, 41), (500, 900, 480, 910), (7, 7, 3, 9)]
    found = p_equal(*zip(*counts, strict=True))
    for p, (k1, n1, k2, n2) in zip(found, counts, strict=True):
        assert p == pytest.approx(proportion.proportions_ztest([k1, k2], [n1, n2])[1], abs=1e-12)


def test_two_rates_of_nothing_are_no_test_and_two_that_never_vary_are_equal() -> None:
    found = p_equal([0, 0, 5, 3], [0, 10, 5, 2], [1, 0, 9, 1], [5, 20, 9, 2])
    assert np.isnan(found[[0, 3]]).all()
    assert list(found[[1, 2]]) == [1.0, 1.0]


def test_holm_is_what_statsmodels_gives_and_no_test_counts_for_none() -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = [0.01, 0.04, 0.03, 0.005, 0.9, 0.04]
    expected = multitest.multipletests(p, method="holm")[1]
    assert list(holm(p)) == pytest.approx(list(expected), abs=1e-15)
    with_a_gap = holm([*p[:2], math.nan, *p[2:]])
    assert math.isnan(with_a_gap[2])
    assert list(np.delete(with_a_gap, 2)) == pytest.approx(list(expected), abs=1e-15)
    assert len(holm([])) == 0


def test_the_prior_of_rates_is_found_again_from_what_it_made() -> None:
    dice = np.random.default_rng(7)
    n = dice.integers(30, 300, 4000)
    won = dice.binomial(n, dice.beta(12, 48, 4000))
    mean, weight = prior(won / n, n)
    assert mean == pytest.approx(12 / 60, abs=0.005)
    assert weight == pytest.approx(60, rel=0.1)


def test_the_prior_by_moments_is_near_that_of_highest_likelihood() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    betabinom = pytest.importorskip("scipy.stats").betabinom
    dice = np.random.default_rng(11)
    n = dice.integers(20, 200, 300)
    won = dice.binomial(n, dice.beta(6, 14, 300))

    def unlikely(ab: list[float]) -> float:
        return -float(betabinom.logpmf(won, n, *np.exp(ab)).sum())

    a, b = np.exp(optimize.minimize(unlikely, [0.0, 0.0], method="Nelder-Mead").x)
    mean, weight = prior(won / n, n)
    assert mean == pytest.approx(a / (a + b), abs=0.01)
    assert weight == pytest.approx(a + b, rel=0.25)


def test_rates_shrunk_to_their_prior_are_nearer_to_the_truth() -> None:
    dice = np.random.default_rng(3)
    truth, n = dice.beta(10, 40, 500), dice.integers(3, 60, 500)
    rate = dice.binomial(n, truth) / n
    better = shrunk(rate, n, *prior(rate, n))
    assert ((better - truth) ** 2).mean() < 0.5 * ((rate - truth) ** 2).mean()


def test_rates_that_spread_no_more_than_chance_all_become_their_mean() -> None:
    mean, weight = prior([0.5, 1 / 3], [2, 3])
    assert (mean, weight) == (pytest.approx(2 / 5), math.inf)
    assert list(shrunk([0.5, 1 / 3], [2, 3], mean, weight)) == [mean, mean]
    assert math.isnan(prior([0.5], [10])[0])
