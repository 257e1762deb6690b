"""Grades of open leads: expected value as A, B or C, and how well the chances behind it came true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._once import once
from xlsales.metrics._pipeline import deals_on, last_day, longest_win, open_deals, stood
from xlsales.metrics._scope import shift_months
from xlsales.metrics._slices import midnight, sliced
from xlsales.metrics._stages import here, moments
from xlsales.metrics._stats import SMALL_SAMPLE, wilson
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

ALL = 1_000_000
"""As many leads as a sheet holds."""
A_UNTIL, B_UNTIL = 0.7, 0.9
"""A makes up the first 70 % of all expected value, B the next 20 %, C the last 10 %."""
WEIGHT = 20
"""A channel's own rate at a stage counts as much as the stage's rate from so many closed leads on."""
HELD_OUT = 3
"""Months between the day on which chances are told and the day on which they are held against what came."""
DECILES = 10

GRADES = (
    Out("grade", "text", "等级", "Grade"),
    Out("leads", "count", "线索数", "Leads"),
    Out("value", "money", "预计金额", "Value"),
    Out("expected", "money", "期望金额", "Expected value"),
    Out("share", "percent", "期望占比", "Share of expected"),
    Out("chance", "percent", "平均成交概率", "Average chance"),
    Out("status", "text", "状态", "Status"),
)
LIST = (
    Out("lead_id", "text", "线索编号", "Lead ID"),
    Out("customer", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Owner"),
    Out("source", "text", "渠道", "Channel"),
    Out("stage", "text", "阶段", "Stage"),
    Out("age", "days", "天数", "Age in days"),
    Out("value", "money", "预计金额", "Value"),
    Out("chance", "percent", "成交概率", "Chance"),
    Out("expected", "money", "期望金额", "Expected value"),
    Out("grade", "text", "等级", "Grade"),
)
CALIBRATION = (
    Out("decile", "count", "分位", "Decile"),
    Out("least", "percent", "最低概率", "Lowest chance"),
    Out("most", "percent", "最高概率", "Highest chance"),
    Out("n", "count", "已有结果", "Closed since"),
    Out("predicted", "percent", "预测成交率", "Predicted"),
    Out("actual", "percent", "实际成交率", "Actual"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("open", "count", "仍未结束", "Still open"),
    Out("status", "text", "状态", "Status"),
)


def _of_grade(column: str, *, any_grade: bool = False) -> Trace:
    """The open leads of the grade of the row, or of all grades."""

    def trace(asked: Asked) -> Behind:
        leads, orders = asked.tables["leads"], asked.tables.get("orders")
        found = _graded(leads, orders, asked.scope, (SOURCE, ROW)).assign(leads=1.0)
        grades = ["A", "B", "C"] if any_grade else [asked.row["grade"]]
        return trail.marked(found[found["grade"].isin(grades)], column)

    return trace


LEAD_GRADES_BEHIND = {
    **{name: _of_grade(name) for name in ("leads", "value", "expected")},
    "share": trail.over(_of_grade("expected"), _of_grade("expected", any_grade=True)),
    "chance": trail.over(_of_grade("expected"), _of_grade("value")),
}


def _listed(column: str) -> Trace:
    """The open lead of the row."""

    def trace(asked: Asked) -> Behind:
        leads, orders = asked.tables["leads"], asked.tables.get("orders")
        found = _graded(leads, orders, asked.scope, (SOURCE, ROW)).assign(one=1.0)
        titles = {"lead_id": "lead_id", "customer": "customer", "rep": "owner", "channel": "source"}
        for name, title in (titles | {one: one for one in ("stage", "age", "expected")}).items():
            found = found[found[name] == asked.row[title]]
        return trail.marked(found.head(1), column)

    return trace


LIST_BEHIND = {
    "age": trail.of(_listed("one")),
    "value": _listed("value"),
    "chance": trail.over(_listed("chance"), _listed("one")),
    "expected": _listed("expected"),
}


def _of_decile(column: str) -> Trace:
    """The leads of the decile of the row that have closed since, or are still open."""

    def trace(asked: Asked) -> Behind:
        now = last_day(asked.scope)
        then = shift_months(now, -HELD_OUT)
        found = _in_deciles(_told(asked.tables["leads"], asked.scope, then, now, (SOURCE, ROW)))
        return trail.marked(found[found["decile"] == asked.row["decile"]], column)

    return trace


ACTUAL = trail.over(_of_decile("won"), _of_decile("n"))
CALIBRATION_BEHIND = {
    **dict.fromkeys(("decile", "least", "most"), trail.of(_of_decile("told"))),
    "n": _of_decile("n"),
    "predicted": trail.over(_of_decile("sure"), _of_decile("n")),
    "actual": ACTUAL,
    "low": trail.of(ACTUAL),
    "high": trail.of(ACTUAL),
    "open": _of_decile("open"),
}


@metric(
    "lead_grades",
    zh="线索分级",
    en="Lead grades",
    definition_zh="在谈线索按 期望金额 = 预计金额 × 成交概率 排序：累计前 70% 为 A，其次 20% 为 B，其余为 C。"
    "成交概率取自身历史：过去停在该阶段、该渠道的线索后来 成交 ÷（成交 + 流失），"
    "样本少时向该阶段整体收缩。"
    "比任何成交都老的线索不分级。",
    definition_en="Open leads by expected value = value x chance: A the first 70 % of it, B the next 20 %, "
    "C the rest. The chance is won / (won + lost) of the leads that stood in that stage and channel "
    "before, drawn towards the stage's rate where they are few. Leads older than any win are not graded.",
    needs=("leads.created",),
    columns=GRADES,
    rows=(60,),
    behind=LEAD_GRADES_BEHIND,
)
def lead_grades(leads: Frame, orders: Frame | None = None, *, scope: Scope) -> pd.DataFrame:
    """One row per grade: the open leads of ``graded_leads``, and ``stale``, those not graded for their age.

    The chance of a lead is that of the leads that stood at its stage, of its channel, before: won / closed,
    drawn towards the rate of the stage alone where few have closed (``chances``). ``chance`` of a grade is
    the mean of its leads; ``expected`` is value x chance, and ``share`` its part of what A, B and C expect.

    ``status``: ``no_history`` where no win and no loss is on record, so that nothing tells a chance.
    """
    import pandas as pd

    found = _graded(leads, orders, scope)
    rows = found.groupby("grade", as_index=False).agg(
        leads=("value", "size"), value=("value", "sum"), expected=("expected", "sum")
    )
    rows[["value", "expected"]] = rows[["value", "expected"]].round(PLACES)
    whole = rows.loc[rows["grade"].isin(["A", "B", "C"]), "expected"].sum()
    rows["share"] = (rows["expected"] / whole if whole > 0 else rows["expected"] * float("nan")).where(
        rows["grade"].isin(["A", "B", "C"])
    )
    rows["chance"] = (rows["expected"] / rows["value"].where(rows["value"] > 0)).astype("float64")
    known = len(stood(leads, last_day(scope))) > 0
    rows["status"] = pd.Series("" if known else "no_history", rows.index, dtype="str")
    return rows.astype({"leads": "float64"})[[column.name for column in GRADES]]


@metric(
    "graded_leads",
    zh="分级线索清单",
    en="Graded leads",
    definition_zh="每条在谈线索的阶段、金额、成交概率、期望金额与等级，期望金额大的在前。口径同线索分级。",
    definition_en="Every open lead with its stage, value, chance, expected value and grade, the most "
    "expected first. As defined for lead grades.",
    needs=("leads.created",),
    columns=LIST,
    options=(
        Option(
            "limit",
            "只列前多少条，默认一张表放得下的全部",
            "how many to list, all that a sheet holds by default",
        ),
    ),
    rows=(60,),
    behind=LIST_BEHIND,
)
def graded_leads(
    leads: Frame, orders: Frame | None = None, *, scope: Scope, limit: int = ALL
) -> pd.DataFrame:
    """One row per open lead that is not stale, on the last day of the period that the data reach.

    ``value``: see ``_pipeline``. ``chance`` = (won + 20 p) / (closed + 20) over the leads of its channel that
    stood open in its stage before (``_pipeline.stood``), where p = (won + 1) / (closed + 2) is that of the
    stage over all channels: an empirical rate with the weight of twenty leads of prior. ``grade``: A while
    the leads before it have less than 70 % of all expected value, B while they have less than 90 %, else C.
    ``UsageError`` where ``limit`` is below 1.
    """
    if limit < 1:
        raise UsageError("unknown_value", option="limit", value=limit, known="1, 2, 3 …")
    found = _graded(leads, orders, scope)
    found = found[found["grade"] != "stale"].head(limit)
    found = found.rename(columns={"rep": "owner", "channel": "source"})
    return found[[column.name for column in LIST]].reset_index(drop=True)


@metric(
    "grade_calibration",
    zh="成交概率校准",
    en="Calibration of chances",
    definition_zh="三个月前的在谈线索，当时可知的历史所给的成交概率，"
    "与其后实际 成交 ÷（成交 + 流失）按概率十分位比较。",
    definition_en="The leads open three months ago with the chance that was told from what was known then, "
    "against won / (won + lost) since, by decile of the chance.",
    needs=("leads.created", "leads.won", "leads.lost"),
    columns=CALIBRATION,
    rows=(60,),
    behind=CALIBRATION_BEHIND,
)
def grade_calibration(leads: Frame, *, scope: Scope) -> pd.DataFrame:
    """One row per decile of the chance: predicted on a day three months before the last one, and what came.

    The chances are those of ``graded_leads`` from leads closed by that day, so nothing of what followed is
    in them. ``least`` and ``most`` are the lowest and the highest chance of the decile, ``n`` the leads
    closed since, ``predicted`` their mean chance, ``actual`` the share won with its Wilson 95 % interval;
    ``open`` have no result yet. Equal chances stay in one decile, so there may be fewer than ten. Leads that
    were stale then are left out, as they are not graded.

    ``status``: ``off`` where the prediction lies outside the interval, ``small_sample`` (fewer than 30),
    ``no_result`` where all are still open.
    """
    import numpy as np

    now = last_day(scope)
    then = shift_months(now, -HELD_OUT)
    found = _in_deciles(_told(leads, scope, then, now))
    deciles = found.groupby("decile", as_index=False)
    rows = deciles[["n", "won", "open", "sure"]].sum().astype("float64")
    rows["least"], rows["most"] = deciles["chance"].min()["chance"], deciles["chance"].max()["chance"]
    n = rows["n"].where(rows["n"] > 0)
    rows["predicted"], rows["actual"] = (rows["sure"] / n).round(12), rows["won"] / n
    rows["low"], rows["high"] = wilson(rows["won"], rows["n"])
    off = (rows["predicted"] < rows["low"]) | (rows["predicted"] > rows["high"])
    reasons = [rows["n"] == 0, rows["n"] < SMALL_SAMPLE, off]
    rows["status"] = np.select(reasons, ["no_result", "small_sample", "off"], "").astype("str")
    return rows[[column.name for column in CALIBRATION]].astype({"status": "str"})


@once
def _graded(leads: Frame, orders: Frame | None, scope: Scope, places: tuple[str, ...] = ()) -> pd.DataFrame:
    """Every open lead with ``chance``, ``expected`` and ``grade`` (stale: none), the most expected first."""
    import numpy as np

    names = ("lead_id", "customer", "rep", "channel")
    found = open_deals(leads, orders, scope, (*names, *places))
    found = found.drop(columns=["valued", "source"]).assign(
        **{name: found[name].astype("str").where(found[name].notna(), "") for name in names},
        chance=chances(leads, last_day(scope), found),
        age=found["age"].astype("float64"),
    )
    found["expected"] = (found["value"] * found["chance"]).round(PLACES)
    order = ["expected", "value", "age", *names, "stage"]
    if not found.duplicated(order[:4]).any():  # then the rest of the order, which is dear, is needless
        order = order[:4]
    ascending = [False, False, *([True] * (len(order) - 2))]
    found = found.sort_values(order, ascending=ascending, ignore_index=True)
    worth = found["expected"].where(~found["stale"], 0.0)
    whole = worth.sum()
    before = ((worth.cumsum() - worth) / whole).round(12) if whole > 0 else worth + 1
    found["grade"] = np.select([found["stale"], before < A_UNTIL, before < B_UNTIL], ["stale", "A", "B"], "C")
    return found.astype({"grade": "str", "stage": "str"})


def chances(leads: Frame, day: date, deals: pd.DataFrame) -> NDArray[np.float64]:
    """The chance of each of ``deals`` (``stage`` and ``channel``), from those that stood so before it."""
    past = stood(leads, day)
    stages = past.groupby("stage")[["won", "closed"]].sum()
    usual = (stages["won"] + 1) / (stages["closed"] + 2)
    prior = deals["stage"].map(usual).astype("float64").fillna(0.5)
    own = deals[["stage", "channel"]].merge(past, on=["stage", "channel"], how="left")
    won, closed = (own[name].fillna(0.0).to_numpy("float64") for name in ("won", "closed"))
    found: NDArray[Any] = (won + WEIGHT * prior.to_numpy("float64")) / (closed + WEIGHT)
    return found


def _in_deciles(told: pd.DataFrame) -> pd.DataFrame:
    """The leads of ``_told`` with their ``decile``, and what each adds to the columns of its row."""
    import numpy as np

    rank = (told["chance"].rank(method="average") - 0.5) / max(len(told), 1)
    decile = np.ceil((rank * DECILES).round(9)).clip(1, DECILES)
    closed = told["won"] + told["lost"] > 0
    sure = told["chance"].where(closed, 0.0)
    return told.assign(decile=decile, n=closed, open=~closed, sure=sure, told=1.0)


def _told(leads: Frame, scope: Scope, then: date, now: date, places: tuple[str, ...] = ()) -> pd.DataFrame:
    """The leads open ``then`` and not stale: the ``chance`` told then, and ``won``, ``lost`` by ``now``."""
    import narwhals as nw
    import numpy as np

    seen = nw.lit(midnight(now, 1))
    rows = sliced(moments(leads), scope, ("channel",))
    marked = rows.with_columns(won_since=here("won", seen), lost_since=here("lost", seen))
    found = deals_on(marked, then, ("channel", "won_since", "lost_since", *places))
    longest = longest_win(leads, then)
    found = found[found["age"] <= (np.inf if longest is None else longest)].reset_index(drop=True)
    won = found["won_since"] == 1
    return found.assign(
        chance=chances(leads, then, found).round(12), won=won, lost=(found["lost_since"] == 1) & ~won
    )
