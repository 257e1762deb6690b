"""What DuckDB takes in of files is what is read of them into memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xlsales.errors import InputError
from xlsales.tables.arrow import sheet_of
from xlsales.tables.declared import named
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


@pytest.mark.parametrize(
    "text",
    [
        'id;a;b\n1;2\n"x\ny";3;4\n5\n',
        "id;a;b\n1;2;3;4\n5;6;7\n",
        "id;a;b\n1;2;3\r\n4;5;6\n7;8;9",
        "id;a;b\n" + "1;2;3\n" * 1000 + "4;5\n" + "6;7;8;9\n",
        "id;a;A;a\n1;2;3;4\n",
        "id;filename;file_row_number\n1;2;3\n",
        "id   a    b\n1    2    3\n4    5    6\n",
        "id;a;b\n1;2;3\n\x1a",
    ],
    ids=["short", "long", "line ends", "late", "names", "names of DuckDB", "by spaces", "end of file"],
)
def test_text_that_is_not_written_as_it_should_be_is_read_all_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    # What stands beyond the names is of no column, and memory has it as one without a name.
    named_only = [(*row[:3], row[-1]) for row in in_memory(tmp_path / "a.csv")]
    assert [(*row[:3], row[-1]) for row in texts(tmp_path / "a.csv")] == named_only


@pytest.mark.parametrize("above", ["\n", "2026年订单\n", "2026年订单;;\n导出：;甲;\n\n", '"两\n行"\n'])
def test_the_names_may_stand_under_titles(tmp_path: Path, above: str) -> None:
    (tmp_path / "a.csv").write_text(above + "id;a;b;c\n1;2;3;4\n5;6;7;8\n", "utf-8")
    found = scanned(tmp_path / "a.csv")
    assert found.column_names[:4] == ["id", "a", "b", "c"]
    assert sorted(found["id"].to_pylist()) == ["1", "5"]


def test_a_quotation_mark_that_is_never_closed_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,a\n1,2\n3,"4\n5,6\n', "utf-8")
    with pytest.raises(InputError) as refused:
        scanned(tmp_path / "a.csv")
    assert refused.value.key == "csv_quotes"


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_files_of_one_name_in_several_folders_are_told_apart(tmp_path: Path, suffix: str) -> None:
    files = [tmp_path / "2026" / folder / f"o 1+%20{suffix}" for folder in ("a 1", "b+2", "c%3")]
    for at, file in enumerate(files):
        file.parent.mkdir(parents=True)
        if suffix == ".csv":
            file.write_text(f"id,n\nA{at},{at}\n", "gb18030" if at else "utf-8")
        else:
            pq.write_table(pa.table({"id": [f"A{at}"], "n": [str(at)]}), file)
    engine = opened("duckdb")
    rows = engine.scan(files, named(files)).arrow().read_all()
    assert sorted(rows[SOURCE].to_pylist()) == [f"{file.parent.name}/{file.name}" for file in files]
    (alone,) = engine.scan(files[1:2], named(files)).arrow().read_all()[SOURCE].to_pylist()
    assert alone == f"b+2/o 1+%20{suffix}"


def test_columns_of_a_file_that_are_called_like_those_of_engines_and_ours_are_its_own(tmp_path: Path) -> None:
    own = {"File_Row_Number": [7, 8], "filename": ["x", "y"], "_source": ["p", "q"], "_row": [3, 4]}
    pq.write_table(pa.table({"id": ["1", "2"], **own}), tmp_path / "a.parquet")
    assert texts(tmp_path / "a.parquet") == in_memory(tmp_path / "a.parquet")
    assert scanned(tmp_path / "a.parquet")[ROW].to_pylist() == [2, 3]


def test_bytes_in_a_file_are_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1"], "a": ["钢琴".encode()]}), tmp_path / "a.parquet")
    assert texts(tmp_path / "a.parquet") == in_memory(tmp_path / "a.parquet") == [("1", "钢琴", "a.parquet")]
