"""A real PostgreSQL as the place where tables live: Debian's, started here and gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from xlsales.errors import InputError
from xlsales.hosts.file import check, refresh
from xlsales.tables.declared import source
from xlsales.tables.sql import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.tables.declared import Engine

PASSWORD = "p@ss/w:r#d%41"  # of a server that only this test reaches
SCHEMA = """
create table orders (id integer, ordered timestamptz, campus text, paid numeric(12, 2), note varchar);
insert into orders select n, timestamptz '2026-03-01 09:00+00' + n * interval '1 hour', case n % 3 when 0
  then '滨江' when 1 then '城西' end, n * 1.25, 'it''s 10:30' from generate_series(1, 600) n;
create role reader login password '{password}';
grant select, insert, delete on orders to reader;
alter role reader set statement_timeout = '20s';
alter role reader set jit = off;
"""
QUERY = "select id as order_id, ordered::date as order_date, campus as region, paid as amount from orders"
LONG = "12345678901234567"
EXACT = f"""
select {LONG}::numeric * 1000 + id as order_id, ordered::date as order_date,
  case when id > 300 then paid else 1 end as amount from orders order by id
"""  # numbers that no float tells apart, and decimals only in later pieces
DELETED = "with gone as (delete from orders returning *) select id, ordered, paid from gone"
MANY = """
select a.id as order_id, a.ordered::date as order_date, 1 as amount
  from orders a, orders b, orders c, orders d
"""  # more than any memory holds or any patience waits for
LOST = """
select id as order_id, ordered::date as order_date,
  case when id = 500 then pg_terminate_backend(pg_backend_pid())::int else 1 end as amount from orders
"""


def programs() -> Path | None:
    """Where Debian keeps the newest server's programs; those on the PATH elsewhere."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the database for its reader, the password as a variable."""
    home = programs()
    if home is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI skips nothing for it", pytrace=False)
        pytest.skip("PostgreSQL (Debian: postgresql) is not installed")
    # The server refuses to run as root.
    as_somebody = (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if not os.geteuid() else []
    )
    folder = Path(tempfile.mkdtemp(prefix="xlsales-postgres-"))
    if as_somebody:
        shutil.chown(folder, "postgres", "postgres")
    port = free_port()
    data, log, secret = folder / "data", folder / "log", folder / "password"

    def run(program: str, *arguments: str | Path, said: str | None = None) -> None:
        command = [*as_somebody, str(home / program), *map(str, arguments)]
        subprocess.run(command, check=True, input=said, text=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        secret.write_text(PASSWORD)
        access = ("-A", "scram-sha-256", "-U", "owner", f"--pwfile={secret}")
        run("initdb", "-D", data, *access, "--no-sync")
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-D", data, "-l", log, "-w", "-o", settings, "start")
        try:
            here = f"host=127.0.0.1 port={port} dbname=postgres user=owner password={PASSWORD}"
            run("psql", "-qX", "-v", "ON_ERROR_STOP=1", here, said=SCHEMA.format(password=PASSWORD))
            yield f"postgresql+pg8000://reader:${{XS_TEST_PG}}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XS_TEST_PG", PASSWORD)
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        made.add_worksheet("Notes").write("A1", "nothing of ours")
    return tmp_path / "b.xlsx"


def test_orders_of_a_database_are_those_that_stand_in_it(server: str, book: Path) -> None:
    found = check([book], sources=[source("orders", server, QUERY)])
    orders = found.cleaned.tables["orders"]
    assert len(orders) == 600
    assert orders["amount"].sum() == sum(n * 1.25 for n in range(1, 601))
    assert orders["order_id"].tolist() == [str(n) for n in range(1, 601)]
    assert orders["region"].value_counts().to_dict() == {"滨江": 200, "城西": 200}
    assert orders["region"].isna().sum() == 200
    assert refresh([book], sources=[source("orders", server, QUERY)]).changed


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_long_numbers_and_later_decimals_are_exact(
    server: str, book: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr("xlsales.tables.sql.PIECE", 100)
    found = check([book], sources=[source("orders", server, EXACT)], engine=engine).cleaned.tables["orders"]
    orders = found if engine == "pandas" else found.df()
    assert sorted(orders["order_id"]) == [f"{LONG}{n:03}" for n in range(1, 601)]
    assert orders["amount"].sum() == 300 + sum(n * 1.25 for n in range(301, 601))


def test_rows_are_fetched_piece_by_piece_and_never_all(
    server: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.tables.sql.PIECE", 100)
    pieces = rows(source("orders", server, MANY))
    assert [len(next(pieces)) for _ in range(2)] == [100, 100]
    pieces.close()


@pytest.mark.parametrize(
    ("query", "password", "engine"),
    [
        (QUERY, "wrong-one", "pandas"),
        ("select nothing from orders", PASSWORD, "pandas"),
        ("select * from pg_authid", PASSWORD, "pandas"),
        (DELETED, PASSWORD, "pandas"),
        (LOST, PASSWORD, "pandas"),
        (LOST, PASSWORD, "duckdb"),
    ],
    ids=["login", "column", "rights", "writing", "lost half-way", "lost half-way to an engine"],
)
def test_what_the_database_refuses_is_two_lines_and_the_book_stays(
    server: str, book: Path, monkeypatch: pytest.MonkeyPatch, query: str, password: str, engine: Engine
) -> None:
    monkeypatch.setattr("xlsales.tables.sql.PIECE", 100)
    monkeypatch.setenv("XS_TEST_PG", password)
    before = book.read_bytes()
    with pytest.raises(InputError) as refused:
        refresh([book], sources=[source("orders", server, query)], engine=engine)
    assert refused.value.key == "sql_failed"
    assert book.read_bytes() == before
    for lang in ("zh", "en"):
        said = refused.value.what(lang), refused.value.do(lang)
        assert all(one and "\n" not in one and password not in one for one in said), said
