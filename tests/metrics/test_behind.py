"""The rows behind a number add up to it, whatever the metric, its names and the basis."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.demo_made import analysed_demo
from xlsales.errors import InputError
from xlsales.metrics._behind import PART, PLACE, WHOLE
from xlsales.metrics._catalogue import catalogue, compute, find, rows_behind
from xlsales.metrics._once import one_run
from xlsales.metrics._scope import BASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsales.analysis import Analysis
    from xlsales.metrics._scope import Basis

CALENDAR = {
    ("attainment", "time_share"),
    ("dropout", "complete"),
    ("dropout_curve", "complete"),
    ("dropout_curve", "offset"),
    ("required_leads", "days_left"),
    ("retention", "complete"),
    ("retention", "offset"),
    ("sales", "cagr_years"),
    ("teacher_dropout", "complete"),
}
"""Figures that no rows make, as the calendar tells them."""
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "churn_traits": [{"months": 3}],
    "comparison": [{"measure": one} for one in ("amount", "orders", "customers", "aov")],
    "distribution": [{"of": one} for one in ("order", "line", "customer")],
    "driver_bridge": [{}, {"against": "year_ago"}],
    "growth_bridge": [{}, {"against": "year_ago"}],
    "lead_funnel": [{}, {"view": "activity"}],
    "loss_reasons": [{}, {"view": "classes"}],
    "pipeline_coverage": [{}, {"view": "stages"}],
    "promotion_lift": [{}, {"control": "before"}],
    "repurchase_timing": [{}, {"view": "gaps"}, {"view": "months"}],
}
"""The options under which the figures of a metric are looked at."""
_made: dict[Any, Any] = {}


@pytest.fixture(autouse=True)
def _one_run() -> Iterator[None]:
    """What many figures build on is worked out once for all tests."""
    with one_run(_made):
        yield


@cache
def demo() -> Analysis:
    return analysed_demo("en", "2026-10")


@cache
def cut() -> Mapping[str, pd.DataFrame]:
    """The demo's last half year, so that a look at it is quick."""
    days = {"orders": "order_date", "payments": "paid_date", "refunds": "refund_date", "leads": "created"}
    tables = dict(demo().cleaned.tables)
    for name, day in days.items():
        tables[name] = tables[name][tables[name][day] >= pd.Timestamp("2026-04-01")]
    for name in ("orders", "leads"):
        tables[name] = tables[name].assign(campaign=autumn(tables[name], days[name]))
    first = tables["costs"]["period"] == pd.Timestamp("2026-10-01")
    tables["costs"] = tables["costs"].assign(campaign=first.map({True: "Autumn", False: None}))
    return tables


def autumn(table: pd.DataFrame, day: str) -> pd.Series:
    """A campaign of a week of October that every other row of it names."""
    named = table[day].between("2026-10-10", "2026-10-16") & (table["_row"] % 2 == 0)
    return pd.Series("Autumn", table.index).where(named)


def names_of(key: str) -> list[tuple[str, ...]]:
    dimensions = next((option.values for option in find(key).options if option.name == "by"), ())
    return [(), *((name,) for name in ("channel", "month") if name in dimensions)][:2]


def takes_names(key: str) -> bool:
    return any(option.name == "by" for option in find(key).options)


def bases(key: str) -> tuple[Basis, ...]:
    """The bases that make a difference to the metric."""
    return BASES if {"payments", "refunds"} & set(find(key).tables) else ("signed",)


def stand_in_their_sheets(rows: pd.DataFrame) -> bool:
    """Whether each row is one of its raw table, and nothing else is told of it."""
    parts = rows.groupby("_table")
    there = all(len(part.merge(cut()[str(key)], on=PLACE[1:])) == len(part) for key, part in parts)
    return there and set(rows.columns) <= {*PLACE, PART, WHOLE}


