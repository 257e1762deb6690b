"""Tables that stay in DuckDB or Spark: cleaned alike, with the same pages, and what is not done is said."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.hosts.dirty_orders import asked, workbook
from tests.hosts.test_review import DECIDED, HEADER, ROWS, fill
from xlsales.clean.large import listing
from xlsales.clean.large.judging import judged
from xlsales.clean.review.cases import cases_of
from xlsales.errors import InputError
from xlsales.explain.sheet import detail
from xlsales.hosts import in_engine
from xlsales.hosts.explaining import numbers_at
from xlsales.hosts.file import check, refresh
from xlsales.metrics._catalogue import rows_behind
from xlsales.tables import engines
from xlsales.tables.declared import source
from xlsales.tables.spec import ROW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlsales.clean.large.reading import Reading
    from xlsales.tables.engines import DuckDB

pytest.importorskip("duckdb")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path)


def said(done: Any) -> dict[str, Any]:
    """The pages of the report about sales, whole: headline and every block."""
    about_data = ("overview", "reconcile", "review", "mapping", "quality", "log")
    return {page.key: page for page in done.report.pages if page.key not in about_data}


@pytest.mark.parametrize("kind", ["parquet", "csv", "sql"])
def test_duckdb_cleans_and_computes_as_pandas_does(tmp_path: Path, book: Path, kind: str) -> None:
    sources = asked(tmp_path, kind)
    by_pandas = check([book], sources=sources)
    by_duckdb = check([book], sources=sources, engine="duckdb")
    (one,) = [it for it in by_duckdb.cleaned.reconciliations if it.table == "orders"]
    (other,) = [it for it in by_pandas.cleaned.reconciliations if it.table == "orders"]
    assert one.ties
    assert (one.rows_in, one.rows_out, one.amount_out) == (other.rows_in, other.rows_out, other.amount_out)
    assert {it.rule: (it.rows, it.amount) for it in one.exclusions} == {
        it.rule: (it.rows, it.amount) for it in other.exclusions
    }
    columns = ["order_id", "order_date", "customer_id", "region", "status", "amount"]
    lazy = by_duckdb.cleaned.tables["orders"].df()[columns].sort_values(columns, ignore_index=True)
    rows = by_pandas.cleaned.tables["orders"][columns].sort_values(columns, ignore_index=True)
    assert lazy.astype(str).to_dict() == rows.astype(str).to_dict()
    rules = [
        "excel_error",
        "placeholder",
        "unreadable_number",
        "unreadable_date",
        "missing_needed",
        "duplicate",
    ]
    cases = [
        sorted(Counter(cases_of(found.cleaned.issues.query("case != ''"))).items(), key=repr)
        for found in (by_duckdb, by_pandas)
    ]
    assert cases[0] == cases[1]
    assert len(cases[0]) == 7
    counted = by_duckdb.cleaned.issues["rule"].value_counts().reindex(rules).dropna().to_dict()
    assert counted == by_pandas.cleaned.issues["rule"].value_counts().reindex(rules).dropna().to_dict()


def test_findings_name_file_and_row_and_are_counted_beyond_those_listed(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = asked(tmp_path, "parquet")
    whole = check([book], sources=sources, engine="duckdb").cleaned
    unread = whole.issues[whole.issues["rule"] == "unreadable_number"].iloc[0]
    assert (unread["source"], unread["cell"], unread["value"]) == ("o2.parquet", "F82", "待确认")
    monkeypatch.setattr(listing, "LISTED", 1)
    few = check([book], sources=sources, engine="duckdb").cleaned
    assert len(few.issues) < len(whole.issues)
    assert len(few.issues) + sum(few.unlisted.values()) == len(whole.issues)


def test_rows_of_csv_files_are_found_again_by_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,\n,1\n2,2\n2,2\n", "utf-8")
    engine = engines.opened("duckdb")
    (first, second) = (engine.scan([tmp_path / "a.csv"]).df()[ROW].sort_values().tolist() for _ in "ab")
    assert first == second
    assert len(set(first)) == 3
    assert all(-(2**53) < one < 0 for one in first)


def test_the_pages_of_a_refresh_say_the_same_and_what_is_not_done(tmp_path: Path, book: Path) -> None:
    sources = asked(tmp_path, "parquet")
    by_pandas = refresh([book], tmp_path / "p.xlsx", sources=sources, lang="zh")
    by_duckdb = refresh([book], tmp_path / "d.xlsx", sources=sources, engine="duckdb", lang="zh")
    one, other = said(by_duckdb), said(by_pandas)
    assert {key for key in one if one[key] != other[key]} == set()
    quality = next(page for page in by_duckdb.report.pages if page.key == "quality")
    assert "DuckDB" in repr(quality.bands)
    analysis = by_duckdb.analysis
    with pytest.raises(InputError) as refused:
        rows_behind("sales", analysis.cleaned.tables, analysis.scope, "amount", {}, {})
    assert refused.value.key == "rows_in_engine"


def damaged(folder: Path, damage: str) -> list[Any]:
    """Where the orders are once something has happened to their files."""
    if damage == "far down":
        sources, there = asked(folder, "csv"), folder / "o.csv"
        head, *lines = there.read_bytes().splitlines()
        there.write_bytes(b"\n".join([head, *lines * 300, b'x,2026-03-09,C1,\xb1\xf5,,5,"y', *lines[:9]]))
        return sources
    sources, there = asked(folder, "parquet"), folder / "o2.parquet"
    whole = there.read_bytes()
    if damage == "end":
        there.write_bytes(whole[:-30])
    elif damage == "middle":  # what the file says of itself is whole, and its pages are not
        there.write_bytes(whole[:40] + bytes(len(whole) // 3) + whole[40 + len(whole) // 3 :])
    else:
        for name in ("o1.parquet", "o2.parquet"):
            pq.write_table(pa.table({"a": ["1"]}), folder / name)
    return sources


@pytest.mark.parametrize(
    ("damage", "key"),
    [
        ("end", "parquet_damaged"),
        ("middle", "source_unreadable"),
        ("far down", "csv_encoding"),
        ("other columns", "source_columns"),
    ],
)
def test_files_that_an_engine_cannot_read_are_two_lines(
    tmp_path: Path, book: Path, damage: str, key: str
) -> None:
    sources, before = damaged(tmp_path, damage), book.read_bytes()
    with pytest.raises(InputError) as refused:
        refresh([book], sources=sources, engine="duckdb")
    assert refused.value.key == key
    assert book.read_bytes() == before
    assert in_two_lines(refused.value)


def test_a_damaged_file_that_is_met_while_decisions_are_looked_up_is_called_that(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = damaged(tmp_path, "middle")
    monkeypatch.setattr("xlsales.clean.large.decided.settled", lambda here, came, said: read_all(came))
    with pytest.raises(InputError) as refused:
        check([book], sources=sources, engine="duckdb")
    assert refused.value.key == "source_unreadable"
    assert "o?.parquet" in refused.value.what("en")


def read_all(came: Iterable[Reading]) -> None:
    for one in came:
        one.given.collect("pandas")


def test_ids_that_a_workbook_and_an_engine_both_have_are_refused(tmp_path: Path, book: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "more.xlsx") as made:
        sheet = made.add_worksheet("订单")
        for row, cells in enumerate(
            [("订单编号", "下单日期", "金额"), ("A2", "2026-01-02", 5), ("B1", "2026-01-03", 6)]
        ):
            sheet.write_row(row, 0, cells)
    (tmp_path / "o.csv").write_text("订单编号,下单日期,金额\nA1,2026-01-02,5\nA2,2026-01-02,5\n", "utf-8")
    (tmp_path / "p.csv").write_text("订单编号,下单日期,金额\nA1,2026-01-02,5\nA3,2026-01-02,5\n", "utf-8")
    also = source("orders", "more.xlsx", folder=tmp_path)
    with pytest.raises(InputError) as refused:
        check([book], sources=[source("orders", "o.csv", folder=tmp_path), also], engine="duckdb")
    assert refused.value.key == "source_two_places"
    assert "A2" in refused.value.what("zh")
    assert "more.xlsx" in refused.value.what("zh")
    apart = check([book], sources=[source("orders", "p.csv", folder=tmp_path), also], engine="duckdb")
    (account,) = [one for one in apart.cleaned.reconciliations if one.table == "orders"]
    assert (account.rows_out, account.amount_out) == (4, 21)


def test_a_file_with_more_columns_than_an_engine_can_go_through_is_two_lines(
    tmp_path: Path, book: Path
) -> None:
    names = ["订单编号", "下单日期", "金额", *(f"x{n}" for n in range(998))]
    (tmp_path / "o.csv").write_text(f"{','.join(names)}\nA1,2026-01-02,5{',1' * 998}\n", "utf-8")
    with pytest.raises(InputError) as refused:
        check([book], sources=[source("orders", "o.csv", folder=tmp_path)], engine="duckdb")
    assert refused.value.key == "source_too_wide"


def test_a_source_without_a_place_is_two_lines() -> None:
    with pytest.raises(InputError) as refused:
        source("orders", "  ", said="--source")
    assert refused.value.key == "source_no_place"


@pytest.mark.parametrize("few", [True, False])
def test_a_number_is_explained_with_its_rows_where_these_are_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    asked(tmp_path, "parquet")
    book = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("数据源")
        sheet.write_row(0, 0, ["数据表", "来源", "引擎"])
        sheet.write_row(1, 0, ["订单", "o?.parquet", "duckdb"])
    refresh([book], lang="zh", only=["overview"])
    if not few:
        monkeypatch.setattr(in_engine, "FEW", 100)
    (number,) = numbers_at(book, "总览!B7")
    assert number.metric.key == "sales"
    if few:
        found = detail([number])
        assert found.rows["part"].sum() == pytest.approx(number.value)
        assert set(found.rows["_source"]) <= {"o1.parquet", "o2.parquet"}
        assert found.rows["amount"].sum() == pytest.approx(number.value)
    else:
        with pytest.raises(InputError) as refused:
            detail([number])
        assert refused.value.key == "rows_in_engine"


@pytest.mark.usefixtures("pages_about_the_data")
def test_what_is_decided_on_the_review_sheet_is_done_in_a_file_too(tmp_path: Path) -> None:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in (HEADER, *ROWS)]
    (tmp_path / "o.csv").write_text("\n".join(lines), "utf-8")
    book = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("数据源")
        sheet.write_row(0, 0, ["数据表", "来源", "引擎"])
        sheet.write_row(1, 0, ["订单", "o.csv", "duckdb"])
    refresh([book], lang="zh")
    fill(book, "900", 决定="剔除")
    fill(book, "三十", 决定="更正", 新值="30")
    cleaned = refresh([book], lang="zh").analysis.cleaned
    assert [one.state for one in cleaned.decisions] == ["applied", "applied"]
    orders = cleaned.tables["orders"].df()
    assert dict(zip(orders["order_id"], orders["amount"], strict=True)) == DECIDED


@pytest.mark.parametrize("stage", ["judge", "compute"])
def test_an_engine_that_is_lost_half_way_is_two_lines(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    opened: list[DuckDB] = []

    def engine(name: str) -> DuckDB:
        opened.append(engines._duckdb())
        return opened[0]

    def lose(now: str, *_: Any) -> None:
        if now == stage:
            opened[0].connection.close()

    def judge(*given: Any) -> Any:
        lose("judge")
        return judged(*given)

    monkeypatch.setattr(engines, "opened", engine)
    monkeypatch.setattr("xlsales.clean.large.judging.judged", judge)
    sources, before = asked(tmp_path, "parquet"), book.read_bytes()
    with pytest.raises(InputError) as refused:
        refresh([book], sources=sources, engine="duckdb", progress=lose)
    assert refused.value.key == "engine_failed"
    assert book.read_bytes() == before
    assert in_two_lines(refused.value)


def in_two_lines(error: InputError) -> bool:
    return all("\n" not in one for lang in ("zh", "en") for one in (error.what(lang), error.do(lang)))
