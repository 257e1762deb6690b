"""Workbooks at the edges of size, made here: zip64, 100 MB, many formats, many sheets, every script."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from openpyxl.workbook.defined_name import DefinedName

from tests.package.workbooks import WANTED, edited, openpyxl_book, parts, refreshed, saved, xlsxwriter_book
from xlsales.errors import WorkbookError
from xlsales.package.archive import ENTRY_LIMIT, zip_file
from xlsales.package.book import open_book
from xlsales.package.check import check

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS = (
    "订单 2026年",
    "売上データ",
    "매출",
    "المبيعات",
    "מכירות",
    "Продажи",
    "विक्रय",
    "ยอดขาย",
    "📈 sales 😀",
    "it's '26",
    'say "yes"',
    "a & b < c",
    "=SUM(1)",
    "é vs é",
    "x" * 31,
)


def grafted(data: bytes) -> bytes:
    """The workbook after two refreshes that pass the self-check, the second of which changes nothing."""
    once = refreshed(data)
    check(data, once, WANTED)
    assert refreshed(once) == once
    before, after = parts(data), parts(once)
    assert {name for name in before if before[name] != after[name]} <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    }
    return once


def packed(content: Mapping[str, bytes]) -> bytes:
    """As a writer that streams does it: every entry with the 64-bit extension."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, value in content.items():
            with package.open(name, "w", force_zip64=True) as entry:
                entry.write(value)
    return out.getvalue()


def with_zip64_end(data: bytes) -> bytes:
    """The same file with its directory found by the 64-bit records alone."""
    end = data.rindex(b"PK\x05\x06")
    count, _, size, start = struct.unpack_from("<2H2I", data, end + 8)
    records = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    records += struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    records += struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:end] + records


def test_a_zip64_file_is_read_and_written_as_a_plain_one() -> None:
    data = with_zip64_end(packed(parts(xlsxwriter_book())))
    assert b"PK\x06\x06" in data
    assert b"PK\x06\x06" not in grafted(data)


def test_more_parts_than_a_plain_zip_file_has_room_for_are_refused() -> None:
    content = parts(openpyxl_book())
    data = zip_file({**content, **{f"x{number}": b"" for number in range(ENTRY_LIMIT - len(content))}})
    with pytest.raises(WorkbookError) as refusal:
        refreshed(data)
    assert refusal.value.key == "workbook_too_many_parts"


def test_a_file_of_more_than_100_mb_is_grafted_without_touching_its_bulk() -> None:
    picture = bytes(range(256)) * 4096
    out = io.BytesIO(openpyxl_book())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as package:
        for number in range(105):
            package.writestr(f"xl/media/image{number}.bin", picture)
    data = out.getvalue()
    assert len(data) > 100_000_000
    once = refreshed(data)
    check(data, once, WANTED)
    assert refreshed(once) == once


def test_ten_thousand_formats_grow_by_ours_alone() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("styles")
    for number in range(10_000):
        sheet.write(
            number, 0, number, book.add_format({"num_format": f'0.0"{number % 500}"', "indent": number % 20})
        )
        sheet.write(number, 1, number, book.add_format({"font_size": 1 + number / 40}))
    book.close()
    once = grafted(out.getvalue())
    formats = [parts(data)["xl/styles.xml"].count(b"<xf ") for data in (out.getvalue(), once)]
    assert 10_000 < formats[0] < formats[1] < formats[0] + 50


def test_300_sheets_200_names_and_every_script() -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in (*SCRIPTS, *(f"s{number}" for number in range(300 - len(SCRIPTS)))):
        book.create_sheet(name)["A1"] = name
    for number in range(200):
        sheet = book.sheetnames[number].replace("'", "''")
        name = f"name_{number}"
        book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet}'!$A$1")
    once = grafted(saved(book))
    result = open_book(once)
    assert [tab.name for tab in result.sheets] == [*book.sheetnames, *WANTED.values()]
    assert {entry.get("name") for entry in result.defined_names} >= {
        f"name_{number}" for number in range(200)
    }


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_sheet_of_ours_keeps_whatever_name_the_user_gave_it(name: str) -> None:
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    renamed = edited(
        refreshed(openpyxl_book()),
        {"xl/workbook.xml": lambda xml: xml.replace('name="总览"', f'name="{escaped}"')},
    )
    again = refreshed(renamed, (7, 8, 9))
    check(renamed, again, WANTED)
    assert name in [tab.name for tab in open_book(again).sheets]
    assert refreshed(again, (7, 8, 9)) == again
