from __future__ import annotations

import pytest

from xlsales.tables.names import key, read_unit, stated_unit


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("Customer ID", "customerid"),
        ("customer_id", "customerid"),
        ("Ｃustomer\u200b-Ｉd\xa0", "customerid"),
        ("金 额（元）", "金额"),
        ("金额\n(RMB)", "金额"),
        ("【必填】客户名称", "客户名称"),
        ("*客户名称(必填)", "客户名称"),
        ("日期(YYYY-MM-DD)", "日期"),
        ("数量(件)", "数量"),
        ("Amount [USD]", "amount"),
        ("金额（含税）", "金额含税"),
        ("Revenue, USD m", "revenue"),
        ("Discount %", "discount%"),
        ("Order #", "order#"),
    ],
)
def test_headers_that_differ_in_spelling_only_have_one_key(written, means):
    assert key(written) == means


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("金额", None),
        ("金额（元）", 1),
        ("金额(万元)", 10_000),
        ("目标【万】", 10_000),
        ("销售额万元", 10_000),
        ("常住人口（万人）", 10_000),
        ("销售额/亿元", 100_000_000),
        ("Sales (k)", 1_000),
        ("Amount ($000)", 1_000),
        ("Revenue, USD m", 1_000_000),
        ("Revenue, $m", 1_000_000),
        ("Amount (含税)", None),
    ],
)
def test_the_unit_beside_a_header_is_remembered(header, factor):
    assert read_unit(header)[1] == factor


@pytest.mark.parametrize(
    ("title", "factor"),
    [
        ("2026年销售目标（单位：万元）", 10_000),
        ("单位: 元", 1),
        ("USD in thousands", 1_000),
        ("2026年销售目标", None),
    ],
)
def test_a_title_may_state_the_unit_of_the_whole_sheet(title, factor):
    assert stated_unit(title) == factor
