"""What each segment buys more of than everybody does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import NAMES, revenue, summed
from xlsales.metrics._slices import in_order, names
from xlsales.metrics._stats import SMALL_SAMPLE, ratio

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

STRONG = 1.5
"""An index from here on is a preference, and 1 / 1.5 or less the opposite."""
SURE = 2
"""Standard deviations that a count must lie off."""

COLUMNS = (
    Out("item", "text", "项目", "Item"),
    Out("n", "count", "订单数", "Orders"),
    Out("expected", "number", "期望订单数", "Expected"),
    Out("share", "percent", "分群内占比", "Share here"),
    Out("overall", "percent", "总体占比", "Share overall"),
    Out("index", "number", "偏好指数", "Preference index"),
    Out("residual", "number", "标准化残差", "Residual"),
    Out("flag", "text", "偏好", "Preference"),
    Out("status", "text", "状态", "Status"),
)


def _orders(asked: Asked) -> Behind:
    """Orders of the segment, each once for every item that it has."""
    lines = trail.money_rows(asked)
    item = str(asked.options["item"])
    lines = lines[lines["sale"]].assign(item=lines[item].fillna(""))
    return trail.first_of(lines, "order_id", "item")


def _of_item(asked: Asked) -> Behind:
    """Those of them that have the item."""
    chosen = (str(asked.options["item"]), (str(asked.row["item"]),))
    return _orders(replace(asked, scope=replace(asked.scope, filters=(*asked.scope.filters, chosen))))


def _expected(asked: Asked) -> Behind:
    """The orders of the segment, each by the overall share of the item."""
    return trail.scaled(_orders, lambda asked: asked.row["overall"])(asked)


SHARE, OVERALL = trail.over(_of_item, _orders), trail.over(trail.whole(_of_item), trail.whole(_orders))
BEHIND = {
    "n": _of_item,
    "expected": _expected,
    "share": SHARE,
    "overall": OVERALL,
    "index": trail.over(SHARE, OVERALL),
    "residual": trail.of(OVERALL),
}


@metric(
    "preference",
    zh="偏好指数",
    en="Preference index",
    definition_zh="偏好指数 = 分群内的订单占比 ÷ 总体的订单占比；指数 ≥ 1.5、订单 ≥ 30 且卡方标准化残差 > 2 "
    "为偏好，指数 ≤ 1/1.5、期望 ≥ 30 且残差 < -2 为回避。",
    definition_en="Preference index = share of the segment's orders / share of all orders; prefers from 1.5 "
    "on with 30 orders and an adjusted chi-square residual above 2, avoids up to 1/1.5 with 30 expected and "
    "one below -2.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option("item", "比较什么的占比", "whose share is compared", NAMES),
        Option("by", "分群", "the segments", tuple(DIMENSIONS)),
    ),
    rows=(29, 102),
    behind=BEHIND,
)
def preference(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    item: str = "product",
    by: tuple[str, ...] = ("region",),
) -> pd.DataFrame:
    """Every item in every segment, by the orders that have it; an order with two items counts for both.

    ``residual`` is the adjusted one of the table of segments by items (Haberman 1973): near a standard
    normal where the two have nothing to do with each other. Blank names are segments and items too.
    ``status``: ``small_sample`` where less than 30 orders are both there and expected; ``one_segment``
    where there is nobody to differ from. Segments by their orders, items by the overall share.
    """
    import numpy as np
    import pandas as pd

    titles = [*by, *(column.name for column in COLUMNS)]
    keys = (*by, *((item,) if item not in by else ()))
    lines = revenue(orders, payments, refunds, scope, names(keys))
    counts = summed(lines, scope.current, keys, counts=True)["orders"]
    found = pd.DataFrame([(*key, n) for key, n in counts.items() if n], columns=[*keys, "n"])
    found = found.astype({**dict.fromkeys(keys, "str"), "n": "float64"})
    segments = found.groupby(list(by))["n"].sum() if by else pd.Series({"": found["n"].sum()})
    items = found.groupby(item)["n"].sum()
    whole = float(found["n"].sum())
    if not whole:
        return pd.DataFrame(columns=titles)
    grid = [
        (*(key if isinstance(key, tuple) else (key,)), name) for key in segments.index for name in items.index
    ]
    columns = [*by, "item"] if by else ["nobody", "item"]
    rows = pd.DataFrame(grid, columns=columns, dtype="str")
    there = found.assign(item=found[item])[[*by, "item", "n"]]
    rows = rows.merge(there, how="left", on=[*by, "item"]).fillna({"n": 0.0})
    size = segments.repeat(len(items)).to_numpy("float64")
    rows["overall"] = rows["item"].map(items / whole).astype("float64")
    rows["share"] = rows["n"] / size
    rows["expected"] = size * rows["overall"]
    rows["index"] = ratio(rows["share"], rows["overall"])
    spread = (rows["expected"] * (1 - rows["overall"]) * (1 - size / whole)) ** 0.5
    rows["residual"] = (rows["n"] - rows["expected"]) / spread.where(spread > 1e-9)
    likes = (rows["index"] >= STRONG) & (rows["n"] >= SMALL_SAMPLE) & (rows["residual"] > SURE)
    shuns = (rows["index"] <= 1 / STRONG) & (rows["expected"] >= SMALL_SAMPLE) & (rows["residual"] < -SURE)
    rows["flag"] = np.select([likes, shuns], ["prefers", "avoids"], "")
    small = (rows["n"] < SMALL_SAMPLE) & (rows["expected"] < SMALL_SAMPLE)
    rows["status"] = np.select([len(segments) < 2, small], ["one_segment", "small_sample"], "")
    rows["by_share"] = -rows["overall"]
    return in_order(rows, by, "n", ("by_share", "item"))[titles]
