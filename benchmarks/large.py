"""Tables larger than memory: a full refresh through DuckDB, and what it costs for each million orders.

    python -m benchmarks.large [--millions 1 5 20] [--folder DIR] [--write]

So many million orders and a quarter as many leads as Parquet files, the targets on a sheet. Each refresh is a
process of its own, fresh and without a cache; its peak memory is what the system counted. The script ends
with an error where a refresh takes more than ``MOST`` or where a million orders more cost much more than the
ones before. The rows come out of a formula of their number, so that every run has the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import workbook
from benchmarks.refresh import cost
from docs.readme import README, between_markers

if TYPE_CHECKING:
    from benchmarks.refresh import Cost

MOST = 8_000
"""MB (10⁶ bytes) that a refresh may take at any size."""
SLACK = 1.25
"""How much dearer a million orders may be at a larger size than at the one before."""

HASHED = "hash({k} * 31 + {salt}) % {n}"
ORDERS = """
copy (
  select
    printf('SO%08d', k - k % 10 // 9) as "订单编号",
    date '2024-11-01' + ({day})::int as "下单日期",
    printf('C%07d', least({who1}, {who2})) as "客户编号",
    list_value({regions})[1 + {rep} % 8] as "校区",
    list_value({channels})[1 + least({who1}, {who2}) % 5] as "渠道",
    printf('课程%02d', {product}) as "课程",
    printf('类别%d', {product} % 6) as "类别",
    printf('顾问%03d', {rep}) as "顾问",
    1 + {quantity} as "数量",
    case when {lost} = 0 then null else (1 + {quantity}) * (60 + 5 * ({product} % 24))::double end as "金额",
    list_value('已完成', '已付款', '已取消')[1 + least(2, {status} // 48)] as "状态"
  from range({first}, {last}) t(k)
) to '{path}' (format parquet)
"""
LEADS = """
copy (
  select
    printf('L%08d', k) as "线索编号",
    (timestamp '2024-11-01' + to_minutes(({day} * 1440 + {minute})::bigint)) as "咨询日期",
    printf('C%07d', {who1}) as "客户编号",
    list_value({regions})[1 + {rep} % 8] as "校区",
    list_value({channels})[1 + {who1} % 5] as "渠道",
    printf('顾问%03d', {rep}) as "顾问",
    list_value('咨询', '有效沟通', '预约', '试听', '报名')[1 + {reached}] as "阶段",
    case when {reached} > 0 then date '2024-11-01' + ({day} + {wait})::int end as "有效沟通日期",
    case when {reached} > 1 then date '2024-11-01' + ({day} + 2 * {wait})::int end as "预约日期",
    case when {reached} > 2 then date '2024-11-01' + ({day} + 3 * {wait})::int end as "试听日期",
    case when {reached} > 3 then date '2024-11-01' + ({day} + 4 * {wait})::int end as "报名日期"
  from range({first}, {last}) t(k)
) to '{path}' (format parquet)
"""
PIECE = 1_000_000
"""Orders a file."""


def write(folder: Path, millions: float) -> Path:
    """The files and the workbook that names them; what is there already stays."""
    import duckdb
    import xlsxwriter

    folder.mkdir(parents=True, exist_ok=True)
    orders = round(millions * PIECE)
    people = max(orders * 12 // 100, 1)
    numbers = {"day": 700, "who1": people, "who2": people, "rep": 60, "product": 48, "quantity": 20}
    numbers |= {"lost": 1000, "status": 100, "reached": 5, "wait": 6, "minute": 1440}
    parts = {
        name: f"({HASHED.format(k='k', salt=salt, n=n)})::bigint"
        for salt, (name, n) in enumerate(numbers.items())
    }
    parts |= {"regions": _listed(workbook.REGIONS), "channels": _listed(workbook.CHANNELS)}
    with duckdb.connect() as database:
        for table, query, rows in (("orders", ORDERS, orders), ("leads", LEADS, orders // 4)):
            for number, first in enumerate(range(0, rows, PIECE)):
                path = folder / f"{table}-{number:02d}.parquet"
                if not path.exists():
                    database.execute(
                        query.format(**parts, first=first, last=min(first + PIECE, rows), path=path)
                    )
    book = folder / "book.xlsx"
    with xlsxwriter.Workbook(book, {"default_date_format": "yyyy-mm-dd"}) as made:
        workbook.sheet(made, "目标", workbook.TARGETS, workbook.targets())
        rows = [["订单", "orders-*.parquet", "duckdb"], ["线索", "leads-*.parquet", "duckdb"]]
        workbook.sheet(made, "数据源", ("数据表", "来源", "引擎"), rows)
    return book


def measure(folder: Path, millions: float) -> Cost:
    """The cost of one refresh of that size, from files to sheets."""
    book = write(folder / f"{millions:g}", millions)
    with tempfile.TemporaryDirectory() as own:
        environment = {"XDG_CACHE_HOME": own, "XDG_STATE_HOME": own, "TMPDIR": own}
        out = Path(own) / "out.xlsx"
        return cost(
            [sys.executable, "-m", "xlsales", "refresh", str(book), "-o", str(out), "--lang", "zh"],
            environment,
        )


def table(costs: dict[float, Cost]) -> str:
    """The costs as a Markdown table."""
    lines = [
        "| million orders | million leads | wall s | CPU s | peak MB | CPU s per million | MB per million |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for millions, one in costs.items():
        per = f"{one.cpu / millions:.1f} | {one.peak / millions:,.0f}"
        lines.append(
            f"| {millions:g} | {millions / 4:g} | {one.wall:.0f} | {one.cpu:.0f} | {one.peak:,.0f} | {per} |"
        )
    return "\n".join(lines)


def broken(costs: dict[float, Cost]) -> list[str]:
    """What does not hold of the costs by size, the smallest first."""
    found = [
        f"{millions:g} million orders take {one.peak:,.0f} MB"
        for millions, one in costs.items()
        if one.peak > MOST
    ]
    for less, more in pairwise(costs):
        for name in ("cpu", "peak"):
            before, after = (getattr(costs[size], name) / size for size in (less, more))
            if after > before * SLACK:
                found.append(
                    f"{name} per million grows from {before:.1f} at {less:g} to {after:.1f} at {more:g}"
                )
    return found


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in texts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 5, 20], metavar="N")
    parser.add_argument("--folder", type=Path, help="where the files are written and stay")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        costs = {}
        for millions in sorted(options.millions):
            costs[millions] = measure(options.folder or Path(own), millions)
            print(f"{millions:g} million: {costs[millions]}", file=sys.stderr, flush=True)
    print(table(costs))
    if options.write:
        page = between_markers(README.read_text("utf-8"), "large-speed", table(costs))
        README.write_text(page, "utf-8", newline="\n")
    if found := broken(costs):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
