"""Commission as published examples have it, and without steps where tiers meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import UsageError
from xlsales.planning.commission import commission

STARTS, RATES = [0, 100_000, 125_000], [0.05, 0.06, 0.07]


@pytest.mark.parametrize(
    ("amount", "starts", "rates", "expected"),
    [
        (150_000, STARTS, RATES, 5_000 + 1_500 + 1_750),  # excelforum 861932
        (14_000, [10_000, 12_500], [1.25, 1.5], 3_125 + 2_250),  # excelguru 9795: above a quota of 10,000
        (0, STARTS, RATES, 0),
        (-500, STARTS, RATES, 0),
        (9_000, [10_000, 12_500], [1.25, 1.5], 0),
        (100_000, STARTS, RATES, 5_000),
    ],
)
def test_every_band_is_paid_at_its_rate(
    amount: float, starts: list[float | None], rates: list[float | None], expected: float
) -> None:
    assert commission(amount, starts, rates) == pytest.approx(expected)


def test_the_whole_amount_is_paid_at_the_rate_of_the_tier_it_reached() -> None:
    assert commission(99_999, STARTS, RATES, whole=True) == pytest.approx(99_999 * 0.05)
    assert commission(100_000, STARTS, RATES, whole=True) == pytest.approx(100_000 * 0.06)
    assert commission(-1, STARTS, RATES, whole=True) == 0


@given(st.floats(0, 1e7), st.floats(0, 1e6))
def test_selling_more_never_pays_less_nor_more_than_the_best_rate(amount: float, more: float) -> None:
    paid, after = commission(amount, STARTS, RATES), commission(amount + more, STARTS, RATES)
    assert -1e-6 <= after - paid <= more * max(RATES) + 1e-6


def test_blank_tiers_at_the_end_do_not_count() -> None:
    assert commission(150_000, [*STARTS, None], [*RATES, None]) == pytest.approx(8_250)


def test_tiers_that_do_not_rise_are_refused() -> None:
    with pytest.raises(UsageError):
        commission(1, [0, 100, 100], RATES)
