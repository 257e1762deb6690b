"""Products in an engine by their codes: decided in memory, of pairs alone, and joined to the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.changes import COLUMNS, TIMES
from xlsales.clean.large.columns import MANY, counts_of
from xlsales.clean.large.listing import Found
from xlsales.clean.naming.products import CODED, SOLD, disagreeing, misnamed, with_forms
from xlsales.clean.naming.products import beside as beside_in_memory
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.account import Large
    from xlsales.clean.large.judging import Judged
    from xlsales.clean.large.reading import Entered, Reading

    Frame = nw.LazyFrame[Any]

PAIR = ["product_id", "product"]
WRITTEN = "product as written"
"""The product as its cell has it; only there where the table has codes beside."""


def listed_in(entered: Entered) -> pd.DataFrame:
    """As ``naming.products.listed_names``, of a products table there; nothing beyond ``MANY`` pairs."""
    import narwhals as nw
    import pandas as pd

    read = entered.read
    nothing = pd.DataFrame({name: [] for name in (*PAIR, "cell")}, dtype="str")
    if read.raw.table.key != "products" or not {*PAIR} <= set(read.at):
        return nothing
    pairs = entered.frame.drop_nulls(PAIR).group_by(*PAIR, SOURCE).agg(nw.col(ROW).min())
    found = _few(pairs)
    if found is None:
        read.trimmed.append("product_id")
        return nothing
    found = found.sort_values([SOURCE, ROW, *PAIR])
    return found[PAIR].assign(cell=read.cells("product", found[ROW], sheet=True))


def named(entered: Entered, official: pd.DataFrame) -> Entered:
    """The rows with the products that ``official_names`` has for their codes, and what changed by that.

    Nothing where more than ``MANY`` pairs of a code and another name stand there.
    """
    import narwhals as nw
    import pandas as pd

    read, frame = entered.read, entered.frame
    if read.raw.table.key not in SOLD or "product_id" not in read.at or official.empty:
        return entered
    codes = pd.DataFrame({"product_id": official.index, "official": official["name"].array}, dtype="str")
    other = frame.select(SOURCE, ROW, *PAIR).join(read.table(codes), on="product_id")
    other = other.filter((nw.col("product") != nw.col("official")).fill_null(True))
    pairs = other.group_by(*PAIR, SOURCE).agg(nw.col(ROW).min(), nw.len().alias(TIMES))
    found = _few(pairs)
    if found is None:
        read.trimmed.append("product_id")
        return entered
    found = misnamed(found.sort_values([SOURCE, ROW, *PAIR], ignore_index=True), official)
    if found.empty:
        return entered
    meant = found[[*PAIR, "name"]].drop_duplicates()
    known = meant.assign(said=meant["product"].fillna("")).drop(columns="product")
    frame = (
        frame.with_columns(said=nw.col("product").fill_null(""))
        .join(read.table(known), on=["product_id", "said"], how="left")
        .with_columns(product=nw.coalesce("name", "product"))
        .drop("name", "said")
    )
    counted = counts_of(frame, "product")
    if counted is None:
        read.names.pop("product", None)
        read.trimmed.append("product")
    else:
        read.names["product"] = counted.assign(value=counted["text"])
    made = entered.changes if "product" not in read.at else _changes(entered, found)
    return replace(entered, frame=frame, changes=made, coded=True)


def _changes(entered: Entered, found: pd.DataFrame) -> pd.DataFrame:
    """A row for each pair, with its first cell and how many cells have it."""
    import pandas as pd

    read = entered.read
    first = found.groupby(PAIR, dropna=False, sort=False, as_index=False).agg(
        {SOURCE: "first", ROW: "first", TIMES: "sum", "name": "first", "cell": "first"}
    )
    made = pd.DataFrame(
        {
            "table": read.raw.table.key,
            "source": first[SOURCE].str.removesuffix(f"!{read.raw.sheet}"),
            "sheet": read.raw.sheet,
            "cell": read.cells("product", first[ROW]),
            "field": "product",
            "before": first["product"].fillna(""),
            "after": first["name"],
            "rule": "name_by_code",
            "origin": first["cell"],
        }
    )
    made = made[list(COLUMNS)].astype("str").assign(**{TIMES: first[TIMES].astype("int64")})
    return pd.concat([entered.changes, made], ignore_index=True)


def written(frame: Frame, read: Reading) -> Frame:
    """With ``WRITTEN``, where the table has codes and names of products."""
    import narwhals as nw

    if read.raw.table.key not in CODED or not {*PAIR} <= set(read.at):
        return frame
    return frame.with_columns(nw.col(read.at["product"]).alias(WRITTEN))


def beside(clean: Frame, read: Reading) -> tuple[pd.DataFrame | None, Frame]:
    """As ``naming.products.beside``, of clean rows with ``WRITTEN``, and these without it.

    None where more than ``MANY`` pairs stand there.
    """
    import narwhals as nw

    if WRITTEN not in clean.collect_schema().names():
        return beside_in_memory({}), clean
    pairs = clean.select("product_id", SOURCE, ROW, product=nw.col(WRITTEN)).drop_nulls(PAIR)
    pairs = pairs.group_by(*PAIR, SOURCE).agg(nw.col(ROW).min(), rows=nw.len())
    found = _few(pairs)
    if found is None:
        read.trimmed.append("product_id")
        return None, clean.drop(WRITTEN)
    found = found.sort_values([SOURCE, ROW, *PAIR], ignore_index=True).rename_axis("first").reset_index()
    return with_forms(found, read.raw.table.key), clean.drop(WRITTEN)


def with_those_there(coded: pd.DataFrame, large: Iterable[Large]) -> pd.DataFrame | None:
    """The pairs of all tables together, those in memory first; None where a table there has too many."""
    import pandas as pd

    parts = [one.coded for one in large]
    if any(one is None for one in parts):
        return None
    return pd.concat([coded, *(one for one in parts if one is not None)], ignore_index=True)


def codes_and_names(of: Judged) -> Iterator[Found]:
    """As ``naming.products.codes_and_names``, about tables there; nothing where pairs are too many."""
    if of.coded is None or ROW not in of.coded:
        return
    for rule, field, doubtful in disagreeing(of.coded):
        for key, rows in doubtful.dropna(subset=ROW).groupby("table"):
            shown = rows[[SOURCE, ROW, "meant"]].assign(cell=rows[field], amount=float("nan"))
            found = of.table(shown.astype({ROW: "int64"}))
            yield Found(rule, str(key), field, found, lambda some: list(some["meant"]))


def _few(pairs: Frame) -> pd.DataFrame | None:
    """The rows of ``pairs``; None where they are more than ``MANY``."""
    found = pairs.head(MANY + 1).collect("pandas").to_pandas()
    return None if len(found) > MANY else found.astype(dict.fromkeys((*PAIR, SOURCE), "str"))
