"""The lead funnel: how many come through each stage, and where the most is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import revenue, summed
from xlsales.metrics._once import once
from xlsales.metrics._scope import month_of, shift_months
from xlsales.metrics._slices import counted, counted_by_day, in_order, look_back, looks, names, scopes, sliced
from xlsales.metrics._stages import DIMENSIONS, here, known, moments, outcome
from xlsales.metrics._stats import ratio, sample_status, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._slices import Look

BENCHMARK = tuple(f"month -{k}" for k in range(1, 7))
"""The months before the period whose median is the benchmark (row 49)."""

COLUMNS = (
    Out("stage", "text", "阶段", "Stage"),
    Out("n", "count", "人数", "Reached"),
    Out("entrants", "count", "上一阶段人数", "Entrants"),
    Out("step_rate", "percent", "步转化率", "Step rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("cumulative", "percent", "累计转化率", "Cumulative"),
    Out("drop", "count", "流失人数", "Drop"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("benchmark", "percent", "近 6 月中位数", "6-month median"),
    Out("open_share", "percent", "未结束占比", "Still open"),
    Out("lost_deals", "number", "少成交", "Deals lost"),
    Out("lost_value", "money", "折合金额", "Value lost"),
    Out("bottleneck", "count", "瓶颈", "Bottleneck"),
    Out("status", "text", "状态", "Status"),
)


@metric(
    "lead_funnel",
    zh="线索漏斗",
    en="Lead funnel",
    definition_zh="步转化率 = 到达本阶段 ÷ 到达上一阶段。队列口径：期内新建线索截至数据日曾到达的阶段，"
    "跳过的算到达，退回不取消。发生口径：期内发生的阶段日期。"
    "瓶颈：（近 6 月中位数 - 步转化率）× 上一阶段人数 × 后续成交率 × 客单价 最大的阶段。",
    definition_en="Step rate = reached this stage / reached the one before. Cohort: stages ever reached by "
    "the leads created in the period; skipped ones count, going back takes nothing away. Activity: stage "
    "dates in the period. Bottleneck: largest (6-month median - step rate) x entrants x later win rate x "
    "average order.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "view",
            "cohort 期内新建线索到过哪里，activity 期内各阶段发生多少",
            "cohort: how far the period's leads came; activity: what happened in the period",
            ("cohort", "activity"),
        ),
        Option(
            "by",
            "分行维度，最多三个；month 为线索创建月（发生口径为阶段发生月）",
            "up to three dimensions; month is that of creation (activity: of the stage date)",
            DIMENSIONS,
        ),
    ),
    rows=(47, 49),
)
def lead_funnel(
    leads: Frame,
    orders: Frame | None = None,
    *,
    scope: Scope,
    view: Literal["cohort", "activity"] = "cohort",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per stage that the data know (per group of ``by``), in funnel order; see ``_stages``.

    ``cohort``: leads created in the period and the stages they ever reached by ``scope.as_of``; the
    previous cohort and the six benchmark months are seen when they were as old as this one is now.
    ``activity``: stage dates in the period, each stage counting its own leads; a lead whose stage has
    no date is no event, and a step rate may exceed 1 (it then has no interval).

    ``step_rate`` = n / entrants with its Wilson 95% interval, ``cumulative`` = n / the first stage,
    ``drop`` = entrants - n. ``previous`` and ``benchmark`` need a date for every known stage in the cohort
    view: without dates the past cannot be seen at the same age, and they are blank. ``open_share``
    (cohort, up to the win): of the entrants, those not here yet but neither won nor lost; in the first
    row, of all leads.

    ``lost_deals`` = (benchmark - step_rate) x entrants x rate from here to the win, where ``benchmark`` is
    the median of the six months before the period; ``lost_value`` = that x the average order value of
    the period. Below 0 the stage did better than usual. ``bottleneck`` is 1 on the one stage that
    lost most (by value, or by deals without orders), if any lost. Where nobody reached a stage, the rate
    from there to the win is the benchmark's.

    ``status``: ``no_leads`` (no entrants), ``small_sample`` (fewer than 30), ``undated`` (see above).
    """
    knows = known(leads)
    compared = [*looks(scope, by), *_benchmark_looks(scope, by)]
    rows = sliced(moments(leads), scope, by)
    if view == "activity":
        stages = tuple(name for name in knows.stages if name == "new" or name in knows.dated)
        roles = _happened(rows, stages, compared, by)
    else:
        stages = knows.stages
        roles = _reached(rows, stages, compared, by)
    found = _steps(roles, stages, by)
    undated = view == "cohort" and not knows.dated >= set(stages) - {"new"}
    if undated:
        found[["previous", "change", "benchmark", "lost_deals"]] = float("nan")
    found["lost_value"] = found["lost_deals"] * _order_value(orders, scope)
    found["bottleneck"] = _worst(found, by)
    found["status"] = sample_status(found["entrants"].fillna(found["n"]), "no_leads")
    if undated:
        found["status"] = found["status"].replace("", "undated")
    ordered = in_order(found, by, "leads", last=("place",))
    return ordered[[*by, *(column.name for column in COLUMNS)]]


