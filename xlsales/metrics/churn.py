"""Churn and retention of a period: of the customers at its start, how many are gone at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._activity import LEAST, OPTIONS, STATES, TIMES, activity, activity_behind
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import NAMES
from xlsales.metrics._purchases import visited
from xlsales.metrics._slices import aligned, distinct, in_order, looks, names
from xlsales.metrics._stats import ratio, sample_status, share

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("start", "count", "期初", "At start"),
    Out("lost", "count", "流失", "Lost"),
    Out("gained", "count", "新增与回流", "New or back"),
    Out("end", "count", "期末", "At end"),
    Out("churn", "percent", "流失率", "Churn rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("retention", "percent", "期间留存率", "Retention"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("status", "text", "状态", "Status"),
)


def _customers(state: str) -> Trace:
    """The customers in a state, by a row of their last order."""

    def trace(asked: Asked) -> Behind:
        found, days = activity_behind(asked, asked.options["times"], asked.options["least"])
        standing = found.standing(asked.window.start, min(asked.window.end, asked.seen))
        chosen = standing[standing[state] > 0]
        rows = days.iloc[chosen["before" if state in ("start", "lost") else "place"]]
        return trail.added(rows.assign(part=1.0))

    return trace


RATE = trail.over(_customers("lost"), _customers("start"))
KEPT = trail.over(trail.less(_customers("start"), _customers("lost")), _customers("start"))
BEHIND = {
    **{state: _customers(state) for state in STATES},
    "churn": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "retention": KEPT,
    "previous": trail.earlier(RATE),
    "change": trail.less(RATE, trail.earlier(RATE)),
}


@metric(
    "churn",
    zh="客户流失率",
    en="Churn rate",
    definition_zh="期初活跃客户中到期末已流失的比例：距上次购买超过本人购买间隔中位数的 2 倍（至少 30 天）"
    "即为流失；期间留存率 =（期末 - 新增与回流）÷ 期初。合同流失率见续费率。",
    definition_en="Of the customers active at the start those gone at the end / at the start; gone is away "
    "for more than twice one's own median gap (30 days at least). Retention = (end - new or back) / start. "
    "Churn of contracts stands with the renewal rate.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        *OPTIONS,
        Option("by", "分行维度，最多三个", "up to three dimensions", ("month", *NAMES[:-1])),
    ),
    rows=(68, 69),
    behind=BEHIND,
)
def churn(
    orders: Frame,
    *,
    scope: Scope,
    times: int = TIMES,
    least: int = LEAST,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Customers by what they were the day before the period begins and on its last day that is known.

    See ``_activity``; a customer's own gap is that of all purchases known by ``scope.as_of``. Who is lost and
    comes back counts as gained then. By a name a customer is one of it by what he bought under it, so the
    rows do not add up. ``previous`` is the period before.

    ``status``: ``no_customers``, ``no_gaps`` (nobody ever bought twice), ``small_sample`` (fewer than 30).
    """
    import pandas as pd

    compared = looks(scope, by)
    visits, labels = visited(orders, scope, names(by))
    found = activity(visits, times, least)
    parts = []
    for place, look in enumerate(distinct(compared)):
        standing = found.standing(look.window.start, min(look.window.end, look.as_of))
        sums = standing.groupby("group")[[*STATES, "unknown"]].sum()
        parts.append(sums.assign(look=place))
    every = pd.concat(parts)
    named = labels.take(every.index.to_numpy("int64"))
    every = pd.concat([one.reset_index(drop=True) for one in (named, every)], axis=1)
    roles = aligned(every, compared, by)
    rows = share(roles["current"], "churn", "lost", "start", roles["previous"])
    rows["retention"] = ratio(rows["start"] - rows["lost"], rows["start"])
    rows["status"] = sample_status(rows["start"], "no_customers")
    rows["status"] = rows["status"].mask((rows["start"] == 0) & (rows["unknown"] > 0), "no_gaps")
    return in_order(rows, by, "start")[[*by, *(column.name for column in COLUMNS)]]
