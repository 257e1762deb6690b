"""What a user has confirmed about a header wins over every guess, and nothing is applied unconfirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from xlsales.tables.confirmed import Confirmed, confirmed_of, header_id
from xlsales.tables.mapping import survey
from xlsales.tables.profiles import profile
from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    from xlsales.tables.mapping import Survey
    from xlsales.tables.spec import Match


def sheet(*rows: tuple[str, ...], name: str = "门店订单", source: str = "十月.xlsx") -> SheetText:
    frame = pd.DataFrame(rows, dtype="str")
    frame.index = pd.RangeIndex(1, len(rows) + 1)
    return SheetText(source, name, frame)


ROWS = (
    ("订单编号", "下单日期", "金额", "下单的人", "实际到账"),
    ("A-1", "2026-10-01", "100", "李雷", "90"),
    ("A-2", "2026-10-02", "200", "李雷", "80"),
)
ORDERS = sheet(*ROWS)
KIND = profile("十月.xlsx", "门店订单", [])


def confirm(**columns: str) -> list[Confirmed]:
    return [Confirmed(KIND, "orders", header, column) for header, column in columns.items()]


def match(found: Survey, header: str) -> Match:
    (raw,) = found.tables
    return next(one for one in raw.matches if one.header == header)


def test_a_confirmed_header_is_read_as_its_column() -> None:
    assert "customer" not in survey([ORDERS]).tables[0].letters
    found = survey([ORDERS], confirm(下单的人="customer"))
    assert found.tables[0].letters["customer"] == "D"
    assert list(found.tables[0].frame["customer"]) == ["李雷", "李雷"]
    assert match(found, "下单的人").how == "confirmed"


def test_it_wins_over_the_title_itself() -> None:
    found = survey([ORDERS], confirm(实际到账="amount"))
    assert list(found.tables[0].frame["amount"]) == ["90", "80"]
    assert match(found, "金额").how == "suggested"


def test_an_ignored_header_is_read_as_nothing() -> None:
    found = survey([ORDERS], confirm(下单的人="", 订单编号=""))
    assert "order_id" not in found.tables[0].letters
    assert (match(found, "订单编号").how, match(found, "订单编号").column) == ("confirmed", None)


def test_a_sheet_that_lacked_a_needed_column_becomes_a_table() -> None:
    lacking = sheet(("订单编号", "下单日期", "实际到账"), ("A-1", "2026-10-01", "90"))
    assert survey([lacking]).tables == ()
    found = survey([lacking], confirm(实际到账="amount"))
    assert [raw.table.key for raw in found.tables] == ["orders"]


def test_the_same_export_of_next_month_is_read_alike() -> None:
    november = sheet(*ROWS, source="十一月.xlsx", name="门店订单2026-11")
    assert "customer" in survey([november], confirm(下单的人="customer")).tables[0].letters


def test_another_kind_of_source_and_another_table_are_not_meant() -> None:
    other = sheet(*ROWS, name="平台订单")
    assert "customer" not in survey([other], confirm(下单的人="customer")).tables[0].letters
    elsewhere = [Confirmed(KIND, "leads", "下单的人", "customer")]
    assert "customer" not in survey([ORDERS], elsewhere).tables[0].letters


def test_a_header_confirmed_under_a_new_name_follows() -> None:
    renamed = sheet(("订单编号", "下单日期", "金额", "购买人"), ("A-1", "2026-10-01", "100", "李雷"))
    found = survey([renamed], confirm(下单的人="customer", 购买人="customer"))
    assert match(found, "购买人").how == "confirmed"


def test_of_two_headers_confirmed_for_one_column_neither_is_applied() -> None:
    found = survey([ORDERS], confirm(下单的人="customer", 实际到账="customer"))
    assert "customer" not in found.tables[0].letters


def test_a_word_that_is_no_column_is_applied_nowhere() -> None:
    found = survey([ORDERS], confirm(下单的人="买家姓名啊"))
    assert match(found, "下单的人").how == "unmapped"


@pytest.mark.parametrize(
    ("word", "column"),
    [
        ("客户", "customer"),
        ("Customer", "customer"),
        (" customer ", "customer"),
        ("校区", "region"),
        ("校区/地区", "region"),
        ("课程/产品", "product"),
        ("顾问/业务员", "rep"),
        ("忽略", ""),
        ("IGNORE", ""),
        ("谁", "谁"),
    ],
)
def test_what_is_entered_is_a_title_in_either_language(word: str, column: str) -> None:
    row = header_id(KIND, "orders", "下单的人")
    assert confirmed_of({row: {"confirm": word}}) == (Confirmed(KIND, "orders", "下单的人", column),)


def test_a_blank_takes_a_confirmation_back_and_what_is_not_on_the_sheet_stays() -> None:
    said = confirm(下单的人="customer", 实际到账="amount")
    assert confirmed_of({said[0].id: {"confirm": ""}}, said) == (said[1],)
    assert confirmed_of({"no id": {"confirm": "客户"}, "[1,2]": {"confirm": "客户"}}, said) == tuple(
        sorted(said)
    )


def test_the_first_different_texts_below_a_header_are_its_samples() -> None:
    assert match(survey([ORDERS]), "下单的人").samples == ("李雷",)
    assert match(survey([ORDERS]), "实际到账").samples == ("90", "80")


def test_a_confirmation_holds_whether_the_header_is_read_in_one_row_or_two() -> None:
    """Without it, the two rows joined would explain one header more, and it would have no effect."""
    above = sheet(
        ("订单", "", "金额", ""),
        ("订单编号", "下单日期", "金额", "客户"),
        ("A-1", "2026-10-01", "100", "李雷"),
    )
    assert "customer" in survey([above]).tables[0].letters
    assert "customer" not in survey([above], confirm(客户="")).tables[0].letters
