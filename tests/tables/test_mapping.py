from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables.grids import grid, table
from xlsales.tables.mapping import survey


def ways(raw):
    return {m.header: (m.how, m.column) for m in raw.matches}


def test_each_header_says_how_it_got_its_column():
    (raw,) = survey([
        table(
            """
            下单日期   | 客户名称 | 实收金额（元） | 渠 道 | 业务部们 | 经纬度
            2026-03-01 | 甲       | 100            | 线上  | 一部     | x
            """
        )
    ]).tables  # fmt: skip
    assert ways(raw) == {
        "下单日期": ("exact", "order_date"),
        "客户名称": ("alias", "customer"),
        "实收金额（元）": ("normalised", "amount"),
        "渠 道": ("normalised", "channel"),
        "业务部们": ("suggested", "team"),
        "经纬度": ("unmapped", None),
    }
    assert "team" not in raw.frame


@pytest.mark.parametrize(
    ("headers", "winner"),
    [
        (["总金额", "买家实际支付金额"], "买家实际支付金额"),
        (["买家实际支付金额", "金额"], "金额"),
        (["OrderDateKey", "OrderDate"], "OrderDate"),
        (["实收 金额", "实收金额"], "实收金额"),
        (["实收金额", "实收金额"], "实收金额"),
    ],
)
def test_of_two_headers_for_one_column_the_clearer_wins_and_the_other_is_suggested(headers, winner):
    others = ["下单日期", "客户", "单价"] if "OrderDate" not in headers else ["客户", "金额", "单价"]
    (raw,) = survey([grid([[*others, *headers], ["a", "b", "c", "d", "e"]])]).tables
    applied = [m for m in raw.matches[3:] if m.how != "suggested"]
    assert [m.header for m in applied] == [winner]
    assert {m.column for m in raw.matches[3:]} == {applied[0].column}


def test_of_two_equal_headers_the_left_one_wins():
    (raw,) = survey([grid([["下单日期", "金额", "金额"], ["2026-03-01", "1", "2"]])]).tables
    assert raw.frame["amount"].tolist() == ["1"]


def test_money_in_units_of_ten_thousand_is_marked_and_not_changed():
    (raw,) = survey([table("月份 | 目标（万元）\n2026-03 | 12.5")]).tables
    assert (raw.frame["target"].tolist(), raw.scale) == (["12.5"], {"target": 10_000})


def test_the_unit_of_a_title_holds_for_money_only_and_the_header_overrides_it():
    (raw,) = survey([
        table(
            """
            销售明细（单位：万元） |
            下单日期   | 数量 | 单价（元） | 金额
            2026-03-01 | 2    | 5          | 0.001
            """
        )
    ]).tables  # fmt: skip
    assert raw.scale == {"amount": 10_000}


def test_quantity_and_price_stand_in_for_an_amount():
    (raw,) = survey([table("InvoiceDate | Quantity | Price\n2010-12-01 | 6 | 2.55")]).tables
    assert raw.table.key == "orders"
    assert list(raw.frame) == ["order_date", "quantity", "unit_price"]


@pytest.mark.parametrize(
    ("sheet", "key"), [("收款", "payments"), ("Refunds", "refunds"), ("Sheet1", "orders")]
)
def test_the_sheet_name_decides_only_between_tables_that_fit_as_well(sheet, key):
    text = "订单编号 | 日期 | 金额\nA1 | 2026-03-01 | 5"
    assert survey([table(text, sheet=sheet)]).tables[0].table.key == key
    more = "订单编号 | 日期 | 金额 | 顾问\nA1 | 2026-03-01 | 5 | 李娜"
    assert survey([table(more, sheet=sheet)]).tables[0].table.key == "orders"


def test_an_order_list_without_amounts_is_not_taken_for_customers():
    found = survey([
        table(
            """
            OrderID | CustomerID | EmployeeID | OrderDate  | ShipCountry
            10248   | WILMK      | 5          | 1996-07-04 | France
            """
        )
    ])  # fmt: skip
    (ignored,) = found.ignored
    assert (ignored.reason, ignored.table, ignored.missing) == ("missing_columns", "orders", ("amount",))
    assert [m.column for m in ignored.matches] == ["order_id", "customer_id", "rep", "order_date", "region"]


def keys(*texts, names=()):
    sheets = [
        table(text, sheet=name) for text, name in zip(texts, names or ["Sheet1"] * len(texts), strict=True)
    ]
    found = survey(sheets)
    return [raw.table.key for raw in found.tables] + [it.reason for it in found.ignored]


