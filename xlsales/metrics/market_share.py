"""Market share: own sales over the size of the market in the same months, regions and products."""

from __future__ import annotations

from collections import defaultdict
from math import fsum
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, first_day, revenue, summed_each
from xlsales.metrics._growth import covered
from xlsales.metrics._once import once
from xlsales.metrics._reach import money_reach
from xlsales.metrics._scope import month_of
from xlsales.metrics._slices import in_order, names, scopes
from xlsales.metrics._stats import ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.metrics._amounts import Amounts, Key
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
    Out("amount", "money", "销售额", "Sales"),
    Out("matched", "money", "可比销售额", "Sales in a known market"),
    Out("market", "money", "市场规模", "Market size"),
    Out("share", "percent", "市场占有率", "Market share"),
    Out("unmatched", "money", "无市场数据的销售额", "Sales without a market size"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("status", "text", "状态", "Status"),
)
PARTS = ("region", "product")


def _matched(asked: Asked) -> Behind:
    """The money of the window in a market whose size is known."""
    rows, sizes = trail.money_rows(asked), _sizes(asked.tables["market"])
    known = {}
    for month in rows["date"].dt.strftime("%Y-%m").unique():
        level = _level(sizes, month, _asked(asked.scope))
        known[month] = (level, sizes[month, level] if level is not None else {})
    texts = rows[list(PARTS)].fillna("").astype("str").to_dict("records")
    there = []
    for month, parts in zip(rows["date"].dt.strftime("%Y-%m"), texts, strict=True):
        level, markets = known[month]
        there.append(tuple(parts[name] if level and name in level else "" for name in PARTS) in markets)
    rows = rows[there]
    return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))


def _market(asked: Asked) -> Behind:
    """The rows of the market sheet that are taken for the window, by their share of its working days."""
    market = asked.tables["market"]
    rows = market[(market["size"] > 0) & market["period"].notna()]
    sizes, shares = _sizes(market), _month_shares(asked.scope, asked.window)
    months = rows["period"].dt.strftime("%Y-%m")
    taken = []
    for month, given in zip(months, rows[list(PARTS)].fillna("").to_dict("records"), strict=True):
        level = frozenset(name for name in PARTS if given[name])
        inside = all(given[name] in values for name, values in asked.scope.filters if name in PARTS)
        taken.append(month in shares and level == _level(sizes, month, _asked(asked.scope)) and inside)
    part = rows["size"] * months.map(shares).astype("float64")
    return trail.marked(rows.assign(part=part)[taken], "part", "market")


SHARE = trail.over(_matched, _market)
BEHIND = {
    "amount": trail.money(),
    "matched": _matched,
    "market": _market,
    "share": SHARE,
    "unmatched": trail.less(trail.money(), _matched),
    "previous": trail.earlier(SHARE),
    "change": trail.less(SHARE, trail.earlier(SHARE)),
}


