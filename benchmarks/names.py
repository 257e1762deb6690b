"""What a hundred thousand different names of customers cost: ``python -m benchmarks.names``.

One spelling each, as cleaning makes it, and then those that are probably another. CPU seconds stand before
the seconds by the clock, which say nothing on a machine that others use.
"""

from __future__ import annotations

import time

from tests.clean.naming.test_alike import many_names
from tests.clean.sheets import raw

NAMES = 100_000


def main() -> None:
    from xlsales.clean.naming.names import standardise_names
    from xlsales.clean.read import read_rows
    from xlsales.clean.rules.lookalikes import similar_names

    names = many_names(NAMES)
    bought = {"order_date": ["2026-10-01"] * len(names), "amount": ["5"] * len(names), "customer": names}
    rows = read_rows([raw("orders", dict(bought))])
    cpu, wall = [time.process_time()], [time.perf_counter()]
    tables, changes = standardise_names({"orders": rows})
    cpu, wall = [*cpu, time.process_time()], [*wall, time.perf_counter()]
    found = similar_names(tables)
    cpu, wall = [*cpu, time.process_time()], [*wall, time.perf_counter()]
    results = (f"{len(names):,} names, respelled", changes), ("proposed", found)
    for at, (said, of) in enumerate(results):
        count = sum(len(one.rows) for one in of)
        print(f"{said} {count:,}: {cpu[at + 1] - cpu[at]:.1f} CPU-s, {wall[at + 1] - wall[at]:.1f} s")


if __name__ == "__main__":
    main()
