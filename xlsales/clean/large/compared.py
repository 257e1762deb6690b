"""Tables of an engine as reconciliations read them: what they look at, in memory up to ``MOST`` rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.frames import DTYPES
from xlsales.clean.horizon import FACTS
from xlsales.clean.reconciling.catalogue import NEEDS, possible
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.clean import Cleaned

    Frame = nw.LazyFrame[Any]

MOST = 1_000_000
"""Where the tables there have more rows together, they are not reconciled."""
TABLES = (
    *("orders", "payments", "refunds", "invoices", "instalments"),
    *("lessons", "products", "customers", "stock"),
)
LOOKED_AT = {
    *("order_id", "customer_id", "customer", "rep", "product", "status", "phone"),
    *("amount", "quantity", "hours", "opening", "received", "issued", "closing"),
}
"""What reconciliations look at, beside days."""


def compared(cleaned: Cleaned) -> Mapping[str, pd.DataFrame]:
    """The tables that are reconciled: those in memory, and the others where they have few enough rows."""
    import narwhals as nw

    there = _there(cleaned)
    if not there:
        return cleaned.in_memory
    here = {key: frame for key, frame in cleaned.in_memory.items() if key not in there}
    told = present(cleaned)
    if not any(possible(told, key) for key in NEEDS):
        return here
    if sum(one.rows for one in cleaned.large if one.table.key in TABLES) > MOST:
        return here
    days = dict(FACTS)
    brought = {
        key: typed_rows(own, key, looked_at(key) if key in TABLES else {days[key]})
        for key, own in ((key, nw.from_native(cleaned.tables[key]).lazy()) for key in there)
        if key in TABLES or (key in days and "instalments" in cleaned.tables)
    }
    return {key: both[key] for both in [here | brought] for key in cleaned.tables if key in both}


def present(cleaned: Cleaned) -> Mapping[str, pd.DataFrame]:
    """What says whether a reconciliation is ``possible``: of tables there a row for each source."""
    import narwhals as nw
    import pandas as pd

    found = dict(cleaned.in_memory)
    for key in _there(cleaned):
        own = nw.from_native(cleaned.tables[key]).lazy()
        sources = own.select(SOURCE).unique().collect("pandas").to_pandas()[SOURCE].astype("str")
        filled = {
            name
            for one in cleaned.large
            if one.table.key == key
            for name, blank in one.blanks.items()
            if blank < one.rows
        }
        small = cleaned.in_memory.get(key)
        filled |= set() if small is None else {str(name) for name in small if small[name].notna().any()}
        columns = {one.name: one.name if one.name in filled else None for one in table(key).columns}
        found[key] = pd.DataFrame(columns, pd.RangeIndex(len(sources))).assign(**{SOURCE: sorted(sources)})
    return found


def _there(cleaned: Cleaned) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.table.key for one in cleaned.there))


def looked_at(key: str) -> set[str]:
    """The columns of a table that reconciliations look at."""
    return LOOKED_AT | {one.name for one in table(key).columns if one.kind == "date"}


def typed_rows(frame: Frame, key: str, names: Iterable[str]) -> pd.DataFrame:
    """These columns of a table by file and row, typed as in memory."""
    columns = [one for one in table(key).columns if one.name in set(names)]
    rows = fetched(frame.select(*(one.name for one in columns), SOURCE, ROW))
    typed = {one.name: DTYPES[one.kind] for one in columns} | {SOURCE: "str", ROW: "int64"}
    return rows.astype(typed).sort_values([SOURCE, ROW], kind="stable", ignore_index=True)
