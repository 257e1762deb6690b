"""How sure a share is: its Wilson interval, whether it stands off the whole, what is too small a sample."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

Z95 = NormalDist().inv_cdf(0.975)
SMALL_SAMPLE = 30
"""Below this n a rate is shown but not ranked."""


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """``part / whole``; NaN where the whole is zero or missing."""
    return (part / whole.where(whole != 0)).astype("float64")


def wilson(successes: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The two ends of the 95% score interval of ``successes / n`` (Wilson 1927), as fractions.

    NaN where n is zero or missing, and where there are more successes than trials: two counts of
    different things have no such interval.
    """
    import numpy as np

    k, trials = np.asarray(successes, "float64"), np.asarray(n, "float64")
    valid = (trials > 0) & (k >= 0) & (k <= trials)
    trials = np.where(valid, trials, np.nan)
    share = k / trials
    centre = share + Z95**2 / (2 * trials)
    reach = Z95 * np.sqrt(share * (1 - share) / trials + Z95**2 / (4 * trials**2))
    scale = 1 + Z95**2 / trials
    # At the ends rounding would leave 0 or 1 by a hair.
    low = np.where(k == 0, np.where(valid, 0.0, np.nan), (centre - reach) / scale)
    high = np.where(k == trials, np.where(valid, 1.0, np.nan), (centre + reach) / scale)
    return low, high


def difference(k1: float, n1: float, k2: float, n2: float) -> tuple[float, float, float, float] | None:
    """k1/n1 - k2/n2 with the ends of its 95 % interval, and the p-value of there being none.

    The interval joins the two Wilson intervals (Newcombe 1998, method 10); p is that of the two-sided z
    test with the pooled share. None where a count is impossible; p is 1 where nothing varies.
    """
    if not (0 <= k1 <= n1 and 0 <= k2 <= n2 and n1 > 0 and n2 > 0):
        return None
    one, two = k1 / n1, k2 / n2
    lows, highs = wilson([k1, k2], [n1, n2])
    low = one - two - float((one - lows[0]) ** 2 + (highs[1] - two) ** 2) ** 0.5
    high = one - two + float((highs[0] - one) ** 2 + (two - lows[1]) ** 2) ** 0.5
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    z = abs(one - two) / variance**0.5 if variance else 0.0
    return one - two, low, high, 2 * NormalDist().cdf(-z)


def share(rows: pd.DataFrame, name: str, part: str, whole: str, before: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with the share ``part / whole`` as ``name``, its interval, and its change in points.

    ``before`` holds the same two counts of the previous period, row by row.
    """
    low, high = wilson(rows[part], rows[whole])
    now, previous = ratio(rows[part], rows[whole]), ratio(before[part], before[whole])
    return rows.assign(**{name: now}, low=low, high=high, previous=previous, change=now - previous)


def against_overall(rows: pd.DataFrame, part: str, whole: str, by: Sequence[str]) -> pd.Series:
    """``below`` or ``above`` where the row's interval lies wholly off the overall rate, else "".

    Overall is all rows together, or all of the same month where rows are months by something else.
    """
    group = rows["month"] if "month" in by and len(by) > 1 else rows[whole] * 0
    overall = ratio(rows[part].groupby(group).transform("sum"), rows[whole].groupby(group).transform("sum"))
    above, below = rows["low"] > overall, rows["high"] < overall
    return below.map({True: "below", False: ""}).mask(above, "above").astype("str")


def sample_status(n: pd.Series, none: str) -> pd.Series:
    """``none`` where n is zero, ``small_sample`` below 30, else ""."""
    return (n < SMALL_SAMPLE).map({True: "small_sample", False: ""}).mask(n == 0, none).astype("str")


def p_equal(k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike) -> NDArray[np.float64]:
    """The p-values of k1/n1 and k2/n2 being one rate: two-sided z tests with the pooled share.

    NaN where there is nothing on a side or a count is impossible; 1 where nothing varies.
    """
    import numpy as np

    one, of_one, two, of_two = (np.asarray(counts, "float64") for counts in (k1, n1, k2, n2))
    valid = (of_one > 0) & (of_two > 0) & (one >= 0) & (one <= of_one) & (two >= 0) & (two <= of_two)
    of_one, of_two = np.where(valid, of_one, np.nan), np.where(valid, of_two, np.nan)
    pooled = (one + two) / (of_one + of_two)
    variance = pooled * (1 - pooled) * (1 / of_one + 1 / of_two)
    off = np.abs(one / of_one - two / of_two)
    z = off / np.sqrt(np.where(variance > 0, variance, np.nan))
    tail = np.array([2 * NormalDist().cdf(-value) for value in z.ravel().tolist()]).reshape(z.shape)
    found: NDArray[np.float64] = np.where(valid & (variance <= 0), 1.0, tail)
    return found


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """The p-values corrected for being so many (Holm 1979); NaN is no test and stays."""
    import numpy as np

    given = np.asarray(p, "float64")
    corrected = np.full(len(given), np.nan)
    order = np.argsort(given, kind="stable")[: np.isfinite(given).sum()]
    steps = given[order] * np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected


def prior(rate: ArrayLike, n: ArrayLike) -> tuple[float, float]:
    """How rates of one kind spread beyond chance: the mean of their beta prior and its weight in trials.

    Moments of the beta-binomial with weights n (Kleinman 1973): of S = sum n (rate - mean)^2 chance alone
    explains mean (1 - mean) (k - 1); the rest gives the correlation within a unit, rho, and the weight is
    1 / rho - 1. It is infinite where the rates spread no more than chance would; NaN for fewer than two.
    """
    import numpy as np

    shares, trials = np.asarray(rate, "float64"), np.asarray(n, "float64")
    known = (trials > 0) & np.isfinite(shares)
    shares, trials = shares[known], trials[known]
    if len(trials) < 2:
        return float("nan"), float("nan")
    whole = trials.sum()
    mean = float((trials * shares).sum() / whole)
    chance = mean * (1 - mean)
    beyond = whole - (trials**2).sum() / whole - (len(trials) - 1)
    spread = (trials * (shares - mean) ** 2).sum()
    if chance <= 0 or beyond <= 0:
        return mean, float("inf")
    rho = float(min((spread / chance - (len(trials) - 1)) / beyond, 1.0))
    return mean, 1 / rho - 1 if rho > 0 else float("inf")


def shrunk(rate: ArrayLike, n: ArrayLike, mean: float, weight: float) -> NDArray[np.float64]:
    """The rates pulled to the mean of their prior, as if it were ``weight`` more trials (empirical Bayes)."""
    import numpy as np

    shares, trials = np.asarray(rate, "float64"), np.asarray(n, "float64")
    if weight == float("inf"):
        return np.where(np.isfinite(shares), mean, np.nan)
    pulled: NDArray[np.float64] = (shares * trials + mean * weight) / (trials + weight)
    return pulled
