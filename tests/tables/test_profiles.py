from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.tables.profiles import plain, profile, tags


@pytest.mark.parametrize(
    ("names", "tag"),
    [
        (
            "2026-10门店报表.xlsx|门店报表 2026年11月.xlsx|门店报表(1-9月) - 副本.xls|门店报表_20261031.csv",
            "门店报表",
        ),
        ("展会1月至10月|展会（十月份）|展会 第40周|2026年展会|展会Q3|展会上半年|本月展会", "展会"),
        (
            "Store sales Oct 2026.xlsx|Copy of Store sales 2026-11.xlsx|Store sales_FY26 v2 (1).csv",
            "Store sales",
        ),
        ("orders_export_1.csv|orders_export_2 (3).csv", "orders export"),
        ("1688订单202610.xlsx|2026-11-30 1688订单.xlsx", "1688订单"),
        ("58同城 10月.csv", "58同城"),
        ("Year 2009-2010|Month 3|2026年度|Q3 2026|月度 10月", ""),
        ("Sheet1|工作表2|2026-10|数据|report (3).xlsx|导出数据_20261031.xls|Book1.xlsx|", ""),
        ("Mayor sales|Mayor sales May", "Mayor sales"),
    ],
)
def test_a_name_is_told_without_dates_numbers_and_marks_of_copies(names, tag):
    assert {plain(name) for name in names.split("|")} == {tag}


def test_an_export_has_one_profile_every_month_also_in_a_renamed_workbook():
    headers = ["订单编号", "金额"]
    assert profile("有赞订单202610.xlsx", "Sheet1", headers) == profile("有赞订单202611.xlsx", "工作表1", [])
    assert profile("月报.xlsx", "门店10月", headers) == profile("月报-终版 王.xlsx", "门店11月", headers)
    assert profile("门店.xlsx", "Sheet1", headers) != profile("展会.xlsx", "Sheet1", headers)


def test_where_no_name_says_anything_the_headers_do_in_any_order_and_spelling():
    one = profile("export.xlsx", "Sheet1", ["订单编号", "金额（元）"])
    assert one == profile("Book2.xlsx", "Sheet3", ["金 额", "订单编号", ""])
    assert one != profile("export.xlsx", "Sheet1", ["线索编号", "金额"])


def test_sheets_of_one_name_in_files_of_several_are_shown_with_both():
    assert tags(
        [
            ("2026-10门店.xlsx", "订单"),
            ("2026-11门店.xlsx", "订单"),
            ("展会.xlsx", "订单"),
            ("展会.xlsx", "退款"),
        ]
    ) == {
        ("2026-10门店.xlsx", "订单"): "门店 · 订单",
        ("2026-11门店.xlsx", "订单"): "门店 · 订单",
        ("展会.xlsx", "订单"): "展会 · 订单",
        ("展会.xlsx", "退款"): "退款",
    }
    assert tags([("CRM 1.csv", "CRM 1"), ("crm 2.csv", "crm 2")]) == {
        ("CRM 1.csv", "CRM 1"): "CRM",
        ("crm 2.csv", "crm 2"): "CRM",
    }
    years = [("shop.xlsx", "Year 2009-2010"), ("shop.xlsx", "Year 2010-2011")]
    assert set(tags(years).values()) == {"shop"}
    assert tags([("a.csv", "a"), ("export.xlsx", "Sheet1")]) == {
        ("a.csv", "a"): "a",
        ("export.xlsx", "Sheet1"): "export.xlsx",
    }


@given(st.text(max_size=30))
def test_a_plain_name_is_plain(name):
    assert plain(plain(name)) in (plain(name), "")
