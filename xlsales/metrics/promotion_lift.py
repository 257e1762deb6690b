"""What a promotion brought beyond what would have come anyway, and whether it only came earlier."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._campaigns import (
    STRETCHES,
    Campaign,
    campaigns,
    costs_by_name,
    counted_lines,
    during,
    leads_by_day,
    oldest,
    orders_by_day,
    promoted,
)
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._slices import filterable, midnight, sliced
from xlsales.metrics._stages import known
from xlsales.metrics._stats import SMALL_SAMPLE, difference
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

T975 = {2: 12.706204736174698, 3: 4.302652729749462, 4: 3.182446305283708}
"""The 97.5 % point of Student's t for the mean of so many stretches, one degree of freedom fewer."""

COLUMNS = (
    Out("promotion", "text", "活动", "Promotion"),
    Out("first", "date", "开始", "First day"),
    Out("last", "date", "结束", "Last day"),
    Out("leads", "count", "活动线索", "Leads"),
    Out("won", "count", "活动成交", "Won"),
    Out("rate", "percent", "活动转化率", "Conversion"),
    Out("control_leads", "count", "对照线索", "Control leads"),
    Out("control_rate", "percent", "对照转化率", "Control"),
    Out("covered", "percent", "有对照占比", "With a control"),
    Out("lift", "points", "提升", "Lift"),
    Out("low", "points", "提升下限", "Lift low"),
    Out("high", "points", "提升上限", "Lift high"),
    Out("p", "number", "p 值", "p"),
    Out("orders", "count", "活动订单", "Orders"),
    Out("sales", "money", "活动销售额", "Sales"),
    Out("in_window", "count", "期间全部订单", "All orders then"),
    Out("expected_orders", "number", "基线订单", "Expected orders"),
    Out("incremental", "number", "增量订单", "Incremental orders"),
    Out("incremental_low", "number", "增量下限", "Incremental low"),
    Out("incremental_high", "number", "增量上限", "Incremental high"),
    Out("incremental_margin", "money", "增量毛利（优惠前）", "Incremental margin"),
    Out("discount", "money", "优惠", "Discount"),
    Out("cost", "money", "活动费用", "Cost"),
    Out("net", "money", "净收益", "Net profit"),
    Out("net_low", "money", "净收益下限", "Net low"),
    Out("net_high", "money", "净收益上限", "Net high"),
    Out("after_orders", "count", "活动后订单", "Orders after"),
    Out("after_expected", "number", "活动后基线", "Expected after"),
    Out("pulled_forward", "number", "可能提前", "Pulled forward"),
    Out("status", "text", "状态", "Status"),
    Out("money_status", "text", "收益说明", "Profit status"),
)


def _campaign(asked: Asked) -> Campaign:
    """The campaign of the row."""
    return Campaign(asked.row["promotion"], asked.row["first"].date(), asked.row["last"].date())


def _asking(kind: str) -> Trace:
    """The leads of the campaign, those of them that are won, or the leads of its control."""

    def trace(asked: Asked) -> Behind:
        import pandas as pd

        campaign = _campaign(asked)
        frame = leads_by_day(asked.tables["leads"], asked.scope, (SOURCE, ROW))
        name = campaign.name if kind != "control" else ""
        within = pd.Series(data=False, index=frame.index)
        for back in map(campaign.back, [0] if name else _held_against(asked.options["control"])):
            within |= during(frame["day"], campaign.first - back, campaign.last - back)
        found = frame[within & (frame["campaign"] == name)]
        if kind == "won":
            found = found[found["since"] < pd.Timestamp(midnight(asked.scope.as_of, 1))]
        return trail.marked(found.assign(one=1.0), "one")

    return trace


def _held_against(control: str) -> range:
    """The stretches whose leads are the control."""
    return range(1, (STRETCHES if control == "matched" else 1) + 1)


def _lines(asked: Asked, name: str | None, *spans: tuple[date, date]) -> pd.DataFrame:
    """The lines of the counted orders that begin in one of the spans, of one campaign or of all."""
    import narwhals as nw
    import pandas as pd

    rows = counted_lines(asked.tables["orders"], asked.scope, (SOURCE, ROW))
    frame = fetched(rows.filter(nw.col("order_date") >= midnight(oldest(asked.scope))))
    frame = frame.sort_values(["order_date", SOURCE, ROW], ignore_index=True)
    key = frame["order_id"].astype("object")
    key = key.where(key.notna(), [f"\0{at}" for at in range(len(frame))])
    day = frame["order_date"].dt.normalize().groupby(key).transform("min")
    named = frame["campaign"].astype("str").groupby(key).transform("max")
    within = pd.Series(data=False, index=frame.index)
    for start, end in spans:
        within |= during(day, start, end)
    lines: pd.DataFrame = frame.assign(key=key)[within & ((named == name) | (name is None))]
    return lines


