"""A memory as rows of text, and whatever stands in these rows read back without a crash or a loss."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.clean.review.decisions import Case, Decision
from xlsales.hosts import records
from xlsales.memory import NOTHING, Loaded, Memory, Scored, Unread
from xlsales.tables.confirmed import Confirmed

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["_x000D_", "a_x0041_", "\ufffe", "\x85"]
)


def line(number: int) -> Loaded:
    time = NOW + timedelta(days=number)
    return Loaded(time, "a.xlsx", "订单", "orders", number, 2, 1, f"{number:012}")


MEMORY = Memory(
    (Confirmed("门店", "orders", "下单人", "customer"), Confirmed("门店", "orders", "颜色", "")),
    (Decision("orders", "A-1", "amount", "-5", "negative", "correct", "5", "王", "=1+1"),),
    (Case("orders", "A-2", "amount", "x", "unreadable_number"),),
    (line(1), line(2)),
    (Scored(NOW, "ab", {"total": 0.97, "validity": 1.0}),),
    (Unread("confirmed:2", '{"profile":"x"}', damaged=False), Unread("loaded", "{", damaged=True)),
)


def test_a_memory_is_read_back_as_it_was_written() -> None:
    assert records.memory(records.rows(MEMORY)) == MEMORY
    assert records.memory(records.rows(NOTHING)) == NOTHING


@given(
    st.lists(st.builds(Confirmed, TEXT, TEXT, TEXT, TEXT)),
    st.builds(Decision, *[TEXT] * 5, st.just("drop"), TEXT),
)
def test_any_text_is_read_back(confirmed: list[Confirmed], decision: Decision) -> None:
    memory = Memory(tuple(confirmed), (decision,))
    rows = records.rows(memory)
    assert records.memory(rows) == memory
    assert not any("_x" in cell or "\ufffe" in cell for row in rows for cell in row)


def test_a_text_of_any_length_fits_into_cells() -> None:
    memory = Memory(
        decisions=(Decision("orders", "A-1", "amount", "", "r", "defer", note="很长😀" * 20_000),)
    )
    (row,) = records.rows(memory)
    assert max(len(cell.encode("utf-16-le")) // 2 for cell in row) < 32_767
    assert records.memory([row]) == memory


def test_the_log_and_the_scores_are_bounded_and_the_newest_stay() -> None:
    log = tuple(map(line, range(250)))
    scores = tuple(Scored(one.time, one.digest, {"total": 1.0}) for one in log)
    read = records.memory(records.rows(Memory(log=log, scores=scores)))
    assert read.log == log[-200:]
    assert read.scores == scores[-36:]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("confirmed", ""),
        ("confirmed", "{"),
        ("confirmed", "[]"),
        ("confirmed", '{"profile":"a","table":"orders","header":"h"}'),
        ("confirmed", '{"profile":"a","table":"orders","header":"h","column":7}'),
        ("confirmed", '{"profile":"a","table":"orders","header":"h","column":"x","since":"2027"}'),
        ("decision", '{"table":"o","key":"k","field":"f","old":"","rule":"r","choice":"burn","value":"",'
         '"reviewer":"","note":""}'),
        ("loaded", '{"time":"yesterday","source":"","sheet":"","table":"","rows":1,"changed":0,"rejected":0,'
         '"digest":""}'),
        ("scored", '{"time":"2026-11-02T09:30:00+00:00","digest":"","scores":{"total":"much"}}'),
        ("scored", "[" * 100_000),
    ],
)  # fmt: skip
def test_a_damaged_row_is_kept_as_it_is(kind: str, said: str) -> None:
    memory = records.memory([(kind, said), *records.rows(Memory(log=(line(1),)))])
    assert memory == Memory(log=(line(1),), unread=(Unread(kind, said, damaged=True),))
    assert records.memory(records.rows(memory)) == memory


def test_a_row_of_a_newer_version_is_kept_as_it_is() -> None:
    memory = records.memory([("weather", '{"rain":true}')])
    assert memory.unread == (Unread("weather", '{"rain":true}', damaged=False),)
    assert records.rows(memory) == [("weather", '{"rain":true}')]
