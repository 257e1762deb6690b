"""The settings sheet: what it says, what it may say, and that a blank one changes nothing."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from xlsales.errors import InputError, UsageError
from xlsales.hosts.file import check, refresh
from xlsales.language import LANGUAGES
from xlsales.metrics._scope import Policy, Window
from xlsales.report.pages import PAGES
from xlsales.settings import KEYS, Settings, read_settings, settings, value_cells, word

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = [
    ("Order ID", "Order date", "Amount"),
    ("1", date(2026, 9, 15), 100.0),
    ("2", date(2026, 10, 15), 150.0),
    ("3", date(2026, 10, 30), 50.0),
]


def book(said: dict[str, object], *, mark: str = '"settings"', orders: bool = False) -> bytes:
    """A workbook with a settings sheet as a user may leave it."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Orders"
    for row in ORDERS if orders else ():
        sheet.append(row)
    sheet = made.create_sheet("My settings")
    sheet.append(["What a refresh takes"])
    for key, value in said.items():
        sheet.append([key, value, "what it means"])
    sheet.defined_names["_xlsales.sheet"] = DefinedName("_xlsales.sheet", attr_text=mark, hidden=True)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Settings()),
        (dict.fromkeys(KEYS), Settings()),
        (dict.fromkeys(KEYS, "  "), Settings()),
        ({"note": "2026-10"}, Settings()),
        ({"period": "2026-10"}, Settings(period="2026-10")),
        ({"period": " 2026-Q4 "}, Settings(period="2026-Q4")),
        ({"period": "２０２６-１０"}, Settings(period="2026-10")),
        ({"period": 2026}, Settings(period="2026")),
        ({"period": date(2026, 10, 1)}, Settings(period="2026-10")),
        ({"period": "2026年10月"}, Settings(period="2026-10")),
        ({"period": "2026-01-05..2026-02-03"}, Settings(period="2026-01-05..2026-02-03")),
        ({"as_of": "2026-10-20"}, Settings(as_of=date(2026, 10, 20))),
        ({"as_of": date(2026, 10, 20)}, Settings(as_of=date(2026, 10, 20))),
        ({"as_of": "2026年10月20日"}, Settings(as_of=date(2026, 10, 20))),
        ({"basis": "net"}, Settings(basis="net")),
        ({"basis": "实收"}, Settings(basis="cash")),
        ({"pages": "funnel"}, Settings(pages=("funnel",))),
        ({"pages": "留存，总览"}, Settings(pages=("overview", "retention"))),
        ({"cleaned": "是"}, Settings(cleaned=True)),
        ({"cleaned": "Yes"}, Settings(cleaned=True)),
        ({"cleaned": "no"}, Settings()),
        ({"language": "English"}, Settings(lang="en")),
        ({"language": "中文"}, Settings(lang="zh")),
        ({"Period ": "2026-10"}, Settings(period="2026-10")),
        ({"period": "FY2026-Q2"}, Settings(period="FY2026-Q2")),
        ({"fiscal_year_start": 4}, Settings(policy=Policy(fiscal_year_start=4))),
        ({"spring_festival": "按春节对齐"}, Settings(policy=Policy(spring_festival="aligned"))),
        ({"refunds": "original_month"}, Settings(policy=Policy(refunds="original_month"))),
        ({"business_hours": "8:30-17:30"}, Settings(policy=Policy(business="8:30-17:30"))),
    ],
)
def test_a_value_is_read_as_people_write_it(said: dict[str, object], expected: Settings) -> None:
    assert read_settings(book(said)) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_the_defaults_change_nothing(lang: str) -> None:
    asked = read_settings(book({key: word(key, "default", lang) for key in KEYS}))
    assert asked == Settings(basis="signed")  # which is the default, by its name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("key", "values"),
    [("basis", ("signed", "net", "cash")), ("pages", PAGES), ("language", LANGUAGES)],
)
def test_every_value_is_understood_by_its_word(lang: str, key: str, values: tuple[str, ...]) -> None:
    field = "lang" if key == "language" else key
    for value in values:
        read = getattr(settings({"A2": key, "B2": word(key, value, lang)}, "Settings"), field)
        assert read == ((value,) if key == "pages" else value)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"period": "soon"}, "setting_period"),
        ({"period": "2026-13"}, "setting_period"),
        ({"period": "2026-10-05"}, "setting_period"),
        ({"period": date(2026, 10, 5)}, "setting_period"),
        ({"as_of": "yesterday"}, "setting_as_of"),
        ({"as_of": "3/1/26"}, "setting_as_of"),
        ({"basis": "gross"}, "setting_choice"),
        ({"fiscal_year_start": 13}, "setting_choice"),
        ({"refunds": "never"}, "setting_choice"),
        ({"business_hours": "18-9"}, "setting_business_hours"),
        ({"pages": "overview, forecast"}, "setting_choice"),
        ({"cleaned": "maybe"}, "setting_choice"),
        ({"language": "fr"}, "setting_choice"),
    ],
)
def test_a_value_that_means_nothing_names_its_cell(said: dict[str, object], error: str) -> None:
    with pytest.raises(InputError) as wrong:
        read_settings(book(said))
    assert wrong.value.key == error
    for lang in LANGUAGES:
        assert "My settings" in wrong.value.what(lang)
        assert "B2" in wrong.value.what(lang)
        assert wrong.value.do(lang)


