from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.package.workbooks import WANTED, edited, openpyxl_book, parts, refreshed, xlsxwriter_book
from xlsales.errors import WorkbookError
from xlsales.package.archive import Archive
from xlsales.package.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

BEFORE = xlsxwriter_book()
AFTER = refreshed(BEFORE)


def spoiled(name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The grafted workbook with one part changed, all others copied as they are."""
    archive = Archive(AFTER)
    places = {entry.filename: place for place, entry in enumerate(archive.entries)}
    if name not in places:
        return archive.rewritten({}, {name: change(b"") or b""})
    return archive.rewritten({places[name]: change(archive.read(archive.entries[places[name]]))}, {})


def replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


def test_a_graft_passes_the_first_time_and_every_time() -> None:
    check(BEFORE, AFTER, WANTED)
    check(AFTER, refreshed(AFTER, (7, 8, 9)), WANTED)
    before = openpyxl_book()  # made once: it holds the second in which it was made
    check(before, refreshed(before), WANTED)
    check(AFTER, AFTER, WANTED)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", replacing(b"<v>4</v>", b"<v>5</v>")),
        ("xl/sharedStrings.xml", lambda content: None),
        ("xl/stranger.xml", lambda content: b"<a/>"),
        ("xl/workbook.xml", replacing(b'name="Sales"', b'name="Sold"')),
        ("xl/workbook.xml", replacing(b'<definedName name="target">', b'<definedName name="t">')),
        ("xl/workbook.xml", replacing(b"<workbookPr", b'<workbookPr date1904="1"')),
        ("xl/styles.xml", replacing(b'<numFmt numFmtId="164"', b'<numFmt numFmtId="190"')),
        ("xl/styles.xml", replacing(b"<b/>", b"")),
        ("xl/_rels/workbook.xml.rels", replacing(b"theme/theme1.xml", b"theme/theme2.xml")),
        ("[Content_Types].xml", replacing(b"/xl/theme/theme1.xml", b"/xl/theme/theme2.xml")),
        ("xl/worksheets/sheet2.xml", lambda content: content[:-9]),
        ("xl/worksheets/sheet2.xml", lambda content: re.sub(rb' s="\d+"', b' s="999"', content)),
        ("xl/worksheets/sheet2.xml", replacing(b'r:id="rId1"', b'r:id="rId9"')),
        ("xl/worksheets/_rels/sheet2.xml.rels", replacing(b"table1.xml", b"table9.xml")),
    ],
)
def test_whatever_else_changed_is_found(part: str, change: Callable[[bytes], bytes | None]) -> None:
    with pytest.raises(WorkbookError):
        check(BEFORE, spoiled(part, change), WANTED)


def test_a_user_s_part_that_was_only_packed_anew_is_found() -> None:
    repacked = edited(AFTER, {})
    assert parts(repacked) == parts(AFTER)
    first, second = Archive(AFTER), Archive(repacked)
    if [first.raw(entry)[1] for entry in first.entries] == [second.raw(entry)[1] for entry in second.entries]:
        pytest.skip("this zlib packs as the writer of the workbook did")
    with pytest.raises(WorkbookError) as failure:
        check(BEFORE, repacked, WANTED)
    assert failure.value.key == "workbook_self_check"


def test_two_tables_of_one_name_are_found() -> None:
    clash = edited(
        refreshed(openpyxl_book()),
        {"xl/tables/table2.xml": lambda xml: xml.replace('displayName="xs_reps"', 'displayName="ORDERS"')},
    )
    with pytest.raises(WorkbookError):
        check(openpyxl_book(), clash, WANTED)
