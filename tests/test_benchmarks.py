"""The benchmark says what it measured, and its rivals compute what they are said to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fastexcel
import pytest

from benchmarks import formulas, refresh, workbook

ROOT = Path(__file__).parents[1]


def test_what_was_not_run_is_said_and_not_guessed() -> None:
    first, heavy = refresh.FIRST, next(program for program in refresh.PROGRAMS if program.heavy)
    measured = {
        10: {first: refresh.Cost(2.0, 1.6, 100.0), heavy: refresh.Cost(9.0, 8.0, 1234.5)},
        20: {first: refresh.Cost(3.0, 2.5, 200.0)},
    }
    assert refresh.table(measured, [first, heavy]).splitlines()[2:] == [
        f"| 10 | {first.name} | 2.00 | 1.60 | 100 | 1.00 |",
        f"| 10 | {heavy.name} | 9.00 | 8.00 | 1,234 | 5.00 |",
        f"| 20 | {first.name} | 3.00 | 2.50 | 200 | 1.00 |",
        f"| 20 | {heavy.name} | not run | | | |",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count what a child used")
def test_the_memory_of_a_program_is_counted() -> None:
    """Asked from a program of its own: Linux counts for a child at least what its parent held at the fork."""
    measured = """if True:
        import sys
        from benchmarks.refresh import cost
        print(cost([sys.executable, "-c", "x = bytearray(200_000_000); x[::4096] = x[::4096]"], {}).peak)
    """
    done = subprocess.run(
        [sys.executable, "-c", measured], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert 200 < float(done.stdout) < 250


@pytest.mark.libreoffice
def test_the_formulas_sum_the_amounts_that_are_numbers(tmp_path: Path) -> None:
    book, n = tmp_path / "formulas.xlsx", 300
    formulas.write(str(book), n)
    formulas.recalculate(str(book), str(tmp_path / "done"))
    sheet = fastexcel.read_excel(str(tmp_path / "done" / book.name)).load_sheet(formulas.SHEET)
    found = sheet.to_pandas().iloc[:, 1:].to_numpy().sum()
    rows = [(row[1], row[12]) for row in workbook.orders(n)]
    expected = sum(amount for day, amount in rows if isinstance(amount, float) and not isinstance(day, str))
    assert found == pytest.approx(expected)


def test_the_benchmark_of_functions_says_what_each_repetition_costs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks import functions

    monkeypatch.setattr(functions, "ROWS", 300)
    monkeypatch.setattr(functions, "CELLS", 10)
    functions.main(periods=1)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "300 orders, 8 columns; 10 cells"
    assert len(said) == 1 + len(functions.CASES) + 1
    assert all("calls to Excel each" in line for line in said[1:-1])


def test_the_benchmark_of_metrics_measures_every_one_and_the_same_tables_each_time() -> None:
    from benchmarks import clean_tables, metrics
    from xlsales.metrics._catalogue import catalogue

    assert clean_tables.tables(1_000)["orders"].equals(clean_tables.tables(1_000)["orders"])
    said = metrics.table(metrics.measure(1_000)).splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in said[2:]]
    assert {row[0] for row in rows[:-1]} == {f"`{key}`" for key in catalogue()}
    assert all(int(row[3].replace(",", "")) > 0 for row in rows[:-1])
    for column in (1, 2):  # each cell is rounded
        assert float(rows[-1][column]) == pytest.approx(
            sum(float(row[column]) for row in rows[:-1]), abs=0.01 * len(rows)
        )


def test_the_benchmark_of_large_tables_writes_what_it_says_and_finds_what_grows_too_fast(
    tmp_path: Path,
) -> None:
    import pyarrow.parquet as pq

    from benchmarks import large

    book = large.write(tmp_path, 0.001)
    assert fastexcel.read_excel(str(book)).sheet_names == ["目标", "数据源"]
    assert pq.read_metadata(tmp_path / "orders-00.parquet").num_rows == 1_000
    assert pq.read_metadata(tmp_path / "leads-00.parquet").num_rows == 250
    even = {1: refresh.Cost(30.0, 20.0, 1_000.0), 5: refresh.Cost(120.0, 90.0, 2_500.0)}
    assert large.broken(even) == []
    assert len(large.table(even).splitlines()) == 2 + len(even)
    assert large.broken(even | {20: refresh.Cost(600.0, 600.0, 9_000.0)}) == [
        "20 million orders take 9,000 MB",
        "cpu per million grows from 18.0 at 5 to 30.0 at 20",
    ]
