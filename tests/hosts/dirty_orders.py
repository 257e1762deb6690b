"""Orders with one of every kind of dirt that an engine cleans, in files or a database, and a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from xlsales.tables.declared import source

if TYPE_CHECKING:
    from pathlib import Path

DAYS = [f"2026-{month:02d}-{day:02d}" for month in (1, 2, 3) for day in (3, 9, 20)]


def orders() -> dict[str, list[Any]]:
    """Ninety orders of two lines each, and one of every kind of dirt that an engine cleans."""
    n = range(180)
    made: dict[str, list[Any]] = {
        "订单编号": [f" {k // 2:05d}" for k in n],
        "下单日期": [DAYS[k % 9] for k in n],
        "客户编号": [f"C{k % 40}" for k in n],
        "校区": [("滨江", " 城西", "", "N/A", "江南")[k % 5] for k in n],
        "状态": [("已完成", "已取消", "待付款", "已付款")[k % 4] if k % 7 else None for k in n],
        "金额": [f"￥{k * 10 + 0.5}" for k in n],
        "内部备注": [f"x{k}" for k in n],
    }
    dirt = [
        ("00091", "2026-03-09", "C1", "滨江", None, "待确认", "a"),  # an amount that is none
        ("00094", "2026-03-09", "C1", "滨江", None, "三百", "d"),
        ("00092", "下周", "C1", "滨江", None, "5", "b"),  # a day that is none
        ("00093", None, "C1", "滨江", None, "7.25", "c"),  # no day
        ("00002", "2026-03-20", "C2", "滨江", None, "11", "same"),
        ("00002", "2026-03-20", "C2", "滨江", None, "11", "same"),  # exactly as the one before
        ("00002", "2026-03-20", "C2", "滨江", None, "11", "other"),  # but for a column that we do not know
        (None, "2026-03-20", "C2", "滨江", None, "13", "same"),
        (None, "2026-03-20", "C2", "滨江", None, "13", "same"),  # without an id nothing proves it
    ]
    for name, cells in zip(made, zip(*dirt, strict=True), strict=True):
        made[name] += cells
    return made


def workbook(folder: Path) -> Path:
    """A workbook with nothing but targets."""
    with xlsxwriter.Workbook(folder / "b.xlsx") as made:
        sheet = made.add_worksheet("目标")
        sheet.write_row(0, 0, ["月份", "校区", "目标"])
        for row, (month, place) in enumerate(
            (m, p) for m in ("2026-02", "2026-03") for p in ("滨江", "城西")
        ):
            sheet.write_row(row + 1, 0, [month, place, 9_000])
    return folder / "b.xlsx"


def asked(folder: Path, kind: str) -> list[Any]:
    """The orders written as files or into a database, and where they are."""
    table = pa.table(orders())
    if kind == "csv":
        import pyarrow.csv as pc

        pc.write_csv(table, folder / "o.csv")
        return [source("orders", "o.csv", folder=folder)]
    if kind == "sql":
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(folder / "o.db")) as database, database:
            names = ", ".join(f'"{name}" text' for name in table.column_names)
            database.execute(f"create table o ({names})")
            rows = zip(*table.to_pydict().values(), strict=True)
            database.executemany(f"insert into o values ({', '.join('?' * table.num_columns)})", rows)
        return [source("orders", f"sqlite:///{folder}/o.db", "select * from o")]
    pq.write_table(table.slice(0, 100), folder / "o1.parquet")
    pq.write_table(table.slice(100), folder / "o2.parquet")
    return [source("orders", "o?.parquet", folder=folder)]
