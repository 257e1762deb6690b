"""Products by their codes: a code's name from the products table, and codes and names that disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.changes import Change
from xlsales.clean.issues import Finding
from xlsales.clean.naming.identity import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows

SOLD = ("orders", "order_lines")
"""The tables that name a product by code."""
CODED = ("products", *SOLD)
"""The tables whose rows have codes and names of products."""


def name_by_code(tables: dict[str, Rows], official: pd.DataFrame) -> tuple[dict[str, Rows], list[Change]]:
    """The product that the products table has for a row's code, where the row has none or another.

    ``official`` is what :func:`official_names` gives. In a sheet without names, whose codes stand for them,
    the names are looked up and no cell changes.
    """
    left, changes = dict(tables), []
    for key in SOLD:
        if key not in tables or "product_id" not in tables[key].text or official.empty:
            continue
        rows = tables[key]
        frame = rows.frame
        listed = frame["product_id"].isin(official.index)
        pairs = misnamed(frame.loc[listed, ["product_id", "product"]].drop_duplicates(), official)
        wrong = (
            frame.loc[listed, ["product_id", "product"]]
            .reset_index()
            .merge(pairs, on=["product_id", "product"])
        )
        if wrong.empty:
            continue
        wrong = wrong.sort_values("index").set_index("index")
        names = list(wrong["name"])
        left[key] = rows.with_values("product", wrong.index, names)
        if "product" in rows.text:
            before = list(wrong["product"].fillna(""))
            origins = list(wrong["cell"])
            changes.append(Change("name_by_code", key, "product", wrong.index, before, names, origins))
    return left, changes


def misnamed(pairs: pd.DataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Of pairs of ``product_id`` and ``product`` those called otherwise, with their ``name`` and ``cell``."""
    names = pairs["product_id"].map(official["name"])
    other = pairs["product"].map(label, na_action="ignore") != names.map(label)
    told = pairs.assign(name=names, cell=pairs["product_id"].map(official["cell"]))
    return told[names.notna() & other]


def official_names(listed: pd.DataFrame) -> pd.DataFrame:
    """``name`` and ``cell`` by code, of the codes with one name among what :func:`listed_names` gives.

    A code that the products table gives several names says nothing.
    """
    known = listed.drop_duplicates(["product_id", "product"])
    known = known[~known["product_id"].duplicated(keep=False)]
    return known.set_index("product_id").rename(columns={"product": "name"})


def listed_names(tables: Mapping[str, Rows]) -> pd.DataFrame:
    """``product_id``, ``product`` and the ``cell`` of the name, of the products table's rows with both."""
    import pandas as pd

    rows = tables.get("products")
    if rows is None or "product_id" not in rows.text:
        return pd.DataFrame({"product_id": [], "product": [], "cell": []}, dtype="str")
    frame = rows.frame[["product_id", "product"]].dropna().drop_duplicates()
    places = rows.places("product", frame.index)
    cells = (places["sheet"] + "!" + places["cell"]).str.removeprefix("!")
    return frame.assign(cell=cells.array).reset_index(drop=True)


def codes_and_names(tables: Mapping[str, Rows]) -> list[Finding]:
    """Codes with several names and names with several codes, once per name or code too many.

    Names are those that the sheets have, compared as ``identity.label``. The suggestion is what the products
    table says, else what most rows say.
    """
    return [
        Finding(rule, rows.set_index("first").index, list(rows["meant"]), (), field, str(key))
        for rule, field, doubtful in disagreeing(beside(tables))
        for key, rows in doubtful.groupby("table")
    ]


def beside(tables: Mapping[str, Rows]) -> pd.DataFrame:
    """As :func:`with_forms`, of all tables that have codes and names of products."""
    import pandas as pd

    said = [_said(key, tables[key]) for key in CODED if key in tables]
    kinds = dict.fromkeys(("table", "product_id", "product", "form"), "str")
    kinds |= {"rows": "int64", "first": "int64", "official": "bool"}
    empty = pd.DataFrame(columns=list(kinds)).astype(kinds)
    return pd.concat([one for one in said if len(one)] or [empty], ignore_index=True)


def with_forms(pairs: pd.DataFrame, key: str) -> pd.DataFrame:
    """Each code of the table with each name beside it, and the name's ``form``; without those of no form.

    ``pairs`` has ``product_id``, ``product``, how often they stand together (``rows``) and where ``first``.
    """
    pairs = pairs.assign(form=pairs["product"].map(label), table=key)
    return pairs.dropna(subset="form").assign(official=key == "products")


def disagreeing(pairs: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """By rule and the field that it is about those of :func:`with_forms` that are one name or code too many.

    Each stands at its ``first`` row of each table, and ``meant`` is what it should be instead.
    """
    return [
        ("code_many_names", "product", _several(pairs, "product_id", "product", "form")),
        ("name_many_codes", "product_id", _several(pairs, "form", "product_id", "product_id")),
    ]


def _said(key: str, rows: Rows) -> pd.DataFrame:
    if not {"product_id", "product"} <= set(rows.text):
        return rows.frame.head(0)
    cells = rows.frame[["product_id"]].assign(product=rows.text["product"][rows.frame.index])
    cells = cells.dropna()
    pairs = cells.groupby(["product_id", "product"], sort=False).size().rename("rows").reset_index()
    first = cells.reset_index(names="first").drop_duplicates(["product_id", "product"])
    return with_forms(pairs.merge(first, on=["product_id", "product"]), key)


def _several(pairs: pd.DataFrame, one: str, field: str, many: str) -> pd.DataFrame:
    """Of every ``one`` that stands beside several ``many``, those that are not its commonest."""
    counted = pairs.groupby([one, many], as_index=False).agg(
        rows=("rows", "sum"), official=("official", "max")
    )
    counted = counted[counted[one].duplicated(keep=False)]
    ranked = counted.sort_values(["official", "rows", many], ascending=[False, False, True])
    best = ranked.drop_duplicates(one).set_index(one)[many]
    doubtful = pairs[pairs[one].isin(best.index) & (pairs[many] != pairs[one].map(best))]
    doubtful = doubtful.sort_values(["table", "first"]).drop_duplicates([one, many])
    spelled = pairs.assign(shown=pairs[field]).sort_values(
        ["official", "rows", field], ascending=[False, False, True]
    )
    meant = dict(spelled.drop_duplicates([one, many]).set_index([one, many])["shown"].items())
    return doubtful.assign(meant=[meant[name, best[name]] for name in doubtful[one]])