HEADS = "订单编号 | 下单日期   | 客户\nA1 | 2026-03-01 | 甲"
LINES = "订单编号 | 课程 | 数量 | 单价\nA1 | 钢琴 | 2 | 5"
TOTALS = "订单编号 | 下单日期   | 客户 | 金额\nA1 | 2026-03-01 | 甲 | 10"


def test_headers_and_lines_of_orders_are_such_only_where_there_are_both():
    assert keys(HEADS, LINES) == ["order_headers", "order_lines"]
    assert keys(TOTALS, LINES) == ["order_headers", "order_lines"]
    assert keys(TOTALS) == ["orders"]
    assert keys(HEADS) == keys(LINES) == ["missing_columns"]
    assert keys(HEADS, HEADS) == keys(LINES, LINES) == ["missing_columns"] * 2


def test_orders_that_say_what_was_sold_are_no_headers_of_anything():
    whole = "订单编号 | 下单日期 | 课程 | 金额\nA1 | 2026-03-01 | 钢琴 | 10"
    assert keys(whole, LINES) == ["orders", "missing_columns"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("合同编号 | 签约日期 | 合同到期日期 | 合同金额\nA | 2026-03-01 | 2027-02-28 | 5", "合同"),
        ("发票号码 | 开票日期 | 税额 | 价税合计 | 业务日期\n1 | 2026-03-01 | 1 | 9 | 2026-03-01", "开票"),
    ],
)  # fmt: skip
def test_contracts_and_invoices_are_the_orders_where_there_are_no_others(text, name):
    other = {"合同": "contracts", "开票": "invoices"}[name]
    assert keys(text, names=[name]) == ["orders"]
    assert keys(text, TOTALS, names=[name, "订单"]) == [other, "orders"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("日期 | 顾问 | 金额\n2026-03-01 | 李娜 | 5", "orders"),
        ("月份 | 渠道 | 金额\n2026-03 | 线上 | 5", "missing_columns"),
        ("姓名 | 部门\n李娜 | 一部", "missing_columns"),
        ("课程 | 单价\n钢琴 | 5", "missing_columns"),
        ("顾问 | 团队 | 2026年1月 | 2026年2月 | 2026年目标\n李娜 | 一部 | 5 | 6 | 11", "targets"),
        ("课程 | 类别 | 2026年1月目标 | 2026年2月目标\n钢琴 | 器乐 | 5 | 6", "targets"),
        ("客户编号 | 客户 | 建档日期 | 电话 | 顾问\nC1 | 甲 | 2026-03-01 | 1 | 李娜", "customers"),
        ("线索编号 | 咨询日期 | 顾问 | 阶段 | 结束日期\nL1 | 2026-03-01 | 李娜 | 咨询 | 2026-04-01", "leads"),
    ],
)  # fmt: skip
def test_no_other_table_takes_a_sheet_for_which_nothing_but_common_headers_speaks(text, key):
    assert keys(text) == [key]


def test_a_list_of_prices_or_people_is_known_by_its_name_or_its_own_words():
    assert keys("课程 | 单价\n钢琴 | 5", names=["价目表"]) == ["products"]
    assert keys("姓名 | 部门\n李娜 | 一部", names=["2026花名册"]) == ["roster"]
    assert keys("课程 | 标准价\n钢琴 | 5") == ["products"]
    assert keys("姓名 | 入职日期\n李娜 | 2020-01-01") == ["roster"]


def test_sheets_that_are_none_of_ours_are_listed_with_the_reason():
    found = survey([grid([], sheet="空"), grid([["买菜", "牛奶"], ["2", "3"]], sheet="备忘")])
    assert [(it.sheet, it.reason) for it in found.ignored] == [("空", "empty"), ("备忘", "no_header")]


def test_rows_without_a_header_are_not_read_as_a_table():
    rows = [["1", "272", "20101229", "2010", "4", "28000.0000", "2010-12-29 00:00:00.000"]] * 5
    assert survey([grid(rows)]).ignored[0].reason == "no_header"


def test_several_sheets_of_one_table_stay_apart_and_in_order():
    sheets = [table("下单日期 | 金额\n2026-03-01 | 1", sheet=name) for name in ("b", "a")]
    assert [raw.sheet for raw in survey(sheets).tables] == ["b", "a"]


