"""Tables are Excel tables with true totals, in the unit of their headers."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl.utils import range_boundaries

from tests.report import sample
from tests.report.writer.reading import one_table
from xlsales.report.blocks import Cell, Table, TableColumn


def test_tables_are_excel_tables_where_the_placement_says(book, written):
    for sheet in written.placement.sheets:
        assert {table.name: table.range for table in sheet.tables} == {
            table.name: table.ref for table in book[sheet.name].tables.values()
        }


def test_table_headers_are_the_text_of_their_cells(book):
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            shown = [sheet.cell(top, column).value for column in range(left, right + 1)]
            assert shown == [column.name for column in table.tableColumns]
            assert len({name.casefold() for name in shown}) == len(shown)


def test_only_a_table_that_asks_for_them_has_filter_buttons(book, lang):
    tables = [table for sheet in book.worksheets for table in sheet.tables.values()]
    assert {table.name for table in tables if table.autoFilter} == {"xs_reps", "xs_hostile"}


def test_a_table_without_rows_has_one_blank_row_that_says_why(book, lang):
    sheet = book[sample.names(lang)["attainment"]]
    left, top, right, bottom = range_boundaries(sheet.tables["xs_teams"].ref)
    assert bottom == top + 1
    row = [sheet.cell(bottom, column).value for column in range(left, right + 1)]
    assert row == [sample.words(lang, "没有团队数据。", "There are no teams."), *[None] * (right - left)]


def test_table_cells_hold_values_in_the_unit_of_their_header(lang, cached):
    sheet = cached[sample.names(lang)["overview"]]
    left, top, _, bottom = range_boundaries(sheet.tables["xs_campus"].ref)
    divisor, unit = (1e4, "（万）") if lang == "zh" else (1e3, " (¥k)")
    head = [sheet.cell(top, left + offset).value for offset in range(6)]
    assert [word.endswith(unit) for word in head] == [False, True, True, False, True, False]
    assert sheet.cell(top + 1, left + 1).value == pytest.approx(1_500_000 / divisor)
    assert sheet.cell(bottom, left + 4).value == pytest.approx(-238_000 / divisor)


def test_sums_follow_the_filter_and_ratios_are_recomputed_from_the_totals(book, lang):
    sheet = book[sample.names(lang)["overview"]]
    left, _, _, bottom = range_boundaries(sheet.tables["xs_campus"].ref)
    total = [sheet.cell(bottom, left + offset).value for offset in range(6)]
    first, last = bottom - 3, bottom - 1
    assert total[1] == f"=SUBTOTAL(109,C{first}:C{last})"
    assert total[3] == f'=IF(N(C{bottom})<=0,"",D{bottom}/C{bottom})'
    columns = sheet.tables["xs_campus"].tableColumns
    assert [column.totalsRowFunction for column in columns] == [None, *["custom"] * 5]
    assert columns[1].totalsRowFormula.attr_text == total[1].lstrip("=")
    assert columns[0].totalsRowLabel == total[0]


def test_a_column_without_values_has_no_total():
    columns = (
        TableColumn("n", "n"),
        TableColumn("a", "a", "money", total="sum"),
        TableColumn("b", "b", total="value"),
    )
    table = Table("t", "l", columns, (("x", None, "y"),), ("Σ", None, Cell("ok", mark="●")))
    _, sheet = one_table(table)
    assert [cell.value for cell in sheet[9][1:4]] == ["Σ", None, "● ok"]
    assert [column.totalsRowLabel for column in sheet.tables["xs_t"].tableColumns] == ["Σ", None, "● ok"]


def test_what_rounds_to_zero_has_a_format_without_a_sign_in_a_signed_column():
    columns = (TableColumn("n", "n"), TableColumn("mix", "Mix", "points", signed=True))
    _, sheet = one_table(Table("t", "l", columns, (("a", -0.0002), ("b", 0.012))))
    (rules,) = (area.rules for area in sheet.conditional_formatting)
    down, up, zero = sorted(rules, key=lambda rule: rule.priority)
    assert down.stopIfTrue
    assert up.stopIfTrue
    assert [float(end) for end in (*down.formula, *up.formula)] == [-0.05, 0.05]
    assert [float(end) for end in zero.formula] == [-0.05, 0.05]
    assert zero.dxf.numFmt.formatCode == "0.0;0.0"


def test_heat_leaves_out_what_is_not_final(book, lang, written):
    sheet = book[sample.names(lang)["retention"]]
    left, top, _, _ = range_boundaries(sheet.tables["xs_cohorts"].ref)
    scaled = set()
    for rule in sheet.conditional_formatting:
        if any(one.type == "colorScale" and one.colorScale.cfvo[0].val == 0.54 for one in rule.rules):
            for area in rule.sqref.ranges:
                scaled |= {
                    (r, c)
                    for r in range(area.min_row, area.max_row + 1)
                    for c in range(area.min_col, area.max_col + 1)
                }
    table = next(
        p.block
        for band in sample.retention(lang).bands
        for p in band
        if getattr(p.block, "key", "") == "cohorts"
    )
    final = {
        (top + 1 + row, left + column)
        for row, values in enumerate(table.rows)
        for column, value in enumerate(values)
        if column >= 2 and value is not None and not (isinstance(value, Cell) and value.immature)
    }
    assert scaled == final


def test_numbers_that_would_not_fit_shrink_and_words_wrap_or_are_shortened(book, lang):
    sheet = book[sample.names(lang)["hostile"]]
    left, _, _, bottom = range_boundaries(sheet.tables["xs_hostile"].ref)
    assert sheet.cell(bottom, left).value.endswith("…")
    assert sheet.cell(bottom, left).alignment.wrap_text
    assert not sheet.cell(bottom, left + 4).value.endswith("…")
    _, page = one_table(
        Table("t", "l", (TableColumn("n", "n", "count"),), ((123_456_789_012,),)), columns=(40, 1224)
    )
    assert page.cell(8, 2).alignment.shrinkToFit


def test_blank_and_infinite_values_leave_blank_cells():
    _, sheet = one_table(
        Table(
            "t",
            "l",
            (TableColumn("n", "n", "percent"), TableColumn("m", "m", "money")),
            ((float("nan"), float("inf")),),
        )
    )
    assert (sheet["B8"].value, sheet["C8"].value) == (None, None)


def test_a_date_that_would_not_fit_in_a_wider_font_shrinks_instead_of_showing_signs():
    column, day = (TableColumn("d", "d", "date"),), ((date(1998, 5, 6),),)
    _, close = one_table(Table("t", "l", column, day), columns=(84, 1180))
    _, roomy = one_table(Table("t", "l", column, day), columns=(140, 1124))
    assert close.cell(8, 2).alignment.shrinkToFit
    assert not roomy.cell(8, 2).alignment.shrinkToFit
