"""Why sales changed: price, volume, mix, what is new, what is gone, and what has no price."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import NAMES, PLACES, first_day, revenue, windowed
from xlsales.metrics._growth import covered
from xlsales.metrics._once import once
from xlsales.metrics._portfolio import bridges
from xlsales.metrics._reach import money_reach
from xlsales.metrics._slices import in_order, names, scopes

if TYPE_CHECKING:
    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

PRICED = ("price", "volume", "mix", "new", "lost")
PARTS = (*PRICED, "returns", "unpriced")
"""What the change is made of: these add up to it."""
SUMS = ("quantity", "priced", "unpriced", "returns")

AGAINST = Option(
    "against",
    "基期：previous 上期，year_ago 去年同期",
    "what to compare with: the period before, or the same one a year ago",
    ("previous", "year_ago"),
)

COLUMNS = (
    Out("base", "money", "基期", "Base"),
    Out("amount", "money", "本期", "Current"),
    Out("change", "money", "变化", "Change"),
    Out("price", "money", "价格", "Price"),
    Out("volume", "money", "数量", "Volume"),
    Out("mix", "money", "结构", "Mix"),
    Out("new", "money", "新售产品", "New items"),
    Out("lost", "money", "未再售出", "Gone"),
    Out("returns", "money", "退货退款", "Returns"),
    Out("unpriced", "money", "无数量", "No quantity"),
    Out("priced_share", "percent", "有数量占比", "With quantity"),
    Out("status", "text", "状态", "Status"),
)


def _lines(kind: str) -> Trace:
    """Money of the window with a price, without a quantity, or taken away."""

    def trace(asked: Asked) -> Behind:
        rows = _of_kind(asked, kind)
        return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))

    return trace


def _of_kind(asked: Asked, kind: str) -> pd.DataFrame:
    lines = trail.money_rows(asked)
    priced = lines["sale"] & (lines["quantity"] > 0)
    return lines[{"priced": priced, "unpriced": lines["sale"] & ~priced, "returns": ~lines["sale"]}[kind]]


def _only(*, now: bool) -> Trace:
    """Money of items with a price in one of the two periods only."""

    def trace(asked: Asked) -> Behind:
        item = str(asked.options["item"])
        base = replace(asked, window=getattr(asked.scope, asked.options["against"]))
        there, other = (_of_kind(one, "priced") for one in ((asked, base) if now else (base, asked)))
        rows = there[~there[item].fillna("").isin(other[item].fillna(""))]
        return trail.added(rows.assign(part=rows["amount"] if now else -rows["amount"]))

    return trace


def _both(trace: Trace) -> Trace:
    return trail.plus(trace, trail.against(trace))


def _moved(trace: Trace) -> Trace:
    return trail.less(trace, trail.against(trace))


AMOUNT, PRICED_LINES = trail.money(), _lines("priced")
BEHIND = {
    "base": trail.against(AMOUNT),
    "amount": AMOUNT,
    "change": _moved(AMOUNT),
    **dict.fromkeys(("price", "volume", "mix"), trail.of(_both(PRICED_LINES))),
    "new": _only(now=True),
    "lost": _only(now=False),
    "returns": _moved(_lines("returns")),
    "unpriced": _moved(_lines("unpriced")),
    "priced_share": trail.over(_both(PRICED_LINES), _both(trail.plus(PRICED_LINES, _lines("unpriced")))),
}


@metric(
    "growth_bridge",
    zh="增长拆解",
    en="Growth bridge",
    definition_zh="变化 = 价格 + 数量 + 结构 + 新售产品 + 未再售出 + 退货退款 + 无数量。两期都卖的产品："
    "价格 =（现价 - 原价）× 本期数量；数量 = 总数量变化按原结构、原价计；结构 = 其余数量变化按原价计。"
    "只在一期有的产品单列，无数量的金额单列。",
    definition_en="Change = price + volume + mix + new items + items gone + returns + no "
    "quantity. Of items sold in both periods: price = (price now - then) x quantity now; volume = change of "
    "the whole quantity at the old mix and prices; mix = the rest at old prices. Items of one period only "
    "and money without a quantity apart.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option("item", "按什么算价格和结构", "what has a price and a mix", NAMES),
        AGAINST,
        Option("by", "分行维度", "one bridge for each", tuple(DIMENSIONS)),
    ),
    rows=(31,),
    behind=BEHIND,
)
def growth_bridge(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    item: str = "product",
    against: Literal["previous", "year_ago"] = "previous",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The change of sales from the base period taken apart; each row is the bridge of what it names alone.

    The formula is that of ``_portfolio.bridges``; it takes the lines that make a sale and have a quantity
    above zero. ``returns`` is the change of what is taken away: lines below zero and, on the net basis,
    refunds. ``unpriced`` is the change of sales without a quantity, on the cash basis all of them.
    ``priced_share`` is how much of the sales of both periods has a quantity.

    ``base``, ``change`` and the parts are blank where the data do not reach back (status ``no_base``).
    Without any quantity the parts that need one are blank (``no_quantity``); ``part_unpriced`` where some
    sales have none; ``no_sales`` where there is nothing in either period. Months in order, names by
    change, gains first.
    """
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, names((*by, item)))
    start = first_day(lines)
    reach = money_reach(orders, payments, refunds, scope)
    found = [
        _bridged(lines, row, about, against, item, by, reached=reach.holds(getattr(about, against)))
        for row, about in scopes(scope, by)
        if "month" not in by or covered(about.current, start)
    ]
    titles = [*by, *(column.name for column in COLUMNS)]
    if not found:
        return pd.DataFrame(columns=titles)
    return in_order(pd.concat(found, ignore_index=True), by, "change")[titles]


