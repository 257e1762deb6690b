"""What Excel sends in every shape, and what a cell then shows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.excel.functions.windows import FakeRange, call, cells, com, udfs
from xlsales.errors import UsageError
from xlsales.language import text
from xlsales.tables.live import ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = {shown: code for code, shown in ERRORS.items()}


@pytest.fixture(autouse=True)
def _afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    cells().forget()
    yield
    cells().forget()


def one(*arguments: Any) -> Any:
    (row,) = call(*arguments)
    (cell,) = row
    return cell


# One cell


def test_a_cell_a_typed_value_and_a_range_of_one_cell_are_the_same() -> None:
    assert one("XS_ATTAIN", 80, 100) == one("XS_ATTAIN", [[80]], [[100]]) == 0.8


@pytest.mark.parametrize("text", ["80", "８０", " 80 ", "￥80", "80.00", "0.008万"])
def test_a_number_stored_as_text_is_a_number(text: str) -> None:
    assert one("XS_ATTAIN", text, 100) == 0.8


@pytest.mark.parametrize("share", [0.2, "20%", "0.2", "２０％"])
def test_a_share_may_be_a_fraction_or_a_percentage(share: object) -> None:
    assert one("XS_LEADS_NEEDED", 0, 1000, share, 100) == 50


@pytest.mark.parametrize("blank", [[[None]], [[""]], "", "-", "无", [[CODE["#N/A"]]]])
def test_a_blank_gives_a_blank(blank: object) -> None:
    assert one("XS_ATTAIN", blank, 100) == ""
    assert one("XS_ATTAIN", 80, blank) == ""


def test_a_cell_in_a_currency_format_keeps_all_its_digits() -> None:
    class Currency(FakeRange):
        Value2 = 0.123456789

    assert one("XS_SHARE", Currency(Decimal("0.1235")), 1) == 0.123456789


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 31),
        datetime(2026, 10, 31, 18, 30, tzinfo=UTC),
        46326.0,
        "2026-10-31",
        "2026年10月31日",
        20261031.0,
    ],
)
def test_a_date_may_be_a_date_a_serial_or_text(day: object) -> None:
    assert one("XS_PACE", 90, 100, day) == 0.9


def test_an_omitted_argument_and_a_blank_cell_are_the_default() -> None:
    assert one("XS_DSO", 50, 100) == one("XS_DSO", 50, 100, [[None]]) == one("XS_DSO", 50, 100, 30) == 15


def test_a_result_below_no_denominator_is_blank_and_never_zero() -> None:
    assert one("XS_ATTAIN", 80, 0) == ""
    assert one("XS_GROWTH", 80, -5) == ""


# Many cells


def test_a_column_gives_a_column() -> None:
    assert call("XS_ATTAIN", [80, 90, None], [100, 100, 100]) == [[0.8], [0.9], [""]]


def test_a_row_gives_a_row() -> None:
    assert call("XS_ATTAIN", [[80, 90]], [[100, 100]]) == [[0.8, 0.9]]


def test_a_rectangle_gives_a_rectangle() -> None:
    assert call("XS_GAP", [[1, 2], [3, 4]], [[1, 1], [1, 1]]) == [[0, 1], [2, 3]]


def test_one_cell_goes_with_every_cell_and_a_row_with_a_column() -> None:
    assert call("XS_GAP", [1, 2], 1) == [[0], [1]]
    assert call("XS_GAP", [1, 2], [[1, 2]]) == [[0, -1], [1, 0]]


def test_an_answer_of_several_cells_takes_a_row_for_each() -> None:
    answers = call("XS_MATCH", ["Acme Ltd", "Nobody", None], [["acme"], ["apex"]])
    assert answers == [["acme", 1.0], ["", ""], ["", ""]]


def test_one_bad_cell_spoils_only_its_own_answer() -> None:
    good, bad = call("XS_ATTAIN", [80, "eighty"], [100, 100])
    assert good == [0.8]
    assert bad == [
        'XS: "eighty" for actual is no number. Write it as 1234.5, or refer to a cell with a number.'
    ]


@pytest.mark.parametrize("shown", ["#DIV/0!", "#REF!", "#NAME?", "#SPILL!"])
def test_an_error_is_named_where_it_came_from(shown: str) -> None:
    assert one("XS_ATTAIN", [[CODE[shown]]], 100).startswith(f"XS: actual is the error {shown}.")
    listed = one("XS_HHI", [[1], [CODE[shown]]])
    assert listed.startswith(f"XS: Cell 2 of amounts is the error {shown}.")


# Lists


def test_a_header_above_numbers_is_left_out_also_of_the_names_beside_it() -> None:
    header, *rows = call("XS_ABC", ["product", "x", "y"], ["amount", 30, 70])
    assert [row[:2] for row in rows] == [["y", 70], ["x", 30]]
    assert header[0] == "Name"


def test_a_list_may_lie_across() -> None:
    assert one("XS_HHI", [[30, 30, 20, 20]]) == pytest.approx(0.26)


def test_texts_of_a_list_are_read_together_as_one_column() -> None:
    assert one("XS_TOP_SHARE", ["1.234,50", "1.234", "2.468,50"], 1) == pytest.approx(2468.5 / 4937)


def test_blanks_and_not_available_in_a_list_do_not_count() -> None:
    assert one("XS_HHI", [10, None, 10, CODE["#N/A"], ""]) == 0.5


def test_ranges_of_different_lengths_are_refused() -> None:
    said = one("XS_ABC", ["x", "y"], [1, 2, 3])
    assert said == (
        "XS: The ranges differ in size: names 2×1, amounts 3×1. Select ranges with the same number of rows."
    )


def test_whole_columns_are_cut_to_the_used_part_of_the_sheet_before_they_are_read() -> None:
    used = FakeRange(com([["product"], ["x"], ["y"], [None]]))
    amounts = FakeRange(com([["amount"], [30], [70], [None]]), column=2)
    whole = [
        FakeRange(part.values, used=part, height=1_048_576, column=part.Column) for part in (used, amounts)
    ]
    _, *rows = call("XS_ABC", *whole)
    assert [row[:2] for row in rows] == [["y", 70], ["x", 30]]


def test_a_whole_column_beside_the_used_part_is_blank() -> None:
    class Beside(FakeRange):
        @property
        def Application(self) -> Any:  # noqa: N802
            import types

            return types.SimpleNamespace(Intersect=lambda *_: None)

    beside = Beside(com([[None]]), height=1_048_576)
    assert one("XS_HHI", beside) == ""


def test_several_areas_are_refused_since_excel_gives_only_the_first() -> None:
    said = one("XS_HHI", FakeRange(com([[1], [2]]), areas=2))
    assert said.startswith("XS: '[销售 2026.xlsx]Sheet1'!$A$1:$A$2 is made of several areas.")


def test_a_range_where_one_cell_belongs_is_refused() -> None:
    said = one("XS_MOVING_AVG", [1, 2, 3], [2, 3])
    assert said == "XS: window must be one cell, and is 2 by 1. Refer to one cell, or type the value."


def test_a_word_outside_the_list_is_refused_with_the_list() -> None:
    said = one("XS_REGION", "杭州", "district")
    assert "province, city, area" in said


# Language and safety


@pytest.mark.parametrize(
    ("header", "words"), [("订单", "没有识别出订单表或线索表"), ("thing", "No sheet here is a table")]
)
def test_an_error_speaks_the_language_of_the_headers(header: str, words: str) -> None:
    assert words in one("XS_SALES", [[header, header + "2"], [1, 2]])


def test_titles_speak_the_language_of_the_headers_and_not_of_the_names() -> None:
    assert call("XS_ABC", [["name"], ["滨江"]], [["amount"], [1]])[0][0] == "Name"
    assert call("XS_ABC", [["名称"], ["x"]], [["金额"], [1]])[0][0] == "名称"


def test_a_fault_of_our_own_is_a_readable_cell_with_the_id_of_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from xlsales.metrics import _portfolio

    def broken(*_: object) -> float:
        raise ZeroDivisionError

    monkeypatch.setattr(_portfolio, "herfindahl", broken)
    said = one("XS_HHI", [1, 2, 3])
    assert said.startswith("XS: xlsales itself failed (")
    log = Path(said.partition("the log ")[2].rstrip("."))
    assert "ZeroDivisionError" in log.read_text("utf-8")
    assert "XS_HHI" in log.read_text("utf-8")


def test_text_from_data_stays_text() -> None:
    assert one("XS_CLEAN_NAME", "=cmd|' /C calc'!A0").startswith("=CMD")  # a result is a value, not a formula


def test_half_a_character_is_no_fault() -> None:
    rows = [["order_id", "order_date", "amount", "channel"], ["1", "2026-10-01", 5, "a\ud83d"]]
    header, row = call("XS_SALES", rows, None, None, "channel")
    assert (header[1], row[1]) == ("Sales", 5.0)


# The language


SHEET = [["客户", "金额"], ["甲", 30], ["乙", 70]]
"""Chinese headers, of which XS_CHECK has something to say."""


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("English", "Cell"),
        ("en", "Cell"),
        ("中文", "单元格"),
        ("", "单元格"),
        ("自动", "单元格"),
        ("latin", "单元格"),
    ],
)
def test_the_settings_sheet_decides_the_language_where_it_states_one(asked: str, title: str) -> None:
    assert call("XS_CHECK", SHEET, asked=asked)[0][0] == title


def test_an_error_is_said_in_the_language_of_the_settings_sheet() -> None:
    (((zh,),), ((en,),)) = (call("XS_ATTAIN", "x!", 100, asked=asked) for asked in ("zh", "en"))
    error = UsageError("cell_not_number", argument="actual", value="x!")
    assert zh == f"XS: {error.what('zh')}{error.do('zh')}"
    assert en == f"XS: {error.what('en')} {error.do('en')}"


def test_a_fault_of_our_own_is_said_in_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cells(), "call", broken)
    ((said,),) = call("XS_CHECK", SHEET, asked="en")
    log = re.search(r"[0-9a-f]{6,}", said)
    assert log is not None
    assert text("en", "cells.crash.what", id=log[0]) in said


def test_a_change_of_the_language_is_seen_though_the_content_is_the_same() -> None:
    titles = [call("XS_CHECK", SHEET, asked=asked, calculation=9)[0][0] for asked in ("en", "zh", "en")]
    assert titles == ["Cell", "单元格", "Cell"]


def test_wrappers_of_an_older_workbook_hand_no_language_over() -> None:
    name, given = "xlsales.excel.cells", (80.0, 100.0, 7)
    assert udfs().call_udf(name, "XS_ATTAIN", given, None, None) == [[0.8]]


# Names by a list


def test_a_name_of_a_list_of_aliases_is_its_standard_name() -> None:
    aliases, standards = [["Acme Ltd"], ["old"]], [["Acme International"], ["Acme Ltd"]]
    names = [["ACME"], ["OLD"], ["Apex Inc"]]
    expected = [["Acme International"], ["Acme International"], ["APEX"]]
    assert call("XS_CLEAN_NAME", names, aliases, standards) == expected


def test_a_place_of_a_list_is_what_the_list_says() -> None:
    assert one("XS_REGION", "华东一部", "province", [["华东一部"]], [["浙江"]]) == "浙江省"
    assert one("XS_REGION", "杭州", "area", [["浙江"]], [["江浙沪"]]) == "江浙沪"
    assert one("XS_REGION", "杭州", "area") == "华东"
