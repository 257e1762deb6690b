"""Parts add up to the total exactly, whatever the weights and whatever is locked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import UsageError
from xlsales.planning.allocation import allocate

WEIGHTS = st.lists(st.none() | st.floats(0, 1e9), min_size=1, max_size=30).filter(lambda w: any(w))
TOTALS = st.integers(-(10**12), 10**12)


def test_seats_by_the_hare_quota_as_the_textbook_has_them() -> None:
    votes = [47_000, 16_000, 15_800, 12_000, 6_100, 3_100]
    assert allocate(10, votes) == [5, 2, 1, 1, 1, 0]


@given(TOTALS, WEIGHTS, st.integers(-4, 4))
def test_the_parts_add_up_exactly(total: int, weights: list[float | None], digits: int) -> None:
    amount = float(Decimal(total).scaleb(-digits))
    parts = allocate(amount, weights, digits=digits)
    assert sum(map(lambda part: Decimal(repr(part)), parts)) == Decimal(repr(amount))  # noqa: C417


@given(TOTALS, WEIGHTS)
def test_every_part_is_its_quota_rounded_down_or_up(total: int, weights: list[float | None]) -> None:
    whole = sum(weight or 0.0 for weight in weights)
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part - total * (weight or 0.0) / whole) <= 1 + abs(total) * 1e-12


@given(TOTALS, WEIGHTS, st.randoms())
def test_the_order_of_different_weights_does_not_matter(
    total: int, weights: list[float | None], dice: object
) -> None:
    distinct = list(dict.fromkeys(weights))
    mixed = list(distinct)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert dict(zip(distinct, allocate(total, distinct), strict=True)) == dict(
        zip(mixed, allocate(total, mixed), strict=True)
    )


@given(st.integers(0, 10**6), st.data())
def test_a_locked_part_stays_and_the_rest_still_adds_up(total: int, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(1, 100), min_size=2, max_size=8))
    lock = float(data.draw(st.integers(0, total)))
    parts = allocate(total, weights, [lock])
    assert parts[0] == lock
    assert sum(parts) == total
    assert parts[1:] == allocate(total - lock, weights[1:])


def test_equal_weights_share_what_is_left_over_from_the_first_on() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(0.1, [1, 1, 1], digits=2) == [0.04, 0.03, 0.03]
    assert allocate(1_000_000, [1, 1, 1], digits=-4) == [340_000, 330_000, 330_000]


def test_a_reduction_is_divided_like_a_total() -> None:
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize(
    ("total", "weights", "locked", "digits"),
    [
        (0.5, [1, 1], [], 0),  # finer than the steps
        (10, [1, -1], [], 0),
        (10, [1, 1], [11], 0),  # the locked part exceeds the total
        (10, [1, 1], [4, 5], 0),  # all is locked and does not add up
        (10, [0, None], [], 0),  # nothing to divide by
        (10, [1, 1], [0.5], 0),
    ],
)
def test_what_cannot_be_divided_is_refused(
    total: float, weights: list[float | None], locked: list[float | None], digits: int
) -> None:
    with pytest.raises(UsageError):
        allocate(total, weights, locked, digits)
