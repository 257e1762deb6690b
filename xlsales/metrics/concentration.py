"""How much of the sales hangs on the largest customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import NOBODY, account_rows, account_sums
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import PLACES, revenue
from xlsales.metrics._slices import in_order, names

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("customers", "count", "客户数", "Customers"),
    Out("top1", "percent", "最大客户占比", "Largest customer"),
    Out("top5", "percent", "前 5 大占比", "Largest 5"),
    Out("top10", "percent", "前 10 大占比", "Largest 10"),
    Out("hhi", "number", "赫芬达尔指数", "Herfindahl index"),
    Out("anonymous", "money", "无客户金额", "Without a customer"),
    Out("status", "text", "状态", "Status"),
)
TOP = (1, 5, 10)
SCALE = 10_000
"""The index that competition authorities use is of shares in percent."""
MAJOR = 0.1
"""A customer from this share on is a major one, to be disclosed (IFRS 8, paragraph 34)."""


def _amounts(rows: pd.DataFrame) -> pd.Series:
    """What each account above zero brought, largest first, equal ones in the order of their names."""
    rows = rows[rows["account"] != NOBODY]
    sums = rows.groupby("account")["amount"].sum().round(PLACES)
    return sums[sums > 0].sort_index().sort_values(ascending=False, kind="stable")


def _largest(count: int | None = None) -> Trace:
    """The money of the largest accounts; of all above zero where no number is given."""

    def trace(asked: Asked) -> Behind:
        rows = account_rows(asked)
        theirs = rows[rows["account"].isin(_amounts(rows).index[:count])]
        return trail.added(theirs.assign(part=theirs["amount"].fillna(0.0)))

    return trace


def _customers(asked: Asked) -> Behind:
    """Each account above zero counts with its first line."""
    rows = account_rows(asked)
    return trail.first_of(rows[rows["account"].isin(_amounts(rows).index)], "account")


def _anonymous(asked: Asked) -> Behind:
    rows = account_rows(asked)
    rows = rows[rows["account"] == NOBODY]
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


BEHIND = {
    "customers": _customers,
    **{f"top{count}": trail.over(_largest(count), _largest()) for count in TOP},
    "hhi": trail.of(_largest()),
    "anonymous": _anonymous,
}


@metric(
    "concentration",
    zh="客户集中度",
    en="Concentration",
    definition_zh="前 n 大占比 = 净额最大的 n 位客户的销售额 ÷ 全部净额为正的客户的销售额；"
    "赫芬达尔指数 = Σ(客户占比 %)²，10,000 为只有一位客户；无客户的订单不算一位客户。",
    definition_en="Largest n = sales to the n largest customers / sales to all customers above zero; "
    "Herfindahl index = sum of (customer's share in %)^2, 10,000 where one has all; orders without a "
    "customer are not one.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),),
    rows=(42, 108),
    behind=BEHIND,
)
def concentration(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """What the largest customers of the period have of its sales, on the basis of the scope.

    A customer is the id, or the name where there is none. Who gave back more than was bought has no share
    and is neither in the whole nor in customers. ``anonymous`` is the money of lines with neither id nor
    name. ``hhi`` is Herfindahl's index on the scale of the US Horizontal Merger Guidelines, 10,000 / n for
    n customers of one size.

    status: major_customer where the largest has a tenth of the sales or more (``MAJOR``); no_customers where
    the lines name nobody and base_not_positive where nobody is above zero, both without shares.
    """
    import numpy as np
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, names(by))
    sums = account_sums(lines, scope.current, by)
    keys = list(by) or ["whole"]
    sums = sums.assign(whole="", known=sums["account"] != NOBODY)
    rows = sums.groupby(keys).agg(size=("amount", "sum"), known=("known", "any"))
    if not by and rows.empty:
        rows = pd.DataFrame({"size": [0.0], "known": [False]}, index=pd.Index([""], name="whole"))
    nobody = sums[~sums["known"]].groupby(keys)["amount"].sum()
    large = sums[sums["known"] & (sums["amount"] > 0)]
    large = large.sort_values([*keys, "amount", "place"], ascending=[*[True] * len(keys), False, True])
    groups = large.groupby(keys)
    place, whole = groups.cumcount(), groups["amount"].sum()
    for count in TOP:
        rows[f"top{count}"] = large[place < count].groupby(keys)["amount"].sum() / whole
    share = large["amount"] / groups["amount"].transform("sum")
    rows["hhi"] = SCALE * (share**2).groupby([large[key] for key in keys]).sum()
    rows["customers"] = groups.size().reindex(rows.index).fillna(0.0).astype("float64")
    rows["anonymous"] = nobody.reindex(rows.index).fillna(0.0)
    rows["status"] = np.select(
        [~rows["known"], rows["customers"] == 0, rows["top1"] >= MAJOR],
        ["no_customers", "base_not_positive", "major_customer"],
        "",
    )
    return in_order(rows.reset_index(), by, "size")[[*by, *(column.name for column in COLUMNS)]]
