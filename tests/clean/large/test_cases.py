"""A person can decide about findings in an engine: they are the cases that they are in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clean.large.several_files import frames, there
from xlsales.clean.clean import clean
from xlsales.clean.large import brought, listing
from xlsales.clean.review.cases import open_cases
from xlsales.tables import engines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from tests.clean.large.several_files import Rows
    from xlsales.tables.engines import Lazy

pytest.importorskip("duckdb")

NAMES = ("order_id", "order_date", "rep", "amount", "note")
FILES: dict[str, Rows] = {
    "a.csv": [
        ("O1", "2026-10-01", "李雷", "100", None),
        ("O1", "2026-10-02", "李雷", "一百", "which stands beside an id that two have"),
        (None, "2026-10-03", "李雷", "7", "one"),
        (None, "2026-10-03", "李雷", "7", "one"),
        (None, "2026-10-03", "李雷", "x", "one"),
        (None, "2026-10-03", "李雷", "x", "two"),
    ],
    "b.csv": [
        ("O2", "2026-10-33", "李雷", "100", None),
        (None, "2026-10-03", "李雷", "x", "three"),
        ("O3", None, "李雷", "100", None),
    ],
}


@pytest.fixture(scope="module")
def engine() -> Lazy:
    return engines.opened("duckdb")


def cases(issues: pd.DataFrame) -> Sequence[tuple[str, ...]]:
    names = ["rule", "source", "cell", "value", "holder", "key", "case"]
    return sorted(issues.loc[issues["case"] != "", names].itertuples(index=False, name=None))


def test_findings_are_the_cases_that_they_are_in_memory(engine: Lazy) -> None:
    """Also where a source tells of an id that another has too."""
    parts = frames("orders", NAMES, FILES)
    here = cases(clean([own for own, _ in parts]).issues)
    assert cases(there([[one] for one in parts], engine).issues) == here
    assert [one[0] for one in here].count("unreadable_number") == 4
    assert len({one[-1] for one in here}) == len(here) == 7


def test_rows_that_too_many_others_are_like_are_no_cases(
    engine: Lazy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought, "ALIKE", 1)
    found = cases(there([frames("orders", NAMES, FILES)], engine).issues)
    assert [(one[0], one[5]) for one in found] == [("impossible_date", "O2"), ("missing_needed", "O3")]


def test_every_doubted_text_is_a_case_however_many_rows_say_another(
    engine: Lazy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LISTED", 2)
    reps = ["张三", "张三", "张三", "李四"]
    orders: Rows = [(f"O{k}", "2026-10-01", rep, "5") for k, rep in enumerate(reps)]
    parts = [
        frames("orders", NAMES[:4], {"a.csv": orders}),
        frames("roster", ("rep",), {"r.csv": [("王芳",)]}),
    ]
    waiting = open_cases(there(parts, engine).issues)
    assert sorted(waiting["value"][waiting["rule"] == "unknown_rep"]) == ["张三", "李四"]
