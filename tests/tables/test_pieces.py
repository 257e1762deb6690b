"""A sheet in pieces is the whole sheet, to the cell, or is not read in pieces."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import InputError
from xlsales.tables import pieces, sources

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PART = "xl/worksheets/sheet1.xml"
CELLS = {
    "number": '<c r="{at}"><v>12.5</v></c>',
    "date": '<c r="{at}" s="1"><v>45671</v></c>',
    "inline": '<c r="{at}" t="inlineStr"><is><t>N/A &lt;!-- &amp; 备注！</t></is></c>',
    "shared": '<c t="s" r="{at}"><v>1</v></c>',
    "rich": '<c r="{at}" t="s"><v>2</v></c>',
    "formula": '<c r="{at}" t="str"><f t="shared" si="0"/><v>00030</v></c>',
    "true": '<c r="{at}" t="b"><v>1</v></c>',
    "error": '<c r="{at}" t="e"><v>#DIV/0!</v></c>',
    "spaces": '<c r="{at}" t="inlineStr"><is><t xml:space="preserve">  </t></is></c>',
    "blank": '<c r="{at}" s="1"/>',
    "unplaced": "<c><v>7</v></c>",
}


@cache
def parts(date1904):
    """Those of a workbook with one sheet; its second style is a date, and it has three shared texts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date1904}) as book:
        sheet = book.add_worksheet("数据")
        day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        sheet.write_number("A1", 1, day)
        sheet.write_row("A2", ["a", "b"])
        sheet.write_rich_string("A3", "c ", bold, "d")
    with zipfile.ZipFile(buffer) as package:
        return {name: package.read(name) for name in package.namelist()}


