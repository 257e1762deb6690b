"""The interval of what a promotion brought, against scipy."""

from __future__ import annotations

import numpy as np
import pytest

from xlsales.metrics.promotion_lift import T975, _spread


@pytest.mark.parametrize("usual", [[3, 8], [5, 9, 4], [12, 7, 7, 15]])
def test_the_interval_is_that_of_one_more_stretch(usual: list[int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    n = len(usual)
    low, high = stats.t.interval(0.95, n - 1, np.mean(usual), stats.sem(usual) * np.sqrt(n + 1))
    assert (np.mean(usual) - _spread(usual), np.mean(usual) + _spread(usual)) == pytest.approx((low, high))
    assert T975[n] == pytest.approx(stats.t.ppf(0.975, n - 1), rel=1e-12)


def test_one_stretch_tells_no_spread() -> None:
    assert np.isnan(_spread([4]))
    assert np.isnan(_spread([]))
