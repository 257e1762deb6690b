"""What every metric costs on a million orders in memory: ``python -m benchmarks.metrics [--write]``.

Each metric runs once by itself and once among all the others, as in a report, where what several build on
is worked out once. CPU seconds on clean tables: nothing is read, cleaned or drawn. ``--write`` puts the
table into README.md.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.clean_tables import tables
from docs.readme import README, between_markers
from xlsales.metrics._catalogue import catalogue, compute
from xlsales.metrics._once import one_run
from xlsales.metrics._scope import default_scope

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._scope import Scope


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a metric by itself and in one run with all others, and how many rows it gave."""

    alone: float
    shared: float
    rows: int


def measure(orders: int) -> dict[str, Cost]:
    """The cost of every metric of the catalogue, with its options as they are by default."""
    given = tables(orders)
    scope = default_scope(given)
    alone = {}
    for key in catalogue():
        with one_run():
            alone[key] = _seconds(key, given, scope)
    with one_run():
        return {key: Cost(alone[key][0], *_seconds(key, given, scope)) for key in catalogue()}


def _seconds(key: str, given: dict[str, pd.DataFrame], scope: Scope) -> tuple[float, int]:
    start = time.process_time()
    rows = compute(key, given, scope)
    return time.process_time() - start, len(rows)


def table(costs: dict[str, Cost]) -> str:
    """The costs as a Markdown table, the dearest first, with their sums."""
    lines = ["| metric | alone, CPU s | in one run, CPU s | rows |", "|---|---:|---:|---:|"]
    for key, cost in sorted(costs.items(), key=lambda one: -one[1].alone):
        lines.append(f"| `{key}` | {cost.alone:.2f} | {cost.shared:.2f} | {cost.rows:,} |")
    alone, shared = (sum(getattr(cost, name) for cost in costs.values()) for name in ("alone", "shared"))
    return "\n".join([*lines, f"| all {len(costs)} | {alone:.2f} | {shared:.2f} | |"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    measure(1_000)  # whatever is imported late is imported now
    made = table(measure(options.orders))
    print(made)
    if options.write:
        page = between_markers(README.read_text("utf-8"), "metrics-speed", made)
        README.write_text(page, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
