"""Referrals: how many leads customers bring, how well these convert, and how many one customer brings on."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._purchases import purchase_days, purchase_rows
from xlsales.metrics._scope import shift_months
from xlsales.metrics._slices import filterable, midnight, sliced
from xlsales.metrics._stages import here, known, moments
from xlsales.metrics._stats import ratio, sample_status, wilson

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

REFERRED = (
    "转介绍|老带新|老生带|裂变|口碑|(?:朋友|客户|学员|老生|会员|家长|同学|亲友|亲戚|熟人)(?:推荐|介绍)"
    "|referral|referred|refer[ -]a[ -]friend|word[ -]of[ -]mouth"
)
"""Channels that bring leads from customers; what a platform or the staff recommends is none."""
STAFF = (
    "(?:员工|同事|内部)(?:老带新|转介绍|推荐|介绍|裂变)|内推"
    "|(?:employee|staff|internal|colleague)s?'?s?[ -]?(?:refer|recommend)"
)
"""Channels of staff, who are no customers, whoever is named beside them."""
DENIED = f"(?:非|不是)(?:转介绍|老带新|裂变)|(?:non|not)[ -]?referr|口碑网|{STAFF}"
"""Channels that hold such a word and are none."""
MONTHS = 12
COLUMNS = (
    Out("leads", "count", "期内新建线索", "Leads"),
    Out("referred", "count", "转介绍线索", "Referred"),
    Out("referred_share", "percent", "转介绍占比", "Share referred"),
    Out("won", "count", "转介绍成交", "Referred, won"),
    Out("conversion", "percent", "转介绍转化率", "Conversion"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("other_conversion", "percent", "其他线索转化率", "Conversion of others"),
    Out("referrers", "count", "推荐人", "Referrers"),
    Out("active", "count", "活跃客户", "Active customers"),
    Out("referral_rate", "percent", "推荐率", "Referral rate"),
    Out("invites", "percent", "人均邀请", "Invites per customer"),
    Out("k", "percent", "K 值", "K factor"),
    Out("cost", "money", "奖励与费用", "Rewards and costs"),
    Out("cost_per_lead", "money", "每条线索成本", "Cost per lead"),
    Out("cost_per_win", "money", "每个成交成本", "Cost per win"),
    Out("status", "text", "状态", "Status"),
)


def _marked(frame: pd.DataFrame) -> pd.Series:
    """Whether each lead names a referrer, or a channel of referrals; none where the channel is the staff."""
    channel = frame["channel"].fillna("").astype("str")
    named = frame["referrer"].notna() & ~channel.str.contains(STAFF, case=False)
    marked: pd.Series = named | _speaks(channel)
    return marked


def _leads(*, referred: bool | None = None, won: bool = False, first: bool = False) -> Trace:
    """The leads created in the window: referred or not, won, the first of each referrer."""

    def trace(asked: Asked) -> Behind:
        rows = trail.lead_rows(asked)
        rows = trail.said(asked, rows.assign(is_won=rows["won"]), "channel", "referrer")
        if referred is not None:
            rows = rows[_marked(rows) == referred]
        if won:
            rows = rows[rows["is_won"] == 1]
        if first:
            rows = rows[rows["referrer"].notna()].drop_duplicates("referrer")
        return trail.added(rows.assign(part=1.0))

    return trace


def _active(asked: Asked) -> Behind:
    """Customers who bought in the months, each by the first purchase in them."""
    end = asked.scope.current.end
    rows = purchase_rows(replace(asked, seen=end))
    rows = rows[rows["day"] >= midnight(_start(end, asked.options["months"]))].drop_duplicates("customer_id")
    return trail.added(rows.assign(part=1.0))


def _spent(asked: Asked) -> Behind:
    """The costs of referrals whose month begins in the window."""
    costs = asked.tables["costs"]
    about = replace(asked, tables={**asked.tables, "costs": costs[_of_referrals(costs)]})
    return trail.costs()(about)


INVITED, WON = _leads(referred=True), _leads(referred=True, won=True)
RATE = trail.over(WON, INVITED)
BEHIND = {
    "leads": _leads(),
    "referred": INVITED,
    "referred_share": trail.over(INVITED, _leads()),
    "won": WON,
    "conversion": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "other_conversion": trail.over(_leads(referred=False, won=True), _leads(referred=False)),
    "referrers": _leads(referred=True, first=True),
    "active": _active,
    "referral_rate": trail.over(_leads(referred=True, first=True), _active),
    "invites": trail.over(INVITED, _active),
    "k": trail.over(WON, _active),
    "cost": _spent,
    "cost_per_lead": trail.over(_spent, INVITED),
    "cost_per_win": trail.over(_spent, WON),
}


@metric(
    "referral",
    zh="转介绍",
    en="Referrals",
    definition_zh="期内新建线索中写明推荐人、或渠道为转介绍（含老带新、朋友介绍、口碑等；非转介绍、"
    "平台推荐不算，员工不是客户，员工推荐、内推也不算）的；转化率 = 其中成交 ÷ 转介绍线索；"
    "推荐率 = 推荐人数 ÷ 活跃客户（近 12 个月有下单）；K = 人均邀请 × 转化率；"
    "奖励与费用 = 费用表中渠道或费用类别为转介绍的金额，除以线索数、成交数。",
    definition_en="Leads created in the period that name a referrer, or whose channel is referral (also word "
    "of mouth; not what says non-referral, nor what a platform recommends or the staff, who are no "
    "customers); conversion = won / referred; referral rate = referrers / active customers (bought in the "
    "last 12 months); K = invites per active customer x conversion; rewards and costs = the costs whose "
    "channel or kind is referral, per lead and per win.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "months",
            "多少个月内下过单为活跃客户，默认 12",
            "months in which active ones bought, 12 by default",
        ),
    ),
    rows=(83,),
    behind=BEHIND,
)
def referral(
    leads: Frame,
    orders: Frame | None = None,
    costs: Frame | None = None,
    *,
    scope: Scope,
    months: int = MONTHS,
) -> pd.DataFrame:
    """One row: what customers bring in new leads, by the cohort of leads created in the period.

    ``won`` have come to a win by ``scope.as_of`` (see ``_stages``); conversion with its Wilson 95 % interval
    stands beside that of all other leads. ``referrers`` are the different names in the column of referrers,
    blank where no lead of the table has one. ``active`` customers bought in the ``months`` that end with
    the period (or the data); blank without orders, or where these lack what the filters ask for. Leads of
    a young cohort may still be won, so conversion and K can only rise, and the cost per win only fall.

    ``cost`` are the costs of months that begin in the period and whose channel or kind says referral: what
    is paid as rewards. It is blank where the table of costs has none of them at all, or lacks what the
    filters ask for.

    ``status``: ``no_stages`` where the leads tell no win; ``no_leads`` without a referred one;
    ``small_sample`` below 30.
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    seen = nw.lit(midnight(scope.as_of, 1))
    start, end = midnight(scope.current.start), midnight(scope.current.end, 1)
    rows = sliced(moments(leads), scope, ())
    rows = rows.filter(nw.col("created") >= start, nw.col("created") < end, nw.col("created") < seen)
    frame = rows.select("channel", "referrer", won=here("won", seen)).collect("pandas").to_pandas()
    marked = _marked(frame)
    won = frame["won"] == 1
    named = nw.from_native(leads).lazy().filter(~nw.col("referrer").is_null()).head(1).collect("pandas")
    referrers = float(frame.loc[marked, "referrer"].nunique()) if len(named) else np.nan
    counts = {
        "leads": len(frame),
        "referred": marked.sum(),
        "won": (marked & won).sum(),
        "others": (~marked).sum(),
        "others_won": (~marked & won).sum(),
        "referrers": referrers,
        "active": _count_active(orders, scope, months),
    }
    found = pd.DataFrame({name: [float(value)] for name, value in counts.items()})
    found["referred_share"] = ratio(found["referred"], found["leads"])
    found["conversion"] = ratio(found["won"], found["referred"])
    found["low"], found["high"] = wilson(found["won"], found["referred"])
    found["other_conversion"] = ratio(found["others_won"], found["others"])
    found["referral_rate"] = ratio(found["referrers"], found["active"])
    found["invites"] = ratio(found["referred"], found["active"])
    found["k"] = ratio(found["won"], found["active"])
    found["cost"] = _cost(costs, scope)
    found["cost_per_lead"] = ratio(found["cost"], found["referred"])
    found["cost_per_win"] = ratio(found["cost"], found["won"])
    found["status"] = sample_status(found["referred"], "no_leads")
    if not known(leads).wins:
        found[["won", "conversion", "low", "high", "other_conversion", "k", "cost_per_win"]] = np.nan
        found["status"] = "no_stages"
    return found[[column.name for column in COLUMNS]]


