"""What each customer brings: sums by customer id, whatever name stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import PLACES, windowed
from xlsales.metrics._once import once
from xlsales.metrics._portfolio import herfindahl, top_share
from xlsales.metrics._slices import names
from xlsales.metrics._tagged import tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

SEPARATOR = "\x1f"
NOBODY = ""
"""The account of lines with neither customer id nor name."""


def account_lines(
    orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope, by: Sequence[str] = ()
) -> nw.LazyFrame[Any]:
    """The lines of ``revenue`` with ``account``: the customer's id (or name) and name in one text."""
    return tagged(_with_accounts(orders), payments, refunds, scope, "account", by)


@once
def _with_accounts(orders: Frame) -> nw.LazyFrame[Any]:
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    known = nw.coalesce("customer_id", "customer"), nw.coalesce("customer", "customer_id")
    return rows.with_columns(account=nw.concat_str(*known, separator=SEPARATOR))


@once
def account_sums(lines: nw.LazyFrame[Any], window: Window, by: Sequence[str] = ()) -> pd.DataFrame:
    """What each customer brought in a window, by the names of ``by``.

    Columns: the names of ``by`` (``YYYY-MM`` for the month), ``account`` (the id, or the name where there is
    none; "" for nobody known), ``amount``, and ``bought``, whether a sale is among the lines.
    """
    import narwhals as nw

    part = lines.select("date", "amount", *names(by), "account", bought=nw.col("sale").cast(nw.Int64))
    part = windowed(part, window)
    if "month" in by:
        part = part.with_columns(month=nw.col("date").dt.truncate("1mo"))
    sums = part.group_by(*by, "account").agg(nw.col("amount").sum(), nw.col("bought").max())
    found = sums.collect("pandas").to_pandas()
    if "month" in by:
        found["month"] = found["month"].to_numpy("datetime64[M]").astype("str")
    keys = [*by, "account"]
    found = found.assign(account=ids(found["account"]), amount=found["amount"].round(PLACES))
    found = found.sort_values([*keys, "amount"], ignore_index=True)
    found = found.groupby(keys, as_index=False).agg({"amount": "sum", "bought": "max"})
    return found.assign(amount=found["amount"].round(PLACES), bought=found["bought"] > 0)


def ids(accounts: pd.Series) -> pd.Series:
    """The ids in the texts of ``account``."""
    return accounts.astype("str").str.split(SEPARATOR, n=1).str[0].astype("str")


@once
def faces(lines: nw.LazyFrame[Any]) -> pd.Series:
    """The name of each account, by its id: that of the latest line, equal ones by name."""
    import narwhals as nw

    dated = lines.group_by("account").agg(nw.col("date").max())
    found = dated.collect("pandas").to_pandas().sort_values(["date", "account"], na_position="first")
    parts = found["account"].astype("str").str.split(SEPARATOR, n=1)
    called = parts.str[-1].set_axis(parts.str[0])
    return called[~called.index.duplicated(keep="last")].astype("str")


def concentration(sums: pd.DataFrame) -> dict[str, float | None]:
    """What the largest 1, 5 and 10 customers have in the sales to known ones, and their Herfindahl index.

    Of ``account_sums``; sales to nobody known are left out and given as ``anonymous``.
    """
    nobody = sums["account"] == NOBODY
    amounts = sums.loc[~nobody, "amount"].tolist()
    shares = {f"top{count}": top_share(amounts, count) for count in (1, 5, 10)}
    anonymous = float(sums.loc[nobody, "amount"].sum())
    return {**shares, "hhi": herfindahl(amounts), "customers": float(len(amounts)), "anonymous": anonymous}
