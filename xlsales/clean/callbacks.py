"""What only a customer can tell, by the person who has to ask: contacts and contract dates that are blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

FIELDS: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer", "phone"),
    "leads": ("customer", "phone"),
    "orders": ("customer",),
    "contracts": ("customer", "signed", "start"),
}
"""By table what nobody can fill but by asking. A column that the source lacks is not asked for."""
COLUMNS = ("rep", "table", "record", "customer", "missing", "amount", SOURCE, ROW)


def callbacks(tables: Mapping[str, pd.DataFrame], present: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Records that lack such a value, those worth most first, with ``COLUMNS``.

    ``present`` are the columns that the sheets of each table have. ``missing`` are canonical names joined by
    commas, ``record`` is the row's id. A customer is worth the orders that name them, and is asked by the
    rep of the latest.
    """
    import pandas as pd

    parts = [pd.DataFrame(columns=list(COLUMNS))]
    for table, fields in FIELDS.items():
        asked = [field for field in fields if field in present.get(table, ())]
        if table in tables and asked:
            parts.append(_lacking(table, asked, tables))
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    found["amount"] = found["amount"].astype("float64")
    worth = found["amount"].abs().fillna(-1.0)
    found = found.assign(_worth=-worth).sort_values(["_worth", "table", "record", ROW], kind="stable")
    return found.drop(columns="_worth").reset_index(drop=True)


def _lacking(table: str, asked: list[str], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    from xlsales.tables.specs import table as spec

    frame = tables[table]
    blank = frame[asked].isna()
    rows = frame[blank.any(axis=1)]
    missing = [
        ",".join(name for name, lacks in zip(asked, one, strict=True) if lacks)
        for one in blank.loc[rows.index].itertuples(index=False)
    ]
    ids = rows[spec(table).identity] if spec(table).identity else pd.Series("", index=rows.index)
    reps, amounts = rows.get("rep"), rows.get("amount")
    if table == "customers" and "orders" in tables:
        orders = tables["orders"][["customer_id", "order_date", "rep", "amount"]]
        orders = orders[orders["customer_id"].isin(ids)].sort_values("order_date", kind="stable")
        its = orders.groupby("customer_id").agg(rep=("rep", "last"), amount=("amount", "sum"))
        reps, amounts = its["rep"].reindex(ids), its["amount"].reindex(ids)
    nothing = [None] * len(rows)
    return pd.DataFrame(
        {
            "rep": nothing if reps is None else reps.to_numpy(),
            "table": table,
            "record": ids.to_numpy(),
            "customer": rows["customer"].to_numpy(),
            "missing": missing,
            "amount": nothing if amounts is None else amounts.to_numpy(),
            SOURCE: rows[SOURCE].to_numpy(),
            ROW: rows[ROW].to_numpy(),
        }
    )
