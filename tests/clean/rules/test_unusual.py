"""Lines that are no ordinary sale are recognised by kind, shown with their value, and all still count."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean

RETAIL = Path(__file__).parents[3] / "../shared/data/online_retail/online_retail_ii_2009_2010.parquet"
KINDS = ("cancellation", "anonymous_customer", "not_a_product", "zero_amount", "negative_price")


def kinds(text: str) -> list[list[str]]:
    issues = clean([sheet("orders", text)]).issues
    return issues.loc[issues["rule"].isin(KINDS), ["rule", "cell"]].to_numpy().tolist()


@pytest.mark.parametrize(
    "name",
    [
        *("运费", "补差价", "邮费补拍链接", "平台手续费", "测试商品", "测试"),
        *("POSTAGE", "DOTCOM POSTAGE", "Manual", " Bank Charges", "AMAZON FEE", "Adjust bad debt", "Samples"),
        "This is a test product.",
    ],
)
def test_a_name_that_says_it_is_no_product_is_pointed_out(name):
    text = f"order_date | product | amount\n2026-03-01 | {name} | 5\n2026-03-01 | 钢琴 | 5"
    assert kinds(text) == [["not_a_product", "B2"]]


@pytest.mark.parametrize(
    "name",
    [
        "软件测试工程师课程",
        "User Manual",
        "Discount Piano",
        "Samplers",
        "Postal history",
        "OCCASIONS GIFT CARD ASSORTMENT",
        "手工课",
    ],
)
def test_a_product_with_such_a_word_in_its_name_is_one(name):
    assert kinds(f"order_date | product | amount\n2026-03-01 | {name} | 5") == []


def test_short_codes_are_keys_of_the_till_only_among_codes_with_digits():
    def coded(*codes: str) -> list[list[str]]:
        rows = "\n".join(f"2026-03-01 | {code} | 5" for code in codes)
        return kinds(f"order_date | product_id | amount\n{rows}")

    assert coded(*map(str, range(85048, 85068)), "M", "POST", "TEST001") == [
        ["not_a_product", f"B{row}"] for row in (22, 23, 24)
    ]
    assert coded("A", "B", "C") == []


def test_returns_are_pointed_out_and_negative_prices_are_something_else():
    text = """
        order_id | order_date | quantity | unit_price | amount
        536365   | 2026-03-01 | 2        | 5          | 10
        536366   | 2026-03-01 | -1       | 5          | -5
        C536367  | 2026-03-01 | 1        | 7          | 7
        536368   | 2026-03-01 | 1        | -9         | -9
        536369   | 2026-03-01 | 1        | 0          | 0
    """
    plain = "\n".join(f"53{k} | 2026-03-01 | 1 | 5 | 5" for k in range(6400, 6420))
    assert sorted(kinds(f"{text.rstrip()}\n{plain}")) == [
        ["cancellation", "C3"],
        ["cancellation", "C4"],
        ["negative_price", "D5"],
        ["zero_amount", "E6"],
    ]
    assert kinds("order_id | order_date | amount\nC1001 | 2026-03-01 | 5\nX2 | 2026-03-01 | 5") == []


def test_an_order_without_a_customer_is_pointed_out_where_others_have_one():
    one = sheet("orders", "order_date | customer | amount\n2026-03-01 | 甲 | 5\n2026-03-01 |  | 6")
    other = sheet("orders", "order_date | amount\n2026-03-02 | 7", source="other.csv")
    issues = clean([one, other]).issues
    assert issues[["rule", "cell", "amount"]].to_numpy().tolist() == [["anonymous_customer", "B3", 6]]


@pytest.mark.corpus
@pytest.mark.skipif(not RETAIL.is_file(), reason="the shared real data is not beside the project")
def test_online_retail_has_each_kind_with_its_value_and_still_counts_it_all():
    retail = pd.read_parquet(RETAIL)
    columns = {
        "order_id": retail["Invoice"],
        "order_date": retail["InvoiceDate"],
        "customer_id": retail["Customer ID"].astype("str"),
        "product": retail["Description"],
        "product_id": retail["StockCode"],
        "quantity": retail["Quantity"].astype("str"),
        "unit_price": retail["Price"].map(repr).astype("str"),
        "region": retail["Country"],
    }
    cleaned = clean([raw("orders", {name: list(column) for name, column in columns.items()})])
    kept = retail[
        ~retail.assign(
            Description=retail["Description"].str.split().str.join(" "),
            InvoiceDate=retail["InvoiceDate"].str[:10],
        ).duplicated()
    ]
    value = kept["Quantity"] * kept["Price"]
    code = kept["StockCode"].str.upper()
    till = "POST|DOT|M|D|S|B|C2|C3|BANK CHARGES|AMAZONFEE|ADJUST2?|GIFT|TEST\\d+|GIFT_\\d+_\\d+"
    expected = {
        "cancellation": kept["Invoice"].str.startswith("C") | ((kept["Quantity"] < 0) & (kept["Price"] > 0)),
        "anonymous_customer": kept["Customer ID"].isna(),
        "not_a_product": code.str.fullmatch(till),
        "zero_amount": kept["Price"] == 0,
        "negative_price": kept["Price"] < 0,
    }
    issues = cleaned.issues[cleaned.issues["rule"].isin(KINDS)]
    found = issues.groupby("rule")["amount"].agg(["size", "sum"])
    for kind, rows in expected.items():
        assert found.loc[kind, "size"] == rows.sum(), kind
        if kind != "zero_amount":  # at stake there is what the line should have been worth
            assert found.loc[kind, "sum"] == pytest.approx(value[rows].sum(), abs=1e-6), kind
    assert set(issues["action"]) == {"kept"}
    assert cleaned.tables["orders"]["amount"].sum() == pytest.approx(value.sum(), abs=1e-6)
    assert cleaned.reconciliations[0].ties


def test_a_price_below_zero_is_told_once():
    text = "order_id | order_date | quantity | unit_price | amount\nB1 | 2026-03-01 | 1 | -9 | -9"
    assert clean([sheet("orders", text)]).issues["rule"].tolist() == ["negative_price"]
