"""The lead funnel: how many come through each stage, and where the most is lost."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import revenue, summed
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window, month_of, shift_months
from xlsales.metrics._slices import (
    aligned,
    filterable,
    in_looks,
    in_order,
    look_back,
    looks,
    midnight,
    names,
    scopes,
    sliced,
)
from xlsales.metrics._stages import DIMENSIONS, STEPS, known, moments, standing
from xlsales.metrics._stats import sample_status, wilson
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
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


def _at(step: int) -> Trace:
    """Leads that came to the stage of the row, or with ``step`` -1 to the one before it."""

    def trace(asked: Asked) -> Behind:
        knows = known(asked.tables["leads"])
        if asked.options["view"] == "activity":
            stages = [name for name in knows.stages if name == "new" or name in knows.dated]
            return _happening(asked, stages[stages.index(asked.row["stage"]) + step])
        return trail.leads(reached=knows.stages[knows.stages.index(asked.row["stage"]) + step])(asked)

    return trace


def _happening(asked: Asked, stage: str) -> Behind:
    """Leads whose date of a stage lies in the window."""
    date = "created" if stage == "new" else stage
    leads = sliced(asked.tables["leads"], asked.scope, ()).collect("pandas").to_pandas()
    start, end = midnight(asked.window.start), midnight(min(asked.window.end, asked.seen), 1)
    return trail.added(leads[(leads[date] >= start) & (leads[date] < end)].assign(_table="leads", part=1.0))


def _first(asked: Asked) -> Behind:
    """Leads at the first stage."""
    return _at(0)(replace(asked, row={**asked.row, "stage": "new"}))


def _lost_deals(asked: Asked) -> Behind:
    """Who came to the stage before by the usual rate less who came here, both by the rate to the win."""
    if asked.row["lost_deals"] is None or math.isnan(asked.row["lost_deals"]):
        return trail.no_rows()
    won = _at(0)(replace(asked, row={**asked.row, "stage": "won"})).number or 0.0
    here = _at(0)(asked).number
    if not here:
        return trail.of(_at(-1))(asked)
    to_win = won / here
    usual = trail.scaled(_at(-1), lambda asked: asked.row["benchmark"] * to_win)
    return trail.less(usual, trail.scaled(_at(0), lambda _: to_win))(asked)


def _lost_value(asked: Asked) -> Behind:
    """The same by the average order of the period."""
    deals = asked.row["lost_deals"]
    if not deals or not _lost_deals(asked).adds_up:
        return trail.of(_lost_deals)(asked)
    return trail.scaled(_lost_deals, lambda asked: asked.row["lost_value"] / deals)(asked)


def _still_open(asked: Asked) -> Behind:
    """Of the leads at the stage before, or of all, those that went no further and are still open."""
    leads = trail.lead_rows(asked)
    knows = known(asked.tables["leads"])
    place = knows.stages.index(asked.row["stage"])
    there = trail.stands(leads, "open")
    if place:
        there &= trail.stands(leads, knows.stages[place - 1]) & ~trail.stands(leads, knows.stages[place])
    return trail.added(leads[there].assign(part=1.0))


def _before(asked: Asked) -> Behind:
    """Who came to the stage before; at the first, who came at all."""
    return _at(-1 if asked.row["stage"] != "new" else 0)(asked)


def _usual(asked: Asked) -> Behind:
    """Who came to the stage before in the six months whose median rate is the benchmark."""
    start = asked.scope.period.start.replace(day=1)
    window = Window(shift_months(start, -len(BENCHMARK)), start - ONE_DAY)
    return replace(_at(-1)(replace(asked, window=window)), adds_up=False)


STEP = trail.over(_at(0), _at(-1))
BEHIND = {
    "n": _at(0),
    "entrants": _at(-1),
    "step_rate": STEP,
    "low": trail.of(STEP),
    "high": trail.of(STEP),
    "cumulative": trail.over(_at(0), _first),
    "drop": trail.less(_at(-1), _at(0)),
    "previous": trail.earlier(STEP),
    "change": trail.less(STEP, trail.earlier(STEP)),
    "benchmark": _usual,
    "open_share": trail.over(_still_open, _before),
    "lost_deals": _lost_deals,
    "lost_value": _lost_value,
    "bottleneck": trail.of(_lost_deals),
}


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
    behind=BEHIND,
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
    found["bottleneck"] = (found["bottleneck"] & found["lost_deals"].notna()).astype("int64")
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
    found = standing(leads, compared, by)
    size = found["leads"]
    still = size * (found["outcome"] == "open")
    places = [STAGES.index(stage) for stage in stages]
    numbers = {f"n {k}": size * (found["reached"] >= place) for k, place in enumerate(places)}
    numbers["open 0"] = still
    for k in range(1, len(stages)):
        if stages[k - 1] != "won":
            numbers[f"open {k}"] = still * found["reached"].between(places[k - 1], places[k] - 1)
    return aligned(found[["look", *names(by)]].assign(**numbers), compared, by)


def _happened(
    leads: nw.LazyFrame[Any], stages: Sequence[str], compared: Sequence[Look], by: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Per look: ``n k``, the leads that have the date of stage k in it."""
    found = in_looks(_events(leads, tuple(names(by))), compared)
    dates = ["created" if stage == "new" else stage for stage in stages]
    numbers = {f"n {k}": found["n"] * (found["date"] == date) for k, date in enumerate(dates)}
    return aligned(found[["look", *names(by)]].assign(**numbers), compared, by)


