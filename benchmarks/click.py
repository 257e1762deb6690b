"""What a press of a button costs before anything happens, beside what no program in Python can go below.

    python -m benchmarks.click

A press starts a process. ``refresh`` here is the import of everything that a refresh of the open book uses,
up to its first call into Excel; no Excel takes part. xlwings is measured where it is installed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.util import find_spec

PROGRAMS = {
    "python starts": "pass",
    "python and pandas": "import pandas",
    "python and xlwings": "import xlwings",
    "the buttons' module": "from xlsales.excel import macros",
    "the desktop host": "import xlsales.excel.macros, xlsales.hosts.desktop.refresh",
    "all that a refresh uses": (
        "import xlsales.excel.macros, xlsales.hosts.desktop.refresh\n"
        "import xlsales.hosts.reading, xlsales.report.writer, xlsales.report.pages, xlsales.package.graft\n"
        "import pandas, narwhals, fastexcel, holidays"
    ),
}
RUNS = 5


def seconds(program: str) -> float:
    """The best of several runs, since other work of the machine only adds."""
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    for name, program in PROGRAMS.items():
        if "xlwings" not in program or find_spec("xlwings"):
            print(f"{name:<26} {seconds(program):6.3f} s")


if __name__ == "__main__":
    main()
