"""Real files: a published total ties out, and a wrecked export is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.clean.sheets import raw
from xlsales.clean.clean import clean
from xlsales.errors import InputError

DATA = Path(__file__).parents[2] / "../shared/data"
RETAIL = DATA / "online_retail/online_retail_ii_2009_2010.parquet"
WRECK = DATA / "hostile/FactResellerSales_packt.csv"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not beside the project"),
]


def test_online_retail_ties_out_from_its_published_raw_total() -> None:
    retail = pd.read_parquet(RETAIL)
    columns = {
        "order_id": retail["Invoice"],
        "order_date": retail["InvoiceDate"],
        "customer_id": retail["Customer ID"].astype("str"),
        "product": retail["StockCode"] + " " + retail["Description"].fillna(""),
        "quantity": retail["Quantity"].astype("str"),
        "unit_price": retail["Price"].map(repr).astype("str"),
        "region": retail["Country"],
    }
    cleaned = clean([raw("orders", {name: list(column) for name, column in columns.items()})])
    done = cleaned.reconciliations[0]
    assert done.rows_in == 525_461
    assert done.amount_in == pytest.approx(9_539_484.634, abs=1e-6)
    assert done.ties

    cells = pd.DataFrame(columns)
    cells["product"] = cells["product"].str.split().str.join(" ")
    cells["order_date"] = cells["order_date"].str[:10]
    again = cells.duplicated()
    lost = (retail["Quantity"] * retail["Price"])[again]
    assert [(one.rule, one.rows) for one in done.exclusions] == [("duplicate", again.sum())]
    assert done.exclusions[0].amount == pytest.approx(lost.sum(), abs=1e-6)
    assert done.amount_out == pytest.approx(9_539_484.634 - lost.sum(), abs=1e-6)

    orders = cleaned.tables["orders"]
    returns = orders["order_id"].str.startswith("C")
    assert (orders.loc[returns, "quantity"] < 0).any()
    assert orders["customer_id"].isna().sum() == (retail["Customer ID"].isna() & ~again).sum()
    assert not orders["customer_id"].str.contains(".", regex=False).any()


HEADERS = {
    "SalesOrderNumber": "order_id",
    "OrderQuantity": "quantity",
    "UnitPrice": "unit_price",
    "SalesAmount": "amount",
}


@pytest.mark.parametrize(
    ("mapped", "column"),
    [
        ({"OrderDate": "order_date", **HEADERS}, "order_date"),
        ({"OrderDateKey": "order_date", **HEADERS}, "amount"),
        ({"OrderDateKey": "order_date", "SalesAmount": "amount"}, "amount"),
        (
            {"OrderDateKey": "order_date", "OrderQuantity": "quantity", "UnitPrice": "unit_price"},
            "unit_price",
        ),
    ],
)
def test_the_wrecked_export_is_refused_whichever_columns_are_taken(
    mapped: dict[str, str], column: str
) -> None:
    wreck = pd.read_csv(WRECK, dtype="str")[list(mapped)].rename(columns=mapped).dropna(how="all")
    cells = {name: [None if pd.isna(cell) else cell for cell in wreck[name]] for name in wreck}
    with pytest.raises(InputError) as refused:
        clean([raw("orders", cells)])
    assert refused.value.key == "unreadable_column"
    assert refused.value.facts["letter"] == "ABCDE"[list(mapped.values()).index(column)]


def test_the_wrecked_export_is_refused_even_without_its_telltale_values() -> None:
    wreck = pd.read_csv(WRECK, dtype="str").dropna(how="all")
    wreck = wreck[
        wreck["SalesAmount"].str.fullmatch(r"\d{1,3}(,\d{3})+")
        & wreck["UnitPrice"].str.fullmatch(r"\d{1,3}(,\d{3})+")
    ]
    cells = {"order_date": wreck["OrderDateKey"].tolist()} | {
        name: wreck[header].tolist() for header, name in HEADERS.items()
    }
    with pytest.raises(InputError) as refused:
        clean([raw("orders", cells)])
    assert refused.value.key == "broken_decimals"