def workbook(xml, date1904=False):
    """A workbook whose sheet has this XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in (parts(date1904) | {PART: xml}).items():
            package.writestr(name, content)
    return buffer.getvalue()


def sheet(rows, head="", tail="", root="worksheet"):
    return f'<?xml version="1.0"?><{root} xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData>{tail}</{root}>'


def row(number, *cells, attributes=""):
    return f'<row{attributes} r="{number}">{"".join(cells)}</row>'


def number(address, value=1):
    return f'<c r="{address}"><v>{value}</v></c>'


MANY = "".join(row(k, number(f"B{k}", k)) for k in range(1, 60))


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 400)
    monkeypatch.setattr(pieces, "FEWEST", 4)


def divided(data):
    """How the sheet is read in pieces; None where it is not."""
    return pieces.load_large(data, "数据") if pieces.large(data, ["数据"]) else None


def same(data):
    """Whether the sheets are what they are without pieces."""
    found = sources.read_workbook(data, "book.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "large", lambda data, names: [])
        expected = sources.read_workbook(data, "book.xlsx")
    for one, other in zip(found, expected, strict=True):
        assert (one.sheet, one.first_column, one.errors) == (other.sheet, other.first_column, other.errors)
        pd.testing.assert_frame_equal(one.rows, other.rows, check_column_type="exact")
    return True


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9), st.dictionaries(st.integers(1, 7), st.sampled_from(sorted(CELLS)), max_size=6)
        ),
        min_size=1,
        max_size=80,
    ),
    st.booleans(),
)
def test_whatever_stands_in_its_cells_a_sheet_in_pieces_is_the_whole_sheet(steps, date1904):
    rows, at = [], 0
    for step, cells in steps:
        at += step
        made = [CELLS[kind].format(at=f"{'ABCDEFGH'[column]}{at}") for column, kind in sorted(cells.items())]
        rows.append(row(at, *made, attributes=' hidden="1"' if step == 9 else ""))
    tail = '<mergeCells><mergeCell ref="B1:C40"/></mergeCells>' + "<!-- a long tail -->" * 90
    data = workbook(sheet("".join(rows), tail=tail), date1904=date1904)
    assert divided(data)
    assert same(data)


def test_a_sheet_without_a_value_in_many_rows_is_blank():
    data = workbook(sheet("".join(row(k, CELLS["blank"].format(at=f"B{k}")) for k in range(1, 90))))
    assert divided(data) == pieces.Block(1, 0, [], ())
    assert same(data)


@pytest.mark.parametrize(
    "xml",
    [
        sheet("<row>" + number("A1") + "</row>" + "<row><c><v>2</v></c></row>" * 90),
        sheet(row(70, number("A70")) + MANY),
        sheet(MANY + MANY),
        sheet(MANY + row(60, "<!--", row(61, number("A61")), "-->") + row(62, number("A62"))),
        sheet(MANY + row(60, '<c r="A60" t="str"><v><![CDATA[<row r="9">]]></v></c>')),
        sheet(MANY + row(60, '<?x <row r="9">?>', number("A60"))),
        sheet(MANY, head=f"<!-- <sheetData>{MANY}</sheetData> -->"),
        sheet(MANY)
        .replace("<row", "<x:row")
        .replace("</row", "</x:row")
        .replace("xmlns", f'xmlns:x="{MAIN}" xmlns'),
        sheet(MANY).replace("sheetData", "x:sheetData").replace("xmlns", f'xmlns:x="{MAIN}" xmlns'),
        sheet(MANY.replace('r="', "r='").replace('">', "'>")),
        sheet("", tail="<!-- long -->" * 200).replace("<sheetData></sheetData>", "<sheetData/>"),
    ],
    ids=[
        "unnumbered",
        "not upwards",
        "twice",
        "comment",
        "cdata",
        "instruction",
        "comment above",
        "prefix of rows",
        "prefix",
        "other quotes",
        "no rows",
    ],
)
def test_what_is_not_plainly_divisible_is_read_whole(xml):
    data = workbook(xml)
    assert divided(data) is None
    assert same(data)


@pytest.mark.parametrize(
    "xml",
    [sheet(MANY).partition("</sheetData>")[0], sheet(MANY + "<row"), sheet(MANY).encode("utf-16")],
    ids=["cut off", "broken", "utf-16"],
)
def test_damage_is_told_as_of_any_workbook(xml):
    data = workbook(xml)
    assert divided(data) is None
    with pytest.raises(InputError) as told:
        sources.read_workbook(data, "book.xlsx")
    assert told.value.key == "input_unreadable"


def test_rows_that_count_on_from_a_number_may_run_on_into_the_next_piece():
    runs = "".join(row(k, number(f"A{k}")) + "<row><c><v>0</v></c></row>" for k in range(1, 60, 2))
    assert divided(workbook(sheet(runs)))
    assert same(workbook(sheet(runs)))
    over = "".join(row(k, number(f"A{k}")) + "<row><c><v>0</v></c></row>" * 3 for k in range(1, 60, 2))
    assert divided(workbook(sheet(over))) is None
    assert same(workbook(sheet(over)))


def test_only_large_sheets_are_divided(monkeypatch):
    data = workbook(sheet(MANY))
    monkeypatch.setattr(pieces, "PIECE", 4000)
    assert divided(data) is None


def test_many_shared_texts_would_be_read_too_often(monkeypatch):
    data = workbook(sheet(MANY))
    assert divided(data)
    monkeypatch.setattr(pieces, "MOST_BESIDE", 100)
    assert divided(data) is None


def test_large_sheets_are_read_beside_the_others_and_stay_in_their_order():
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for name, rows in (("a", 3), ("b", 200), ("c", 2), ("d", 300)):
            added = book.add_worksheet(name)
            for k in range(rows):
                added.write(k, 0, f"{name}{k}")
    found = sources.read_workbook(data.getvalue(), "book.xlsx")
    assert pieces.large(data.getvalue(), ["a", "b", "c", "d"]) == ["b", "d"]
    assert [(one.sheet, len(one.rows), one.rows.iloc[-1, 0]) for one in found] == [
        ("a", 3, "a2"),
        ("b", 200, "b199"),
        ("c", 2, "c1"),
        ("d", 300, "d299"),
    ]


def test_a_very_hidden_sheet_is_none_in_pieces_either():
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.add_worksheet("Sheet").write("A1", "x")
        hidden = book.add_worksheet("数据")
        hidden.very_hidden()
        for k in range(90):
            hidden.write(k, 0, k)
    assert [one.sheet for one in sources.read_workbook(data.getvalue(), "book.xlsx")] == ["Sheet"]


def test_where_no_thread_can_start_the_sheet_is_read_whole(monkeypatch):
    def submit(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(pieces.ThreadPoolExecutor, "submit", submit)
    data = workbook(sheet(MANY))
    assert divided(data) is None
    assert same(data)
