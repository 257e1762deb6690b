from __future__ import annotations

from tests.tables.grids import table
from xlsales.tables.mapping import survey


def only(text, **more):
    found = survey([table(text, **more)])
    assert found.ignored == ()
    return found.tables[0]


def test_the_header_is_found_below_title_rows():
    raw = only("""
        某某教育集团 |            |
        报名明细表   | 2026年3月  |

        报名日期     | 学员       | 实收金额
        2026-03-01   | 李小明     | 3200
    """)
    assert raw.header_rows == (4,)
    assert raw.frame.index.tolist() == [5]


def test_a_two_row_header_is_joined_and_merged_group_names_carry_to_the_right():
    raw = only("""
        客户     |      | 订单     |            |        | 备注
        编号     | 名称 | 编号     | 日期       | 金额   |
        00030    | 甲   | S001     | 2026-03-01 | 100    | 无
    """)
    assert raw.header_rows == (1, 2)
    assert raw.letters == {
        "order_id": "C",
        "order_date": "D",
        "customer_id": "A",
        "customer": "B",
        "amount": "E",
    }
    assert raw.frame["customer_id"].tolist() == ["00030"]
    assert [m.header for m in raw.matches] == [
        "客户 编号",
        "客户 名称",
        "订单 编号",
        "订单 日期",
        "订单 金额",
        "备注",
    ]


def test_headers_merged_over_both_rows_do_not_carry():
    raw = only("""
        下单日期   | 顾问 |      | 金额 |
                   |      | 备注 | 应收 | 实收
        2026-03-01 | 李娜 | 无   | 120  | 100
    """)
    assert raw.header_rows == (1, 2)
    assert raw.letters == {"order_date": "A", "rep": "B", "amount": "E"}


def test_a_first_data_row_of_known_words_is_not_taken_into_the_header():
    raw = only("""
        咨询日期   | 媒体 | 顾问
        2026-03-01 | 电话 | 李娜
    """)
    assert raw.header_rows == (1,)
    assert raw.frame.index.tolist() == [2]


def test_generic_headers_above_the_true_header_are_a_title():
    raw = only("""
        Column1    | Column2     | Column3
        CustomerID | CompanyName | Phone
        ALFKI      | Alfreds     | 030-0074321
    """)
    assert (raw.table.key, raw.header_rows) == ("customers", (2,))
    assert raw.frame["customer_id"].tolist() == ["ALFKI"]
