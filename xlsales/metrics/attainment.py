"""Sales against target: how much is reached, what is missing, and where the period lands at this pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, first_day, revenue, summed
from xlsales.metrics._growth import covered
from xlsales.metrics._slices import in_order
from xlsales.metrics._targets import NAMES, known_throughout, stated, targets_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

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


@metric(
    "attainment",
    zh="目标达成",
    en="Target attainment",
    definition_zh="达成率 = 实际 ÷ 目标；差额 = 实际 - 目标；时间进度 = 已过工作日 ÷ 全部工作日；"
    "预计落地 = 实际 ÷ 已过工作日 × 全部工作日",
    definition_en="attainment = actual / target; gap = actual - target; time elapsed = working days gone / "
    "all working days; landing = actual / working days gone x all working days",
    needs=("orders.order_date", "orders.amount", "targets.period", "targets.target"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", ("month", *NAMES)),),
    rows=(33, 34, 35, 36),
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
    goals = stated(targets, orders, scope)
    lines = revenue(orders, payments, refunds, scope, by)
    rows = summed(lines, scope.current, by).rename(columns={"amount": "actual"})
    aims = targets_by(goals, scope, by)
    rows = rows.merge(aims, "outer", list(by)) if by else rows.join(aims)
    if by == ("month",):
        rows = rows.merge(_months_with_data(lines, scope), "outer")
    rows["actual"] = rows["actual"].fillna(0.0)
    partial = rows["target"].notna() & ("month" not in by and not known_throughout(goals, scope))
    rows["target"] = rows["target"].where(~partial)

    apart = rows["month"] if "month" in by and len(by) > 1 else rows["actual"].notna()
    rows = rows.join(_clock(rows, scope))
    begun, elapsed, days = rows["begun"], rows["elapsed"], rows["days"]
    actual, target = rows["actual"], rows["target"].where(rows["target"] > 0)
    rows["attainment"] = actual / target.where(begun)
    rows["gap"] = (actual - target.where(begun)).round(PLACES)
    short = rows["gap"].where(rows["gap"] < 0)
    rows["gap_share"] = short / short.groupby(apart).transform("sum")
    rows["contribution"] = actual / _whole_target(rows, goals, scope, by).where(target.notna() & begun)
    reached = rows["attainment"].round(12)
    rows["band"] = _words(
        [reached.isna(), reached >= 1.2, reached >= 1, reached >= 0.8],
        ["", "over_120", "100_to_120", "80_to_100", "under_80"],
    )
    rows["status"] = _words(
        [partial, target.isna(), ~begun, reached >= 1, reached >= 0.95],
        ["partial_target", "no_target", "not_started", "met", "near", "missed"],
    )
    rows["time_share"] = elapsed / days.where(days > 0)
    rows["pace"] = rows["attainment"] / rows["time_share"].where(elapsed > 0)
    left = days - elapsed
    rows["required_daily"] = (target - actual).clip(lower=0) / left.where(left > 0)
    rate = actual / elapsed.where(elapsed >= TOO_EARLY)
    rows["landing"] = (rate * days).where(~rows["complete"], actual)
    rows["landing_attainment"] = rows["landing"] / target
    rows["landing_status"] = _words([rows["landing"].isna()], ["too_early", ""])
    return in_order(rows, by, "actual")[[*by, *(column.name for column in COLUMNS)]]


def _months_with_data(lines: nw.LazyFrame[Any], scope: Scope) -> pd.DataFrame:
    import pandas as pd

    start = first_day(lines)
    months = [month for month, part in scope.by_month().items() if covered(part.current, start)]
    return pd.DataFrame({"month": months}, dtype="str")


def _clock(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Working days elapsed and in all, and whether the time has begun and is over, for each row."""
    import pandas as pd

    about = scope.by_month() if "month" in rows else {"": scope}
    between = scope.calendar.between
    times = pd.DataFrame(
        {
            "elapsed": [between(part.current.start, part.current.end) for part in about.values()],
            "days": [between(part.period.start, part.period.end) for part in about.values()],
            "begun": [part.current.start <= part.current.end for part in about.values()],
            "complete": [part.complete for part in about.values()],
        },
        index=list(about),
    )
    month = rows["month"] if "month" in rows else [""] * len(rows)
    return times.loc[month].set_axis(rows.index)


def _whole_target(
    rows: pd.DataFrame, goals: Sequence[Target], scope: Scope, by: tuple[str, ...]
) -> pd.Series:
    """The target that the whole has beside each row; blank unless above zero."""
    import pandas as pd

    apart = ("month",) if "month" in by and len(by) > 1 else ()
    aims = targets_by(goals, scope, apart)
    if apart:
        whole = rows["month"].map(aims.set_index("month")["target"]).astype("float64")
    else:
        whole = pd.Series(aims["target"].sum(), rows.index)
    return whole.where(whole > 0)


def _words(conditions: list[pd.Series], words: list[str]) -> Any:
    """The word of the first condition that holds, else the last word."""
    import numpy as np

    return np.select(conditions, words[:-1], words[-1]).astype(str)
