from __future__ import annotations

import re

import pytest
from lxml import etree

from tests.package.workbooks import (
    PLAIN,
    edited,
    openpyxl_book,
    our_sheets,
    parts,
    read,
    refreshed,
    saved,
    xlsxwriter_book,
)
from xlsales.errors import WorkbookError
from xlsales.package.blank import blank_book
from xlsales.package.book import open_book
from xlsales.package.graft import graft
from xlsales.package.names import owned
from xlsales.package.plan import plan

BOOKKEEPING = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(params=PLAIN)
def user_book(request: pytest.FixtureRequest) -> bytes:
    return PLAIN[request.param]()


def test_every_part_of_the_user_keeps_its_bytes(user_book: bytes) -> None:
    before, after = parts(user_book), parts(refreshed(user_book))
    assert {name for name in before if before[name] != after.get(name)} <= BOOKKEEPING


def test_the_user_s_values_and_formulas_read_as_before(user_book: bytes) -> None:
    before, after = read(user_book), read(refreshed(user_book))
    assert after.sheetnames[: len(before.sheetnames)] == before.sheetnames
    for sheet in before.worksheets:
        cells = [[(cell.value, cell.number_format, cell.font.b) for cell in row] for row in sheet.iter_rows()]
        again = [
            [(c.value, c.number_format, c.font.b) for c in row] for row in after[sheet.title].iter_rows()
        ]
        assert again == cells
    assert {*before.defined_names} < {*after.defined_names}


def test_our_sheets_arrive_with_all_they_hold(user_book: bytes) -> None:
    book = read(refreshed(user_book))
    page = book["总览"]
    assert (page["A1"].value, page["A1"].font.name, page["A1"].font.sz) == ("月度总览", "微软雅黑", 18)
    assert page["A2"].number_format == "#,##0.0"
    assert page["A6"].value == "=rep0"
    assert page["A6"].data_type == "s"
    assert page.tables["xs_reps"].ref == "A5:B8"
    assert page.print_area == "'总览'!$A$1:$H$30"
    assert page.print_title_rows == "$1:$4"
    assert len(page._charts) == 1
    rules = [rule for area in page.conditional_formatting for rule in area.rules]
    assert [rule.dxf.fill.bgColor.rgb for rule in rules if rule.dxf] == ["FFBFDCEC"]
    assert book["数据"].sheet_state == "hidden"
    assert book["数据"].auto_filter.ref == "A1:A4"


def test_formulas_of_ours_carry_their_results(user_book: bytes) -> None:
    assert read(refreshed(user_book, (4, 5, 6)), data_only=True)["总览"]["A2"].value == 15


def test_a_second_refresh_gives_the_same_bytes(user_book: bytes) -> None:
    once = refreshed(user_book)
    assert refreshed(once) == once


def test_ten_refreshes_with_other_figures_grow_nothing(user_book: bytes) -> None:
    first = refreshed(user_book, (1, 2, 3))
    data = refreshed(first, (0, 1, 2))
    again = data
    for run in range(9):
        again = refreshed(again, (run, run + 1, run + 2))
    assert parts(again).keys() == parts(first).keys()
    assert parts(again)["xl/styles.xml"] == parts(first)["xl/styles.xml"]
    assert refreshed(again, (0, 1, 2)) == data


def renamed_and_moved(data: bytes) -> bytes:
    """What Excel stores when the user calls our first sheet 我的 and drags it to the front."""

    def change(xml: str) -> str:
        root = etree.fromstring(xml.encode())
        tabs = root.find(f"{MAIN}sheets")
        place = next(i for i, tab in enumerate(tabs) if tab.get("name") == "总览")
        tab = tabs[place]
        tab.set("name", "我的")
        tabs.insert(0, tab)
        for name in root.iter(f"{MAIN}definedName"):
            name.text = (name.text or "").replace("总览", "我的")
            if (local := name.get("localSheetId")) is not None:
                old = int(local)
                name.set("localSheetId", str(0 if old == place else old + (old < place)))
        return etree.tostring(root, encoding="unicode")

    return edited(data, {"xl/workbook.xml": change})


def test_a_sheet_that_was_renamed_and_moved_is_still_ours(user_book: bytes) -> None:
    first = refreshed(user_book)
    moved = renamed_and_moved(first)
    again = refreshed(moved, (7, 8, 9))
    book = read(again, data_only=True)
    assert book.sheetnames == read(moved).sheetnames
    assert book.sheetnames[0] == "我的"
    assert book["我的"]["A2"].value == 24
    assert book["我的"].print_area == "'我的'!$A$1:$H$30"
    assert book.defined_names["XS_sales"].attr_text == "'我的'!$A$2"
    ids = [[(tab.id, tab.rel_id, tab.part) for tab in open_book(data).sheets] for data in (moved, again)]
    assert ids[0] == ids[1]


