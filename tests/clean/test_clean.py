"""Sheets become typed tables, every issue has its cell, the totals tie out, and nothing is changed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean
from xlsales.clean.frames import DTYPES
from xlsales.clean.issues import COLUMNS, issue_table
from xlsales.language import LANGUAGES
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import TABLES, table

if TYPE_CHECKING:
    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language
    from xlsales.tables.spec import RawTable


def test_only_tables_that_occurred_are_there_in_order() -> None:
    payments = sheet("payments", "order_id | paid_date | amount\nO1 | 2026-10-01 | 5")
    cleaned = clean([payments, sheet("orders", "order_date | amount\n2026-10-01 | 5")])
    assert list(cleaned.tables) == ["orders", "payments"]
    assert [one.table for one in cleaned.reconciliations] == ["orders", "payments"]


def test_no_sheets_give_nothing() -> None:
    cleaned = clean([])
    assert cleaned.tables == {}
    assert cleaned.reconciliations == ()
    assert_frame_equal(cleaned.issues, issue_table())


@pytest.mark.parametrize("key", [one.key for one in TABLES])
@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_has_its_columns_typed_whatever_the_sheet_has(key: str, rows: int) -> None:
    needed = next(column for column in table(key).columns if column.needed)
    cleaned = clean([raw(key, {needed.name: ["2026-10-01"] * rows})])
    dtypes = {column.name: DTYPES[column.kind] for column in table(key).columns} | {
        SOURCE: "str",
        ROW: "int64",
    }
    assert {name: str(dtype) for name, dtype in cleaned.tables[key].dtypes.items()} == dtypes
    assert {name: str(dtype) for name, dtype in cleaned.issues.dtypes.items()} == {
        name: "float64" if name == "amount" else "str" for name in COLUMNS
    }


def test_sheets_of_one_table_are_appended_with_their_origin() -> None:
    first = sheet("orders", "order_date | amount\n2026-10-01 | 5\n2026-10-02 | 6", name="一月")
    second = sheet("orders", "amount | order_date\n7 | 2026/10/3", name="二月", source="b.csv")
    orders = clean([first, second]).tables["orders"]
    assert orders[[SOURCE, ROW, "amount"]].to_numpy().tolist() == [
        ["book.xlsx!一月", 2, 5], ["book.xlsx!一月", 3, 6], ["b.csv!二月", 2, 7],
    ]  # fmt: skip


def test_each_sheet_decides_the_order_of_its_own_dates() -> None:
    german = sheet("orders", "order_date | amount\n13.02.2026 | 1\n03.02.2026 | 2", name="DE")
    american = sheet("orders", "order_date | amount\n02/13/2026 | 3\n02/03/2026 | 4", name="US")
    days = clean([german, american]).tables["orders"]["order_date"]
    assert days.dt.strftime("%m-%d").tolist() == ["02-13", "02-03", "02-13", "02-03"]


def test_rows_without_any_text_are_no_rows() -> None:
    cleaned = clean([raw("orders", {"order_date": [None, "2026-10-01", ""], "amount": [None, "5", None]})])
    assert cleaned.issues.empty
    assert cleaned.reconciliations[0].rows_in == 1


def test_an_absent_amount_is_quantity_times_price_and_says_so() -> None:
    cleaned = clean(
        [sheet("orders", "order_date | quantity | unit_price\n2026-10-01 | 3 | 2.5\n2026-10-01 | 2 | 4")]
    )
    assert cleaned.tables["orders"]["amount"].tolist() == [7.5, 8]
    assert cleaned.issues[["rule", "action", "field", "suggestion"]].to_numpy().tolist() == [
        ["derived_amount", "read", "amount", "B × C"]
    ]


def test_a_present_amount_is_never_replaced() -> None:
    cleaned = clean([sheet("orders", "order_date | quantity | unit_price | amount\n2026-10-01 | 3 | 2 | ")])
    assert cleaned.tables["orders"].empty
    assert cleaned.issues["rule"].tolist() == ["missing_needed"]


def test_a_header_in_wan_scales_the_money_below_it() -> None:
    cleaned = clean(
        [sheet("targets", "period | target\n2026-10 | 1.5\n2026-11 | 2万", scale={"target": 10_000})]
    )
    assert cleaned.tables["targets"]["target"].tolist() == [15_000, 20_000]


def test_an_error_cell_is_an_issue_of_its_cell() -> None:
    raws = sheet(
        "orders", "order_date | amount | rep\n2026-10-01 | 5 | \n2026-10-02 | 6 | 王芳", errors=((2, "rep"),)
    )
    issues = clean([raws]).issues
    assert issues[["rule", "action", "cell", "field"]].to_numpy().tolist() == [
        ["excel_error", "blanked", "C2", "rep"]
    ]


def test_an_error_in_a_needed_cell_takes_the_row() -> None:
    raws = sheet("orders", "order_date | amount\n2026-10-01 | \n2026-10-02 | 6", errors=((2, "amount"),))
    cleaned = clean([raws])
    assert cleaned.tables["orders"]["amount"].tolist() == [6]
    assert cleaned.issues[["rule", "action", "cell"]].to_numpy().tolist()[0] == [
        "excel_error",
        "excluded",
        "B2",
    ]


def test_skipped_total_rows_are_listed_and_tie_out() -> None:
    raws = sheet("orders", "order_date | amount\n2026-10-01 | 5", skipped=((3, "合计"), (4, "Total")))
    cleaned = clean([raws])
    assert cleaned.issues[["rule", "cell", "value"]].to_numpy().tolist() == [
        ["skipped_row", "A3", "合计"], ["skipped_row", "A4", "Total"],
    ]  # fmt: skip
    done = cleaned.reconciliations[0]
    assert (done.rows_in, done.rows_out, done.amount_in, done.amount_out) == (3, 1, 5, 5)
    assert done.ties


def test_months_side_by_side_point_at_their_own_column() -> None:
    columns = {
        "period": ["2026-01", "2026-02"] * 2,
        "rep": ["王芳", "王芳", "李雷", "李雷"],
        "target": ["1", "2", "x", "-4"],
    }
    frame = pd.DataFrame(columns, dtype=object).set_axis([2, 2, 3, 3])
    sides = {"period": ("B", "C", "B", "C"), "target": ("B", "C", "B", "C")}
    wide = raw("targets", columns)
    issues = clean([wide.__class__(**{**vars(wide), "frame": frame, "letters_by_row": sides})]).issues
    assert issues[["rule", "cell", "value"]].to_numpy().tolist() == [
        ["unreadable_number", "B3", "x"], ["negative_target", "C3", "-4"],
    ]  # fmt: skip


DIRT = """
    order_id | order_date | amount   | status
    O1       | 2026-10-01 | 100      | 有效
    O1       | 2026-10-01 | 100      | 有效
    O2       |            | 30       | 有效
    O3       | soon       | 40.5     | 有效
    O4       | 2026-10-04 | n.a.     | 有效
    O5       | 2026-10-05 | -7       | ???
