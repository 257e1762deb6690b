"""Cells of a running Excel become exactly the text that the file gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from xlsales.tables.live import CellError, cell_text, cells, sheet_text
from xlsales.tables.sources import read_workbook

NOT_AVAILABLE = -2146826246
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(-1e8, 1e8).map(lambda x: round(x, 6) + 0.0),
    st.integers(-(10**9), 10**9).map(float),
    st.text(st.characters(exclude_categories=["C"]), max_size=8),
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda x: x.replace(microsecond=0)),  # noqa: DTZ001
)


def written(rows: list[list[Any]]) -> bytes:
    """The rows as a workbook has them."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("data")
        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(r, c, value)
                elif isinstance(value, float):
                    sheet.write_number(r, c, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(r, c, value, style)
                elif value == NOT_AVAILABLE:
                    sheet.write_formula(r, c, "=NA()", None, "#N/A")
                elif value:
                    sheet.write_string(r, c, value)
    return out.getvalue()


@given(st.lists(st.lists(VALUES | st.just(NOT_AVAILABLE), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_range_says_what_its_sheet_says(rows: list[list[Any]]) -> None:
    (sheet,) = read_workbook(written(rows), "file")
    live = sheet_text(cells(tuple(map(tuple, rows)), "data"), "data")
    expected = sheet.rows.set_axis(sheet.rows.columns + sheet.first_column, axis=1)
    assert_frame_equal(live.rows[expected.columns], expected, check_index_type=False, check_column_type=False)
    assert live.rows.shape[0] == expected.shape[0]
    assert list(live.errors) == [(row, label + sheet.first_column) for row, label in sheet.errors]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (1e17, "100000000000000000"),
        (1 / 3, "0.333333333"),
        (True, "true"),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01 00:00:00"),
        (datetime(2026, 3, 1, 10, 20, 30, 500_000, tzinfo=UTC), "2026-03-01 10:20:30.500"),
        (date(2026, 3, 1), "2026-03-01 00:00:00"),
        ("  ", None),
        (" a ", " a "),
        (None, None),
        (NOT_AVAILABLE, None),
    ],
)
def test_a_cell_as_text(value: Any, text: str | None) -> None:
    assert cell_text(cells(value).value) == text


def test_a_com_date_before_march_1900_is_moved_to_the_day_that_excel_shows() -> None:
    noon = cells(datetime(1899, 12, 30, 12, tzinfo=UTC)).value
    assert noon == datetime(1899, 12, 31, 12)  # noqa: DTZ001 - as a time of day is read from a file


@pytest.mark.parametrize(
    ("raw", "rows", "shape"),
    [
        (5.0, ((5.0,),), (1, 1)),
        ((1.0, 2.0), ((1.0, 2.0),), (1, 2)),
        (((1.0,), (2.0,)), ((1.0,), (2.0,)), (2, 1)),
        (((1.0, None), (None, "")), ((1.0,),), (2, 2)),
        ((), (), (1, 0)),
        (((None,), (None,)), (), (2, 1)),
    ],
)
def test_every_shape_is_a_rectangle_without_its_blank_ends(
    raw: Any, rows: Any, shape: tuple[int, int]
) -> None:
    made = cells(raw)
    assert made.rows == rows
    assert (made.height, made.width) == shape


def test_an_error_is_known_by_its_code() -> None:
    assert isinstance(cells(-2146826281).value, CellError)
    assert cells(-2146826281).value == "#DIV/0!"
    assert cells(7).value == 7.0


def test_contents_that_look_the_same_but_are_not_have_other_digests() -> None:
    alike = [1.0, True, "1", "1.0", "True", "#N/A", NOT_AVAILABLE, None, datetime(1900, 1, 1, tzinfo=UTC)]
    assert len({cells(((value,), (1.0,))).digest for value in alike}) == len(alike)
    assert cells(((1.0,), (None,))).digest != cells(((1.0,),)).digest


def test_a_range_knows_its_place() -> None:
    made = sheet_text(cells((("a", "b"), (1.0, NOT_AVAILABLE)), "Data 2026", 7, 2), "orders")
    assert (made.sheet, made.first_column, list(made.rows.index), made.errors) == (
        "Data 2026",
        2,
        [7, 8],
        ((8, 1),),
    )
    assert made.letter(1) == "D"
