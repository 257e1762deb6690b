"""Headers and lines of orders become orders: every line once, every word of the header, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.clean.sheets import sheet
from xlsales.analysis import analyse
from xlsales.clean.clean import clean
from xlsales.tables.sources import read

NORTHWIND = Path(__file__).parents[2] / "../shared/data/northwind/Northwind.xlsx"

HEADERS = """
    order_id | order_date | customer_id | rep
    A1       | 2026-03-01 | C1          | 李娜
    A2       | 2026-03-02 | C2          | 王芳
"""
LINES = """
    order_id | product | quantity | unit_price
    A1       | 钢琴    | 2        | 50
    A1       | 声乐    | 1        | 30
    A2       | 钢琴    | 3        | 50
"""


def both(headers: str = HEADERS, lines: str = LINES, *more):
    heads = sheet("order_headers", headers, name="主表")
    return clean([heads, sheet("order_lines", lines, name="明细"), *more])


def issues(cleaned, *columns):
    return cleaned.issues[list(columns)].to_numpy().tolist()


def test_every_line_is_an_order_row_with_the_words_of_its_header():
    cleaned = both()
    orders = cleaned.tables["orders"]
    shown = orders[["order_id", "customer_id", "rep", "product", "amount", "_source", "_row"]]
    assert shown.to_numpy().tolist() == [
        ["A1", "C1", "李娜", "钢琴", 100, "book.xlsx!明细", 2],
        ["A1", "C1", "李娜", "声乐", 30, "book.xlsx!明细", 3],
        ["A2", "C2", "王芳", "钢琴", 150, "book.xlsx!明细", 4],
    ]
    assert all(one.ties for one in cleaned.reconciliations)
    assert [(one.table, one.rows_in, one.rows_out, one.amount_out) for one in cleaned.reconciliations] == [
        ("orders", 3, 3, 280),
        ("order_lines", 3, 3, 280),
        ("order_headers", 2, 2, None),
    ]


def test_the_order_of_the_rows_of_either_sheet_means_nothing():
    one, other = both(), both("\n".join(HEADERS.splitlines()[:2] + HEADERS.splitlines()[:1:-1]))
    assert one.tables["orders"].equals(other.tables["orders"])


def test_lines_and_headers_without_counterpart_are_told_with_their_value():
    cleaned = both(HEADERS + "A3 | 2026-03-03 | C3 | 李娜", LINES + "A9 | 钢琴 | 4 | 50")
    assert issues(cleaned, "rule", "action", "sheet", "cell", "value")[1:] == [
        ["line_without_order", "excluded", "明细", "A5", "A9"],
        ["order_without_lines", "excluded", "主表", "A4", "A3"],
    ]
    assert cleaned.issues["amount"].dropna().tolist() == [200]
    assert cleaned.tables["orders"]["amount"].sum() == 280
    lines = next(one for one in cleaned.reconciliations if one.table == "order_lines")
    assert (lines.amount_in, lines.amount_out, lines.ties) == (480, 280, True)


def test_what_a_header_states_in_money_is_spread_over_its_lines_and_counts_once():
    headers = """
        order_id | order_date | amount | paid | fee
        A1       | 2026-03-01 | 130    | 65   | 13
        A2       | 2026-03-02 | 150    | 150  | 0
        A3       | 2026-03-03 | 40     | 0    |
    """
    cleaned = both(headers)
    orders = cleaned.tables["orders"]
    assert orders[["amount", "paid", "fee"]].sum().tolist() == pytest.approx([320, 215, 13])
    assert orders["amount"].tolist() == pytest.approx([130 * 100 / 130, 130 * 30 / 130, 150, 40])
    assert orders["_source"].tolist() == ["book.xlsx!明细"] * 3 + ["book.xlsx!主表"]
    assert ["total_without_lines", "kept", "A4"] in issues(cleaned, "rule", "action", "cell")


def test_a_total_that_is_not_the_sum_of_its_lines_counts_and_the_difference_is_told():
    numbers = range(1, 11)
    headers = "order_id | order_date | amount\n" + "\n".join(
        f"A{k} | 2026-03-01 | {112 if k == 3 else 100}" for k in numbers
    )
    lines = "order_id | product | quantity | unit_price\n" + "\n".join(
        f"A{k} | {name} | 1 | 50" for k in numbers for name in ("钢琴", "声乐")
    )
    cleaned = both(headers, lines)
    found = cleaned.issues[cleaned.issues["rule"] == "total_differs"]
    assert found[["sheet", "cell", "suggestion", "amount"]].to_numpy().tolist() == [["主表", "C4", "100", 12]]
    assert cleaned.tables["orders"]["amount"].sum() == pytest.approx(10 * 100 + 12)


def test_of_two_headers_of_one_order_the_fuller_counts_and_nothing_fans_out():
    cleaned = both(HEADERS + "A1 | 2026-03-05 |  | 赵敏")
    assert ["conflicting_header", "excluded", "A4", "主表!A2"] in issues(
        cleaned, "rule", "action", "cell", "suggestion"
    )
    assert cleaned.tables["orders"]["rep"].tolist() == ["李娜", "李娜", "王芳"]


def test_a_finding_in_a_headers_word_points_at_the_header():
    cleaned = both(HEADERS.replace("2026-03-02", "someday"))
    assert ["unreadable_date", "主表", "B3", "someday"] in issues(cleaned, "rule", "sheet", "cell", "value")
    assert ["line_without_order", "明细", "A4", "A2"] in issues(cleaned, "rule", "sheet", "cell", "value")
    assert cleaned.tables["orders"]["amount"].sum() == 130


def test_lines_that_differ_in_their_number_alone_are_no_duplicates():
    lines = """
        line_id | order_id | product | quantity | unit_price
        1       | A1       | 钢琴    | 2        | 50
        2       | A1       | 钢琴    | 2        | 50
        2       | A1       | 钢琴    | 2        | 50
    """
    cleaned = both(lines=lines)
    assert cleaned.tables["orders"]["amount"].tolist() == [100, 100]
    assert ["duplicate", "order_lines", "A4"] in issues(cleaned, "rule", "table", "cell")


def test_equal_lines_without_a_number_of_their_own_are_told_once_and_count():
    cleaned = both(lines=LINES + "A2 | 钢琴 | 3 | 50")
    assert issues(cleaned, "rule", "action", "table")[1:] == [["possible_duplicate", "kept", "order_lines"]]
    assert cleaned.tables["orders"]["amount"].sum() == 280 + 150


def test_orders_that_came_whole_stay_beside_the_joined_ones():
    whole = sheet(
        "orders", "order_id | order_date | product | amount\nB1 | 2026-03-04 | 美术 | 7", name="门店"
    )
    orders = both(HEADERS, LINES, whole).tables["orders"]
    assert orders["_source"].tolist() == ["book.xlsx!门店", *["book.xlsx!明细"] * 3]
    assert orders["amount"].sum() == 287


@pytest.mark.corpus
@pytest.mark.skipif(not NORTHWIND.is_file(), reason="the shared real data is not beside the project")
def test_northwind_has_its_published_totals_to_the_cent():
    done = analyse(read(NORTHWIND)).cleaned
    orders = done.tables["orders"]
    assert round((orders["quantity"] * orders["unit_price"]).sum(), 2) == 1_354_458.59
    assert round(orders["amount"].sum(), 2) == 1_265_793.04
    assert round(orders["discount"].sum(), 2) == 88_665.55
    assert (len(orders), orders["order_id"].nunique(), orders["customer_id"].nunique()) == (2155, 830, 89)
    assert all(one.ties for one in done.reconciliations)
    lines, heads = (
        pd.read_excel(NORTHWIND, sheet_name=name, engine="openpyxl") for name in ("Orders Details", "Orders")
    )
    net = lines.UnitPrice * lines.Quantity * (1 - lines.Discount)
    by_country = net.groupby(lines.merge(heads, on="OrderID")["ShipCountry"]).sum()
    assert orders.groupby("region")["amount"].sum().tolist() == pytest.approx(by_country.tolist())
