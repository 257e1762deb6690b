"""Rows in an engine that stand for nothing: no product, no place, no first order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import few_texts_of
from xlsales.clean.large.listing import Found
from xlsales.clean.naming.regions import is_geography, is_place
from xlsales.clean.rules.references import MEMORY
from xlsales.clean.rules.unusual import no_product
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import narwhals as nw

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]


def no_products(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.unusual.no_products``; nothing by a column with more than ``MANY`` texts."""
    import narwhals as nw
    import pandas as pd

    if not of.asks("orders"):
        return
    orders = of.tables["orders"]
    codes, names = no_product(*(_texts(orders, name) for name in ("product_id", "product")))
    hits = nw.lit(False)
    for name, texts in (("product_id", codes), ("product", names)):
        if texts:
            known = pd.DataFrame({name: sorted(texts)}, dtype="str").assign(**{f"hit {name}": True})
            orders = orders.join(of.table(known), on=name, how="left")
            hits |= nw.col(f"hit {name}").fill_null(False)
    if codes or names:
        shown = next((name for name in ("product_id", "product", "order_id") if name in of.has["orders"]), "")
        rows = orders.filter(hits).select(
            SOURCE, ROW, cell=nw.col(shown or "product"), amount=nw.col("amount")
        )
        yield Found("not_a_product", "orders", shown, rows)


def unknown_regions(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.lookalikes.unknown_regions``; nothing where a table has more than ``MANY`` regions."""
    import narwhals as nw
    import pandas as pd

    keys = [
        one.key for one in TABLES if one.key in of.tables and any(it.name == "region" for it in one.columns)
    ]
    if of.large.isdisjoint(keys):
        return
    texts = {key: few_texts_of(of.tables[key], "region") for key in keys}
    if any(one is None for one in texts.values()):
        return
    regions = {key: set(() if one is None else one) for key, one in texts.items()}
    names = set().union(*regions.values())
    if not is_geography(names):
        return
    told = set().union(*(own for key, own in regions.items() if key not in of.large))
    # Those in memory have been asked by themselves.
    unknown = {name for name in names if not is_place(name)} - (told if is_geography(told) else set())
    for key, own in regions.items():
        if key not in of.large:
            continue
        here, unknown = unknown & own, unknown - own
        if here:
            known = of.table(pd.DataFrame({"region": sorted(here)}, dtype="str"))
            rows = (
                of.tables[key]
                .join(known, on="region", how="semi")
                .select(SOURCE, ROW, "region", one=nw.lit(1))
            )
            nth = nw.col("one").cum_sum().over("region", order_by=[SOURCE, ROW])
            first = rows.with_columns(nth=nth).filter(nw.col("nth") == 1)
            shown = first.select(SOURCE, ROW, cell=nw.col("region"), amount=nw.lit(None, nw.Float64))
            yield Found("unknown_region", key, "region", shown)


def renewals_of_nothing(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.references.renewal_of_nothing``."""
    import narwhals as nw

    if not of.asks("orders"):
        return
    day, orders = nw.col("order_date"), of.tables["orders"]
    renewed = orders.filter(nw.col("type") == "renewal", ~nw.col("customer_id").is_null())
    reached = orders.select(first=day.min(), last=day.max()).collect("pandas").to_pandas().iloc[0]
    if not reached["last"] - reached["first"] >= timedelta(MEMORY):
        return
    since = (reached["first"] + timedelta(MEMORY)).to_pydatetime()
    firsts = orders.drop_nulls(["customer_id"]).group_by("customer_id").agg(first=day.min())
    late = renewed.filter(day >= since).join(firsts, on="customer_id").filter(day == nw.col("first"))
    rows = late.select(SOURCE, ROW, cell=nw.col("type"), amount=nw.col("amount").fill_null(0.0))
    yield Found("renewal_of_nothing", "orders", "type", rows)


def _texts(frame: Frame, name: str) -> Sequence[str]:
    found = few_texts_of(frame, name)
    return [] if found is None else found.tolist()