def test_tables_that_stand_below_each_other_are_kept_apart():
    first, second = survey([
        table(
            """
            订单编号 | 下单日期   | 金额
            A1       | 2026-03-01 | 100
            A2       | 2026-03-02 | 200

            订单编号 | 退款日期   | 退款金额 | 退款原因
            A1       | 2026-03-05 | 50       | 搬家
            """
        )
    ]).tables  # fmt: skip
    assert (first.table.key, first.frame["amount"].tolist()) == ("orders", ["100", "200"])
    assert (second.table.key, second.cells("amount")) == ("refunds", ["C6"])


def test_of_a_header_in_two_languages_the_lower_line_holds():
    (raw,) = survey([
        table(
            """
            订单编号 | 下单日期   | 金额
            order_id | order_date | amount
            A1       | 2026-03-01 | 100
            """
        )
    ]).tables  # fmt: skip
    assert (raw.header_rows, raw.frame["amount"].tolist()) == ((2,), ["100"])


HEADERS = ["订单编号", "下单日期", "客户编号", "课程", "顾问", "金额"]
ROWS = [[f"000{k}", f"2026-03-0{k}", f"C0{k}", "钢琴", "李娜", f"{k}00.5"] for k in range(1, 6)]
TEXT = st.one_of(
    st.sampled_from(
        ["合计", "顾问", "金额", "1月", "2月", "2026-01", "目标", "单位：万元", "下单日期", "12", "Total"]
    ),
    st.text(max_size=6),
)


@given(
    titles=st.lists(st.lists(st.text("甲乙丙丁x ", max_size=5), max_size=6), max_size=8),
    first_row=st.integers(1, 40),
    first_column=st.integers(0, 30),
    order=st.permutations(range(len(HEADERS))),
)
@settings(max_examples=60, deadline=None)
def test_a_table_is_found_under_any_titles_at_any_offset(titles, first_row, first_column, order):
    lines = [[HEADERS[k] for k in order], *([row[k] for k in order] for row in ROWS)]
    sheet = grid([*titles, *lines], first_row=first_row, first_column=first_column)

    (raw,) = survey([sheet]).tables

    cells = {}
    for number, line in enumerate(lines[1:], start=first_row + len(titles) + 1):
        for k, text in enumerate(line):
            cells[f"{sheet.letter(k)}{number}"] = text
    found = {
        cell: text for name in raw.frame for cell, text in zip(raw.cells(name), raw.frame[name], strict=True)
    }
    assert found == cells
    assert raw.header_rows[-1] == first_row + len(titles)


@given(st.lists(st.lists(TEXT, max_size=6), max_size=8), st.sampled_from(["Sheet1", "2026年目标"]))
@settings(max_examples=200, deadline=None)
def test_no_text_whatever_breaks_the_survey(rows, sheet):
    given_sheet = grid(rows, sheet=sheet)
    before = given_sheet.rows.copy()

    found = survey([given_sheet])

    assert len(found.tables) + len(found.ignored) >= 1
    assert given_sheet.rows.equals(before)
    for raw in found.tables:
        assert set(raw.letters) == set(raw.frame)
        for name in raw.frame:
            for cell, text in zip(raw.cells(name), raw.frame[name], strict=True):
                assert cell[-1].isdigit()
                assert isinstance(text, str) or math.isnan(text)


def test_the_order_of_rows_changes_nothing_but_the_order_of_rows():
    rows = [*ROWS, ["", "", "", "", "合计", "999"]]
    shuffled = random.Random(7).sample(rows, len(rows))
    one, other = (survey([grid([HEADERS, *them])]).tables[0] for them in (rows, shuffled))
    assert sorted(one.frame.to_numpy().tolist()) == sorted(other.frame.to_numpy().tolist())
    assert [label for _, label in one.skipped] == [label for _, label in other.skipped] == ["合计"]


def test_a_running_number_tells_no_rows_apart_but_any_other_unknown_column_does():
    def digests(header: str) -> int:
        rows = [["订单编号", "下单日期", "金额", header], *(["A", "2026-10-01", "1", x] for x in "12")]
        (raw,) = survey([grid(rows)]).tables
        return 1 if raw.rest is None else raw.rest.nunique()

    assert (digests("序号"), digests("仓位")) == (1, 2)


def test_inhabitants_are_counted_in_the_unit_of_their_header_alone():
    (raw,) = survey([table("单位：万元 |\n地区 | 常住人口（万人）\n东 | 12.5")]).tables
    assert (raw.table.key, raw.scale) == ("population", {"population": 10_000})
    (raw,) = survey([table("单位：万元 |\n地区 | 人口\n东 | 125000")]).tables
    assert (raw.table.key, raw.scale.get("population", 1)) == ("population", 1)
