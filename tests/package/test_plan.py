from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.package.workbooks import edited, openpyxl_book, refreshed, saved, xlsxwriter_book
from xlsales.errors import WorkbookError
from xlsales.package.blank import blank_book
from xlsales.package.book import open_book
from xlsales.package.fonts import digit_width
from xlsales.package.plan import plan

BOOK = open_book(xlsxwriter_book())


def test_a_free_name_is_taken_as_wished() -> None:
    assert plan(BOOK, {"overview": "总览"}, []).names == {"overview": "总览"}


def test_a_name_of_another_sheet_gets_a_number_whatever_its_case() -> None:
    assert plan(BOOK, {"a": "sales", "b": "CHART", "c": "Sales"}, []).names == {
        "a": "sales (2)",
        "b": "CHART (2)",
        "c": "Sales (3)",
    }


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.sampled_from(["Sales", "x" * 31, "总览"])))
def test_planned_names_never_meet_and_never_pass_31_characters(wanted: dict[str, str]) -> None:
    names = plan(BOOK, wanted, []).names
    assert list(names) == list(wanted)
    everything = [name.lower() for name in names.values()] + ["sales", "chart"]
    assert len(set(everything)) == len(everything)
    assert all(len(name) <= 31 for name in names.values())


def test_tables_avoid_tables_and_defined_names_of_the_user_but_not_their_own_of_last_time() -> None:
    data = openpyxl_book()
    tables = plan(open_book(data), {}, ["orders", "RATE", "xs_reps", "XS_REPS"]).table_names
    assert tables == {"orders": "orders_2", "RATE": "RATE_2", "xs_reps": "xs_reps", "XS_REPS": "XS_REPS_2"}
    again = plan(open_book(refreshed(data)), {"overview": "总览", "data": "数据"}, ["xs_reps"])
    assert again.table_names == {"xs_reps": "xs_reps"}


@pytest.mark.parametrize(
    ("attributes", "key"),
    [
        ('readOnlyRecommended="1"', "workbook_read_only_recommended"),
        ('userName="Wang" reservationPassword="CC1A"', "workbook_password_to_modify"),
        ('readOnlyRecommended="true" hashValue="q83v" spinCount="100000"', "workbook_password_to_modify"),
        ('userName="Wang"', None),
        ('readOnlyRecommended="0"', None),
    ],
)
def test_an_owner_who_does_not_want_changes_is_heard(attributes: str, key: str | None) -> None:
    shared = edited(
        openpyxl_book(),
        {
            "xl/workbook.xml": lambda xml: xml.replace(
                "<workbookPr", f"<fileSharing {attributes}/><workbookPr", 1
            )
        },
    )
    book = open_book(shared)
    if key is None:
        assert plan(book, {"a": "A"}, []).names == {"a": "A"}
    else:
        with pytest.raises(WorkbookError) as refusal:
            plan(book, {"a": "A"}, [])
        assert refusal.value.key == key


@pytest.mark.parametrize(
    ("font", "size", "pixels"),
    [
        ("Calibri", 11, 7),
        ("arial", 10, 7),
        ("宋体", 11, 8),
        ("SimSun", 11, 8),
        ("Microsoft YaHei", 11, 8),
        ("Nobody's Sans", 11, 7),
        ("Nobody's Sans", 12, 8),
    ],
)
def test_a_digit_is_as_wide_as_the_font_makes_it(font: str, size: float, pixels: int) -> None:
    assert digit_width(font, size) == pixels


def test_widths_are_counted_in_the_font_of_the_normal_style() -> None:
    book = openpyxl.Workbook()
    normal = book._named_styles["Normal"]
    normal.font = openpyxl.styles.Font(name="宋体", sz=11)
    assert plan(open_book(saved(book)), {}, []).digit_px == 8
    assert plan(open_book(blank_book()), {}, []).digit_px == 7
    assert plan(open_book(blank_book("微软雅黑")), {}, []).digit_px == 8
