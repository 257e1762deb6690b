"""Response within the agreed hours: how many enquiries were answered in time, and which wait too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._lives import waited
from xlsales.metrics._office import office
from xlsales.metrics._pipeline import last_day
from xlsales.metrics._slices import Look, aligned, distinct, in_order, looks, midnight, names, sliced
from xlsales.metrics._stages import DIMENSIONS, here, moments
from xlsales.metrics._stats import against_overall, sample_status, share
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._office import Office
    from xlsales.metrics._scope import Scope

HOURS = 48
HOURS_OPTION = Option("hours", "时限（自然小时），默认 48", "the limit in clock hours, 48 by default")
OPEN_OPTION = Option(
    "business",
    "营业时间，如 9-18：时限只计工作日的这段时间；留空则按设置",
    "business hours, such as 9-18: only these hours of working days count; empty as in the settings",
)

COLUMNS = (
    Out("n", "count", "应响应", "Due"),
    Out("within", "count", "时限内", "In time"),
    Out("late", "count", "超时响应", "Late"),
    Out("overdue", "count", "超时未响应", "Overdue"),
    Out("within_share", "percent", "及时率", "Share in time"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("flag", "text", "对总体", "Against overall"),
    Out("median_hours", "number", "响应中位小时", "Median hours"),
    Out("p90_hours", "number", "P90 小时", "P90 hours"),
    Out("waiting", "count", "时限内待响应", "Waiting"),
    Out("untimed", "count", "无响应时间", "Without time"),
    Out("errors", "count", "负时长", "Negative"),
    Out("status", "text", "状态", "Status"),
)


def _taken(*kinds: str) -> Trace:
    """The leads created in the window, by how they were answered."""

    def trace(asked: Asked) -> Behind:
        leads = sliced(moments(asked.tables["leads"]), asked.scope, ())
        look = Look("current", "", asked.window, asked.seen)
        opening = office(asked.options["business"] or asked.scope.policy.business, asked.scope.calendar)
        found = _judged(leads, look, asked.options["hours"], opening, (SOURCE, ROW))
        return trail.marked(found.assign(sum=found[list(kinds)].sum(axis=1)), "sum")

    return trace


DUE, ANSWERED = _taken("within", "late", "overdue"), _taken("within", "late")
SHARE = trail.over(_taken("within"), DUE)
BEHIND = {
    "n": DUE,
    **{name: _taken(name) for name in ("within", "late", "overdue", "waiting", "untimed", "errors")},
    "within_share": SHARE,
    "low": trail.of(SHARE),
    "high": trail.of(SHARE),
    "previous": trail.earlier(SHARE),
    "change": trail.less(SHARE, trail.earlier(SHARE)),
    "median_hours": trail.of(ANSWERED),
    "p90_hours": trail.of(ANSWERED),
}


@metric(
    "response_sla",
    zh="响应及时率",
    en="Response in time",
    definition_zh="期内新建线索中，首次响应在时限（默认 48 自然小时）内的 ÷（已响应 + 超时未响应）。"
    "仍在时限内的不计；已有后续阶段但无响应时间的单列。",
    definition_en="Of the leads created in the period, those first answered within the limit (48 clock "
    "hours) / (answered + overdue). Those still within the limit do not count; those further on without a "
    "response time stand apart.",
    needs=("leads.created", "leads.responded"),
    columns=COLUMNS,
    options=(
        HOURS_OPTION,
        OPEN_OPTION,
        Option(
            "by",
            "分行维度，最多三个；month 为线索创建月",
            "up to three dimensions; month is the month the lead was created",
            DIMENSIONS,
        ),
    ),
    rows=(61, 62),
    behind=BEHIND,
)
def response_sla(
    leads: Frame, *, scope: Scope, hours: int = HOURS, business: str = "", by: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Leads created in the period and whether they were answered within ``hours``, by the data date.

    Clock hours from ``created`` to ``responded``; where either has no time of day, whole days of 24
    hours, so that an answer on the same day took 0. With ``business``, such as ``9-18``, all hours, those
    of the limit too, are such hours of the calendar's working days, and whole days are working days of so
    many. ``n`` = in time + late + overdue, ``within_share`` = in time / n with its Wilson 95 % interval.
    ``overdue`` have no answer and are older than the limit at the end of the data date; younger ones are
    ``waiting`` and not in n. ``untimed`` came further or were lost without a response time, ``errors``
    were answered before they came: neither is in n. ``previous`` is the cohort before, seen when it was
    as old as this one is now. ``median_hours``, ``p90_hours`` are of the answered.

    ``status``: ``no_requests`` (n is 0), ``small_sample`` (n below 30).
    """
    import pandas as pd

    compared = looks(scope, by)
    called = names(by)
    rows, opening = (
        sliced(moments(leads), scope, by),
        office(business or scope.policy.business, scope.calendar),
    )
    parts = [
        _judged(rows, look, hours, opening, called).assign(look=place)
        for place, look in enumerate(distinct(compared))
    ]
    found = pd.concat(parts, ignore_index=True)
    keys = ["look", *called]
    counts = found.groupby(keys, as_index=False)[
        ["within", "late", "overdue", "waiting", "untimed", "errors"]
    ].sum()
    taken = found[(found["within"] + found["late"]) > 0].groupby(keys)["hours"]
    spread = pd.DataFrame({"median_hours": taken.median(), "p90_hours": taken.quantile(0.9)}).reset_index()
    counts = counts.merge(spread, on=keys, how="left")
    roles = aligned(counts.assign(n=counts["within"] + counts["late"] + counts["overdue"]), compared, by)
    result = share(roles["current"], "within_share", "within", "n", roles["previous"])
    answered = result["within"] + result["late"] > 0
    for name in ("median_hours", "p90_hours"):
        result[name] = result[name].where(answered).round(PLACES)
    result["flag"] = against_overall(result, "within", "n", by)
    result["status"] = sample_status(result["n"], "no_requests")
    return in_order(result, by, "n")[[*by, *(column.name for column in COLUMNS)]]


