"""Who bought: ids first, a name where it is the only one of an id, and which orders are told by customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.ids import blank

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def buyers(rows: pd.DataFrame, *known: pd.DataFrame) -> pd.Series:
    """The customer of each row: its id; else the id that its name has in ``known``; else the name.

    A name that several ids share stands for itself. Blank where there is neither.
    """
    import pandas as pd

    pairs = pd.concat([one[["customer_id", "customer"]].dropna() for one in known]).drop_duplicates()
    single = pairs.drop_duplicates("customer", keep=False).set_index("customer")["customer_id"]
    named = rows["customer"].map(single) if len(single) else blank(len(rows)).set_axis(rows.index)
    return rows["customer_id"].fillna(named.astype("str")).fillna(rows["customer"]).astype("str")


def of_orders(codes: np.ndarray, customers: pd.Series, count: int) -> pd.Series:
    """The customer of each of ``count`` order codes: of several the first by name, whatever the row order."""
    import pandas as pd

    named = pd.DataFrame({"order": codes, "customer": customers.to_numpy()}).dropna().drop_duplicates()
    first = named.sort_values("customer").drop_duplicates("order").set_index("order")["customer"]
    return first.reindex(range(count)).astype("str")


def phones(rows: pd.DataFrame, customers: pd.DataFrame) -> pd.Series:
    """The phone of each row's customer, by the customers' table; blank where it gives none or several."""
    pairs = customers[["customer_id", "phone"]].dropna().drop_duplicates()
    single = pairs.drop_duplicates("customer_id", keep=False).set_index("customer_id")["phone"]
    found = rows["customer_id"].map(single) if len(single) else blank(len(rows)).set_axis(rows.index)
    return found.astype("str")
