"""Whom each rep has to call: customers, leads and orders that nobody could reach or bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.missing import order_value
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.tables.spec import RawTable

ASKED: dict[str, tuple[str, ...]] = {
    "customers": ("customer", "phone"),
    "leads": ("customer", "phone"),
    "orders": ("customer_id", "customer"),
    "contracts": ("customer_id", "customer", "signed"),
}
"""Contact and contract fields that a rep can ask for."""
COLUMNS = ("rep", "customer", "table", "source", "cell", "fields", "value")


def call_back(tables: Mapping[str, pd.DataFrame], raws: Sequence[RawTable]) -> pd.DataFrame:
    """One row per row that lacks any of ``ASKED``; ``COLUMNS``, by rep and then by value, largest first.

    ``cell`` is that of the first missing field, ``source`` its ``file!sheet``, ``fields`` the canonical names
    between commas, ``value`` the order value that hangs on the row. Only fields that the sheet has are asked
    for, and of a lost lead nothing. A customer without a rep has that of the latest order,
    or lead.
    """
    import pandas as pd

    letters = {(raw.table.key, f"{raw.source}!{raw.sheet}"): raw.letters for raw in raws}
    parts = []
    for key, fields in ASKED.items():
        if key not in tables:
            continue
        frame = tables[key]
        lacking = pd.DataFrame({name: frame[name].isna() for name in fields})
        for name in fields:
            asked = [source for (table, source), its in letters.items() if table == key and name in its]
            lacking[name] &= frame[SOURCE].isin(asked)
        if key == "leads":
            lacking[(frame["stage"] == "lost") | frame["lost"].notna()] = False
        some = lacking[lacking.any(axis=1)]
        if some.empty:
            continue
        rows = frame.loc[some.index]
        missing = [[name for name in fields if line[name]] for line in some.to_dict("records")]
        parts.append(
            pd.DataFrame({
                "rep": _reps(tables, key, rows),
                "customer": rows["customer"].fillna(rows["customer_id"]),
                "table": key,
                "source": rows[SOURCE],
                "cell": [
                    f"{letters.get((key, source), {}).get(names[0], 'A')}{row}"
                    for source, row, names in zip(rows[SOURCE], rows[ROW], missing, strict=True)
                ],
                "fields": [",".join(names) for names in missing],
                "value": order_value(tables, key)[some.index],
            })
        )  # fmt: skip
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    found = pd.concat(parts, ignore_index=True)
    found[["rep", "customer"]] = found[["rep", "customer"]].fillna("")
    return found.sort_values(
        ["rep", "value", "table", "source", "cell"], ascending=[True, False, True, True, True]
    ).reset_index(drop=True)


def _reps(tables: Mapping[str, pd.DataFrame], key: str, rows: pd.DataFrame) -> pd.Series:
    """The rep of each row; of customers without, the one of their latest order, or else lead."""
    found = rows["rep"]
    if key != "customers":
        return found
    for other, day in (("orders", "order_date"), ("leads", "created")):
        if other in tables:
            known = tables[other].dropna(subset=["customer_id", "rep"])
            last = known.sort_values([day, "rep"]).drop_duplicates("customer_id", keep="last")
            by_customer = last.set_index("customer_id")["rep"]
            if len(by_customer):
                found = found.fillna(by_customer.reindex(rows["customer_id"]).set_axis(rows.index))
    return found
