"""One person in several rows is found in an engine as in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.clean.large.by_both import by_both
from tests.clean.sheets import raw
from xlsales.clean.large import persons
from xlsales.tables import engines

if TYPE_CHECKING:
    from xlsales.tables.engines import Lazy

pytest.importorskip("duckdb")

PHONES = [
    *(None, "13800001111", "+86 138-0000-1111", "13800001111.0", "13900001111", "0755-26001234"),
    *("755 2600 1234", "400-123-4567", "123", "01082001234", "13700001111"),
]
NAMES = [None, "李雷", "李 雷", "晓光教育有限公司", "曉光教育", "Acme Co., Ltd.", "ACME"]
rows = some.lists(
    some.tuples(
        some.sampled_from([None, *(f"N{k}" for k in range(30))]),
        some.sampled_from(PHONES),
        some.sampled_from(NAMES),
        some.sampled_from([None, "2026-01-01", "2026-01-02"]),
    ),
    min_size=20,
    max_size=40,
)


@pytest.fixture(scope="module")
def engine() -> Lazy:
    return engines.opened("duckdb")


@settings(max_examples=12, deadline=None)
@given(rows=rows, key=some.sampled_from(["customers", "leads"]))
def test_the_same_rows_are_pointed_out_with_the_same_cells(
    rows: list[tuple[str | None, ...]], key: str, engine: Lazy
) -> None:
    ids = "customer_id" if key == "customers" else "lead_id"
    names = (ids, "phone", "customer", "created")
    sheet = raw(key, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    in_memory, there = by_both([sheet], engine, persons.same_person, "same_person")
    assert there == in_memory


def test_where_too_many_phones_end_alike_ids_alone_are_compared(
    engine: Lazy, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {
        "customer_id": ["C1", "C2", "C3", "C3"],
        "phone": ["13800001111", "13800001111", None, None],
        "customer": ["李雷", "李雷", "韩梅梅", "韩梅"],
    }
    sheet = raw("customers", columns)
    _, there = by_both([sheet], engine, persons.same_person, "same_person")
    assert [one["cell"] for one in there] == ["A5", "B3"]
    monkeypatch.setattr(persons, "MOST", 0)
    _, there = by_both([sheet], engine, persons.same_person, "same_person")
    assert [one["cell"] for one in there] == ["A5"]
