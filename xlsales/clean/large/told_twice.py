"""Ids of two things and orders of two sources in an engine; a record is told as one of them, as in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.clean.large.better import better_known, said_by, valued
from xlsales.clean.large.compared import MOST, looked_at, typed_rows
from xlsales.clean.large.listing import Found, places_of, standing_at
from xlsales.clean.large.sources import standing_in
from xlsales.clean.reconciling.channels import several_sources
from xlsales.clean.rules.sources import strangers, whose_of
from xlsales.clean.rules.twice import counted_again
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from xlsales.clean.large.judging import Judged


def told_twice(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.twice.told_twice``.

    Orders of two sources are matched in memory, so only up to ``MOST``, as they are reconciled.
    """
    for key in of.sheets:
        if not of.asks(key):
            continue
        two, one = _reused(of, key), _counted_again(of) if key == "orders" else None
        if two is not None and one is not None:
            two, one = _each_once(of, two, one)
        if two is not None:
            yield two
        if one is not None:
            field = of.key_field(key)
            shown = standing_at(of.sheets[key], field, "file")
            yield Found("double_counted", key, field, of.table(one), shown)


def _reused(of: Judged, key: str) -> Found | None:
    """Rows of one id in two files that are two things."""
    import narwhals as nw

    raws = of.sheets[key]
    identity = raws[0].table.identity
    if not identity or identity not in of.has[key]:
        return None
    files = of.small(key, SOURCE)[SOURCE]
    rows = valued(of.tables[key], said_by(raws[0].table, of.has[key]))
    better = better_known(rows, of.has[key], raws, files, of.engine) if len(files) > 1 else None
    if better is None:
        return None
    strange = better.others(of.tables[key]).filter(nw.col("other"), ~nw.col("agree"))
    found = strange.select(SOURCE, ROW, "place", cell=nw.col(identity), amount=of.worth(key))
    return Found("reused_id", key, identity, found, standing_in(raws, identity))


def _counted_again(of: Judged) -> pd.DataFrame | None:
    """The rows of orders that repeat one of another source, at least one of the two there.

    Columns: those of a ``Found``, ``file`` and ``other`` (the number) of the row that is repeated, ``id``,
    and ``strange``, whether the customers of the two differ.
    """
    import narwhals as nw
    import pandas as pd

    tables = {key: of.tables[key] for key in ("orders", "customers") if key in of.tables}
    if not several_sources(of.small("orders", SOURCE)):
        return None
    if sum(int(one.select(nw.len()).collect().item()) for one in tables.values()) > MOST:
        return None
    typed = {key: typed_rows(one, key, looked_at(key)) for key, one in tables.items()}
    orders = typed["orders"]
    found = counted_again(orders, typed.get("customers"))
    if found is None or found.empty:
        return None
    again, first = orders.loc[found.index], orders.loc[found]
    whose = whose_of(of.sheets["orders"][0].table, of.has["orders"])
    rows = pd.DataFrame(
        {
            SOURCE: again[SOURCE].array,
            ROW: again[ROW].array,
            "cell": again[of.key_field("orders")].array,
            "amount": again["amount"].fillna(0.0).array,
            "file": first[SOURCE].array,
            "other": first[ROW].array,
            "id": again["order_id"].array,
            "strange": strangers(orders, whose, found.index, found),
        }
    )
    here = {place for raw in of.sheets["orders"] if not raw.files for place in places_of(raw)}
    told = rows[SOURCE].isin(here) & rows["file"].isin(here)  # among themselves they were judged in memory
    return None if told.all() else rows[~told]


def _each_once(of: Judged, two: Found, one: pd.DataFrame) -> tuple[Found, pd.DataFrame | None]:
    """The same without ids that are both: two things where their customers differ, else one order."""
    import pandas as pd

    asked = of.table(pd.DataFrame({"cell": one["id"].dropna().unique()}, dtype="str"))
    ids = two.rows.join(asked, on="cell", how="semi").select("cell").unique().collect("pandas").to_pandas()
    both = one["id"].isin(ids["cell"].astype("str"))
    same = one.loc[both & ~one["strange"], "id"].unique()
    if len(same):
        once = of.table(pd.DataFrame({"cell": same}, dtype="str"))
        two = replace(two, rows=two.rows.join(once, on="cell", how="anti"))
    left = one[~(both & one["strange"])]
    return two, None if left.empty else left
