"""What each customer brings: sums of the lines of ``revenue`` by customer id, whatever name is beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics._behind import money_rows
from xlsales.metrics._facts import PLACES, windowed
from xlsales.metrics._once import once
from xlsales.metrics._slices import names
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Window

NOBODY = ""
"""The account of lines with neither customer id nor name."""


def account_rows(asked: Asked, basis: Basis | None = None) -> pd.DataFrame:
    """The lines of money of the window; their ``account`` is ``NOBODY`` where there is none."""
    rows = money_rows(asked, basis)
    return rows.assign(account=rows["account"].fillna(NOBODY).astype("str"))


@once
def account_sums(lines: nw.LazyFrame[Any], window: Window, by: Sequence[str] = ()) -> pd.DataFrame:
    """What each customer brought in a window, by the names of ``by``.

    Columns: the names of ``by`` (``YYYY-MM`` for the month), ``account`` ("" for nobody known), its ``place``
    among all accounts in their order (-1 for nobody), ``amount``, and ``bought``, whether a sale is among
    the lines. In the order of names and accounts.
    """
    import narwhals as nw
    import pandas as pd

    sale = nw.col("sale").cast(nw.Int64)
    part = windowed(lines.select("date", "amount", *names(by), "customer_id", bought=sale), window)
    if "month" in by:
        part = part.with_columns(month=nw.col("date").dt.truncate("1mo"))
    sums = part.group_by(*by, "customer_id").agg(nw.col("amount").sum(), nw.col("bought").max())
    found = fetched(sums)
    if "month" in by:
        found["month"] = found["month"].to_numpy("datetime64[M]").astype("str")
    numbers = pd.Index(found.pop("customer_id").to_numpy("float64"))
    accounts = account_names(lines)
    place = accounts.index.get_indexer(numbers)
    found = found.assign(place=place, amount=found["amount"].round(PLACES), bought=found["bought"] > 0)
    found = found.sort_values([*by, "place"], ignore_index=True)
    called = accounts.array.take(found["place"].to_numpy(), allow_fill=True, fill_value=NOBODY)
    return found.assign(account=called)[[*by, "account", "place", "amount", "bought"]]


@once
def account_names(lines: nw.LazyFrame[Any]) -> pd.Series:
    """The account behind each number that tells customers apart, in the order of the accounts."""
    import narwhals as nw

    pairs = lines.select("customer_id", "account").filter(~nw.col("customer_id").is_null())
    found = fetched(pairs.unique("customer_id"))
    accounts = found["account"].astype("str").set_axis(found["customer_id"].astype("float64"))
    return accounts.sort_values()


def account_of(rows: pd.DataFrame, orders: Frame, customers: Frame | None = None) -> pd.Series:
    """The account of the orders that each row with ``customer_id`` and ``customer`` is of; NaN for none.

    An id goes before a name. A name is that of the one account that has it in the orders and the list of
    customers; a name that several have tells nobody, and neither does the name beside an unknown id, unless
    the orders know that customer by name alone.
    """
    accounts, called = _called(orders, customers)
    number, name = rows["customer_id"].astype("object"), rows["customer"].astype("object")
    named = name.map(called).where(number.isna() | name.isin(accounts))
    return number.where(number.isin(accounts), named)


@once
def _called(orders: Frame, customers: Frame | None) -> tuple[frozenset[str], Mapping[str, str]]:
    """All accounts of the orders, and the account behind each name that is of one alone."""
    import narwhals as nw
    import pandas as pd

    account = nw.coalesce("customer_id", "customer")
    tables = (nw.from_native(table).lazy() for table in (orders, customers) if table is not None)
    parts = [fetched(table.select("customer", account=account).unique()) for table in tables]
    accounts = frozenset(parts[0]["account"].dropna())
    pairs = pd.concat([part.astype("object") for part in parts]).dropna().drop_duplicates()
    alone = pairs.drop_duplicates("customer", keep=False)
    return accounts, dict(zip(alone["customer"], alone["account"], strict=True)) | {
        account: account for account in accounts
    }
