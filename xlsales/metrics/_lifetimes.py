"""How many more times a customer will buy, and for how much: BG/NBD and Gamma-Gamma.

- BG/NBD (Fader, Hardie and Lee 2005, "Counting Your Customers the Easy Way"): while alive a customer buys at
  a rate that is gamma(r, alpha) over customers, and after each purchase leaves for good with a chance
  that is beta(a, b).
- Gamma-Gamma (Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value"): what a purchase is worth is
  gamma with shape p, its scale gamma(q, v) over customers.

Both are fitted by maximum likelihood over the logs of their parameters, on sorted counts of equal
customers: the order of the rows never shows. Four parameters need no million customers, so from many the
fit takes a part of them that is spread evenly over all that they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ENOUGH = 20_000
"""Customers to fit on: what the model then expects of all of them moves by less than one part in a
hundred."""

EDGE = 8.0
"""Of the logs of parameters. Where customers are all alike two of them run off together: there the limit
is as good as reached."""
NEARLY = 1e-4
"""The slope a customer at which the end of the search is believed."""


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
        from scipy.special import hyp2f1

        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        if abs(a - 1) < 1e-9:  # the limit exists, the formula does not
            a += 1e-6
        total = alpha + age + ahead
        series = hyp2f1(r + x, b + x, a + b + x - 1, ahead / total)
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
        value = whole * r * np.log(alpha) + _total(count, np.log1p(leaves) - bought * old)
        value += summed(np.log(r + upto) + np.log((b + upto) / (a + b + upto)))
        kept, left = count * (1 - gone), count * gone
        together = summed(1 / (a + b + upto))
        slopes = (
            summed(1 / (r + upto)) + whole * np.log(alpha) - _total(kept, old) - _total(left, young),
            whole * r / alpha - _total(kept, bought / (alpha + age)) - _total(left, bought / (alpha + last)),
            left.sum() / a - together,
            summed(1 / (b + upto)) - together - _total(left, before),
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
    from scipy.special import digamma, gammaln

    rows, count = _counted(x, mean)
    x, mean = rows.T
    size = float(np.median(mean)) if len(mean) else 1.0
    mean = mean / size
    times, at = np.unique(x, return_inverse=True)

    def lost(logs: Numbers) -> tuple[float, Numbers]:
        p, q, v = np.exp(logs)
        spent = np.log(v + x * mean)
        value = (gammaln(p * times + q) - gammaln(p * times))[at] - gammaln(q)
        value += q * np.log(v) + p * x * np.log(x * mean) - np.log(mean) - (p * x + q) * spent
        whole = digamma(p * times + q)
        slopes = (
            x * ((whole - digamma(p * times))[at] + np.log(x * mean) - spent),
            whole[at] - digamma(q) + np.log(v) - spent,
            q / v - (p * x + q) / (v + x * mean),
        )
        return -_total(count, value), -np.array([_total(count, one) for one in slopes]) * np.exp(logs)

    found = _least(lost, np.log([2.0, 3.0, 1.0]), float(count.sum()))
    if found is None or found[1] <= 0:
        return None
    p, q, v = np.exp(found)
    return Spending(float(p), float(q), float(v) * size)


def _total(weights: Numbers, values: Numbers) -> float:
    """Not the product of BLAS: its threads add up in another order on every machine, and wait in vain."""
    return float((weights * values).sum())


def _counted(*columns: Numbers) -> tuple[Numbers, Numbers]:
    """The different rows, sorted, and how often each is there; of many rows an even part."""
    import numpy as np

    order = np.lexsort(columns[::-1])
    if len(order) > ENOUGH:
        order = order[(np.arange(0.5, ENOUGH) * len(order) / ENOUGH).astype("int64")]
    rows = np.column_stack(columns)[order]
    new = np.ones(len(rows), "bool")
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    return rows[starts], np.diff(starts, append=len(rows)).astype("float64")


def _least(
    lost: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, customers: float
) -> Numbers | None:
    """The logs of the parameters at the least of ``lost``; None where that is not reached."""
    import numpy as np
    from scipy.optimize import minimize

    if not customers:
        return None

    def each(logs: Numbers) -> tuple[float, Numbers]:
        value, slope = lost(logs)
        return value / customers, slope / customers

    with np.errstate(all="ignore"):
        found = minimize(
            each,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(-EDGE, EDGE)] * len(start),
            options={"ftol": 1e-15, "gtol": 1e-8, "maxiter": 1000},
        )
    at, slope = found.x, found.jac
    free = (np.abs(at) < EDGE) | (slope * at > 0)
    settled = np.isfinite(found.fun) and np.abs(slope[free]).max(initial=0.0) < NEARLY
    return at if settled else None
