"""The mapping sheet lists every header once, and says which confirmations could not be applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlsales.tables.confirmed import Confirmed
from xlsales.tables.mapping import survey
from xlsales.tables.seen import seen, troubles
from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    from xlsales.tables.mapping import Survey


def sheet(name: str, *headers: str) -> SheetText:
    frame = pd.DataFrame([headers, ("A-1", "2026-10-01", "100", "李雷", "x")[: len(headers)]], dtype="str")
    frame.index = pd.RangeIndex(1, 3)
    return SheetText("书.xlsx", name, frame)


def surveyed(*sheets: SheetText) -> Survey:
    return survey(sheets)


def said(header: str, column: str, profile: str = "门店订单") -> Confirmed:
    return Confirmed(profile, "orders", header, column)


OCTOBER = sheet("门店订单2026-10", "订单编号", "下单日期", "金额", "买的人", "备注二")
NOVEMBER = sheet("门店订单2026-11", "订单编号", "下单日期", "金额", "购课人")


def test_a_header_of_several_months_is_listed_once_with_all_its_places() -> None:
    found = seen(surveyed(OCTOBER, NOVEMBER))
    assert [one.match.header for one in found] == [
        "订单编号",
        "下单日期",
        "金额",
        "买的人",
        "备注二",
        "购课人",
    ]
    assert found[0].places == [("书.xlsx", "门店订单2026-10", "A"), ("书.xlsx", "门店订单2026-11", "A")]
    assert len({one.id for one in found}) == len(found)


def test_a_sheet_that_is_only_near_a_table_is_listed_too() -> None:
    survey_ = surveyed(sheet("门店订单", "订单编号", "下单日期", "备注二"))
    assert survey_.tables == ()
    assert [one.match.header for one in seen(survey_)] == ["订单编号", "下单日期", "备注二"]


def test_a_word_that_is_no_column_is_a_trouble() -> None:
    one = said("买的人", "顾客啊")
    assert troubles(surveyed(OCTOBER), [one]) == [("unknown", one)]


def test_two_headers_of_one_sheet_for_one_column_are_a_trouble_each() -> None:
    both = [said("买的人", "customer"), said("备注二", "customer")]
    assert sorted(troubles(surveyed(OCTOBER), both)) == [("double", one) for one in sorted(both)]


def test_a_header_that_is_gone_is_a_trouble_until_another_takes_its_column() -> None:
    gone = said("买的人", "customer")
    assert troubles(surveyed(NOVEMBER), [gone]) == [("gone", gone)]
    assert troubles(surveyed(NOVEMBER), [gone, said("购课人", "customer")]) == []


def test_an_ignored_header_that_is_gone_and_a_source_that_is_not_there_are_none() -> None:
    quiet = [said("旧列", ""), said("买的人", "customer", profile="展会订单")]
    assert troubles(surveyed(NOVEMBER), quiet) == []