def test_a_copy_of_our_sheet_becomes_the_user_s_own(user_book: bytes) -> None:
    first = refreshed(user_book)
    sheet = next(tab for tab in open_book(first).sheets if tab.name == "总览")

    def copied(xml: str) -> str:
        place = len(open_book(first).sheets)
        tab = f'<sheet name="总览 (2)" sheetId="99" r:id="rId99" xmlns:r="{RELATIONSHIPS}"/></sheets>'
        mark = (
            f'<definedName name="_xlsales.sheet" localSheetId="{place}" hidden="1">"overview"</definedName>'
        )
        return xml.replace("</sheets>", tab).replace("<definedNames>", f"<definedNames>{mark}")

    link = f'<Relationship Id="rId99" Type="{RELATIONSHIPS}/worksheet" Target="worksheets/copy.xml"/>'
    override = '<Override PartName="/xl/worksheets/copy.xml" ContentType="application/vnd.openxmlformats-'
    override += 'officedocument.spreadsheetml.worksheet+xml"/>'
    blank = f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData/></worksheet>'.encode()
    data = edited(
        first,
        {
            "xl/workbook.xml": copied,
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace("</Rel", f"{link}</Rel"),
            "[Content_Types].xml": lambda xml: xml.replace("</Types", f"{override}</Types"),
            "xl/worksheets/copy.xml": blank,
        },
    )
    assert owned(open_book(data)) == {"overview": "总览", "data": "数据"}
    again = refreshed(data, (5, 5, 5))
    assert parts(again)["xl/worksheets/copy.xml"] == blank
    assert parts(again)[str(sheet.part)] != parts(first)[str(sheet.part)]
    assert parts(again)["xl/workbook.xml"].decode().count("_xlsales.sheet") == 2


RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_a_user_s_formula_that_reads_our_sheet_stays_and_is_computed_anew_on_open() -> None:
    first = refreshed(openpyxl_book())
    assert (
        "fullCalcOnLoad" not in parts(refreshed(xlsxwriter_book_without_flag()))["xl/workbook.xml"].decode()
    )
    again = refreshed(first, (9, 9, 9))
    assert read(again)["订单"]["E2"].value == "='总览'!A2*2"
    assert 'fullCalcOnLoad="1"' in parts(again)["xl/workbook.xml"].decode()


def xlsxwriter_book_without_flag() -> bytes:
    flag = ' fullCalcOnLoad="1"'
    return edited(xlsxwriter_book(), {"xl/workbook.xml": lambda xml: xml.replace(flag, "")})


def test_replacing_changed_figures_asks_excel_to_compute_and_repeating_them_does_not() -> None:
    first = refreshed(xlsxwriter_book_without_flag())
    assert "fullCalcOnLoad" not in parts(refreshed(first))["xl/workbook.xml"].decode()
    assert "fullCalcOnLoad" in parts(refreshed(first, (3, 3, 3)))["xl/workbook.xml"].decode()


def test_no_tab_of_ours_is_selected_beside_the_user_s(user_book: bytes) -> None:
    content = parts(refreshed(user_book))
    ours = {tab.part for tab in open_book(refreshed(user_book)).sheets if tab.name in {"总览", "数据"}}
    assert not any(b"tabSelected" in content[str(part)] for part in ours)


def test_key_numbers_follow_every_refresh_and_leave_names_of_the_user_alone() -> None:
    book = read(openpyxl_book())
    book.defined_names["XS_mine"] = type(book.defined_names["rate"])("XS_mine", attr_text="notes!$A$1")
    first = refreshed(saved(book), names={"XS_sales": "'总览'!$A$2", "XS_mine": "'总览'!$A$3"})
    names = {name: entry.attr_text for name, entry in read(first).defined_names.items()}
    assert names == {"rate": "notes!$A$1", "XS_mine": "notes!$A$1", "XS_sales": "'总览'!$A$2"}
    moved = refreshed(first, names={"XS_sales": "'总览'!$B$7"})
    assert read(moved).defined_names["XS_sales"].attr_text == "'总览'!$B$7"


def test_a_key_number_never_takes_the_name_of_a_table() -> None:
    table = edited(openpyxl_book(), {"xl/tables/table1.xml": lambda xml: xml.replace("Orders", "XS_sales")})
    assert "XS_sales" not in read(refreshed(table)).defined_names


