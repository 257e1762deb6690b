"""Which kinds of costs win customers, in Chinese and English; the engines agree."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from xlsales.metrics._spending import wins_customers

COUNT = (
    *(
        "广告费",
        "销售提成",
        "Sales commission",
        "课程顾问工资",
        "Salaries",
        "平台佣金",
        "推广费",
        "人员成本",
        "其他",
    ),
    *(
        "展位租金",
        "试听课老师课时费",
        "Trial lessons",
        "Current month",
        "Parent meeting",
        "Gasoline",
        "Advertising",
    ),
    *("老师转介绍奖励", "Stand rental at a trade exhibition", None),
)
LEFT_OUT = (
    *(
        "房租",
        "门店租金",
        "水电费",
        "教师课时费",
        "老师工资",
        "货款",
        "销售成本",
        "教材采购",
        "增值税",
        "办公室行政",
    ),
    *(
        "Rent",
        "store RENT",
        "Utilities",
        "Teachers' pay",
        "Teaching hours",
        "Cost of goods sold",
        "Cost of Sales",
    ),
)
KINDS = pd.DataFrame({"kind": [*COUNT, *LEFT_OUT]})
EXPECTED = [True] * len(COUNT) + [False] * len(LEFT_OUT)


def test_rent_teaching_and_goods_are_left_out_and_what_is_not_clear_counts() -> None:
    found = nw.from_native(KINDS).select(nw.col("kind"), counts=wins_customers()).to_native()
    assert dict(zip(found["kind"], found["counts"], strict=True)) == dict(
        zip(KINDS["kind"], EXPECTED, strict=True)
    )


def test_duckdb_tells_them_apart_alike() -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        there = nw.from_native(connection.from_arrow(pa.Table.from_pandas(KINDS))).filter(~wins_customers())
        assert set(there.collect("pandas").to_pandas()["kind"]) == set(LEFT_OUT)
