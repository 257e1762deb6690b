"""Win rate, cycle and first response by what a lead is: its industry, size, kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._lives import waited
from xlsales.metrics._slices import in_order, midnight, names, sliced
from xlsales.metrics._stages import DIMENSIONS, here, known, moments
from xlsales.metrics._stats import against_overall, ratio, sample_status, wilson
from xlsales.metrics.win_rate import BEHIND as CLOSED_BEHIND
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

PROMPT_HOURS = 48

COLUMNS = (
    Out("n", "count", "结束线索", "Closed"),
    Out("won", "count", "成交", "Won"),
    Out("win_rate", "percent", "赢单率", "Win rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("flag", "text", "对总体", "Against overall"),
    Out("cycles", "count", "有周期的成交", "Wins with a cycle"),
    Out("median_cycle", "days", "周期中位数", "Median cycle"),
    Out("p75_cycle", "days", "周期 P75", "P75 cycle"),
    Out("leads", "count", "期内新建", "Created"),
    Out("due", "count", "应响应", "Due a response"),
    Out("prompt", "count", "48 小时内响应", "Within 48 h"),
    Out("prompt_share", "percent", "48 小时响应率", "48 h response"),
    Out("status", "text", "状态", "Status"),
)


def _answered(*, prompt: bool) -> Trace:
    """The leads created in the window that were due a response, or had it in time."""

    def trace(asked: Asked) -> Behind:
        import pandas as pd

        leads = trail.said(asked, trail.lead_rows(asked), "responded")
        seen = pd.Timestamp(midnight(asked.seen, 1))
        responded = leads["responded"].where(leads["responded"] < seen)
        hours = waited(leads["created"], responded)
        old = (seen - leads["created"]).dt.total_seconds() / 3600 >= PROMPT_HOURS
        found = hours.between(0, PROMPT_HOURS) if prompt else old | responded.notna()
        return trail.marked(leads.assign(found=found), "found")

    return trace


def _cycled(asked: Asked) -> Behind:
    """The leads won in the window with a win date that does not lie before their creation."""
    won = trail.said(asked, CLOSED_BEHIND["won"](asked).rows, "created", "won")
    days = (won["won"].dt.normalize() - won["created"].dt.normalize()).dt.days
    return trail.marked(won.assign(cycles=(days >= 0) * 1.0), "cycles")


BEHIND = {
    **{name: CLOSED_BEHIND[name] for name in ("n", "won", "win_rate", "low", "high")},
    "cycles": _cycled,
    "median_cycle": trail.of(_cycled),
    "p75_cycle": trail.of(_cycled),
    "leads": trail.leads(),
    "due": _answered(prompt=False),
    "prompt": _answered(prompt=True),
    "prompt_share": trail.over(_answered(prompt=True), _answered(prompt=False)),
}


@metric(
    "segment_win_rate",
    zh="客群赢单率与周期",
    en="Segment win rate",
    definition_zh="按行业、规模、线索类型等：赢单率 = 成交 ÷（成交 + 流失），按期内结束的线索；周期 = "
    "成交日 - 咨询日，取中位数与 P75；48 小时响应率 = 48 小时内首次响应 ÷ 期内新建且已满 48 小时（"
    "或已响应）的线索。",
    definition_en="By industry, size, lead type and so on: win rate = won / (won + lost) of leads closed in "
    "the period; cycle = win - creation, median and P75; 48 h response = answered within 48 h / leads "
    "created in the period that are 48 h old or answered.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(Option("by", "分行维度，默认线索类型", "dimensions, by default the lead type", DIMENSIONS[1:]),),
    rows=(55, 61),
    behind=BEHIND,
)
def segment_win_rate(leads: Frame, *, scope: Scope, by: tuple[str, ...] = ("kind",)) -> pd.DataFrame:
    """Leads that closed in the period, and those created in it, by what they are; see ``_stages``.

    A lead closes on its win date, or its loss date if it was never won; one without that date when it was
    created, as for ``win_rate``. ``median_cycle`` and ``p75_cycle`` are days from creation to the win date of
    those won, whole days; a win before the creation is an error of the data and left out. They are of wins
    alone, so where many leads are still open the true cycle is longer.

    ``due`` are leads created in the period that have a first response, or are 48 clock hours old at the
    end of ``scope.as_of``; ``prompt`` were answered within 48 hours;
    where the sheet gives days without a time, at most two days later. Blank where no lead has a response.

    ``status``: ``no_stages`` and ``no_losses`` as for ``win_rate``; ``no_closed``; ``small_sample`` (n < 30).
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    knows = known(leads)
    called = names(by)
    start, end = midnight(scope.current.start), midnight(scope.current.end, 1)
    seen = midnight(scope.as_of, 1)
    won, left = here("won", nw.lit(seen)), here("lost", nw.lit(seen))
    rows = sliced(moments(leads), scope, by).select(
        *("created", "won", "lost", "responded"), *called, is_won=won, is_lost=left
    )
    day = nw.when(nw.col("is_won") == 1).then(nw.col("won")).otherwise(nw.col("lost"))
    if not {"won", "lost"} <= knows.dated:
        day = nw.col("created")
    rows = rows.with_columns(closed=nw.coalesce(day, nw.col("created")))
    ended = (nw.col("is_won") == 1) | (nw.col("is_lost") == 1)
    closed = ended & (nw.col("closed") >= start) & (nw.col("closed") < end)
    fresh = (nw.col("created") >= start) & (nw.col("created") < end)
    rows = rows.with_columns(is_closed=closed, is_fresh=fresh)
    frame = fetched(rows.filter(nw.col("is_closed") | nw.col("is_fresh")))
    frame = frame.astype(dict.fromkeys(called, "str"))

    shut, new = frame["is_closed"].fillna(False).astype(bool), frame["is_fresh"].fillna(False).astype(bool)
    days = (frame["won"].dt.normalize() - frame["created"].dt.normalize()).dt.days
    cycle = days.where(shut & (frame["is_won"] == 1) & (days >= 0)).astype("float64")
    answered = frame["responded"].where(frame["responded"] < pd.Timestamp(seen))
    hours = waited(frame["created"], answered)
    old = (pd.Timestamp(seen) - frame["created"]).dt.total_seconds() / 3600 >= PROMPT_HOURS
    numbers = frame[called].assign(
        n=shut * 1.0,
        won=(shut & (frame["is_won"] == 1)) * 1.0,
        cycles=cycle.notna() * 1.0,
        leads=new * 1.0,
        due=(new & (old | answered.notna())) * 1.0,
        prompt=(new & hours.between(0, PROMPT_HOURS)) * 1.0,
        cycle=cycle,
    )
    grouped: list[Any] = list(called) or [pd.Series("", numbers.index)]
    found = numbers.groupby(grouped, observed=True)
    result = found[["n", "won", "cycles", "leads", "due", "prompt"]].sum()
    result["median_cycle"] = found["cycle"].median()
    result["p75_cycle"] = found["cycle"].quantile(0.75)
    result = result.reset_index(drop=not called)
    if not called and result.empty:
        nothing = [0.0] * 6 + [np.nan] * 2
        result = pd.DataFrame([nothing], columns=result.columns)
    if frame["responded"].isna().all():
        result[["due", "prompt"]] = np.nan
    result["win_rate"] = ratio(result["won"], result["n"])
    result["low"], result["high"] = wilson(result["won"], result["n"])
    result["flag"] = against_overall(result, "won", "n", by)
    result["prompt_share"] = ratio(result["prompt"], result["due"])
    result["status"] = sample_status(result["n"], "no_closed")
    if not (knows.wins and knows.losses):
        result[["win_rate", "low", "high"]] = np.nan
        result[["flag", "status"]] = "", "no_losses" if knows.wins else "no_stages"
    ordered = in_order(result.assign(size=result["n"] + result["leads"]), by, "size")
    return ordered[[*by, *(column.name for column in COLUMNS)]]
