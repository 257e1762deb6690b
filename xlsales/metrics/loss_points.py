"""Where leads get stuck: the last stage and the last sign of life of those lost or left lying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._slices import in_order, midnight, names, sliced
from xlsales.metrics._stages import DIMENSIONS, STEPS, here, known, moments
from xlsales.metrics._stats import ratio
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

POINTS = (*STAGES[: STAGES.index("won")], "quoted")
"""How far a lead came that is not won; a quote is the last thing before the win."""

COLUMNS = (
    Out("stage", "text", "止步阶段", "Stuck at"),
    Out("lost", "count", "流失", "Lost"),
    Out("open", "count", "跟进中", "Open"),
    Out("aged", "count", "搁置", "Left lying"),
    Out("aged_share", "percent", "搁置占比", "Share left lying"),
    Out("median_idle", "days", "未动天数中位", "Median days idle"),
    Out("followable", "count", "应跟进", "Follow-up due"),
    Out("silent", "count", "无跟进", "No follow-up"),
    Out("silent_share", "percent", "无跟进占比", "No follow-up share"),
    Out("share", "percent", "占止步", "Share of stuck"),
    Out("value", "money", "涉及金额", "Value at stake"),
    Out("status", "text", "状态", "Status"),
)


def _here(*kinds: str) -> Trace:
    """The leads that got stuck at the stage of the row, by what became of them, or their value."""

    def trace(asked: Asked) -> Behind:
        found = _everywhere(*kinds)(asked)
        place = POINTS.index(asked.row["stage"])
        leads, _ = _stuck(asked.tables["leads"], asked.tables.get("activities"), asked.scope, **_how(asked))
        there = leads.loc[leads["place"] == place, [SOURCE, ROW]]
        return replace(found, rows=found.rows.merge(there, on=[SOURCE, ROW]))

    return trace


def _everywhere(*kinds: str) -> Trace:
    """The same at any stage."""

    def trace(asked: Asked) -> Behind:
        leads, _ = _stuck(asked.tables["leads"], asked.tables.get("activities"), asked.scope, **_how(asked))
        return trail.marked(leads.assign(sum=leads[list(kinds)].sum(axis=1)), "sum")

    return trace


def _how(asked: Asked) -> dict[str, Any]:
    return {"days": asked.options["days"], "called": (), "places": (SOURCE, ROW)}


BEHIND = {
    **{name: _here(name) for name in ("lost", "open", "aged", "followable", "silent", "value")},
    "aged_share": trail.over(_here("aged"), _here("open")),
    "median_idle": trail.of(_here("open")),
    "silent_share": trail.over(_here("silent"), _here("followable")),
    "share": trail.over(_here("lost", "aged"), _everywhere("lost", "aged")),
}


@metric(
    "loss_points",
    zh="流失点",
    en="Loss points",
    definition_zh="期内流失的线索与截至数据日仍未结束的线索，按止步阶段统计；搁置 = 最后动作距数据日超过 "
    "days 天；无跟进 = 试听或报价后 days 天内没有任何跟进记录（已满 days 天的才算）。",
    definition_en="Leads lost in the period and leads still open on the data date, by the stage they got "
    "stuck at; left lying = last activity more than days ago; no follow-up = nothing within days of the "
    "trial or quote, of those so long ago.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option("days", "多少天没有动作算搁置、算无跟进", "so many days without anything"),
        Option("by", "分行维度", "dimensions", DIMENSIONS[1:]),
    ),
    rows=(50,),
    behind=BEHIND,
)
def loss_points(
    leads: Frame,
    activities: Frame | None = None,
    *,
    scope: Scope,
    days: int = 14,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per stage that leads got stuck at (per group of ``by``), in funnel order; see ``_stages``.

    ``lost``: lost in the period and never won, by the loss date, without one by the creation date. ``open``:
    created by the end of the period, neither won nor lost by ``scope.as_of``. Both by the furthest stage
    they came to; a lead with a quote stands at ``quoted``, whatever its stage.

    The last activity of a lead is the latest of its creation, stage dates, quote, first response,
    ``last_activity`` and the activities that name it, as far as the data reach. ``aged`` are open leads
    whose last activity lies more than ``days`` back; ``median_idle`` is of the open ones.

    ``followable`` are the leads at trial or quote whose trial or quote lies at least ``days`` back;
    ``silent`` had no activity after that day and within ``days`` days of it. It takes activities that name
    leads or a ``last_activity`` (a later one is taken for a follow-up in time, since what came before it
    is unknown); without either it is blank. ``value`` is the expected amount of those lost or left lying,
    and ``share`` their share of all such leads of the group.

    ``status``: ``no_activities`` where follow-ups cannot be seen; ``no_stages`` where nothing tells a stage.
    """
    import numpy as np

    called = names(by)
    numbers, visible = _stuck(leads, activities, scope, days=days, called=called)
    sums = ["lost", "open", "aged", "followable", "silent", "value"]
    groups = numbers.groupby([*called, "place"], observed=True)
    found = groups[sums].sum(min_count=1).assign(median_idle=groups["idle"].median()).reset_index()
    found["value"] = found["value"].round(6)
    if not visible:
        found[["followable", "silent"]] = np.nan
    found["stage"] = np.array(POINTS)[found["place"].to_numpy("int64")]
    found["aged_share"] = ratio(found["aged"], found["open"])
    found["silent_share"] = ratio(found["silent"], found["followable"])
    whole = found["lost"] + found["aged"]
    group = [found[name] for name in called] or [found["place"] * 0]
    found["share"] = ratio(whole, whole.groupby(group).transform("sum"))
    found["status"] = "" if visible else "no_activities"
    if known(leads).stages == ("new",):
        found["status"] = "no_stages"
    found["size"] = found["lost"] + found["open"]
    ordered = in_order(found, by, "size", last=("place",))
    return ordered[[*by, *(column.name for column in COLUMNS)]]


