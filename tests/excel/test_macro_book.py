"""A plain workbook becomes one with macros and a ribbon: parts, types, names, and nothing else changed."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from tests.excel.vba import sample_functions
from tests.excel.vba.container import Container
from tests.excel.vba.decoding import PART, part, sources
from tests.package.test_validator import errors
from xlsales.excel.macro_book import macro_book
from xlsales.excel.template import template
from xlsales.excel.vba.project import Module, module_text
from xlsales.excel.vba.sources import source, xlwings_module
from xlsales.excel.vba.wrappers import wrappers
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

THIS = Module("ThisWorkbook", "Option Explicit\n", "document")
RIBBON = Module(
    "Ribbon1",
    "Public Sub OnLoad(ribbon As IRibbonUI)\nEnd Sub\n"
    "Sub OnPress(control As IRibbonControl)\nEnd Sub\n"
    "Private Sub Hidden(control As IRibbonControl)\nEnd Sub\n",
)
UI = (
    '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui" onLoad="OnLoad"><ribbon><tabs>'
    '<tab id="t" label="销售分析"><group id="g" label="数据">'
    '<button id="b" label="刷新" onAction="Ribbon1.OnPress"/></group>'
    "</tab></tabs></ribbon></customUI>"
)


def plain(*sheets: str, names: tuple[str, ...] = ()) -> bytes:
    """A workbook with these sheets, the first of them with code names."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in sheets:
            book.add_worksheet(name).write_string(0, 0, name)
        for sheet, name in zip(book.worksheets(), names, strict=False):
            sheet.set_vba_name(name)
    return buffer.getvalue()


