"""Every metric gives the same rows from pandas, DuckDB and a real Spark, on the demo and on a real shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from tests import spark
from tests.clean.large import dirty_tables
from tests.clean.large.by_both import by_both
from tests.clean.large.several_files import frames, sifted_there
from tests.clean.review.test_decisions import case_of, decide
from tests.clean.sheets import sheet
from tests.demo_made import understood_demo
from tests.hosts.dirty_orders import asked, workbook
from tests.metrics.real_orders import online_retail
from xlsales.clean.clean import clean
from xlsales.clean.large.columns import GONE
from xlsales.clean.large.persons import same_person
from xlsales.errors import InputError
from xlsales.hosts.file import refresh
from xlsales.metrics._catalogue import catalogue, compute
from xlsales.metrics._once import one_run
from xlsales.metrics._scope import default_scope
from xlsales.metrics._texts import as_usual
from xlsales.tables.declared import named
from xlsales.tables.engines import Spark
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
of_both = pytest.mark.parametrize("name", ["demo", pytest.param("online retail", marks=pytest.mark.corpus)])


@cache
def tables(name: str) -> Frames:
    if name == "online retail":
        return {"orders": online_retail()}
    return dict(understood_demo("zh").cleaned.tables)


@cache
def expected(name: str) -> Frames:
    """The rows of every metric that the tables are enough for, by pandas."""
    given = tables(name)
    scope = default_scope(given)
    with one_run():
        enough = [key for key, one in catalogue().items() if not one.missing(given)]
        return {key: as_usual(compute(key, given, scope)) for key in enough}


def differing(name: str, lazy: Mapping[str, Any]) -> dict[str, str]:
    """The metrics that give other rows from the lazy tables, and how they differ."""
    scope, found = default_scope(lazy), {}
    assert scope == default_scope(tables(name))
    with one_run():
        for key, rows in expected(name).items():
            try:
                assert_frame_equal(compute(key, lazy, scope), rows, rtol=1e-9, atol=1e-6)
            except AssertionError as difference:
                found[key] = str(difference)
    return found


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    yield from spark.session()


def test_the_demo_is_enough_for_every_metric() -> None:
    assert set(expected("demo")) == set(catalogue())


@pytest.mark.corpus
def test_the_shop_is_enough_for_many() -> None:
    assert len(expected("online retail")) >= 16


@of_both
def test_duckdb_gives_the_same_rows(name: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        lazy = {key: connection.from_arrow(pa.Table.from_pandas(one)) for key, one in tables(name).items()}
        assert differing(name, lazy) == {}


@of_both
def test_spark_gives_the_same_rows(name: str, session: Any) -> None:
    arrow = {key: pa.Table.from_pandas(one, preserve_index=False) for key, one in tables(name).items()}
    lazy = {key: session.createDataFrame(one).cache() for key, one in arrow.items()}
    # Of few rows planning is the most, of half a million it pays to compile what is done with them.
    with spark.compiling(session, len(arrow["orders"]) > 100_000):
        assert differing(name, lazy) == {}


def test_spark_numbers_the_rows_of_each_file(tmp_path: Path, session: Any) -> None:
    asked(tmp_path, "parquet")
    rows = Spark(session).scan([tmp_path / "o1.parquet", tmp_path / "o2.parquet"]).toPandas()
    found = rows[rows["下单日期"] == "下周"]
    assert list(zip(found[SOURCE], found[ROW], strict=True)) == [("o2.parquet", 84)]


def test_spark_shows_moments_as_the_clock_of_their_zone_does(tmp_path: Path, session: Any) -> None:
    day = datetime(2026, 1, 31, 16, 30, tzinfo=UTC)
    zones = ("Asia/Shanghai", "+05:30", "UTC")
    moments = {zone: pa.array([day], pa.timestamp("us", zone)) for zone in zones}
    pq.write_table(pa.table(moments), tmp_path / "a[1].parquet")
    session.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        (row,) = Spark(session).scan([tmp_path / "a[1].parquet"]).collect()
    finally:
        session.conf.set("spark.sql.session.timeZone", spark.SMALL["spark.sql.session.timeZone"])
    assert [f"{row[zone]:%m-%d %H:%M}" for zone in moments] == ["02-01 00:30", "01-31 22:00", "01-31 16:30"]


def test_a_refresh_through_spark_finds_and_says_the_same(tmp_path: Path, session: Any) -> None:
    book, sources = dirty_tables.written(tmp_path, ("orders", "payments"))
    by_spark, by_pandas = (
        refresh([book], tmp_path / f"{one}.xlsx", sources=sources, engine=one, lang="zh", only=["growth"])
        for one in ("spark", "pandas")
    )
    assert by_spark.report.pages == by_pandas.report.pages
    assert_frame_equal(*(dirty_tables.found(it.analysis.cleaned) for it in (by_spark, by_pandas)))


def test_spark_finds_one_person_in_several_rows_as_pandas_does(session: Any) -> None:
    leads = sheet(
        "leads",
        """
        lead_id | created    | customer | phone
        L1      | 2026-01-02 | 李雷     | 13800001111
        L2      | 2026-01-01 | 李 雷    | +86 138-0000-1111
        L3      | 2026-01-01 | 韩梅梅   | 13800001111
        """,
    )
    there, in_memory = by_both([leads], Spark(session), same_person, "same_person")
    assert there == in_memory
    assert [(one["cell"], one["suggestion"]) for one in there] == [("D2", "Sheet1!A3")]


def test_spark_keeps_what_the_later_file_says_unless_somebody_keeps_the_other(
    session: Any,
) -> None:
    names = ("order_id", "order_date", "customer", "amount")
    files: dict[str, Any] = {
        "shop1.csv": [("O1", "2026-01-02", "李雷", "100"), ("O2", "2026-01-02", "李雷", "70")],
        "shop2.csv": [("O1", "2026-01-02", "李雷", "90"), ("O2", "2026-02-05", "韩梅梅", "60")],
    }
    parts = frames("orders", names, files)
    raws = [own for own, _ in parts]
    lost = case_of(clean(raws), "superseded")
    dear = replace(lost, field="amount", old="100", rule="price_high")
    said = [decide(lost, "keep"), decide(dear, "correct", "￥65")]
    for decided, expected in (([], ["", "", "", "superseded"]), (said, [""] * 4)):
        _, _, (left,), _ = sifted_there([parts], Spark(session), decided, numbered=not decided)
        rows = left.frame.select("amount", GONE).collect("pandas").to_pandas().sort_values("amount")
        assert rows[GONE].fillna("").tolist() == expected
    assert rows["amount"].tolist() == [60, 65, 70, 90]


def test_spark_reads_csv_by_name_with_quotes_and_line_breaks(tmp_path: Path, session: Any) -> None:
    (tmp_path / "a.csv").write_text('编号,说明\n1,"他说""好"",\n再看"\n', "utf-8-sig")
    (tmp_path / "b.csv").write_text("说明;编号;多的\n无;2;x\n", "utf-8")
    (tmp_path / "c.csv").write_text("编号,说明\n3,有\n", "gb18030")
    engine = Spark(session)
    rows = engine.scan([tmp_path / "a.csv", tmp_path / "c.csv"]).toPandas()
    cells = rows.sort_values("编号")[["编号", "说明", SOURCE]].to_dict("split")["data"]
    assert cells == [["1", '他说"好",\n再看', "a.csv"], ["3", "有", "c.csv"]]
    assert engine.scan([tmp_path / "b.csv"]).select("编号").toPandas()["编号"].tolist() == ["2"]
    assert rows[ROW].nunique() == 2
    assert rows[ROW].max() < 0
    (tmp_path / "b.csv").write_text("2026年\n编号,说明\n1,2,3\n4\n", "utf-8")
    uneven = engine.scan([tmp_path / "b.csv"]).toPandas().sort_values("编号")
    assert uneven[["编号", "说明"]].fillna("").to_numpy().tolist() == [["1", "2"], ["4", ""]]
    (tmp_path / "b.csv").write_text('编号,说明\n1,"2\n3,4\n', "utf-8")
    with pytest.raises(InputError) as refused:
        engine.scan([tmp_path / "b.csv"])
    assert refused.value.key == "csv_quotes"


def test_spark_tells_files_of_one_name_apart_and_has_columns_called_like_ours(
    tmp_path: Path, session: Any
) -> None:
    files = [tmp_path / folder / "o 1+%20.parquet" for folder in ("a 1", "b+2", "c%3")]
    for at, file in enumerate(files):
        file.parent.mkdir()
        pq.write_table(pa.table({"id": [f"A{at}"], "file_row_number": [at], SOURCE: ["x"]}), file)
    engine = Spark(session)
    rows = engine.scan(files, named(files)).toPandas().sort_values("id")
    assert rows[SOURCE].tolist() == [f"{file.parent.name}/{file.name}" for file in files]
    assert rows[["file_row_number", f"{SOURCE}_"]].to_numpy().tolist() == [[0, "x"], [1, "x"], [2, "x"]]
    assert engine.scan(files[1:2], named(files)).collect()[0][SOURCE] == "b+2/o 1+%20.parquet"


def test_a_spark_that_is_stopped_half_way_is_two_lines(tmp_path: Path, session: Any) -> None:
    """The last of these: nothing runs in that session afterwards."""
    book, sources = workbook(tmp_path), asked(tmp_path, "parquet")
    before = book.read_bytes()

    def stop(now: str, *_: Any) -> None:
        if now == "compute":
            session.stop()

    with pytest.raises(InputError) as refused:
        refresh([book], sources=sources, engine="spark", only=["growth"], progress=stop)
    assert refused.value.key == "engine_gone"
    said = [one for lang in ("zh", "en") for one in (refused.value.what(lang), refused.value.do(lang))]
    assert not any(word in one for one in said for word in ("\n", "Py4J", "java", str(tmp_path)))
    assert book.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([book.name, "o1.parquet", "o2.parquet"])