def _stuck(
    leads: Frame,
    activities: Frame | None,
    scope: Scope,
    *,
    days: int,
    called: Sequence[str],
    places: Sequence[str] = (),
) -> tuple[pd.DataFrame, bool]:
    """One row per lead that is lost or open, with names and ``places``; whether follow-ups show at all."""
    import narwhals as nw
    import numpy as np
    import pandas as pd

    end, seen = midnight(scope.current.end, 1), midnight(scope.as_of, 1)
    until = nw.lit(seen)
    dates = ("created", *STEPS[:-2], "quoted", "responded", "last_activity")
    rows = sliced(moments(leads), scope, called).select(
        *("lead_id", *dates, *called, *places, "amount", "lost"),
        is_won=here("won", until),
        is_lost=here("lost", until),
        reached=_reached(until),
    )
    gone = nw.coalesce(nw.when(nw.col("lost") < until).then(nw.col("lost")), nw.col("created"))
    during = (gone >= midnight(scope.current.start)) & (gone < end)
    rows = rows.filter(nw.col("created") < end, nw.col("is_won") == 0, (nw.col("is_lost") == 0) | during)
    frame = fetched(rows).astype(dict.fromkeys(called, "str"))
    limit = pd.Timestamp(seen)
    for name in dates:
        frame[name] = frame[name].where(frame[name] < limit)
    done = _named(activities, scope)
    touched = frame["lead_id"].map(done.groupby("lead_id")["day"].max()) if len(done) else frame["created"]
    last = pd.concat([frame[list(dates)], touched.rename("activity")], axis=1).max(axis=1)
    idle = (limit - pd.Timedelta(days=1) - last.dt.normalize()).dt.days.astype("float64")

    quoted = frame["quoted"].notna()
    place = np.where(quoted, len(POINTS) - 1, frame["reached"].to_numpy("int64"))
    event = frame["quoted"].where(quoted, frame["trial"].where(place == POINTS.index("trial"))).dt.normalize()
    due = event.notna() & (event + pd.Timedelta(days=days) < limit)
    followed = (frame["last_activity"].dt.normalize() > event) | _followed(
        frame["lead_id"], event, done, days
    )
    visible = len(done) > 0 or bool(frame["last_activity"].notna().any())
    open_ = frame["is_lost"] == 0
    aged = open_ & (idle > days)
    stuck = ~open_ | aged
    numbers = frame[[*called, *places]].assign(
        place=place,
        lost=~open_ * 1.0,
        open=open_ * 1.0,
        aged=aged * 1.0,
        followable=due * 1.0,
        silent=(due & ~followed) * 1.0,
        value=frame["amount"].where(stuck),
        idle=idle.where(open_),
    )
    return numbers, visible


def _reached(until: nw.Expr) -> nw.Expr:
    import narwhals as nw

    before_win = STEPS[: STEPS.index("won")]
    return nw.sum_horizontal(*(here(stage, until) for stage in before_win))


def _named(activities: Frame | None, scope: Scope) -> pd.DataFrame:
    """The days on which somebody did something about a lead."""
    import narwhals as nw
    import pandas as pd

    if activities is None:
        return pd.DataFrame({"lead_id": pd.Series(dtype="str"), "day": pd.Series(dtype="datetime64[us]")})
    rows = nw.from_native(activities).lazy().select("lead_id", day=nw.col("day").dt.truncate("1d"))
    rows = rows.filter(nw.col("day") < midnight(scope.as_of, 1), ~nw.col("lead_id").is_null())
    found: pd.DataFrame = fetched(rows.unique())
    return found


def _followed(ids: pd.Series, event: pd.Series, done: pd.DataFrame, days: int) -> pd.Series:
    """Which leads have an activity after the day of the event and within so many days of it."""
    import pandas as pd

    asked = pd.DataFrame({"lead_id": ids, "event": event, "at": range(len(ids))}).dropna()
    pairs = asked.merge(done, on="lead_id")
    after = (pairs["day"] - pairs["event"]).dt.days
    hit = pairs.loc[after.between(1, days), "at"]
    return pd.Series(range(len(ids)), ids.index).isin(hit)
