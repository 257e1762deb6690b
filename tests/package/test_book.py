from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.package.workbooks import edited, openpyxl_book, xlsxwriter_book
from xlsales.errors import WorkbookError
from xlsales.language import LANGUAGES
from xlsales.package.book import open_book

if TYPE_CHECKING:
    from collections.abc import Callable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>&c;</sheets></workbook>'
)


def with_workbook(change: Callable[[str], str]) -> bytes:
    return edited(xlsxwriter_book(), {"xl/workbook.xml": change})


REFUSED = {
    "workbook_not_excel": b"PK\x03\x04 not really",
    "workbook_encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
    "workbook_xls": OLE + "Workbook".encode("utf-16-le"),
    "workbook_xlsb": edited(
        xlsxwriter_book(),
        {
            "_rels/.rels": lambda xml: xml.replace("workbook.xml", "workbook.bin"),
            "xl/workbook.bin": b"\x83\x01\x00",
        },
    ),
    "workbook_damaged": with_workbook(lambda xml: xml[:-20]),
    "workbook_unknown_format": with_workbook(
        lambda xml: xml.replace("spreadsheetml/2006/main", "spreadsheetml/2006/5/main")
    ),
    "workbook_entities": with_workbook(lambda xml: BOMB),
}


@pytest.mark.parametrize("key", REFUSED)
def test_what_is_no_workbook_is_refused_by_its_own_name(key: str) -> None:
    with pytest.raises(WorkbookError) as refusal:
        open_book(REFUSED[key])
    assert refusal.value.key == key
    for lang in LANGUAGES:
        assert refusal.value.what(lang)
        assert refusal.value.do(lang)


def test_a_document_of_another_kind_is_no_workbook() -> None:
    word = with_workbook(lambda xml: '<w:document xmlns:w="http://example.com/word"/>')
    with pytest.raises(WorkbookError) as refusal:
        open_book(word)
    assert refusal.value.key == "workbook_not_excel"


def test_a_file_from_outside_is_never_read_into_a_part(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("hush", "utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]><workbook>&s;</workbook>'
    with pytest.raises(WorkbookError) as refusal:
        open_book(with_workbook(lambda xml: entity))
    assert refusal.value.key == "workbook_entities"


def test_sheets_are_listed_in_order_with_their_kind_of_being_hidden() -> None:
    book = open_book(
        with_workbook(lambda xml: xml.replace('name="Chart"', 'name="Chart" state="veryHidden"'))
    )
    assert [(tab.name, tab.place, tab.state) for tab in book.sheets] == [
        ("Sales", 0, "visible"),
        ("Chart", 1, "veryHidden"),
    ]
    assert book.sheets[1].part == "xl/chartsheets/sheet1.xml"


def test_a_workbook_part_of_any_name_is_found() -> None:
    data = edited(
        openpyxl_book(),
        {
            "_rels/.rels": lambda xml: xml.replace("xl/workbook.xml", "XL/Book%201.xml"),
            "xl/Book 1.xml": b"",
        },
    )
    with pytest.raises(WorkbookError) as refusal:
        open_book(data)
    assert (refusal.value.key, refusal.value.facts) == ("workbook_damaged", {"part": "XL/Book%201.xml"})


def test_defined_names_stand_where_the_schema_wants_them() -> None:
    book = open_book(openpyxl_book())
    book.define("XS_sales", "notes!$A$1")
    book.define("rate", "notes!$A$2")
    book.define("rate", "notes!$A$3", 0, hidden=True)
    names = [(e.get("name"), e.get("localSheetId"), e.get("hidden"), e.text) for e in book.defined_names]
    assert ("rate", None, None, "notes!$A$2") in names
    assert names[-2:] == [("XS_sales", None, None, "notes!$A$1"), ("rate", "0", "1", "notes!$A$3")]
    empty = open_book(
        with_workbook(lambda xml: xml.replace("<definedNames>", "<!--").replace("</definedNames>", "-->"))
    )
    empty.define("XS_sales", "Sales!$A$1")
    order = [str(entry.tag).rpartition("}")[2] for entry in empty.root if isinstance(entry.tag, str)]
    assert order.index("definedNames") == order.index("sheets") + 1 == order.index("calcPr") - 1
