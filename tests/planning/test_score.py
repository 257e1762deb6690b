"""Scores on the scale of their weights."""

from __future__ import annotations

import pytest

from xlsales.errors import UsageError
from xlsales.planning.score import score


def test_each_attainment_counts_by_its_weight_up_to_the_cap() -> None:
    assert score([1.5, 0.8, 1.0], [50, 30, 20], 1.2) == (pytest.approx(50 * 1.2 + 30 * 0.8 + 20 * 1.0), 1.0)
    assert score([1.0, 0.5], [0.5, 0.5], 1.2) == (pytest.approx(0.75), 1.0)


def test_a_missing_attainment_leaves_its_weight_to_the_others_and_says_so() -> None:
    assert score([1.0, None], [60, 40], 1.2) == (pytest.approx(100), pytest.approx(0.6))
    assert score([None, None], [60, 40], 1.2) == (None, 0.0)


@pytest.mark.parametrize("weights", [[50, 40], [0.5, 0.4], [0, 0]])
def test_weights_that_do_not_add_up_are_refused(weights: list[float | None]) -> None:
    with pytest.raises(UsageError):
        score([1.0, 1.0], weights, 1.2)
