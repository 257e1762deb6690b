"""Writes a workbook of any size as exports look: Orders, Leads and Targets, Chinese text, 1 % dirt.

    python -m benchmarks.workbook 100000 orders.xlsx

The rows depend on nothing but their number. Memory stays small at any size (XlsxWriter's
constant_memory, which stores texts inline instead of in the shared table that Excel keeps).
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIRST, DAYS = date(2024, 11, 1), 730
REGIONS = ("滨江", "城西", "高新", "江南", "大学城", "北苑", "奥体", "新区")
CHANNELS = ("转介绍", "抖音", "小红书", "地推", "官网")
CATEGORIES = ("少儿英语", "数学思维", "编程", "美术", "口才", "书法")
PRODUCTS = tuple(f"{CATEGORIES[k % 6]}{k // 6 + 1}级" for k in range(48))
REPS = tuple(f"顾问{k:03d}" for k in range(60))
NOTES = ("加急", "含税价，已开票", "客户要求 <周五> 前发货 & 电话确认", None, None, None)

# fmt: off
ORDERS = (
    "订单编号", "下单日期", "客户编号", "客户", "校区", "渠道", "课程", "类别", "顾问",
    "数量", "单价", "优惠", "金额", "备注",
)
LEADS = (
    "线索编号", "咨询日期", "客户编号", "校区", "渠道", "顾问", "阶段",
    "有效沟通日期", "预约日期", "试听日期", "报名日期",
)
# fmt: on
TARGETS = ("月份", "顾问", "目标")
STAGES = ("咨询", "有效沟通", "预约", "试听", "报名")


def orders(n: int) -> Iterator[list[Any]]:
    """``n`` orders over 24 months; one in a hundred has an amount or a date typed as text, or a blank."""
    random = Random(7)
    for k in range(n):
        customer = int(n // 4 * random.random() ** 2)
        rep, product, quantity = random.randrange(60), random.randrange(48), random.randint(1, 96)
        price = 60.0 + 5 * (product % 24)
        discount = float(random.choice((0, 0, 0, 100, 200)))
        amount: Any = quantity * price - discount
        day: Any = FIRST + timedelta(days=random.randrange(DAYS))
        if random.random() < 0.01:
            amount = random.choice((f"¥{amount:,.2f}", f"{amount:,.0f}元", "待确认", None))
        if random.random() < 0.01:
            day = f"{day.year}年{day.month}月{day.day}日" if k % 2 else day.strftime("%Y/%m/%d")
        yield [
            f"SO{k:08d}", day, f"{customer:06d}", f"学员{customer:06d}", REGIONS[rep % 8],
            CHANNELS[customer % 5], PRODUCTS[product], CATEGORIES[product % 6], REPS[rep],
            quantity, price, discount, amount, NOTES[k % 6],
        ]  # fmt: skip


def leads(n: int) -> Iterator[list[Any]]:
    """``n`` leads with the date of each stage they reached."""
    random = Random(11)
    for k in range(n):
        rep = random.randrange(60)
        days = [FIRST + timedelta(days=random.randrange(DAYS))]
        while len(days) < 5 and random.random() < 0.6:
            days.append(days[-1] + timedelta(days=random.randint(0, 14)))
        days = [day for day in days if day < FIRST + timedelta(days=DAYS)]
        reached = days[1:] + [None] * (5 - len(days))
        yield [
            f"L{k:08d}", days[0], f"{k:06d}", REGIONS[rep % 8], CHANNELS[k % 5], REPS[rep],
            STAGES[len(days) - 1], *reached,
        ]  # fmt: skip


def targets() -> Iterator[list[Any]]:
    """One target per month and rep."""
    for k in range(24):
        month = date(2024 + (10 + k) // 12, (10 + k) % 12 + 1, 1)
        for rep in range(60):
            yield [month, REPS[rep], 90_000.0 + 500 * rep]


def write(path: str, n: int) -> None:
    """Write ``n`` orders, 0.3 ``n`` leads and the targets to ``path``."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet(book, "订单", ORDERS, orders(n))
        sheet(book, "线索", LEADS, leads(n * 3 // 10))
        sheet(book, "目标", TARGETS, targets())


def sheet(book: Any, name: str, header: Iterable[str], rows: Iterable[list[Any]]) -> None:
    page = book.add_worksheet(name)
    page.write_row(0, 0, header)
    for index, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(index, column, value)
            elif value is not None:
                page.write(index, column, value)


if __name__ == "__main__":
    write(sys.argv[2], int(sys.argv[1]))