def _own(column: str) -> Trace:
    """What the lines of the campaign's orders say in the column, or the orders."""

    def trace(asked: Asked) -> Behind:
        campaign = _campaign(asked)
        lines = _lines(asked, campaign.name, (campaign.first, campaign.last))
        if column == "orders":
            lines = lines.drop_duplicates("key").assign(orders=1.0)
        return trail.marked(lines, column, "orders")

    return trace


def _then(asked: Asked) -> Behind:
    """All orders of the campaign's days."""
    campaign = _campaign(asked)
    lines = _lines(asked, None, (campaign.first, campaign.last)).drop_duplicates("key")
    return trail.marked(lines.assign(one=1.0), "one", "orders")


def _usual(*, whole: bool) -> Trace:
    """The orders without campaign on the same days of the stretches before; or by day, for the days after."""

    def trace(asked: Asked) -> Behind:
        campaign = _campaign(asked)
        _, begin = orders_by_day(asked.tables["orders"], asked.scope)
        backs = [campaign.back(k) for k in campaign.reach(begin)]
        first, until = campaign.first, campaign.whole if whole else campaign.last
        lines = _lines(asked, "", *((first - back, until - back) for back in backs)).drop_duplicates("key")
        stretches = _after(asked) / campaign.length if whole else 1
        return trail.marked(lines.assign(part=stretches / max(len(backs), 1)), "part", "orders")

    return trace


def _after(asked: Asked) -> int:
    """How many days after the campaign are looked at."""
    campaign = _campaign(asked)
    return (_end(campaign, asked.options["weeks"], asked.scope) - campaign.last).days


def _orders_after(asked: Asked) -> Behind:
    """All orders of these days."""
    last = _campaign(asked).last
    lines = _lines(asked, None, (last + timedelta(days=1), last + timedelta(days=_after(asked))))
    return trail.marked(lines.drop_duplicates("key").assign(one=1.0), "one", "orders")


def _pulled(asked: Asked) -> Behind:
    """What is missing after it; nothing where nothing is."""
    missing = trail.less(_usual(whole=True), _orders_after)
    return missing(asked) if asked.row["pulled_forward"] else trail.of(missing)(asked)


def _cost(asked: Asked) -> Behind:
    """The costs up to the day of the data that name the campaign."""
    import narwhals as nw

    rows = sliced(asked.tables["costs"], asked.scope, ("campaign",)).filter(
        nw.col("campaign") == asked.row["promotion"], nw.col("period") < midnight(asked.scope.as_of, 1)
    )
    return trail.marked(fetched(rows), "cost", "costs")


RATE = trail.over(_asking("won"), _asking("leads"))
BEHIND = {
    "leads": _asking("leads"),
    "won": _asking("won"),
    "rate": RATE,
    "control_leads": _asking("control"),
    "control_rate": trail.of(_asking("control")),
    **dict.fromkeys(("covered", "lift", "low", "high", "p"), trail.of(RATE)),
    "orders": _own("orders"),
    "sales": _own("amount"),
    "in_window": _then,
    "expected_orders": _usual(whole=False),
    "incremental": trail.less(_then, _usual(whole=False)),
    **dict.fromkeys(("incremental_low", "incremental_high"), trail.of(_usual(whole=False))),
    "discount": _own("discount"),
    "cost": _cost,
    **dict.fromkeys(("incremental_margin", "net", "net_low", "net_high"), trail.of(_own("amount"))),
    "after_orders": _orders_after,
    "after_expected": _usual(whole=True),
    "pulled_forward": _pulled,
}


