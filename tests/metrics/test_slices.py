from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.metrics.frames import scope, table
from xlsales.errors import UsageError
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import in_order, looks, sliced

LEADS = table("leads", "created | channel\n2026-10-01 | 抖音\n2026-10-02 |")


def test_a_filter_lets_its_names_pass_and_blank_is_a_name() -> None:
    found = sliced(LEADS, scope("2026-10", filters={"channel": [""]}), ("channel",)).collect().to_pandas()
    assert found["created"].tolist() == [pd.Timestamp(2026, 10, 2)]
    assert found["channel"].tolist() == [""]


@pytest.mark.parametrize("dimension", ["category", "month", "nonsense"])
def test_a_filter_that_the_table_cannot_apply_is_never_ignored(dimension: str) -> None:
    with pytest.raises(UsageError):
        sliced(LEADS, scope("2026-10", filters={dimension: ["x"]}), ())


def test_a_name_that_the_table_lacks_is_an_error() -> None:
    with pytest.raises(UsageError):
        sliced(LEADS, scope("2026-10"), ("category",))


def test_the_period_before_is_seen_at_the_age_of_this_one() -> None:
    now, before = looks(scope("2026-10", date(2026, 11, 10)), ())
    assert (now.window, now.as_of) == (Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 11, 10))
    assert (before.window, before.as_of) == (Window(date(2026, 9, 1), date(2026, 9, 30)), date(2026, 10, 10))


def test_months_are_looked_at_one_by_one_until_the_data_date() -> None:
    found = looks(scope("2026-08-10..2026-11-20", date(2026, 10, 4)), ("month",))
    current = [look for look in found if look.role == "current"]
    assert [look.row for look in current] == ["2026-08", "2026-09", "2026-10"]
    assert current[0].window == Window(date(2026, 8, 10), date(2026, 8, 31))
    assert current[2].window == Window(date(2026, 10, 1), date(2026, 10, 4))


def test_names_go_by_size_then_name_and_months_by_time() -> None:
    rows = pd.DataFrame(
        {
            "rep": ["b", "a", "c", "b", "a", "c"],
            "month": ["2", "2", "2", "1", "1", "1"],
            "n": [1.0, 1.0, 5.0, 2.0, 2.0, 0.0],
        }
    )
    found = in_order(rows, ("rep", "month"), "n")
    assert list(zip(found["rep"], found["month"], strict=True)) == [
        ("c", "1"), ("c", "2"), ("a", "1"), ("a", "2"), ("b", "1"), ("b", "2"),
    ]  # fmt: skip
    found = in_order(rows, ("month", "rep"), "n")
    assert list(zip(found["month"], found["rep"], strict=True)) == [
        ("1", "a"), ("1", "b"), ("1", "c"), ("2", "c"), ("2", "a"), ("2", "b"),
    ]  # fmt: skip
