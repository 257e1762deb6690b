"""How well each rep turns leads into deals, given which leads they get and how few they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._lives import waited
from xlsales.metrics._slices import in_order, midnight, names, sliced
from xlsales.metrics._stages import here, known, moments
from xlsales.metrics._stats import prior, ratio, shrunk, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

FEW = 20
"""Below so many leads a rate says little about a person, and is shown as shrunk only."""

COLUMNS = (
    Out("leads", "count", "线索数", "Leads"),
    Out("won", "count", "成交", "Won"),
    Out("conversion", "percent", "转化率", "Conversion"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("expected", "number", "按渠道应成交", "Expected wins"),
    Out("adjusted", "percent", "结构校正", "Mix-adjusted"),
    Out("adjusted_low", "percent", "校正下限", "Adjusted low"),
    Out("adjusted_high", "percent", "校正上限", "Adjusted high"),
    Out("shrunk", "percent", "收缩后", "Shrunk"),
    Out("rank", "count", "名次", "Rank"),
    Out("flag", "text", "对总体", "Against overall"),
    Out("response_days", "days", "首次响应中位天数", "Median response days"),
    Out("follow_ups", "count", "跟进次数", "Follow-ups"),
    Out("per_lead", "number", "每线索跟进", "Follow-ups per lead"),
    Out("prior_mean", "percent", "先验均值", "Prior mean"),
    Out("prior_weight", "number", "先验权重（线索数）", "Prior weight, leads"),
    Out("status", "text", "状态", "Status"),
)


LEADS = trail.leads()
RATE = trail.over(trail.leads(reached="won"), LEADS)
FOLLOW_UPS = trail.activities(LEADS)
BEHIND = {
    "leads": LEADS,
    "won": trail.leads(reached="won"),
    "conversion": RATE,
    **dict.fromkeys(("low", "high", "adjusted", "adjusted_low", "adjusted_high"), trail.of(RATE)),
    "expected": trail.of(LEADS),
    "shrunk": trail.of(RATE),
    "rank": trail.of(trail.whole(RATE)),
    "response_days": trail.of(LEADS),
    "follow_ups": FOLLOW_UPS,
    "per_lead": trail.over(FOLLOW_UPS, LEADS),
    "prior_mean": trail.of(trail.whole(RATE)),
    "prior_weight": trail.of(trail.whole(RATE)),
}


@metric(
    "rep_conversion",
    zh="顾问转化能力",
    en="Rep conversion",
    definition_zh="结构校正 = 成交 ÷ 按渠道应成交 × 总体转化率（间接标准化：应成交 = 各渠道总体转化率 × "
    "本人该渠道线索）；收缩后 =（校正率 × 线索 + 先验均值 × 先验权重）÷（线索 + 先验权重），"
    "beta-二项先验由各人校正率按矩法估计；名次按收缩后排。",
    definition_en="Mix-adjusted = won / expected x overall rate (indirect standardisation: expected wins at "
    "the overall rate of each lead's channel); shrunk = (adjusted x leads + prior mean x weight) / (leads + "
    "weight), beta-binomial prior from the adjusted rates by moments; ranked on shrunk.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option("within", "按什么校正结构", "whose rates are the yardstick", ("channel", "product", "region")),
        Option(
            "by", "分行维度，默认顾问", "dimensions, by default the rep", ("rep", "team", "region", "channel")
        ),
    ),
    rows=(52,),
    behind=BEHIND,
)
def rep_conversion(
    leads: Frame,
    activities: Frame | None = None,
    *,
    scope: Scope,
    within: str = "channel",
    by: tuple[str, ...] = ("rep",),
) -> pd.DataFrame:
    """Leads created in the period by rep, and what became of them by ``scope.as_of``; see ``_stages``.

    ``conversion`` = won / leads with its Wilson 95 % interval. ``expected`` is how many of the rep's leads
    would be won if each channel (``within``) converted for them as it does overall; ``adjusted`` is
    won / expected x the overall rate, blank where nothing was expected. Its interval is that of the rate,
    scaled alike. ``flag`` is ``below`` or ``above`` where it lies wholly off the overall rate.

    ``shrunk`` pulls the adjusted rate to the mean of all named reps, the more the fewer leads there are
    (empirical Bayes): ``_stats.prior`` estimates the beta prior by the moments of the beta-binomial
    (Kleinman 1973), and ``prior_weight`` says how many leads it is worth. It is blank where the reps
    differ no more than chance would; then all are shrunk to the mean and share a rank. One rep alone has no
    prior, nor has the blank one. ``rank`` is by ``shrunk``, equal ones alike.

    ``response_days`` is the median from creation to first response of leads that have one by then; negative
    ones do not count. ``follow_ups`` are
    activities by ``scope.as_of`` that name a lead of the rep; without any that names a lead it is blank.

    ``status``: ``no_leads``; ``no_stages`` where nothing tells a win; ``small_sample`` below 20 leads.
    """
    import numpy as np
    import pandas as pd

    called = tuple(names(by))
    cohort = _cohort(leads, scope, (*called, within))
    grouped: list[Any] = list(called) or [pd.Series("", cohort.index)]
    strata = cohort.groupby(within)["won"].transform("mean")
    rows = (
        cohort.assign(expected=strata)
        .groupby(grouped, observed=True)
        .agg(leads=("won", "size"), won=("won", "sum"), expected=("expected", "sum"), days=("days", "median"))
        .reset_index(drop=not called)
    )
    if not called and rows.empty:
        rows = pd.DataFrame({"leads": [0], "won": [0], "expected": [0.0], "days": [np.nan]})
    rows = rows.rename(columns={"days": "response_days"}).astype({"leads": "float64", "won": "float64"})
    rows["expected"] = rows["expected"].round(9)
    rows["follow_ups"] = _follow_ups(activities, cohort, rows, called, scope)
    rows["per_lead"] = ratio(rows["follow_ups"], rows["leads"])
    _compared(rows, called)
    rows["status"] = np.select([rows["leads"] == 0, rows["leads"] < FEW], ["no_leads", "small_sample"], "")
    if not known(leads).wins:
        blank = [
            one.name for one in COLUMNS if one.format in ("percent", "number") or one.name in ("won", "rank")
        ]
        blank = [name for name in blank if name not in ("response_days", "per_lead")]
        rows[blank] = np.nan
        rows[["flag", "status"]] = "", "no_stages"
    return in_order(rows, by, "leads")[[*by, *(column.name for column in COLUMNS)]]


def _cohort(leads: Frame, scope: Scope, by: Sequence[str]) -> pd.DataFrame:
    """The leads created in the period: their names, whether they are won, and days to the first response."""
    import narwhals as nw
    import numpy as np

    seen = nw.lit(midnight(scope.as_of, 1))
    rows = _created(sliced(moments(leads), scope, by), scope)
    responded = nw.when(nw.col("responded") < seen).then(nw.col("responded"))
    called = list(dict.fromkeys(by))
    found = (
        rows.select("lead_id", "created", *called, answered=responded, won=here("won", seen))
        .collect("pandas")
        .to_pandas()
    )
    days = waited(found["created"], found["answered"]) / 24
    found["days"] = days.where(days >= 0).astype("float64")
    found["won"] = found["won"].astype(np.int64)
    return found.astype(dict.fromkeys(called, "str"))


def _created(rows: nw.LazyFrame[Any], scope: Scope) -> nw.LazyFrame[Any]:
    import narwhals as nw

    created = nw.col("created")
    return rows.filter(created >= midnight(scope.current.start), created < midnight(scope.current.end, 1))


def _follow_ups(
    activities: Frame | None, cohort: pd.DataFrame, rows: pd.DataFrame, called: Sequence[str], scope: Scope
) -> pd.Series:
    """How many activities name a lead of each row; a lead id that stands twice counts for its first row."""
    import narwhals as nw
    import numpy as np
    import pandas as pd

    blank = pd.Series(np.nan, rows.index)
    if activities is None:
        return blank
    done: nw.LazyFrame[Any] = nw.from_native(activities).lazy()
    done = done.filter(nw.col("day") < midnight(scope.as_of, 1), ~nw.col("lead_id").is_null())
    counts = done.group_by("lead_id").agg(times=nw.len()).collect("pandas").to_pandas()
    if counts.empty:
        return blank
    named = cohort[cohort["lead_id"].notna()].sort_values(["lead_id", *called], kind="stable")
    named = named.drop_duplicates("lead_id")
    times = named["lead_id"].map(counts.set_index("lead_id")["times"]).fillna(0.0).astype("float64")
    if not called:
        return blank.fillna(times.sum())
    sums = named.assign(times=times).groupby(list(called), observed=True)["times"].sum().rename("times")
    return rows[list(called)].merge(sums.reset_index(), how="left", on=list(called))["times"].fillna(0.0)


def _compared(rows: pd.DataFrame, called: Sequence[str]) -> None:
    """The rates of each row, adjusted for its mix and shrunk, and the rank."""
    import numpy as np

    overall = float(rows["won"].sum() / rows["leads"].sum()) if rows["leads"].sum() else np.nan
    rows["conversion"] = ratio(rows["won"], rows["leads"])
    rows["low"], rows["high"] = wilson(rows["won"], rows["leads"])
    scale = overall / ratio(rows["expected"], rows["leads"]).where(rows["expected"] > 0)
    for name, raw in (("adjusted", "conversion"), ("adjusted_low", "low"), ("adjusted_high", "high")):
        rows[name] = (rows[raw] * scale).clip(upper=1.0)
    above, below = rows["adjusted_low"] > overall + 1e-12, rows["adjusted_high"] < overall - 1e-12
    rows["flag"] = np.select([above, below], ["above", "below"], "")
    named = (rows[list(called)] != "").all(axis=1) if called else rows["leads"] < 0
    mean, weight = prior(rows["adjusted"].where(named), rows["leads"])
    rows["shrunk"] = shrunk(rows["adjusted"].where(named), rows["leads"], mean, weight).round(12)
    rows["rank"] = rows["shrunk"].rank(method="min", ascending=False)
    rows["prior_mean"] = mean
    rows["prior_weight"] = weight if np.isfinite(weight) else np.nan