def _bridged(
    lines: nw.LazyFrame[Any],
    row: str,
    about: Scope,
    against: str,
    item: str,
    by: tuple[str, ...],
    *,
    reached: bool,
) -> pd.DataFrame:
    """The bridges of one pair of windows."""
    import numpy as np

    called = names(by)
    keys = tuple(dict.fromkeys((*called, item)))
    both = _sums(lines, about.current, keys).add_suffix("_now")
    both = both.join(_sums(lines, getattr(about, against), keys).add_suffix("_then"), how="outer")
    both = both.fillna(0.0).sort_index().reset_index()
    group, found = _groups(both, called)
    now, then = ({name: both[f"{name}_{when}"].to_numpy() for name in SUMS} for when in ("now", "then"))

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.bincount(group, values, len(found)), PLACES)

    parts = bridges(group, len(found), then["quantity"], then["priced"], now["quantity"], now["priced"])
    parts |= {name: total(now[name] - then[name]) for name in ("returns", "unpriced")}
    amount, base = (total(when["priced"] + when["unpriced"] + when["returns"]) for when in (now, then))
    priced, unpriced = (total(np.abs(now[name]) + np.abs(then[name])) for name in ("priced", "unpriced"))
    change = np.round(amount - base, PLACES)
    parts["mix"] = np.round(change - sum(parts[name] for name in PARTS if name != "mix"), PLACES) + 0.0
    nothing = (priced == 0) & (unpriced > 0)
    for name in PRICED:
        parts[name] = np.where(nothing, np.nan, parts[name])
    parts["unpriced"] = np.where(nothing, np.round(change - parts["returns"], PLACES), parts["unpriced"])
    sold = priced + unpriced
    words = np.select(
        [nothing, unpriced > 0, (sold == 0) & (amount == 0) & (base == 0)],
        ["no_quantity", "part_unpriced", "no_sales"],
        "",
    )
    if not reached:
        base = change = np.full(len(found), np.nan)
        parts, words = dict.fromkeys(PARTS, base), np.full(len(found), "no_base")
    share = priced / np.where(sold > 0, sold, np.nan)
    if "month" in by:
        found["month"] = row
    return found.assign(base=base, amount=amount, change=change, **parts, priced_share=share, status=words)


@once
def _sums(lines: nw.LazyFrame[Any], window: Window, keys: tuple[str, ...]) -> pd.DataFrame:
    """Quantity and money of what has a price, money without a quantity and money taken away, by ``keys``."""
    import narwhals as nw

    sale, amount, quantity = nw.col("sale"), nw.col("amount"), nw.col("quantity")
    priced = sale & (quantity > 0).fill_null(False)
    part = windowed(lines.select("date", "amount", "quantity", "sale", *keys), window).with_columns(
        quantity=nw.when(priced).then(quantity).otherwise(nw.lit(0.0)),
        priced=nw.when(priced).then(amount).otherwise(nw.lit(0.0)),
        unpriced=nw.when(sale & ~priced).then(amount).otherwise(nw.lit(0.0)),
        returns=nw.when(~sale).then(amount).otherwise(nw.lit(0.0)),
    )
    found = part.group_by(*keys).agg(nw.col(*SUMS).sum()).collect("pandas").to_pandas()
    found = found.astype(dict.fromkeys(keys, "str") | dict.fromkeys(SUMS, "float64"))
    return found.set_index(list(keys)).round(PLACES)


def _groups(both: pd.DataFrame, called: list[str]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """The place of each row among the different names, and these; without names all are one."""
    import numpy as np
    import pandas as pd

    if not called:
        return np.zeros(len(both), "int64"), pd.DataFrame(index=[0])
    grouped = both.groupby(called, sort=True)
    return grouped.ngroup().to_numpy().astype("int64"), grouped.size().reset_index()[called]
