"""Whose the units of a comparison are and where they stand: only the few that are shown are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

LOOKED_IN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "receipts": (
        ("orders", "order_date", "amount"),
        ("payments", "paid_date", "amount"),
        ("refunds", "refund_date", "amount"),
    ),
    "invoices": (
        ("orders", "order_date", "amount"),
        ("invoices", "invoice_date", "amount"),
        ("payments", "paid_date", "amount"),
    ),
    "stock_balance": (("stock", "period", "closing"),),
    "stock_sold": (("stock", "period", "issued"), ("orders", "order_date", "quantity")),
    "lessons": (("orders", "order_date", "quantity"), ("lessons", "day", "hours")),
}
"""The tables in which a unit may stand, the first that has it before the others: key, date, shown column."""
FOUND = ("customer", "rep", "date", "table", "field", "source", "row")


def with_places(key: str, units: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The units with ``FOUND``: customer, rep and date of the first row of each, and which row that is."""
    import pandas as pd

    found = [_place(key, one, tables) for one in units.to_dict("records")]
    columns = {name: [one.get(name) for one in found] for name in FOUND}
    return units.drop(columns=list(FOUND), errors="ignore").assign(
        **{name: pd.Series(values, units.index, dtype=object) for name, values in columns.items()}
    )


def _place(key: str, unit: Mapping[Any, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    import pandas as pd

    if key == "channels":
        return _found(tables["orders"].loc[[unit["row"]]], "orders", "order_date", "amount")
    for table, date, field in LOOKED_IN[key]:
        if table in tables and len(rows := _rows(tables[table], date, unit)):
            told = _found(rows, table, date, field)
            return told if pd.isna(unit.get("customer")) else {**told, "customer": unit["customer"]}
    return {"customer": unit.get("customer")}


def _rows(frame: pd.DataFrame, date: str, unit: Mapping[Any, Any]) -> pd.DataFrame:
    """The rows of the table that are the unit's: by order id, by customer, or by product and month."""
    import pandas as pd

    if "month" in unit:
        same = (frame["product"] == unit["product"]) & (frame[date].dt.strftime("%Y-%m") == unit["month"])
    elif not pd.isna(unit["order_id"]):
        same = frame["order_id"] == unit["order_id"]
    elif not pd.isna(unit.get("customer")) and "customer_id" in frame:
        same = (frame["customer_id"] == unit["customer"]) | (frame["customer"] == unit["customer"])
    else:
        same = frame["order_id"].isna()
    rows: pd.DataFrame = frame.loc[same]
    return rows


def _found(rows: pd.DataFrame, table: str, date: str, field: str) -> dict[str, Any]:
    first = rows.sort_values([SOURCE, ROW], kind="stable").iloc[0]
    return {
        "customer": first.get("customer"),
        "rep": first.get("rep"),
        "date": first[date],
        "table": table,
        "field": field,
        "source": first[SOURCE],
        "row": int(first[ROW]),
    }
