from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.tables.grids import grid
from xlsales.tables.mapping import survey
from xlsales.tables.names import key
from xlsales.tables.specs import SHEET_WORDS, STAGES, TABLES, table

CASES = tomllib.loads((Path(__file__).parent / "cases" / "headers.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["system"] for case in CASES])
def test_an_export_of_a_named_system_maps_to_its_table(case):
    values = [f"value {k}" for k in range(len(case["headers"]))]
    sheet = grid([case["headers"], values], sheet=case.get("sheet", "Sheet1"))
    beside = [grid([["下单日期", "金额"], ["2026-03-01", "1"]])] if "beside" in case else []

    found = survey([sheet, *beside])

    assert not found.ignored, found.ignored
    raw = found.tables[0]
    mapped = {m.column: m.header for m in raw.matches if m.how in ("exact", "alias", "normalised")}
    assert (raw.table.key, mapped) == (case["table"], case["columns"])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_no_two_names_of_a_table_read_the_same(table):
    names = Counter(
        name
        for column in table.columns
        for name in [*{key(column.name), key(column.zh), key(column.en)}, *map(key, column.aliases)]
    )
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_no_two_values_of_a_stage_column_are_spelt_the_same(table):
    for column in table.columns:
        spellings = Counter(
            key(spelling)
            for value, words in column.values.items()
            for spelling in {key(value): value} | {key(word): word for word in words}
        )
        assert [spelling for spelling, times in spellings.items() if times > 1] == [], column.name


def test_every_stage_of_the_funnel_has_a_date_column_and_spellings():
    leads = table("leads")
    assert set(STAGES) | {"lost"} == set(leads.column("stage").values)
    assert all(leads.column(stage).kind == "date" for stage in STAGES[1:])


def test_every_table_has_words_that_sheets_are_named_by():
    assert set(SHEET_WORDS) == {table.key for table in TABLES}
