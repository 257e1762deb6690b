"""A number through time: moving average, season, and a forecast with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

LEAST = 6
"""Points below which there is no forecast."""
STRONG = 0.64
"""A season stronger than this is taken into account."""


def moving_average(values: Sequence[float | None], window: int) -> list[float | None]:
    """The mean of each value and those before it, ``window`` in all; None until there are so many.

    A blank within the window makes it None: a missing month is not a month of zero.
    """
    means: list[float | None] = []
    for end in range(1, len(values) + 1):
        part = [value for value in values[max(end - window, 0) : end] if value is not None]
        means.append(sum(part) / window if len(part) == window else None)
    return means


def seasonal_index(values: Sequence[float], season: int) -> list[float]:
    """The index of each place in the season, 1 on average: ratio to the centred moving average.

    The classical multiplicative decomposition: the values over a moving average of one season, their mean
    by place, divided by the mean of these. ``UsageError`` for less than two seasons or a value that is not
    above zero.
    """
    import numpy as np

    data = np.asarray(values, "float64")
    if len(data) < 2 * season or season < 2:
        raise UsageError("cell_too_few", count=len(data), least=2 * max(season, 2))
    if (data <= 0).any():
        raise UsageError("cell_out_of_range", argument="values", value=f"{data.min():g}", allowed="> 0")
    ratios, places = _ratios(data, season)
    means = np.array([ratios[places == place].mean() for place in range(season)])
    return [float(index) for index in means / means.mean()]


def _ratios(data: NDArray[np.float64], season: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The values over their centred moving average, as far as it reaches, and their places in the season."""
    import numpy as np

    half = season // 2
    weights = np.full(season + 1 - season % 2, 1 / season)
    if season % 2 == 0:
        weights[[0, -1]] /= 2
    trend = np.convolve(data, weights, "valid")
    return data[half : half + len(trend)] / trend, (np.arange(len(trend)) + half) % season


def season_strength(values: Sequence[float], season: int) -> float:
    """How much of the movement around the moving average repeats, 0 to 1; 0 below three seasons.

    1 - variance of what is left / variance of all (Wang, Smith and Hyndman 2006), each over its degrees of
    freedom, so that noise reads 0 although its indices fit it.
    """
    import numpy as np

    data = np.asarray(values, "float64")
    if season < 2 or len(data) < 3 * season or (data <= 0).any():
        return 0.0
    ratios, places = _ratios(data, season)
    left = ratios - np.array([ratios[places == place].mean() for place in range(season)])[places]
    whole = float(np.var(ratios, ddof=1))
    if not whole:
        return 0.0
    return max(0.0, 1 - float(left @ left) / (len(ratios) - season) / whole)


@dataclass(frozen=True)
class Forecast:
    """The value of each coming period with the ends of its interval, and whether a season was found."""

    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    seasonal: bool


def theta(values: Sequence[float], ahead: int, season: int = 12, confidence: float = 0.8) -> Forecast:
    """The Theta method (Assimakopoulos and Nikolopoulos 2000), which won the M3 competition.

    Simple exponential smoothing with a drift of half the slope of the straight line through the data, which
    is what the method comes to (Hyndman and Billah 2003); its interval is theirs: the variance h periods
    ahead is that of one period times 1 + (h - 1) alpha^2. The smoothing and its start minimise the squared
    errors. A season is taken out first, and put back, where its strength is above 0.64, the limit of
    R's ``forecast`` package.

    ``UsageError`` for fewer than six values.
    """
    import numpy as np

    data = np.asarray(values, "float64")
    if len(data) < LEAST:
        raise UsageError("cell_too_few", count=len(data), least=LEAST)
    seasonal = season_strength(values, season) > STRONG
    index = np.array(seasonal_index(values, season)) if seasonal else np.ones(1)
    level_data = data / index[np.arange(len(data)) % len(index)]
    alpha, start = smoothing(level_data)
    time = np.arange(len(data))
    slope = float(np.polyfit(time, level_data, 1)[0])
    level, errors = _smoothed(level_data, alpha, start)
    left = (1 - alpha) ** time
    errors = errors - slope / 2 * (1 - left) / alpha
    sigma = float(np.sqrt(errors @ errors / max(len(data) - 3, 1)))
    h = np.arange(1, ahead + 1)
    central = level + slope / 2 * (h - 1 + (1 - (1 - alpha) ** len(data)) / alpha)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * sigma * np.sqrt(1 + (h - 1) * alpha**2)
    factor = index[(len(data) + h - 1) % len(index)]
    value, low, high = (
        tuple(map(float, edge * factor)) for edge in (central, central - reach, central + reach)
    )
    return Forecast(value, low, high, seasonal)


def smoothing(data: NDArray[np.float64]) -> tuple[float, float]:
    """The alpha and first level of simple exponential smoothing with the least squared errors.

    For a given alpha the best first level is linear algebra, so only alpha is searched, from coarse to fine.
    """
    import numpy as np

    def cost(alpha: float) -> tuple[float, float]:
        _, errors = _smoothed(data, alpha, 0.0)
        left = (1 - alpha) ** np.arange(len(data))
        start = float(errors @ left / (left @ left))
        rest = errors - start * left
        return float(rest @ rest), start

    low, high = 1e-4, 1 - 1e-4
    for _ in range(6):
        grid = np.linspace(low, high, 21)
        best = int(np.argmin([cost(float(alpha))[0] for alpha in grid]))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 20)])
    alpha = (low + high) / 2
    return alpha, cost(alpha)[1]


def _smoothed(data: NDArray[np.float64], alpha: float, start: float) -> tuple[float, NDArray[np.float64]]:
    """The last level, and the errors of each value against the level before it."""
    import numpy as np

    level, errors = start, []
    for value in data.tolist():
        errors.append(value - level)
        level += alpha * (value - level)
    return level, np.array(errors)
