"""How often customers will buy again and for how much: BG/NBD for the purchases, Gamma-Gamma for their worth.

While alive a customer buys at a rate of his own (gamma over customers: ``r``, ``alpha``), and after each
purchase leaves for good with a probability of his own (beta: ``a``, ``b``): Fader, Hardie and Lee, "Counting
Your Customers the Easy Way", 2005. His purchases are worth a mean of his own (``p``, ``q``, ``v``), whatever
their number: Fader, Hardie and Lee, "RFM and CLV", 2005; Fader and Hardie, "The Gamma-Gamma Model", 2013.

``x`` is the number of repeat purchases, ``last`` when the last of them was and ``age`` how long he has been
watched, both since the first purchase and in one unit of time, in which ``alpha`` is too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Buying:
    """The parameters of BG/NBD, and the log-likelihood of what they were fitted to."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def alive(self, x: ArrayLike, last: ArrayLike, age: ArrayLike) -> Numbers:
        """The chance of each customer not to have left; 1 without a repeat purchase, as the model has it."""
        import numpy as np

        n, t, watched = _numbers(x, last, age)
        ratio = (self.r + n) * np.log((self.alpha + watched) / (self.alpha + t))
        gone = self.a / (self.b + np.maximum(n, 1) - 1) * np.exp(np.minimum(ratio, 700))
        found: Numbers = np.where(n > 0, 1 / (1 + gone), 1.0)
        return found

    def expected(self, x: ArrayLike, last: ArrayLike, age: ArrayLike, ahead: float) -> Numbers:
        """The purchases of each customer in the time ``ahead``, given his past (equation 10 of 2005)."""
        from scipy.special import hyp2f1

        n, t, watched = _numbers(x, last, age)
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        waned = ((alpha + watched) / (alpha + watched + ahead)) ** (r + n)
        series = hyp2f1(r + n, b + n, a + b + n - 1, ahead / (alpha + watched + ahead))
        found: Numbers = (a + b + n - 1) / (a - 1) * (1 - waned * series) * self.alive(n, t, watched)
        return found


@dataclass(frozen=True)
class Spending:
    """The parameters of Gamma-Gamma."""

    p: float
    q: float
    v: float

    def expected(self, x: ArrayLike, mean: ArrayLike) -> Numbers:
        """What a purchase of each customer will be worth, given the ``mean`` of his ``x`` so far."""
        import numpy as np

        n, each = _numbers(x, mean)
        total = np.where(n > 0, n * each, 0.0)
        found: Numbers = self.p * (self.v + total) / (self.p * n + self.q - 1)
        return found


def fit_buying(x: ArrayLike, last: ArrayLike, age: ArrayLike) -> Buying | None:
    """The parameters of the highest likelihood; None where nobody bought again or the search does not end.

    Customers of the same numbers count as one with a weight, so the order of customers can not show.
    """
    import numpy as np
    from scipy.special import gammaln

    rows = np.column_stack(_numbers(x, last, age))
    if not rows[:, 0].any():
        return None
    rows, weight = np.unique(rows, axis=0, return_counts=True)
    n, again, unit = rows[:, 0], rows[:, 0] > 0, float(rows[:, 2].max())
    t, watched = rows[:, 1] / unit, rows[:, 2] / unit
    counts, at = np.unique(n, return_inverse=True)

    def cost(r: float, alpha: float, a: float, b: float) -> float:
        of_count = gammaln(r + counts) + gammaln(b + counts) - gammaln(a + b + counts)
        whole = gammaln(a + b) - gammaln(r) - gammaln(b) + r * np.log(alpha)
        staying = -(r + n) * np.log(alpha + watched)
        leaving = np.log(a / (b + np.maximum(n, 1) - 1)) - (r + n) * np.log(alpha + t)
        ends = np.where(again, np.logaddexp(staying, leaving), staying)
        return -float(weight @ (whole + of_count[at] + ends))

    found = _least(cost, (1.0, 1.0, 1.0, 1.0))
    if found is None:
        return None
    (r, alpha, a, b), lowest = found
    return Buying(r, alpha * unit, a, b, -lowest - float(weight @ n) * float(np.log(unit)))


def fit_spending(x: ArrayLike, mean: ArrayLike) -> Spending | None:
    """The parameters of the highest likelihood, for customers with ``x`` purchases worth ``mean`` each.

    None where fewer than two have both above zero, or the search does not end.
    """
    import numpy as np
    from scipy.special import gammaln

    rows = np.column_stack(_numbers(x, mean))
    rows = rows[(rows[:, 0] > 0) & (rows[:, 1] > 0)]
    if len(rows) < 2:
        return None
    rows, weight = np.unique(rows, axis=0, return_counts=True)
    unit = float(weight @ rows[:, 1]) / weight.sum()
    n, each = rows[:, 0], rows[:, 1] / unit
    counts, at = np.unique(n, return_inverse=True)

    def cost(p: float, q: float, v: float) -> float:
        of_count = gammaln(p * counts + q) - gammaln(p * counts)
        terms = (p * n - 1) * np.log(each) + p * n * np.log(n) - (p * n + q) * np.log(n * each + v)
        return -float(weight @ (of_count[at] - gammaln(q) + q * np.log(v) + terms))

    found = _least(cost, (1.0, 2.0, 1.0))
    if found is None:
        return None
    (p, q, v), _ = found
    return Spending(p, q, float(v * unit))


def _numbers(*given: ArrayLike) -> list[Numbers]:
    import numpy as np

    return [np.asarray(each, "float64") for each in given]


def _least(cost: Callable[..., float], start: Sequence[float]) -> tuple[list[float], float] | None:
    """Where ``cost`` of numbers above zero is least, and how much that is."""
    import numpy as np
    from scipy.optimize import minimize

    def of_logs(logs: Numbers) -> float:
        with np.errstate(all="ignore"):
            value = cost(*np.exp(np.clip(logs, -20, 20)))
        return value if np.isfinite(value) else 1e300

    near = minimize(of_logs, np.log(start), method="L-BFGS-B")
    found = minimize(
        of_logs, near.x, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000}
    )
    if not found.success or np.abs(found.x).max() > 15:
        return None
    return np.exp(found.x).tolist(), float(found.fun)
