"""Files as people export them come to the same in an engine as in memory."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.clean.large.as_files import money, read, without_numbers, wrote

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("duckdb")

NAMES = "订单编号,下单日期,客户,金额"


def test_files_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-{day:02},客{day},{day}\n" for day in range(1, 20))
    wrote(tmp_path, {f"{month}/o.csv": f"下单日期,客户,金额\n{rows}" for month in "ab"})
    here, there = read(tmp_path, {"orders": "*/o.csv"})
    assert without_numbers(there) == without_numbers(here)
    # The rows of the second equal those of the first, and have no ids: it is a copy.
    assert there["account"]["orders"][1] == [("repeated_sheet", 19, sum(range(1, 20)))]


def test_rows_of_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for month, paid in {"a": ["100", "x", "7"], "b": ["200", "300", "y"]}.items():
        (tmp_path / month).mkdir()
        cells = {"订单编号": [f"{month}{n}" for n in range(3)], "下单日期": ["2026-01-02"] * 3, "金额": paid}
        pq.write_table(pa.table(cells), tmp_path / month / "o.parquet")
    here, there = read(tmp_path, {"orders": "*/o.parquet"})
    assert there == here
    assert money(there) == 607


def test_titles_above_the_names_are_no_rows_and_may_say_the_unit(tmp_path: Path) -> None:
    title = "2026年订单,,,\n单位：万元,,,\n"
    wrote(tmp_path, {"o.csv": f"{title}{NAMES}\nA1,2026-01-02,李雷,1.5\nA2,2026-01-03,李雷,2\n"})
    here, there = read(tmp_path, {"orders": "o.csv"})
    assert without_numbers(there) == without_numbers(here)
    assert money(there) == 35_000


def test_numbers_and_days_of_a_file_that_are_none_are_blanks_and_placeholders(tmp_path: Path) -> None:
    days = [date(1, 1, 1), date(9999, 12, 31), date(1985, 1, 1), date(2026, 1, 1), date(2026, 1, 2)]
    paid = [1.0, 2.0, 4.0, float("nan"), 8.0]
    cells = {"订单编号": [f"A{n}" for n in range(5)], "下单日期": days, "金额": paid}
    pq.write_table(pa.table(cells), tmp_path / "o.parquet")
    here, there = read(tmp_path, {"orders": "o.parquet"})
    assert there == here
    rules = [("impossible_date", 1, 4), ("missing_needed", 1, 0), ("placeholder", 2, 3)]
    assert there["account"]["orders"] == ((5, 1, 0, True, 15), rules)
