"""What people write in the rules sheet is understood, done and counted, or refused with its word."""

from __future__ import annotations

import pytest

from tests.clean.sheets import sheet
from xlsales.clean.clean import clean
from xlsales.clean.read import read_rows
from xlsales.clean.rules.conditions import NotUnderstoodError, condition
from xlsales.clean.rules.user_rules import applied
from xlsales.tables.specs import table

ORDERS = """
    order_id | order_date | amount | product   | customer | channel | status
    O1       | 2026-10-01 | 0.5    | 体验课    | 王芳     | 抖音    | 有效
    O2       | 2026-10-02 | 200    | 英语 Trial| 李雷     | 小红书  | 已取消
    O3       | 2026-10-03 | 5000   | 钢琴      |          | 抖音    | 有效
    O4       | 2026-10-04 | 9000   | 钢琴      | 韩梅梅   |         | 有效
"""


@pytest.mark.parametrize(
    ("said", "hit"),
    [
        ("金额 < 1 且 课程 包含 体验", [1]),
        ("金额<1且课程包含体验", [1]),
        ("金额＜1 并且 课程 包含 “体验”", [1]),
        ('amount <= 0.5 and product contains "体验"', [1]),
        ("product contains trial", [2]),
        ("课程 不包含 钢琴", [1, 2]),
        ("客户 为空 或 渠道 为空", [3, 4]),
        ("customer is blank or channel is blank", [3, 4]),
        ("customer is not blank", [1, 2, 4]),
        ("渠道 属于 (抖音、小红书)", [1, 2, 3]),
        ("渠道 属于 抖音、小红书", [1, 2, 3]),
        ("channel in (抖音, 微信)", [1, 3]),
        ("channel not in (抖音, 微信)", [2, 4]),
        ("渠道 不等于 抖音", [2, 4]),
        ("下单日期 >= 2026-10-03", [3, 4]),
        ("下单日期 早于 2026年10月3日", [1, 2]),
        ("状态 = 已取消", [2]),
        ("status = cancelled", [2]),
        ("非 状态 = 已取消 且 (金额 >= 5千 或 客户 等于 王芳)", [1, 3, 4]),
        ("amount > 1 and amount < 6000 or customer = 韩梅梅", [2, 3, 4]),
        ("not (amount > 1)", [1]),
        ("金额 = 200", [2]),
        ("课程 开头是 英语", [2]),
        ("订单金额 大于等于 5,000.00", [3, 4]),
    ],
)
def test_a_condition_holds_of_the_rows_it_says(said: str, hit: list[int]) -> None:
    rows = read_rows([sheet("orders", ORDERS)])
    mask = condition(said, table("orders"))(rows)
    assert [at + 1 for at, one in enumerate(mask) if one] == hit


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("", ""),
        ("价钱儿 < 1", "价钱儿"),
        ("金额 包涵 1", "包涵"),
        ("金额 < 很多", "很多"),
        ("课程 < 3", "<"),
        ("金额 < 1 且", ""),
        ("(金额 < 1", "("),
        ("金额 < 1 ) 且", ")"),
        ("下单日期 >= soon", "soon"),
        ("__import__('os') = 1", "__import__"),
    ],
)
def test_what_is_not_understood_is_named(said: str, word: str) -> None:
    with pytest.raises(NotUnderstoodError) as stopped:
        condition(said, table("orders"))
    assert word in stopped.value.word


RULES = """
    rule   | table  | condition          | action | value
    体验   |        | 金额 < 1           | 改为   | 类型=体验单
    大单   | 订单   | 课程 = 钢琴        | 封顶   | 6000
    退单   | orders | 状态 = 已取消      | 剔除   |
    无人   | 订单   | customer is blank  | flag   |
    百万   | 订单   | 金额 > 100万       | 剔除   |
    错     | 订单   | 金额 包涵 1        | 剔除   |
"""


def test_rules_are_obeyed_counted_and_tie_out() -> None:
    cleaned = clean([sheet("orders", ORDERS), sheet("rules", RULES, name="清洗规则")])
    orders = cleaned.tables["orders"].set_index("order_id")
    assert orders["amount"].to_dict() == {"O1": 0.5, "O3": 5000, "O4": 6000}
    assert orders.loc["O1", "type"] == "体验单"
    done = applied(cleaned).set_index("rule")
    assert done["rows"].to_dict() == {"体验": 1, "大单": 1, "退单": 1, "无人": 1, "百万": 0, "错": 0}
    assert done["value"].to_dict() == {
        "体验": 0,
        "大单": -3000,
        "退单": 200,
        "无人": 5000,
        "百万": 0,
        "错": 0,
    }
    assert done.loc["错", "problem"] == "包涵"
    changes = cleaned.changes[["rule", "cell", "before", "after", "origin"]].to_numpy().tolist()
    assert ["user_rule", "C5", "9000", "6000", "清洗规则!C3"] in changes
    issue = cleaned.issues[cleaned.issues["rule"] == "rule_not_understood"].iloc[0]
    assert (issue["sheet"], issue["cell"], issue["suggestion"]) == ("清洗规则", "C7", "包涵")
    money = cleaned.reconciliations[0]
    assert money.ties
    assert (money.amount_in, money.amount_out) == (14200.5, 11000.5)
    assert {one.rule: one.amount for one in money.exclusions} == {
        "user_excluded": 200,
        "changed_amount": 3000,
    }