@metric(
    "promotion_lift",
    zh="促销效果",
    en="Promotion lift",
    definition_zh="提升 = 活动线索转化率 - 对照转化率。对照：活动前 4 段等长（整周）时间内无活动的线索，"
    "在相同的账龄看，matched 按星期几与渠道对齐，before 只用前一段且不对齐。增量订单 = 活动期间全部订单 - "
    "此前各段均值；净收益 = 增量订单 × 每单毛利（优惠前） - 优惠 - 活动费用；可能提前 = 之后 k "
    "周低于基线的订单。",
    definition_en="Lift = conversion of the promotion's leads - control: leads without a promotion in the "
    "four stretches of whole weeks before, seen at the same age; matched: same weekday and channel; before: "
    "the last stretch as it is. Incremental orders = all orders of its days - mean of those stretches; net "
    "= incremental orders x margin before discount - discount - cost; pulled forward = orders missing in "
    "the k weeks after.",
    needs=("orders.order_date",),
    columns=COLUMNS,
    options=(
        Option(
            "control",
            "matched 同星期同渠道，before 活动前一段",
            "matched: same weekday and channel; before: the stretch just before",
            ("matched", "before"),
        ),
        Option("weeks", "活动后看多少周", "how many weeks after it to look for orders that came early"),
    ),
    rows=(53,),
    behind=BEHIND,
)
def promotion_lift(
    orders: Frame,
    leads: Frame | None = None,
    costs: Frame | None = None,
    *,
    scope: Scope,
    control: Literal["matched", "before"] = "matched",
    weeks: int = 4,
) -> pd.DataFrame:
    """One row per campaign named by an order or a lead of the period, by its first day.

    ``first`` and ``last`` are the campaign's earliest and latest order or lead of the period. The control
    lies in stretches of whole weeks, long enough to hold the campaign, going back from it: day d is held
    against d - 7 w, 14 w ..., where weekdays agree. A lead of a stretch that lies s days back is seen s days
    before ``scope.as_of``, so that it had as long to be won. Days with another campaign are not left out, but
    its leads and orders are.

    ``matched``: the control rate is that of the leads without campaign on the same weekday in the same
    channel, weighted as the campaign's own leads are (direct standardisation); ``covered`` is the share of
    these that have a control. ``lift`` is of them alone; its interval is Newcombe's (1998, method 10) and
    ``p`` of the z test, with the control counted as the (sum n)^2 / sum(n^2 / m) leads that the weights
    leave of it.

    ``incremental`` is of all counted orders of those days, so that orders which would have come without the
    campaign are none of its merit; ``expected_orders`` is their mean over the stretches that the data
    reach. Its interval is that of the orders which the days would have had without the campaign: the 95 %
    prediction interval of one more stretch, s t(0.975, n - 1) sqrt(1 + 1 / n) on either side of the mean of
    n (Hahn and Meeker, Statistical Intervals, 1991, chapter 4), where s is their standard deviation; blank
    below two stretches, and of no width where all had as many. ``net_low`` and ``net_high`` are ``net`` at
    its ends, with the margin of an order taken as it is.

    The margin of an order is amount + discount - cost over the campaign's orders, blank unless all
    of them have a cost. ``discount`` is that of the campaign's orders and
    ``cost`` what the costs give to it; a blank one is taken as none in ``net``, and ``money_status`` says so
    (``no_margin``, ``no_cost``). ``after_*`` compare the days after the campaign, up to ``weeks`` weeks
    and the data date, with the same mean per day; ``pulled_forward`` is what is missing there, at least 0.

    ``status``: ``no_leads`` (no lead names it); ``no_control``; ``small_sample`` (under 30 on a side);
    ``undated`` without win dates, as then nothing can be seen at the same age.
    """
    import pandas as pd

    asked = None if leads is None or not filterable(leads, scope) else leads_by_day(leads, scope)
    titles = [column.name for column in COLUMNS]
    if not promoted(orders, scope) and (asked is None or not (asked["campaign"] != "").any()):
        return _typed(pd.DataFrame(columns=titles))
    sold, begin = orders_by_day(orders, scope)
    spent = {} if costs is None or not filterable(costs, scope) else costs_by_name(costs, scope)
    rows = []
    for one in campaigns(sold, asked, scope):
        row: dict[str, Any] = {"promotion": one.name}
        row |= {"first": pd.Timestamp(one.first), "last": pd.Timestamp(one.last)}
        row |= _rates(asked, leads, one, scope, control)
        row |= _volume(sold, one, one.reach(begin), scope, weeks)
        row |= _profit(one.among(sold), row, spent.get(one.name))
        rows.append(row)
    return _typed(pd.DataFrame(rows, columns=titles))


def _typed(found: pd.DataFrame) -> pd.DataFrame:
    numbers = [one.name for one in COLUMNS if one.format not in ("text", "date")]
    found[numbers] = found[numbers].astype("float64")
    found[["first", "last"]] = found[["first", "last"]].astype("datetime64[us]")
    return found


