from __future__ import annotations

import pytest
from lxml import etree

from xlsales.errors import WorkbookError
from xlsales.package import styles
from xlsales.package.blank import style_sheet
from xlsales.package.markup import STRICT, TRANSITIONAL
from xlsales.package.styles import StyleMerge, normal_font

MAIN = TRANSITIONAL.main
OURS = f"""<styleSheet xmlns="{MAIN}">
<numFmts><numFmt numFmtId="164" formatCode="#,##0.0"/></numFmts>
<fonts><font><sz val="11"/><name val="Calibri"/></font>
  <font><sz val="18"/><color theme="1"/><name val="微软雅黑"/><scheme val="minor"/></font></fonts>
<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
  <fill><patternFill patternType="solid"><fgColor rgb="FFF6F8FA"/></patternFill></fill></fills>
<borders><border/></borders>
<cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
  <xf numFmtId="164" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1"/></cellXfs>
<dxfs><dxf><font><b/></font><numFmt numFmtId="164" formatCode="#,##0.0"/></dxf></dxfs></styleSheet>"""


def sheet(body: str = "") -> etree._Element:
    return etree.fromstring(f'<styleSheet xmlns="{MAIN}">{body}</styleSheet>')


def ours() -> etree._Element:
    return etree.fromstring(OURS)


def rows(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.find(f"{{{MAIN}}}{name}"))


def test_a_format_of_ours_is_appended_with_all_it_rests_on() -> None:
    theirs = etree.fromstring(style_sheet(TRANSITIONAL))
    merge = StyleMerge(theirs, ours())
    place = merge.cell(1)
    xf = rows(theirs, "cellXfs")[place]
    font = rows(theirs, "fonts")[int(xf.get("fontId"))]
    assert [(entry.tag.rpartition("}")[2], dict(entry.attrib)) for entry in font] == [
        ("sz", {"val": "18"}),
        ("color", {"rgb": "FF000000"}),
        ("name", {"val": "微软雅黑"}),
    ]
    codes = {entry.get("numFmtId"): entry.get("formatCode") for entry in rows(theirs, "numFmts")}
    assert codes[xf.get("numFmtId")] == "#,##0.0"
    assert all(xf.get(f"apply{aspect}") == "1" for aspect in ("Font", "Fill", "Border", "NumberFormat"))


def test_what_is_there_stays_in_its_place_and_is_used_again() -> None:
    theirs = etree.fromstring(style_sheet(TRANSITIONAL))
    before = [etree.tostring(entry) for entry in rows(theirs, "cellXfs")]
    StyleMerge(theirs, ours()).cell(1)
    once = etree.tostring(theirs)
    assert [etree.tostring(entry) for entry in rows(theirs, "cellXfs")][: len(before)] == before
    again = StyleMerge(theirs, ours())
    again.cell(1)
    again.differential(0)
    again.differential(0)
    assert etree.tostring(theirs).count(b"<xf ") == once.count(b"<xf ")
    assert len(rows(theirs, "dxfs")) == 1
    assert len(rows(theirs, "numFmts")) == 1
    counts = {part.tag: part.get("count") for part in theirs if part.get("count")}
    assert counts == {part.tag: str(len(part)) for part in theirs if part.get("count")}


def test_a_number_format_of_theirs_with_our_number_is_not_taken_for_ours() -> None:
    theirs = sheet('<numFmts><numFmt numFmtId="164" formatCode="0.000"/></numFmts><cellXfs><xf/></cellXfs>')
    place = StyleMerge(theirs, ours()).cell(1)
    assert rows(theirs, "cellXfs")[place].get("numFmtId") == "165"


def test_the_plain_format_is_the_workbook_s_own() -> None:
    theirs = sheet('<cellXfs><xf fontId="0" applyFont="1"/></cellXfs>')
    assert StyleMerge(theirs, ours()).cell(0) == 0
    assert len(rows(theirs, "cellXfs")) == 1


def test_the_two_reserved_fills_are_never_ours() -> None:
    theirs = sheet("<fills/><cellXfs><xf/></cellXfs>")
    place = StyleMerge(theirs, ours()).cell(1)
    assert rows(theirs, "cellXfs")[place].get("fillId") == "2"
    kinds = [fill[0].get("patternType") for fill in rows(theirs, "fills")]
    assert kinds == ["none", "gray125", "solid"]


def test_our_formats_rest_on_the_normal_style_wherever_it_stands() -> None:
    theirs = sheet(
        "<cellStyleXfs><xf/><xf/></cellStyleXfs><cellXfs><xf/></cellXfs>"
        '<cellStyles><cellStyle name="Bad" xfId="0"/>'
        '<cellStyle name="标准" xfId="1" builtinId="0"/></cellStyles>'
    )
    place = StyleMerge(theirs, ours()).cell(1)
    assert rows(theirs, "cellXfs")[place].get("xfId") == "1"
    order = [part.tag.rpartition("}")[2] for part in theirs]
    known = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]
    assert order == [name for name in known if name in order]


def test_a_workbook_at_excel_s_limit_of_formats_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "CELL_FORMAT_LIMIT", 1)
    with pytest.raises(WorkbookError) as refusal:
        StyleMerge(etree.fromstring(style_sheet(TRANSITIONAL)), ours()).cell(1)
    assert refusal.value.key == "workbook_too_many_formats"


def test_the_normal_font_is_read_from_the_style_sheet() -> None:
    assert normal_font(etree.fromstring(style_sheet(STRICT, "等线"))) == ("等线", 11.0)
    assert normal_font(sheet()) is None
