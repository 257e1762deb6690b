"""Results are kept by content: a range is read once per calculation pass, and a change is never missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.excel.functions.windows import FakeRange, call, cells, com
from xlsales.excel import ranges
from xlsales.excel.functions._memory import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = FakeRange(com([["x"], ["y"]]), column=5)


class Clock:
    """The time, which the test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(ranges, "monotonic", made)
    monkeypatch.setattr(ranges, "_pass", ranges._Pass())
    cells().forget()
    yield made
    cells().forget()


def total(amounts: FakeRange, calculation: int) -> float:
    """The first amount as XS_ABC has it: what the function saw of the range."""
    found: float = call("XS_TOP_SHARE", amounts, 1, calculation=calculation)[0][0]
    return found


def column(*values: Any, **about: Any) -> FakeRange:
    return FakeRange(com([[value] for value in values]), **about)


def test_within_a_pass_a_range_is_read_once_whatever_is_asked_of_it() -> None:
    amounts = column(30, 70)
    assert total(amounts, 5) == 0.7
    assert total(amounts, 5) == 0.7
    call("XS_HHI", amounts, calculation=5)
    call("XS_STATS", column(30, 70), calculation=5)  # another reference to the same cells
    assert amounts.reads == 1


@pytest.mark.parametrize("calculations", [(5, 6), (0, 0), (5, 0), (0, 5)])
def test_what_changed_between_passes_or_without_one_is_seen(calculations: tuple[int, int]) -> None:
    first, second = calculations
    assert total(column(30, 70), first) == 0.7
    assert total(column(30, 10), second) == 0.75


@pytest.mark.parametrize("kind", [{"formula": True}, {"formula": None}, {"spill": True}, {"spill": None}])
def test_a_range_with_formulas_or_spills_is_read_every_time(kind: dict[str, Any]) -> None:
    assert total(column(30, 70, **kind), 5) == 0.7
    assert total(column(30, 10, **kind), 5) == 0.75


def test_a_formula_that_is_computed_between_two_calls_of_one_pass_is_seen() -> None:
    """Excel calls a function before the cells that it reads are computed, and once more when they are."""
    amounts = column(30, None, formula=None)
    assert total(amounts, 5) == 1
    amounts.values = com([[30], [10]])
    assert total(amounts, 5) == 0.75


def test_an_excel_without_spills_has_none() -> None:
    amounts = column(30, 70)
    del amounts.HasSpill
    assert (total(amounts, 5), total(amounts, 5), amounts.reads) == (0.7, 0.7, 1)


def test_after_a_pause_somebody_may_have_typed(clock: Clock) -> None:
    assert total(column(30, 70), 5) == 0.7
    clock.now += ranges.PAUSE * 1.1
    assert total(column(30, 10), 5) == 0.75


def test_a_long_calculation_is_no_pause(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = column(30, 70)
    read = ranges._read

    def slow(*arguments: Any) -> Any:
        clock.now += 10
        return read(*arguments)

    monkeypatch.setattr(ranges, "_read", slow)
    assert (total(amounts, 5), total(amounts, 5), amounts.reads) == (0.7, 0.7, 1)


def test_the_same_cells_of_another_sheet_are_others() -> None:
    assert total(column(30, 70, sheet="Q3"), 5) == 0.7
    assert total(column(30, 10, sheet="Q4"), 5) == 0.75


def test_one_and_true_and_the_text_one_are_different_contents() -> None:
    outcomes = [call("XS_CLEAN_NAME", [[value], ["z"]])[0] for value in (1, True, "1", "01")]
    assert outcomes == [["1"], ["TRUE"], ["1"], ["01"]]


def test_the_same_question_of_the_same_content_is_answered_from_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert total(column(30, 70), 0) == 0.7
    monkeypatch.setattr(cells(), "call", None)  # it would fail if it were asked
    assert total(column(30, 70), 0) == 0.7


def test_an_error_is_not_kept_beyond_its_cause() -> None:
    assert total(column(30, "x!"), 5).startswith("XS: ")  # type: ignore[attr-defined]
    assert total(column(30, 70), 6) == 0.7


def test_a_fault_of_our_own_is_not_kept_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(cells(), "call", broken)
        assert "MemoryError" not in total(column(30, 70), 5)  # type: ignore[operator]
    assert total(column(30, 70), 5) == 0.7


def test_memory_keeps_to_its_budget_and_lets_go_of_what_was_used_longest_ago() -> None:
    kept: Kept[str] = Kept(10)
    kept.put("a", "A", 4)
    kept.put("b", "B", 4)
    assert kept.get("a") == "A"
    kept.put("c", "C", 4)
    assert [kept.get(key) for key in "abc"] == ["A", None, "C"]
    kept.put("d", "D", 11)
    assert kept.get("d") is None
    kept.put("a", "AA", 6)
    assert [kept.get(key) for key in "ac"] == ["AA", "C"]