def _rates(
    asked: pd.DataFrame | None,
    leads: Frame | None,
    campaign: Campaign,
    scope: Scope,
    control: str,
) -> dict[str, Any]:
    """The campaign's conversion against its control's."""
    import numpy as np
    import pandas as pd

    if asked is None:
        return {"status": "no_leads"}
    seen = pd.Timestamp(midnight(scope.as_of, 1))
    own = campaign.among(asked)
    if own.empty:
        return {"status": "no_leads", "leads": 0}
    own, whole = own.assign(won=own["since"] < seen), len(own)
    row: dict[str, Any] = {"leads": whole, "won": own["won"].sum(), "rate": own["won"].mean()}
    knows = known(leads)
    if "won" not in knows.dated:
        return row | {"status": "undated"} | ({} if knows.wins else {"won": np.nan, "rate": np.nan})
    parts = []
    for back in map(campaign.back, _held_against(control)):
        stretch = during(asked["day"], campaign.first - back, campaign.last - back)
        then = asked[stretch & (asked["campaign"] == "")]
        parts.append(then.assign(won=then["since"] < seen - back))
    others = pd.concat(parts, ignore_index=True)
    row["control_leads"] = len(others)
    if others.empty:
        return row | {"status": "no_control", "covered": 0.0}
    cells = ["weekday", "channel"] if control == "matched" else ["whole"]
    own, others = (
        frame.assign(weekday=frame["day"].dt.day_of_week, whole=0).groupby(cells)["won"].agg(["size", "sum"])
        for frame in (own, others)
    )
    pairs = own.join(others.add_suffix("_then"), how="inner")
    n, m = pairs["size"].to_numpy("float64"), pairs["size_then"].to_numpy("float64")
    row["covered"] = n.sum() / whole
    if not len(pairs):
        return row | {"status": "no_control"}
    row["control_rate"] = float((n * pairs["sum_then"].to_numpy() / m).sum() / n.sum())
    worth = float(n.sum() ** 2 / (n**2 / m).sum())
    told = difference(float(pairs["sum"].sum()), float(n.sum()), row["control_rate"] * worth, worth)
    if told is not None:
        row["lift"], row["low"], row["high"], row["p"] = told
    small = min(n.sum(), m.sum()) < SMALL_SAMPLE
    return row | {"status": "small_sample" if small else ""}


def _volume(
    sold: pd.DataFrame, campaign: Campaign, reach: list[int], scope: Scope, weeks: int
) -> dict[str, Any]:
    """All orders of the campaign's days, and of those after it, against the stretches before."""
    import numpy as np

    def within(start: date, end: date, *, plain: bool) -> int:
        inside = during(sold["day"], start, end)
        return int((inside & ((sold["campaign"] == "") | (not plain))).sum())

    own, first, last = campaign.among(sold), campaign.first, campaign.last
    backs = [campaign.back(k) for k in reach]
    usual = [within(first - back, last - back, plain=True) for back in backs]
    expected = sum(usual) / len(usual) if usual else np.nan
    spread = _spread(usual)
    everything = within(first, last, plain=False)
    end = _end(campaign, weeks, scope)
    days_after = (end - last).days
    whole = [within(first - back, campaign.whole - back, plain=True) for back in backs]
    per_day = sum(whole) / len(whole) / campaign.length if whole else np.nan
    after = within(last + timedelta(days=1), end, plain=False) if days_after else np.nan
    after_expected = per_day * days_after if days_after else np.nan
    return {
        "orders": len(own),
        "sales": round(float(own["amount"].sum()), 6),
        "discount": round(float(own["discount"].sum()), 6),
        "in_window": everything,
        "expected_orders": expected,
        "incremental": everything - expected,
        "incremental_low": everything - expected - spread,
        "incremental_high": everything - expected + spread,
        "after_orders": after,
        "after_expected": after_expected,
        "pulled_forward": max(after_expected - after, 0.0) if after_expected == after_expected else np.nan,
    }


def _end(campaign: Campaign, weeks: int, scope: Scope) -> date:
    """The last of the days after the campaign that are looked at; its own last day where there are none."""
    return max(min(campaign.last + timedelta(weeks=weeks), scope.as_of), campaign.last)


def _spread(usual: list[int]) -> float:
    """Half the width of the 95 % prediction interval of one more stretch; NaN below two."""
    import numpy as np

    n = len(usual)
    return float(T975[n] * np.std(usual, ddof=1) * np.sqrt(1 + 1 / n)) if n in T975 else np.nan


def _profit(own: pd.DataFrame, volume: dict[str, Any], cost: float | None) -> dict[str, Any]:
    """What the incremental orders earn, less what all of the campaign's orders were given, less its cost."""
    import numpy as np

    row: dict[str, Any] = {"cost": np.nan if cost is None else cost}
    if own.empty or own["cost"].isna().any():
        return row | {"money_status": "no_margin"}
    discount = round(float(own["discount"].sum()), 6)
    margin = round(float(own["amount"].sum() + own["discount"].sum() - own["cost"].sum()), 6) / len(own)
    lost = discount + (cost or 0.0)
    ends = sorted(volume[end] * margin - lost for end in ("incremental_low", "incremental_high"))
    earned = volume["incremental"] * margin
    status = "no_cost" if cost is None else ""
    return row | {
        "incremental_margin": earned,
        "net": earned - lost,
        "net_low": ends[0],
        "net_high": ends[1],
        "money_status": status,
    }
