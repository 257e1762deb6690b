from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.package.workbooks import edited, openpyxl_book, parts, xlsxwriter_book
from xlsales.errors import WorkbookError
from xlsales.package import archive
from xlsales.package.opc import Package, relationships_part, resolve

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_package_that_nobody_changed_is_the_same_bytes() -> None:
    data = openpyxl_book()
    package = Package(data)
    package.put("xl/workbook.xml", package.read("xl/workbook.xml"))
    package.put_tree("xl/styles.xml", package.tree("xl/styles.xml"))
    package.drop("xl/theme/theme1.xml")
    package.put("xl/theme/theme1.xml", parts(data)["xl/theme/theme1.xml"])
    assert package.to_bytes() == data


def test_what_changed_is_new_and_all_else_keeps_its_bytes_and_its_place() -> None:
    data = xlsxwriter_book()
    package = Package(data)
    package.put("docProps/app.xml", b"<new/>")
    package.put("xl/extra.bin", b"\x00" * 5000)
    package.drop("docProps/core.xml")
    after = parts(package.to_bytes())
    kept = {name: part for name, part in parts(data).items() if not name.startswith(("docProps", "[Content"))}
    assert {name: after[name] for name in kept} == kept
    assert after["docProps/app.xml"] == b"<new/>"
    assert after["xl/extra.bin"] == b"\x00" * 5000
    assert b"core.xml" not in after["[Content_Types].xml"]
    order = [name for name in parts(data) if name != "docProps/core.xml"]
    assert list(after) == [*order, "xl/extra.bin"]


def test_entries_are_copied_as_they_are_stored_with_names_dates_and_comments() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, method in (("stored.bin", zipfile.ZIP_STORED), ("packed.bin", zipfile.ZIP_BZIP2)):
            entry = zipfile.ZipInfo(name, (2020, 2, 29, 23, 59, 58))
            entry.comment = b"by hand"
            entry.external_attr = 0o644 << 16
            file.writestr(entry, b"abc" * 999, method)
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("图.bin", b"image")
        file.comment = b"whole"
    package = Package(out.getvalue())
    package.put("new.bin", b"1")
    with (
        zipfile.ZipFile(io.BytesIO(out.getvalue())) as old,
        zipfile.ZipFile(io.BytesIO(package.to_bytes())) as new,
    ):
        assert new.testzip() is None
        assert new.comment == b"whole"
        fields = (
            "filename",
            "date_time",
            "compress_type",
            "comment",
            "external_attr",
            "CRC",
            "compress_size",
        )
        facts = [[[getattr(e, f) for f in fields] for e in file.infolist()[:4]] for file in (old, new)]
        assert facts[0] == facts[1]


def test_a_streamed_entry_gets_its_sizes_into_the_header() -> None:
    class Stream(io.RawIOBase):
        """A place that cannot go back, so that zipfile writes descriptors behind the data."""

        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += data
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("a.xml", "<a/>" * 500)
    package = Package(bytes(stream.data))
    package.put("b.xml", b"<b/>")
    after = package.to_bytes()
    assert parts(after)["a.xml"] == b"<a/>" * 500
    with zipfile.ZipFile(io.BytesIO(after)) as file:
        entry = file.getinfo("a.xml")
    sizes = struct.unpack_from("<3I", after, entry.header_offset + 14)
    assert sizes == (entry.CRC, entry.compress_size, entry.file_size)


def test_of_two_entries_with_one_name_the_last_counts_and_is_written_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("a.xml", "<old/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("a.xml", "<new/>")
    package = Package(out.getvalue())
    assert package.read("A.xml") == b"<new/>"
    package.put("a.xml", b"<newer/>")
    with zipfile.ZipFile(io.BytesIO(package.to_bytes())) as file:
        assert file.namelist() == ["[Content_Types].xml", "a.xml"]
        assert file.read("a.xml") == b"<newer/>"


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/worksheets/sheet1.xml", "../charts/chart1.xml", "xl/charts/chart1.xml"),
        ("xl/workbook.xml", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("", "book.xml", "book.xml"),
        ("book.xml", "sheet.xml#A1", "sheet.xml"),
    ],
)
def test_a_target_is_found_from_its_source(source: str, target: str, part: str) -> None:
    assert resolve(source, target) == part


def test_parts_are_found_whatever_their_case_slashes_and_percent_signs() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[content_types].xml", "<Types/>")
        file.writestr("xl\\My%20Sheet.xml", "<a/>")
    assert Package(out.getvalue()).read("XL/my sheet.xml") == b"<a/>"


def test_new_parts_take_free_numbers_and_are_declared_even_without_defaults() -> None:
    package = Package(xlsxwriter_book())
    assert package.free_name("xl/worksheets/sheet1.xml") == "xl/worksheets/sheet2.xml"
    assert package.free_name("xl/media/image9.png") == "xl/media/image2.png"
    package.put("xl/a.thing", b"1")
    package.declare("xl/a.thing", "x/y")
    package.declare("xl/a.thing", "x/z")
    after = Package(package.to_bytes())
    assert after.content_type("xl/A.thing") == "x/z"
    assert parts(package.to_bytes())["[Content_Types].xml"].count(b"a.thing") == 1


def test_a_part_is_reached_through_relationships_that_are_not_cut() -> None:
    package = Package(openpyxl_book())
    sheet = "xl/worksheets/sheet1.xml"
    link = next(link for link in package.relationships("xl/workbook.xml") if link.target == sheet)
    apart = package.reachable() - package.reachable([("xl/workbook.xml", link.id)])
    assert {sheet, "xl/charts/chart1.xml", "xl/tables/table1.xml"} <= apart
    assert "xl/styles.xml" not in apart
    assert relationships_part(sheet) == "xl/worksheets/_rels/sheet1.xml.rels"


def broken_stream(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        start = file.getinfo("xl/workbook.xml").header_offset
    return data[: start + 60] + bytes(20) + data[start + 80 :]


@pytest.mark.parametrize(
    ("key", "damage"),
    [
        ("workbook_not_excel", lambda data: b"order_id,amount\n"),
        ("workbook_not_excel", lambda data: b""),
        ("workbook_not_excel", lambda data: data[: len(data) // 2]),
        ("workbook_not_excel", lambda data: edited(data, {"[Content_Types].xml": None})),
        ("workbook_damaged", broken_stream),
    ],
)
def test_bytes_that_are_no_package_are_refused_with_the_reason(
    key: str, damage: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(WorkbookError) as refusal:
        Package(damage(xlsxwriter_book())).read("xl/workbook.xml")
    assert refusal.value.key == key


def test_a_part_that_unpacks_to_too_much_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = edited(xlsxwriter_book(), {"xl/bomb.xml": b" " * 10_000_000})
    monkeypatch.setattr(archive, "PART_LIMIT", 1_000_000)
    with pytest.raises(WorkbookError) as refusal:
        Package(data).read("xl/bomb.xml")
    assert (refusal.value.key, refusal.value.facts) == ("workbook_too_large", {"part": "xl/bomb.xml"})
