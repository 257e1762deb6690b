"""How many more times a customer will buy, and for how much: BG/NBD and Gamma-Gamma.

- BG/NBD (Fader, Hardie and Lee 2005, "Counting Your Customers the Easy Way"): while alive a customer buys at
  a rate that is gamma(r, alpha) over customers, and after each purchase leaves for good with a chance
  that is beta(a, b).
- Gamma-Gamma (Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value"): what a purchase is worth is
  gamma with shape p, its scale gamma(q, v) over customers.

Both are fitted by maximum likelihood with analytic gradients over the logs of their parameters, on sorted
counts of equal customers: the order of the rows never shows and a million customers are few different ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

MANY = 20_000
"""Different customers beyond so many are counted by whole units of time, which moves the fit by less than
its own uncertainty."""

EDGE = 8.0
"""Of the logs of parameters. Where customers are all alike two of them run off together: there the limit
is as good as reached."""
STEPS, NEAR, LEAST, SETTLED, NEARLY, WORST = 50, 1e-5, 1e-14, 1e-9, 1e-4, 1e12
"""Of the fit: steps at most, the width of differences, the least gain, the slopes a customer at which it
stops and at which it is still believed, and the damping at which no step leads down."""
TERMS = 5000


@dataclass(frozen=True)
class Buying:
    """BG/NBD, in the unit of time it was fitted in."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def alive(self, x: Numbers, last: Numbers, age: Numbers) -> Numbers:
        """The chance that who came back ``x`` times, the last at ``last``, is still there at ``age``."""
        return 1 / (1 + self._gone(x, last, age))

    def expected(self, x: Numbers, last: Numbers, age: Numbers, ahead: float) -> Numbers:
        """The purchases to be expected in the time ``ahead`` (equation 10 of the paper)."""
        import numpy as np

        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        if abs(a - 1) < 1e-9:  # the limit exists, the formula does not
            a += 1e-6
        total = alpha + age + ahead
        series = _hypergeometric(r + x, b + x, a + b + x - 1, ahead / total)
        kept = 1 - np.exp((r + x) * (np.log(alpha + age) - np.log(total))) * series
        found: Numbers = (a + b + x - 1) / (a - 1) * kept * self.alive(x, last, age)
        return found

    def _gone(self, x: Numbers, last: Numbers, age: Numbers) -> Numbers:
        import numpy as np

        odds = self.a / (self.b + np.maximum(x, 1.0) - 1)
        odds = odds * np.exp((self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + last)))
        return np.where(x > 0, odds, 0.0)


@dataclass(frozen=True)
class Spending:
    """Gamma-Gamma, in the money it was fitted in."""

    p: float
    q: float
    v: float

    def expected(self, x: Numbers, mean: Numbers) -> Numbers:
        """The value of a purchase of a customer whose ``x`` were worth ``mean``; x = 0 gives that of all."""
        import numpy as np

        weight = self.p * x + self.q - 1
        found: Numbers = self.p * (self.v + x * np.where(x > 0, mean, 0.0)) / weight
        return found


def fit_buying(x: Numbers, last: Numbers, age: Numbers) -> Buying | None:
    """BG/NBD of customers with ``x`` repeat purchases, the last at ``last``, watched for ``age``.

    None where no maximum is found.
    """
    import numpy as np

    rows, count = _counted(x, last, age)
    if len(rows) > MANY:
        rows, count = _counted(x, np.round(last), np.round(age))
    x, last, age = rows.T
    times = x.astype("int64")
    often = np.bincount(times, count)
    upto = np.arange(len(often), dtype="float64")
    whole = float(count.sum())

    def summed(terms: Numbers) -> float:
        """Of each customer the first x terms, added up over all: what gamma functions differ by."""
        return float(often[1:] @ np.cumsum(terms)[:-1])

    def lost(logs: Numbers) -> tuple[float, Numbers]:
        r, alpha, a, b = np.exp(logs)
        old, young = np.log(alpha + age), np.log(alpha + last)
        bought, before = r + x, 1 / (b + np.maximum(x, 1.0) - 1)
        leaves = np.where(times > 0, a * before * np.exp(bought * (old - young)), 0.0)
        gone = 1 - 1 / (1 + leaves)
        value = whole * r * np.log(alpha) + count @ (np.log1p(leaves) - bought * old)
        value += summed(np.log(r + upto) + np.log((b + upto) / (a + b + upto)))
        kept, left = count * (1 - gone), count * gone
        together = summed(1 / (a + b + upto))
        slopes = (
            summed(1 / (r + upto)) + whole * np.log(alpha) - kept @ old - left @ young,
            whole * r / alpha - kept @ (bought / (alpha + age)) - left @ (bought / (alpha + last)),
            left.sum() / a - together,
            summed(1 / (b + upto)) - together - left @ before,
        )
        return -float(value), -np.array(slopes) * np.exp(logs)

    found = _least(lost, np.zeros(4), whole)
    if found is None:
        return None
    r, alpha, a, b = np.exp(found).tolist()
    return Buying(r, alpha, a, b, -lost(found)[0])


