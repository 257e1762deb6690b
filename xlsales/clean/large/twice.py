"""Rows in an engine that contradict each other about one id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.listing import Found, standing_at
from xlsales.clean.rules.sources import LINES
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.clean.large.judging import Judged


def same_id(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.sources.same_id``."""
    import narwhals as nw

    for key, raws in of.sheets.items():
        identity = raws[0].table.identity
        if not of.asks(key) or identity not in of.has[key] or key in ("customers", "products"):
            continue
        assert identity is not None
        rows = of.tables[key].filter(~nw.col(identity).is_null())
        times = rows.group_by(SOURCE, identity).agg(times=nw.len())
        again = nw.col("times") > 1
        counts = times.group_by(SOURCE).agg(ids=nw.len(), repeated=again.cast(nw.Int64).sum())
        known = counts.collect("pandas").to_pandas()
        unique = known[(known["repeated"] > 0) & (known["repeated"] <= LINES * known["ids"])]
        if unique.empty:
            continue
        names = [SOURCE, identity, *(["product"] if "product" in of.has[key] else [])]
        own = rows.filter(nw.col(SOURCE).is_in(sorted(unique[SOURCE])))
        own = own.join(times.filter(again).select(SOURCE, identity), on=[SOURCE, identity], how="semi")
        own = own.select(*names, ROW, cell=nw.col(identity), amount=of.worth(key), one=nw.lit(1))
        own = own.with_columns(
            nth=nw.col("one").cum_sum().over(*names, order_by=[ROW, "amount"]),
            other=nw.col(ROW).min().over(*names),
        )
        later = own.filter(nw.col("nth") > 1).select(SOURCE, ROW, "cell", "amount", "other")
        yield Found("same_id", key, identity, later, standing_at(raws, identity))
