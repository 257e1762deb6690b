"""The speed table of the README: a refresh beside what it replaces, and beside the floor.

    python -m benchmarks.refresh [--rows 10000 100000 1000000] [--rounds 3] [--all] [--libreoffice] [--write]

All programs run one after the other in every round, each in a process of its own, so that a slow
minute of the machine meets all of them; the table has the median. CPU time and peak memory are what
the system counted for the process and those it started, imports included. What takes many minutes or more
memory than most machines have is not run at a million rows, unless ``--all`` asks for it, and the table
says so. ``--write`` puts the table into README.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from docs.readme import README, between_markers

HEAVY = 500_000
"""Orders from which on programs that build an object for every cell run only with ``--all``."""


@dataclass(frozen=True)
class Program:
    """One line of the table. ``{book}``, ``{formulas}``, ``{out}`` and ``{folder}`` stand for paths."""

    name: str
    arguments: tuple[str, ...]
    heavy: bool = False
    libreoffice: bool = False
    fresh: bool = False
    """Whether it starts with nothing in the cache folder."""


REFRESH = ("-m", "xlsales", "refresh", "{book}", "-o", "{out}", "--lang", "zh")
FIRST = Program("`xlsales refresh`", REFRESH, fresh=True)
SAME_FIGURES = tuple(
    word for page in ("overview", "attainment", "funnel", "retention") for word in ("--only", page)
)
"""The pages whose figures the usual script makes."""
PROGRAMS = (
    Program(
        "`xlsales refresh`, the four pages with the script's figures", (*REFRESH, *SAME_FIGURES), fresh=True
    ),
    FIRST,
    Program("`xlsales refresh` again, without news", REFRESH),
    Program("`xlsales refresh` again, another month", (*REFRESH, "--period", "2026-09")),
    Program("pandas and openpyxl", ("-m", "benchmarks.usual_script", "{book}", "{out}"), heavy=True),
    Program(
        "openpyxl, load and save only",
        (
            "-c",
            "import openpyxl, sys; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])",
            "{book}",
            "{out}",
        ),
        heavy=True,
    ),
    Program(
        "1,440 `SUMIFS` in LibreOffice",
        ("-m", "benchmarks.formulas", "recalculate", "{formulas}", "{folder}"),
        heavy=True,
        libreoffice=True,
    ),
    Program("floor: fastexcel parses", ("-m", "benchmarks.floor", "parse", "{book}")),
    Program("floor: inflate and scan", ("-m", "benchmarks.floor", "scan", "{book}")),
    Program(
        "floor: copy the file",
        ("-c", "import shutil, sys; shutil.copyfile(*sys.argv[1:])", "{book}", "{out}"),
    ),
)


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds on the clock, seconds of CPU, and MB (10⁶ bytes) at its peak."""

    wall: float
    cpu: float
    peak: float


def cost(command: list[str], environment: dict[str, str]) -> Cost:
    """Run ``command`` to its end. Raises when it fails. POSIX only: Windows does not count a child's peak.

    Linux counts the peak from the fork on, so it is never below the 15 MB of this program.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | environment)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


def measure(rows: int, rounds: int, programs: list[Program], folder: Path) -> dict[Program, Cost]:
    """The median cost of every program on a workbook with so many orders."""
    paths = {
        "book": folder / f"{rows}.xlsx",
        "formulas": folder / "formulas.xlsx",
        "out": folder / "out.xlsx",
        "folder": folder / "recalculated",
    }
    cache = folder / "cache"
    environment = {"XDG_CACHE_HOME": str(cache), "XDG_STATE_HOME": str(folder / "state")}
    environment["PYTHONDONTWRITEBYTECODE"] = ""  # an installed program is compiled once, not at each start
    _made("benchmarks.workbook", str(rows), str(paths["book"]))
    if any(program.libreoffice for program in programs):
        _made("benchmarks.formulas", "write", str(rows), str(paths["formulas"]))
    print(f"{rows:,} orders, {paths['book'].stat().st_size / 1e6:.1f} MB", file=sys.stderr)
    costs: dict[Program, list[Cost]] = {program: [] for program in programs}
    for _ in range(rounds):
        for program in programs:
            if program.fresh:
                shutil.rmtree(cache, ignore_errors=True)
            paths["out"].unlink(missing_ok=True)
            command = [sys.executable, *(argument.format(**paths) for argument in program.arguments)]
            costs[program].append(cost(command, environment))
            print(f"  {program.name}: {costs[program][-1]}", file=sys.stderr)
    return {
        program: Cost(
            *(statistics.median(getattr(one, field) for one in runs) for field in ("wall", "cpu", "peak"))
        )
        for program, runs in costs.items()
    }


def _made(*module: str) -> None:
    subprocess.run([sys.executable, "-m", *module], check=True)


def table(measured: dict[int, dict[Program, Cost]], programs: list[Program]) -> str:
    """The costs as a Markdown table; the last column is CPU time as a multiple of the first refresh's."""
    lines = [
        "| orders | program | wall s | CPU s | peak MB | CPU, refresh = 1 |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for rows, costs in measured.items():
        for program in programs:
            if c := costs.get(program):
                times = c.cpu / costs[FIRST].cpu
                shown = f"{c.wall:.2f} | {c.cpu:.2f} | {c.peak:,.0f} | {times:.2f}"
            else:
                shown = "not run | | |"
            lines.append(f"| {rows:,} | {program.name} | {shown} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--all", action="store_true", help="the heavy programs at every size: hours, and 8 GB"
    )
    parser.add_argument("--libreoffice", action="store_true", help="recalculate formulas in LibreOffice too")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    programs = [program for program in PROGRAMS if options.libreoffice or not program.libreoffice]
    measured = {}
    for rows in options.rows:
        run = [program for program in programs if options.all or rows < HEAVY or not program.heavy]
        with tempfile.TemporaryDirectory() as folder:
            measured[rows] = measure(rows, options.rounds, run, Path(folder))
    made = table(measured, programs)
    print(made)
    if options.write:
        README.write_text(between_markers(README.read_text("utf-8"), "speed", made), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
