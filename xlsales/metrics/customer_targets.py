"""Targets of rates and counts of customers, whole or by type: renewal, retention, churn, growth, number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _activity, _contracts
from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import account_names
from xlsales.metrics._activity import LEAST, TIMES, activity, activity_behind
from xlsales.metrics._catalogue import TITLES, Out, metric
from xlsales.metrics._contracts import GRACE, dated, due, passing, terms
from xlsales.metrics._customer_goals import COUNT, SHARES, goals
from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once
from xlsales.metrics._purchases import EPOCH, purchase_rows, visited
from xlsales.metrics._reach import orders_reach
from xlsales.metrics._slices import Look, midnight
from xlsales.metrics._stats import SMALL_SAMPLE, wilson
from xlsales.metrics._targets import NAMES, told
from xlsales.metrics._tiers import of_type
from xlsales.metrics._typed_targets import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._customer_goals import Goal
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
    Out("measure", "text", "指标", "Measure"),
    Out("customer_type", "text", "客户类型", "Customer type"),
    *(Out(name, "text", *TITLES[name]) for name in NAMES),
    Out("since", "month", "目标月份", "Target of"),
    Out("whole", "count", "基数", "Base"),
    Out("part", "count", "其中", "Counted"),
    Out("open", "count", "宽限期内", "In grace"),
    Out("rate_target", "percent", "目标比率", "Target rate"),
    Out("rate", "percent", "实际比率", "Actual rate"),
    Out("difference", "points", "与目标相差", "Off target"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("count_target", "count", "目标数", "Target number"),
    Out("gap", "count", "数量差额", "Gap"),
    Out("attainment", "percent", "达成率", "Attainment"),
    Out("base", "text", "对比基期", "Compared with"),
    Out("sample", "text", "样本", "Sample"),
    Out("status", "text", "状态", "Status"),
)
NEAR = 0.95
JUDGED = ("met", "near", "missed", "open")
COUNTED = {"renewal": "renewed", "churn": "lost", "retention": "kept"}
OF = {"renewal": "due", "churn": "start", "retention": "start"}


@dataclass(frozen=True)
class Rules:
    """What counts as a renewal and as gone: the options of ``renewal`` and ``churn``."""

    grace: int
    of: str
    times: int
    least: int


@dataclass(frozen=True)
class Actual:
    """What is counted, of how many, in which base window, and contracts that may still be renewed."""

    part: float
    whole: float
    base: str = ""
    open: float = float("nan")


def _goal(asked: Asked) -> Goal:
    """The target that the row is about."""
    row = asked.row
    names = ("measure", "customer_type", *NAMES)
    return next(
        one
        for one in goals(asked.tables["targets"], asked.scope)
        if (one.measure, one.customer_type, *(dict(one.names).get(name, "") for name in NAMES))
        == tuple(row[name] for name in names)
    )


def _theirs(asked: Asked, goal: Goal) -> Asked:
    """The same about the names of the target."""
    filters = (*asked.scope.filters, *((name, (value,)) for name, value in goal.names))
    return replace(asked, scope=replace(asked.scope, filters=filters))


def _of_type(asked: Asked, goal: Goal, accounts: pd.Series) -> pd.Series:
    """Which of the accounts are customers of the type; all, where the target names none."""
    import pandas as pd

    members, _ = _who(asked.tables.get("customers"), goal)
    return pd.Series(True, accounts.index) if members is None else accounts.isin(members)


def _who(customers: Frame | None, goal: Goal) -> tuple[Collection[str] | None, str]:
    """The customers of the type of a target, None for all; and whether it means the new or existing ones.

    A word of the customers table goes before. Only who buys is new in the period: contracts that end, and
    customers at its start, are those of existing ones.
    """
    members = of_type(customers, goal.customer_type)
    kind = kind_of(goal.customer_type)
    if members or members is None or not kind:
        return members, ""
    if goal.measure in ("growth", COUNT):
        return None, kind
    return (None if kind == "existing" else members), ""


def _counted(*, whole: bool, still: bool = False) -> Trace:
    def trace(asked: Asked) -> Behind:
        goal = _goal(asked)
        about = _theirs(asked, goal)
        if goal.measure in ("growth", COUNT):
            return _bought(asked, goal, _base(asked) if whole else asked.window)
        what = "open" if still else (OF if whole else COUNTED)[goal.measure]
        if goal.measure == "renewal":
            grace, of = asked.options["grace"], asked.options["of"]
            found = passing(terms(asked.tables["contracts"], grace, of, True), about.scope, ())
            rows = due(found, Look("current", "", asked.window, asked.seen))
            rows = rows[_of_type(asked, goal, rows["account"])]
            return trail.marked(rows, what, "contracts")
        active, days = activity_behind(about, asked.options["times"], asked.options["least"])
        states = active.standing(asked.window.start, min(asked.window.end, asked.seen))
        states = states.assign(kept=states["start"] - states["lost"])
        rows = days.iloc[states.loc[states[what] > 0, "before"]]
        return trail.added(rows[_of_type(asked, goal, rows["account"])].assign(part=1.0))

    return trace


def _base(asked: Asked) -> Window:
    window: Window = getattr(asked.scope, str(asked.row["base"]))
    return window


def _bought(asked: Asked, goal: Goal, window: Window) -> Behind:
    """The customers who bought in the window, each by the first purchase in it."""
    seen = replace(asked, seen=asked.scope.as_of)
    rows, ever = purchase_rows(_theirs(seen, goal)), purchase_rows(seen)
    inside = (rows["day"] >= midnight(window.start)) & (rows["day"] < midnight(window.end, 1))
    if kind := _who(asked.tables.get("customers"), goal)[1]:
        began = rows["customer_id"].map(ever.groupby("customer_id")["day"].min())
        inside &= (began >= midnight(window.start)) == (kind == "new")
    rows = rows[inside & _of_type(asked, goal, rows["account"])].drop_duplicates("customer_id")
    return trail.added(rows.assign(part=1.0))


def _aim(asked: Asked) -> Behind:
    """The row of the target sheet."""
    goal = _goal(asked)
    return told([(goal.row, goal.target)])


def _rate(asked: Asked) -> Behind:
    if asked.row["measure"] == "growth":
        return trail.over(trail.less(PART, WHOLE), WHOLE)(asked)
    return trail.over(PART, WHOLE)(asked)


def _attained(asked: Asked) -> Behind:
    if asked.row["measure"] == "churn":
        return trail.over(_aim, _rate)(asked)
    return trail.over(PART if asked.row["measure"] == COUNT else _rate, _aim)(asked)


PART, WHOLE = _counted(whole=False), _counted(whole=True)
BEHIND = {
    "whole": WHOLE,
    "part": PART,
    "open": _counted(whole=False, still=True),
    "rate_target": _aim,
    "rate": _rate,
    "difference": trail.less(_rate, _aim),
    "low": trail.of(_rate),
    "high": trail.of(_rate),
    "count_target": _aim,
    "gap": trail.less(PART, _aim),
    "attainment": _attained,
}


@metric(
    "customer_targets",
    zh="客户指标达成",
    en="Customer targets",
    definition_zh="目标表中指标为续费率、留存率、流失率、客户数增长、客户数的行，可限客户类型、区域等，与实际相比："
    "续费率见续费率，流失率与留存率见客户流失率；客户数 = 期内有购买的客户；"
    "增长与去年同期相比，数据不及去年时与上期相比。"
    "客户类型可写新签或续费（新客户或老客户）。期间未结束时为进行中，客户数已达到的除外。"
    "达成率 = 实际 ÷ 目标，流失率越低越好，为目标 ÷ 实际，实际为负增长时为空；"
    "95 与 95% 同义。",
    definition_en="Rows of the targets whose metric is renewal, retention or churn rate, customer growth or "
    "customers, of a customer type, region and the like or of all, against what came: renewal as in renewal, "
    "churn and retention as in churn; customers = who bought in the period; growth is over the same months a "
    "year ago, or over the period before where the data do not reach so far. Attainment = actual / target, "
    "blank where customers became fewer, "
    "of churn, which is to be low, target / actual. Until the period is over a target is running, but for a "
    "number of customers that is reached. A type may be new or existing customers; 95 and 95% mean the same.",
    needs=("targets.period", "targets.target", "targets.metric"),
    columns=COLUMNS,
    options=(*_contracts.OPTIONS, *_activity.OPTIONS),
    rows=(84,),
    behind=BEHIND,
)
def customer_targets(
    targets: Frame,
    orders: Frame | None = None,
    contracts: Frame | None = None,
    customers: Frame | None = None,
    *,
    scope: Scope,
    grace: int = GRACE,
    of: str = "product",
    times: int = TIMES,
    least: int = LEAST,
) -> pd.DataFrame:
    """One row per target of a rate or a count that holds for the period; see ``_customer_goals``.

    A type is a word of the customers table, its tier or else its kind; words for key accounts are one. Where
    the table has no such word it may be new or existing customers (``WORDS``): of growth and of the count
    those whose first purchase under the filters, whatever was given back, lies within the window or before
    it; all who are there at the start, and all contracts due, are of existing ones. A target with names
    (region, team, rep, product) is about orders or contracts of all of them. ``whole`` and ``part``:
    contracts due and renewed; customers at the start and lost, or kept; of growth the customers of the base
    window (``base``: year_ago or previous) and those now; of the count those now alone. The interval is
    Wilson's, and ``sample`` small_sample where a share is of fewer than 30.

    ``status``: met from an attainment of 100 %, near from 95 %, else missed; open where contracts in their
    days of grace (``open``) can still make it. Until the data reach the end of the period it is running
    instead, since a rate can still turn and customers do not come evenly over the days; only a number of
    them, once reached, stays met. Without a number: not_started;
    unknown_type, no customer is called so; no_input, the orders or contracts are not there; no_base, there is
    nothing to be a share of; two_targets for the same; several_months, each with a count of its own;
    unclear_target, a share above 100 %.
    """
    import pandas as pd

    found = goals(targets, scope)
    rules = Rules(grace, of, times, least)
    rows = [_row(goal, orders, contracts, customers, scope, rules) for goal in found]
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    texts = [column.name for column in COLUMNS if column.format in ("text", "month")]
    numbers = [column.name for column in COLUMNS if column.name not in texts]
    return frame.astype(dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "float64"))


def _row(
    goal: Goal,
    orders: Frame | None,
    contracts: Frame | None,
    customers: Frame | None,
    scope: Scope,
    rules: Rules,
) -> dict[str, Any]:
    named = dict.fromkeys(NAMES, "") | dict(goal.names)
    row: dict[str, Any] = {
        "measure": goal.measure,
        "customer_type": goal.customer_type,
        **named,
        "since": goal.since,
    }
    row[f"{'count' if goal.measure == COUNT else 'rate'}_target"] = goal.target
    texts = {"base": "", "sample": "", "status": goal.status}
    members, kind = _who(customers, goal)
    source = contracts if goal.measure == "renewal" else orders
    if scope.current.end < scope.current.start:
        texts["status"] = "not_started"
    elif members is not None and not members:
        texts["status"] = "unknown_type"
    elif source is None or (goal.measure == "renewal" and not dated(source)):
        texts["status"] = "no_input"
    else:
        renewal = goal.measure == "renewal"
        actual = (
            _renewed(source, goal, members, scope, rules)
            if renewal
            else _customers(source, goal, members, kind, scope, rules)
        )
        found = row | texts | _compared(goal, actual)
        reached = goal.measure == COUNT and found["status"] == "met"
        if found["status"] in JUDGED and not (scope.complete or reached):
            found["status"] = "running"
        return found
    return row | texts


def _compared(goal: Goal, actual: Actual) -> dict[str, Any]:
    """The numbers of the row, and what they say of the target."""
    row: dict[str, Any] = {
        "part": actual.part, "whole": actual.whole, "base": actual.base, "open": actual.open
    }  # fmt: skip
    if goal.measure == COUNT:
        row |= {"gap": actual.part - goal.target, "attainment": actual.part / goal.target}
        return row | {"status": goal.status or _status(row["attainment"], row["gap"])}
    if not actual.whole > 0:
        return row | {"status": goal.status or "no_base"}
    share = goal.measure in SHARES
    rate = actual.part / actual.whole - (not share)
    off = rate - goal.target
    row |= {"rate": rate, "difference": off}
    if share:
        low, high = wilson([actual.part], [actual.whole])
        small = "small_sample" if actual.whole < SMALL_SAMPLE else ""
        row |= {"low": low[0], "high": high[0], "sample": small}
    part, whole = (goal.target, rate) if goal.measure == "churn" else (rate, goal.target)
    row["attainment"] = part / whole if whole > 0 and part >= 0 else float("nan")
    status = _status(row["attainment"], -off if goal.measure == "churn" else off)
    if status != "met" and actual.open > 0 and (actual.part + actual.open) / actual.whole >= goal.target:
        status = "open"
    return row | {"status": goal.status or status}


def _status(attainment: float, ahead: float) -> str:
    """Where nothing can be attained it is enough not to be behind."""
    if round(attainment, 12) >= 1 or round(ahead, 12) >= 0:
        return "met"
    return "near" if attainment >= NEAR else "missed"


def _renewed(
    contracts: Frame, goal: Goal, members: Collection[str] | None, scope: Scope, rules: Rules
) -> Actual:
    import numpy as np

    rows = _due(contracts, scope, rules)
    chosen = np.ones(len(rows), bool)
    for name, value in goal.names:
        chosen &= (rows[name] == value).to_numpy()
    if members is not None:
        chosen &= np.fromiter((one in members for one in rows["account"].tolist()), bool, len(rows))
    due, renewed, still = (float(rows.loc[chosen, name].sum()) for name in ("due", "renewed", "open"))
    return Actual(renewed, due, open=still)


@once
def _due(contracts: Frame, scope: Scope, rules: Rules) -> pd.DataFrame:
    """The contracts that end in the period."""
    found = passing(terms(contracts, rules.grace, rules.of), scope, ())
    return due(found, Look("current", "", scope.current, scope.as_of))


def _customers(
    orders: Frame, goal: Goal, members: Collection[str] | None, kind: str, scope: Scope, rules: Rules
) -> Actual:
    """Who bought, or who stayed, among the customers of the type under the names of the target."""
    import numpy as np

    visits, labels = visited(orders, scope, tuple(name for name, _ in goal.names))
    where = np.ones(len(labels), bool)
    for name, value in goal.names:
        where &= (labels[name] == value).to_numpy()
    lines = revenue(orders, None, None, replace(scope, basis="signed"))
    who, group = visits["customer"].to_numpy("int64"), visits["group"].to_numpy("int64")
    theirs = where[group]
    if members is not None:
        accounts = account_names(lines)
        wanted = np.zeros(int(max(accounts.index.max(), who.max(initial=0))) + 1, bool)
        numbers = accounts.index.to_numpy("int64")
        wanted[numbers] = np.fromiter((one in members for one in accounts.tolist()), bool, len(accounts))
        theirs &= wanted[who]
    if goal.measure in ("churn", "retention"):
        states = _standing(visits, scope, rules)
        states = states[theirs[visits["before"].to_numpy() < 0]]
        there, lost = float(states["start"].sum()), float(states["lost"].sum())
        return Actual(lost if goal.measure == "churn" else there - lost, there)
    day, who = visits["day"].to_numpy()[theirs], who[theirs]

    def bought(window: Window) -> float:
        inside = (day >= (window.start - EPOCH).days) & (day <= (window.end - EPOCH).days)
        if kind:
            began = _first_days(orders, scope)[who] >= (window.start - EPOCH).days
            inside &= began == (kind == "new")
        return float(len(np.unique(who[inside])))

    if goal.measure == COUNT:
        return Actual(bought(scope.current), float("nan"))
    reach = orders_reach(orders, scope)
    for role in ("year_ago", "previous"):
        if reach.holds(window := getattr(scope, role)):
            return Actual(bought(scope.current), bought(window), role)
    return Actual(bought(scope.current), float("nan"))


def _first_days(orders: Frame, scope: Scope) -> NDArray[np.int32]:
    """The day of the first purchase of each customer, by number."""
    import numpy as np

    visits, _ = visited(orders, scope)
    first = visits[visits["before"] < 0]
    who = first["customer"].to_numpy("int64")
    days = np.zeros(int(who.max(initial=0)) + 1, "int32")
    days[who] = first["day"]
    return days


@once
def _standing(visits: pd.DataFrame, scope: Scope, rules: Rules) -> pd.DataFrame:
    return activity(visits, rules.times, rules.least).standing(scope.current.start, scope.current.end)
