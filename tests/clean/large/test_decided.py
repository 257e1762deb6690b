"""What people decide about rows in an engine does there what it does in memory, and is told alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa
import pytest

from tests.clean.large.several_files import frames, there
from tests.clean.review.test_decisions import case_of, decide
from tests.clean.sheets import sheet
from xlsales.clean.clean import clean
from xlsales.clean.review.decisions import Case
from xlsales.tables import engines
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from tests.clean.large.several_files import Rows
    from xlsales.clean.clean import Cleaned
    from xlsales.clean.review.decisions import Choice, Decision
    from xlsales.tables.engines import Lazy

pytest.importorskip("duckdb")

NAMES = ("order_id", "order_date", "rep", "status", "quantity", "unit_price", "amount", "customer")
FILES: dict[str, Rows] = {
    "a.csv": [
        ("O1", "2026-10-01", "王芳", "paid", "1", "100", "100", "Northwind Traders"),
        ("O2", "2026-10-02", "张三", "paid", "2", "50", "900", None),
        ("O3", "2026-10-32", "张三", "weird", "1", "30", "30", None),
        ("O4", "2026-10-04", "张三", "weird", "1", "40", "四十", None),
        ("O5", "2026-10-05", "王芳", "paid", "1", "50", "50", None),
        ("O5", "2026-10-05", "王芳", "paid", "1", "50", "50", None),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60", None),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60", None),
        (None, "2026-10-06", "王芳", "paid", "1", "60", "60", None),
        ("O8", None, "王芳", "paid", "1", "80", "80", None),
    ],
    "b.csv": [
        ("O6", "2026-10-06", "李四", "weird", "1", "60", "60", None),
        ("O7", "2026-10-07", "王芳", "paid", "1", "70", "-70", "Northwind Traders"),
        ("O9", "2026-10-07", "张三", "paid", "1", "90", "90", "Nortwind Traders"),
        ("O10", "2026-10-08", "张三", "paid", "1", "20", "20", None),
    ],
}
ROSTER = sheet("roster", "rep\n王芳", name="花名册")
WEIRD = Case("orders", "", "status", "weird", "unknown_word")
MISSPELT = Case("orders", "", "customer", "Nortwind Traders", "similar_name")
STRANGE = Case("orders", "", "rep", "张三", "unknown_rep")


def said(*about: tuple[str | Case, int, Choice, str]) -> Callable[[Cleaned], list[Decision]]:
    """Decisions about cases, or about the finding of a rule that comes at this place."""

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
        (MISSPELT, 0, "correct", "Northwind Traders"),
        (STRANGE, 0, "correct", "李四"),
        (replace(STRANGE, old="李四"), 0, "correct", "王芳"),
        (replace(STRANGE, key="O2", old="李四"), 0, "accept", ""),
        (replace(STRANGE, key="O9"), 0, "correct", "离去"),
        ("unreadable_number", 0, "correct", "￥0.004万"),
        ("impossible_date", 0, "correct", "2026-10-33"),
        ("missing_needed", 0, "correct", "2026-10-31"),
    ),
    "rows": said(
        (STRANGE, 0, "drop", ""),
        (replace(STRANGE, key="O9"), 0, "accept", ""),
        ("amount_mismatch", 0, "drop", ""),
        ("duplicate", 0, "keep", ""),
        ("possible_duplicate", 1, "drop", ""),
        ("missing_needed", 0, "drop", ""),  # which nobody can do, as the next
        (WEIRD, 0, "drop", ""),
        ("negative_amount", 0, "drop", ""),
        ("negative_amount", 0, "correct", "70"),
        (replace(STRANGE, old="李四"), 0, "correct", "王芳"),
        (replace(STRANGE, old="李四"), 0, "defer", ""),
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
    found = found[found["action"] != "read"]
    return found.sort_values([*names, "suggestion"]).to_dict("records")


def outcomes(cleaned: Cleaned, numbered: bool) -> list[str]:
    cells = [one.cell if numbered else one.cell.rstrip("0123456789") for one in cleaned.decisions]
    told = zip(cleaned.decisions, cells, strict=True)
    return sorted(repr(replace(one, sheet="", cell=cell)) for one, cell in told)


def changes(cleaned: Cleaned) -> list[dict[str, Any]]:
    names = ["table", "source", "field", "before", "after", "rule", "origin"]
    return cleaned.changes.groupby(names, as_index=False).agg({"times": "sum"}).to_dict("records")


def rows(frame: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    found: pd.DataFrame = nw.from_native(frame).lazy().collect("pandas").to_pandas()[list(names)]
    return found.astype("str").replace("NaT", "nan").sort_values(list(names)).to_dict("records")


def assert_alike(here: Cleaned, other: Cleaned, *, numbered: bool = True) -> None:
    for key, frame in here.tables.items():
        names = frame.columns.drop([SOURCE, ROW])
        assert rows(other.tables[key], names) == rows(frame, names)
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
    """Also where rows are known by what they say alone, as those of CSV files."""
    parts, numbered = frames("orders", NAMES, FILES), decisions is not DECIDED["rows"]
    raws = [own for own, _ in parts]
    decided = decisions(clean([*raws, ROSTER]))
    here = clean([*raws, ROSTER], decided)
    assert_alike(here, there([parts], engine, decided, numbered=numbered, here=[ROSTER]), numbered=numbered)


def test_values_that_are_no_texts_are_corrected_and_rows_are_kept(engine: Lazy) -> None:
    orders: dict[str, Rows] = {
        "a.parquet": [
            ("O1", "2026-10-01", "100"),
            ("O2", "2026-10-02", "50"),
            ("O3", "2026-10-01", "9000"),
            ("O4", "2026-10-01", "9100.5"),
            ("O5", None, "10"),
            (None, None, "20"),
            ("O6", "2026-10-03", "-30"),
            ("O7", "2026-10-03", "-40.5"),
            ("O8", "2026-10-03", "-50"),
        ],
        "b.parquet": [("O1", "2026-10-01", "90"), ("O9", "2026-10-09", "60")],
    }
    kinds = {"order_date": pa.timestamp("us"), "amount": pa.float64()}
    goals: Rows = [(f"2026-{month:02d}", "王芳", "5000") for month in range(1, 7)]
    files = {"a.parquet": goals, "b.parquet": goals[::-1]}
    parts = [
        frames("orders", ("order_id", "order_date", "amount"), orders, kinds),
        frames("targets", ("period", "rep", "target"), files),
    ]
    rules = sheet("rules", """
        rule | table | condition    | action | value
        大单 | 订单  | 金额 >= 9000 | 剔除   |
        较大 | 订单  | 金额 >= 8000 | 剔除   |
    """)  # fmt: skip
    raws = [*(raw for some in parts for raw, _ in some), rules]
    decided = said(
        ("superseded", 0, "keep", ""),
        ("repeated_sheet", 0, "keep", ""),
        ("user_excluded", 0, "keep", ""),
        ("missing_needed", 0, "correct", "2026-10-31"),
        ("missing_needed", 1, "correct", "十月"),
        ("negative_amount", 0, "correct", "￥30"),
        ("negative_amount", 1, "correct", "四十"),
        ("negative_amount", 2, "drop", ""),
    )(clean(raws))
    assert_alike(clean(raws, decided), there(parts, engine, decided, kinds, here=[rules]))
