"""The sales cycle: how many days a deal takes from the first contact to the win."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._lives import day_number, each_life, lives, watched, watched_in
from xlsales.metrics._slices import Look, aligned, distinct, in_order, looks, names
from xlsales.metrics._stages import DIMENSIONS, known
from xlsales.metrics._stats import sample_status
from xlsales.metrics._survival import median_ages, win_curves
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._survival import Losses

COLUMNS = (
    Out("n", "count", "成交数", "Won"),
    Out("median", "days", "中位天数", "Median days"),
    Out("mean", "days", "平均天数", "Mean days"),
    Out("p75", "days", "P75 天数", "P75 days"),
    Out("previous", "days", "上期中位", "Previous median"),
    Out("change", "days", "变化", "Change"),
    Out("watched", "count", "在观察线索", "At risk"),
    Out("half_won", "days", "含未结束的中位天数", "Median with open deals"),
    Out("errors", "count", "负天数", "Negative"),
    Out("undated", "count", "无成交日期", "Undated"),
    Out("status", "text", "状态", "Status"),
)


def _deals(which: str) -> Trace:
    """The deals ``watched`` in the window, ``won`` in it, the ``days`` of these, ``wrong`` or ``unknown``."""

    def trace(asked: Asked) -> Behind:
        found = each_life(asked.tables["leads"], asked.scope, (SOURCE, ROW))
        if which in ("wrong", "unknown"):
            return trail.marked(_slips(found, [Look("current", "", asked.window, asked.seen)]), which)
        found = watched(found, asked.window)
        won = found[found["ended"] == "won"]
        if which == "days":
            return trail.marked(won.assign(days=(won["won"] - won["created"]) * won["leads"]), "days")
        return trail.marked(found if which == "watched" else won, "leads")

    return trace


WON = _deals("won")
BEHIND = {
    "n": WON,
    "mean": trail.over(_deals("days"), WON),
    **dict.fromkeys(("median", "p75", "change"), trail.of(WON)),
    "previous": trail.of(trail.earlier(WON)),
    "watched": _deals("watched"),
    "half_won": trail.of(_deals("watched")),
    "errors": _deals("wrong"),
    "undated": _deals("unknown"),
}


@metric(
    "sales_cycle",
    zh="成交周期",
    en="Sales cycle",
    definition_zh="期内成交线索从创建（首次接触）到成交的自然日：中位数、平均数、P75。"
    "含未结束的中位天数 = Kaplan-Meier 估计，期末未结束的作右删失，流失的按所选方式处理。"
    "成交早于创建的单列。",
    definition_en="Calendar days from creation (first contact) to the win of the deals won in the period: "
    "median, mean, P75. Median with open deals: Kaplan-Meier, deals open at the end right-censored, lost "
    "ones as chosen. Wins before the creation are counted apart.",
    needs=("leads.created", "leads.won"),
    columns=COLUMNS,
    options=(
        Option(
            "losses",
            "流失线索：censored 流失日删失，competing 视为不会再成交（竞争风险）",
            "lost deals: censored at their loss, or competing: they will never be won",
            ("censored", "competing"),
        ),
        Option(
            "by",
            "分行维度，最多三个；month 为成交月",
            "up to three dimensions; month is that of the win",
            DIMENSIONS,
        ),
    ),
    rows=(56,),
    behind=BEHIND,
)
def sales_cycle(
    leads: Frame, *, scope: Scope, losses: Losses = "censored", by: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Days from the day a lead was created to the day it was won, over the wins of the period.

    Quantiles interpolate between the two nearest values (Hyndman and Fan 1996, type 7); a win on the day of
    creation took 0 days. Deals that will take long are still open, so the three numbers of the won ones are
    too short while the pipeline grows.

    ``half_won`` is the day by which half of all leads are won, estimated from all that were open at any time
    in the period (``watched``), each watched in the period only: see ``_lives.watched``. ``losses`` says
    what a lost lead is: censored at its loss (Kaplan-Meier; the time a deal takes where none is lost), or a
    competing end (Aalen-Johansen; blank wherever less than half are ever won). Blank, ``not_reached``, where
    the curve stays below a half.

    ``errors`` were won before they were created and stand in no other number; ``undated`` are wins without a
    date among the leads created in the period. ``status``: ``no_wins``; ``small_sample`` (n below 30);
    ``not_reached``. ``no_stages`` where nothing tells a win at all.
    """
    compared = looks(scope, by)
    found = lives(leads, scope, by)
    roles = aligned(_numbers(found, compared, by, losses), compared, by)
    now = roles["current"]
    rows = now.assign(
        **{name: now[name].where(now["n"] > 0) for name in ("median", "mean", "p75")},
        half_won=now["half_won"].where(now["reached"] > 0),
        previous=roles["previous"]["median"].where(roles["previous"]["n"] > 0),
    )
    rows["change"] = rows["median"] - rows["previous"]
    status = sample_status(rows["n"], "no_wins")
    rows["status"] = status.mask((status == "") & rows["half_won"].isna(), "not_reached")
    if not known(leads).wins:
        rows["status"] = "no_stages"
    return in_order(rows, by, "n")[[*by, *(column.name for column in COLUMNS)]]


def _numbers(
    found: pd.DataFrame, compared: Sequence[Look], by: Sequence[str], losses: Losses
) -> pd.DataFrame:
    """One row per look and group, for ``aligned``."""
    import pandas as pd

    called = names(by)
    found = found.assign(group=found.groupby(called).ngroup() if called else 0)
    groups = int(found["group"].max()) + 1 if len(found) else 1
    cells, slips = watched_in(found, compared), _slips(found, compared)
    cells["cell"] = cells["look"] * groups + cells["group"]
    slips["cell"] = slips["look"] * groups + slips["group"]
    won = cells[cells["ended"] == "won"]
    each = won.loc[won.index.repeat(won["leads"])].groupby("cell")["exit"]
    halves = median_ages(win_curves(cells, losses))
    numbers = {
        "n": each.size(),
        "median": each.median(),
        "mean": each.mean(),
        "p75": each.quantile(0.75),
        "watched": cells.groupby("cell")["leads"].sum(),
        "half_won": halves,
        "reached": halves * 0 + 1,
        "errors": slips.groupby("cell")["wrong"].sum(),
        "undated": slips.groupby("cell")["unknown"].sum(),
    }
    rows = pd.DataFrame(numbers)
    labels = found.drop_duplicates("group").set_index("group")[called]
    look, group = rows.index.to_numpy("int64") // groups, rows.index.to_numpy("int64") % groups
    named = labels.loc[group].reset_index(drop=True)
    return pd.concat([named, rows.reset_index(drop=True)], axis=1).assign(look=look)


def _slips(found: pd.DataFrame, compared: Sequence[Look]) -> pd.DataFrame:
    """Per look the wins before their creation (``wrong``) and the wins without a date (``unknown``)."""
    import pandas as pd

    parts = []
    for place, look in enumerate(distinct(compared)):
        start, end = day_number(look.window.start), day_number(look.window.end)
        wrong = found["won"].between(start, end) & (found["won"] < found["created"])
        unknown = found["created"].between(start, end) & (found["undated_win"] <= end)
        part = found[wrong | unknown]
        numbers = {"wrong": part["leads"] * wrong, "unknown": part["leads"] * unknown}
        parts.append(part.assign(look=place, **numbers))
    return pd.concat(parts, ignore_index=True)
