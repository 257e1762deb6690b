"""Lead conversion: of the leads that came, how many were won so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._slices import aligned, in_order, looks, sliced
from xlsales.metrics._stages import DIMENSIONS, known, moments, standing
from xlsales.metrics._stats import against_overall, ratio, sample_status, share

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("leads", "count", "线索数", "Leads"),
    Out("won", "count", "成交", "Won"),
    Out("open", "count", "跟进中", "Open"),
    Out("lost", "count", "流失", "Lost"),
    Out("conversion", "percent", "转化率", "Conversion"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("open_share", "percent", "未结束占比", "Still open"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("flag", "text", "对总体", "Against overall"),
    Out("status", "text", "状态", "Status"),
)

LEADS, WON = trail.leads(), trail.leads(reached="won")
RATE = trail.over(WON, LEADS)
BEHIND = {
    "leads": LEADS,
    "won": WON,
    "lost": trail.leads(reached="lost"),
    "open": trail.leads(reached="open"),
    "conversion": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "open_share": trail.over(trail.leads(reached="open"), LEADS),
    "previous": trail.earlier(RATE),
    "change": trail.less(RATE, trail.earlier(RATE)),
}


@metric(
    "conversion",
    zh="线索转化率",
    en="Lead conversion",
    definition_zh="成交线索 ÷ 期内新建线索，截至数据日；未结束的线索留在分母中。"
    "与赢单率（成交 ÷（成交 + 流失），只看期内结束的线索）不同，两者并列。",
    definition_en="Won leads / leads created in the period, as of the data date; leads still open stay in "
    "the denominator. Differs from the win rate, won / (won + lost) of the leads closed in the period.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "by",
            "分行维度，最多三个；month 为线索创建月",
            "up to three dimensions; month is the month the lead was created",
            DIMENSIONS,
        ),
    ),
    rows=(48, 51, 52),
    behind=BEHIND,
)
def conversion(leads: Frame, *, scope: Scope, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Leads created in the period and what became of them by ``scope.as_of``; see ``_stages``.

    ``conversion`` is won / created with its Wilson 95% interval. ``open_share``, the leads neither won
    nor lost, says how far the rate may still rise. ``previous`` is the cohort before, seen when it was
    as old as this one is now; that takes win dates, so without any it is blank. ``flag`` says
    ``below`` or ``above`` where the whole interval lies off the overall rate.

    ``status``: ``no_leads``; ``no_stages`` where nothing tells a win; ``small_sample`` (below
    30); ``undated``.
    """
    knows = known(leads)
    compared = looks(scope, by)
    found = standing(sliced(moments(leads), scope, by), compared, by)
    for kind in ("won", "lost", "open"):
        found[kind] = found["leads"] * (found["outcome"] == kind)
    roles = aligned(found.drop(columns=["reached", "outcome"]), compared, by)
    dated = "won" in knows.dated
    before = roles["previous"] if dated else roles["previous"].assign(won=float("nan"))
    rows = share(roles["current"], "conversion", "won", "leads", before)
    rows["open_share"] = ratio(rows["open"], rows["leads"])
    rows["flag"] = against_overall(rows, "won", "leads", by)
    rows["status"] = sample_status(rows["leads"], "no_leads")
    if not dated:
        rows["status"] = rows["status"].replace("", "undated")
    if not knows.wins:
        rows[["won", "open", "lost", "conversion", "low", "high", "open_share"]] = float("nan")
        rows[["flag", "status"]] = "", "no_stages"
    return in_order(rows, by, "leads")[[*by, *(column.name for column in COLUMNS)]]
