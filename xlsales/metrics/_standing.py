"""Where each customer stands: the class by what he brought in a year, and for how long he has been buying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics._accounts import NOBODY, account_sums
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._tiers import classes
from xlsales.metrics._visits import day_number, visits

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

MONTHS = 12
TENURES = ("under_1y", "1_to_2y", "2_to_3y", "over_3y")
"""Whole years since the first purchase."""
TIERS = ("A", "B", "C")


def year_of(scope: Scope) -> Window:
    """The twelve months that end with the period, or with the data within it."""
    end = scope.current.end
    return Window(shift_months(end + ONE_DAY, -MONTHS), end)


@once
def standing(orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope) -> pd.DataFrame:
    """By account: ``amount`` of the twelve months, ``tier``, ``tenure``, ``customers`` (1).

    Only accounts with an amount above zero; the tiers are the ABC classes of ``_tiers``.
    """
    import pandas as pd

    sums = account_sums(revenue(orders, payments, refunds, scope), year_of(scope))
    tiers = classes(sums)
    known = sums[sums["account"].isin(list(tiers)) & (sums["account"] != NOBODY)].set_index("account")
    seen = visits(orders, replace(scope, basis="signed"))
    first = seen.habits()["first"]
    begun = pd.Series(first.to_numpy(), seen.accounts.take(first.index.to_numpy()), dtype="float64")
    begun = begun.reindex(known.index)
    tenure = pd.Series(TENURES[0], known.index, dtype="str")
    for years, name in enumerate(TENURES[1:], start=1):
        edge = day_number(shift_months(scope.current.end + ONE_DAY, -12 * years))
        tenure = tenure.mask(begun < edge, name)
    return known[["amount"]].assign(
        tier=[tiers[account] for account in known.index], tenure=tenure, customers=1.0
    )
