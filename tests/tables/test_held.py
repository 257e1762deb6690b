"""What a frame comes to in memory is the same from an engine as from pandas."""

from __future__ import annotations

from itertools import count

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from xlsales.tables import engines
from xlsales.tables import held as keeping
from xlsales.tables.held import fetched, held

duckdb = pytest.importorskip("duckdb")

ROWS = """
select * from (values
  (1, 'a', timestamp '2026-03-01 10:30', 1.5, true),
  (2, null, null, null, false),
  (2, 'ü', timestamp '2026-03-02', -0.25, true)
) t(number, word, moment, amount, flag)
"""


def test_texts_moments_and_numbers_of_duckdb_are_those_of_pandas() -> None:
    moments = pd.Series(
        pd.to_datetime(["2026-03-01 10:30", None, "2026-03-02 00:00"]), dtype="datetime64[us]"
    )
    rows = pd.DataFrame(
        {
            "number": pd.Series([1, 2, 2], dtype="int32"),
            "word": pd.Series(["a", None, "ü"], dtype="str"),
            "moment": moments,
            "amount": [1.5, None, -0.25],
            "flag": [True, False, True],
        }
    )
    with duckdb.connect() as database:
        frame = nw.from_native(database.sql(ROWS)).lazy()
        assert_frame_equal(fetched(frame), rows)
        sums = fetched(frame.group_by("word").agg(nw.col("number").sum()).sort("word", nulls_last=True))
    assert sums["number"].tolist() == [1, 2, 2]
    assert sums["number"].dtype == "float64"  # and no object of Python for each
    assert_frame_equal(fetched(nw.from_native(rows).lazy()), rows)


def test_an_engine_and_metrics_never_keep_two_frames_under_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engines.opened("duckdb")
    frame = nw.from_native(engine.table(pa.table({"n": [1, 2]}))).lazy()
    monkeypatch.setattr(engines, "_numbers", count(1))
    monkeypatch.setattr(keeping, "_numbers", count(1))
    kept = [engine.held(frame), held(frame)]
    assert [fetched(one)["n"].tolist() for one in kept] == [[1, 2], [1, 2]]
