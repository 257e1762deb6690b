"""The script that a refresh usually is: pandas reads, groups, and openpyxl loads and saves the workbook.

    python -m benchmarks.usual_script orders.xlsx out.xlsx

It makes the main figures of a refresh and writes them as plain tables: no formats, no charts.
"""

from __future__ import annotations

import sys

import openpyxl
import pandas as pd


def main(source: str, target: str) -> None:
    sheets = pd.read_excel(source, sheet_name=None, engine="openpyxl")
    orders, leads, targets = sheets["订单"], sheets["线索"], sheets["目标"]
    money = orders["金额"].astype(str).str.replace(r"[¥,元]", "", regex=True)
    orders["金额"] = pd.to_numeric(money, errors="coerce")
    day = orders["下单日期"].astype(str).str.replace(r"[年月/]", "-", regex=True).str.replace("日", "")
    orders["下单日期"] = pd.to_datetime(day, errors="coerce", format="mixed")
    orders["月份"] = orders["下单日期"].dt.to_period("M")
    leads["月份"] = pd.to_datetime(leads["咨询日期"]).dt.to_period("M")
    targets["月份"] = pd.to_datetime(targets["月份"]).dt.to_period("M")

    by_rep = orders.groupby(["月份", "顾问"])["金额"].sum().reset_index()
    first = orders.groupby("客户编号")["月份"].min().rename("首购月")
    cohorts = orders.join(first, on="客户编号").groupby(["首购月", "月份"])["客户编号"].nunique().unstack()
    stages = ["有效沟通日期", "预约日期", "试听日期", "报名日期"]
    summaries = {
        "月度": orders.groupby("月份")["金额"].sum().reset_index(),
        "校区": orders.groupby(["月份", "校区"])["金额"].sum().reset_index(),
        "课程": orders.groupby(["月份", "课程"])["金额"].sum().reset_index(),
        "达成": targets.merge(by_rep, how="left", on=["月份", "顾问"]),
        "漏斗": leads.groupby("渠道")[["线索编号", *stages]].count().reset_index(),
        "赢单率": leads.groupby("顾问")[["线索编号", "报名日期"]].count().reset_index(),
        "留存": cohorts.reset_index(),
    }

    book = openpyxl.load_workbook(source)
    for name, summary in summaries.items():
        page = book.create_sheet(name)
        page.append([str(column) for column in summary.columns])
        for row in summary.astype(object).where(summary.notna(), None).itertuples(index=False):
            page.append([str(value) if isinstance(value, pd.Period) else value for value in row])
    book.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
