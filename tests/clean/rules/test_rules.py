"""Each rule catches what it is for, points at its cell, and lets everything else pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean
from xlsales.clean.issues import RULES
from xlsales.clean.rules.checks import CHECKS
from xlsales.errors import InputError
from xlsales.language import LANGUAGES, text

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.tables.spec import RawTable


def found(*raws: RawTable, rule: str | None = None) -> list[tuple[str, str, str, str]]:
    """The issues as (rule, action, cell, value), of one rule or of all."""
    issues = clean(raws).issues
    rows = issues if rule is None else issues[issues["rule"] == rule]
    return list(rows[["rule", "action", "cell", "value"]].itertuples(index=False, name=None))


ORDERS = """
    order_id | order_date | amount
    O1       | 2026-10-01 | 100
    O2       | 2026-10-02 | 200
"""


def test_good_rows_give_no_issue() -> None:
    assert found(sheet("orders", ORDERS)) == []


def test_a_row_without_a_needed_value_is_left_out_with_its_amount() -> None:
    cleaned = clean([sheet("orders", ORDERS + "O3 |  | 70")])
    issue = cleaned.issues.iloc[0]
    assert (issue["rule"], issue["action"], issue["severity"]) == ("missing_needed", "excluded", "high")
    assert (issue["cell"], issue["field"], issue["amount"]) == ("B4", "order_date", 70)
    assert cleaned.tables["orders"]["order_id"].tolist() == ["O1", "O2"]


def test_an_unreadable_needed_value_takes_its_row_and_is_told_once() -> None:
    raws = sheet("orders", ORDERS + "O3 | soon | 70")
    assert found(raws) == [("unreadable_date", "excluded", "B4", "soon")]
    assert clean([raws]).issues["severity"].tolist() == ["high"]


def test_an_unreadable_optional_value_is_blanked_and_its_row_stays() -> None:
    cleaned = clean([sheet("orders", "order_date | amount | status\n2026-10-01 | 5 | 完成了吗")])
    assert cleaned.issues[["rule", "action", "cell"]].to_numpy().tolist() == [
        ["unknown_word", "blanked", "C2"]
    ]
    assert cleaned.tables["orders"]["status"].isna().tolist() == [True]
    assert cleaned.tables["orders"]["amount"].tolist() == [5]


def test_the_later_of_equal_rows_with_an_id_is_left_out() -> None:
    cleaned = clean([sheet("orders", ORDERS + "O1 | 2026/10/1 | ￥100.00")])
    issue = cleaned.issues.iloc[0]
    assert (issue["rule"], issue["action"], issue["cell"]) == ("duplicate", "excluded", "A4")
    assert (issue["suggestion"], issue["amount"]) == ("Sheet1!A2", 100)
    assert cleaned.tables["orders"]["amount"].tolist() == [100, 200]


def test_the_same_order_in_two_sheets_counts_once() -> None:
    first, again = (
        sheet("orders", ORDERS, name="Jan"),
        sheet("orders", ORDERS, name="Feb", source="other.csv"),
    )
    cleaned = clean([first, again])
    assert cleaned.tables["orders"]["_source"].unique().tolist() == ["book.xlsx!Jan"]
    assert cleaned.issues["suggestion"].tolist() == ["Jan!A2", "Jan!A3"]


def test_lines_of_one_order_that_differ_all_count() -> None:
    assert found(sheet("orders", ORDERS + "O1 | 2026-10-01 | 101")) == []


def test_equal_rows_that_differ_in_what_could_not_be_read_are_not_equal() -> None:
    raws = sheet(
        "orders", "order_id | order_date | amount | status\nO1|2026-10-01|5|foo1\nO1|2026-10-01|5|bar2"
    )
    assert found(raws, rule="duplicate") == []


def test_equal_rows_without_an_id_are_only_pointed_out() -> None:
    raws = sheet(
        "orders", "order_id | order_date | amount\n | 2026-10-01 | 5\n | 2026-10-01 | 5\n | 2026-10-01 | 5.0"
    )
    assert found(raws) == [("possible_duplicate", "kept", "A3", "")]
    assert len(clean([raws]).tables["orders"]) == 3


def test_a_target_given_twice_is_only_pointed_out() -> None:
    raws = sheet("targets", "period | rep | target\n2026-10 | 王芳 | 5\n2026-10 | 王芳 | 5")
    assert found(raws) == [("possible_duplicate", "kept", "A3", "2026-10")]


PAYMENTS = "payment_id | order_id | paid_date | amount\nP1 | O1 | 2026-10-01 | 60\nP2 | O1 | 2026-10-05 | 20"


@pytest.mark.parametrize(
    ("refunds", "excess"),
    [(["80"], None), (["80.01"], 0.01), (["50", "40"], 10), (["80.004"], None)],
)
def test_refunds_are_held_against_what_was_paid_in_all(refunds: list[str], excess: float | None) -> None:
    rows = "\n".join(f"R{at} | O1 | 2026-10-2{at} | {one}" for at, one in enumerate(refunds))
    raws = sheet("refunds", f"refund_id | order_id | refund_date | amount\n{rows}")
    issues = clean([sheet("orders", ORDERS), sheet("payments", PAYMENTS), raws]).issues
    assert issues["rule"].tolist() == ([] if excess is None else ["refund_over_paid"])
    if excess is not None:
        assert issues["amount"].iloc[0] == pytest.approx(excess)
        assert issues[["cell", "value", "suggestion"]].iloc[0].tolist() == ["D2", refunds[0], "80"]


def test_refunds_of_an_order_without_payments_are_held_against_its_amount() -> None:
    raws = sheet("refunds", "order_id | refund_date | amount\nO2 | 2026-10-09 | 201")
    assert found(sheet("orders", ORDERS), sheet("payments", PAYMENTS), raws) == [
        ("refund_over_paid", "kept", "C2", "201")
    ]


def test_refunds_without_orders_or_payments_are_held_against_nothing() -> None:
    assert found(sheet("refunds", "order_id | refund_date | amount\nO2 | 2026-10-09 | 201")) == []


def test_refunds_written_as_negative_are_read_as_refunds() -> None:
    raws = sheet("refunds", "order_id | refund_date | amount\nO1 | 2026-10-09 | -20\nO2 | 2026-10-09 | (30)")
    cleaned = clean([raws])
    assert cleaned.tables["refunds"]["amount"].tolist() == [20, 30]
    assert cleaned.issues[["rule", "action"]].to_numpy().tolist() == [["negative_refunds", "read"]]


def test_a_refund_taken_back_stays_negative() -> None:
    raws = sheet("refunds", "order_id | refund_date | amount\nO1 | 2026-10-09 | 20\nO1 | 2026-10-10 | -20")
    assert clean([raws]).tables["refunds"]["amount"].tolist() == [20, -20]


def test_a_payment_of_no_order_is_pointed_out_and_counts() -> None:
    lone = sheet("payments", "order_id | paid_date | amount\nO1 | 2026-10-01 | 60\nO9 | 2026-10-01 | 7")
    cleaned = clean([sheet("orders", ORDERS), lone])
    assert cleaned.issues[["rule", "action", "cell", "value", "amount"]].to_numpy().tolist() == [
        ["no_such_order", "kept", "A3", "O9", 7]
    ]
    assert len(cleaned.tables["payments"]) == 2


def test_payments_of_orders_without_ids_are_not_judged() -> None:
    orders = sheet("orders", "order_date | amount\n2026-10-01 | 100")
    assert found(orders, sheet("payments", PAYMENTS)) == []


def test_a_negative_target_is_pointed_out() -> None:
    assert found(sheet("targets", "period | target\n2026-10 | -5\n2026-11 | 5")) == [
        ("negative_target", "kept", "B2", "-5")
    ]


def test_a_share_is_a_target_of_a_rate_and_never_money() -> None:
    targets = sheet(
        "targets",
        """
        period  | metric | target
        2026-10 | 续费率 | 95%
        2026-10 |        | 95％
        2026-10 | 销售额 | 90 %
        2026-10 |        | 5000
        2026-10 |        | 0.95
        2026-10 | 客户数 | 1
        """,
    )
    cells = (("C3", "95％"), ("C4", "90 %"), ("C6", "0.95"))
    assert found(targets) == [("share_of_nothing", "excluded", *cell) for cell in cells]
    assert clean([targets]).tables["targets"]["target"].tolist() == [0.95, 5000, 1]


LINES = "order_date | quantity | unit_price | discount | amount\n" + "\n".join(
    f"2026-10-01 | {at} | 9.99 | 1 | {9.99 * at - 1:.2f}" for at in range(1, 10)
)


def test_a_line_that_does_not_multiply_is_pointed_out_with_what_it_would_be() -> None:
    cleaned = clean([sheet("orders", f"{LINES}\n2026-10-01 | 3 | 10 | 2 | 82")])
    issue = cleaned.issues.iloc[0]
    assert (issue["rule"], issue["action"], issue["cell"]) == ("amount_mismatch", "kept", "E11")
    assert (issue["suggestion"], issue["amount"]) == ("28", 54)


@pytest.mark.parametrize(
    "line", ["3 | 10 | 2 | 28", "3 | 10 | 2 | 30", "3 | 10 | 2 | 24", "3 | 10 | 0.2 | 24", "3 | 10 | | 30"]
)
def test_a_discount_off_the_line_or_the_unit_or_as_a_share_fits(line: str) -> None:
    assert found(sheet("orders", f"{LINES}\n2026-10-01 | {line}")) == []


def test_where_most_lines_do_not_multiply_that_is_not_the_law() -> None:
    lines = "order_date | quantity | unit_price | amount\n" + "\n".join(
        f"2026-10-01 | 2 | 10 | {at}" for at in range(1, 9)
    )
    assert found(sheet("orders", lines)) == []


def test_amounts_that_lost_their_decimal_mark_are_refused() -> None:
    prices = ["51,865", "288,404", "874,794"]
    broken = {"51,865": "10,373", "288,404": "576,808", "874,794": "1,749,588"}
    columns = {
        "order_date": ["2026-10-01"] * 3,
        "quantity": ["2"] * 3,
        "unit_price": prices,
        "amount": [broken[price] for price in prices],
    }
    with pytest.raises(InputError) as refused:
        clean([raw("orders", columns, name="销售")])
    assert refused.value.key == "broken_decimals"
    assert refused.value.facts["cell"] == "D2"
    assert "销售" in refused.value.what("zh")
    assert "51,865" in refused.value.what("en")


def test_a_tenth_of_the_price_in_plain_numbers_is_a_discount() -> None:
    columns = {"order_date": ["2026-10-01"], "quantity": ["2"], "unit_price": ["50"], "amount": ["10"]}
    assert found(raw("orders", columns)) == []


def test_a_needed_column_that_cannot_be_read_at_all_is_refused() -> None:
    columns = {"order_date": ["00:00.0"] * 20, "amount": ["5"] * 20}
    with pytest.raises(InputError) as refused:
        clean([raw("orders", columns, name="Facts", source="facts.csv")])
    assert refused.value.key == "unreadable_column"
    said = refused.value.what("en")
    assert all(fact in said for fact in ("Facts", "facts.csv", "column A", "Order date", "20", "00:00.0"))


def test_a_few_unreadable_rows_are_issues_not_a_refusal() -> None:
    assert (
        len(
            found(raw("orders", {"order_date": ["00:00.0"] * 9, "amount": ["5"] * 9}), rule="unreadable_date")
        )
        == 9
    )


def test_a_blank_needed_column_is_no_refusal() -> None:
    cleaned = clean([raw("orders", {"order_date": [None, "-"] * 10, "amount": ["5"] * 20})])
    assert cleaned.issues["rule"].tolist() == ["missing_needed"] * 20
    assert cleaned.tables["orders"].empty


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_found_and_what_to_do(rule: str, lang: Language) -> None:
    assert text(lang, f"issues.{rule}.title")
    assert text(lang, f"issues.{rule}.do")


def test_every_check_says_what_it_looks_for() -> None:
    assert all(check.__doc__ for check in CHECKS)


def test_rows_that_differ_only_in_a_column_we_do_not_know_are_two_events():
    rows = """
    order_id | order_date | amount
    A1       | 2026-10-01 | 100
    A1       | 2026-10-01 | 100
    """
    digests = pd.Series([1, 2], dtype="uint64")
    assert list(clean([sheet("orders", rows)]).issues["rule"]) == ["duplicate"]
    assert clean([sheet("orders", rows, rest=digests)]).issues.empty


def test_an_order_of_another_source_is_pointed_out_where_it_stands_later() -> None:
    shop = sheet("orders", ORDERS, name="Shop")
    store = sheet(
        "orders", "order_id | order_date | amount\nO2 | 2026-10-04 | 200\nO5 | 2026-10-04 | 9", name="Store"
    )
    issues = clean([store, shop]).issues
    assert issues[["rule", "action", "sheet", "cell", "suggestion"]].to_numpy().tolist() == [
        ["double_counted", "kept", "Store", "A2", "Shop!A3"]
    ]
    assert issues["amount"].tolist() == [200]


def test_the_months_of_one_export_are_one_source() -> None:
    october = sheet("orders", ORDERS, name="门店2026年10月")
    november = sheet("orders", "order_id | order_date | amount\nO2 | 2026-11-04 | 200", name="门店2026年11月")
    assert found(october, november, rule="double_counted") == []
