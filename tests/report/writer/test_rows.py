"""Rows as text: every value of its kind, whatever stands in it, and in the piece that it falls into."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from lxml import etree

from xlsales.clean.frames import conform
from xlsales.report.cleaned import CleanedSheet
from xlsales.report.writer import rows as module
from xlsales.tables.specs import ORDERS

Said = tuple[str, str | None, str | None]


def cells(
    frame: pd.DataFrame, changed: dict[str, list[int]] | None = None, *, date1904: bool = False
) -> list[list[Said]]:
    """Type, style and content of the cells of each row of orders with these columns."""
    clean = conform(ORDERS, frame)
    columns = tuple(column for column in ORDERS.columns if column.name in frame)
    sheet = CleanedSheet(
        ORDERS,
        "zh",
        (),
        columns,
        clean[[column.name for column in columns]],
        pd.Series([f"Export · {row}" for row in range(len(frame))], dtype="str"),
        pd.Series({1: "what"}, dtype="str"),
        {name: np.array(rows) for name, rows in (changed or {}).items()},
    )
    width = len(columns) + 2
    text = b"".join(sheet.rows(6, ["1"] * width, ["2"] * width, date1904=date1904))
    found = []
    for number, row in enumerate(etree.fromstring(b"<data>" + text + b"</data>"), start=6):
        assert row.get("r") == str(number)
        assert [cell.get("r") for cell in row] == [f"{chr(65 + at)}{number}" for at in range(width)]
        found.append(
            [(cell.get("t", ""), cell.get("s"), "".join(map(str, cell.itertext())) or None) for cell in row]
        )
    return found


def column(name: str, *values: object, **options: bool) -> list[tuple[str, str | None]]:
    return [(row[0][0], row[0][2]) for row in cells(pd.DataFrame({name: list(values)}), **options)]


def test_texts_stay_texts_whatever_stands_in_them() -> None:
    said = column("order_id", "007", "=1+1", "<b> & >", None)
    assert said == [("inlineStr", "007"), ("inlineStr", "=1+1"), ("inlineStr", "<b> & >"), ("", None)]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("a\x01b", "a_x0001_b"),
        ("a\rb", "a_x000D_b"),
        ("a_x0041_b", "a_x005F_x0041_b"),
        ("a\ufffeb", "a_xFFFE_b"),
        ("a_x", "a_x"),
        (" two\nlines ", " two\nlines "),
    ],
)
def test_what_xml_cannot_say_is_said_as_excel_says_it(given: str, written: str) -> None:
    assert column("rep", given) == [("inlineStr", written)]


def test_numbers_are_written_to_their_last_digit() -> None:
    assert column("amount", 12000.0, 0.1 + 0.2, -1e21, float("nan")) == [
        ("", "12000"),
        ("", repr(0.1 + 0.2)),
        ("", "-1e+21"),
        ("", None),
    ]


@pytest.mark.parametrize(("date1904", "first"), [(False, date(1899, 12, 30)), (True, date(1904, 1, 1))])
def test_days_are_counted_in_the_calendar_of_the_workbook(date1904: bool, first: date) -> None:
    said = column("order_date", pd.Timestamp(2026, 3, 1), None, date1904=date1904)
    assert said == [("", str((date(2026, 3, 1) - first).days)), ("", None)]


def test_a_time_of_day_is_a_part_of_its_day() -> None:
    (_, said), *_ = column("order_date", pd.Timestamp(2026, 3, 1, 18), pd.Timestamp(2026, 3, 1))
    assert float(said or "") % 1 == 0.75


def test_a_day_before_excels_calendar_is_said_as_text() -> None:
    assert column("order_date", pd.Timestamp(1899, 5, 4))[0] == ("inlineStr", "1899-05-04")


def test_words_of_a_vocabulary_are_said_in_the_language() -> None:
    assert column("status", "cancelled", None) == [("inlineStr", "已取消"), ("", None)]


def test_only_changed_cells_look_so_in_whatever_piece_they_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"order_id": list("abcde"), "amount": [1.0, 2.0, None, 4.0, 5.0]})
    whole = cells(frame, {"amount": [1, 2, 4]})
    assert [row[1][1] for row in whole] == ["1", "2", "2", "1", "2"]
    assert [row[0][1] for row in whole] == ["1"] * 5
    assert [row[3][2] for row in whole] == [None, "what", None, None, None]
    monkeypatch.setattr(module, "PIECE", 2)
    assert cells(frame, {"amount": [1, 2, 4]}) == whole


def test_no_rows_are_no_text() -> None:
    assert cells(pd.DataFrame({"order_id": pd.Series([], dtype="str")})) == []