def test_a_key_number_that_is_gone_points_nowhere_and_comes_back() -> None:
    first = refreshed(openpyxl_book(), names={"XS_sales": "'总览'!$A$2", "XS_win": "'总览'!$A$3"})
    without = refreshed(first, names={"XS_sales": "'总览'!$A$2"})
    assert read(without).defined_names["XS_win"].attr_text == "#REF!"
    back = refreshed(without, names={"XS_sales": "'总览'!$A$2", "XS_win": "'总览'!$A$3"})
    assert read(back).defined_names["XS_win"].attr_text == "'总览'!$A$3"


def test_a_sheet_that_is_no_longer_written_is_left_as_it_is(user_book: bytes) -> None:
    first = refreshed(user_book)
    planned = plan(open_book(first), {"other": "其他", "data2": "数据二"}, ["xs_reps"])
    assert planned.table_names == {"xs_reps": "xs_reps_2"}
    named = type(planned)(
        {"overview": "其他", "data": "数据二"},
        planned.table_names,
        planned.date1904,
        planned.strict,
        planned.digit_px,
    )
    both = graft(first, our_sheets(named), {"其他": "other", "数据二": "data2"}, {})
    assert {name for name, part in parts(first).items() if parts(both).get(name) != part} <= BOOKKEEPING
    assert set(owned(open_book(both))) == {"overview", "data", "other", "data2"}


def test_a_new_workbook_takes_our_sheets_and_opens_on_the_first() -> None:
    book = read(refreshed(blank_book("微软雅黑")))
    assert book.sheetnames == ["总览", "数据"]
    assert book.active is not None
    assert book.active.title == "总览"
    assert book["总览"]["Z99"].font.name == "微软雅黑"
    assert b"<AppVersion>16.0300</AppVersion>" in parts(blank_book())["docProps/app.xml"]


def test_dates_of_a_1904_workbook_are_known_before_writing() -> None:
    data = xlsxwriter_book(date_1904=True)
    planned = plan(open_book(data), {"overview": "总览"}, [])
    assert planned.date1904
    charts = [part for name, part in parts(refreshed(data)).items() if name.startswith("xl/charts/")]
    assert any(re.search(rb'<c:date1904 val="1"/>', part) for part in charts)


def test_a_strict_workbook_gets_strict_parts() -> None:
    strict = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        RELATIONSHIPS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
        "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
    }

    def translated(xml: str) -> str:
        for loose, tight in strict.items():
            xml = xml.replace(loose, tight)
        return xml

    loose = blank_book()
    data = edited(
        loose, dict.fromkeys((n for n in parts(loose) if n.startswith(("xl/", "_rels/"))), translated)
    )
    assert plan(open_book(data), {}, []).strict
    after = parts(refreshed(data))
    ours = [part for name, part in after.items() if name.startswith("xl/")]
    assert not any(loose.encode() in part for part in ours for loose in strict)
    assert refreshed(refreshed(data)) == refreshed(data)


def test_sheets_that_were_not_written_by_plan_are_a_programming_error() -> None:
    data = refreshed(openpyxl_book())
    planned = plan(open_book(data), {"overview": "总览", "data": "数据"}, ["xs_reps"])
    sheets = our_sheets(planned)
    with pytest.raises(ValueError, match="keys are for"):
        graft(data, sheets, {"总览": "overview"}, {})
    with pytest.raises(ValueError, match="its name here is"):
        graft(data, sheets, {"总览": "overview", "数据": "unknown"}, {})
    with pytest.raises(ValueError, match="share the names"):
        graft(data, sheets, {"总览": "overview", "数据": "data"}, {"XS_REPS": "'总览'!$A$1"})


@pytest.mark.parametrize(
    ("key", "edits"),
    [
        ("workbook_signed", {"_xmlsignatures/sig1.xml": b"<Signature/>"}),
        ("workbook_shared", {"xl/revisions/userNames.xml": b"<users/>"}),
        (
            "workbook_structure_locked",
            {
                "xl/workbook.xml": lambda xml: xml.replace(
                    "<sheets>", '<workbookProtection lockStructure="1"/><sheets>'
                )
            },
        ),
    ],
)
def test_a_workbook_that_writing_would_break_is_refused(key: str, edits: dict) -> None:
    with pytest.raises(WorkbookError) as refusal:
        refreshed(edited(xlsxwriter_book(), edits))
    assert refusal.value.key == key


def test_a_locked_structure_does_not_stop_a_refresh_of_sheets_that_are_there() -> None:
    lock = '<workbookProtection lockStructure="1"/><bookViews>'
    first = refreshed(xlsxwriter_book())
    locked = edited(first, {"xl/workbook.xml": lambda xml: xml.replace("<bookViews>", lock)})
    assert read(refreshed(locked, (5, 6, 7)), data_only=True)["总览"]["A2"].value == 18
