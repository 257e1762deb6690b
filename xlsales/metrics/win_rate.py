"""Win rate: of the leads that closed, how many were won."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import counted_by_day, in_order, looks, midnight, names, sliced
from xlsales.metrics._stages import DIMENSIONS, EVER, here, known, moments
from xlsales.metrics._stats import against_overall, sample_status, share
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("n", "count", "结束线索", "Closed"),
    Out("won", "count", "成交", "Won"),
    Out("lost", "count", "流失", "Lost"),
    Out("win_rate", "percent", "赢单率", "Win rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("flag", "text", "对总体", "Against overall"),
    Out("undated", "count", "按创建日计入", "Placed by creation"),
    Out("basis", "text", "日期口径", "Dated by"),
    Out("status", "text", "状态", "Status"),
)


def _closed(outcome: str = "", *, undated: bool = False) -> Trace:
    """Leads that closed in the window, with either outcome or with one; or those without a date of it."""

    def trace(asked: Asked) -> Behind:
        import pandas as pd

        ever = Window(EVER, asked.seen)
        leads = trail.lead_rows(replace(asked, window=ever))
        raw = asked.tables["leads"]
        days = leads.merge(raw[[SOURCE, ROW, "won", "lost"]], on=[SOURCE, ROW], suffixes=("", "_day"))
        day, lacking = days["created"], days["created"].notna()
        if {"won", "lost"} <= known(raw).dated:
            dated = days["won_day"].where(days["won"] == 1, days["lost_day"])
            day, lacking = dated.fillna(day), dated.isna()
        start, end = (pd.Timestamp(one) for one in (asked.window.start, asked.window.end + ONE_DAY))
        closed = days[(day >= start) & (day < end) & (lacking | (not undated))]
        kinds = [trail.stands(closed, kind) for kind in ([outcome] if outcome else ["won", "lost"])]
        return trail.added(closed[sum(kinds) > 0].assign(part=1.0))

    return trace


RATE = trail.over(_closed("won"), _closed())
BEHIND = {
    "n": _closed(),
    "won": _closed("won"),
    "lost": _closed("lost"),
    "undated": _closed(undated=True),
    "win_rate": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "previous": trail.earlier(RATE),
    "change": trail.less(RATE, trail.earlier(RATE)),
}


@metric(
    "win_rate",
    zh="赢单率",
    en="Win rate",
    definition_zh="成交 ÷（成交 + 流失），按期内结束（成交或流失日期）的线索计；无结束日期的按创建日。"
    "与线索转化率（成交 ÷ 全部新建线索）不同，两者并列。",
    definition_en="Won / (won + lost) of the leads that closed in the period, by win or loss date; by "
    "creation date where there is none. Differs from lead conversion, won / all leads created.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "by",
            "分行维度，最多三个；month 为线索结束月",
            "up to three dimensions; month is the month the lead closed",
            DIMENSIONS,
        ),
    ),
    rows=(48, 51, 52),
    behind=BEHIND,
)
def win_rate(leads: Frame, *, scope: Scope, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Leads won or lost in the period, as they stand on ``scope.as_of``; see ``_stages``.

    ``win_rate`` is won / (won + lost) with its Wilson 95% interval; open leads do not count. A lead
    closes on its win date, or its loss date if it was never won; one without that date counts in the
    month it was created, and ``undated`` says how many those are.

    ``basis`` is ``closed``, or ``created`` where wins or losses have no dates at all: then every lead
    counts in the month it was created, since half of the closings dated would bend the rate, and
    ``previous`` is blank, since the older leads had more time. ``flag``: as for conversion.

    ``status``: ``no_losses`` where no loss is recorded anywhere, so that 100 % would mean nothing;
    ``no_stages`` where nothing tells a win; ``no_closed``; ``small_sample`` (n below 30).
    """
    import narwhals as nw

    knows = known(leads)
    dated = {"won", "lost"} <= knows.dated
    seen = nw.lit(midnight(scope.as_of, 1))
    deals = sliced(moments(leads), scope, by).select(
        *("created", "won", "lost"), *names(by), won_now=here("won", seen), left=here("lost", seen)
    )
    won = nw.col("won_now")
    deals = deals.filter((won == 1) | (nw.col("left") == 1))
    closed, undated = nw.col("created"), nw.lit(1)
    if dated:
        day = nw.when(won == 1).then(nw.col("won")).otherwise(nw.col("lost"))
        closed, undated = nw.coalesce(day, closed), day.is_null().cast(nw.Int64)
    deals = deals.with_columns(closed=closed, undated=undated)

    numbers = {"n": nw.lit(1), "won": won, "lost": 1 - won, "undated": nw.col("undated")}
    roles = counted_by_day(deals, "closed", looks(scope, by), by, numbers)
    before = roles["previous"] if dated else roles["previous"].assign(won=float("nan"))
    rows = share(roles["current"], "win_rate", "won", "n", before)
    rows["flag"] = against_overall(rows, "won", "n", by)
    rows["basis"] = "closed" if dated else "created"
    rows["status"] = sample_status(rows["n"], "no_closed")
    if not (knows.wins and knows.losses):
        rows[["win_rate", "low", "high", "previous", "change"]] = float("nan")
        rows[["flag", "status"]] = "", "no_losses" if knows.wins else "no_stages"
    return in_order(rows, by, "n")[[*by, *(column.name for column in COLUMNS)]]
