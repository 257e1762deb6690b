"""What is missing, in which field, whose it is, from which source, and how much order value hangs on it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xlsales.clean.large.blanks import lacking
from xlsales.clean.read import money_of
from xlsales.tables.spec import SOURCE
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

    counted = _counted_there if cleaned.engine else _counted
    parts = [
        found.assign(table=key)
        for key in cleaned.tables
        if (found := counted(cleaned, key, has.get(key, ()), by)) is not None and len(found)
    ]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    report = pd.concat(parts, ignore_index=True)
    written = _placeholders(cleaned)
    cells = zip(report["table"], report["field"], strict=True)
    report["placeholders"] = [float("nan") if by else float(written[cell]) for cell in cells]
    report["share"] = report["missing"] / report["rows"]
    known = report["all"] > 0
    report["value"] = report["value"].where(known)
    report["value_share"] = (report["value"] / report["all"]).where(known)
    order = ["value_share", "share", "table", "field", "of"]
    return report.sort_values(order, ascending=[False, False, True, True, True])[list(COLUMNS)].reset_index(
        drop=True
    )


def _placeholders(cleaned: Cleaned) -> Counter[tuple[str, str]]:
    """By table and field how many cells hold one."""
    found = cleaned.issues[cleaned.issues["rule"] == "placeholder"]
    written = Counter(zip(found["table"], found["field"], strict=True))
    for (key, name, rule), more in cleaned.unlisted.items():
        written[key, name] += more if rule == "placeholder" else 0
    return written


def _counted(cleaned: Cleaned, key: str, has: Collection[str], by: str) -> pd.DataFrame | None:
    """By ``of`` and ``field`` the ``rows``, those ``missing`` it, their ``value`` and that of ``all``."""
    import pandas as pd

    frame = cleaned.tables[key]
    if by and (by not in frame or frame[by].isna().all()):
        return None
    value = order_value(cleaned.tables, key)
    groups = {"of": frame[by].fillna("")} if by else {}
    parts = []
    for column in table(key).columns:
        blank = frame[column.name].isna()
        if column.name in has and column.name != by and blank.any():
            each = {"rows": 1, "missing": blank, "value": value.where(blank, 0.0), "all": value}
            found = (
                pd.DataFrame(groups | each).groupby("of", as_index=False).sum()
                if by
                else pd.DataFrame({"of": [""], "rows": len(frame)} | _sums(blank, value))
            )
            parts.append(found[found["missing"] > 0].assign(field=column.name))
    return pd.concat(parts) if parts else None


def _counted_there(cleaned: Cleaned, key: str, has: Collection[str], by: str) -> pd.DataFrame | None:
    """As ``_counted``, of the tables of an engine."""
    small = cleaned.in_memory.get(key)
    blank = {name for one in cleaned.there if one.table.key == key for name, n in one.blanks.items() if n}
    if small is not None:
        blank |= {str(name) for name in small if small[name].isna().any()}
    names = [one.name for one in table(key).columns if one.name in has and one.name in blank - {by}]
    if not names or (by and by not in (*has, SOURCE)):
        return None
    found = lacking(cleaned.tables, key, names, by)
    return found[found["missing"] > 0]


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
