"""The place of a unit is the row that a loop over the tables comes to first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import given, settings

from tests.clean.reconciling.test_laws import books, law
from xlsales.clean.reconciling.catalogue import reconciled
from xlsales.clean.reconciling.places import LOOKED_IN, with_places
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = dict[Any, Any]
few = settings(law, max_examples=25)


def same(one: Any, other: Any) -> bool:
    return not pd.isna(one) and not pd.isna(other) and bool(one == other)


def is_of(unit: Row, row: Row, date: str) -> bool:
    if "month" in unit:
        month = None if pd.isna(row[date]) else f"{row[date]:%Y-%m}"
        return same(row["product"], unit["product"]) and same(month, unit["month"])
    if not pd.isna(unit["order_id"]):
        return same(row["order_id"], unit["order_id"])
    if not pd.isna(unit.get("customer")) and "customer_id" in row:
        return any(same(row[name], unit["customer"]) for name in ("customer_id", "customer"))
    return bool(pd.isna(row["order_id"]))


def place(key: str, unit: Row, tables: Mapping[str, pd.DataFrame]) -> tuple[Any, ...] | None:
    for table, date, _ in LOOKED_IN[key]:
        rows = tables[table].to_dict("records") if table in tables else []
        if own := [row for row in rows if is_of(unit, row, date)]:
            first = min(own, key=lambda row: (row[SOURCE], row[ROW]))
            return table, first[SOURCE], first[ROW]
    return None


@few
@given(books())
def test_a_unit_stands_where_a_loop_finds_its_first_row(tables: dict[str, pd.DataFrame]) -> None:
    for key, found in reconciled(tables).items():
        if key not in LOOKED_IN:
            continue
        there = with_places(key, found.units, tables)
        assert there.index.equals(found.units.index)
        for unit, one in zip(found.units.to_dict("records"), there.to_dict("records"), strict=True):
            at = None if pd.isna(one["table"]) else (one["table"], one["source"], one["row"])
            assert at == place(key, unit, tables), key


@few
@given(books())
def test_what_a_channel_sold_stands_in_its_order(tables: dict[str, pd.DataFrame]) -> None:
    if found := reconciled(tables).get("channels"):
        there = with_places("channels", found.units, tables)
        own = tables["orders"].loc[found.units["row"]]
        assert there["row"].tolist() == own[ROW].tolist()
        assert there["source"].tolist() == own[SOURCE].tolist()
