"""Names in an engine that are probably one: compared as in memory, once their different texts are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.columns import counts_of
from xlsales.clean.large.listing import Found
from xlsales.clean.naming.identity import phone
from xlsales.clean.naming.names import MASTERS
from xlsales.clean.rules.lookalikes import COMPARED, likely
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.clean.large.judging import Judged


def similar_names(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.lookalikes.similar_names``; nothing where a column has more than ``MANY`` names."""
    for kind in COMPARED:
        with_names = [key for key, has in of.has.items() if kind in has and key in of.tables]
        if not of.large.isdisjoint(with_names):
            yield from _similar(of, kind, with_names)


def _similar(of: Judged, kind: str, with_names: list[str]) -> Iterator[Found]:
    import narwhals as nw
    import pandas as pd

    counts: dict[str, dict[str, int]] = {}
    for key in with_names:
        often = counts_of(of.tables[key], kind)
        if often is None:
            return
        counts[key] = dict(zip(often["text"], often["n"].tolist(), strict=True))
    loose = _without_id(of, with_names) if kind == "customer" else None
    if loose is not None and not loose:
        return
    phones = _phones(of, with_names) if kind == "customer" else {}
    master = MASTERS.get(kind, "")
    left = likely(kind, counts.values(), counts.get(master, {}), loose, phones)
    for key, counted in counts.items():
        here = {name: left.pop(name) for name in counted if name in left}
        if here and key in of.large:
            known = pd.DataFrame({kind: list(here), "other": list(here.values())}, dtype="str")
            money = of.money(key)
            amount = nw.col(money) if money else nw.lit(None, nw.Float64)
            rows_of = of.tables[key].join(of.table(known), on=kind).with_columns(worth=amount)
            whole = rows_of.group_by(kind).agg(amount=nw.col("worth").sum(), some=nw.col("worth").count())
            nth = nw.col("one").cum_sum().over(kind, order_by=[SOURCE, ROW])
            first = rows_of.select(SOURCE, ROW, kind, "other", one=nw.lit(1)).with_columns(nth=nth)
            first = first.filter(nw.col("nth") == 1).join(whole, on=kind)
            worth = nw.when(nw.col("some") > 0).then(nw.col("amount"))
            shown = first.select(SOURCE, ROW, "other", cell=nw.col(kind), amount=worth)
            yield Found("similar_name", key, kind, shown, lambda rows: list(rows["other"]))


def _without_id(of: Judged, with_names: list[str]) -> set[str]:
    """The customers of whom a row has the name alone."""
    import narwhals as nw

    found: set[str] = set()
    for key in with_names:
        lone = of.tables[key].filter(nw.col("customer_id").is_null()).select("customer").drop_nulls()
        found |= set(lone.unique().collect("pandas").to_pandas()["customer"])
    return found


def _phones(of: Judged, with_names: list[str]) -> dict[str, set[str]]:
    """The phones beside each name, of which there may be several."""
    found: dict[str, set[str]] = {}
    for key in with_names:
        if "phone" in of.has[key]:
            known = of.small(key, "customer", "phone").dropna()
            for name, number in zip(known["customer"], known["phone"], strict=True):
                found.setdefault(name, set()).add(phone(number) or number)
    return found
