"""What a function in a cell costs: first, and filled down ten thousand times.

``python -m benchmarks.functions`` asks through xlwings' own call path, with the Excel side stood in for: no
time of COM is in it, so the calls to Excel that each repetition makes are counted beside. The range has
50,000 orders; a calculation pass as the workbook's VBA gives it, and none, are both measured.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any

from tests.excel.functions import windows

ROWS, CELLS = 50_000, 10_000
HEADER = ("订单编号", "下单日期", "客户编号", "课程", "课程顾问", "校区", "渠道", "订单金额")
CASES: tuple[tuple[str, tuple[Any, ...], str], ...] = (
    ("XS_SALES", (), "one number"),
    ("XS_SALES", ("rep", "2026-10"), "a table of 20 reps"),
    ("XS_REPURCHASE", ("region",), "a table of 5 regions"),
)

passes = count(1)


def orders() -> tuple[tuple[Any, ...], ...]:
    """Two years of orders as ``Range.Value`` gives them."""
    dice = random.Random(4)
    start = datetime(2024, 11, 1, tzinfo=UTC)
    rows = [
        (
            f"{k:07}",
            start + timedelta(days=dice.randrange(730)),
            f"C{dice.randrange(9000):05}",
            f"课程{dice.randrange(30)}",
            f"顾问{dice.randrange(20)}",
            f"校区{dice.randrange(5)}",
            f"渠道{dice.randrange(6)}",
            float(dice.randrange(50, 20_000)),
        )
        for k in range(ROWS)
    ]
    return (HEADER, *rows)


class Counted(windows.FakeRange):
    """A range that counts what it is asked, each of which is a call to another process in Excel."""

    asked = 0

    def __getattribute__(self, name: str) -> Any:
        if name[:1].isupper():
            Counted.asked += 1
        return super().__getattribute__(name)


def seconds(repeat: int, name: str, given: tuple[Any, ...], calculation: int) -> float:
    """How long so many cells take."""
    arguments = (*given, *[windows.OMITTED] * (len(windows.cells().catalogue()[name].arguments) - len(given)))
    call_udf = windows.udfs().call_udf
    start = perf_counter()
    for _ in range(repeat):
        call_udf("xlsales.excel.cells", name, (*arguments, calculation), None, None)
    return perf_counter() - start


def main(periods: int = 20) -> None:
    """Print a line per case, and then what asking many different questions costs."""
    values = orders()
    print(f"{ROWS:,} orders, {len(HEADER)} columns; {CELLS:,} cells")
    for name, options, gives in CASES:
        windows.cells().forget()
        tables = len([one for one in windows.cells().catalogue()[name].arguments if one.kind == "table"])
        given = (Counted(values), *[windows.OMITTED] * (tables - 1), *options)
        calculation = next(passes)
        first = seconds(1, name, given, calculation)
        Counted.asked = 0
        filled = seconds(CELLS, name, given, calculation)
        calls = Counted.asked / CELLS
        anew = seconds(1, name, given, next(passes))
        unhooked = seconds(3, name, given, 0) / 3
        changed = (Counted((*values[:-1], (*values[-1][:-1], 1.0))), *given[1:])
        after = seconds(1, name, changed, next(passes))
        print(
            f"{name}{options} ({gives}): first {first:.2f} s; {CELLS:,} more {filled:.2f} s, "
            f"{1e6 * filled / CELLS:.0f} µs and {calls:.0f} calls to Excel each; "
            f"first of the next pass {anew:.2f} s; without a pass {unhooked:.2f} s each; "
            f"after a change {after:.2f} s"
        )
    given = (Counted(values), windows.OMITTED, windows.OMITTED)
    questions = [
        (by, f"{2025 + k // 12}-{k % 12 + 1:02}")
        for k in range(periods)
        for by in ("rep", "region", "channel", "product", "")
    ]
    calculation = next(passes)
    start = perf_counter()
    for question in questions:
        seconds(CELLS // 100, "XS_SALES", (*given, *question), calculation)
    took = perf_counter() - start
    print(f"{CELLS // 100} cells each asking {len(questions)} different questions: {took:.2f} s in all")


if __name__ == "__main__":
    main()