def _judged(
    leads: nw.LazyFrame[Any], look: Look, hours: int, opening: Office | None, called: Sequence[str]
) -> pd.DataFrame:
    """The leads created in the look, one row each: ``hours`` until the answer, and 1 under what they are."""
    import narwhals as nw

    end = min(look.window.end, look.as_of)
    inside = leads.filter(
        nw.col("created") >= midnight(look.window.start), nw.col("created") < midnight(end, 1)
    )
    return _answers(inside, midnight(look.as_of, 1), hours, opening, called)


def _answers(
    leads: nw.LazyFrame[Any], seen: datetime, hours: int, opening: Office | None, columns: Sequence[str]
) -> pd.DataFrame:
    import narwhals as nw
    import numpy as np
    import pandas as pd

    moment = nw.lit(seen)
    further = here("contacted", moment) + here("lost", moment)
    frame = fetched(leads.select(*columns, "created", "responded", further=further))
    created, responded = frame["created"], frame["responded"].where(frame["responded"] < pd.Timestamp(seen))
    answered = responded.notna()
    if opening is None:
        taken, age = waited(created, responded), (pd.Timestamp(seen) - created).dt.total_seconds() / 3600
    else:
        now = pd.Series(pd.Timestamp(seen), index=created.index)
        taken, age = opening.waited(created, responded), opening.between(created, now)
        taken = taken.where(responded.isna() | (waited(created, responded) >= 0), -1.0)
    silent = ~answered & (frame["further"] == 0)
    return frame.assign(
        hours=np.where(answered, taken, age),
        within=(answered & (taken >= 0) & (taken <= hours)).astype("int64"),
        late=(answered & (taken > hours)).astype("int64"),
        overdue=(silent & (age > hours)).astype("int64"),
        waiting=(silent & (age <= hours)).astype("int64"),
        untimed=(~answered & (frame["further"] > 0)).astype("int64"),
        errors=(answered & (taken < 0)).astype("int64"),
    )


LIST = (
    Out("lead_id", "text", "线索编号", "Lead ID"),
    Out("customer", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Owner"),
    Out("source", "text", "渠道", "Channel"),
    Out("created", "date", "创建日期", "Created"),
    Out("days", "days", "已等待天数", "Days waited"),
    Out("amount", "money", "预计金额", "Amount"),
)


def _overdue(column: str) -> Trace:
    """The lead of the row, with what its sheet says in the column."""

    def trace(asked: Asked) -> Behind:
        leads, row = asked.tables["leads"], asked.row
        if row["lead_id"]:
            leads = trail.rows_of(leads, "lead_id", row["lead_id"])
        same = leads["created"].dt.normalize() == row["created"]
        for name, said in (("lead_id", "lead_id"), ("customer", "customer"), ("rep", "owner")):
            same &= leads[name].fillna("") == row[said]
        return trail.marked(leads[same].assign(one=1.0).head(1), column)

    return trace


LIST_BEHIND = {"days": trail.of(_overdue("one")), "amount": _overdue("amount")}


@metric(
    "overdue_leads",
    zh="超时未响应清单",
    en="Overdue leads",
    definition_zh="截至数据日已超时限仍无首次响应、也无后续阶段或流失的线索，等待最久的在前。",
    definition_en="Leads that by the data date are beyond the limit without a first response, a later stage "
    "or a loss, the longest wait first.",
    needs=("leads.created", "leads.responded"),
    columns=LIST,
    options=(HOURS_OPTION, OPEN_OPTION),
    rows=(62,),
    behind=LIST_BEHIND,
)
def overdue_leads(leads: Frame, *, scope: Scope, hours: int = HOURS, business: str = "") -> pd.DataFrame:
    """One row per lead that waits longer than ``hours`` for its answer, whenever it was created.

    As ``response_sla`` judges it on the last day of the period that the data reach. ``days`` are whole days
    since it was created. The longest wait comes first, then the larger amount, then the id.
    """
    import narwhals as nw
    import pandas as pd

    day = last_day(scope)
    seen = midnight(day, 1)
    rows = sliced(moments(leads), scope, ()).filter(nw.col("created") < seen)
    columns = ["lead_id", "customer", "rep", "channel", "amount"]
    found = _answers(rows, seen, hours, office(business or scope.policy.business, scope.calendar), columns)
    found = found[found["overdue"] == 1].rename(columns={"rep": "owner", "channel": "source"})
    for name in ("lead_id", "customer", "owner", "source"):
        found[name] = found[name].astype("str").where(found[name].notna(), "")
    found["created"] = found["created"].dt.normalize()
    found["days"] = ((pd.Timestamp(day) - found["created"]).dt.days).astype("float64")
    order = ["days", "amount", "lead_id", "customer", "owner", "source"]
    found = found.sort_values(order, ascending=[False, False, True, True, True, True], ignore_index=True)
    return found[[column.name for column in LIST]]
