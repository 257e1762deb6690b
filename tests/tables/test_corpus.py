"""Real files: exports of several makers, and workbooks that break readers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from xlsales.errors import XlsalesError
from xlsales.tables import pieces
from xlsales.tables.mapping import survey
from xlsales.tables.sources import read, read_all, read_workbook

SHARED = Path(__file__).parents[2] / ".." / "shared"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared real data is not beside the project"),
]
DATA = SHARED / "data"
WORKBOOKS = sorted((SHARED / "workbooks").glob("*.xl*"))


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name[:40])
def test_every_real_workbook_is_read_or_refused_in_words(path):
    try:
        sheets = read(path)
    except XlsalesError as error:
        refused = error.what("zh")
    else:
        found = survey(sheets)
        assert len(found.tables) + len(found.ignored) == len(sheets)
        return
    assert path.name in refused


@pytest.mark.parametrize("path", WORKBOOKS[::4], ids=lambda path: path.name[:40])
def test_real_sheets_in_pieces_are_the_whole_sheets(path, monkeypatch):
    data = path.read_bytes()
    try:
        expected = read_workbook(data, path.name)
    except XlsalesError:
        return
    monkeypatch.setattr(pieces, "PIECE", 3000)
    monkeypatch.setattr(pieces, "FEWEST", 1)
    for found, whole in zip(read_workbook(data, path.name), expected, strict=True):
        assert (found.first_column, found.errors) == (whole.first_column, whole.errors)
        pd.testing.assert_frame_equal(found.rows, whole.rows, check_column_type="exact")


def test_online_retail_comes_in_whole_through_a_workbook(tmp_path):
    lines = pd.read_parquet(DATA / "online_retail" / "online_retail_ii_2009_2010.parquet").iloc[::50]
    path = tmp_path / "online_retail.xlsx"
    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": False}) as book:
        sheet = book.add_worksheet("Year 2009-2010")
        sheet.write_row(0, 0, lines.columns)
        for row, line in enumerate(lines.itertuples(index=False), start=1):
            for column, value in enumerate(line):
                if pd.notna(value):
                    sheet.write(row, column, value)

    (raw,) = survey(read(path)).tables

    assert raw.table.key == "orders"
    assert [f"{name} {letter}" for name, letter in raw.letters.items()] == [
        "order_id A",
        "order_date E",
        "customer_id G",
        "product_id B",
        "product C",
        "region H",
        "quantity D",
        "unit_price F",
    ]
    assert raw.skipped == ()
    total = (raw.frame["quantity"].astype(float) * raw.frame["unit_price"].astype(float)).sum()
    assert total == pytest.approx((lines["Quantity"] * lines["Price"]).sum(), abs=1e-6)
    assert raw.frame["customer_id"].notna().sum() == lines["Customer ID"].notna().sum()
    assert raw.frame["order_id"].tolist() == lines["Invoice"].astype(str).tolist()


def test_two_regions_and_a_code_list_in_a_folder():
    found = survey(read_all([DATA / "multi_region"]))
    assert [(raw.source, raw.table.key, len(raw.frame)) for raw in found.tables] == [
        ("Sales - Europe.xlsx", "orders", 1000),
        ("Sales - North America.xlsx", "orders", 1000),
    ]
    assert set(found.tables[0].frame) == {
        *("order_id", "order_date", "region", "product", "product_id", "category", "quantity", "unit_price"),
        "shipped",
    }
    assert [(it.source, it.reason) for it in found.ignored] == [("Country Codes.xlsx", "no_header")]


def test_northwind_gives_customers_products_and_orders_in_two_parts():
    found = survey(read(DATA / "northwind" / "Northwind.xlsx"))
    assert [(it.sheet, it.table.key, it.header_rows, len(it.frame)) for it in found.tables] == [
        ("Customers", "customers", (2,), 91),
        ("Orders Details", "order_lines", (1,), 2155),
        ("Orders", "order_headers", (1,), 830),
        ("Product", "products", (1,), 77),
    ]
    assert found.tables[0].frame["customer_id"].iloc[0] == "ALFKI"


def test_half_of_northwinds_orders_is_no_table_and_says_what_it_lacks():
    sheets = {sheet.sheet: sheet for sheet in read(DATA / "northwind" / "Northwind.xlsx")}
    lacking = {
        name: (it.table, it.missing)
        for name in ("Orders", "Orders Details")
        for it in survey([sheets[name]]).ignored
    }
    assert lacking == {"Orders": ("orders", ("amount",)), "Orders Details": ("orders", ("order_date",))}


def test_quotas_without_a_header_are_ignored_and_with_it_are_targets(tmp_path):
    source = DATA / "adventureworks" / "FactSalesQuota.csv"
    assert survey(read(source)).ignored[0].reason == "no_header"

    header = b"SalesQuotaKey,EmployeeKey,DateKey,CalendarYear,CalendarQuarter,SalesAmountQuota,Date\n"
    (tmp_path / source.name).write_bytes(header + source.read_bytes())
    (raw,) = survey(read(tmp_path / source.name)).tables

    assert (raw.table.key, len(raw.frame)) == ("targets", 163)
    assert raw.frame["target"].astype(float).sum() == 95_714_000
    assert set(raw.frame) == {"period", "rep", "target"}
    assert raw.frame["period"].iloc[0] == "2010-12-29 00:00:00.000"


def test_cdnow_is_split_at_its_runs_of_spaces():
    (raw,) = survey(read(DATA / "cdnow" / "CDNOW_master.txt")).tables
    assert len(raw.frame) == 69_659
    assert raw.frame["customer_id"].nunique() == 23_570
    assert raw.frame["customer_id"].iloc[0] == "00001"


def test_sixty_thousand_blank_lines_of_a_wrecked_export_are_no_rows():
    (raw,) = survey(read(DATA / "hostile" / "FactResellerSales_packt.csv")).tables
    assert len(raw.frame) == 60_855 - 60_268
    assert raw.frame["amount"].iloc[0] == "2,024,994"
    assert raw.frame["order_date"].iloc[0] == "00:00.0"


def test_contracts_and_names_are_none_of_our_tables():
    paths = [
        DATA / "telco" / "Telco-Customer-Churn.csv",
        DATA / "names" / "csv_example_input_with_true_ids.csv",
    ]
    assert survey(read_all(paths)).tables == ()
