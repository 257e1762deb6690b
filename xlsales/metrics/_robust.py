"""Statistics that a few wild values cannot bend, and the correlation beside them."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from xlsales.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

MAD_TO_SIGMA = 0.6745
"""MAD x 1/0.6745 estimates the standard deviation of normal data."""
FEWEST = 8
"""Fewer values than this say nothing about what is usual among them."""
MOST_PAIRED = 3000
"""Theil-Sen looks at all pairs: 4.5 million of so many points."""


def median_mad(values: Sequence[float]) -> tuple[float, float]:
    """The median, and the median of the absolute deviations from it. ValueError without values."""
    import numpy as np

    data = np.asarray(values, "float64")
    if not len(data):
        raise ValueError("no values")
    middle = float(np.median(data))
    return middle, float(np.median(np.abs(data - middle)))


def robust_z(values: Sequence[float]) -> list[float | None]:
    """0.6745 (x - median) / MAD of each value (Iglewicz and Hoaglin 1993, who flag beyond 3.5).

    None for all where fewer than ``FEWEST`` values are there, or half of them are the same.
    """
    if len(values) < FEWEST:
        return [None] * len(values)
    middle, spread = median_mad(values)
    if not spread:
        return [None] * len(values)
    return [MAD_TO_SIGMA * (value - middle) / spread for value in values]


def theil_sen(x: Sequence[float], y: Sequence[float]) -> tuple[float, float, float, float]:
    """Slope, intercept and the ends of the slope's 95 % interval (Theil 1950, Sen 1968).

    The slope is the median over all pairs; the interval takes the slopes at the ranks that Kendall's
    variance, corrected for ties, gives. ``UsageError`` for fewer than three points, or too many.
    """
    import numpy as np

    xs, ys = np.asarray(x, "float64"), np.asarray(y, "float64")
    n = len(xs)
    if n > MOST_PAIRED:
        raise UsageError("cell_too_many", count=n, most=MOST_PAIRED)
    first, second = np.triu_indices(n, 1)
    run = xs[second] - xs[first]
    slopes = np.sort(((ys[second] - ys[first])[run != 0]) / run[run != 0])
    if n < 3 or not len(slopes):
        raise UsageError("cell_too_few", count=len(set(x)), least=3)
    slope = float(np.median(slopes))
    intercept = float(np.median(ys) - slope * np.median(xs))
    pairs = len(slopes)
    sigma = np.sqrt(max(_untied(n) - sum(map(_untied, _ties(xs))) - sum(map(_untied, _ties(ys))), 0.0) / 18)
    reach = NormalDist().inv_cdf(0.975) * float(sigma)
    low = max(round((pairs - reach) / 2) - 1, 0)
    high = min(round((pairs + reach) / 2), pairs - 1)
    return slope, intercept, float(slopes[low]), float(slopes[high])


def kendall(x: Sequence[float], y: Sequence[float]) -> float | None:
    """The two-sided p-value of Kendall's rank correlation by the normal approximation with ties.

    None where one side does not vary. Against time it is the Mann-Kendall test of a trend.
    """
    import numpy as np

    xs, ys = np.asarray(x, "float64"), np.asarray(y, "float64")
    first, second = np.triu_indices(len(xs), 1)
    score = float((np.sign(xs[second] - xs[first]) * np.sign(ys[second] - ys[first])).sum())
    n, tied = len(xs), (_ties(xs), _ties(ys))
    variance = (_untied(n) - sum(_untied(one) for side in tied for one in side)) / 18
    pairs, triples = (
        [sum(one * (one - 1) * (one - 2 if deep else 1) for one in side) for side in tied]
        for deep in (False, True)
    )
    if len(np.unique(xs)) < 2 or len(np.unique(ys)) < 2:
        return None
    variance += pairs[0] * pairs[1] / (2 * n * (n - 1))
    if n > 2:
        variance += triples[0] * triples[1] / (9 * n * (n - 1) * (n - 2))
    return 2 * NormalDist().cdf(-abs(score) / float(variance) ** 0.5)


def _untied(n: int) -> float:
    return float(n * (n - 1) * (2 * n + 5))


def _ties(values: NDArray[np.float64]) -> list[int]:
    import numpy as np

    counts = np.unique(values, return_counts=True)[1]
    return [int(count) for count in counts if count > 1]


def pearson(x: Sequence[float], y: Sequence[float]) -> tuple[float, float, float] | None:
    """Pearson's r and the ends of its 95 % interval by Fisher's z (1921).

    None where one side does not vary. ``UsageError`` for fewer than four points.
    """
    import numpy as np

    if len(x) < 4:
        raise UsageError("cell_too_few", count=len(x), least=4)
    a, b = np.asarray(x, "float64"), np.asarray(y, "float64")
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    if not spread:
        return None
    r = max(-1.0, min(1.0, float(a @ b) / spread))
    if abs(r) == 1.0:
        return r, r, r
    reach = NormalDist().inv_cdf(0.975) / float(np.sqrt(len(x) - 3))
    z = float(np.arctanh(r))
    return r, float(np.tanh(z - reach)), float(np.tanh(z + reach))
