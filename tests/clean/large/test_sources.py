"""Of the same record in several files an engine keeps the rows that are kept in memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from tests.clean.large.several_files import frames, there
from xlsales.clean.clean import clean
from xlsales.tables import engines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from tests.clean.large.several_files import Rows
    from xlsales.tables.engines import Lazy

pytest.importorskip("duckdb")

RULES = ["superseded", "repeated_sheet", "reused_id"]
ORDERS = ("order_id", "order_date", "customer_id", "product", "amount")


@pytest.fixture(scope="module")
def engine() -> Lazy:
    return engines.opened("duckdb")


def told(issues: pd.DataFrame) -> list[dict[str, Any]]:
    names = ["rule", "action", "source", "cell", "suggestion", "amount"]
    found = issues.loc[issues["rule"].isin(RULES), names].astype("str")
    # A file is a sheet of its own name in memory, and one of its table there.
    found["suggestion"] = found["suggestion"].str.replace("![^!]+", "", n=1, regex=True)
    return found.sort_values(names).to_dict("records")


def left(rows: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Any]]:
    own = [name for name in names if name != "note"]
    found = rows[own].astype("str")
    return found.sort_values(list(found)).to_dict("records")


def assert_alike(
    key: str, names: Sequence[str], files: Mapping[str, Rows], engine: Lazy, *, apart: bool = False
) -> list[str]:
    """The rules that found something, once memory and engine say the same.

    The files are of one source, or each is one ``apart``.
    """
    parts = frames(key, names, files)
    here = clean([own for own, _ in parts])
    cleaned = there([[one] for one in parts] if apart else [parts], engine)
    rows = nw.from_native(cleaned.tables[key]).lazy().collect("pandas").to_pandas()
    assert left(rows, names) == left(here.tables[key], names)
    assert told(cleaned.issues) == told(here.issues)
    assert all(one.ties for one in cleaned.reconciliations)
    excluded = [
        Counter(it.rule for one in found.reconciliations for it in one.exclusions for _ in range(it.rows))
        for found in (cleaned, here)
    ]
    assert excluded[0] == excluded[1]
    return sorted(set(cleaned.issues["rule"]) & set(RULES))


rows = some.lists(
    some.tuples(
        some.sampled_from([*(f"N{k}" for k in range(12)), None]),
        some.sampled_from(["2026-01-02", "2026-01-03", "2026-02-01"]),
        some.sampled_from(["C1", "C2"]),
        some.sampled_from(["钢琴", "绘画"]),
        some.sampled_from(["100", "200"]),
    ),
    min_size=8,
    max_size=24,
)


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(
    files=some.fixed_dictionaries(dict.fromkeys(("shop10.parquet", "shop2.parquet", "shop9.parquet"), rows))
)
def test_the_same_rows_stay_and_the_same_is_said(files: dict[str, Rows], engine: Lazy) -> None:
    assert_alike("orders", ORDERS, dict(sorted(files.items())), engine)


def test_a_row_that_differs_in_a_note_alone_is_told_by_the_file_that_reaches_furthest(engine: Lazy) -> None:
    names = ("order_id", "order_date", "customer", "amount", "note")
    files: dict[str, Rows] = {
        "shop1.csv": [
            ("O1", "2026-01-02", "李雷", "100", "new"),
            ("O2", "2026-01-02", "李雷", "70", None),
            ("O3", "2026-01-02", "李雷", "50", "x"),
        ],
        "shop2.csv": [
            ("O1", "2026-01-02", "李雷", "100", "old"),
            ("O2", "2026-01-05", "韩梅梅", "70", None),
            ("O3", "2026-01-02", "李雷", "50", "x"),
            ("O4", "2026-02-05", "韩梅梅", "5", None),
        ],
    }
    assert assert_alike("orders", names, files, engine) == ["reused_id", "superseded"]


def test_of_two_sources_the_fuller_record_survives(engine: Lazy) -> None:
    names = ("order_id", "order_date", "amount", "channel")
    files: dict[str, Rows] = {
        "crm.csv": [("O1", "2026-01-05", "100", "抖音")],
        "shop.csv": [("O1", "2026-01-05", "90", None)],
    }
    assert assert_alike("orders", names, files, engine, apart=True) == ["superseded"]


def test_rows_that_two_sources_have_alike_count_once(engine: Lazy) -> None:
    names = ("order_id", "order_date", "customer", "amount")
    same = ("O1", "2026-01-05", "李雷", "100")
    files: dict[str, Rows] = {
        "shop1.csv": [same, ("O2", "2026-01-05", "韩梅梅", "70")],
        "shop2.csv": [same, same, ("O3", "2026-02-05", "韩梅梅", "5")],
    }
    assert assert_alike("orders", names, files, engine, apart=True) == []


def test_a_file_without_ids_that_equals_another_is_a_copy(engine: Lazy) -> None:
    targets = ("period", "rep", "target")
    goals: Rows = [(f"2026-{month:02d}", "王芳", "500") for month in range(1, 7)]
    files = {"a.csv": goals, "b.csv": [*goals[::-1]], "c.csv": goals[:5]}
    assert assert_alike("targets", targets, files, engine) == ["repeated_sheet"]
