"""What a query may be, and what its rows are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from xlsales.errors import InputError
from xlsales.tables.declared import source
from xlsales.tables.sql import name, reads_only, rows
from xlsales.tables.widening import table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "  SELECT 1 ;  ",
        "select 1; -- that is all",
        "-- the orders; all of them\n/* of\n 2026; */ select 1",
        "with a as (select 1) select * from a",
        "(select 1) union (select 2)",
        "values (1)",
        "select ';' as \"a;b\", 'it''s; so', `c;d`, $x$ ; $x$",
    ],
)
def test_a_query_that_reads_is_taken(query: str) -> None:
    assert reads_only(query)


@pytest.mark.parametrize(
    "query",
    [
        "drop table o",
        "-- select\ndrop table o",
        "/* select */ delete from o",
        "select 1; drop table o",
        "select 1;;\n delete from o",
        "select '; drop table o",
        "insert into o select 1",
        "selection",
        "update o set a = 1",
        "explain select 1",
        ";",
        "-- nothing",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(query: str) -> None:
    assert not reads_only(query)
    with pytest.raises(InputError) as refused:
        source("orders", "sqlite:///o.db", query)
    assert refused.value.key == "source_not_select"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "o #1.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table o (id, amount)")
        made.executemany("insert into o values (?, ?)", [(n, n) for n in range(1, 8)])
    return path


def test_sqlite_is_opened_to_read(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = table(
        rows(source("orders", f"sqlite:///{database}", "select id, 'a:b' as t from o where id < 3"))
    )
    assert found.to_pylist() == [{"id": 1, "t": "a:b"}, {"id": 2, "t": "a:b"}]
    monkeypatch.chdir(database.parent)
    assert table(rows(source("orders", f"sqlite:///{database.name}", "select id from o"))).num_rows == 7
    writes = source(
        "orders", f"sqlite:///{database}", "with a as (select 1) insert into o select 9, 9 from a"
    )
    with pytest.raises(InputError) as refused:
        list(rows(writes))
    assert "readonly" in refused.value.what("en")


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    for options in ("", "?uri=true"):
        place = f"sqlite:///{'file:' if options else ''}{tmp_path}/missing.db{options}"
        with pytest.raises(InputError) as refused:
            list(rows(source("orders", place, "select 1")))
        assert refused.value.key == "sql_failed"
    assert list(tmp_path.iterdir()) == []


def test_names_that_repeat_are_numbered(database: Path) -> None:
    query = 'select o.id, p.id as "ID", 1 as "id 2", o.amount, p.id from o join o p on o.id = p.id limit 1'
    found = table(rows(source("orders", f"sqlite:///{database}", query)))
    assert found.column_names == ["id", "ID 3", "id 2", "amount", "id 4"]


def test_an_option_that_the_driver_does_not_know_is_two_lines() -> None:
    place = "postgresql+pg8000://u@127.0.0.1:1/db?sslmode=require"
    with pytest.raises(InputError) as refused:
        list(rows(source("orders", place, "select 1")))
    assert refused.value.key == "source_option"
    told = (
        "the driver of postgresql+pg8000://127.0.0.1:1/db does not know this option of the address: sslmode."
    )
    assert refused.value.what("en") == f": {told}"


def test_a_password_with_any_signs_is_no_part_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XS_TEST_PW", "p@ssw0rdLong")
    place = "postgresql+pg8000://u:${XS_TEST_PW}@127.0.0.1:9/db"
    with pytest.raises(InputError) as refused:
        list(rows(source("orders", place, "select 1")))
    assert "host 127.0.0.1 and port 9" in refused.value.what("en")
    assert "ssw0rd" not in refused.value.what("en")


def test_a_whole_address_may_be_one_variable(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XS_TEST_URL", f"sqlite:///{database}")
    asked = source("orders", "${XS_TEST_URL}", "select id from o")
    assert asked.is_sql
    assert name(asked) == "sqlite-orders"
    assert table(rows(asked)).num_rows == 7
    monkeypatch.setenv("XS_TEST_URL", "geheimnis")
    for work in (name, lambda one: list(rows(one))):
        with pytest.raises(InputError) as refused:
            work(asked)
        assert refused.value.key == "source_address"
        assert "geheimnis" not in refused.value.what("en")
