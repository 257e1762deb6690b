"""Real order files that lie beside the project, as clean order tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.made_once import made_once
from xlsales.clean.frames import conform
from xlsales.tables.specs import ORDERS

DATA = Path(__file__).parents[2] / "../shared/data"


def path(name: str) -> Path:
    """The file, or the test skips."""
    found = DATA / name
    if not found.exists():
        pytest.skip(f"needs ../shared/data/{name}")
    return found


def online_retail() -> pd.DataFrame:
    """UCI Online Retail II, 2009-10: invoice lines, 'C' invoices are returns, many customers blank."""
    file = path("online_retail/online_retail_ii_2009_2010.parquet")
    found: pd.DataFrame = made_once("online_retail", lambda: _orders_of(pd.read_parquet(file)))
    return found


def _orders_of(raw: pd.DataFrame) -> pd.DataFrame:
    return conform(
        ORDERS,
        pd.DataFrame(
            {
                "order_id": raw["Invoice"].astype("str"),
                "order_date": pd.to_datetime(raw["InvoiceDate"]),
                "customer_id": raw["Customer ID"].map(lambda number: f"{number:.0f}", na_action="ignore"),
                "amount": raw["Quantity"] * raw["Price"],
                "region": raw["Country"],
            }
        ),
    )


def cdnow(name: str) -> pd.DataFrame:
    """CDNOW purchases: the whole file (customer, date, CDs, dollars) or the sample (two ids first)."""
    raw = pd.read_csv(path(f"cdnow/{name}"), sep=r"\s+", header=None, dtype="str")
    raw = raw[raw[raw.columns[-3]].str.fullmatch(r"\d{8}")]
    customer, day, _, dollars = (raw[column] for column in raw.columns[-4:])
    return conform(
        ORDERS,
        pd.DataFrame(
            {
                "order_date": pd.to_datetime(day, format="%Y%m%d"),
                "customer_id": customer,
                "amount": dollars.astype("float64"),
            }
        ),
    )