@metric(
    "market_share",
    zh="市场占有率",
    en="Market share",
    definition_zh="本公司销售额 ÷ 市场规模，取相同月份、校区和课程；没有对应市场规模的销售额不计入并单列；"
    "只过去一部分的月份按工作日折算市场规模。",
    definition_en="Own sales / market size of the same months, regions and products; sales without a market "
    "size do not count and are said; of a month that is not over, the market counts by its working days.",
    needs=("orders.order_date", "orders.amount", "market.period", "market.size"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", ("month", *PARTS)),),
    rows=(39,),
    behind=BEHIND,
)
def market_share(
    orders: Frame,
    market: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Own sales on the basis of the scope over the market, as far as the data reach.

    The sheet may mix levels: of each month the sizes are taken that give no more than the names asked for
    (by ``by`` and the filters), else those by region, else by product, else by both, so no market counts
    twice. Sizes of one month, region and product add up; one not above zero is none. ``matched`` are the
    sales in what those sizes cover, ``unmatched`` the others; share = matched / market.

    ``previous`` is the share of the period before, cut at the same working day. status: no_market where no
    size is known, partly_matched where some sales have none, else "".
    """
    import numpy as np
    import pandas as pd

    sizes = _sizes(market)
    asked = _asked(scope) | set(PARTS) & set(by)
    lines = revenue(orders, payments, refunds, scope, PARTS)
    start = first_day(lines)
    reach = money_reach(orders, payments, refunds, scope)
    found: dict[Key, tuple[float, float, float, float]] = {}
    about = dict(scopes(scope, by))
    windows = {window for part in about.values() for window in (part.previous, part.current)}
    sold = summed_each(lines, windows, ("month", *PARTS))
    measured = {window: _measured(sold[window], sizes, scope, window, asked, names(by)) for window in windows}
    for month, part in about.items():
        if "month" in by and not covered(part.current, start) and part.period.start > scope.as_of:
            continue
        now, then = dict(measured[part.current]), measured[part.previous]
        if not by:
            now.setdefault((), (0.0, 0.0, 0.0))
        for key, numbers in now.items():
            _, matched, whole = then.get(key, (0.0, 0.0, 0.0))
            before = matched / whole if whole > 0 and reach.holds(part.previous) else np.nan
            named = dict(zip(names(by), key, strict=True)) | {"month": month}
            found[tuple(named[name] for name in by)] = (*numbers, before)
    titles = [*by, *(column.name for column in COLUMNS)]
    if not found:
        return pd.DataFrame(columns=titles)
    keys = sorted(found)
    columns = {
        name: column_of(keys, {key: found[key][at] for key in keys})
        for at, name in enumerate(("amount", "matched", "market", "previous"))
    }
    rows = rows_of(keys, by).assign(**columns)
    rows["market"] = rows["market"].where(rows["market"] > 0)
    rows["share"] = ratio(rows["matched"], rows["market"])
    rows["unmatched"] = (rows["amount"] - rows["matched"]).round(PLACES)
    rows["change"] = rows["share"] - rows["previous"]
    rows["status"] = np.select(
        [rows["market"].isna(), rows["unmatched"] != 0], ["no_market", "partly_matched"], ""
    )
    return in_order(rows, by, "amount")[titles]


def _asked(scope: Scope) -> set[str]:
    """The names of markets that the filters ask for."""
    return set(PARTS) & set(dict(scope.filters))


def _level(
    sizes: Mapping[tuple[str, frozenset[str]], Amounts], month: str, asked: set[str]
) -> frozenset[str] | None:
    """The names given by the sizes that are taken of a month; None where none are known."""
    levels = (frozenset(asked | further) for further in (set(), {"region"}, {"product"}, {*PARTS}))
    return next((one for one in levels if (month, one) in sizes), None)


@once
def _sizes(market: Frame) -> Mapping[tuple[str, frozenset[str]], Amounts]:
    """By month and the names that rows give, the size by region and product."""
    import narwhals as nw

    frame = nw.from_native(market).lazy().filter(nw.col("size") > 0, ~nw.col("period").is_null())
    rows = frame.select("period", "size", *(nw.col(name).fill_null("") for name in PARTS))
    parts = defaultdict[tuple[str, frozenset[str]], dict[tuple[str, ...], list[float]]](
        lambda: defaultdict(list)
    )
    for row in rows.collect("pandas").to_pandas().to_dict("records"):
        given = frozenset(name for name in PARTS if row[name])
        key = tuple(row[name] for name in PARTS)
        parts[f"{row['period']:%Y-%m}", given][key].append(float(row["size"]))
    return {level: {key: fsum(sizes) for key, sizes in found.items()} for level, found in parts.items()}


def _measured(
    sold: Amounts,
    sizes: Mapping[tuple[str, frozenset[str]], Amounts],
    scope: Scope,
    window: Window,
    asked: set[str],
    by: Sequence[str],
) -> dict[Key, tuple[float, float, float]]:
    """Sales, those of them in a known market, and its size in a window, by the names of ``by``.

    ``sold`` is by month, region and product.
    """
    sums = defaultdict[tuple[str, ...], list[list[float]]](lambda: [[], [], []])
    filters = dict(scope.filters)
    share = _month_shares(scope, window)
    for month in {key[0] for key in sold} | set(share):
        level = _level(sizes, month, asked)
        known = sizes.get((month, level), {}) if level is not None else {}
        for key, size in known.items():
            named = dict(zip(PARTS, key, strict=True))
            if month in share and all(
                named[name] in values for name, values in filters.items() if name in named
            ):
                sums[tuple(named[name] for name in by)][2].append(size * share[month])
        for (of, *parts), amount in sold.items():
            if of != month:
                continue
            named = dict(zip(PARTS, parts, strict=True))
            place = tuple(named[name] for name in by)
            at = tuple(named[name] if level and name in level else "" for name in PARTS)
            sums[place][0].append(amount)
            if at in known:
                sums[place][1].append(amount)
    return {
        key: (round(fsum(one), PLACES), round(fsum(two), PLACES), fsum(three))
        for key, (one, two, three) in sums.items()
    }


def _month_shares(scope: Scope, window: Window) -> dict[str, float]:
    """How much of each month the window covers, in working days."""
    if window.start > window.end:
        return {}
    shares = {}
    for month, part in scope.over(window).by_month().items():
        whole = month_of(part.period.start)
        days = scope.calendar.between(whole.start, whole.end)
        gone = scope.calendar.between(part.period.start, part.period.end)
        shares[month] = 1.0 if part.period == whole else gone / days
    return shares
