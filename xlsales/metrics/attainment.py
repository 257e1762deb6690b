"""Sales against target: how much is reached, what is missing, and where the period lands at this pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of, rows_of
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, first_day, revenue, summed
from xlsales.metrics._growth import covered
from xlsales.metrics._slices import in_order
from xlsales.metrics._targets import NAMES, aim, known_throughout, stated, targets_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._amounts import Key
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._targets import Target

TOO_EARLY = 3
"""A landing is told from the third working day on."""

COLUMNS = (
    Out("target", "money", "目标", "Target"),
    Out("actual", "money", "实际", "Actual"),
    Out("attainment", "percent", "达成率", "Attainment"),
    Out("gap", "money", "差额", "Gap"),
    Out("gap_share", "percent", "缺口占比", "Share of gap"),
    Out("contribution", "percent", "贡献", "Contribution"),
    Out("band", "text", "达成区间", "Band"),
    Out("status", "text", "状态", "Status"),
    Out("time_share", "percent", "时间进度", "Time elapsed"),
    Out("pace", "number", "进度比", "Pace"),
    Out("required_daily", "money", "日均需", "Needed per day"),
    Out("landing", "money", "预计落地", "Landing"),
    Out("landing_attainment", "percent", "预计达成率", "Landing attainment"),
    Out("landing_status", "text", "预测说明", "Landing status"),
)

ACTUAL = trail.money()


def _ahead(asked: Asked) -> float:
    """What the actual is multiplied by where it goes on as it has so far."""
    elapsed, days, _, complete = _clock(asked.scope, ())[""]
    return 1.0 if complete else days / elapsed


def _time_share(asked: Asked) -> float:
    elapsed, days, *_ = _clock(asked.scope, ())[""]
    return elapsed / days


def _needed(asked: Asked) -> Behind:
    """What is missing, over the days that are left; nothing more is needed once the target is reached."""
    elapsed, days, *_ = _clock(asked.scope, ())[""]
    missing = trail.less(aim, ACTUAL)
    if not asked.row["required_daily"]:
        return trail.of(missing)(asked)
    return trail.scaled(missing, lambda _: 1 / (days - elapsed))(asked)


def _gap_share(asked: Asked) -> Behind:
    """What is missing, over what is missing in all rows that miss something."""
    whole, tables = asked.whole or asked.scope, asked.tables
    names = [name for name, values in asked.scope.filters if (name, values) not in whole.filters]
    by = tuple(names) if names or whole.period == asked.scope.period else ("month",)
    optional = (tables.get(name) for name in ("payments", "refunds"))
    rows = attainment(tables["orders"], tables["targets"], *optional, scope=whole, by=by)
    short = float(rows["gap"].clip(upper=0.0).sum())
    return trail.scaled(trail.less(ACTUAL, aim), lambda _: 1 / short)(asked)


LANDING = trail.scaled(ACTUAL, _ahead)
BEHIND = {
    "target": aim,
    "actual": ACTUAL,
    "attainment": trail.over(ACTUAL, aim),
    "gap": trail.less(ACTUAL, aim),
    "gap_share": _gap_share,
    "contribution": trail.over(ACTUAL, trail.whole(aim)),
    "pace": trail.over(trail.scaled(ACTUAL, lambda asked: 1 / _time_share(asked)), aim),
    "required_daily": _needed,
    "landing": LANDING,
    "landing_attainment": trail.over(LANDING, aim),
}


@metric(
    "attainment",
    zh="目标达成",
    en="Target attainment",
    definition_zh="达成率 = 实际 ÷ 目标；差额 = 实际 - 目标；时间进度 = 已过工作日 ÷ 全部工作日；"
    "预计落地 = 实际 ÷ 已过工作日 × 全部工作日。",
    definition_en="Attainment = actual / target; gap = actual - target; time elapsed = working days gone / "
    "all working days; landing = actual / working days gone x all working days.",
    needs=("orders.order_date", "orders.amount", "targets.period", "targets.target"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", ("month", *NAMES)),),
    rows=(33, 34, 35, 36),
    behind=BEHIND,
)
def attainment(
    orders: Frame,
    targets: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """What was sold against what was to be sold, for the company or by month, region, team, rep, product.

    Actual is revenue on the basis of the scope (``_facts``) as far as the data reach; how targets of several
    levels in one sheet are read is said in ``_targets``. A unit with a target and no sales has actual 0.

    status: met from 100 %, near from 95 %, missed; no_target where the target is absent or not above zero;
    partial_target where some month of the period has none in the whole sheet (a target that lacks months is
    not the period's, so it is blank); not_started before the period. band: over_120, 100_to_120,
    80_to_100, under_80. Without a target or before the start, what compares with it is blank.

    gap_share is the unit's part of all shortfalls, contribution its actual over the target of the whole;
    both within the month where months stand beside names. time_share counts working days; pace is
    attainment / time_share; required_daily is what is missing per working day left, 0 once the target is
    reached, blank when no day is left. landing goes on at the daily average so far; too_early (blank)
    before the third working day, the actual itself when the period is complete.

    Months come in order, names by actual, largest first, equal ones by name.
    """
    import numpy as np
    import pandas as pd

    goals = stated(targets, orders, scope)
    lines = revenue(orders, payments, refunds, scope, by)
    sold, aims = summed(lines, scope.current, by)["amount"], targets_by(goals, scope, by)
    begun_months = _months_with_data(lines, scope) if by == ("month",) else []
    keys = sorted({*sold, *aims, *begun_months})
    actual, stated_target = column_of(keys, sold, 0.0), column_of(keys, aims)
    partial = ~np.isnan(stated_target) & ("month" not in by and not known_throughout(goals, scope))
    stated_target = np.where(partial, np.nan, stated_target)

    month = [key[by.index("month")] if "month" in by else "" for key in keys]
    clock = _clock(scope, by)
    elapsed, days, begun, complete = np.array([clock[one] for one in month]).reshape(-1, 4).T
    target = _positive(stated_target)
    due = np.where(begun, target, np.nan)
    apart = np.array(month if len(by) > 1 else [""] * len(keys), "str")
    reached = np.round(actual / due, 12)
    gap = np.round(actual - due, PLACES)
    short = np.where(gap < 0, gap, np.nan)
    time_share = elapsed / _positive(days)
    landing = actual / np.where(elapsed >= TOO_EARLY, elapsed, np.nan) * days
    landing = np.where(complete, actual, landing)
    rows = rows_of(keys, by).assign(
        target=stated_target,
        actual=actual,
        attainment=actual / due,
        gap=gap,
        gap_share=short / pd.Series(short).groupby(apart).transform("sum").to_numpy(),
        contribution=actual / np.where(np.isnan(due), np.nan, _whole_target(goals, scope, by, month)),
        band=_words(
            [np.isnan(reached), reached >= 1.2, reached >= 1, reached >= 0.8],
            ["", "over_120", "100_to_120", "80_to_100", "under_80"],
        ),
        status=_words(
            [partial, np.isnan(target), begun == 0, reached >= 1, reached >= 0.95],
            ["partial_target", "no_target", "not_started", "met", "near", "missed"],
        ),
        time_share=time_share,
        pace=actual / due / np.where(elapsed > 0, time_share, np.nan),
        required_daily=np.maximum(target - actual, 0) / _positive(days - elapsed),
        landing=landing,
        landing_attainment=landing / target,
        landing_status=_words([np.isnan(landing)], ["too_early", ""]),
    )
    return in_order(rows, by, "actual")[[*by, *(column.name for column in COLUMNS)]]


def _months_with_data(lines: nw.LazyFrame[Any], scope: Scope) -> list[Key]:
    start = first_day(lines)
    return [(month,) for month, part in scope.by_month().items() if covered(part.current, start)]


def _clock(scope: Scope, by: Sequence[str]) -> dict[str, tuple[int, int, bool, bool]]:
    """Working days elapsed and in all, whether the time has begun and is over: by month, or under ""."""
    between = scope.calendar.between
    return {
        month: (
            between(part.current.start, part.current.end),
            between(part.period.start, part.period.end),
            part.current.start <= part.current.end,
            part.complete,
        )
        for month, part in (scope.by_month() if "month" in by else {"": scope}).items()
    }


def _whole_target(
    goals: Sequence[Target], scope: Scope, by: Sequence[str], month: Sequence[str]
) -> NDArray[np.float64]:
    """The target that the whole has beside each row; blank unless above zero."""
    if "month" in by and len(by) > 1:
        return _positive(column_of([(one,) for one in month], targets_by(goals, scope, ("month",))))
    return _positive(column_of([()] * len(month), targets_by(goals, scope, ())))


def _positive(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values above zero, the others blank."""
    import numpy as np

    return np.where(values > 0, values, np.nan)


def _words(conditions: list[Any], words: list[str]) -> Any:
    """The word of the first condition that holds, else the last word."""
    import numpy as np

    return np.select(conditions, words[:-1], words[-1])