@pytest.mark.parametrize(("key", "basis"), [(key, basis) for key in catalogue() for basis in bases(key)])
def test_the_rows_behind_a_number_add_up_to_it(key: str, basis: Basis) -> None:
    tables, scope = cut(), replace(demo().scope, basis=basis)
    seen = set()
    splits = names_of(key) if len(bases(key)) == 1 else names_of(key)[BASES.index(basis) % 2 - 1 :][:1]
    for by, options in product(splits, OPTIONS.get(key, [{}])):
        found = compute(key, tables, scope, **({"by": by} if takes_names(key) else {}), **options)
        for row in found.iloc[sorted({0, len(found) - 1})].to_dict("records") if len(found) else []:
            where = tuple((name, str(row[name])) for name in by)
            for column in find(key).behind:
                if pd.isna(row[column]):
                    continue
                behind = rows_behind(key, tables, scope, column, where, row, **options)
                assert not behind.rows.duplicated(PLACE).any()
                if column not in seen:
                    assert stand_in_their_sheets(behind.rows)
                if behind.adds_up:
                    assert behind.number == pytest.approx(row[column], rel=1e-9, abs=1e-6), (column, where)
                seen.add(column)
    assert seen


@pytest.mark.parametrize("key", catalogue())
def test_every_figure_of_a_metric_has_rows_or_is_of_the_calendar(key: str) -> None:
    figures = {one.name for one in find(key).columns if one.format not in ("text", "month", "date")}
    assert figures - set(find(key).behind) == {column for metric, column in CALENDAR if metric == key}


def bare(key: str) -> dict[str, pd.DataFrame]:
    """The tables and columns that a metric needs, the other columns blank."""
    needs = [need.split(".") for need in find(key).needs]
    tables = {}
    for name in {table for table, _ in needs}:
        raw = cut()[name]
        kept = [*PLACE, *(column for table, column in needs if table == name)]
        tables[name] = raw.assign(**{
            column: pd.Series(None, raw.index, raw[column].dtype) for column in raw if column not in kept
        })  # fmt: skip
    return tables


@pytest.mark.parametrize("key", catalogue())
def test_without_all_that_a_metric_does_not_need_the_rows_behind_it_add_up_too(key: str) -> None:
    tables, scope = bare(key), demo().scope
    options = OPTIONS.get(key, [{}])[0]
    for row in compute(key, tables, scope, **options).head(1).to_dict("records"):
        for column in find(key).behind:
            if not pd.isna(row[column]):
                behind = rows_behind(key, tables, scope, column, (), row, **options)
                assert not behind.adds_up or behind.number == pytest.approx(row[column], rel=1e-9, abs=1e-6)


def test_a_contract_that_only_names_its_customer_has_the_rows_of_the_orders_of_that_name() -> None:
    tables, scope = dict(cut()), demo().scope
    contracts = tables["contracts"]
    tables["contracts"] = contracts.assign(
        customer_id=contracts["customer_id"].mask(contracts["customer"].notna())
    )
    found = compute("renewal_priority", tables, scope)
    row = found[found["amount"].notna()].iloc[0].to_dict()
    assert row["account_id"] != row["account"]
    for column in ("due_amount", "amount"):
        behind = rows_behind("renewal_priority", tables, scope, column, (), row)
        assert behind.number == pytest.approx(row[column])


def test_the_value_in_an_acquisition_cost_has_the_rows_of_the_lifetime_value_of_all_with_what_came_back() -> (
    None
):
    tables, scope = cut(), demo().scope
    by_formula = compute("ltv", tables, scope).set_index("method").loc["formula"].to_dict()
    whole = rows_behind("ltv", tables, scope, "value", (), {"method": "formula", **by_formula})
    assert (whole.rows[PART] < 0).any()
    channel = tables["orders"]["channel"].dropna().iloc[0]
    of_one = replace(scope, filters=(("channel", (channel,)),))
    for about, where in ((scope, ()), (scope, (("channel", channel),)), (of_one, ())):
        for column in ("ltv", "monthly_margin"):
            behind = rows_behind("cac", tables, about, column, where, {}, lag=0)
            pd.testing.assert_frame_equal(behind.rows, whole.rows)


def test_a_number_that_no_rows_make_is_said_to_have_none() -> None:
    with pytest.raises(InputError) as refused:
        rows_behind("attainment", cut(), demo().scope, "time_share", (), {})
    assert refused.value.key == "rows_not_traceable"
