from __future__ import annotations

import io

import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image

from tests.package.workbooks import PNG, edited, openpyxl_book, parts, read, refreshed, saved
from xlsales.errors import WorkbookError
from xlsales.package.book import open_book
from xlsales.package.keep import set_aside
from xlsales.package.names import owned

KEYS = ("overview", "data")


def written_on() -> bytes:
    book = read(refreshed(openpyxl_book(), (1, 2, 3)))
    page = book["总览"]
    page["Z40"] = "call her"
    page["Z41"] = "=B6*100"
    page["A1"].comment = Comment("why?", "Wang")
    page.add_image(Image(io.BytesIO(PNG)), "Z1")
    return saved(book)


def test_sheets_that_nobody_wrote_on_stay_the_same_file() -> None:
    data = refreshed(openpyxl_book())
    assert set_aside(data, KEYS, " (old)") == (data, {})


def test_a_sheet_that_somebody_wrote_on_is_copied_with_what_its_charts_read() -> None:
    data = written_on()
    after, kept = set_aside(data, KEYS, " (old)")
    assert kept == {"总览": "总览 (old)", "数据": "数据 (old)"}
    book = read(after)
    old = book["总览 (old)"]
    assert (old["A1"].value, old["Z40"].value, old["Z41"].value) == ("月度总览", "call her", "=B6*100")
    assert old["A1"].comment.text == "why?"
    assert len(old._images) == 1
    assert [cell.value for cell in book["数据 (old)"]["A"]] == [1, 2, 3]
    assert book["数据 (old)"].sheet_state == "hidden"


def test_the_copy_reads_itself_and_no_figures_that_come_later() -> None:
    after, _ = set_aside(written_on(), KEYS, " (old)")
    again = refreshed(after, (70, 80, 90))
    old = read(again)["总览 (old)"]
    assert old["A2"].value == "=SUM('总览 (old)'!B6:B8)"
    assert [old[f"B{row}"].value for row in (6, 7, 8)] == [1, 2, 3]
    (chart,) = old._charts
    assert chart.series[0].val.numRef.f == "'数据 (old)'!$A$1:$A$3"
    assert list(old.tables) == ["xs_reps_2"]
    new = read(again)["总览"]
    assert [new[f"B{row}"].value for row in (6, 7, 8)] == [70, 80, 90]
    assert new["Z40"].value is None
    assert list(new.tables) == ["xs_reps"]


def test_the_next_refresh_leaves_the_copy_alone() -> None:
    once, _ = set_aside(written_on(), KEYS, " (old)")
    once = refreshed(once, (7, 8, 9))
    assert set_aside(once, KEYS, " (old)") == (once, {})
    assert refreshed(once, (7, 8, 9)) == once
    assert set(owned(open_book(once))) == {"overview", "data", "kept:overview:1", "kept:data:1"}


def test_a_second_time_makes_a_second_copy() -> None:
    once, _ = set_aside(written_on(), KEYS, " (old)")
    book = read(refreshed(once))
    book["总览"]["Z9"] = "again"
    twice, kept = set_aside(saved(book), KEYS, " (old)")
    assert kept == {"总览": "总览 (old) (2)", "数据": "数据 (old) (2)"}
    assert read(twice)["总览 (old)"]["Z40"].value == "call her"
    assert read(twice)["总览 (old) (2)"]["Z9"].value == "again"


def test_what_cannot_be_copied_stops_everything_before_it_is_lost() -> None:
    data = refreshed(openpyxl_book())
    sheet = next(str(tab.part) for tab in open_book(data).sheets if tab.name == "总览")
    spill = '<c r="Z1" cm="1"><f t="array" ref="Z1:Z3">A1:A3</f><v>1</v></c></row>'
    changed = edited(data, {sheet: lambda xml: xml.replace("</row>", spill, 1)})
    with pytest.raises(WorkbookError) as refused:
        set_aside(changed, KEYS, " (old)")
    assert refused.value.key == "addition_cannot_be_kept"
    assert refused.value.facts == {"sheet": "总览", "found": "dynamic array Z1"}


def test_everything_of_the_user_keeps_its_bytes() -> None:
    data = written_on()
    after, _ = set_aside(data, KEYS, " (old)")
    before, now = parts(data), parts(after)
    bookkeeping = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert {name for name in before if before[name] != now.get(name)} <= bookkeeping
