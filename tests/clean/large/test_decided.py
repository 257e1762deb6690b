"""What people decide about rows in an engine does there what it does in memory, and is told alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa
import pytest

from tests.clean.large.several_files import frames, there
from tests.clean.review.test_decisions import case_of, decide
from xlsales.clean.clean import clean
from xlsales.clean.review.decisions import Case
from xlsales.tables import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from tests.clean.large.several_files import Rows
    from xlsales.clean.clean import Cleaned
    from xlsales.clean.review.decisions import Choice, Decision
    from xlsales.tables.engines import Lazy

pytest.importorskip("duckdb")

NAMES = ("order_id", "order_date", "rep", "status", "quantity", "unit_price", "amount")
FILES: dict[str, Rows] = {
    "a.csv": [
        ("O1", "2026-10-01", "王芳", "paid", "1", "100", "100"),
        ("O2", "2026-10-02", "张三", "paid", "2", "50", "900"),
        ("O3", "2026-10-32", "张三", "weird", "1", "30", "30"),
        ("O4", "2026-10-04", "张三", "weird", "1", "40", "四十"),
        ("O5", "2026-10-05", "王芳", "paid", "1", "50", "50"),
        ("O5", "2026-10-05", "王芳", "paid", "1", "50", "50"),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60"),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60"),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60"),
        ("O8", None, "王芳", "paid", "1", "80", "80"),
    ],
    "b.csv": [
        ("O6", "2026-10-06", "李四", "weird", "1", "60", "60"),
        ("O7", "2026-10-07", "王芳", "paid", "1", "70", "-70"),
    ],
}
ROSTER = {"r.csv": [("王芳",)]}
WEIRD = Case("orders", "", "status", "weird", "unknown_word")
STRANGE = Case("orders", "", "rep", "张三", "unknown_rep")


def said(*about: tuple[str | Case, int, Choice, str]) -> Callable[[Cleaned], list[Decision]]:
    """Decisions about cases, or about the so-manieth finding of a rule."""

    def decisions(found: Cleaned) -> list[Decision]:
        cases = (one if isinstance(one, Case) else case_of(found, one, at) for one, at, _, _ in about)
        how = ((choice, value) for _, _, choice, value in about)
        return [
            decide(case, choice, value, reviewer="王芳", note="核过")
            for case, (choice, value) in zip(cases, how, strict=True)
        ]

    return decisions


DECIDED: dict[str, Callable[[Cleaned], list[Decision]]] = {
    "texts wherever they stand": said(
        (WEIRD, 0, "correct", "odd"),
        (STRANGE, 0, "correct", "李四"),
        (replace(STRANGE, old="李四"), 0, "correct", "王芳"),
        (replace(STRANGE, key="O2", old="李四"), 0, "accept", ""),
        ("unreadable_number", 0, "correct", "￥0.004万"),
        ("impossible_date", 0, "correct", "2026-10-33"),
        ("missing_needed", 0, "correct", "2026-10-31"),
    ),
    "rows": said(
        (STRANGE, 0, "accept", ""),
        (replace(STRANGE, key="O3"), 0, "correct", "王芳"),
        ("amount_mismatch", 0, "drop", ""),
        ("negative_amount", 0, "defer", ""),
        ("duplicate", 0, "keep", ""),
        ("possible_duplicate", 1, "drop", ""),
    ),
    "what cannot hold": said(
        ("amount_mismatch", 0, "drop", ""),
        ("amount_mismatch", 0, "correct", "100"),
        (STRANGE, 0, "correct", "王芳"),
        (STRANGE, 0, "accept", ""),
        (WEIRD, 0, "drop", ""),
        ("duplicate", 0, "drop", ""),
        (replace(STRANGE, old="无人"), 0, "correct", "王芳"),
    ),
}


@pytest.fixture(scope="module")
def engine() -> Lazy:
    return engines.opened("duckdb")


def issues(cleaned: Cleaned, numbered: bool) -> list[dict[str, Any]]:
    names = ["rule", "table", "field", "action", "source", "cell", "value", "amount", "case", "choice"]
    found = cleaned.issues[[*names, "suggestion"]].astype("str")
    equal = found["rule"].isin(["duplicate", "possible_duplicate"])
    found = found.assign(suggestion=found["suggestion"].mask(equal, ""))
    found = (
        found if numbered else found.assign(cell=found["cell"].str.rstrip("0123456789"))
    )  # a file is a sheet of its own here
    return found[found["action"] != "read"].sort_values([*names, "suggestion"]).to_dict("records")


def outcomes(cleaned: Cleaned, numbered: bool) -> list[str]:
    cells = [one.cell if numbered else one.cell.rstrip("0123456789") for one in cleaned.decisions]
    told = zip(cleaned.decisions, cells, strict=True)
    return sorted(repr(replace(one, sheet="", cell=cell)) for one, cell in told)


def changes(cleaned: Cleaned) -> list[dict[str, Any]]:
    names = ["table", "source", "field", "before", "after", "rule", "origin"]
    return cleaned.changes.groupby(names, as_index=False).agg({"times": "sum"}).to_dict("records")


def rows(frame: Any) -> list[dict[str, Any]]:
    found: pd.DataFrame = (
        nw.from_native(frame).lazy().collect("pandas").to_pandas()[list(NAMES)].astype("str")
    )
    return found.sort_values(list(NAMES)).to_dict("records")


def assert_alike(here: Cleaned, other: Cleaned, numbered: bool = True) -> None:
    assert rows(other.tables["orders"]) == rows(here.tables["orders"])
    assert issues(other, numbered) == issues(here, numbered)
    assert outcomes(other, numbered) == outcomes(here, numbered)
    assert changes(other) == changes(here)
    told = [
        {one.table: {it.rule: (it.rows, it.amount) for it in one.exclusions} for one in found.reconciliations}
        for found in (other, here)
    ]
    assert told[0] == told[1]
    assert all(one.ties for one in other.reconciliations)


@pytest.mark.parametrize("decisions", DECIDED.values(), ids=list(DECIDED))
def test_decisions_do_there_what_they_do_in_memory(
    decisions: Callable[[Cleaned], Sequence[Decision]], engine: Lazy
) -> None:
    parts = [frames("orders", NAMES, FILES), frames("roster", ("rep",), ROSTER)]
    raws = [own for some in parts for own, _ in some]
    decided, numbered = decisions(clean(raws)), decisions is not DECIDED["rows"]
    assert_alike(clean(raws, decided), there(parts, engine, decided, numbered=numbered), numbered)


KINDS = {
    "order_date": pa.timestamp("us"),
    "quantity": pa.int64(),
    "unit_price": pa.float64(),
    "amount": pa.float64(),
}
TYPED: dict[str, Rows] = {
    "a.parquet": [
        ("O1", "2026-10-01", "王芳", "paid", "1", "100", "100"),
        ("O2", "2026-10-02", "张三", "paid", "2", "50", "-100.5"),
        ("O3", "2026-10-03", "张三", "paid", "1", "30", "-30"),
        ("O4", None, "张三", "paid", "1", "40", "40"),
        ("O5", "2026-10-05", "王芳", "paid", "1", "70", "-70"),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60"),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60"),
        (None, None, "王芳", "paid", "1", "80", "80"),
    ]
}
DECIDED_TYPED = said(
    ("negative_amount", 0, "correct", "￥100"),
    ("negative_amount", 1, "correct", "三十"),
    ("missing_needed", 0, "correct", "2026-10-31"),
    ("missing_needed", 1, "correct", "10月31日"),
    ("negative_amount", 2, "drop", ""),
    ("possible_duplicate", 0, "drop", ""),
)


def test_values_that_are_no_texts_are_corrected_too(engine: Lazy) -> None:
    parts = [frames("orders", NAMES, TYPED, KINDS)]
    raws = [own for own, _ in parts[0]]
    decided = DECIDED_TYPED(clean(raws))
    assert_alike(clean(raws, decided), there(parts, engine, decided, KINDS))
