"""What of each order is not due yet by its instalment plan, and since when the rest is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.horizon import FACTS, reach
from xlsales.clean.reconciling.comparison import MONEY, PLACES
from xlsales.clean.reconciling.ids import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from xlsales.clean.reconciling.received import Received


@dataclass(frozen=True)
class Plans:
    """Arrays over the places of ``Received``, as of the last day of the facts.

    ``later`` is what its plan makes due after that day; what no instalment names is due at once.
    ``overdue`` are the days since the first instalment that what was received does not cover, NaN where all
    that are due are covered or there is no plan.
    """

    later: np.ndarray
    overdue: np.ndarray


def plans(tables: Mapping[str, pd.DataFrame], found: Received) -> Plans:
    """The instalments of each order id; those of an id that no order has count for nothing."""
    import numpy as np
    import pandas as pd

    size = len(found.ordered)
    as_of = reach([tables[key][name] for key, name in FACTS if key in tables])
    rows = tables.get("instalments")
    if rows is None or rows.empty or as_of is None:
        return Plans(np.zeros(size), np.full(size, np.nan))
    place = found.names.get_indexer(pd.Index(rows["order_id"]))
    due = rows["due_date"].to_numpy().astype("datetime64[D]").astype("int64")
    rows = pd.DataFrame({"place": place, "due": due, "amount": rows["amount"].to_numpy()})
    rows = rows[(rows["place"] >= 0) & rows["amount"].notna()].sort_values(["place", "due", "amount"])
    today = int(np.datetime64(as_of, "D").astype("int64"))
    at, amount, later = rows["place"].to_numpy(), rows["amount"], (rows["due"] > today).to_numpy()
    owed = np.round(amount.groupby(at).cumsum().to_numpy(), PLACES)
    came = found.received[at]
    open_ = ~later & (owed > came) & ~MONEY.same(owed, came)
    days = pd.Series(today - rows["due"].to_numpy()[open_]).groupby(at[open_]).max()
    overdue = np.full(size, np.nan)
    overdue[days.index.to_numpy(dtype=np.intp)] = days
    return Plans(summed(at[later], amount[later], size), overdue)
