"""Tables that live outside the workbook, and what is said when they cannot be had."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from xlsales.errors import InputError
from xlsales.hosts.file import check, refresh
from xlsales.tables.declared import source

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.tables.declared import Engine

ORDERS = [
    ("A1", "2026-03-01", "甲", "100"),
    ("A2", "2026-03-02", "乙", "250.5"),
    ("A2", "2026-03-02", "乙", "250.5"),
    ("A3", "2026-03-05", "甲", "待确认"),
    ("A4", "2026-03-31", None, "49.5"),
]
HEADER = ("订单编号", "下单日期", "校区", "金额")
PAID = 100 + 250.5 + 49.5


def book(path: Path, sheets: dict[str, list[tuple[Any, ...]]]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def says(place: str, query: str = "", table: str = "订单") -> dict[str, list[tuple[Any, ...]]]:
    return {"数据源": [("数据表", "来源", "查询"), (table, place, query)]}


def parquet(path: Path, rows: list[tuple[Any, ...]] = ORDERS) -> Path:
    path.parent.mkdir(exist_ok=True)
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table(dict(zip(HEADER, map(list, columns), strict=True))), path)
    return path


def amount(analysis: Any) -> float:
    return float(analysis.cleaned.tables["orders"]["amount"].sum())


@pytest.mark.parametrize("kind", ["parquet", "csv", "xlsx", "sqlite"])
def test_orders_come_from_where_the_sheet_says_and_are_cleaned_like_any(tmp_path: Path, kind: str) -> None:
    place, query = f"data/*.{kind}", ""
    (tmp_path / "data").mkdir()
    if kind == "parquet":
        parquet(tmp_path / "data/2026.parquet")
    elif kind == "csv":
        lines = [HEADER, *[tuple(cell or "" for cell in row) for row in ORDERS]]
        (tmp_path / "data/2026.csv").write_text("\n".join(map(",".join, lines)), "utf-8")
    elif kind == "xlsx":
        book(tmp_path / "data/2026.xlsx", {"2026": [HEADER, *ORDERS]})
    else:
        with sqlite3.connect(tmp_path / "data/2026.db") as database:
            database.execute("create table o (id text, day text, region text, amount text)")
            database.executemany("insert into o values (?, ?, ?, ?)", ORDERS)
        database.close()
        place = f"sqlite:///{tmp_path}/data/2026.db"
        query = "select id as order_id, day as order_date, region, amount from o"
    there = book(
        tmp_path / "b.xlsx", {**says(place, query), "订单": [HEADER, ("B", "2026-03-09", "丙", 9e9)]}
    )

    found = check([there])

    assert amount(found) == PAID
    rules = found.cleaned.issues.set_index("rule")
    assert {"duplicate", "unreadable_number"} <= set(rules.index)
    name = "sqlite-orders" if kind == "sqlite" else f"2026.{kind}"
    assert rules.loc["unreadable_number", "source"] == name
    assert rules.loc["unreadable_number", "cell"] == "D5"
    assert [one.reason for one in found.survey.ignored if one.sheet == "订单"] == ["elsewhere"]
    assert all(one.ties for one in found.cleaned.reconciliations)


def test_an_option_comes_over_the_sheet_and_a_refresh_writes_into_the_book(tmp_path: Path) -> None:
    there = book(tmp_path / "b.xlsx", says("nowhere.parquet"))
    parquet(tmp_path / "o/1.parquet", ORDERS[:3])
    parquet(tmp_path / "o/2.parquet", ORDERS[3:])
    asked = [source("orders", "o/*.parquet", folder=tmp_path)]
    done = refresh([there], lang="zh", sources=asked)
    assert done.changed
    assert amount(done.analysis) == PAID
    assert not refresh([there], lang="zh", sources=asked).changed


def test_what_was_understood_is_kept_until_the_source_says_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = book(tmp_path / "b.xlsx", says("o.parquet"))
    parquet(tmp_path / "o.parquet")
    assert amount(refresh([there]).analysis) == PAID
    with monkeypatch.context() as read_again:
        read_again.setattr("xlsales.analysis.understand", lambda *_: pytest.fail("it is known already"))
        assert amount(refresh([there]).analysis) == PAID
    parquet(tmp_path / "o.parquet", ORDERS[:1])
    assert amount(refresh([there]).analysis) == 100


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_what_comes_late_in_a_query_is_read_as_what_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr("xlsales.tables.sql.PIECE", 4)
    with sqlite3.connect(tmp_path / "o.db") as database:
        database.execute("create table o (order_id, order_date, amount)")
        whole = [(k, f"2026-03-{k:02}", 100 * k) for k in range(1, 11)]
        database.executemany("insert into o values (?, ?, ?)", [*whole, ("A-1", "2026-03-11", 50010.5)])
    database.close()
    there = book(tmp_path / "b.xlsx", says(f"sqlite:///{tmp_path}/o.db", "select * from o"))
    found = check([there], engine=engine).cleaned.tables["orders"]
    orders = found if engine == "pandas" else found.df()
    assert orders["amount"].sum() == 5500 + 50010.5
    assert sorted(orders["order_id"]) == sorted([*map(str, range(1, 11)), "A-1"])


def test_a_join_that_names_a_column_twice_is_read_by_the_first(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "o.db") as database:
        database.execute("create table o (order_id, order_date, amount)")
        database.execute("insert into o values ('A', '2026-03-01', 5), ('B', '2026-03-02', 7)")
    database.close()
    joined = (
        "select a.order_id, b.order_id, b.order_date, b.amount from o a join o b on a.order_id = b.order_id"
    )
    there = book(tmp_path / "b.xlsx", says(f"sqlite:///{tmp_path}/o.db", joined))
    orders = check([there]).cleaned.tables["orders"]
    assert (orders["order_id"].tolist(), orders["amount"].sum()) == (["A", "B"], 12)


def test_a_query_without_its_columns_is_called_the_result_of_the_query(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "o.db").close()
    there = book(tmp_path / "b.xlsx", says(f"sqlite:///{tmp_path}/o.db", "select 1 as a"))
    with pytest.raises(InputError) as refused:
        check([there])
    assert refused.value.what("en").startswith("数据源!B2: the result of the query was said to hold")
    assert refused.value.what("zh").startswith("数据源!B2：查询结果应是")


def lost_after_a_piece(path: Path) -> str:
    """A query that gives rows and then fails, as a connection that is lost half-way does."""
    with sqlite3.connect(path) as database:
        database.execute("create table o (order_id text, order_date text, amount integer)")
        database.executemany("insert into o values (?, '2026-03-01', ?)", [(f"{k}", k) for k in range(5)])
    database.close()
    fails = "case amount when 4 then abs(-9223372036854775808) else amount end"
    return f"select order_id, order_date, {fails} as amount from o"


@pytest.mark.parametrize(
    ("place", "query", "key"),
    [
        ("missing/*.parquet", "", "source_not_found"),
        ("cut.parquet", "", "parquet_damaged"),
        ("other.parquet", "", "source_columns"),
        ("sqlite:///{folder}/s.db", "select no_such from nowhere", "sql_failed"),
        ("sqlite:///{folder}/s.db", "half", "sql_failed"),
        ("sqlite:///{folder}/s.db", "drop table o", "source_not_select"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3DX%3BPWD%3Dhunter2", "select 1", "source_password"),
        ("postgresql+pg8000://me@127.0.0.1:1/db?sslmode=require", "select 1", "source_option"),
        ("sqlite://///nowhere/at/all.db", "select 1", "sql_failed"),
        ("nonsense:// x", "select 1", "source_address"),
        ("postgresql+pg8000://me:${XS_TEST_SECRET}@127.0.0.1:1/db", "select 1", "sql_failed"),
        ("postgresql+pg8000://me:${XS_TEST_UNSET}@127.0.0.1:1/db", "select 1", "variable_not_set"),
        ("nosuchdb://me:${XS_TEST_SECRET}@host/db", "select 1", "source_address"),
    ],
)
def test_what_cannot_be_read_is_two_lines_without_a_credential_and_the_book_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, query: str, key: str
) -> None:
    monkeypatch.setenv("XS_TEST_SECRET", "hunter2")
    monkeypatch.setattr("xlsales.tables.sql.PIECE", 2)
    half = lost_after_a_piece(tmp_path / "s.db")
    pq.write_table(pa.table({"a": ["1"]}), tmp_path / "other.parquet")
    (tmp_path / "cut.parquet").write_bytes(parquet(tmp_path / "o.parquet").read_bytes()[:-9])
    place = place.replace("{folder}", str(tmp_path))
    there = book(tmp_path / "b.xlsx", says(place, half if query == "half" else query))
    before = there.read_bytes()
    with pytest.raises(InputError) as refused:
        refresh([there])
    assert refused.value.key == key
    assert there.read_bytes() == before
    for lang in ("zh", "en"):
        said = refused.value.what(lang), refused.value.do(lang)
        assert all(one and "\n" not in one and "hunter2" not in one for one in said), said
