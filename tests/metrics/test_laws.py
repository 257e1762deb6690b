"""What holds for every metric of the catalogue, whatever the tables hold."""

from __future__ import annotations

import inspect
import tomllib
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.metrics.frames import scope
from xlsales.clean.frames import conform
from xlsales.errors import InputError
from xlsales.metrics._catalogue import catalogue
from xlsales.metrics._once import one_run
from xlsales.metrics._scope import BASES
from xlsales.metrics._texts import as_usual, handy_texts
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from xlsales.metrics._catalogue import Metric
    from xlsales.metrics._scope import Scope
    from xlsales.tables.spec import Column, Table

every_metric = pytest.mark.parametrize("declared", catalogue().values(), ids=list(catalogue()))
law = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

DAYS = [pd.Timestamp(2025, month, day) for month in (1, 2, 3, 9) for day in (1, 10, 28)]
DAYS += [pd.Timestamp(2026, month, day) for month in (1, 2, 3) for day in (1, 5, 17, 28)]
PERIODS = ["2026-02", "2026-03", "2026-Q1", "2025-03-01..2026-03-31"]
AS_OF = [None, date(2026, 3, 10), date(2026, 3, 1)]


def cell(column: Column, chance: Random) -> Any:
    """A value that collides often: few ids, few names, money of either sign; one in four is blank."""
    if chance.random() < 0.25:
        return None
    match column.kind:
        case "id":
            return f"{column.name}{chance.randint(1, 4)}"
        case "text" if column.name == "metric":
            return chance.choice(["销售额", "sales", "线索数"])
        case "text":
            return chance.choice(["甲", "乙"])
        case "date" if column.name == "period":
            return chance.choice([day for day in DAYS if day.day == 1])
        case "date":
            return chance.choice(DAYS)
        case "stage":
            return chance.choice(list(column.values))
    return chance.randint(-3_000, 20_000) / 100


@st.composite
def frames(draw: st.DrawFn, table: Table) -> pd.DataFrame:
    """A small clean table; now and then without rows, and with columns that are blank throughout.

    Hypothesis draws how many rows and a seed: drawing cell by cell takes longer than most metrics.
    """
    size, chance = draw(st.integers(0, 8)), Random(draw(st.integers(0, 2**20)))
    names = [column.name for column in table.columns]
    rows = [tuple(cell(column, chance) for column in table.columns) for _ in range(size)]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return conform(table, frame.drop(columns=chance.sample(names, chance.randint(0, 2))))


@st.composite
def inputs(draw: st.DrawFn, declared: Metric) -> dict[str, pd.DataFrame | None]:
    """The metric's table arguments; an optional table may be absent."""
    return {
        table.key: draw(frames(table) if declared.tables[table.key] else st.none() | frames(table))
        for table in TABLES
        if table.key in declared.tables
    }


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    filters = draw(st.sampled_from([{}, {}, {"region": ["甲"]}, {"region": ["甲", ""], "channel": ["乙"]}]))
    return scope(
        draw(st.sampled_from(PERIODS)), draw(st.sampled_from(AS_OF)), draw(st.sampled_from(BASES)), filters
    )


def choices(declared: Metric) -> list[dict[str, Any]]:
    """Every value of every option alone, and the dimensions also two by two."""
    found: list[dict[str, Any]] = [{}]
    for option in declared.options:
        if option.name == "by":
            pairs = combinations(option.values, 2)
            found += [{"by": by} for by in chain([()], ((one,) for one in option.values), pairs)]
        else:
            found += [{option.name: value} for value in option.values]
    return found


def options(declared: Metric) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(choices(declared))


def compute(declared: Metric, tables: dict[str, Any], about: Scope, chosen: dict[str, Any]) -> pd.DataFrame:
    """A result, and of each of them: it has the dimensions and then the declared columns."""
    try:
        with one_run(), handy_texts(tables) as handy:
            found = declared.function(**handy, scope=about, **chosen)
        found = as_usual(found)
    except InputError:  # the cash basis without payments
        reject()
    by = chosen.get("by", default_by(declared))
    assert list(found.columns) == [*by, *(column.name for column in declared.columns)]
    assert list(found.index) == list(range(len(found)))
    assert not found[list(by)].isna().any(axis=None)
    if by and not several_rows_per_name(declared):
        assert not found.duplicated(list(by)).any()
    return found