@once
def _events(leads: nw.LazyFrame[Any], by: tuple[str, ...]) -> pd.DataFrame:
    """``n``, how many leads have the ``date`` (the name of its column) on a ``day``, by their names."""
    import narwhals as nw

    parts = []
    for name in ("created", *STEPS):
        days = leads.select(*by, day=nw.col(name)).filter(~nw.col("day").is_null())
        counts = days.with_columns(nw.col("day").dt.truncate("1d")).group_by("day", *by).agg(n=nw.len())
        parts.append(counts.with_columns(date=nw.lit(name)))
    return nw.concat(parts).collect("pandas").to_pandas()


def _steps(roles: Mapping[str, pd.DataFrame], stages: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """One row per stage and group; ``place`` is the stage's in the funnel, ``leads`` the group's size.

    The arrays have a line per stage and a column per group.
    """
    import numpy as np
    import pandas as pd

    def counts(role: str, number: str) -> Any:
        return np.stack([roles[role].get(f"{number} {k}", blank) for k in range(len(stages))])

    now = roles["current"]
    blank = np.full(len(now), np.nan)
    n = counts("current", "n")
    entrants, rate = _step_rates(n)
    low, high = wilson(n, entrants)
    months = np.stack([_step_rates(counts(month, "n"))[1].ravel() for month in BENCHMARK])
    usual = pd.DataFrame(months).median().to_numpy().reshape(n.shape)
    won = stages.index("won") if "won" in stages else 0
    to_win = np.full(n.shape, np.nan)
    later = np.ones(len(now))  # the usual rate from stage k to the win
    for k in range(won, 0, -1):
        to_win[k] = np.where(n[k] == 0, later, n[won] / _not_zero(n[k]))
        later = later * usual[k]
    deals = (usual - rate) * entrants * to_win
    most = np.nan_to_num(deals, nan=-np.inf).argmax(axis=0)
    place = np.repeat(np.arange(len(stages)), len(now))
    previous = _step_rates(counts("previous", "n"))[1]
    steps = pd.concat([now[list(by)]] * len(stages), ignore_index=True)
    numbers = {
        "leads": np.where(place == 0, n.ravel(), 0.0),
        "n": n,
        "entrants": entrants,
        "step_rate": rate,
        "low": low,
        "high": high,
        "cumulative": n / _not_zero(n[0]),
        "drop": entrants - n,
        "previous": previous,
        "change": rate - previous,
        "benchmark": usual,
        "open_share": counts("current", "open") / _not_zero(np.vstack([n[:1], n[:-1]])),
        "lost_deals": deals,
        "bottleneck": (place == np.tile(most, len(stages))) & (deals.ravel() > 0),
    }
    return steps.assign(
        place=place,
        stage=np.array(stages)[place],
        **{name: values.ravel() for name, values in numbers.items()},
    )


def _step_rates(n: Any) -> tuple[Any, Any]:
    """Those that came to the stage before (blank for the first stage), and ``n`` as a share of them."""
    import numpy as np

    entrants = np.vstack([np.full_like(n[:1], np.nan), n[:-1]])
    return entrants, n / _not_zero(entrants)


def _not_zero(whole: Any) -> Any:
    import numpy as np

    return np.where(whole == 0, np.nan, whole)


def _order_value(orders: Frame | None, scope: Scope) -> float:
    """Amount per order of the period, NaN without orders or where they come to nothing."""
    if orders is None or not filterable(orders, scope):
        return float("nan")
    return _mean_order(orders, replace(scope, basis="signed"))


@once
def _mean_order(orders: Frame, scope: Scope) -> float:
    signed = revenue(orders, None, None, scope)
    found = summed(signed, scope.current, (), counts=True)
    money, count = found["amount"][()], found["orders"][()]
    return money / count if count and money > 0 else float("nan")
