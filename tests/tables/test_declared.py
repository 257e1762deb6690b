"""What a 数据源 sheet or an option says about where a table lives, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tables.grids import grid
from xlsales.errors import InputError
from xlsales.tables.declared import as_declared, called, declared, engine_of, files, named, over, source

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sheet_says_where_tables_live_in_either_language(tmp_path: Path) -> None:
    said = grid(
        [
            ["数据表", "来源", "查询", "引擎"],
            ["订单表", "2026/*.parquet", "", "DuckDB"],
            ["Leads", "sqlite:///crm.db", "select * from leads", ""],
        ],
        sheet="数据源",
    )
    one, two = declared([said], tmp_path)
    assert (one.table, one.place, one.engine, one.said) == ("orders", "2026/*.parquet", "duckdb", "数据源!B2")
    assert (two.table, two.query, two.engine) == ("leads", "select * from leads", None)
    assert one.is_files
    assert two.is_sql


def test_a_sheet_of_data_is_no_list_of_sources(tmp_path: Path) -> None:
    orders = grid([["订单编号", "下单日期", "来源", "金额"], ["1", "2026-03-01", "抖音", "5"]])
    assert declared([orders], tmp_path) == []


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("source_table", ("订但", "x.parquet")),
        ("source_table", ("postgresql://me:hunter2@host/db?x", "1")),
        ("source_engine", ("orders", "x.parquet", "", "polars")),
        ("source_query", ("orders", "postgresql://host/db")),
        ("source_no_address", ("orders", "x.parquet", "select 1")),
        ("source_query", ("orders", "${URL}")),
        ("source_not_select", ("orders", "sqlite:///o.db", "drop table o")),
        ("source_password", ("orders", "postgresql://me:hunter2@host/db", "select 1")),
        ("source_password", ("orders", "postgresql://host/db?user=me&password=hunter2", "select 1")),
    ],
)
def test_what_means_nothing_or_tells_a_password_is_refused(key: str, asked: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        source(*asked)
    assert refused.value.key == key
    assert "hunter2" not in "".join(
        refused.value.what(lang) + refused.value.do(lang) for lang in ("zh", "en")
    )


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("source_headers", [["数据表格", "来源地"], ["订单", "2026.parquet"]]),
        ("source_headers", [["Tabel", "Sauce"], ["Orders", "postgresql://host/db"]]),
        ("source_no_table", [["数据表", "来源"], ["", "2026.parquet"]]),
    ],
)
def test_a_sheet_of_sources_that_is_not_understood_is_never_passed_over(
    tmp_path: Path, key: str, rows: list[list[str]]
) -> None:
    with pytest.raises(InputError) as refused:
        declared([grid(rows, sheet="数据源")], tmp_path)
    assert refused.value.key == key


def test_a_sheet_of_data_may_be_called_as_that_of_sources(tmp_path: Path) -> None:
    orders = grid([["订单编号", "下单日期", "金额"], ["1", "2026-03-01", "5"]], sheet="数据源")
    notes = grid([["说明"], ["从 CRM 导出"]], sheet="数据源")
    assert declared([orders, notes], tmp_path) == []


def test_a_folder_and_a_file_may_have_brackets_and_lock_files_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "br[2026]"
    folder.mkdir()
    for name in ("o1.csv", "o[1].csv", "~$o1.csv"):
        (folder / name).write_text("x")
    assert files(source("orders", "o[1].csv", folder=folder)) == [folder / "o[1].csv"]
    assert files(source("orders", "o1.csv", folder=folder)) == [folder / "o1.csv"]
    assert files(source("orders", "*.csv", folder=folder)) == [folder / "o1.csv", folder / "o[1].csv"]


def test_paths_and_globs_start_from_the_folder_of_the_workbook(tmp_path: Path) -> None:
    for name in ("a/1.csv", "b/1.csv", "b/2.csv", "c.parquet"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = files(source("orders", "*/1.csv; c.parquet", folder=tmp_path))
    assert found == [tmp_path / name for name in ("a/1.csv", "b/1.csv", "c.parquet")]
    assert list(named(found).values()) == ["a/1.csv", "b/1.csv", f"{tmp_path.name}/c.parquet"]
    assert list(named(found[1:]).values()) == ["1.csv", "c.parquet"]
    with pytest.raises(InputError) as missing:
        files(source("orders", "d/*.csv", folder=tmp_path, said="数据源!B2"))
    assert missing.value.key == "source_not_found"


def test_an_option_comes_over_the_sheet_table_by_table() -> None:
    sheet = [source("orders", "a.csv"), source("leads", "b.csv")]
    assert [one.place for one in over([source("orders", "c.csv")], sheet, None)] == ["c.csv", "b.csv"]
    assert engine_of(over([], sheet, "duckdb")) == "duckdb"
    assert engine_of(sheet) == "pandas"
    with pytest.raises(InputError) as two:
        engine_of([source("orders", "a.csv", engine="duckdb"), source("leads", "b.csv", engine="spark")])
    assert two.value.key == "source_engines"


def test_a_named_sheet_is_marked_as_its_table_and_one_that_is_not_there_refused() -> None:
    sheets = [grid([["a"]], sheet="Export"), grid([["b"]], sheet="Other")]
    marked = as_declared(sheets, [source("orders", "Export")])
    assert [sheet.table for sheet in marked] == ["orders", ""]
    with pytest.raises(InputError) as missing:
        as_declared(sheets, [source("orders", "Exports")])
    assert missing.value.key == "source_sheet"


def test_all_files_of_a_table_are_called_differently_and_each_is_read_once(tmp_path: Path) -> None:
    for name in ("2025/01/o.csv", "2026/01/o.csv", "2026/o.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a")
    (tmp_path / "also.csv").symlink_to(tmp_path / "2026/o.csv")
    first = source("orders", f"2025/**/*.csv; {tmp_path}/2025/01/o.csv", folder=tmp_path)
    second = source("orders", "2026/**/*.csv; also.csv; 2025/01/o.csv", folder=tmp_path)
    other = source("leads", "2026/o.csv", folder=tmp_path)
    found = called([first, second, other])
    assert list(found[first].values()) == ["2025/01/o.csv"]
    assert list(found[second].values()) == ["2026/01/o.csv", f"{tmp_path.name}/2026/o.csv"]
    assert found[other] == {tmp_path / "2026/o.csv": "o.csv"}
