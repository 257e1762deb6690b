"""The speed table of the README: one refresh beside the usual script and beside the floor.

    python -m benchmarks.refresh [--rows 10000 100000] [--rounds 3] [--write]

The four programs run one after the other in every round, each in a process of its own, so that a
slow minute of the machine meets all of them; the table has the median. CPU time and peak memory are
what the system counted for the process, imports included. ``--write`` puts the table into README.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from docs.readme import README, between_markers

PROGRAMS = {
    "`xlsales refresh`": ("-m", "xlsales", "refresh", "{book}", "-o", "{out}", "--lang", "zh"),
    "the usual script": ("-m", "benchmarks.usual_script", "{book}", "{out}"),
    "floor: inflate and scan": ("-m", "benchmarks.floor", "{book}"),
    "floor: copy the file": ("-c", "import shutil, sys; shutil.copyfile(*sys.argv[1:])", "{book}", "{out}"),
}


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds on the clock, seconds of CPU, and MB at its peak."""

    wall: float
    cpu: float
    peak: float


def cost(command: list[str]) -> Cost:
    """Run ``command`` to its end. Raises when it fails. POSIX only: Windows does not count a child's peak."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    kilobyte = 1024 if sys.platform == "darwin" else 1
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / kilobyte / 1024)


def measure(rows: int, rounds: int, folder: Path) -> dict[str, Cost]:
    """The median cost of every program on a workbook with so many orders."""
    book, out = folder / f"{rows}.xlsx", folder / "out.xlsx"
    subprocess.run([sys.executable, "-m", "benchmarks.workbook", str(rows), str(book)], check=True)
    print(f"{rows:,} orders, {book.stat().st_size / 1e6:.1f} MB", file=sys.stderr)
    costs: dict[str, list[Cost]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, arguments in PROGRAMS.items():
            out.unlink(missing_ok=True)
            costs[name].append(cost([sys.executable, *(a.format(book=book, out=out) for a in arguments)]))
            print(f"  {name}: {costs[name][-1]}", file=sys.stderr)
    return {
        name: Cost(
            *(statistics.median(getattr(one, field) for one in runs) for field in ("wall", "cpu", "peak"))
        )
        for name, runs in costs.items()
    }


def table(measured: dict[int, dict[str, Cost]]) -> str:
    """The costs as a Markdown table; the last column is CPU time as a multiple of the refresh's."""
    lines = [
        "| orders | program | wall s | CPU s | peak MB | CPU, refresh = 1 |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for rows, costs in measured.items():
        one = next(iter(costs.values())).cpu
        lines += [
            f"| {rows:,} | {name} | {c.wall:.2f} | {c.cpu:.2f} | {c.peak:,.0f} | {c.cpu / one:.2f} |"
            for name, c in costs.items()
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = {rows: measure(rows, options.rounds, Path(folder)) for rows in options.rows}
    made = table(measured)
    print(made)
    if options.write:
        README.write_text(between_markers(README.read_text("utf-8"), "speed", made), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
