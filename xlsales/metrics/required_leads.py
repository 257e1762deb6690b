"""Leads needed: how many new leads bring what is missing to the target, and bring it in time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics import _pipeline
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, revenue, summed
from xlsales.metrics._lives import each_life, lives, watched
from xlsales.metrics._stages import known
from xlsales.metrics._stats import SMALL_SAMPLE
from xlsales.metrics._survival import share_by, win_curves
from xlsales.metrics._targets import UNITS, aim
from xlsales.metrics.attainment import attainment
from xlsales.metrics.conversion import conversion
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("target", "money", "目标", "Target"),
    Out("actual", "money", "实际", "Actual"),
    Out("remaining", "money", "剩余目标", "Remaining target"),
    Out("order_value", "money", "客单价", "Average order"),
    Out("leads", "count", "样本线索", "Leads in sample"),
    Out("conversion", "percent", "转化率", "Conversion"),
    Out("needed", "count", "需要线索", "Leads needed"),
    Out("days_left", "days", "剩余天数", "Days left"),
    Out("in_time", "percent", "来得及成交的比例", "Won in time"),
    Out("needed_in_time", "count", "按周期需要线索", "Leads needed in time"),
    Out("status", "text", "状态", "Status"),
)


def _remaining(asked: Asked) -> Behind:
    """What is missing to the target; nothing once it is reached."""
    missing = trail.less(aim, trail.money())
    return missing(asked) if asked.row["remaining"] else trail.of(missing)(asked)


def _of_year(trace: Trace) -> Trace:
    """The same on the signed basis of the twelve months to the last day of the data."""

    def back(asked: Asked) -> Behind:
        year = replace(_pipeline.without_period(asked.scope), basis="signed")
        return trace(replace(asked, scope=year, window=year.period, seen=year.as_of))

    return back


def _sample(asked: Asked) -> Behind:
    """The leads that were watched in the twelve months, or without win dates those created in them."""
    leads = asked.tables["leads"]
    if "won" not in known(leads).dated:
        return _of_year(trail.leads())(asked)
    year = _pipeline.without_period(asked.scope)
    return trail.marked(watched(each_life(leads, year, (SOURCE, ROW)), year.period), "leads")


BEHIND = {
    "target": aim,
    "actual": trail.money(),
    "remaining": _remaining,
    "order_value": trail.over(_of_year(trail.money()), _of_year(trail.orders())),
    "leads": _sample,
    "conversion": trail.of(_sample),
    "needed": trail.of(_remaining),
    "in_time": trail.of(_sample),
    "needed_in_time": trail.of(_remaining),
}


@metric(
    "required_leads",
    zh="所需线索量",
    en="Leads needed",
    definition_zh="需要线索 = 剩余目标 ÷（客单价 × 转化率）；按周期 = 再除以新线索在剩余天数内成交的比例。"
    "客单价与转化率取截至数据日的 12 个月，未结束的线索作删失。",
    definition_en="Leads needed = remaining target / (average order x conversion); in time: divided by the "
    "share of wins that come within the days left. Average order and conversion are those of the 12 months "
    "up to the data date, with open leads censored.",
    needs=(
        *("leads.created", "orders.order_date", "orders.amount"),
        *("targets.period", "targets.target"),
    ),
    columns=COLUMNS,
    options=(Option("by", "分行维度", "dimensions", UNITS),),
    rows=(64, 143),
    behind=BEHIND,
)
def required_leads(
    leads: Frame,
    orders: Frame,
    targets: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per unit with a target (or the whole): what is missing, and the new leads that would bring it.

    ``conversion`` is the share of leads that are won in the end: the cumulative incidence over the twelve
    months to the data date with losses as a competing end (``_survival``), so that young leads do not
    lower it; without win dates it is won / created of those months. ``order_value`` is signed revenue per
    order of the same months.

    ``in_time`` is the share of those wins that come within ``days_left``, the days from the data date (or
    the day before the period, if that is later) to its end: what new leads can bring if all come at once
    now. ``needed_in_time`` = remaining / (order_value x conversion x in_time). Open deals may bring part of
    it: see ``pipeline_coverage``.

    ``status``: ``no_target``; ``reached`` (0 needed); ``no_conversion``, nothing was ever won or sold;
    ``over``, no day is left; ``too_late``, no win was ever so quick; ``undated``, no win dates, so only
    ``needed``; ``small_sample``, fewer than 30 leads.
    """
    import pandas as pd

    goals = attainment(orders, targets, payments, refunds, scope=scope, by=by)
    if by:
        goals = goals[goals["target"].notna()]
    day = _pipeline.last_day(scope)
    year = _pipeline.without_period(scope)
    values = _order_values(orders, year, by)
    dated = "won" in known(leads).dated
    curves = _curves(leads, year, by) if dated else _shares(leads, year, by)
    days_left = (scope.period.end - max(day, scope.period.start - ONE_DAY)).days
    rows = []
    for goal in goals.sort_values(list(by) or ["target"]).to_dict("records"):
        key = tuple(goal[name] for name in by)
        sample, curve = curves.get(key, (0.0, None))
        value = values.get(key, float("nan"))
        rows.append(
            {**{name: goal[name] for name in by}, **_needs(goal, value, sample, curve, days_left, dated)}
        )
    columns = [*by, *(column.name for column in COLUMNS)]
    found = pd.DataFrame(rows, columns=columns)
    numbers = [column.name for column in COLUMNS if column.format != "text"]
    found[numbers] = found[numbers].astype("float64")
    found[[*by, "status"]] = found[[*by, "status"]].astype("str")
    return found.sort_values(["target", *by], ascending=[False, *(True for _ in by)], ignore_index=True)


