"""What a 数据源 sheet or an option says about where a table lives, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tables.grids import grid
from xlsales.errors import InputError
from xlsales.tables.declared import as_declared, declared, engine_of, files, named, over, source

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


def test_paths_and_globs_start_from_the_folder_of_the_workbook(tmp_path: Path) -> None:
    for name in ("a/1.csv", "b/1.csv", "b/2.csv", "c.parquet"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = files(source("orders", "*/1.csv; c.parquet", folder=tmp_path))
    assert found == [tmp_path / name for name in ("a/1.csv", "b/1.csv", "c.parquet")]
    assert list(named(found).values()) == ["a/1.csv", "b/1.csv", "c.parquet"]
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
