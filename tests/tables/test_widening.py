"""A column has one type in the end, and every value of every piece is in it as it came."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xlsales.tables.widening import piece, table, write

if TYPE_CHECKING:
    from pathlib import Path

BIG = 2**53 + 1
MORNING = datetime.fromisoformat("2026-03-02 09:30")
SHANGHAI = MORNING.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 3, 1)
MIDNIGHT = datetime.fromisoformat("2026-03-01")
LONG = Decimal("123456789012345678.10")


@pytest.mark.parametrize(
    ("pieces", "kind", "expected"),
    [
        ([[1, 2], [3]], pa.int64(), [1, 2, 3]),
        ([[50_010], [50_010.5]], pa.float64(), [50_010, 50_010.5]),
        ([[0.5], [None], [7]], pa.float64(), [0.5, None, 7]),
        ([[1, None], ["A-1"]], pa.string(), ["1", None, "A-1"]),
        ([["A-1"], [2], [2.0], [2.5]], pa.string(), ["A-1", "2", "2", "2.5"]),
        ([[1], [2.5], ["x"]], pa.string(), ["1", "2.5", "x"]),
        ([[None], [None]], pa.string(), [None, None]),
        ([[None], [3]], pa.int64(), [None, 3]),
        ([[BIG, 1]], pa.string(), [str(BIG), "1"]),
        ([[1], [BIG, -BIG], [0.5]], pa.string(), ["1", str(BIG), str(-BIG), "0.5"]),
        ([[2**70]], pa.string(), [str(2**70)]),
        ([[Decimal("1.50"), Decimal("2.00")]], pa.float64(), [1.5, 2]),
        ([[Decimal("2.00")], [Decimal("0.1")]], pa.float64(), [2, 0.1]),
        ([[Decimal("1E+3")]], pa.int64(), [1000]),
        (
            [[Decimal("12345678901234567891"), Decimal("12345678901234567892")]],
            pa.string(),
            ["12345678901234567891", "12345678901234567892"],
        ),
        ([[Decimal("1234567890123456.78"), 1]], pa.string(), ["1234567890123456.78", "1"]),
        ([[Decimal("0.1000"), LONG]], pa.string(), ["0.1", "123456789012345678.1"]),
        ([[True], [None], [False]], pa.bool_(), [True, None, False]),
        ([[True], [1]], pa.string(), ["true", "1"]),
        ([[True, 1]], pa.string(), ["true", "1"]),
        ([[DAY], [MORNING]], pa.timestamp("us"), [MIDNIGHT, MORNING]),
        ([[DAY, MORNING]], pa.timestamp("us"), [MIDNIGHT, MORNING]),
        ([[SHANGHAI]], pa.timestamp("us"), [MORNING]),
        ([[DAY], ["待定"]], pa.string(), ["2026-03-01", "待定"]),
        ([[MORNING], ["待定"]], pa.string(), ["2026-03-02 09:30:00", "待定"]),
        ([[["a", 1]]], pa.string(), ["['a', 1]"]),
    ],
)  # fmt: skip
def test_a_column_gets_the_narrowest_type_that_loses_nothing(
    tmp_path: Path, pieces: list[list[Any]], kind: pa.DataType, expected: list[Any]
) -> None:
    made = [piece(["a", "b"], [(value, "x") for value in one]) for one in pieces]
    found = table(made)
    assert (found.schema.field("a").type, found["a"].to_pylist()) == (kind, expected)
    write(iter(made), tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").equals(found)
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


def test_no_rows_are_columns_of_text(tmp_path: Path) -> None:
    found = table([piece(["a", "b"], [])])
    assert (found.num_rows, found.schema.types) == (0, [pa.string(), pa.string()])
    write(iter([piece(["a", "b"], [])]), tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").equals(found)


def test_a_number_that_is_none_is_blank() -> None:
    found = table([piece(["a"], [(Decimal("NaN"),), (Decimal("1.5"),), (float("inf"),)])])
    assert found["a"].to_pylist() == [None, 1.5, None]
    assert table([piece(["a"], [(float("nan"),), ("x",)])])["a"].to_pylist() == [None, "x"]