def fit_spending(x: Numbers, mean: Numbers) -> Spending | None:
    """Gamma-Gamma of customers whose ``x`` > 0 purchases were worth ``mean`` > 0 each on average.

    None where no maximum is found, or it has q <= 1, where the mean of all customers does not exist.
    """
    import numpy as np

    rows, count = _counted(x, mean)
    x, mean = rows.T
    size = float(np.median(mean)) if len(mean) else 1.0
    mean = mean / size
    times, at = np.unique(x, return_inverse=True)

    def lost(logs: Numbers) -> tuple[float, Numbers]:
        p, q, v = np.exp(logs)
        spent = np.log(v + x * mean)
        value = (_log_gamma(p * times + q) - _log_gamma(p * times))[at] - _log_gamma(np.array([q]))
        value += q * np.log(v) + p * x * np.log(x * mean) - np.log(mean) - (p * x + q) * spent
        whole = _digamma(p * times + q)
        slopes = (
            x * ((whole - _digamma(p * times))[at] + np.log(x * mean) - spent),
            whole[at] - _digamma(np.array([q])) + np.log(v) - spent,
            q / v - (p * x + q) / (v + x * mean),
        )
        return -float(count @ value), -np.array([count @ one for one in slopes]) * np.exp(logs)

    found = _least(lost, np.log([2.0, 3.0, 1.0]), float(count.sum()))
    if found is None or found[1] <= 0:
        return None
    p, q, v = np.exp(found)
    return Spending(float(p), float(q), float(v) * size)


def _counted(*columns: Numbers) -> tuple[Numbers, Numbers]:
    """The different rows, sorted, and how often each is there."""
    import numpy as np

    order = np.lexsort(columns[::-1])
    rows = np.column_stack(columns)[order]
    new = np.ones(len(rows), "bool")
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    return rows[starts], np.diff(starts, append=len(rows)).astype("float64")


def _least(
    lost: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, customers: float
) -> Numbers | None:
    """The logs of the parameters at the least of ``lost``; None where that is not reached.

    Newton's steps with the second derivatives from differences of the first, damped until they lead
    downwards (Levenberg and Marquardt). It needs so few looks at the data, and no library, whose import
    would take longer than the fit.
    """
    import numpy as np

    def each(logs: Numbers) -> tuple[float, Numbers]:
        value, slope = lost(logs)
        return value / customers, slope / customers

    if not customers:
        return None
    at, damping = start, 1e-3
    with np.errstate(all="ignore"):
        value, slope = each(at)
        for _ in range(STEPS):
            free = (np.abs(at) < EDGE) | (slope * at > 0)
            if not np.isfinite(value) or np.abs(slope[free]).max(initial=0.0) < SETTLED:
                break
            bend = np.array([(each(at + NEAR * one)[1] - slope) / NEAR for one in np.eye(len(at))[free]])
            bend = (bend[:, free] + bend[:, free].T) / 2
            sizes = np.eye(len(bend)) * max(float(np.abs(np.diag(bend)).max()), 1e-9)
            while damping < WORST:
                step = np.zeros(len(at))
                step[free] = np.linalg.lstsq(bend + damping * sizes, -slope[free])[0]
                there = np.clip(at + step / max(1.0, float(np.abs(step).max())), -EDGE, EDGE)
                lower, its_slope = each(there)
                if lower < value:
                    break
                damping *= 4
            else:
                break
            gain = value - lower
            at, value, slope, damping = there, lower, its_slope, damping / 8
            if gain < LEAST * abs(value):
                break
        free = (np.abs(at) < EDGE) | (slope * at > 0)
    settled = np.isfinite(value) and np.abs(slope[free]).max(initial=0.0) < NEARLY
    return at if settled else None


def _hypergeometric(a: Numbers, b: Numbers, c: Numbers, z: Numbers) -> Numbers:
    """Gauss's 2F1 for 0 <= z < 1, by Euler's transformation where that makes the terms smaller."""
    import numpy as np

    flip = c < a + b
    outside = np.where(flip, (1 - z) ** (c - a - b), 1.0)
    a, b = np.where(flip, c - a, a), np.where(flip, c - b, b)
    term, total = np.ones_like(z), np.ones_like(z)
    for k in range(TERMS):
        term = term * (a + k) * (b + k) / ((c + k) * (k + 1)) * z
        total = total + term
        if not (np.abs(term) > 1e-12 * np.abs(total)).any():
            break
    return outside * total


def _log_gamma(values: Numbers) -> Numbers:
    import math

    import numpy as np

    return np.array([math.lgamma(value) for value in values.tolist()])


def _digamma(values: Numbers) -> Numbers:
    """The derivative of the log of gamma, for values above zero (Abramowitz and Stegun 6.3.5, 6.3.18)."""
    import numpy as np

    found, high = np.zeros_like(values), values
    for _ in range(8):
        found, high = found - 1 / high, high + 1
    square = 1 / high**2
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    return found + np.log(high) - 0.5 / high - series
