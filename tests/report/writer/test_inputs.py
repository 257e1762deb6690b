"""Columns of a table that the user fills: how they look, what they offer, and how they are found again."""

from __future__ import annotations

import pytest
from openpyxl.utils import range_boundaries

from tests.report.writer.reading import of, one_table, read
from xlsales.package.blank import blank_book
from xlsales.package.book import open_book
from xlsales.package.graft import graft
from xlsales.package.inputs import inputs
from xlsales.package.names import owned_sheets
from xlsales.package.plan import plan
from xlsales.report import theme
from xlsales.report.blocks import Cell, Page, Placed, Report, Table, TableColumn
from xlsales.report.writer import draws, write

LONG = "一个很长的备注，" * 30
DECISIONS = ("接受", "更正", "剔除", "暂缓")


def cases(allowed=DECISIONS, *decisions):
    columns = (
        TableColumn("rule", "规则"),
        TableColumn("decision", "处理", input=True, allowed=allowed),
        TableColumn("note", "备注", input=True),
        TableColumn("case", "编号", quiet=True),
    )
    rows = (
        ("金额为负", *(decisions[:1] or ("更正",)), LONG, "orders|A-00000000000000000001|amount|-5"),
        ("重复", *(decisions[1:2] or (None,)), "=1+1", "c2"),
    )
    return Table("cases", "待复核", columns, rows, row_key="case")


def cells(sheet, reference):
    left, top, right, bottom = range_boundaries(reference)
    return [sheet.cell(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


@pytest.fixture(scope="module")
def made():
    return one_table(cases(), columns=(400, 100, 600, 60))


def test_the_placement_tells_where_input_columns_the_key_and_the_rows_are(made):
    written, sheet = made
    placed = of(written, "p").inputs
    left, top, right, bottom = range_boundaries(sheet.tables["xs_cases"].ref)
    assert range_boundaries(placed["rows.cases"]) == (left, top + 1, right, bottom)
    assert [cell.value for cell in cells(sheet, placed["input.cases.decision"])] == ["更正", None]
    assert sorted(placed) == ["input.cases.decision", "input.cases.note", "key.cases", "rows.cases"]


def test_entries_and_keys_stand_in_full_as_text(made):
    written, sheet = made
    placed = of(written, "p").inputs
    notes, keys = cells(sheet, placed["input.cases.note"]), cells(sheet, placed["key.cases"])
    assert [(cell.value, cell.data_type) for cell in notes] == [(LONG, "s"), ("=1+1", "s")]
    assert notes[0].alignment.wrap_text
    assert [cell.value for cell in keys] == ["orders|A-00000000000000000001|amount|-5", "c2"]
    assert [cell.number_format for cell in keys] == [";;;", "@"]
    assert not keys[0].alignment.wrap_text


def test_a_key_makes_no_row_higher(made):
    written, _ = made
    short = one_table(
        Table("cases", "", (TableColumn("case", "编号"),), (("orders|A-1|amount|-5" * 9,),), row_key="case"),
        columns=(1264,),
    )[0]
    assert of(short, "p").heights[-1] == 24
    assert of(written, "p").heights[-1] == 24


def test_cells_to_fill_are_blue_on_pale_yellow_and_unlocked(made):
    written, sheet = made
    for reference in ("input.cases.decision", "input.cases.note"):
        for cell in cells(sheet, of(written, "p").inputs[reference]):
            assert cell.fill.fgColor.rgb == f"FF{theme.INPUT_FILL[1:]}"
            assert cell.font.color.rgb == f"FF{theme.INPUT[1:]}"
            assert cell.number_format == "@"
            assert not cell.protection.locked
    assert sheet.cell(*reversed(range_boundaries(of(written, "p").inputs["key.cases"])[:2])).protection.locked


def test_a_column_offers_its_words_and_takes_no_others(made):
    written, sheet = made
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"接受,更正,剔除,暂缓"'
    assert str(rule.sqref) == of(written, "p").inputs["input.cases.decision"]
    assert rule.showErrorMessage


def test_words_that_differ_by_row_are_proposed():
    table = cases((), Cell(None, allowed=("金额", "单价")), Cell(None, allowed=("数量",)))
    written, sheet = one_table(table, columns=(400, 100, 600, 60))
    rules = sheet.data_validations.dataValidation
    top, bottom = (cell.coordinate for cell in cells(sheet, of(written, "p").inputs["input.cases.decision"]))
    assert {str(rule.sqref): rule.formula1 for rule in rules} == {top: '"金额,单价"', bottom: '"数量"'}
    assert not any(rule.showErrorMessage for rule in rules)


@pytest.mark.parametrize("words", [tuple(f"column {number}" for number in range(40)), ("a, b", "c")])
def test_words_that_a_rule_cannot_hold_stand_on_the_sheet_of_figures(words):
    table = cases(words)
    page = Page("p", "p", "p", "", (), (), (400, 100, 600, 164), ((Placed(table, 0, 3),),))
    assert draws(Report("zh", (page,)))
    book = read(write(Report("zh", (page,)), {"p": "p", "data": "d"}).data)
    (rule,) = book["p"].data_validations.dataValidation
    name, reference = rule.formula1.rsplit("!", 1)
    source = book[name.strip("'")]
    assert tuple(c.value for row in source[reference.replace("$", "")] for c in row) == words


def test_a_table_without_rows_asks_for_nothing():
    table = Table("cases", "", (TableColumn("note", "备注", input=True),), (), row_key="note", empty="无")
    written, sheet = one_table(table, columns=(1264,))
    assert of(written, "p").inputs == {}
    assert not sheet.data_validations.dataValidation


def test_what_the_writer_places_the_graft_names_and_a_reader_finds():
    page = Page("p", "复核", "p", "", (), (), (400, 100, 600, 164), ((Placed(cases(), 0, 3),),))
    written = write(Report("zh", (page,)), {"p": "复核", "data": "d"})
    data = blank_book()
    names = plan(open_book(data), {"p": "复核", "data": "d"}, ["xs_cases"]).names
    keys = {name: key for key, name in names.items()}
    after = open_book(graft(data, written.data, keys, {}, inputs=written.placement.inputs))
    assert inputs(after, owned_sheets(after)["p"]) == {
        "cases": {
            "orders|A-00000000000000000001|amount|-5": {"decision": "更正", "note": LONG},
            "c2": {"decision": "", "note": "=1+1"},
        }
    }
