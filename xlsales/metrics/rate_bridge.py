"""Why conversion changed: better rates within the channels, or a different mix of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._slices import aligned, in_order, looks, names, sliced
from xlsales.metrics._stages import DIMENSIONS, known, moments, standing
from xlsales.metrics._stats import ratio

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("leads", "count", "线索数", "Leads"),
    Out("leads_before", "count", "上期线索", "Leads before"),
    Out("share", "percent", "线索占比", "Share of leads"),
    Out("share_before", "percent", "上期占比", "Share before"),
    Out("conversion", "percent", "转化率", "Conversion"),
    Out("before", "percent", "上期转化率", "Conversion before"),
    Out("rate_effect", "points", "转化率影响", "Rate effect"),
    Out("mix_effect", "points", "结构影响", "Mix effect"),
    Out("effect", "points", "合计影响", "Effect"),
    Out("status", "text", "状态", "Status"),
)


LEADS = trail.leads()
RATE = trail.over(trail.leads(reached="won"), LEADS)
SHARE = trail.over(LEADS, trail.whole(LEADS))


def _rate_effect(asked: Asked) -> Behind:
    """The change of the rate by the mean share; what has leads in one period only is all mix."""
    moved = trail.less(RATE, trail.earlier(RATE))
    if not asked.row["leads"] or not asked.row["leads_before"]:
        return trail.of(LEADS)(asked)
    return trail.scaled(moved, lambda asked: (asked.row["share"] + asked.row["share_before"]) / 2)(asked)


def _mix_effect(asked: Asked) -> Behind:
    """The change of the share by what the mean rate lies above that of the whole."""
    rates = [rate(asked).number for rate in (RATE, trail.earlier(RATE)) if rate(asked).rows.shape[0]]
    overall = [rate(asked).number or 0.0 for rate in (trail.whole(RATE), trail.earlier(trail.whole(RATE)))]
    above = sum(one or 0.0 for one in rates) / max(len(rates), 1) - sum(overall) / 2
    return trail.scaled(trail.less(SHARE, trail.earlier(SHARE)), lambda _: above)(asked)


def _effect(asked: Asked) -> Behind:
    """Both together; of the whole, the change of its rate."""
    if asked.whole is None or asked.whole.filters == asked.scope.filters:
        return trail.less(RATE, trail.earlier(RATE))(asked)
    if not asked.row["leads"] or not asked.row["leads_before"]:
        return _mix_effect(asked)
    return trail.plus(_rate_effect, _mix_effect)(asked)


BEHIND = {
    "leads": LEADS,
    "leads_before": trail.earlier(LEADS),
    "share": SHARE,
    "share_before": trail.earlier(SHARE),
    "conversion": RATE,
    "before": trail.earlier(RATE),
    "rate_effect": _rate_effect,
    "mix_effect": _mix_effect,
    "effect": _effect,
}


@metric(
    "rate_bridge",
    zh="转化率变化拆解",
    en="Conversion bridge",
    definition_zh="总体转化率变化 = Σ 转化率影响 + Σ 结构影响。转化率影响 =（本期率 - 上期率）× "
    "两期占比均值；结构影响 =（本期占比 - 上期占比）×（两期率均值 - 总体两期率均值）；只在一期有线索的，"
    "全部计入结构。",
    definition_en="Change of the overall conversion = sum of rate effects + sum of mix effects. Rate effect "
    "= (rate now - before) x mean share; mix effect = (share now - before) x (mean rate - mean overall "
    "rate); what has leads in one period only is all mix.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(Option("by", "分行维度，默认渠道", "dimensions, by default the channel", DIMENSIONS),),
    rows=(54,),
    behind=BEHIND,
)
def rate_bridge(leads: Frame, *, scope: Scope, by: tuple[str, ...] = ("channel",)) -> pd.DataFrame:
    """What each row adds to the change of the overall conversion from the period before; see ``_stages``.

    The two cohorts are seen at the same age. The split is that of Kitagawa (1955): with shares s and rates r
    of the leads, the change is sum((r1 - r0)(s0 + s1) / 2) + sum((s1 - s0)(r0 + r1) / 2), and since shares
    add up to 1 the mean overall rate may be taken off each mean rate, so that a better channel that grows
    counts above zero. Where there are no leads in one period its rate is taken from the other, so that
    nothing is a change of rate. The effects of all rows add up to the change exactly, in each month where
    rows are months by something else; without such a dimension only the whole change is known.

    Effects are blank without win dates (``undated``), as the past cannot be seen at the same age;
    ``no_stages`` where nothing tells a win; ``no_leads`` and ``no_base`` where a whole period has none;
    ``new`` and ``gone`` are what has leads in one period only.
    """
    import numpy as np
    import pandas as pd

    compared = looks(scope, by)
    found = standing(sliced(moments(leads), scope, by), compared, by)
    found["won"] = found["leads"] * (found["outcome"] == "won")
    roles = aligned(found.drop(columns=["reached", "outcome"]), compared, by)
    now, then = roles["current"], roles["previous"]
    whole = pd.Series(now["month"] if "month" in by else "", now.index, dtype="str")
    rows = now.rename(columns={"won": "won_now"}).assign(leads_before=then["leads"], won_then=then["won"])
    sums = rows[["leads", "leads_before", "won_now", "won_then"]].groupby(whole).transform("sum")
    rows["share"] = ratio(rows["leads"], sums["leads"])
    rows["share_before"] = ratio(rows["leads_before"], sums["leads_before"])
    rows["conversion"] = ratio(rows["won_now"], rows["leads"])
    rows["before"] = ratio(rows["won_then"], rows["leads_before"])
    overall = (ratio(sums["won_now"], sums["leads"]) + ratio(sums["won_then"], sums["leads_before"])) / 2
    rate_now, rate_then = rows["conversion"].fillna(rows["before"]), rows["before"].fillna(rows["conversion"])
    nobody = (rows["leads"] == 0) & (rows["leads_before"] == 0)
    rate_now, rate_then = rate_now.mask(nobody, 0.0), rate_then.mask(nobody, 0.0)
    rows["rate_effect"] = (rate_now - rate_then) * (rows["share"] + rows["share_before"]) / 2
    rows["mix_effect"] = (rows["share"] - rows["share_before"]) * ((rate_now + rate_then) / 2 - overall)
    rows["effect"] = rows["rate_effect"] + rows["mix_effect"]
    if not names(by):
        rows[["rate_effect", "mix_effect"]] = np.nan
    why = {
        "no_leads": sums["leads"] == 0,
        "no_base": sums["leads_before"] == 0,
        "new": (rows["leads_before"] == 0) & (rows["leads"] > 0),
        "gone": (rows["leads"] == 0) & (rows["leads_before"] > 0),
    }
    rows["status"] = np.select(list(why.values()), list(why), "")
    knows = known(leads)
    if "won" not in knows.dated:
        rows[["before", "rate_effect", "mix_effect", "effect"]] = np.nan
        rows["status"] = "undated"
    if not knows.wins:
        rows["conversion"] = np.nan
        rows["status"] = "no_stages"
    return in_order(rows, by, "leads")[[*by, *(column.name for column in COLUMNS)]]
