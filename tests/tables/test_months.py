from __future__ import annotations

import pytest

from tests.tables.grids import grid, table
from xlsales.tables.mapping import survey
from xlsales.tables.months import MonthLabel, read_month, year_of


@pytest.mark.parametrize(
    ("header", "means"),
    [
        ("1月", (None, 1, "")),
        ("01月份", (None, 1, "")),
        ("十二月", (None, 12, "")),
        ("2026年3月", (2026, 3, "")),
        ("2026-03", (2026, 3, "")),
        ("2026/3", (2026, 3, "")),
        ("202603", (2026, 3, "")),
        ("2026-03-01 00:00:00", (2026, 3, "")),
        ("Mar", (None, 3, "")),
        ("March 2026", (2026, 3, "")),
        ("Mar-26", (2026, 3, "")),
        ("Sept.", (None, 9, "")),
        ("3月目标", (None, 3, "目标")),
        ("2026年目标 3月", (2026, 3, "目标")),
        ("3月 实际", (None, 3, "实际")),
    ],
)
def test_a_header_names_a_month(header, means):
    assert read_month(header) == MonthLabel(*means)


@pytest.mark.parametrize(
    "header", ["1-3月", "一季度", "Market", "13月", "20260115", "月份", "2026", "Decision", "12"]
)
def test_a_header_names_no_month_or_not_just_one(header):
    found = read_month(header)
    assert found is None or found.rest


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (["2026年销售目标"], 2026),
        (["2026年1-12月目标"], 2026),
        (["制表日期：2025-12-20", "2026目标"], 2026),
        (["制表日期：2025年12月20日"], None),
        (["2025与2026对比"], None),
        (["编号 120268"], None),
    ],
)
def test_the_year_is_read_where_one_is_named_and_never_from_a_full_date(texts, year):
    assert year_of(texts) == year


WIDE = """
    顾问 | 校区 | 1月 | 2月 | 3月 | 合计
    李娜 | 浦东 | 10  |     | 30  | 40
    王强 | 徐汇 | 11  | 21  | 31  | 63
    合计 |      | 21  | 21  | 61  | 103
"""


def test_months_side_by_side_become_rows_with_the_year_of_the_sheet_name():
    (raw,) = survey([table(WIDE, sheet="2026年目标", first_row=4, first_column=1)]).tables

    assert raw.table.key == "targets"
    assert raw.frame.reset_index().to_numpy().tolist() == [
        [5, "李娜", "浦东", "2026-01", "10"],
        [5, "李娜", "浦东", "2026-03", "30"],
        [6, "王强", "徐汇", "2026-01", "11"],
        [6, "王强", "徐汇", "2026-02", "21"],
        [6, "王强", "徐汇", "2026-03", "31"],
    ]
    assert raw.cells("target") == ["D5", "F5", "D6", "E6", "F6"]
    assert raw.cells("rep") == ["B5", "B5", "B6", "B6", "B6"]
    assert raw.skipped == ((7, "合计"),)


def test_months_without_any_year_are_refused_and_never_guessed():
    found = survey([table(WIDE, sheet="目标")])
    assert [(it.reason, it.table) for it in found.ignored] == [("no_year", "targets")]


def test_months_that_may_be_results_are_refused():
    reasons = [
        survey([table(WIDE, sheet=name)]).ignored[0].reason
        for name in ("2026", "2026年目标完成情况", "2026 actual")
    ]
    assert reasons == ["months_unclear"] * 3


def test_targets_beside_results_are_told_apart_by_the_second_header_row():
    (raw,) = survey([
        table(
            """
            2026年 |      |      |      |
                   | 1月  |      | 2月  |
            顾问   | 目标 | 实际 | 目标 | 实际
            李娜   | 10   | 9    | 20   | 22
            """
        )
    ]).tables  # fmt: skip
    assert raw.frame["target"].tolist() == ["10", "20"]
    assert raw.frame["period"].tolist() == ["2026-01", "2026-02"]
    assert raw.cells("target") == ["B4", "D4"]


def test_rows_of_results_among_rows_of_targets_are_refused():
    found = survey([
        table(
            """
            顾问 | 指标 | 2026-01 | 2026-02
            李娜 | 目标 | 10      | 20
            李娜 | 实际 | 9       | 22
            """,
            sheet="目标",
        )
    ])  # fmt: skip
    assert found.ignored[0].reason == "months_unclear"


def test_the_year_may_stand_in_a_column_of_its_own():
    (raw,) = survey([
        table(
            """
            年度 | 团队 | 1月目标 | 2月目标
            2025 | 一组 | 10      | 20
            2026 | 一组 | 11      | 21
            """
        )
    ]).tables  # fmt: skip
    assert raw.frame["period"].tolist() == ["2025-01", "2025-02", "2026-01", "2026-02"]


def test_bare_months_in_rows_get_the_year_of_their_row_or_of_the_title():
    (by_column,) = survey([
        table(
            """
            年度 | 月份 | 顾问 | 目标
            2025 | 12月 | 李娜 | 10
            2026 | 1    | 李娜 | 11
            """
        )
    ]).tables  # fmt: skip
    assert by_column.frame["period"].tolist() == ["2025-12", "2026-01"]
    (by_title,) = survey([
        table(
            """
            2026年度目标分解（单位：万元） |
            月份    | 顾问 | 目标
            3月     | 李娜 | 10
            2026-04 | 李娜 | 11
            """
        )
    ]).tables  # fmt: skip
    assert by_title.frame["period"].tolist() == ["2026-03", "2026-04"]
    assert by_title.scale == {"target": 10_000}


def test_an_error_cell_in_a_month_column_keeps_its_address():
    sheet = grid(
        [["顾问", "2026年1月", "2026年2月"], ["李娜", "10", None], ["王强", "11", "21"]],
        sheet="目标",
        errors=[(2, 2)],
    )
    (raw,) = survey([sheet]).tables
    assert raw.errors == ((2, "target"),)
    wrong = raw.frame["target"].isna().tolist()
    assert [cell for cell, is_wrong in zip(raw.cells("target"), wrong, strict=True) if is_wrong] == ["C2"]
