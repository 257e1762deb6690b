"""ABC classes, concentration, and the bridge of price, volume and mix."""

from __future__ import annotations

from datetime import date
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.metrics._portfolio import abc, herfindahl, price_volume_mix, summed, top_share
from xlsales.metrics._receivables import aging, bucket, dso

ITEMS = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.integers(0, 100), st.integers(0, 10_000)), max_size=6
)


def test_the_name_that_crosses_a_limit_belongs_to_the_better_class() -> None:
    rows = abc(summed(list("vwxyz"), [60, 25, 10, 4, 1]), 0.8, 0.95)
    assert [(name, kind) for name, *_, kind in rows] == [
        ("v", "A"),
        ("w", "A"),
        ("x", "B"),
        ("y", "C"),
        ("z", "C"),
    ]
    assert rows[-1][3] == pytest.approx(1)


def test_amounts_of_a_name_are_added_and_blank_names_stand_together() -> None:
    assert summed(["b", "a", None, "b", ""], [1, 5, 2, 4, None]) == {"a": 5, "b": 5, "": 2}
    assert abc({}, 0.8, 0.95) == []
    assert abc({"a": -1.0}, 0.8, 0.95) == []


def test_concentration_is_that_of_the_merger_guidelines() -> None:
    assert herfindahl([30, 30, 20, 20]) == pytest.approx(0.26)  # 2,600, US Horizontal Merger Guidelines
    assert herfindahl([7]) == 1
    assert herfindahl([]) is None
    assert top_share([50, 20, 20, 10], 2) == pytest.approx(0.7)
    assert top_share([], 2) is None


def test_net_returns_of_one_customer_leave_the_shares_of_the_others_within_the_whole() -> None:
    bought, returned = [60.0, 30.0, 10.0], [-95.0]
    shares = [top_share(bought + returned, count) for count in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.6, 0.9, 1.0, 1.0])
    assert top_share(returned, 1) is None


def test_the_parts_of_a_change_are_what_a_reader_works_out() -> None:
    # a: 10 at 10, then 12 at 11. b: 10 at 20, then 18 at 20. Volume grows by half: 300 x 0.5.
    before, after = {"a": (10, 100), "b": (10, 200)}, {"a": (12, 132), "b": (18, 360)}
    bridge = price_volume_mix(before, after)
    assert (bridge.price, bridge.volume) == (12 * 1, 300 * 0.5)
    assert bridge.mix == (12 - 15) * 10 + (18 - 15) * 20
    assert (bridge.new, bridge.lost) == (0, 0)


@settings(deadline=None)
@given(ITEMS, ITEMS)
def test_the_parts_of_a_change_add_up_to_it(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    bridge = price_volume_mix(before, after)
    change = sum(money for _, money in after.values()) - sum(money for _, money in before.values())
    parts = fsum((bridge.price, bridge.volume, bridge.mix, bridge.new, bridge.lost))
    assert parts == pytest.approx(change, abs=5e-6)


@pytest.mark.parametrize(
    ("due", "title"),
    [
        (date(2026, 10, 31), "Not due"),
        (date(2026, 12, 1), "Not due"),
        (date(2026, 10, 30), "1–30 days"),
        (date(2026, 10, 1), "1–30 days"),
        (date(2026, 9, 30), "31–60 days"),
        (date(2026, 9, 1), "31–60 days"),
        (date(2026, 8, 2), "61–90 days"),
        (date(2026, 8, 1), "Over 90 days"),
    ],
)
def test_a_due_date_falls_into_its_bucket(due: date, title: str) -> None:
    assert bucket(due, date(2026, 10, 31))[1] == title


def test_the_aging_table_holds_every_amount_once() -> None:
    as_of = date(2026, 10, 31)
    rows = aging([as_of, None, date(2026, 1, 1), None], [5, 7, 11, None], as_of)
    assert sum(amount for _, amount, _ in rows) == 5 + 7 + 11
    assert [(title[1], n) for title, _, n in rows if n] == [
        ("Not due", 1),
        ("Over 90 days", 1),
        ("No due date", 1),
    ]
    assert len(aging([as_of], [1], as_of)) == 5


def test_days_sales_outstanding() -> None:
    assert dso(150, 100, 30) == 45
    assert dso(150, 0, 30) is None
