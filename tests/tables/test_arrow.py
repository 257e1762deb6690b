"""Typed columns become the texts that a sheet with the same values has."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xlsales.errors import InputError
from xlsales.tables.arrow import read_parquet, sheet_of, texts


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.array(["00030", " ", None]), ["00030", None, None]),
        (pa.array([12.0, 0.1, float("nan"), 1e15]), ["12", "0.1", None, "1000000000000000.0"]),
        (pa.array([12, None]), ["12", None]),
        (pa.array([Decimal("12.50"), Decimal("3.00")]), ["12.50", "3"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([date(2026, 3, 1), None]), ["2026-03-01", None]),
        (pa.array([datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)]), ["2026-03-01 09:30:05"]),
        (
            pa.array([datetime(2026, 3, 1, 20, tzinfo=UTC)], pa.timestamp("us", "Asia/Shanghai")),
            ["2026-03-02 04:00:00"],
        ),
        (pa.array(["甲", "乙", "甲"]).dictionary_encode(), ["甲", "乙", "甲"]),
        (pa.array([[1, 2]]), ["[1, 2]"]),
        (pa.chunked_array([[], []], pa.string()), []),
    ],
)
def test_a_column_becomes_text(column: pa.Array, said: list[str | None]) -> None:
    assert texts(column).to_pylist() == said


def test_the_names_are_row_one_and_rows_follow_in_their_order() -> None:
    sheet = sheet_of(pa.table({"order_id": ["1", "2"], "金额": [5.0, None]}), "o.parquet", "o")
    assert sheet.rows[0].to_dict() == {1: "order_id", 2: "1", 3: "2"}
    assert sheet.rows[1].dropna().to_dict() == {1: "金额", 2: "5"}


def test_a_file_that_was_cut_off_is_refused() -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": [1, 2]}), buffer)
    assert read_parquet(buffer.getvalue(), "o.parquet", "o").rows[0].tolist() == ["a", "1", "2"]
    with pytest.raises(InputError) as cut:
        read_parquet(buffer.getvalue()[:-20], "o.parquet", "o")
    assert cut.value.key == "parquet_damaged"
