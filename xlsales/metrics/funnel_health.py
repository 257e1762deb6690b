"""Funnel health: the few checks by which a funnel is well, each with its norm and a traffic light."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Out, find, metric
from xlsales.metrics._lives import lives, won_ages
from xlsales.metrics._pipeline import last_day, open_deals
from xlsales.metrics._stats import SMALL_SAMPLE
from xlsales.metrics.dwell import STUCK, dwell
from xlsales.metrics.lead_funnel import lead_funnel
from xlsales.metrics.pipeline_coverage import pipeline_coverage
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COVERED, THIN = 1.0, 0.8
"""The weighted pipeline covers what is missing; below 80 % of it is red."""
SLOW = 1.2
"""Above 1.2 times its norm a stage is slow; above ``STUCK`` times it is red."""
SOME_STALE, MUCH_STALE = 0.1, 0.25
FRESH, HALF_FRESH = 0.5, 0.25

COLUMNS = (
    Out("check", "text", "检查项", "Check"),
    Out("stage", "text", "阶段", "Stage"),
    Out("value", "number", "当前", "Now"),
    Out("norm", "number", "标准", "Norm"),
    Out("n", "count", "样本", "Sample"),
    Out("light", "text", "灯号", "Light"),
    Out("status", "text", "状态", "Status"),
)


def _deals(column: str) -> Trace:
    """The open deals, those of them that are stale, or their value with or without its discount for age."""

    def trace(asked: Asked) -> Behind:
        leads = asked.tables["leads"]
        deals = open_deals(leads, asked.tables.get("orders"), asked.scope, (SOURCE, ROW)).assign(one=1.0)
        longer, _ = _longer(deals, leads, asked.scope)
        return trail.marked(deals.assign(fresh=deals["value"] * longer), column)

    return trace


CHECKS: dict[tuple[str, str], tuple[str, str] | Trace] = {
    ("coverage", "value"): ("pipeline_coverage", "coverage"),
    ("coverage", "n"): ("pipeline_coverage", "deals"),
    ("dwell", "value"): ("dwell", "median"),
    ("dwell", "norm"): ("dwell", "norm"),
    ("dwell", "n"): ("dwell", "n"),
    ("step", "value"): ("lead_funnel", "step_rate"),
    ("step", "norm"): ("lead_funnel", "benchmark"),
    ("step", "n"): ("lead_funnel", "entrants"),
    ("stale", "value"): trail.over(_deals("stale"), _deals("one")),
    ("stale", "n"): _deals("one"),
    ("fresh", "value"): trail.over(_deals("fresh"), _deals("value")),
    ("fresh", "n"): trail.of(_deals("one")),
}
"""What the columns of each check are: those of another metric, or what open deals make."""


def _of_check(column: str) -> Trace:
    """The rows of the check of the row. A norm that is ours has no rows: those of its value are told."""

    def trace(asked: Asked) -> Behind:
        check = asked.row["check"]
        if (check, column) not in CHECKS:
            return replace(_of_check("value")(asked), adds_up=False)
        found = CHECKS[check, column]
        if not isinstance(found, tuple):
            return found(asked)
        key, name = found
        row = _row_of(key, asked)
        return find(key).behind[name](replace(asked, row=row, options={"view": FUNNEL_VIEW}))

    return trace


def _row_of(key: str, asked: Asked) -> dict[str, Any]:
    """The row of another metric that a check stands for."""
    metric, tables = find(key), asked.tables
    rows = metric.function(**{name: tables.get(name) for name in metric.tables}, scope=asked.scope)
    same = rows["stage"] == (asked.row["stage"] or "")
    return {str(name): value for name, value in rows[same].iloc[0].items()}


FUNNEL_VIEW = "cohort"
BEHIND = {name: _of_check(name) for name in ("value", "norm", "n")}


@metric(
    "funnel_health",
    zh="漏斗健康度",
    en="Funnel health",
    definition_zh="覆盖倍数（绿 ≥ 1，红 < 0.8）；各阶段停留中位数对近 6 月（绿 ≤ 1.2 倍，红 > 1.5 倍）；"
    "各步转化率对近 6 月中位数（红：整个 95% 区间低于它）；陈旧商机占比（绿 ≤ 10%，红 > 25%）；"
    "按年龄折算后的商机金额占比（绿 ≥ 50%，红 < 25%）。",
    definition_en="Coverage (green from 1, red below 0.8); dwell of each stage against its 6-month median "
    "(green to 1.2 times, red above 1.5); each step rate against its 6-month median (red: the whole 95 % "
    "interval below); share of stale deals (green to 10 %, red above 25 %); share of the open value left "
    "when weighted by age (green from 50 %, red below 25 %).",
    needs=("leads.created",),
    columns=COLUMNS,
    rows=(59,),
    behind=BEHIND,
)
def funnel_health(
    leads: Frame,
    orders: Frame | None = None,
    targets: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
) -> pd.DataFrame:
    """One row per check, those of a stage in funnel order: ``value`` now, its ``norm``, and the ``light``.

    coverage: see ``pipeline_coverage``, times; ``value`` blank and green once the target is reached.
    dwell: the median days in a stage, see ``dwell``. step: the rate into a stage among the leads of the
    period, see ``lead_funnel``: amber is below the norm with the norm inside the 95 % interval, so that it
    may be chance. stale: stale deals / open deals, see ``_pipeline``. fresh: each open value times the share
    of all won deals that took longer than its age, as a part of the open value.

    The cut-offs of coverage, stale and fresh are ours, that of dwell is HubSpot's. ``light`` is green, amber,
    red, or blank where there is nothing to judge by; ``status`` says why: ``no_target``, ``no_norm``,
    ``no_deals``, ``no_wins``, or ``small_sample`` where n is below 30 and the light is only a hint.
    """
    import pandas as pd

    whole = pipeline_coverage(leads, orders, targets, payments, refunds, scope=scope).iloc[0]
    rows = [_coverage(whole)]
    rows += [_dwell(row) for row in dwell(leads, scope=scope).to_dict("records")]
    steps = lead_funnel(leads, orders, scope=scope).to_dict("records")
    rows += [_step(row) for row in steps[1:] if row["stage"] != "renewed"]
    deals = open_deals(leads, orders, scope)
    rows += [_stale(deals), _fresh(deals, leads, scope)]
    found = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    text = [column.name for column in COLUMNS if column.format == "text"]
    numbers = [column.name for column in COLUMNS if column.format != "text"]
    found[text] = found[text].astype("object").where(found[text].notna(), "").astype("str")
    found[numbers] = found[numbers].astype("float64")
    return found


def _coverage(row: Any) -> dict[str, Any]:
    covered, deals = row["coverage"], row["deals"]
    found = {"check": "coverage", "value": covered, "norm": COVERED, "n": deals, "status": ""}
    if row["status"] == "reached":
        return {**found, "light": "green"}
    if covered != covered:
        return {**found, "status": row["status"] or "no_target", "norm": float("nan")}
    return {**found, "light": _light(covered >= COVERED, covered < THIN)}


def _dwell(row: dict[Any, Any]) -> dict[str, Any]:
    median, norm = row["median"], row["norm"]
    found = {"check": "dwell", "stage": row["stage"], "value": median, "norm": norm, "n": row["n"]}
    if median != median or norm != norm:
        return {**found, "status": row["status"] if row["status"] == "no_stage_history" else "no_norm"}
    return {
        **found,
        "light": _light(median <= SLOW * norm, median > STUCK * norm),
        "status": _few(row["n"]),
    }


def _step(row: dict[Any, Any]) -> dict[str, Any]:
    rate, norm = row["step_rate"], row["benchmark"]
    found = {"check": "step", "stage": row["stage"], "value": rate, "norm": norm, "n": row["entrants"]}
    if rate != rate or norm != norm:
        return {**found, "status": "no_norm"}
    return {**found, "light": _light(rate >= norm, row["high"] < norm), "status": _few(row["entrants"])}


def _stale(deals: pd.DataFrame) -> dict[str, Any]:
    found = {"check": "stale", "norm": SOME_STALE, "n": len(deals)}
    if not len(deals):
        return {**found, "status": "no_deals", "norm": float("nan")}
    part = float(deals["stale"].mean())
    light = _light(part <= SOME_STALE, part > MUCH_STALE)
    return {**found, "value": part, "light": light, "status": _few(len(deals))}


def _fresh(deals: pd.DataFrame, leads: Frame, scope: Scope) -> dict[str, Any]:
    """Of the open value, what is left when each deal counts by the share of wins that took longer than it."""
    longer, wins = _longer(deals, leads, scope)
    worth = float(deals["value"].sum())
    found = {"check": "fresh", "norm": FRESH, "n": len(deals)}
    if worth <= 0:
        return {**found, "status": "no_deals", "norm": float("nan")}
    if not wins:
        return {**found, "status": "no_wins"}
    part = round(float((deals["value"] * longer).sum()) / worth, 12)
    light = _light(part >= FRESH, part < HALF_FRESH)
    return {**found, "value": part, "light": light, "status": _few(min(len(deals), wins))}


def _longer(deals: pd.DataFrame, leads: Frame, scope: Scope) -> tuple[NDArray[np.float64], int]:
    """The share of all won deals that took longer than each deal is old, and how many were won."""
    import numpy as np

    ages = np.sort(won_ages(lives(leads, scope, ()), last_day(scope)))
    older = np.searchsorted(ages, deals["age"].to_numpy("float64"), side="right")
    return 1 - older / max(len(ages), 1), len(ages)


def _light(good: bool, bad: bool) -> str:
    return "green" if good else "red" if bad else "amber"


def _few(n: float) -> str:
    return "small_sample" if n < SMALL_SAMPLE else ""
