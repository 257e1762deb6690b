"""Robust statistics, against scipy where it has them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlsales.errors import UsageError
from xlsales.metrics._robust import median_mad, pearson, robust_z, theil_sen

SERIES = st.lists(st.integers(-1000, 1000), min_size=4, max_size=40)


@given(SERIES)
def test_the_median_and_mad_are_those_of_scipy(values: list[float]) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert median_mad(values) == (np.median(values), stats.median_abs_deviation(values))


def test_without_values_there_is_no_median() -> None:
    with pytest.raises(ValueError, match="no values"):
        median_mad([])


def test_a_wild_value_stands_out_and_does_not_hide_itself() -> None:
    z = robust_z([10, 11, 9, 10, 12, 11, 10, 90])
    assert z[7] == pytest.approx(0.6745 * (90 - 10.5) / 0.5)
    assert all(one is not None and abs(one) < 3.5 for one in z[:7])


def test_few_values_or_equal_ones_say_nothing_of_what_is_usual() -> None:
    assert robust_z([1, 2, 3, 4, 5, 6, 700]) == [None] * 7
    assert robust_z([5] * 8 + [900]) == [None] * 9


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-50, 50)), min_size=4, max_size=30))
def test_the_slope_is_that_of_scipy(points: list[tuple[int, int]]) -> None:
    stats = pytest.importorskip("scipy.stats")
    x, y = [float(a) for a, _ in points], [float(b) for _, b in points]
    if len(set(x)) < 2:
        with pytest.raises(UsageError):
            theil_sen(x, y)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy takes the root of a variance below zero where nearly all tie
        expected = stats.theilslopes(y, x)
    assume(expected.low_slope <= expected.slope <= expected.high_slope)
    slope, intercept, low, high = theil_sen(x, y)
    assert (slope, intercept) == pytest.approx((expected.slope, expected.intercept))
    assert (low, high) == pytest.approx((expected.low_slope, expected.high_slope))


def test_one_wild_point_does_not_bend_the_slope() -> None:
    x = list(range(20))
    assert theil_sen(x, [2 * a for a in x[:-1]] + [10_000])[0] == pytest.approx(2)


def test_too_few_and_too_many_points_are_refused() -> None:
    with pytest.raises(UsageError):
        theil_sen([1, 2], [1, 2])
    with pytest.raises(UsageError):
        theil_sen(list(range(3001)), list(range(3001)))


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=4, max_size=30))
def test_the_correlation_and_its_interval_are_those_of_scipy(points: list[tuple[int, int]]) -> None:
    stats = pytest.importorskip("scipy.stats")
    x, y = [float(a) for a, _ in points], [float(b) for _, b in points]
    found = pearson(x, y)
    if 1 in (len(set(x)), len(set(y))):
        assert found is None
        return
    assume(found is not None and abs(found[0]) < 1 - 1e-12)
    expected = stats.pearsonr(x, y)
    assert found is not None
    assert found[0] == pytest.approx(expected.statistic, abs=1e-9)
    assert found[1:] == pytest.approx(tuple(expected.confidence_interval()), abs=1e-7)


def test_a_straight_line_is_certain_and_three_points_are_too_few() -> None:
    assert pearson([1, 2, 3, 4], [2, 4, 6, 8]) == (1.0, 1.0, 1.0)
    with pytest.raises(UsageError):
        pearson([1, 2, 3], [1, 2, 3])
