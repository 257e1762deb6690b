"""What was computed before is known again, and only for the same question of the same data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks import workbook
from xlsales import folders
from xlsales.hosts import results
from xlsales.hosts.file import refresh
from xlsales.metrics import _catalogue
from xlsales.metrics._scope import Scope, parse_period

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = Scope(parse_period("2026-10"), date(2026, 10, 31))
ROWS = {"sales 2026-10-01..2026-10-31 []": [{"amount": 0.1 + 0.2, "share": None, "rep": "李雷", "n": 3}]}


class Asked:
    """The metrics that had to be computed."""

    def __init__(self) -> None:
        self.keys: list[str] = []


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    compute = _catalogue.compute

    def counted(key: str, *args: object, **options: object) -> object:
        found.keys.append(key)
        return compute(key, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(_catalogue, "compute", counted)
    monkeypatch.setattr(folders, "cache_folder", lambda: tmp_path / "cache")
    return found


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    workbook.write(str(path), 60)
    return path


def test_a_refresh_without_news_computes_nothing_again_and_writes_the_same(book: Path, asked: Asked) -> None:
    first = refresh([book], book.with_name("first.xlsx"))
    assert asked.keys
    asked.keys.clear()
    second = refresh([book], book.with_name("second.xlsx"))
    assert asked.keys == []
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_refresh_into_the_workbook_itself_is_known_the_next_time(book: Path, asked: Asked) -> None:
    refresh([book])
    asked.keys.clear()
    assert not refresh([book]).changed
    assert asked.keys == []


@pytest.mark.parametrize(
    "other",
    [
        {"period": "2026-09"},
        {"as_of": date(2026, 10, 20)},
        {"basis": "net"},
        {"filters": [("channel", ("抖音",))]},
    ],
)
def test_another_question_is_answered_as_if_nothing_had_been_kept(
    book: Path, asked: Asked, other: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = ("attainment",)
    refresh([book], tmp_path / "first.xlsx", only=only)
    asked.keys.clear()
    after = refresh([book], tmp_path / "after.xlsx", only=only, **other)  # type: ignore[arg-type]
    assert asked.keys
    monkeypatch.setattr(folders, "cache_folder", lambda: tmp_path / "empty")
    alone = refresh([book], tmp_path / "alone.xlsx", only=only, **other)  # type: ignore[arg-type]
    assert after.path.read_bytes() == alone.path.read_bytes()


def test_rows_come_back_as_they_were(asked: Asked) -> None:
    moments = {"key_accounts": [{"last_order": pd.Timestamp("2026-10-01 09:30"), "renewal": None}]}
    results.keep("entry", ABOUT, ROWS | moments)
    found = results.computed("entry", ABOUT)
    assert found == ROWS | moments
    assert type(found["key_accounts"][0]["last_order"]) is pd.Timestamp


def test_rows_of_other_data_or_another_scope_are_not_known(asked: Asked) -> None:
    results.keep("entry", ABOUT, ROWS)
    assert results.computed("other", ABOUT) == {}
    assert results.computed("entry", ABOUT.over(parse_period("2026-09"))) == {}


def test_rows_that_would_come_back_different_are_not_kept(asked: Asked) -> None:
    for value in (date(2026, 10, 1), (1, 2)):
        results.keep("entry", ABOUT, {"sales": [{"amount": value}]})
        assert results.computed("entry", ABOUT) == {}