def test_a_sheet_without_our_mark_is_not_asked() -> None:
    assert read_settings(book({"period": "2026-09"}, mark='"overview"')) == Settings()


def test_of_two_rows_with_a_key_the_upper_one_counts() -> None:
    assert value_cells({"A9": "period", "A3": "period", "B3": "2026-10"}) == {"period": "B3"}


def test_a_refresh_takes_what_the_sheet_says(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book({"period": "2026-09", "pages": "overview", "language": "zh"}, orders=True))
    done = refresh([path])
    assert done.analysis.scope.period == Window(date(2026, 9, 1), date(2026, 9, 30))
    assert [page.key for page in done.report.pages] == ["overview"]
    assert done.report.lang == "zh"


def test_flags_come_over_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    said = {
        "period": "2026-09",
        "as_of": "2026-09-20",
        "basis": "cash",
        "pages": "overview",
        "language": "zh",
    }
    path.write_bytes(book(said, orders=True))
    flags = {"period": "2026-10", "as_of": date(2026, 10, 20), "basis": "signed"}
    done = refresh([path], only=("quality",), lang="en", **flags)
    scope = done.analysis.scope
    assert (scope.period.start, scope.as_of, scope.basis) == (date(2026, 10, 1), date(2026, 10, 20), "signed")
    assert ([page.key for page in done.report.pages], done.report.lang) == (["quality"], "en")


def test_a_blank_sheet_is_a_workbook_without_one(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book({}, orders=True))
    scope = check([path]).scope
    assert scope.period == Window(date(2026, 10, 1), date(2026, 10, 31))
    assert (scope.as_of, scope.basis) == (date(2026, 10, 30), "signed")


def test_the_settings_of_several_files_are_nobodys(tmp_path: Path) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for path in (one, two):
        path.write_bytes(book({"period": "2026-09"}, orders=True))
    assert check([one, two]).scope.period.start == date(2026, 10, 1)


def test_the_settings_sheet_is_no_data(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book({"period": "2026-10"}, orders=True))
    assert {raw.sheet for raw in check([path]).survey.tables} == {"Orders"}


def test_a_refresh_reads_fiscal_years_as_the_sheet_says(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book({"period": "FY2026-Q3", "fiscal_year_start": 4, "pages": "overview"}, orders=True))
    with pytest.raises(UsageError):  # October to December 2025
        refresh([path])
    path.write_bytes(book({"period": "FY2027-Q3", "fiscal_year_start": 4, "pages": "overview"}, orders=True))
    assert refresh([path]).analysis.scope.period == Window(date(2026, 10, 1), date(2026, 12, 31))
