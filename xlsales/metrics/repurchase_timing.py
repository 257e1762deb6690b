"""When customers buy again: after which order, after how many days, in which months of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._purchases import DAYS, EPOCH, purchase_rows, visited
from xlsales.metrics._scope import shift_months
from xlsales.metrics._stats import ratio, sample_status, wilson

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("step", "text", "第几次／间隔／月份", "Order, gap or month"),
    Out("n", "count", "基数", "Of"),
    Out("again", "count", "再次购买", "Bought again"),
    Out("share", "percent", "占比", "Share"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("early_days", "days", "较早（P25）", "Early (P25)"),
    Out("median_days", "days", "间隔中位数", "Median gap"),
    Out("late_days", "days", "较晚（P75）", "Late (P75)"),
    Out("status", "text", "状态", "Status"),
)
STEPS, BIN, BINS = 6, 30, 12
NAMES = {
    "gaps": [*(f"{k * BIN + 1}-{(k + 1) * BIN}" for k in range(BINS)), f">{BIN * BINS}"],
    "months": [f"{k:02d}" for k in range(1, 13)],
}


def _nth(before: NDArray[np.int32]) -> NDArray[np.int32]:
    """How often the customer of each day of buying had come before, in the order of customers and days."""
    import numpy as np

    places = np.arange(len(before), dtype="int32")
    firsts = places[before == -DAYS]
    nth: NDArray[np.int32] = places - np.repeat(firsts, np.diff(firsts, append=len(before)))
    return nth


def _places(view: str, day: NDArray[np.int32], before: NDArray[np.int32]) -> NDArray[np.int64]:
    """The place in ``NAMES`` of each day on which a customer bought again."""
    import numpy as np

    if view == "gaps":
        found: NDArray[np.int64] = np.minimum((day - before - 1) // BIN, BINS).astype("int64")
        return found
    month = np.datetime64(EPOCH, "D") + day.astype("timedelta64[D]")
    return month.astype("datetime64[M]").astype("int64") % 12


def _years_begin(first: int, last: int) -> int:
    """The day that begins the whole years up to the day ``last``; the day after it where there is none.

    Only in whole years does every month of the year lie as often. One counts where its first month has
    purchases: the data may begin with a day on which nobody bought. The first year of the data is left out
    where there are later ones: in it old customers seem new, and its early months have few repurchases.
    """
    years = _whole_years(first, last)
    return (shift_months(EPOCH + timedelta(last + 1), -12 * (years - (years > 1))) - EPOCH).days


def _whole_years(first: int, last: int) -> int:
    begun, after = EPOCH + timedelta(first), EPOCH + timedelta(last + 1)
    return ((after.year - begun.year) * 12 + after.month - begun.month) // 12


def _bought(*, again: bool) -> Trace:
    """The days of buying that the row is about, each by a row of an order; or those it is a share of."""

    def trace(asked: Asked) -> Behind:
        import numpy as np

        bought = purchase_rows(replace(asked, seen=asked.scope.current.end))
        rows = bought.drop_duplicates(["customer_id", "day"])
        rows = rows.sort_values(["customer_id", "day"], kind="stable", ignore_index=True)
        number = (rows["day"].to_numpy("datetime64[D]") - np.datetime64(EPOCH)).astype("int64")
        days = rows[["customer_id"]].assign(day=number)
        before = days.groupby("customer_id")["day"].shift(1).fillna(-DAYS).to_numpy("int32")
        view, step = asked.options["view"], asked.row["step"]
        if view == "nth":
            chosen = _nth(before) == int(step) - (not again)
        else:
            chosen = before != -DAYS
            if view == "months":
                last = (asked.scope.current.end - EPOCH).days
                chosen &= number >= _years_begin(int(number.min()), last)
            if again:
                chosen &= _places(view, number, before) == NAMES[view].index(step)
        return trail.added(rows[chosen].assign(part=1.0))

    return trace


SHARE = trail.over(_bought(again=True), _bought(again=False))
BEHIND = {
    "n": _bought(again=False),
    "again": _bought(again=True),
    **{name: trail.of(SHARE) for name in ("low", "high", "early_days", "median_days", "late_days")},
    "share": SHARE,
}


@metric(
    "repurchase_timing",
    zh="复购时机",
    en="Repurchase timing",
    definition_zh="nth：买过第 n 次的客户中又买第 n+1 次的比例，及到下一次的间隔四分位数（最佳触达时段）；"
    "gaps：间隔按 30 天分段的分布；months：复购发生的月份分布，只计截至期末的整年，使各月出现次数相同；"
    "数据的第一年不计（老客户在其中像新客户，靠前的月份偏低），只有一年时在状态中注明。一天内多单算一次。",
    definition_en="View nth: of customers with an n-th day of buying those with another, and the quartiles "
    "of the days to it, which is when to call; gaps: how long the gaps are, in steps of 30 days; months: "
    "in which months of the year customers buy again, in the whole years up to the end of the period, so "
    "that every month lies in them as often; the first year of the data, in whose early months old customers "
    "seem new, is left out where there are later ones, and else told. Orders of one day are one.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option(
            "view",
            "nth 按第几次，gaps 按间隔天数，months 按月份",
            "nth: by order; gaps: by days between; months: by month of the year",
            ("nth", "gaps", "months"),
        ),
    ),
    rows=(71,),
    behind=BEHIND,
)
def repurchase_timing(
    orders: Frame, *, scope: Scope, view: Literal["nth", "gaps", "months"] = "nth"
) -> pd.DataFrame:
    """All purchases up to the end of the period, as far as the data reach; see ``_purchases``.

    nth: the first six; who has not come back yet may still do so, so late steps and young customers read
    low. gaps and months: ``n`` are all days on which a customer bought again, ``again`` those of the row;
    months has only those of whole years (``_years_begin``).
    Quartiles are interpolated linearly (type 7 of Hyndman and Fan 1996).

    ``status``: ``no_customers``, ``small_sample`` (n below 30), ``short_history`` (months: the data do not
    reach a year back, so that no month can be told from another), ``first_year`` (months: there is no other
    year than the first of the data, whose early months read low).
    """
    import numpy as np
    import pandas as pd

    visits, _ = visited(orders, scope)
    last = (scope.current.end - EPOCH).days
    day, before = visits["day"].to_numpy(), visits["before"].to_numpy()
    seen, short, first_year = day <= last, False, False
    if view == "nth":
        rows = _by_order(day[seen], before[seen])
    else:
        again = seen & (before != -DAYS)
        named = NAMES[view] if again.any() else []
        if view == "months" and named:
            begin = _years_begin(int(day.min()), last)
            short = begin > last
            first_year = _whole_years(int(day.min()), last) == 1
            again &= day >= begin
        places = _places(view, day[again], before[again])
        rows = pd.DataFrame({"step": named}, dtype="str")
        rows["n"] = float(len(places))
        rows["again"] = np.bincount(places, minlength=len(rows)).astype("float64")[: len(rows)]
        rows[["early_days", "median_days", "late_days"]] = float("nan")
    rows["share"] = ratio(rows["again"], rows["n"])
    rows["low"], rows["high"] = wilson(rows["again"], rows["n"])
    rows["status"] = sample_status(rows["n"], "short_history" if short else "no_customers")
    if first_year:
        rows["status"] = rows["status"].where(rows["status"] != "", "first_year")
    return rows[[column.name for column in COLUMNS]]


def _by_order(day: NDArray[np.int32], before: NDArray[np.int32]) -> pd.DataFrame:
    import pandas as pd

    nth, gap = _nth(before), day - before
    gaps = [gap[nth == k] for k in range(STEPS + 1)]
    rows = [
        (str(k), len(gaps[k - 1]), len(gaps[k]), *_quartiles(gaps[k]))
        for k in range(1, STEPS + 1)
        if len(gaps[k - 1])
    ]
    titles = ["step", "n", "again", "early_days", "median_days", "late_days"]
    found = pd.DataFrame(rows, columns=titles)
    return found.astype({"step": "str", **dict.fromkeys(titles[1:], "float64")})


def _quartiles(gaps: NDArray[np.int32]) -> tuple[float, ...]:
    import numpy as np

    if not len(gaps):
        return (float("nan"),) * 3
    return tuple(np.quantile(gaps, [0.25, 0.5, 0.75]).tolist())
