"""Dwell: how many days leads stay in a stage before they leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._lives import day_number, day_numbers
from xlsales.metrics._once import once
from xlsales.metrics._scope import Window, month_of, shift_months
from xlsales.metrics._slices import in_order, names, scopes, sliced
from xlsales.metrics._stages import DIMENSIONS, known, moments
from xlsales.metrics._stats import sample_status
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

STAYED = STAGES[: STAGES.index("won")]
"""The stages that a deal stays in: after the win it is no deal any more."""
NORM_MONTHS = 6
STUCK = 1.5
"""Longer than so many times the norm is stuck; the cut-off of HubSpot's deal health."""
DAYS = ("entered", "left", "gone")

COLUMNS = (
    Out("stage", "text", "阶段", "Stage"),
    Out("n", "count", "离开人数", "Left"),
    Out("median", "days", "中位天数", "Median days"),
    Out("mean", "days", "平均天数", "Mean days"),
    Out("p75", "days", "P75 天数", "P75 days"),
    Out("norm", "days", "近 6 月中位", "6-month median"),
    Out("change", "days", "较常态", "Against norm"),
    Out("open", "count", "仍在阶段", "Still there"),
    Out("open_median", "days", "已停留中位", "Median age"),
    Out("stuck", "count", "超期停留", "Stuck"),
    Out("errors", "count", "负天数", "Negative"),
    Out("undated", "count", "无离开日期", "Undated"),
    Out("status", "text", "状态", "Status"),
)


def _stays(kind: str, *, days: bool = False) -> Trace:
    """The leads that left the stage of the row in the window, or are ``open``, or their days in it."""

    def trace(asked: Asked) -> Behind:
        leads = sliced(moments(asked.tables["leads"]), asked.scope, ())
        spells = _spells(leads, (asked.row["stage"],), (SOURCE, ROW))
        found = _kinds(spells, asked.scope, ["stage"])[kind]
        part = found["days"] * found["leads"] if days else found["leads"]
        return trail.marked(found.assign(part=part), "part")

    return trace


BEHIND = {
    "n": _stays("left"),
    "mean": trail.over(_stays("left", days=True), _stays("left")),
    **dict.fromkeys(("median", "p75", "change"), trail.of(_stays("left"))),
    "norm": trail.of(_stays("usual")),
    "open": _stays("open"),
    "open_median": trail.of(_stays("open")),
    "stuck": _stays("stuck"),
    "errors": _stays("errors"),
    "undated": _stays("undated"),
}


