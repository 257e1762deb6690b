from __future__ import annotations

import pytest

from tests.tables.grids import grid, table
from xlsales.tables.body import is_total
from xlsales.tables.mapping import survey


@pytest.mark.parametrize(
    "text",
    [
        "合计", "合 计", "小计：", "总计", "本页小计", "本月合计", "华东区 小计", "张三 汇总", "合计金额：",
        "合计12笔", "Total", "TOTAL:", "Grand Total", "Subtotal", "Sub-total", "North Total", "Totals",
    ],
)  # fmt: skip
def test_these_label_a_total(text):
    assert is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "Total Energies",
        "会计基础",
        "合计科技有限公司",
        "TotalEnergies SE",
        "统计学",
        "小计算盘班",
        "Teetotal",
        "总计划",
    ],
)
def test_these_do_not(text):
    assert not is_total(text)


def orders(text):
    return survey([table(text)]).tables[0]


def test_totals_and_subtotals_are_left_out_and_listed():
    raw = orders("""
        订单编号 | 下单日期   | 顾问     | 金额
        0001     | 2026-03-01 | 李娜     | 100
        0002     | 2026-03-02 | 李娜     | 200
                 |            | 李娜小计 | 300
        0003     | 2026-03-02 | 王强     | 50
        总计     |            |          | 350
    """)
    assert raw.frame["amount"].tolist() == ["100", "200", "50"]
    assert raw.skipped == ((4, "李娜小计"), (6, "总计"))


def test_a_label_in_a_column_of_no_meaning_marks_a_total_too():
    raw = orders("""
        序号 | 下单日期   | 金额
        1    | 2026-03-01 | 100
        合计 |            | 100
    """)
    assert raw.skipped == ((3, "合计"),)


def test_a_customer_who_is_called_like_a_total_stays():
    raw = orders("""
        Order ID | Order date | Customer       | Amount
        1        | 2026-03-01 | Total Energies | 100
        2        | 2026-03-02 | Total          | 200
    """)
    assert raw.frame["customer"].tolist() == ["Total Energies", "Total"]
    assert raw.skipped == ()


def test_a_daily_sheet_that_sums_up_its_reps_loses_the_sums_though_they_have_a_date():
    raw = orders("""
        日期       | 顾问 | 销售额
        2026-03-01 | 李娜 | 100
        2026-03-01 | 合计 | 100
    """)
    assert raw.frame["amount"].tolist() == ["100"]


def test_a_total_of_targets_stands_where_the_month_should():
    raw = orders("""
        月份    | 顾问 | 目标
        2026-03 | 李娜 | 100
        合计    |      | 100
    """)
    assert raw.skipped == ((3, "合计"),)


def test_headers_and_titles_repeated_by_page_breaks_are_left_out_and_listed():
    raw = orders("""
        三月订单 |
        订单编号 | 下单日期   | 金额
        0001     | 2026-03-01 | 100
        三月订单 |
        订单编号 | 下单日期   | 金额
        0002     | 2026-03-02 | 200
    """)
    assert raw.frame["order_id"].tolist() == ["0001", "0002"]
    assert raw.skipped == ((4, "三月订单"), (5, "订单编号"))


def test_a_row_that_is_blank_but_for_an_excel_error_stays():
    sheet = grid([["下单日期", "金额"], ["2026-03-01", "1"], ["", "", "x"]], errors=[(3, 1)])
    raw = survey([sheet]).tables[0]
    assert raw.frame.index.tolist() == [2, 3]
    assert raw.errors == ((3, "amount"),)