@every_metric
def test_row_order_never_shows_and_the_inputs_stay_as_they_were(declared: Metric) -> None:
    @law
    @given(inputs(declared), scopes(), options(declared), st.randoms(use_true_random=False))
    def holds(tables: dict[str, Any], about: Scope, chosen: dict[str, Any], random: Any) -> None:
        shuffled = {
            name: frame if frame is None else frame.iloc[random.sample(range(len(frame)), len(frame))]
            for name, frame in tables.items()
        }
        before = {name: frame if frame is None else frame.copy() for name, frame in tables.items()}
        found = compute(declared, tables, about, chosen)
        assert_frame_equal(found, compute(declared, shuffled, about, chosen), check_exact=True)
        for name, frame in tables.items():
            if frame is not None:
                assert_frame_equal(frame, before[name], check_exact=True)

    holds()


@every_metric
def test_tables_without_rows_give_no_rows_or_blanks(declared: Metric) -> None:
    tables = {
        table.key: conform(table, pd.DataFrame(columns=[column.name for column in table.columns]))
        for table in TABLES
        if table.key in declared.tables
    }
    few = [one for one in choices(declared) if len(one.get("by", ())) < 2]
    for chosen in few[:: max(1, len(few) // 3)]:
        found = compute(declared, tables, scope("2026-03"), chosen)
        numbers = found.select_dtypes("number").drop(columns=case_file(declared).get("of_the_calendar", []))
        assert (numbers.isna() | (numbers == 0)).all(axis=None), found


@every_metric
def test_what_adds_up_ties_out_over_every_dimension_with_the_blank_one(declared: Metric) -> None:
    additive = additive_columns(declared)
    if not additive:
        pytest.skip("no column of this metric adds up")

    @law
    @given(inputs(declared), scopes(), options(declared))
    def holds(tables: dict[str, Any], about: Scope, chosen: dict[str, Any]) -> None:
        rows = compute(declared, tables, about, chosen)
        total = compute(declared, tables, about, {**chosen, "by": ()})
        months = "month" in chosen.get("by", ())
        for name in (one for one in additive if not (months and one in of_a_base(declared))):
            assert rows[name].sum() == pytest.approx(total[name].sum(), abs=1e-4), name

    holds()


@every_metric
def test_a_lazy_database_gives_the_same_numbers(declared: Metric) -> None:
    duckdb = pytest.importorskip("duckdb")
    import pyarrow as pa

    @settings(law, max_examples=1)
    @given(inputs(declared), scopes(), options(declared))
    def holds(tables: dict[str, Any], about: Scope, chosen: dict[str, Any]) -> None:
        with duckdb.connect() as connection:
            lazy = {
                name: frame if frame is None else connection.from_arrow(pa.Table.from_pandas(frame))
                for name, frame in tables.items()
            }
            found = compute(declared, lazy, about, chosen)
        assert_frame_equal(found, compute(declared, tables, about, chosen), rtol=1e-9, atol=1e-6)

    holds()


def default_by(declared: Metric) -> tuple[str, ...]:
    by = inspect.signature(declared.function).parameters.get("by")
    return () if by is None else tuple(by.default)


def case_file(declared: Metric) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "cases" / f"{declared.key}.toml").read_text("utf-8"))


def additive_columns(declared: Metric) -> list[str]:
    return list(case_file(declared).get("additive", []))


def of_a_base(declared: Metric) -> list[str]:
    """What compares with an earlier period: each month has a base of its own, which is not the total's."""
    return list(case_file(declared).get("of_a_base", []))


def several_rows_per_name(declared: Metric) -> bool:
    """Whether one name fills several rows (a funnel has one per stage); the case file says so."""
    return bool(case_file(declared).get("several_rows_per_name", False))
