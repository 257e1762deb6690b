"""Where sales are heading: the moving average, the slope that holds against wild months, and its turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import PLACES, revenue, summed
from xlsales.metrics._reach import money_reach
from xlsales.metrics._robust import kendall, theil_sen
from xlsales.metrics._scope import Window, month_of, shift_months
from xlsales.metrics._slices import in_order, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._reach import Reach
    from xlsales.metrics._scope import Scope

MOST, FEWEST = 24, 12
"""Months that a trend looks at."""
SMOOTH = 3
"""Months of the moving average."""
SURE = 0.05

COLUMNS = (
    Out("amount", "money", "销售额", "Sales"),
    Out("average", "money", "3 月移动平均", "3-month average"),
    Out("months", "count", "月数", "Months"),
    Out("slope", "money", "每月趋势", "Trend per month"),
    Out("low", "money", "95% 下限", "95% low"),
    Out("high", "money", "95% 上限", "95% high"),
    Out("p", "number", "p 值", "p"),
    Out("direction", "text", "方向", "Direction"),
    Out("turn", "text", "拐点", "Turn"),
    Out("turned", "month", "拐点月", "Turned in"),
    Out("status", "text", "状态", "Status"),
)


def _back(asked: Asked, months: int) -> Behind:
    """Sales of so many months up to that of the row, or to the last whole one."""
    month = str(asked.row["month"]) if "month" in asked.row else ""
    end = month_of(date.fromisoformat(f"{month}-01")) if month else _last(asked.scope)
    return trail.money()(replace(asked, window=Window(shift_months(end.start, 1 - months), end.end)))


def _amount(asked: Asked) -> Behind:
    return _back(asked, 1)


def _smooth(asked: Asked) -> Behind:
    return _back(asked, SMOOTH)


def _all(asked: Asked) -> Behind:
    """Sales of all months that the trend looks at."""
    end, months = _last(asked.whole or asked.scope), int(asked.row["months"])
    window = Window(shift_months(end.start, 1 - months), end.end)
    return replace(trail.money()(replace(asked, window=window)), adds_up=False)


BEHIND = {
    "amount": _amount,
    "average": trail.scaled(_smooth, lambda _: 1 / SMOOTH),
    **dict.fromkeys(("months", "slope", "low", "high", "p"), _all),
}


@metric(
    "trend",
    zh="趋势",
    en="Trend",
    definition_zh="截至期末最近 12 至 24 个完整月：每月趋势 = 各月两两斜率的中位数（Theil-Sen），"
    "方向按 Kendall 检验 p < 0.05；移动平均为近 3 月；拐点 = 移动平均连升两月后连降两月（或相反）。",
    definition_en="Over the last 12 to 24 whole months up to the end of the period: trend per month = median "
    "of the slopes of all pairs (Theil-Sen), a direction where Kendall's test has p < 0.05; the average is "
    "of 3 months; a turn = the average rose for two months and then fell for two, or the other way round.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),),
    rows=(27,),
    behind=BEHIND,
)
def trend(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The latest whole month of each series, or all months where ``by`` has the month, and its trend.

    The series ends with the last month of the period that the data hold whole, and begins 24 months before
    or with the first month that they hold whole; a name without sales in a month has 0. ``slope`` with its
    95 % interval and ``p`` are as in ``_robust``; ``direction`` is up, down or flat.
    ``turn`` says peak or trough in the month of a turn, else the latest one, which was in ``turned``.
    ``status``: short_history below 12 months (nothing is said about the trend), no_months without any.
    """
    import numpy as np
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, by)
    titles = [*by, *(column.name for column in COLUMNS)]
    months = _months(scope, money_reach(orders, payments, refunds, scope))
    if not months:
        blank: dict[str, Any] = {name: [np.nan] for name in titles}
        words = {"direction": "", "turn": "", "turned": "", "status": "no_months"}
        return pd.DataFrame({**blank, **words} if not by else {name: [] for name in titles})
    called = names(by)
    window = Window(
        date.fromisoformat(f"{months[0]}-01"), month_of(date.fromisoformat(f"{months[-1]}-01")).end
    )
    sold = summed(lines, window, (*called, "month"))["amount"]
    series: dict[tuple[str, ...], NDArray[np.float64]] = {key[:-1]: np.zeros(len(months)) for key in sold}
    if not called:
        series[()] = np.zeros(len(months))
    at = {month: place for place, month in enumerate(months)}
    for key, amount in sold.items():
        series[key[:-1]][at[key[-1]]] = amount
    rows = [
        {**dict(zip(called, key, strict=True)), **row}
        for key, values in sorted(series.items())
        for row in _rows(months, values, every="month" in by)
    ]
    found = pd.DataFrame(rows, columns=list(dict.fromkeys((*called, "month", *titles))))
    return in_order(found, by, "amount")[titles]


def _last(scope: Scope) -> Window:
    """The last whole month."""
    last = month_of(min(scope.period.end, scope.as_of))
    if last.end > scope.as_of or last.end > scope.period.end:
        last = month_of(last.start - ONE_DAY)
    return last


def _months(scope: Scope, reach: Reach) -> list[str]:
    """The whole months, oldest first."""
    last = _last(scope)
    months = (month_of(shift_months(last.start, -back)) for back in range(MOST))
    return [f"{month.start:%Y-%m}" for month in takewhile(reach.holds, months)][::-1]


def _rows(months: Sequence[str], values: NDArray[np.float64], *, every: bool) -> list[dict[str, Any]]:
    """The months of one series with its trend, or the last of them."""
    import numpy as np

    smooth = np.convolve(values, np.ones(SMOOTH) / SMOOTH, "valid")
    averages = [float("nan")] * min(SMOOTH - 1, len(values)) + smooth[
        : max(len(values) - SMOOTH + 1, 0)
    ].tolist()
    turns = _turns(averages)
    said: dict[str, Any] = {"months": len(values), "status": "short_history", "direction": ""}
    said |= dict.fromkeys(("slope", "low", "high", "p"), float("nan"))
    if len(values) >= FEWEST:
        steps = range(len(values))
        slope, _, low, high = theil_sen(steps, values.tolist())
        p = kendall(steps, values.tolist())
        sure = p is not None and p < SURE and slope
        said |= {"slope": slope, "low": low, "high": high, "p": 1.0 if p is None else p, "status": ""}
        said["direction"] = ("up" if slope > 0 else "down") if sure else "flat"
    latest = max(turns, default=None)
    rows = []
    for place, (month, amount) in enumerate(zip(months, values.tolist(), strict=True)):
        shown = place if every else latest
        turn = turns.get(shown, "") if shown is not None else ""
        turned = months[shown] if turn and shown is not None else ""
        rows.append(
            {
                "month": month,
                "amount": amount,
                "average": averages[place],
                "turn": turn,
                "turned": turned,
                **said,
            }
        )
    return rows if every else rows[-1:]


def _turns(averages: Sequence[float]) -> dict[int, str]:
    """Where two rises are followed by two falls, or two falls by two rises."""
    import numpy as np

    steps = np.sign(np.diff(np.round(averages, PLACES)))
    found = {}
    for place in range(2, len(averages) - 2):
        before, after = steps[place - 2 : place], steps[place : place + 2]
        if (before == 1).all() and (after == -1).all():
            found[place] = "peak"
        if (before == -1).all() and (after == 1).all():
            found[place] = "trough"
    return found