"""


def test_the_totals_tie_out_through_the_exclusions() -> None:
    done = clean([sheet("orders", DIRT)]).reconciliations[0]
    assert (done.rows_in, done.rows_out, done.amount_in, done.amount_out) == (6, 2, 263.5, 93)
    assert {one.rule: (one.rows, one.amount) for one in done.exclusions} == {
        "unreadable_date": (1, 40.5),
        "unreadable_number": (1, 0),
        "missing_needed": (1, 30),
        "duplicate": (1, 100),
    }
    assert done.unreadable == 1
    assert done.ties


SENTENCES: dict[Language, str] = {
    "zh": "订单：读入 6 行，金额 263.50；"
    "排除“日期读不出”1 行，金额 40.50；"
    "排除“数字读不出”1 行，金额 0.00；"
    "排除“缺少必填值”1 行，金额 30.00；"
    "排除“重复的行”1 行，金额 100.00；"
    "计入 2 行，金额 93.00；其中 1 个金额读不出，按 0 列示。",
    "en": "Orders: read 6 rows, amount 263.50; "
    "left out 1 row, amount 40.50 (Date cannot be read); "
    "left out 1 row, amount 0.00 (Number cannot be read); "
    "left out 1 row, amount 30.00 (Needed value is missing); "
    "left out 1 row, amount 100.00 (Duplicate row); "
    "counted 2 rows, amount 93.00; amounts that could not be read and stand as 0: 1.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tie_out_is_one_sentence(lang: Language) -> None:
    assert clean([sheet("orders", DIRT)]).reconciliations[0].sentence(lang) == SENTENCES[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_without_money_ties_out_in_rows(lang: Language) -> None:
    done = clean(
        [sheet("leads", "lead_id | created | amount\nL1 | 2026-10-01 | 5\nL2 | | 7")]
    ).reconciliations[0]
    assert (done.rows_in, done.rows_out, done.amount_in, done.amount_out) == (2, 1, None, None)
    assert done.ties
    assert "None" not in done.sentence(lang)


MONEY = [
    None,
    "",
    "-",
    "100",
    "￥1,234.50",
    "12.5",
    "(7)",
    "3万",
    "x",
    "1.234,56",
    "5,70",
    "2,024,994",
    "-0.01",
    "#REF!",
]
DATES = [None, "2026-10-01", "2026/10/2", "soon", "1900-01-01", "3/4/26", "13/4/26", "46082", "2026年3月"]
IDS = [None, "O1", "O2", "003", "1.23E+17", "4.0"]
WORDS = [None, "有效", "paid", "作废 ", "???", "无"]
orders = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(DATES), st.sampled_from(MONEY), st.sampled_from(WORDS)),
    max_size=9,
)
payments = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(DATES), st.sampled_from(MONEY)), max_size=9
)


def dirty(rows: list[tuple[Any, ...]], key: str, names: str) -> RawTable:
    columns = names.split()
    return raw(key, {name: [row[at] for row in rows] for at, name in enumerate(columns)}, name=key)


def books(order_rows: list[tuple[Any, ...]], payment_rows: list[tuple[Any, ...]]) -> list[RawTable]:
    return [
        dirty(order_rows, "orders", "order_id order_date amount status"),
        dirty(payment_rows, "payments", "order_id paid_date amount"),
        dirty(payment_rows, "refunds", "order_id refund_date amount"),
    ]


@settings(deadline=None, max_examples=8)
@given(orders, payments)
def test_whatever_the_dirt_rows_and_money_tie_out(order_rows: list[Any], payment_rows: list[Any]) -> None:
    cleaned = clean(books(order_rows, payment_rows))
    for done in cleaned.reconciliations:
        frame = cleaned.tables[done.table]
        assert done.ties
        assert done.rows_out == len(frame)
        assert Decimal(done.amount_out or 0) == pytest.approx(
            sum(map(Decimal, frame["amount"])), abs=Decimal("1e-6")
        )
        assert frame["amount"].notna().all()


@settings(deadline=None, max_examples=8)
@given(orders, payments)
def test_every_issue_points_at_the_cell_with_its_value(
    order_rows: list[Any], payment_rows: list[Any]
) -> None:
    raws = {one.sheet: one for one in books(order_rows, payment_rows)}
    for issue in clean(list(raws.values())).issues.to_dict("records"):
        one = raws[issue["sheet"]]
        assert issue["source"] == one.source
        letter, row = re.fullmatch("([A-Z]+)([0-9]+)", issue["cell"]).groups()  # type: ignore[union-attr]
        column = next(name for name, its in one.letters.items() if its == letter)
        assert issue["field"] == column
        assert (one.frame.loc[int(row), column] or "") == issue["value"]


@settings(deadline=None, max_examples=8)
@given(orders, payments)
def test_the_raw_tables_are_left_as_they_were_and_read_the_same_again(
    order_rows: list[Any], payment_rows: list[Any]
) -> None:
    raws = books(order_rows, payment_rows)
    before = [one.frame.copy() for one in raws]
    first, second = clean(raws), clean(raws)
    for one, frame in zip(raws, before, strict=True):
        assert_frame_equal(one.frame, frame)
    assert_frame_equal(first.issues, second.issues)
    assert first.reconciliations == second.reconciliations


def content(cleaned: Cleaned) -> list[tuple[Any, ...]]:
    return [
        (key, *sorted(map(repr, frame.drop(columns=[SOURCE, ROW]).itertuples(index=False, name=None))))
        for key, frame in cleaned.tables.items()
    ]


@settings(deadline=None, max_examples=8)
@given(orders, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Any], dice: Any) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)
    straight, turned = clean(books(rows, [])), clean(books(shuffled, []))
    assert content(straight) == content(turned)
    assert straight.reconciliations == turned.reconciliations
    assert sorted(straight.issues["rule"]) == sorted(turned.issues["rule"])