def _count_active(orders: Frame | None, scope: Scope, months: int) -> float:
    """How many different customers bought in the months."""
    import narwhals as nw

    if orders is None or not filterable(orders, scope):
        return float("nan")
    first, end = midnight(_start(scope.current.end, months)), midnight(scope.current.end, 1)
    days = purchase_days(orders, scope).filter(nw.col("day") >= first, nw.col("day") < end)
    return float(days.select(nw.col("customer_id").n_unique()).collect("pandas").item())


def _cost(costs: Frame | None, scope: Scope) -> float:
    """What referrals cost in the period."""
    import narwhals as nw

    if costs is None or not filterable(costs, scope):
        return float("nan")
    rows = sliced(costs, scope, ()).filter(~nw.col("cost").is_null())
    frame = rows.select("channel", "kind", "period", "cost").collect("pandas").to_pandas()
    frame = frame[_of_referrals(frame)]
    if not len(frame):
        return float("nan")
    start, end = midnight(scope.current.start), midnight(scope.current.end, 1)
    inside = (frame["period"] >= start) & (frame["period"] < end)
    return round(fsum(frame.loc[inside, "cost"]), PLACES)


def _of_referrals(costs: pd.DataFrame) -> pd.Series:
    """Whether each cost is of a channel of referrals, or of a kind that says so."""
    about = costs["channel"].fillna("").astype("str") + " " + costs["kind"].fillna("").astype("str")
    return _speaks(about)


def _speaks(text: pd.Series) -> pd.Series:
    """Whether each text is about leads that customers bring."""
    found: pd.Series = text.str.contains(REFERRED, case=False) & ~text.str.contains(DENIED, case=False)
    return found


def _start(day: date, months: int) -> date:
    """The first day of the months that end with the day."""
    return shift_months(day + ONE_DAY, -months)