def _needs(
    goal: dict[Any, Any], value: float, sample: float, curve: Any, days_left: int, dated: bool
) -> dict[str, Any]:
    """The numbers of one row; ``curve`` is the share won by age, or one number without dates."""
    target = goal["target"] if goal["target"] > 0 else float("nan")
    missing = round(max(target - goal["actual"], 0.0), PLACES) if target == target else float("nan")
    rate = 0.0 if curve is None else share_by(curve, float("inf")) if dated else curve
    quick = share_by(curve, days_left) / rate if dated and curve is not None and rate > 0 else float("nan")
    nothing = {"target": target, "actual": goal["actual"], "remaining": missing, "order_value": value}
    row = {
        **nothing,
        "leads": sample,
        "conversion": rate if sample else float("nan"),
        "days_left": float(days_left),
        "in_time": quick if days_left > 0 else float("nan"),
    }
    if target != target:
        return {**row, "days_left": float("nan"), "in_time": float("nan"), "status": "no_target"}
    if missing == 0:
        return {**row, "needed": 0.0, "needed_in_time": 0.0, "status": "reached"}
    needed = _pipeline.leads_needed(missing, rate, value) if value == value else None
    if needed is None:
        return {**row, "status": "no_conversion"}
    row["needed"] = float(needed)
    if days_left <= 0:
        return {**row, "status": "over"}
    if not dated:
        return {**row, "status": "undated"}
    soon = _pipeline.leads_needed(missing, rate * quick, value)
    status = "too_late" if soon is None else "small_sample" if sample < SMALL_SAMPLE else ""
    return {**row, "needed_in_time": float("nan") if soon is None else float(soon), "status": status}


def _order_values(orders: Frame, year: Scope, by: tuple[str, ...]) -> Amounts:
    """Signed revenue per order of the year, by ``by``; a name without a positive one is not there."""
    signed = replace(year, basis="signed")
    found = summed(revenue(orders, None, None, signed, by), year.period, by, counts=True)
    return {
        key: money / found["orders"][key]
        for key, money in found["amount"].items()
        if money > 0 and found["orders"][key]
    }


def _curves(leads: Frame, year: Scope, by: tuple[str, ...]) -> dict[tuple[str, ...], tuple[float, Any]]:
    """How many leads were watched in the year and the share won by age, by ``by``."""
    found = watched(lives(leads, year, by), year.period)
    found = found.assign(cell=found.groupby(list(by)).ngroup() if by else 0)
    sizes = found.groupby("cell")["leads"].sum()
    curves = {int(str(cell)): curve for cell, curve in win_curves(found, "competing").groupby("cell")}
    keys = found.drop_duplicates("cell").sort_values("cell")[list(by)].to_numpy().tolist()
    return {tuple(keys[cell]): (float(size), curves.get(cell)) for cell, size in enumerate(sizes)}


def _shares(leads: Frame, year: Scope, by: tuple[str, ...]) -> dict[tuple[str, ...], tuple[float, Any]]:
    """How many leads were created in the year and the share of them that is won, by ``by``."""
    found = conversion(leads, scope=year, by=by).fillna({"conversion": 0.0})
    return {
        tuple(row[name] for name in by): (float(row["leads"]), float(row["conversion"]))
        for row in found.to_dict("records")
    }
