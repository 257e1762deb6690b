"""Work that metrics share is done once in a run, and never outlives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from pandas.testing import assert_frame_equal

from tests.metrics.frames import scope, table
from xlsales.metrics import _once
from xlsales.metrics._catalogue import compute
from xlsales.metrics._once import aside, once, one_run

if TYPE_CHECKING:
    import pytest

asked: list[object] = []


@once
def total(frame: pd.DataFrame, column: str = "amount") -> float:
    asked.append((len(frame), column))
    return float(frame[column].sum())


@once
def doubled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame * 2


def calls(*frames: pd.DataFrame) -> int:
    asked.clear()
    for frame in frames:
        assert total(frame) == frame["amount"].sum()
    return len(asked)


ONE = pd.DataFrame({"amount": [1.0, 2.0]})
TWIN = ONE.copy()


def test_in_a_run_the_same_table_is_gone_through_once_and_an_equal_one_again() -> None:
    with one_run():
        assert calls(ONE, ONE, ONE) == 1
        assert calls(TWIN, ONE) == 1


def test_what_is_worked_out_aside_is_let_go_and_what_was_known_is_not() -> None:
    with one_run():
        assert calls(ONE) == 1
        with aside():
            assert calls(ONE, TWIN, TWIN) == 1
        assert calls(ONE) == 0
        assert calls(TWIN) == 1


def test_beyond_what_memory_may_take_the_oldest_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [pd.DataFrame({"amount": [float(n)] * 20_000}) for n in range(3)]  # 160,000 bytes a copy
    monkeypatch.setattr(_once, "MOST", 400_000)
    with one_run():
        copies = [doubled(frame) for frame in frames[:2]]
        assert doubled(frames[0]) is copies[0]
        assert calls(ONE) == 1
        doubled(frames[2])
        assert doubled(frames[0]) is copies[0]
        assert doubled(frames[1]) is not copies[1]
        assert calls(ONE) == 0


def test_other_arguments_are_other_work() -> None:
    frame = pd.DataFrame({"amount": [1.0], "paid": [5.0]})
    with one_run():
        assert (total(frame), total(frame, "paid"), total(frame, column="paid")) == (1.0, 5.0, 5.0)


def test_nothing_is_kept_outside_of_a_run_or_from_one_run_to_the_next() -> None:
    assert calls(ONE, ONE) == 2
    for _ in range(2):
        with one_run():
            assert calls(ONE, ONE) == 1


def test_a_run_inside_a_run_is_part_of_it() -> None:
    with one_run():
        assert calls(ONE) == 1
        with one_run():
            assert calls(ONE) == 0
        assert calls(ONE) == 0


def test_a_table_that_took_the_place_of_another_in_memory_is_not_taken_for_it() -> None:
    with one_run():
        for n in range(50):
            assert total(pd.DataFrame({"amount": [float(n)]})) == n


def test_metrics_of_one_run_share_their_lines_of_money_and_give_what_they_give_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from xlsales.metrics import _facts

    orders = table("orders", "order_date | amount | rep\n2026-10-01 | 100 | A\n2026-10-02 | 50 | B")
    targets = table("targets", "period | target | rep\n2026-10-01 | 120 | A")
    tables = {"orders": orders, "targets": targets}
    about = scope("2026-10")
    asks = [("sales", ()), ("sales", ("rep",)), ("attainment", ("rep",)), ("new_customers", ())]
    alone = [compute(key, tables, about, by=by) for key, by in asks]
    read = []
    order_lines = _facts._order_lines
    monkeypatch.setattr(_facts, "_order_lines", lambda *given: read.append(1) or order_lines(*given))
    with one_run():
        together = [compute(key, tables, about, by=by) for key, by in asks]
    assert len(read) == 1  # without refunds, customers begin with the lines that sales count
    for one, other in zip(alone, together, strict=True):
        assert_frame_equal(one, other, check_exact=True)