def parts(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as file:
        return {name: file.read(name) for name in file.namelist()}


def code_names(package: bytes) -> list[str]:
    """The code names of the workbook and its sheets, in the order of the parts."""
    xml = [
        data
        for name, data in sorted(parts(package).items())
        if re.fullmatch(r"xl/(workbook|worksheets/\w+)\.xml", name)
    ]
    return [
        name
        for data in xml
        for name in re.findall(r'<(?:workbookPr|sheetPr)\b[^>]* ?codeName="(\w+)"', data.decode())
    ]


def types(package: bytes) -> dict[str, str]:
    root = etree.fromstring(part(package, "[Content_Types].xml"))
    return {e.get("PartName", e.get("Extension", "")): e.get("ContentType", "") for e in root}


def relations(package: bytes, name: str) -> set[tuple[str, str]]:
    root = etree.fromstring(part(package, name))
    return {(e.get("Type", ""), e.get("Target", "")) for e in root}


def whole(lang: Language, *, addin: bool = False) -> bytes:
    """A book with all that ours have: events, xlwings and its dictionary, wrappers, a ribbon."""
    modules = [
        source("ThisWorkbook"),
        source("XlsalesEvents"),
        source("Dictionary"),
        xlwings_module(addin=addin),
        wrappers(sample_functions.__name__, addin=addin),
        RIBBON,
    ]
    return macro_book(template(lang), modules, UI, addin=addin)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("addin", [False, True], ids=["workbook", "add-in"])
def test_the_parts_have_the_types_and_relations_that_excel_looks_for(lang: Language, addin: bool) -> None:
    book = whole(lang, addin=addin)
    kind = "addin" if addin else "sheet"
    assert types(book)["/xl/workbook.xml"] == f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml"
    assert types(book)["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"
    assert types(book)["xml"] == "application/xml"
    vba = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    ribbon = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert (vba, "vbaProject.bin") in relations(book, "xl/_rels/workbook.xml.rels")
    assert (ribbon, "customUI/customUI14.xml") in relations(book, "_rels/.rels")
    assert part(book, "customUI/customUI14.xml").decode() == UI


def test_olevba_extracts_from_the_whole_book_exactly_what_went_in() -> None:
    found = sources(whole("zh"))
    for module in (
        source("ThisWorkbook"),
        source("XlsalesEvents"),
        xlwings_module(),
        source("Dictionary"),
        RIBBON,
    ):
        assert found.pop(module.name) == module_text(module)
    assert "XS_TOTAL" in found.pop("xlwings_udfs")
    assert all(found[name] == module_text(Module(name, "", "document")) for name in found)
    assert len(found) == len(openpyxl.load_workbook(BytesIO(template("zh"))).sheetnames)


def test_the_container_of_the_whole_book_keeps_every_rule() -> None:
    assert "VBA/xlwings_udfs" in Container(part(whole("en"))).streams


def test_the_same_inputs_make_the_same_file() -> None:
    assert whole("zh") == whole("zh")


def test_all_other_parts_stay_as_they_were() -> None:
    before, after = parts(template("zh")), parts(whole("zh"))
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    } | {name for name in before if name.startswith("xl/worksheets/sheet")}
    assert set(after) - set(before) == {PART, "customUI/customUI14.xml"}
    for name in changed:
        if name.startswith("xl/worksheets/"):
            assert without_code_name(after[name]) == without_code_name(before[name])


def without_code_name(sheet: bytes) -> str:
    root = etree.fromstring(sheet)
    properties = root[0]
    properties.attrib.pop("codeName", None)
    if not properties.attrib and not len(properties):
        root.remove(properties)
    return etree.tostring(root, method="c14n").decode()


@pytest.mark.validator
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("addin", [False, True], ids=["xlsm", "xlam"])
def test_the_open_xml_sdk_finds_no_error(lang: Language, addin: bool, tmp_path: Path) -> None:
    assert not errors(whole(lang, addin=addin), f"book.{'xlam' if addin else 'xlsm'}", tmp_path)


def test_without_a_ribbon_there_is_no_part_for_one() -> None:
    assert "customUI/customUI14.xml" not in parts(macro_book(plain("a"), [THIS], None))


def test_every_sheet_gets_the_name_of_a_module() -> None:
    assert code_names(macro_book(plain("首页", "数据"), [THIS], None)) == ["ThisWorkbook", "Sheet1", "Sheet2"]
    own = [
        THIS,
        Module("Home", "", "document"),
        Module("Sheet2", "", "document"),
        Module("Extra", "", "document"),
    ]
    named = plain("a", "b", "c", names=("Sheet2",))
    assert code_names(macro_book(named, own, None)) == ["ThisWorkbook", "Sheet2", "Home", "Extra"]
    assert code_names(macro_book(named, own[:1] + own[2:3], None)) == [
        "ThisWorkbook",
        "Sheet2",
        "Sheet2_",
        "Sheet3",
    ]
    taken = macro_book(plain("a"), [THIS, Module("sheet1", "")], None)
    assert code_names(taken) == ["ThisWorkbook", "Sheet1_"]


@pytest.mark.parametrize("code_name", ["Home", "Start"])
def test_a_code_name_and_its_module_stay_together(code_name: str) -> None:
    document = Module(code_name, "' ours\n", "document")
    book = macro_book(plain("a", names=(code_name,)), [THIS, document], None)
    assert code_names(book) == ["ThisWorkbook", code_name]
    assert sources(book)[code_name] == module_text(document)


@pytest.mark.parametrize(
    ("sheets", "names", "modules", "said"),
    [
        (("a",), ("Home",), [THIS], "sheets without a document module: Home"),
        (
            ("a",),
            (),
            [THIS, Module("A", "", "document"), Module("B", "", "document")],
            "modules without a sheet: B",
        ),
        (("a",), (), [RIBBON], "must be called ThisWorkbook"),
    ],
)
def test_names_that_do_not_match_are_refused(
    sheets: tuple[str, ...], names: tuple[str, ...], modules: list[Module], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        macro_book(plain(*sheets, names=names), modules, None)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Ribbon1.OnPress", "Ribbon1.OnPres"),
        ("Ribbon1.OnPress", "Ribbon2.OnPress"),
        ("Ribbon1.OnPress", "Ribbon1.Hidden"),
        ('onLoad="OnLoad"', 'onLoad="Load"'),
        ('label="刷新"', 'getLabel="Label"'),
        ("<customUI ", '<customUI loadImage="Image" '),
    ],
)
def test_a_callback_without_a_public_sub_is_refused(right: str, wrong: str) -> None:
    assert right in UI
    with pytest.raises(ValueError, match="is no Sub"):
        macro_book(plain("a"), [THIS, RIBBON], UI.replace(right, wrong))


def test_a_book_that_has_macros_already_is_refused() -> None:
    book = macro_book(plain("a"), [THIS], None)
    with pytest.raises(ValueError, match=r"plain \.xlsx"):
        macro_book(book, [THIS], None)


def test_a_chart_sheet_is_refused() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("a")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=a!$A$1:$A$3"})
        book.add_chartsheet("c").set_chart(chart)
    with pytest.raises(ValueError, match="c is a chartsheet"):
        macro_book(buffer.getvalue(), [THIS], None)
