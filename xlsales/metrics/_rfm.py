"""The RFM scores of the customers of a window, and what the scores make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._customers import BEST, parts
from xlsales.metrics._once import once
from xlsales.metrics._scope import shift_months
from xlsales.metrics._visits import day_number, visits

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._visits import Visits

SEGMENTS = (
    "dormant",
    "win_back",
    "regular",
    "slipping",
    "recent",
    "promising",
    "loyal",
    "champion",
)
"""By high recency (4), high frequency (2) and high money (1), added up: the usual eight segments."""
HIGH = 4
FEW = 30
"""Below so many customers a fifth is a handful, which ``status`` says."""


def fifths(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 to 5 for each value: 1 + floor(5 x share of the values that are smaller); equal ones are equal."""
    import numpy as np

    below = np.searchsorted(np.sort(values), values, side="left")
    found: NDArray[np.float64] = (1 + BEST * below // max(len(values), 1)).astype("float64")
    return found


def scored(orders: Frame, scope: Scope, months: int, end: date | None = None) -> pd.DataFrame:
    """One row per customer of the window that ends on ``end``, or with the period, highest score first.

    Columns: account_id, last (a day counted from ``EPOCH``), days_since, orders, amount, r, f, m, score,
    segment and status, see ``rfm_scores``.
    """
    return _scored(visits(orders, scope), end or scope.current.end, months)


def window_of(asked: Asked) -> date:
    """The day on which the window of the row begins."""
    return window_start(asked.scope.current.end, int(asked.options["window_months"]))


def window_start(end: date, months: int) -> date:
    """The first day of so many months that end with that day."""
    return shift_months(end + ONE_DAY, -months)


@once
def _scored(all_visits: Visits, end: date, months: int) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    found = all_visits.within(window_start(end, months), end).habits()
    accounts = all_visits.accounts.take(found.index.to_numpy("int64"))
    rows = pd.DataFrame(
        {
            "account_id": accounts,
            "last": found["last"].to_numpy(),
            "days_since": day_number(end) - found["last"].to_numpy("float64"),
            "orders": found["visits"].to_numpy(),
            "amount": found["amount"].to_numpy("float64"),
        }
    )
    r, f, m = (
        fifths(part)
        for part in (-rows["days_since"].to_numpy(), rows["orders"].to_numpy(), rows["amount"].to_numpy())
    )
    parted = parts(rows["days_since"].tolist(), rows["orders"].tolist(), rows["amount"].tolist())
    status = "same_values" if not parted else "small_sample" if len(rows) < FEW else ""
    high = 4 * (r >= HIGH) + 2 * (f >= HIGH) + (m >= HIGH)
    segment = np.array(SEGMENTS, "object")[high] if parted and len(rows) >= BEST else ""
    rows = rows.assign(r=r, f=f, m=m, score=r + f + m, segment=segment, status=status)
    rows = rows.astype({"account_id": "str", "segment": "str", "status": "str"})
    order = np.lexsort((np.arange(len(rows)), -rows["amount"], -rows["score"]))
    return rows.iloc[order].reset_index(drop=True)
