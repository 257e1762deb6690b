"""Names of whoever came by are no customers in any count, but bring money; real names are not caught."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from tests.metrics.frames import scope, table
from xlsales.metrics._catalogue import compute
from xlsales.metrics._customers import cohorts, repeat_rate, rfm
from xlsales.metrics._passers_by import nobody

PASSERS_BY = (
    *("散客", "(散客)", "散　客", "散客客户", "门店散客", "现金散客", "微信散客", "散客001", "零散客户"),
    *("匿名", "匿名用户", "匿名顾客", "匿名买家", "匿名用户8f3a", "游客", "路人", "过客", "过路客", "零售"),
    *("零售客户", "临时客户", "现金客户", "未知客户", "测试", "测试客户", "Walk-in", "walk in", "walk_in"),
    *("Walk-in customers", "Walk–in", "Store walk-in", "anonymous", "anonymous customer", "Anonymous buyer"),
    *("guest", "GUEST", "ＧＵＥＳＴ", "Guests", "Guest Checkout", "Cash", "Cash sales", "cash customer"),
    *("Unknown", "retail customer", "test customer"),
)
NAMES = (
    *("零售事业部", "新零售科技", "路人甲餐饮", "游客中心", "散客之家旅行社", "匿名科技有限公司"),
    *("测试设备厂", "张三", "C0001", "Cash Converters Ltd", "Johnny Cash", "Guest House Co", "Walkinshaw"),
    *("The Retail Group", "Testa", "Walking Tours", "Mary Walkins", "Alcoholics Anonymous", "Ж Guest"),
    "Anonymous Coffee Ltd",
)


def orders(account_id: str, customer: str) -> pd.DataFrame:
    return table(
        "orders",
        f"""
        order_id | order_date | customer_id | customer | amount
        1        | 2026-10-01 | C1          | 甲       | 500
        2        | 2026-10-02 | {account_id} | {customer} | 9000
        3        | 2026-10-03 | C2          | 乙       | 400
        4        | 2026-10-04 | C3          | 丙       | 100
        """,
    )


def scored(rows: object) -> list[str]:
    return sorted(compute("rfm_scores", {"orders": rows}, scope("2026-10"))["account_id"])


@pytest.mark.parametrize("name", PASSERS_BY)
@pytest.mark.parametrize("where", ["name", "id", "name beside an id", "id beside a name"])
def test_whoever_came_by_is_nobody(name: str, where: str) -> None:
    given = {"name": ("", name), "id": (name, ""), "name beside an id": ("C9", name)}
    assert scored(orders(*given.get(where, (name, "张三")))) == ["C1", "C2", "C3"]
    assert nobody(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_name_stays_a_customer(name: str) -> None:
    assert scored(orders("", name)) == sorted(["C1", "C2", "C3", name])
    assert scored(orders(name, "")) == sorted(["C1", "C2", "C3", name])
    assert not nobody(name)


def test_a_zero_is_no_customer_but_leaves_a_known_id_alone() -> None:
    assert scored(orders("", "0")) == ["C1", "C2", "C3"]
    assert scored(orders("C9", "0")) == ["C1", "C2", "C3", "C9"]


def test_an_engine_knows_the_same_passers_by() -> None:
    duckdb = pytest.importorskip("duckdb")
    lines = [f"{k} | 2026-10-02 | {name} | 10" for k, name in enumerate((*PASSERS_BY, *NAMES))]
    rows = table("orders", "\n".join(["order_id | order_date | customer | amount", *lines]))
    assert scored(rows) == sorted(NAMES)
    with duckdb.connect() as connection:
        assert scored(connection.from_arrow(pa.Table.from_pandas(rows))) == sorted(NAMES)


def test_no_metric_counts_them_as_a_customer_and_their_money_stays_in_the_sales() -> None:
    rows, about = {"orders": orders("C9", "散客")}, scope("2026-10")
    tiers = compute("value_tiers", rows, about)
    assert tiers[["tier", "customers", "amount"]].values.tolist() == [["A", 2, 500 + 400], ["B", 1, 100]]
    assert compute("tier_migration", rows, about)["customers"].sum() == 3
    new = compute("new_customers", rows, about)
    assert new[["new_customers", "anonymous_amount"]].values.tolist() == [[3, 9000]]
    assert compute("concentration", rows, about)[["customers", "anonymous"]].values.tolist() == [[3, 9000]]
    assert compute("retention", rows, scope("2026-11"))["size"].max() == 3
    assert compute("repurchase", rows, about)["customers"].tolist() == [3]
    assert compute("ltv", rows, about)["customers"].tolist()[:2] == [3, 3]
    assert compute("sales", rows, about)["amount"].tolist() == [500 + 9000 + 400 + 100]


def test_the_functions_on_lists_skip_them_too() -> None:
    day = pd.Timestamp("2026-10-01").date()
    who, days = ["甲", "散　客", "ＧＵＥＳＴ"], [day] * 3
    assert [one.customer for one in rfm(who, days, [100.0, 9000.0, 50.0], day)] == ["甲"]
    assert cohorts(who, days, 1)[0][1] == 1
    assert repeat_rate(who, days)[2] == 1
