"""Whose the units of a comparison are and where they stand: only the few that are shown are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

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

    left, parts = units, [pd.DataFrame(columns=list(FOUND), dtype=object)]
    if key == "channels":
        orders = tables["orders"].loc[units["row"]].set_axis(units.index)
        left, parts = units[:0], [_told(orders, "orders", "order_date", "amount")]
    for table, date, field in LOOKED_IN.get(key, ()):
        if table in tables and len(left):
            frame = tables[table]
            first = _first_rows(frame, date, left)
            parts.append(_told(frame.iloc[first].set_axis(first.index), table, date, field))
            left = left.drop(first.index)
    told = pd.concat(parts).reindex(units.index)
    if "customer" in units:
        told["customer"] = units["customer"].astype(object).where(units["customer"].notna(), told["customer"])
    return units.drop(columns=list(FOUND), errors="ignore").join(told)


def _first_rows(frame: pd.DataFrame, date: str, units: pd.DataFrame) -> pd.Series:
    """The place in the table of the first row of each unit that has one.

    It goes by order id, by customer, or by product and month; nobody's is the first row without an order id.
    """
    import pandas as pd

    rows = frame.reset_index(drop=True)
    if "month" in units:
        said = rows["product"] + "\0" + rows[date].dt.strftime("%Y-%m")
        return _firsts(units["product"] + "\0" + units["month"], said, rows)
    by_id = units["order_id"].notna()
    parts = [_firsts(units.loc[by_id, "order_id"], rows["order_id"], rows)]
    others = units[~by_id]
    if "customer" in units and "customer_id" in rows:
        named = others["customer"].notna()
        either = pd.concat([rows["customer_id"], rows["customer"]])
        parts.append(_firsts(others.loc[named, "customer"], either, rows))
        others = others[~named]
    nobody = rows["order_id"].isna().map({True: ""})
    parts.append(_firsts(pd.Series("", others.index), nobody, rows))
    found: pd.Series = pd.concat(parts)
    return found


def _firsts(asked: pd.Series, said: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """The place of the first row, by source and number, that says what is asked, where one does."""
    import pandas as pd

    here = said[said.isin(asked.dropna())]
    here = here.iloc[_in_order(rows.loc[here.index, [SOURCE, ROW]])].drop_duplicates()
    places = pd.Series(here.index, here.astype("str"), dtype="int64")
    found: pd.Series = asked.astype("str").map(places).dropna().astype("int64")
    return found


def _in_order(places: pd.DataFrame) -> NDArray[np.int64]:
    return places.reset_index(drop=True).sort_values([SOURCE, ROW], kind="stable").index.to_numpy()


def _told(rows: pd.DataFrame, table: str, date: str, field: str) -> pd.DataFrame:
    import pandas as pd

    blank = pd.Series(None, rows.index, dtype=object)
    return pd.DataFrame(
        {
            "customer": rows.get("customer", blank),
            "rep": rows.get("rep", blank),
            "date": rows[date],
            "table": table,
            "field": field,
            "source": rows[SOURCE],
            "row": rows[ROW],
        },
        index=rows.index,
    ).astype(object)
