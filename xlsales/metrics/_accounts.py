"""What each customer brings: sums by customer id, whatever name stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import PLACES, windowed
from xlsales.metrics._once import once
from xlsales.metrics._portfolio import herfindahl, top_share
from xlsales.metrics._slices import names
from xlsales.metrics._tagged import tagged, tagged_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Scope, Window

NOBODY = ""
"""The account of lines with neither customer id nor name."""


def account_lines(
    orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope, by: Sequence[str] = ()
) -> nw.LazyFrame[Any]:
    """The lines of ``revenue`` with ``account``, the id of the customer, or the name where there is none."""
    return tagged(_with_accounts(orders), payments, refunds, scope, "account", by)


def account_rows(asked: Asked, basis: Basis | None = None) -> pd.DataFrame:
    """The lines of money of the window with the same ``account``; "" for nobody known."""
    return tagged_rows(asked, _with_accounts(asked.tables["orders"]), "account", basis)


@once
def _with_accounts(orders: Frame) -> nw.LazyFrame[Any]:
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    return rows.with_columns(account=nw.coalesce("customer_id", "customer"))


@once
def account_sums(lines: nw.LazyFrame[Any], window: Window, by: Sequence[str] = ()) -> pd.DataFrame:
    """What each customer brought in a window, by the names of ``by``.

    Columns: the names of ``by`` (``YYYY-MM`` for the month), ``account`` ("" for nobody known), ``amount``,
    and ``bought``, whether a sale is among the lines. In the order of names and accounts.
    """
    import narwhals as nw

    sale = nw.col("sale").cast(nw.Int64)
    part = windowed(lines.select("date", "amount", *names(by), "customer_id", bought=sale), window)
    if "month" in by:
        part = part.with_columns(month=nw.col("date").dt.truncate("1mo"))
    sums = part.group_by(*by, "customer_id").agg(nw.col("amount").sum(), nw.col("bought").max())
    found = sums.collect("pandas").to_pandas()
    if "month" in by:
        found["month"] = found["month"].to_numpy("datetime64[M]").astype("str")
    accounts = _accounts(lines).reindex(found.pop("customer_id").to_numpy("float64"))
    accounts = accounts.fillna(NOBODY).set_axis(found.index)
    found = found.assign(account=accounts, amount=found["amount"].round(PLACES), bought=found["bought"] > 0)
    found = found.sort_values([*by, "account"], ignore_index=True)
    return found[[*by, "account", "amount", "bought"]]


@once
def _accounts(lines: nw.LazyFrame[Any]) -> pd.Series:
    """The account behind each number that tells customers apart."""
    import narwhals as nw

    pairs = lines.select("customer_id", "account").filter(~nw.col("customer_id").is_null())
    found = pairs.unique("customer_id").collect("pandas").to_pandas()
    return found["account"].astype("str").set_axis(found["customer_id"].astype("float64"))


def concentration(sums: pd.DataFrame) -> dict[str, float | None]:
    """What the largest 1, 5 and 10 customers have in the sales to known ones, and their Herfindahl index.

    Of ``account_sums``; sales to nobody known are left out and given as ``anonymous``.
    """
    nobody = sums["account"] == NOBODY
    amounts = sums.loc[~nobody, "amount"].tolist()
    shares = {f"top{count}": top_share(amounts, count) for count in (1, 5, 10)}
    anonymous = float(sums.loc[nobody, "amount"].sum())
    return {**shares, "hhi": herfindahl(amounts), "customers": float(len(amounts)), "anonymous": anonymous}
