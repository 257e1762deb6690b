"""The funnel's steps by what they cost against their own usual rate: where to look first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._stages import DIMENSIONS
from xlsales.metrics.lead_funnel import BEHIND as STEPS_BEHIND
from xlsales.metrics.lead_funnel import lead_funnel

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("rank", "count", "次序", "Rank"),
    Out("stage", "text", "阶段", "Stage"),
    Out("entrants", "count", "上一阶段人数", "Entrants"),
    Out("step_rate", "percent", "步转化率", "Step rate"),
    Out("benchmark", "percent", "近 6 月中位数", "6-month median"),
    Out("gap", "points", "差距", "Gap"),
    Out("lost_deals", "number", "少成交", "Deals lost"),
    Out("lost_value", "money", "折合金额", "Value lost"),
    Out("share", "percent", "占损失", "Share of losses"),
    Out("evidence", "text", "证据", "Evidence"),
    Out("status", "text", "状态", "Status"),
)


BEHIND = {
    **{
        name: STEPS_BEHIND[name]
        for name in ("entrants", "step_rate", "benchmark", "lost_deals", "lost_value")
    },
    **dict.fromkeys(("rank", "gap", "share"), trail.of(STEPS_BEHIND["lost_deals"])),
}


@metric(
    "bottleneck",
    zh="瓶颈环节",
    en="Bottleneck",
    definition_zh="每环节损失 =（自身前 6 个月步转化率中位数 - 本期步转化率）× 上一阶段人数 × 后续成交率 × "
    "客单价；损失最大的是最该先看的地方，不等于已查明的原因。",
    definition_en="Loss of a step = (own median step rate of the six months before - step rate) x entrants "
    "x later win rate x average order; the largest is the place to look first, not a proven cause.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "view",
            "activity 期内各阶段发生多少，cohort 期内新建线索到过哪里",
            "activity: what happened in the period; cohort: how far the period's leads came",
            ("activity", "cohort"),
        ),
        Option("by", "分行维度", "dimensions", DIMENSIONS),
    ),
    rows=(49,),
    behind=BEHIND,
)
def bottleneck(
    leads: Frame,
    orders: Frame | None = None,
    *,
    scope: Scope,
    view: Literal["activity", "cohort"] = "activity",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per step that fell short of its benchmark (per group of ``by``), the largest loss first.

    Rates, benchmark and losses are those of ``lead_funnel`` in the same view. ``rank`` goes by value lost, by
    deals where there are no orders. ``share`` is of all losses of the group; what other steps won back is
    not taken off. ``evidence`` is ``clear`` where the step's whole Wilson interval lies below the benchmark,
    else ``weak``: then it may be chance. ``status`` as in ``lead_funnel``.
    """
    import numpy as np

    rows = lead_funnel(leads, orders, scope=scope, view=view, by=by)
    rows = rows[rows["lost_deals"] > 0].reset_index(drop=True)
    rows["gap"] = rows["step_rate"] - rows["benchmark"]
    group = [rows[name] for name in by] or [rows["stage"].astype("str") * 0]
    lost = rows["lost_value"].where(rows["lost_value"].notna(), rows["lost_deals"])
    rows["share"] = lost / lost.groupby(group).transform("sum")
    rows["rank"] = lost.groupby(group).rank(method="first", ascending=False)
    rows["evidence"] = np.where(rows["high"] < rows["benchmark"], "clear", "weak")
    rows["group"] = np.arange(len(rows))
    rows["group"] = rows["group"].groupby(group).transform("min")
    ordered = rows.sort_values(["group", "rank"], kind="stable", ignore_index=True)
    return ordered[[*by, *(column.name for column in COLUMNS)]]
