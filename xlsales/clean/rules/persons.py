"""One person in several rows of customers or leads: pointed out, never merged by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.naming.identity import company, phone

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows

SHARED = 5
"""A number in more rows than this is an office's or an agent's, not a person's."""


def same_person(tables: Mapping[str, Rows]) -> list[Finding]:
    """Customers of one id, and customers and leads of one phone number and one name.

    The first row, by day of creation and id, stands for the person; the others are pointed out with its cell.
    Siblings share their parents' number, so the name must be the same too.
    """
    findings: list[Finding] = []
    for key in ("customers", "leads"):
        if key not in tables:
            continue
        rows = tables[key]
        numbers = _numbers(rows.frame["phone"])
        keys = {"phone": (numbers + "\n" + _names(rows.frame["customer"])).astype("str")}
        if key == "customers":
            keys["customer_id"] = rows.frame["customer_id"]
        findings += _again(rows, keys)
    return findings


def _numbers(phones: pd.Series) -> pd.Series:
    """Each number in one spelling, null where it is none or too many rows have it."""
    plain = phones.str.fullmatch("1[3-9][0-9]{9}", na=True)
    one = phones.copy()
    one[~plain] = phones[~plain].map(phone).astype("str")
    return one.where(one.groupby(one).transform("size") <= SHARED)


def _names(names: pd.Series) -> pd.Series:
    import pandas as pd

    codes, said = pd.factorize(names)
    return pd.Series([*map(company, said), None], dtype="str").take(codes).set_axis(names.index)


def _again(rows: Rows, keys: Mapping[str, pd.Series]) -> list[Finding]:
    """Per key the rows after the first of their group; a row is pointed out once."""
    import pandas as pd

    frame, identity = rows.frame, rows.table.identity or ""
    findings: list[Finding] = []
    told: pd.Index = pd.Index([], dtype="int64")
    for name, said in keys.items():
        doubled = frame.loc[said.notna() & said.duplicated(keep=False)]
        if doubled.empty:
            continue
        ordered = doubled.sort_values(["created", identity], kind="stable")
        label = ordered.index.to_series().groupby(said[ordered.index]).transform("first")
        later = ordered.index[label != ordered.index].difference(told).sort_values()
        told = told.append(later)
        if len(later):
            places = rows.places(rows.key_field, label[later])
            shown = tuple(places["sheet"] + "!" + places["cell"])
            findings.append(Finding("same_person", later, shown, (), name, rows.table.key))
    return findings
