"""Tier migration: which customers rose, fell, came or left between the last period's tiers and these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import NOBODY, account_rows, account_sums
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Out, metric
from xlsales.metrics._facts import PLACES, revenue
from xlsales.metrics._reach import money_reach
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import midnight
from xlsales.metrics._stats import ratio
from xlsales.metrics._tiers import NEW, classes

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

MONTHS = 12
LEFT = "left"
BEFORE, NOW = ("A", "B", "C", NEW), ("A", "B", "C", LEFT)
"""The tiers in the order of the rows; a letter further on is a lower tier."""
COLUMNS = (
    Out("before", "text", "原层级", "Tier before"),
    Out("now", "text", "现层级", "Tier now"),
    Out("move", "text", "变动", "Move"),
    Out("customers", "count", "客户数", "Customers"),
    Out("share", "percent", "占原层级", "Share of tier before"),
    Out("amount", "money", "近 12 个月", "Last 12 months"),
    Out("previous", "money", "截至上期的 12 个月", "12 months to the period before"),
    Out("rule", "text", "分层依据", "Tiers by"),
)


def _windows(scope: Scope) -> tuple[Window, Window]:
    """The twelve months that end with the period (or the data), and with the period before."""
    ends = (scope.current.end, scope.previous.end)
    now, before = (Window(shift_months(end + ONE_DAY, -MONTHS), end) for end in ends)
    return now, before


def _customers(orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope) -> pd.DataFrame:
    """The customers in a tier of either window: their tiers and sums ``before`` and ``now``, by account."""
    import numpy as np
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope)
    now, before = (account_sums(lines, window) for window in _windows(scope))
    sums = [one[one["account"] != NOBODY].set_index("account")["amount"] for one in (now, before)]
    rows = pd.concat(sums, axis=1, keys=["amount", "previous"]).fillna(0.0).sort_index()
    for name, one, other in (("now", now, LEFT), ("before", before, NEW)):
        tiers = classes(one)
        rows[name] = pd.Series([tiers.get(account, other) for account in rows.index], rows.index, dtype="str")
    rows = rows[(rows["before"] != NEW) | (rows["now"] != LEFT)]
    same, came, gone = rows["before"] == rows["now"], rows["before"] == NEW, rows["now"] == LEFT
    move = np.select([same, came, gone, rows["now"] < rows["before"]], ["same", NEW, LEFT, "up"], "down")
    return rows.assign(move=move.astype("str"), customers=1.0)


def _moved(asked: Asked, *, all_before: bool = False) -> pd.DataFrame:
    """The lines of either window from the customers of the row, or of all of its tier before."""
    tables = asked.tables
    found = _customers(tables["orders"], tables.get("payments"), tables.get("refunds"), asked.scope)
    found = found[found["before"] == asked.row["before"]]
    if not all_before:
        found = found[found["now"] == asked.row["now"]]
    now, before = _windows(asked.scope)
    rows = account_rows(replace(asked, window=Window(min(now.start, before.start), now.end)))
    theirs: pd.DataFrame = rows[rows["account"].isin(found.index)]
    return theirs


def _people(*, all_before: bool = False) -> Trace:
    """Each customer counts one, with the first of the lines."""

    def trace(asked: Asked) -> Behind:
        rows = _moved(asked, all_before=all_before)
        return trail.added(rows.drop_duplicates("account").assign(part=1.0))

    return trace


def _money(place: int) -> Trace:
    """What they brought in one of the windows."""

    def trace(asked: Asked) -> Behind:
        rows, window = _moved(asked), _windows(asked.scope)[place]
        inside = (rows["date"] >= midnight(window.start)) & (rows["date"] < midnight(window.end, 1))
        return trail.added(rows[inside].assign(part=rows["amount"].fillna(0.0)))

    return trace


BEHIND = {
    "customers": _people(),
    "share": trail.over(_people(), _people(all_before=True)),
    "amount": _money(0),
    "previous": _money(1),
}


@metric(
    "tier_migration",
    zh="客户层级迁移",
    en="Tier migration",
    definition_zh="截至上期末与截至本期末的 12 个月各分一次层（销售额由高到低累计：到 80% 为 A，到 95% 为 B，"
    "其余 C），数出每种变动的客户；new 为此前 12 个月没有销售额，left 为现在没有；散客、匿名客户不计。",
    definition_en="Tiers by the 12 months to the end of the period before and to the end of this one (sales "
    "from the top: A up to 80%, B up to 95%, C the rest), and the customers of each move; new had no sales "
    "in the earlier 12 months, left has none in the later. Walk-in and anonymous "
    "customers do not count.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    rows=(76,),
    behind=BEHIND,
)
def tier_migration(
    orders: Frame, payments: Frame | None = None, refunds: Frame | None = None, *, scope: Scope
) -> pd.DataFrame:
    """One row per tier before and tier now that any customer moved between, or stayed in.

    The tiers are the ABC classes of ``_tiers``, made of the sales that the filters let pass on the basis of
    the scope; those of the customers table have no history to compare. The two windows share eleven
    months where the period is one, so a move is news and not a season. ``share`` is of the customers of the
    tier before, blank for new. Customers without sales above zero are in no tier; sales to nobody known
    are nobody's. ``rule`` is ``pareto``, or ``short_pareto`` where the data do not reach to the start of the
    earlier window, so that who is new may only look so.
    """
    import numpy as np

    found = _customers(orders, payments, refunds, scope)
    keys = ["before", "now", "move"]
    rows = found.groupby(keys)[["customers", "amount", "previous"]].sum().round(PLACES).reset_index()
    whole = rows.groupby("before")["customers"].transform("sum")
    rows["share"] = ratio(rows["customers"], whole).where(rows["before"] != NEW)
    reaches = money_reach(orders, payments, refunds, scope).holds(_windows(scope)[1])
    rows["rule"] = np.full(len(rows), "pareto" if reaches else "short_pareto")
    rows = rows.astype(dict.fromkeys([*keys, "rule"], "str"))
    order = np.lexsort([rows["now"].map(NOW.index), rows["before"].map(BEFORE.index)])
    return rows.iloc[order].reset_index(drop=True)[[column.name for column in COLUMNS]]
