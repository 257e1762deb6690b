"""Files that engines read: which of them are of one kind, and text in whatever encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from xlsales.errors import InputError
from xlsales.tables.kinds import as_utf8, by_kind, is_read, titles, zones

if TYPE_CHECKING:
    from pathlib import Path


def test_parquet_files_of_the_same_columns_types_and_zones_are_of_one_kind(tmp_path: Path) -> None:
    moment = pa.timestamp("us", "Asia/Shanghai")
    made = {
        "a": {"id": pa.string(), "day": pa.date32()},
        "b": {"id": pa.string(), "day": pa.date32()},
        "c": {"id": pa.int64(), "day": pa.date32()},
        "d": {"id": pa.string(), "day": moment},
        "e": {"day": pa.date32(), "id": pa.string()},
        "g": {"id": pa.null(), "day": pa.null()},
        "h": {"id": pa.string(), "day": pa.null()},
    }
    for name, columns in made.items():
        empty = pa.table([pa.array([], kind) for kind in columns.values()], list(columns))
        pq.write_table(empty, tmp_path / f"{name}.parquet")
    kinds = by_kind(sorted(tmp_path.iterdir()))
    assert ["".join(file.stem for file in files) for files in kinds] == ["abgh", "c", "d", "e"]
    assert zones([tmp_path / "d.parquet"]) == {"day": "Asia/Shanghai"}
    assert zones([tmp_path / "a.parquet"]) == {}


def test_text_files_of_the_same_names_and_delimiter_are_of_one_kind_in_any_encoding(tmp_path: Path) -> None:
    rows = "订单号,金额\nA1,5\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "b.csv").write_text(rows, encoding="gb18030")
    (tmp_path / "c.csv").write_text(rows.replace(",", ";"), encoding="utf-16")
    (tmp_path / "d.csv").write_text("sep=;\n" + rows.replace(",", ";"), encoding="utf-8-sig")
    (tmp_path / "e.csv").write_text(rows.replace("金额", "实付金额"), encoding="utf-8")
    kinds = by_kind(sorted(tmp_path.iterdir()))
    assert ["".join(file.stem for file in files) for files in kinds] == ["ab", "cd", "e"]


def test_text_files_whose_titles_say_another_unit_are_of_another_kind(tmp_path: Path) -> None:
    for name, title in {"a": "", "b": "2026年订单\n", "c": "单位：万元\n"}.items():
        (tmp_path / f"{name}.csv").write_text(f"{title}订单号,金额\nA1,5\n", "utf-8")
    kinds = by_kind(sorted(tmp_path.iterdir()))
    assert ["".join(file.stem for file in files) for files in kinds] == ["ab", "c"]
    assert titles(tmp_path / "c.csv") == (("单位：万元",),)


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.parquet", b"PAR1 no more", "parquet_damaged"),
        ("a.parquet", b"", "file_empty"),
        ("a.csv", b"", "file_empty"),
        ("a.csv", b"\n , \n", "file_empty"),
        ("a.csv", b"<html><table><tr><td>1</td></tr></table>", "web_page"),
    ],
)
def test_a_file_in_which_no_rows_can_stand_is_told_by_its_name(
    tmp_path: Path, name: str, data: bytes, key: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        by_kind([tmp_path / name])
    assert refused.value.key == key
    assert name in refused.value.what("en")


def test_workbooks_that_are_called_text_are_not_read_by_engines(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.csv") as made:
        made.add_worksheet()
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    assert [is_read(tmp_path / name) for name in ("a.csv", "b.csv", "c.parquet", "d.xlsx")] == [
        False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("stated", ["", "sep=;\r\n"])
def test_text_is_the_same_in_any_encoding(tmp_path: Path, encoding: str, stated: str) -> None:
    rows = "订单号;金额\r\n" + '"甲\r\n乙";5\r\n' * 100_000
    (tmp_path / "a.csv").write_text(stated + rows, encoding=encoding, newline="")
    made = as_utf8(tmp_path / "a.csv", tmp_path)
    assert made.name == "a.csv"
    assert made.read_bytes().decode("utf-8-sig") == rows


def test_bytes_that_are_no_text_are_told_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,amount\n" + b"a,1\n" * 400_000 + b"\xff\xff,2\n")
    with pytest.raises(InputError) as refused:
        as_utf8(tmp_path / "a.csv", tmp_path)
    assert refused.value.key == "csv_encoding"
    assert "400002" in refused.value.what("en").replace(",", "")
