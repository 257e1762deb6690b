"""A clean table has the columns of its spec, whatever it is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from xlsales.clean.frames import DTYPES, conform
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from xlsales.tables.spec import Table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_absent_columns_are_null_and_typed(table: Table) -> None:
    frame = conform(table, pd.DataFrame(index=[7, 9]))
    assert list(frame) == [*(column.name for column in table.columns), SOURCE, ROW]
    assert frame[[column.name for column in table.columns]].isna().all(axis=None)
    assert [str(frame[column.name].dtype) for column in table.columns] == [
        DTYPES[column.kind] for column in table.columns
    ]
    assert frame.index.tolist() == [0, 1]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_a_clean_table_conforms_to_itself(table: Table) -> None:
    once = conform(table, pd.DataFrame({SOURCE: ["a!b"], ROW: [2]}))
    assert_frame_equal(conform(table, once), once)
