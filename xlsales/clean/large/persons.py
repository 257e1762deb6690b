"""One person in several rows of customers or leads in an engine.

Numbers and names are compared in memory, of those rows alone whose phones end alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.concerned import MOST
from xlsales.clean.large.listing import Found, standing_at
from xlsales.clean.naming.identity import company, phone
from xlsales.clean.rules.persons import SHARED
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]

ENDING = 9
"""So many digits every phone number has at its end, however it is written."""
KNOWN = "known as"
"""By what rows are one person's."""


def same_person(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.persons.same_person``; by id alone where more than ``MOST`` phones end alike."""
    import narwhals as nw

    for key in ("customers", "leads"):
        if not of.asks(key):
            continue
        rows = of.tables[key].with_columns(nw.lit(None, nw.String).alias(KNOWN))
        known = _persons(of, rows) if "phone" in of.has[key] else None
        if known is not None:
            rows = rows.drop(KNOWN).join(known, on=["phone", "customer"], how="left")
        doubled = ~nw.col(KNOWN).is_null()
        if key == "customers":
            rows = rows.join(_several(rows, "customer_id"), on="customer_id", how="left")
            doubled |= nw.col("several").fill_null(False)
        yield from _again(of, key, rows.filter(doubled))


def _persons(of: Judged, rows: Frame) -> Frame | None:
    """``phone`` and ``customer`` of rows that are one person's, and by what these are ``KNOWN``."""
    import narwhals as nw

    digits = nw.col("phone").str.replace_all(r"\.0+$", "").str.replace_all("[^0-9]", "")
    ended = rows.select("phone", "customer", ending=digits.str.tail(ENDING)).drop_nulls("ending")
    alike = ended.join(_several(ended, "ending"), on="ending", how="semi")
    pairs = fetched(alike.group_by("phone", "customer").agg(times=nw.len()).head(MOST + 1))
    if len(pairs) > MOST:
        return None
    pairs = pairs.assign(number=pairs["phone"].map(phone)).dropna(subset="number")
    sharing = pairs.groupby("number")["times"].transform("sum")
    pairs = pairs[sharing <= SHARED].dropna(subset="customer")
    pairs = pairs.assign(**{KNOWN: pairs["number"] + "\n" + pairs["customer"].map(company)})
    times = pairs.groupby(KNOWN)["times"].transform("sum")
    names = ["phone", "customer", KNOWN]
    return of.table(pairs.loc[times > 1, names].astype("str"))


def _several(rows: Frame, name: str) -> Frame:
    """What stands there more than once, as ``several``."""
    import narwhals as nw

    times = rows.drop_nulls(name).group_by(name).agg(times=nw.len())
    return times.filter(nw.col("times") > 1).select(name, several=nw.lit(True))


def _again(of: Judged, key: str, rows: Frame) -> Iterator[Found]:
    """The rows after the first of each person; a row is pointed out once."""
    import narwhals as nw

    identity = of.sheets[key][0].table.identity or ""
    ways = {"phone": KNOWN, "customer_id": "customer_id"}
    ways = ways if key == "customers" else {"phone": KNOWN}
    # Blank days and ids stand last, as in memory.
    order = ["undated", "created", "unnamed", "named", SOURCE, ROW]
    ranked = rows.select(
        SOURCE,
        ROW,
        "created",
        "phone",
        "customer_id",
        KNOWN,
        named=nw.col(identity),
        undated=nw.col("created").is_null().cast(nw.Int64),
        unnamed=nw.col(identity).is_null().cast(nw.Int64),
        one=nw.lit(1),
    ).with_columns(
        nw.col("one").cum_sum().over(way, order_by=order).alias(f"nth {name}") for name, way in ways.items()
    )
    ranked = of.engine.held(ranked)
    told = nw.lit(False)
    for name, way in ways.items():
        own = ranked.drop_nulls(way)
        first = own.filter(nw.col(f"nth {name}") == 1)
        first = first.select(way, nw.col(SOURCE).alias("other file"), nw.col(ROW).alias("other"))
        later = own.filter(nw.col(f"nth {name}") > 1, ~told).join(first, on=way)
        shown = later.select(
            *(SOURCE, ROW, "other file", "other"), cell=nw.col(name), amount=nw.lit(None, nw.Float64)
        )
        at = standing_at(of.sheets[key], of.key_field(key), "other file")
        yield Found("same_person", key, name, shown, at)
        told |= ~nw.col(way).is_null() & (nw.col(f"nth {name}") > 1)
