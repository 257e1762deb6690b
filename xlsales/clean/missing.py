"""What is missing, in which field, whose it is, from which source, and how much order value hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.read import money_of
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from xlsales.clean.clean import Cleaned

COLUMNS = ("table", "field", "of", "rows", "missing", "share", "placeholders", "value", "value_share")


def missing(cleaned: Cleaned, has: Mapping[str, Collection[str]], by: str = "") -> pd.DataFrame:
    """One row per table, field and, with ``by`` (``rep``, ``_source``), value of that column; ``COLUMNS``.

    ``has`` gives the fields that the sheets of a table have; others are not missing but not there.
    ``missing`` counts blanks and placeholders, ``placeholders`` the latter alone, which only a report without
    ``by`` knows (else null). ``value`` is the order value of the rows that lack the field: their own amount,
    or all orders of their customer; ``value_share`` its share of that of all rows; null where none is known.
    Fields that miss nothing are not listed, the largest value share and then share comes first.
    """
    import pandas as pd

    written = cleaned.issues[cleaned.issues["rule"] == "placeholder"].groupby(["table", "field"]).size()
    parts = []
    for key, frame in cleaned.in_memory.items():
        if by and (by not in frame or frame[by].isna().all()):
            continue
        value = order_value(cleaned.in_memory, key)
        groups = {"of": frame[by].fillna("")} if by else {}
        for column in table(key).columns:
            blank = frame[column.name].isna()
            if column.name in has.get(key, ()) and column.name != by and blank.any():
                each = {"rows": 1, "missing": blank, "value": value.where(blank, 0.0), "all": value}
                found = (
                    pd.DataFrame(groups | each).groupby("of", as_index=False).sum()
                    if by
                    else pd.DataFrame({"of": [""], "rows": len(frame)} | _sums(blank, value))
                )
                found["table"], found["field"] = key, column.name
                found["placeholders"] = float("nan") if by else float(written.get((key, column.name), 0))
                parts.append(found[found["missing"] > 0])
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    report = pd.concat(parts, ignore_index=True)
    report["share"] = report["missing"] / report["rows"]
    known = report["all"] > 0
    report["value"] = report["value"].where(known)
    report["value_share"] = (report["value"] / report["all"]).where(known)
    order = ["value_share", "share", "table", "field", "of"]
    return report.sort_values(order, ascending=[False, False, True, True, True])[list(COLUMNS)].reset_index(
        drop=True
    )


def _sums(blank: pd.Series, value: pd.Series) -> dict[str, object]:
    """How many cells are blank, what value lacks them, and all of it: without groups these need no frame."""
    return {"missing": blank.sum(), "value": value[blank].sum(), "all": value.sum()}


def order_value(tables: Mapping[str, pd.DataFrame], key: str) -> pd.Series:
    """The order value that each row of a table stands for: its amount, or that of its customer's orders."""
    import pandas as pd

    frame = tables[key]
    money = money_of(table(key))
    if key == "targets":
        return pd.Series(0.0, frame.index)
    if money or key == "leads":
        return frame[money.name if money else "amount"].clip(lower=0).fillna(0.0)
    orders = tables.get("orders")
    if orders is None or "customer_id" not in frame or orders.empty or frame.empty:
        return pd.Series(0.0, frame.index)
    by_customer = orders.groupby("customer_id")["amount"].sum()
    own = by_customer.reindex(frame["customer_id"]).set_axis(frame.index)
    return own.astype("float64").clip(lower=0).fillna(0.0)
