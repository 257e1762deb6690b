"""Products and reps in an engine that no list has, or that were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.listing import Found, rows_of
from xlsales.clean.rules.references import DATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    import pandas as pd

    from xlsales.clean.large.judging import Judged


def unknown_names(of: Judged) -> Iterator[Found]:
    """``unknown_product``, ``unknown_rep`` and ``rep_not_there``."""
    from xlsales.clean.rules import references

    for key, day in DATED.items():
        if of.asks(key, "products"):
            known = references.known_products(of.small("products", "product", "product_id"))
            yield from _strange(of, "unknown_product", key, "product", known)
        if of.asks(key, "roster"):
            stays = references.stays_of(of.small("roster", "rep", "joined", "left"))
            yield from _strange(of, "unknown_rep", key, "rep", set(stays["key"]))
            yield from _absent(of, key, day, stays)


def _strange(of: Judged, rule: str, key: str, field: str, known: Set[str]) -> Iterator[Found]:

    from xlsales.clean.parse._distinct import keyed

    if not known:
        return
    names = of.small(key, field).dropna()
    strange = names[[keyed(one) not in known for one in names[field]]]
    if len(strange):
        rows = of.tables[key].join(of.table(strange), on=field, how="semi")
        yield Found(rule, key, field, rows_of(rows, field, of.worth(key)))


def _absent(of: Judged, key: str, day: str, stays: pd.DataFrame) -> Iterator[Found]:
    import narwhals as nw

    from xlsales.clean.parse._distinct import keyed
    from xlsales.clean.rules import references

    limited = references.limited_in(stays)
    reps = of.small(key, "rep").dropna()
    reps = reps.assign(key=[keyed(one) for one in reps["rep"]])
    reps = reps[reps["key"].isin(limited)]
    if reps.empty:
        return
    there = of.tables[key].drop_nulls([day]).join(of.table(reps), on="rep")
    pairs = there.select("key", day=nw.col(day)).unique().collect("pandas").to_pandas()
    absent = references.absent_days(pairs.astype({"key": "str"}), stays)
    if absent.empty:
        return
    shown = references.stretches_of(set(absent["key"]), stays)
    rows = there.with_columns(day=nw.col(day)).join(of.table(absent), on=["key", "day"], how="semi")
    found = rows_of(rows.rename({"key": "other"}), "rep", of.worth(key), "other")
    yield Found("rep_not_there", key, "rep", found, lambda rows: [shown[one] for one in rows["other"]])
