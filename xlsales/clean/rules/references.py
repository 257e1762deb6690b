"""What a row names must be known: its product, its rep on that day, the order that it renews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.parse._distinct import keyed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows

DATED = {"orders": "order_date", "leads": "created", "contracts": "signed"}
"""The tables whose rows name a rep and a product, and their day."""
MEMORY = 366
"""A renewal is only held against earlier orders where the data reach so many days back from it."""
EVER, NEVER = "1800-01-01", "2300-01-01"
"""A rep without a day of joining has always been there, one without a day of leaving still is."""


def unknown_product(tables: Mapping[str, Rows]) -> list[Finding]:
    """Orders, leads and contracts of a product that is not in the products sheet, where there is one."""
    if "products" not in tables:
        return []
    known = known_products(tables["products"].frame)
    return [
        one
        for key in DATED
        if key in tables
        for one in _unknown("unknown_product", key, tables[key], "product", known)
    ]


def unknown_rep(tables: Mapping[str, Rows]) -> list[Finding]:
    """Rows of a rep who is not on the roster, or was not there on that day: not yet, or no longer.

    The suggestion of the latter are the days of joining and leaving. Who left and came back stands on the
    roster twice and was there in either stretch.
    """
    if "roster" not in tables:
        return []
    stays = stays_of(tables["roster"].frame)
    known = set(stays["key"])
    findings: list[Finding] = []
    for key, day in DATED.items():
        if key in tables:
            findings += _unknown("unknown_rep", key, tables[key], "rep", known)
            findings += _absent(key, tables[key], day, stays)
    return findings


def stays_of(roster: pd.DataFrame) -> pd.DataFrame:
    """The keyed name, ``joined`` and ``left`` of each row of the roster, open ends far away."""
    import pandas as pd

    return pd.DataFrame({
        "key": roster["rep"].map(keyed, na_action="ignore"),
        "joined": roster["joined"].fillna(pd.Timestamp(EVER)),
        "left": roster["left"].fillna(pd.Timestamp(NEVER)),
    }).dropna(subset="key")  # fmt: skip


def known_products(products: pd.DataFrame) -> set[str]:
    """The keyed names and ids of the products sheet."""
    return {
        keyed(name) for column in ("product", "product_id") for name in products[column].dropna().unique()
    }


def absent_days(pairs: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Of different pairs of ``key`` and ``day`` those on which nobody of that name was there."""
    there = pairs.merge(stays, on="key")
    present = there[(there["day"] >= there["joined"]) & (there["day"] <= there["left"])]
    absent = pairs.merge(present[["key", "day"]].drop_duplicates(), how="left", indicator=True)
    return absent.loc[absent["_merge"] == "left_only", ["key", "day"]]


def limited_in(stays: pd.DataFrame) -> set[str]:
    """The names that were not there at all times."""
    return set(stays.loc[(stays["joined"] > EVER) | (stays["left"] < NEVER), "key"])


def stretches_of(keys: set[str], stays: pd.DataFrame) -> dict[str, str]:
    """When those of these names were there, as a finding says it."""
    return {str(key): _stretches(group) for key, group in stays[stays["key"].isin(keys)].groupby("key")}


def _absent(table: str, rows: Rows, day: str, stays: pd.DataFrame) -> list[Finding]:
    """The rows of a day on which their rep was not there. Judged once per rep and day."""
    import numpy as np
    import pandas as pd

    frame = rows.frame
    limited = limited_in(stays)
    codes, reps = pd.factorize(frame["rep"])
    keys = pd.Series([keyed(rep) for rep in reps], dtype="str")
    some = np.append(keys.isin(limited), False)[codes] & frame[day].notna().to_numpy()
    if not some.any():
        return []
    asked = pd.DataFrame({"key": keys.take(codes[some]).to_numpy(), "day": frame[day][some].to_numpy()})
    absent = absent_days(asked.drop_duplicates(), stays)
    if absent.empty:
        return []
    shown = stretches_of(set(absent["key"]), stays)
    out = asked.merge(absent.assign(_out=True), how="left", on=["key", "day"])["_out"].notna().to_numpy()
    at = frame.index[some][out]
    suggestions = tuple(asked["key"][out].map(shown))
    return [Finding("rep_not_there", at, suggestions, tuple(rows.amounts[at].fillna(0.0)), "rep", table)]


def _stretches(stays: pd.DataFrame) -> str:
    """``2024-03-01–2025-06-30``, an open end blank, several in the order of time."""
    return "; ".join(
        f"{'' if f'{joined:%F}' == EVER else joined.date()}–{'' if f'{left:%F}' == NEVER else left.date()}"
        for joined, left in sorted(zip(stays["joined"], stays["left"], strict=True))
    )


def _unknown(rule: str, table: str, rows: Rows, field: str, known: set[str]) -> list[Finding]:
    """The rows whose ``field`` is none of the known keys; a blank is no unknown."""
    import pandas as pd

    if field not in rows.frame:
        return []
    codes, names = pd.factorize(rows.frame[field])
    strange = pd.Series([keyed(name) not in known for name in names] + [False])
    hit = strange.to_numpy()[codes]
    if not known or not hit.any():
        return []
    at = rows.frame.index[hit]
    return [Finding(rule, at, (), tuple(rows.amounts[at].fillna(0.0)), field, table)]


def renewal_of_nothing(tables: Mapping[str, Rows]) -> list[Finding]:
    """Renewals of a customer without an earlier order, where the data reach a year back from them."""
    if "orders" not in tables:
        return []
    import pandas as pd

    frame = tables["orders"].frame
    renewed = (frame["type"] == "renewal").to_numpy(bool)
    if not renewed.any():
        return []
    customers, _ = pd.factorize(frame["customer_id"])
    day = frame["order_date"].reset_index(drop=True)
    first = day.groupby(customers).transform("min")
    known = renewed & (customers >= 0) & (day >= day.min() + pd.Timedelta(days=MEMORY)).to_numpy()
    lone = frame[known & (day == first).to_numpy()]
    amounts = tuple(lone["amount"].fillna(0.0))
    return [Finding("renewal_of_nothing", lone.index, (), amounts, "type", "orders")] if len(lone) else []
