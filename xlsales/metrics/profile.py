"""Who buys: the attributes of leads that were won against those that were lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._bands import banded
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import LEAD_DIMENSIONS, Option, Out, metric
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import in_order
from xlsales.metrics._stats import SMALL_SAMPLE, ratio, sample_status, wilson
from xlsales.metrics.win_rate import BEHIND as CLOSED
from xlsales.metrics.win_rate import win_rate

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

ATTRIBUTES = (*LEAD_DIMENSIONS, "region", "channel", "product")
LIFT = 1.2
"""From so much on, and where chance does not explain it, a value belongs to the ideal profile."""

COLUMNS = (
    Out("attribute", "text", "属性", "Attribute"),
    Out("value", "text", "取值", "Value"),
    Out("n", "count", "结束线索", "Closed"),
    Out("won", "count", "成交", "Won"),
    Out("lost", "count", "流失", "Lost"),
    Out("won_share", "percent", "占成交", "Of won"),
    Out("lost_share", "percent", "占流失", "Of lost"),
    Out("index", "number", "指数", "Index"),
    Out("win_rate", "percent", "赢单率", "Win rate"),
    Out("lift", "number", "提升度", "Lift"),
    Out("low", "number", "提升度 95% 下限", "Lift 95% low"),
    Out("high", "number", "提升度 95% 上限", "Lift 95% high"),
    Out("ideal", "text", "理想画像", "Ideal"),
    Out("status", "text", "状态", "Status"),
)


def _year(scope: Scope, months: int) -> Window:
    end = scope.current.end
    return Window(shift_months(end + ONE_DAY, -months), end)


def _of_row(trace: Trace, *, whole: bool = False) -> Trace:
    """Of the leads of the window with the value of the row, or of all of them."""

    def asking(asked: Asked) -> trail.Behind:
        window = _year(asked.scope, int(asked.options["window_months"]))
        scope = asked.scope.over(window)
        if not whole:
            named = (str(asked.row["attribute"]), (str(asked.row["value"]),))
            scope = replace(scope, filters=(*scope.filters, named))
        tables = {**asked.tables, "leads": banded(asked.tables["leads"], asked.scope).to_native()}
        return trace(replace(asked, tables=tables, scope=scope, window=window))

    return asking


N, WON, LOST = (_of_row(CLOSED[name]) for name in ("n", "won", "lost"))
RATE = trail.over(WON, N)
OF_WON = trail.over(WON, _of_row(CLOSED["won"], whole=True))
OF_LOST = trail.over(LOST, _of_row(CLOSED["lost"], whole=True))
BEHIND = {
    "n": N,
    "won": WON,
    "lost": LOST,
    "won_share": OF_WON,
    "lost_share": OF_LOST,
    "index": trail.over(trail.scaled(OF_WON, lambda asked: 100), OF_LOST),
    "win_rate": RATE,
    **dict.fromkeys(("lift", "low", "high"), trail.of(RATE)),
}


@metric(
    "profile",
    zh="客户画像",
    en="Customer profile",
    definition_zh="近 12 个月结束的线索，按属性取值（数字的年龄、规模先分段）：占成交、占流失，"
    "指数 = 占成交 ÷ 占流失 × 100，提升度 = 该取值赢单率 ÷ 总体赢单率；"
    "理想画像 = 提升度 > 1.2 且 95% 下限 > 1。",
    definition_en="Of the leads closed in 12 months, by value of each attribute, ages and sizes that are "
    "numbers in bands: share of won and of lost, index = the one over the other x 100, lift = win rate of "
    "the value / of all; ideal = lift > 1.2 with its 95% interval above 1.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(Option("window_months", "回看多少个月", "how many months to look back over"),),
    rows=(77,),
    behind=BEHIND,
)
def profile(leads: Frame, *, scope: Scope, window_months: int = 12) -> pd.DataFrame:
    """One row per attribute that any lead of the window has, and value, the most frequent values first.

    The leads are those of ``win_rate`` over the window that ends with the period. Ages and sizes of companies
    that are mostly numbers are in bands (see ``_bands``). Leads without the attribute stand in a row of their
    own, so won and lost add up within each attribute. The interval of the lift is Wilson's of the win rate
    over the rate of all, which is taken as known. ``ideal`` is ``ideal``, or ``avoid`` where the whole
    interval lies below 1; never below 30 leads. ``status`` as for ``win_rate``, with ``no_closed`` and
    ``small_sample``.
    """
    import numpy as np
    import pandas as pd

    about, leads = scope.over(_year(scope, window_months)), banded(leads, scope)
    parts = []
    for attribute in ATTRIBUTES:
        found = win_rate(leads, scope=about, by=(attribute,)).rename(columns={attribute: "value"})
        if (found["value"] != "").any():
            parts.append(found.assign(attribute=attribute))
    titles = [column.name for column in COLUMNS]
    if not parts:
        return pd.DataFrame(columns=titles)
    rows = pd.concat(parts, ignore_index=True)
    whole = rows.groupby("attribute")[["n", "won", "lost"]].transform("sum")
    rows["won_share"] = ratio(rows["won"], whole["won"])
    rows["lost_share"] = ratio(rows["lost"], whole["lost"])
    rows["index"] = 100 * ratio(rows["won_share"], rows["lost_share"])
    every = ratio(whole["won"], whole["n"]).where(rows["win_rate"].notna())
    rows["lift"] = ratio(rows["win_rate"], every)
    for name, end in zip(("low", "high"), wilson(rows["won"], rows["n"]), strict=True):
        rows[name] = ratio(pd.Series(end, rows.index), every)
    enough = rows["n"] >= SMALL_SAMPLE
    rows["ideal"] = np.select(
        [enough & (rows["lift"] > LIFT) & (rows["low"] > 1), enough & (rows["high"] < 1)],
        ["ideal", "avoid"],
        "",
    )
    plain = rows["status"].isin(["", "no_closed", "small_sample"])
    rows["status"] = rows["status"].where(~plain, sample_status(rows["n"], "no_closed"))
    place = rows["attribute"].map({name: float(at) for at, name in enumerate(ATTRIBUTES)})
    rows = in_order(rows.assign(place=place, size=-rows["n"]), (), "n", ("place", "size", "value"))
    return rows[titles]