@metric(
    "dwell",
    zh="阶段停留",
    en="Stage dwell time",
    definition_zh="期内离开阶段的线索，从进入到离开（进入下一阶段或流失）的自然日。仍在阶段的单列已停留天数，"
    "超过近 6 个月中位数 1.5 倍的为超期停留。",
    definition_en="Calendar days from entering a stage to leaving it (for a later stage, or lost), of the "
    "leads that left it in the period. Those still there are shown apart with their age; stuck: older than "
    "1.5 times the 6-month median.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "by",
            "分行维度，最多三个；month 为离开月",
            "up to three dimensions; month is that of leaving",
            DIMENSIONS,
        ),
    ),
    rows=(57, 169),
    behind=BEHIND,
)
def dwell(leads: Frame, *, scope: Scope, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per known stage before the win (per group of ``by``), in funnel order.

    A lead enters a stage on the date of that stage (``new`` on its creation) and leaves it on the earliest
    date of a later stage, or of its loss; a skipped stage was never entered, and going back changes nothing.
    ``n``, ``median``, ``mean``, ``p75`` are of those who left in the period; ``norm`` is the median of those
    who left in the six months before it, ``change`` = median - norm.

    ``open`` are still in the stage at the end of the period, ``open_median`` is their age in it: no length,
    since they have not left. ``stuck`` of them are older than 1.5 x norm. ``errors`` left before they
    entered, and ``undated`` are gone by the stage column without a date: both stand in no other number.

    ``status``: ``no_stage_history`` where leads carry no stage dates at all; ``nobody_left``;
    ``small_sample`` (n below 30).
    """
    import numpy as np
    import pandas as pd

    stages = [stage for stage in known(leads).stages if stage in STAYED]
    spells = _spells(sliced(moments(leads), scope, by), tuple(stages), tuple(names(by)))
    spells = spells.astype(dict.fromkeys(names(by), "str"))  # without rows no database says so
    parts = [_row(spells, month, about, by) for month, about in scopes(scope, by)]
    found = pd.concat(parts, ignore_index=True)
    keys = found[list(by)].drop_duplicates() if by else pd.DataFrame(index=[0])
    grid = keys.merge(pd.DataFrame({"stage": stages, "place": range(len(stages))}), how="cross")
    rows = grid.merge(found, on=[*by, "stage"], how="left")
    counts = ["n", "open", "stuck", "errors", "undated"]
    rows[counts] = rows[counts].fillna(0.0)
    rows["change"] = rows["median"] - rows["norm"]
    rows["status"] = sample_status(rows["n"], "nobody_left")
    if not known(leads).dated:
        numbers = [column.name for column in COLUMNS if column.format != "text"]
        rows[numbers], rows["status"] = np.nan, "no_stage_history"
    rows["size"] = rows["n"] + rows["open"].fillna(0.0)
    return in_order(rows, by, "size", last=("place",))[[*by, *(column.name for column in COLUMNS)]]


@once
def _spells(leads: nw.LazyFrame[Any], stages: tuple[str, ...], called: tuple[str, ...]) -> pd.DataFrame:
    """The stays in each stage, alike ones counted together.

    Columns: ``stage``, the names, ``leads``, and in days since 1970 ``entered``, ``left`` (by a date) and
    ``gone`` (however it is known).
    """
    import narwhals as nw
    import pandas as pd

    parts = []
    for stage in stages:
        place = STAGES.index(stage)
        later = STAGES[place + 1 :]
        spells = leads.select(
            *called,
            entered=nw.col("created" if stage == "new" else stage),
            left=nw.min_horizontal(*later, "lost"),
            gone=nw.min_horizontal(f"since {later[0]}", "since lost"),
        ).filter(~nw.col("entered").is_null())
        days = spells.with_columns(nw.col(*DAYS).dt.truncate("1d"))
        found = days.group_by(*called, *DAYS).agg(leads=nw.len()).collect("pandas").to_pandas()
        parts.append(found.assign(stage=stage, **{name: day_numbers(found[name]) for name in DAYS}))
    return pd.concat(parts, ignore_index=True)


def _row(spells: pd.DataFrame, month: str, about: Scope, by: Sequence[str]) -> pd.DataFrame:
    """The numbers of one month, or of the period, by stage and names."""
    import pandas as pd

    keys = [*names(by), "stage"]
    kinds = _kinds(spells, about, keys)
    left = _each(kinds["left"], keys, "days")
    counted = ("open", "stuck", "errors", "undated")
    counts = {name: kinds[name].groupby(keys)["leads"].sum() for name in counted}
    norm = _each(kinds["usual"], keys, "days").median()
    numbers = {
        "n": left.size(),
        "median": left.median(),
        "mean": left.mean(),
        "p75": left.quantile(0.75),
        "open_median": _each(kinds["open"], keys, "age").median(),
        **counts,
    }
    rows = pd.DataFrame(numbers)
    rows["norm"] = norm.reindex(rows.index)
    rows.index.names = keys
    rows = rows.reset_index()
    return rows.assign(month=month) if "month" in by else rows


def _each(spells: pd.DataFrame, keys: list[str], value: str) -> Any:
    """One value per lead, grouped by ``keys``."""
    return spells.loc[spells.index.repeat(spells["leads"])].groupby(keys)[value]


def _kinds(spells: pd.DataFrame, about: Scope, keys: list[str]) -> dict[str, pd.DataFrame]:
    """The stays by what they are to a period: ``left`` in it, ``usual`` before it, ``open`` at its end."""
    window = about.current
    first = shift_months(about.period.start.replace(day=1), -NORM_MONTHS)
    before = Window(first, month_of(shift_months(about.period.start.replace(day=1), -1)).end)
    start, end = day_number(window.start), day_number(window.end)
    days = spells["left"] - spells["entered"]
    # What only the stage column tells of is over without a length, from the day that it is known.
    vanished = (spells["gone"] < spells["left"]) & (spells["gone"] <= end)
    in_window = spells["left"].between(start, end) & ~vanished
    entered = spells["entered"].between(start, end)
    there = (spells["entered"] <= end) & (spells["left"] > end) & ~vanished
    spells = spells.assign(days=days, age=end - spells["entered"])
    usual = spells["left"].between(day_number(before.start), day_number(before.end)) & (days >= 0)
    usual_stays = spells[usual & ~vanished]
    still = spells[there].join(_each(usual_stays, keys, "days").median().rename("norm"), on=keys)
    return {
        "left": spells[in_window & (days >= 0)],
        "usual": usual_stays,
        "open": still,
        "stuck": still[still["age"] > STUCK * still["norm"]],
        "errors": spells[in_window & (days < 0)],
        "undated": spells[vanished & entered],
    }
