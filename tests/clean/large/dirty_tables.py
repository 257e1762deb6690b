"""Tables in files that break every rule an engine can judge by, with a workbook that stays in memory.

It has the users' own rules, aliases, and customers in another spelling than the orders have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from xlsales.clean.score import by_owner
from xlsales.tables.declared import source
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsales.clean.clean import Cleaned
    from xlsales.tables.declared import Source

RULES = [
    ("试听不计", "订单", "课程 包含 试听 或 金额 >= 90000 且 顾问 = 周凯", "剔除", ""),
    ("大单看一眼", "", "金额 > 900 且 非 校区 属于 (城西, 江南)", "标记", ""),
    ("封顶", "订单", "校区 = 江南 且 下单日期 < 2026-02-01", "封顶", "金额 = 950"),
    ("补渠道", "订单", "渠道 为空", "改为", "渠道 = 自然到访"),
    ("无人命中", "线索", "顾问 开头是 无", "标记", ""),
]
ALIASES = [("渠道", "DY", "抖音"), ("校区", "江南校区", "江南")]
CUSTOMERS = [
    ("C98", "NORTHWIND TRADING Co., Ltd."),
    ("C97", "没有订单的公司"),
    ("C96", "甲公司"),
    ("C96", "乙公司"),
    ("C95", None),
]
COMPARED = [
    *("table", "field", "rule", "severity", "action", "source", "cell", "value", "suggestion", "amount"),
    *("holder", "key", "case"),
]


def day(number: int) -> pd.Timestamp:
    return pd.Timestamp("2026-01-01") + pd.Timedelta(days=number)


def orders() -> pd.DataFrame:
    """Sixty orders of two products at about 1,000 and 300 a unit, and one of every kind of wrong one."""
    n = range(60)
    made = pd.DataFrame(
        {
            "order_id": [f"D{k:04d}" for k in n],
            "order_date": [day(k) for k in n],
            "customer_id": [f"C{k % 17}" for k in n],
            "product": [("钢琴", "绘画", "书法")[k % 3] for k in n],
            "rep": [("李晓雯", "周凯")[k % 2] for k in n],
            "region": [("滨江", "城西", "江南", None)[k % 4] for k in n],
            "channel": [("抖音", None, "地推")[k % 3] for k in n],
            "quantity": [1.0 + k % 2 for k in n],
            "unit_price": [float((1000, 300, 80)[k % 3] + k) for k in n],
        }
    )
    made["amount"] = made["quantity"] * made["unit_price"]
    usual = dict(made.iloc[0])
    wrong: list[dict[str, Any]] = [
        {"product": "钢琴", "amount": 90_000.0, "quantity": None, "unit_price": None},
        {"product": "钢琴", "amount": 9_900.0},
        {"product": "绘画", "amount": 12.0},
        {"product": "绘画", "amount": 0.0},
        {"product": "书法", "amount": 9_999.0, "rep": "周凯"},
        {"product": "书法", "amount": 0.01},
        {"product": "没有的课", "amount": 500.0},
        {"rep": "没有的人"},
        {"rep": "离职的人", "order_date": day(30)},
        {"rep": "离职的人", "order_date": day(3)},
        {"customer_id": None},
        {"unit_price": -5.0},
        {"order_date": day(500)},
        {"product": "试听课", "amount": 700.0},
        {"amount": None},
        {"product": "少儿声乐基础班一期"},
        {"product": "少儿声乐基础班一期"},
        {"product": "少儿声乐基础斑一期"},
        {"amount": -1000.0, "quantity": None},
        {"amount": -70.0},
        {"amount": -1000.0, "quantity": -1.0},
        {"amount": -300.0, "order_id": "D0003"},
        {"amount": -250.0, "order_id": "D0003"},
        {"amount": -300.0, "order_id": "D0004", "quantity": None},
        {"amount": -80.0, "category": "Refund of a course"},
        {"amount": -80.0, "status": "部分退款"},
        {"amount": -80.0, "status": "已付款"},
        {"amount": -80.0, "status": "已取消"},
        {"amount": 800.0, "quantity": 1.0, "unit_price": 1000.0, "discount": 200.0},
        {"amount": 800.0, "quantity": 1.0, "unit_price": 1000.0, "discount": 100.0},
        {"customer_id": None, "customer": "Northwind Trading Company"},
        {"customer_id": "C99", "customer": "Northwind Tradin Company"},
        {"product": "鋼琴", "region": "濱 江", "rep": "周　凯", "channel": "DY"},
        {"product": "鋼琴", "region": "江南校区", "channel": "ＤＹ", "order_date": day(40)},
        {"product": "钢 琴", "region": "江南校区", "order_date": day(41)},
        {"customer_id": "C98", "customer": None},
        {"customer_id": "C98", "customer": "未知"},
        {"customer_id": "C96"},
        {"customer_id": "C96"},
        {"customer_id": "C95", "customer": "只在订单里的公司"},
        {"customer_id": "C5", "order_id": "D0005", "customer": "同一单的客户"},
        {"order_id": "K1", "customer_id": None},
        {"order_id": "K2", "customer_id": None, "order_date": None},
        {"product_id": "K1", "product": None},
        {"product_id": "K2", "product": "画画课"},
        {"product_id": "K2", "product": "画画课"},
        {"product_id": "K3", "product": "書 法"},
        {"product_id": "K4", "product": "钢琴"},
        {"product_id": "K9", "product": "绘画"},
        {"product": "运费", "amount": 10.0},
        {"product_id": "POST", "product": None, "amount": 10.0},
        {"order_date": day(400), "type": "续费"},
        {"order_date": day(400), "type": "续费", "customer_id": "C90"},
        {"order_date": day(300), "type": "续费", "customer_id": "C91"},
        {"order_id": None, "quantity": None, "region": None},
        {"order_id": None, "quantity": None, "region": None},
        {"order_id": None, "quantity": None, "region": None},
        {"order_id": None, "quantity": None, "region": "江南", "rep": None},
        {"order_id": None, "quantity": None, "region": "江南", "rep": None},
        {"order_id": None, "quantity": None, "region": "江南", "rep": "周凯"},
    ]
    more = pd.DataFrame([usual | {"order_id": f"X{k:02d}"} | one for k, one in enumerate(wrong)])
    return pd.concat([made, more], ignore_index=True)


def tables() -> dict[str, pd.DataFrame]:
    leads = pd.DataFrame(
        {
            "lead_id": ["L1", "L2", "L3", "L4", "L5"],
            "created": [day(9) + pd.Timedelta(hours=9), day(9), day(9), day(9), day(2)],
            "contacted": [day(9), day(8), None, day(11), day(4)],
            "trial": [day(12), day(12), day(10), day(10), day(5)],
            "lost": [None, None, day(3), day(20), None],
            "stage": ["试听", "报名", "流失", "流失", "试听"],
            "lost_reason": [None, None, None, "价格", None],
            "amount": [None, None, None, 5.0, None],
            "phone": ["13800001111", None, "+86 138 0000 1111", "13800001111", "13700002222"],
            "customer": ["李雷", None, "李 雷", "韩梅梅", "李雷"],
            "rep": ["李晓雯", "周凯", "没有的人", "离职的人", "离职的人"],
        }
    )
    payments = pd.DataFrame(
        {
            "payment_id": [f"P{k}" for k in range(5)],
            "order_id": ["D0000", "D0001", "D0002", "nie", None],
            "paid_date": [day(0), day(0), day(5), day(5), day(6)],
            "amount": [1000.0, 700.0, 80.0, 10.0, 20.0],
        }
    )
    refunds = pd.DataFrame(
        {
            "refund_id": [f"R{k}" for k in range(5)],
            "order_id": ["D0002", "D0002", "D0004", "D0001", "nie"],
            "refund_date": [day(6), day(7), day(3), day(9), day(9)],
            "amount": [50.0, 40.0, 9_000.0, 5.0, 1.0],
        }
    )
    contracts = pd.DataFrame(
        {
            "contract_id": ["K1", "K2"],
            "customer_id": ["C1", "C2"],
            "start": [day(5), day(50)],
            "end": [day(90), day(40)],
            "signed": [day(4), day(20)],
            "amount": [100.0, 200.0],
            "rep": ["李晓雯", "离职的人"],
        }
    )
    products = pd.DataFrame(
        {
            "product_id": ["K1", "K2", "K3", "K4", "K4"],
            "product": ["钢琴", "绘画", "书法", "试听课", "体验课"],
            "list_price": [1100.0, 400.0, None, None, None],
            "lowest_price": [900.0, None, None, None, None],
        }
    )
    roster = pd.DataFrame(
        {
            "rep": ["李晓雯", "周凯", "离职的人"],
            "joined": [None, day(-200), day(-300)],
            "left": [None, None, day(10)],
        }
    )
    places = ["浙江", "广东", "四川", "湖南", "湖北", "福建", "江西", "山东", "远方分部"]
    shares = [("江苏省", "增长率", "15%"), ("上海", "销售额", "12%"), ("北京", None, "0.8")]
    goals = [*((one, None, "5000") for one in places), *shares]
    targets = pd.DataFrame(goals, columns=["region", "metric", "target"]).assign(period="2026-01")
    made = {"orders": orders(), "leads": leads, "targets": targets, "payments": payments, "refunds": refunds}
    return made | {"contracts": contracts, "products": products, "roster": roster}


def written(folder: Path, keys: Sequence[str] = ()) -> tuple[Path, list[Source]]:
    """All tables, or those of ``keys``, as Parquet files under their titles, and the workbook."""
    sources = []
    for key, frame in tables().items():
        if keys and key not in keys:
            continue
        titled = frame.rename(columns={one.name: one.zh for one in table(key).columns})
        for name in titled:
            if titled[name].dtype == object:
                titled[name] = titled[name].astype("str")
        pq.write_table(pa.Table.from_pandas(titled, preserve_index=False), folder / f"{key}.parquet")
        sources.append(source(key, f"{key}.parquet", folder=folder))
    with xlsxwriter.Workbook(folder / "rules.xlsx") as made:
        sheet = made.add_worksheet("清洗规则")
        for row, cells in enumerate([("规则", "数据表", "条件", "动作", "取值"), *RULES]):
            sheet.write_row(row, 0, cells)
        sheet = made.add_worksheet("别名")
        for row, cells in enumerate([("类型", "别名", "标准名称"), *ALIASES]):
            sheet.write_row(row, 0, cells)
        sheet = made.add_worksheet("客户")
        for row, cells in enumerate([("客户编号", "客户名称"), *CUSTOMERS]):
            sheet.write_row(row, 0, cells)
    return folder / "rules.xlsx", sources


def respelled(cleaned: Cleaned) -> pd.DataFrame:
    """The names that changed, each with its first cell and the count of cells."""
    changes = cleaned.changes[
        cleaned.changes["rule"].isin(["alias", "one_spelling", "name_by_code", "filled"])
    ]
    changes = changes.assign(row=changes["cell"].str.extract("([0-9]+)$")[0].astype(int))
    keys = ["table", "field", "before", "after", "rule", "origin"]
    changes = changes.sort_values([*keys, "source", "row"])
    return changes.groupby(keys, as_index=False).agg(
        {"source": "first", "sheet": "first", "cell": "first", "times": "sum"}
    )


def found(cleaned: Cleaned) -> pd.DataFrame:
    """What both find, as rows that can be compared."""
    return cleaned.issues[COMPARED].sort_values(COMPARED, ignore_index=True)


def owners(cleaned: Cleaned) -> pd.DataFrame:
    """The rows of each rep and those among them with a finding."""
    return by_owner(cleaned)