def _benchmark_looks(scope: Scope, by: Sequence[str]) -> list[Look]:
    """The six months before the period of each row, cut and aged as its previous period is."""
    found = []
    for row, about in scopes(scope, by):
        for k, role in enumerate(BENCHMARK, 1):
            month = month_of(shift_months(about.period.start.replace(day=1), -k))
            found.append(look_back(role, row, about, about.cut(month)))
    return found


def _reached(
    leads: nw.LazyFrame[Any], stages: Sequence[str], compared: Sequence[Look], by: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Of the leads created in each look: ``n k``, those that reached stage k, and ``open k``.

    ``open k`` have reached the stage before k and no further, and are still open; ``open 0`` are all
    that are still open.
    """

    def numbers(look: Look) -> dict[str, nw.Expr]:
        still = outcome(look.as_of)["open"]
        reached = [here(stage, look.as_of) for stage in stages]
        waiting = {
            f"open {k}": still * reached[k - 1] * (1 - reached[k])
            for k in range(1, len(stages))
            if stages[k - 1] != "won"
        }
        return {f"n {k}": one for k, one in enumerate(reached)} | {"open 0": still} | waiting

    return counted(leads, "created", compared, by, numbers)


def _happened(
    leads: nw.LazyFrame[Any], stages: Sequence[str], compared: Sequence[Look], by: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Per look: ``n k``, the leads that have the date of stage k in it."""
    import narwhals as nw

    counts = [f"n {k}" for k in range(len(stages))]
    parts = []
    for k, stage in enumerate(stages):
        day = nw.col("created" if stage == "new" else stage).dt.truncate("1d")
        events = leads.select(*names(by), day=day).group_by("day", *names(by)).agg(nw.len().alias("n"))
        parts.append(
            events.select(
                "day", *names(by), *((nw.col("n") * int(j == k)).alias(name) for j, name in enumerate(counts))
            )
        )
    return counted_by_day(nw.concat(parts), "day", compared, by, {n: nw.col(n) for n in counts})


def _steps(roles: Mapping[str, pd.DataFrame], stages: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """One row per stage and group; ``place`` is the stage's in the funnel, ``leads`` the group's size."""
    import pandas as pd

    now, before = roles["current"], roles["previous"]
    blank = pd.Series(float("nan"), now.index)
    won = stages.index("won") if "won" in stages else 0
    usual = [
        pd.concat([_rate(roles[month], k) for month in BENCHMARK], axis=1).median(axis=1)
        for k in range(len(stages))
    ]
    later = pd.Series(1.0, now.index)  # the usual rate from stage k to the win
    parts = []
    for k in reversed(range(len(stages))):
        n, entrants, rate = now[f"n {k}"], _entrants(now, k), _rate(now, k)
        low, high = wilson(n, entrants)
        to_win = ratio(now[f"n {won}"], n).fillna(later) if 0 < k <= won else blank
        later = later * usual[k] if 0 < k <= won else later
        part = now[list(by)].assign(
            place=k,
            stage=stages[k],
            leads=now["n 0"] if k == 0 else 0.0,
            n=n,
            entrants=entrants,
            step_rate=rate,
            low=low,
            high=high,
            cumulative=ratio(n, now["n 0"]),
            drop=entrants - n,
            previous=_rate(before, k),
            benchmark=usual[k],
            open_share=ratio(now[f"open {k}"], entrants if k else n) if f"open {k}" in now else blank,
            lost_deals=(usual[k] - rate) * entrants * to_win,
        )
        parts.append(part)
    steps = pd.concat(reversed(parts), ignore_index=True)
    return steps.assign(change=steps["step_rate"] - steps["previous"])


def _entrants(counts: pd.DataFrame, k: int) -> pd.Series:
    """Those that came as far as the stage before; blank for the first stage."""
    return counts[f"n {k - 1}"] if k else counts["n 0"] * float("nan")


def _rate(counts: pd.DataFrame, k: int) -> pd.Series:
    return ratio(counts[f"n {k}"], _entrants(counts, k))


def _worst(steps: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """1 for the stage of each group that lost the most deals, the earlier one of two; else 0."""
    group = [steps[name] for name in by] or steps["place"] * 0
    rank = steps["lost_deals"].groupby(group).rank(ascending=False, method="first")
    return ((rank == 1) & (steps["lost_deals"] > 0)).astype("int64")


def _order_value(orders: Frame | None, scope: Scope) -> float:
    """Amount per order of the period, NaN without orders or where they come to nothing."""
    if orders is None:
        return float("nan")
    return _mean_order(orders, replace(scope, basis="signed"))


@once
def _mean_order(orders: Frame, scope: Scope) -> float:
    signed = revenue(orders, None, None, scope)
    money = summed(signed, scope.current, (), counts=True).iloc[0]
    return money["amount"] / money["orders"] if money["orders"] and money["amount"] > 0 else float("nan")
