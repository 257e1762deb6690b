"""What DuckDB takes in of files is what is read of them into memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xlsales.tables.arrow import sheet_of
from xlsales.tables.engines import opened
from xlsales.tables.sources import read_content
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("duckdb")


def scanned(*files: Path) -> pa.Table:
    engine = opened("duckdb")  # its folder is there as long as it is
    rows: pa.Table = engine.scan(files).arrow().read_all()
    return rows


def texts(*files: Path) -> list[tuple[Any, ...]]:
    """The rows that DuckDB has of files, as text, and of which file each is."""
    found = scanned(*files)
    cells = sheet_of(found.drop([SOURCE, ROW]), "", "").rows.iloc[1:].fillna("").to_numpy().tolist()
    return sorted((*row, name) for row, name in zip(cells, found[SOURCE].to_pylist(), strict=True))


def in_memory(*files: Path) -> list[tuple[Any, ...]]:
    """The same from files that are read into memory."""
    found = []
    for file in files:
        (sheet,) = read_content(file.read_bytes(), file)
        found += [(*row, file.name) for row in sheet.rows.iloc[1:].fillna("").to_numpy().tolist()]
    return sorted(found)


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai", "+08:00", "-03:30", "America/New_York"])
def test_moments_are_what_the_clock_of_their_zone_shows(tmp_path: Path, zone: str | None) -> None:
    days = [datetime(2026, 1, 31, 16, 30, tzinfo=UTC), datetime(2026, 7, 1, 1, tzinfo=UTC), None]
    moments = pa.array(days, pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))
    pq.write_table(pa.table({"day": moments, "n": [1, 2, 3]}), tmp_path / "a.parquet")
    assert texts(tmp_path / "a.parquet") == in_memory(tmp_path / "a.parquet")


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_file_is_that_file_whatever_it_is_called(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / "br[2026]" / "region=North"
    place.mkdir(parents=True)
    files = [place / f"{name}{suffix}" for name in ("o1", "o[1]", "it's {1,2}", "订单 2026")]
    for at, file in enumerate(files):
        if suffix == ".csv":
            file.write_text(f"id,n\nA{at},{at}\n", "utf-8")
        else:
            pq.write_table(pa.table({"id": [f"A{at}"], "n": [str(at)]}), file)
    assert texts(*files) == in_memory(*files)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", list(",;\t|"))
def test_text_is_read_by_its_own_encoding_and_delimiter(tmp_path: Path, encoding: str, sign: str) -> None:
    rows = [("编号", "说明", "说明", ""), ("1", '"他说""好"",\n再看"', "x", "5"), ("2", "", "", "6")]
    text = "\r\n".join(sign.join(row) for row in rows) + "\r\n"
    (tmp_path / "a.csv").write_text(text, encoding, newline="")
    assert texts(tmp_path / "a.csv") == in_memory(tmp_path / "a.csv")


def test_rows_that_break_off_before_their_last_columns_are_blank_there(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id;a;b\n1;2\n"x\ny";3;4\n5\n', "utf-8")
    assert texts(tmp_path / "a.csv") == in_memory(tmp_path / "a.csv")
