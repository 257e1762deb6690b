"""Ages and sizes of companies that are numbers are banded; what is no number stays as it is."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from tests.metrics.frames import scope, table
from xlsales.clean.frames import conform
from xlsales.metrics._bands import banded
from xlsales.metrics._catalogue import compute, rows_behind
from xlsales.tables import specs

OCTOBER = scope("2026-10")


def bands(name: str, values: list[str | None]) -> list[str | None]:
    """The values of one column of leads as they are banded."""
    text = (
        "lead_id | created | "
        + name
        + "".join(f"\n{k} | 2026-10-01 | {value or ''}" for k, value in enumerate(values))
    )
    found = banded(table("leads", text), OCTOBER).collect("pandas").to_pandas()[name]
    return [None if pd.isna(value) else value for value in found]


def test_ages_are_banded_at_18_25_35_45_and_55() -> None:
    ages = ["6", "17", "18", "24.5", "25", "34岁", "35 周岁", "44", "45 years old", "54", "55", "90"]
    assert bands("age", ages) == [
        *("<18", "<18", "18-24", "18-24", "25-34", "25-34"),
        *("35-44", "35-44", "45-54", "45-54", "55+", "55+"),
    ]  # fmt: skip


def test_sizes_of_companies_are_banded_in_employees() -> None:
    assert bands("company_size", ["5", "20人", "499", "1,200", "300 employees"]) == [
        *("<20", "20-99", "100-499", "1000+", "100-499"),
    ]  # fmt: skip


def test_ages_that_nobody_has_and_a_bare_nought_are_blank() -> None:
    assert bands("age", ["0", "0.0", "-1", "999", "0岁", "120", "30"]) == [
        *(None, None, None, None, "<18", "55+", "25-34"),
    ]  # fmt: skip
    assert bands("company_size", ["0", "-5", "1", "99999"]) == [None, None, "<20", "1000+"]


def test_a_column_whose_values_are_mostly_texts_stays() -> None:
    assert bands("age", ["少儿", "成人", "30", "30"]) == ["少儿", "成人", "30", "30"]


def test_texts_and_blanks_among_numbers_stay() -> None:
    assert bands("age", ["30", "少儿", "31", None]) == ["25-34", "少儿", "25-34", None]


def test_what_is_filtered_by_keeps_its_values() -> None:
    leads = table("leads", "lead_id | created | age\n1 | 2026-10-01 | 30\n2 | 2026-10-01 | 31")
    only = scope("2026-10", filters={"age": ["30"]})
    found = banded(leads, only).collect("pandas").to_pandas()
    assert list(found["age"]) == ["30", "31"]
    closed = leads.assign(won=leads["created"])
    assert list(compute("profile", {"leads": closed}, only)["value"]) == ["30"]


YOUNG = [k % 40 < 7 for k in range(400)]
WON = [k >= 80 if young else k % 4 == 0 for k, young in enumerate(YOUNG)]
FOUR_HUNDRED = conform(
    specs.LEADS,
    pd.DataFrame(
        {
            "created": pd.Timestamp("2026-09-01"),
            "won": [pd.Timestamp("2026-10-01") if won else pd.NaT for won in WON],
            "lost": [pd.NaT if won else pd.Timestamp("2026-10-01") for won in WON],
            "age": [str(18 + k % 40) for k in range(400)],
        }
    ),
).assign(_row=range(400))
"""Leads aged 18 to 57, ten of each year: of the 70 below 25 four fifths are won, of the others a quarter."""


def test_four_hundred_ages_make_five_bands_of_which_one_is_ideal() -> None:
    rows = compute("profile", {"leads": FOUR_HUNDRED}, OCTOBER).set_index("value")
    assert dict(rows["n"]) == {"25-34": 100, "35-44": 100, "45-54": 100, "18-24": 70, "55+": 30}
    assert rows.loc["18-24", "won"] == 7 * 8
    assert list(rows.index[rows["ideal"] == "ideal"]) == ["18-24"]


def test_the_rows_behind_a_band_are_its_leads() -> None:
    tables = {"leads": FOUR_HUNDRED}
    row = compute("profile", tables, OCTOBER).set_index("value", drop=False).loc["18-24"].to_dict()
    behind = rows_behind("profile", tables, OCTOBER, "won", (), row, window_months=12)
    assert behind.number == row["won"] == 56


def test_duckdb_bands_as_pandas_does() -> None:
    duckdb = pytest.importorskip("duckdb")
    leads = FOUR_HUNDRED.assign(company_size=FOUR_HUNDRED["age"])
    with duckdb.connect() as connection:
        there = connection.from_arrow(pa.Table.from_pandas(leads))
        found = nw.from_native(banded(there, OCTOBER)).collect("pandas").to_pandas()
    here = banded(leads, OCTOBER).collect("pandas").to_pandas()
    for name in ("age", "company_size"):
        assert found[name].value_counts().to_dict() == here[name].value_counts().to_dict()
