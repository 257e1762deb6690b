"""Series in time, against pandas and statsmodels."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import UsageError
from xlsales.metrics._series import moving_average, season_strength, seasonal_index, smoothing, theta

SEASON = 1 + 0.3 * np.sin(np.arange(12) / 12 * 2 * np.pi)


def noisy(seed: int, n: int = 36, slope: float = 2.0) -> list[float]:
    dice = np.random.default_rng(seed)
    return [float(value) for value in 100 + slope * np.arange(n) + dice.normal(0, 8, n)]


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=20), st.integers(1, 6))
def test_the_moving_average_is_that_of_pandas(values: list[float | None], window: int) -> None:
    expected = pd.Series(values, dtype="float64").rolling(window).mean()
    got = [float("nan") if mean is None else mean for mean in moving_average(values, window)]
    assert got == pytest.approx(list(expected), abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("season", [4, 7, 12])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_seasonal_index_is_that_of_the_classical_decomposition(season: int, seed: int) -> None:
    seasonal = pytest.importorskip("statsmodels.tsa.seasonal")
    values = noisy(seed, 3 * season + 2)
    expected = seasonal.seasonal_decompose(np.array(values), model="multiplicative", period=season)
    assert seasonal_index(values, season) == pytest.approx(list(expected.seasonal[:season]))


def test_a_season_needs_two_rounds_and_values_above_zero() -> None:
    with pytest.raises(UsageError):
        seasonal_index([1.0] * 23, 12)
    with pytest.raises(UsageError):
        seasonal_index([1.0] * 23 + [0.0], 12)


@pytest.mark.parametrize("seed", range(4))
def test_the_smoothing_has_the_least_errors_that_statsmodels_finds(seed: int) -> None:
    holt = pytest.importorskip("statsmodels.tsa.holtwinters")
    data = np.array(noisy(seed, slope=1.0))
    fitted = holt.SimpleExpSmoothing(data, initialization_method="estimated").fit()

    def errors(alpha: float, level: float) -> float:
        total = 0.0
        for value in data:
            total += (value - level) ** 2
            level += alpha * (value - level)
        return total

    ours, start = smoothing(data)
    assert errors(ours, start) <= fitted.sse * (1 + 1e-6)
    assert ours == pytest.approx(fitted.params["smoothing_level"], abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_the_forecast_is_that_of_the_theta_method_in_statsmodels(seed: int) -> None:
    model = pytest.importorskip("statsmodels.tsa.forecasting.theta")
    values = noisy(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = model.ThetaModel(np.array(values), period=1, deseasonalize=False).fit().forecast(6)
    found = theta(values, 6, season=1)
    assert found.values == pytest.approx(tuple(expected), rel=2e-3)
    assert all(
        low < value < high for low, value, high in zip(found.low, found.values, found.high, strict=True)
    )


def test_a_strong_season_is_found_and_put_back() -> None:
    values = [float(value) for value in 200 * np.tile(SEASON, 4)]
    found = theta(values, 12)
    assert found.seasonal
    assert found.values == pytest.approx(200 * SEASON, rel=0.01)
    assert season_strength(values, 12) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_no_season(seed: int) -> None:
    dice = np.random.default_rng(seed)
    assert season_strength([float(one) for one in dice.normal(100, 10, 48)], 12) < 0.5
    assert season_strength(noisy(seed, 30), 12) == 0  # below three rounds nothing is said


def test_the_interval_holds_as_often_as_it_says() -> None:
    """Of 400 series of the model that the interval is made for, near 80 % end within it."""
    dice = np.random.default_rng(7)
    inside = 0
    for _ in range(400):
        level, values = 100.0, []
        for _ in range(61):
            shock = dice.normal(0, 5)
            values.append(level + shock)
            level += 0.3 * shock
        found = theta(values[:-1], 1, season=1, confidence=0.8)
        inside += found.low[0] <= values[-1] <= found.high[0]
    assert inside / 400 == pytest.approx(0.8, abs=0.06)


def test_a_forecast_needs_six_values_and_does_not_change_them() -> None:
    with pytest.raises(UsageError):
        theta([1, 2, 3, 4, 5], 1)
    values = noisy(1)
    before = list(values)
    theta(values, 3)
    assert values == before
