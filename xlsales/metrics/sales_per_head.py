"""Sales per head: what the period brought for each full-time person on the roster."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, first_day, revenue, summed
from xlsales.metrics._growth import covered
from xlsales.metrics._scope import shift_months
from xlsales.metrics._slices import in_order, names, scopes
from xlsales.metrics._targets import UNITS, homes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
    Out("tenure", "text", "司龄", "Tenure"),
    Out("amount", "money", "销售额", "Sales"),
    Out("headcount", "number", "平均在岗人数", "Average headcount"),
    Out("per_head", "money", "人均销售额", "Sales per head"),
    Out("people", "count", "在岗人员", "People"),
    Out("joiners", "count", "入职", "Joiners"),
    Out("leavers", "count", "离职", "Leavers"),
    Out("off_roster", "money", "名单外销售额", "Sales off the roster"),
    Out("previous", "money", "上期人均", "Previous"),
    Out("change", "money", "变化", "Change"),
    Out("mom", "percent", "环比", "MoM"),
    Out("status", "text", "状态", "Status"),
)
TENURES = (("under_3m", 3), ("3_to_12m", 12), ("1_to_3y", 36))
"""Months on the roster by the end of the period, and the name of what lies below each."""
SENIOR, UNKNOWN = "over_3y", "unknown"
WHOLE, BY_TENURE = "whole", "tenure"


@metric(
    "sales_per_head",
    zh="人均销售额",
    en="Sales per head",
    definition_zh="销售额 ÷ 平均在岗人数；平均在岗人数 = Σ 全职当量 × 期内在册天数 ÷ 期内天数，"
    "入职、离职按天折算，全职当量空缺按 1 计",
    definition_en="sales / average active headcount; average headcount = sum of FTE x days on the roster in "
    "the period / days of the period, so joiners and leavers count by the day; a blank FTE is 1",
    needs=("orders.order_date", "orders.amount", "roster.rep"),
    columns=COLUMNS,
    options=(
        Option("by", "维度", "Dimensions", ("month", *UNITS)),
        Option(
            "view",
            "whole 不分司龄，tenure 按司龄分组",
            "whole: everybody together; tenure: by time on the roster",
            (WHOLE, BY_TENURE),
        ),
    ),
    rows=(40, 176),
)
def sales_per_head(
    orders: Frame,
    roster: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
    view: str = "whole",
) -> pd.DataFrame:
    """Sales on the basis of the scope over the average headcount, as far as the data reach.

    A person is on the roster from the day they join to the day they leave, both included; a blank date is
    open. Who moves has a row for each stretch; equal rows are one. Where the roster gives no team or
    region, it is that of the rep's latest order. ``people`` are those with a day on the roster in the
    period, ``joiners`` and ``leavers`` those of them whose first or last day lies in it.

    Sales count where the orders place them, also those of reps who are not on the roster that period:
    ``off_roster`` says how much that is, orders without a rep apart. The view ``tenure`` groups people
    by the months since they first joined, at the end of the period; sales of who is not on the roster, or has
    no joining date, are ``unknown``. ``previous`` is per_head of the period before, cut at the same
    working day.

    status: no_headcount (nobody on the roster, so no per_head), no_base (no per_head before), else "".
    With a filter on what the roster does not know, such as the channel, there is no headcount.
    """
    import numpy as np
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, (*names(by), "rep"))
    start = first_day(lines)
    about = dict(scopes(scope, by))
    if "month" in by:
        about = {month: part for month, part in about.items() if covered(part.current, start)}
    staff = _staff(orders, roster, scope)
    groups = [*names(by), "tenure"]
    parts = []
    for month, part in about.items():
        now = _measured(lines, staff, part.current, groups, view)
        before = _measured(lines, staff, part.previous, groups, view)["per_head"]
        before = before if covered(part.previous, start) else before * np.nan
        parts.append(now.assign(previous=before.reindex(now.index), month=month).reset_index())
    titles = [*by, *(column.name for column in COLUMNS)]
    if not parts:
        return pd.DataFrame(columns=titles)
    rows = pd.concat(parts, ignore_index=True)
    rows["change"] = rows["per_head"] - rows["previous"]
    rows["mom"] = rows["change"] / rows["previous"].where(rows["previous"] > 0)
    reasons = [rows["per_head"].isna(), rows["previous"].isna(), rows["previous"] <= 0]
    rows["status"] = np.select(reasons, ["no_headcount", "no_base", "base_not_positive"], "")
    bands = [name for name, _ in TENURES] + [SENIOR, UNKNOWN, ""]
    rows["place"] = rows["tenure"].map(bands.index)
    return in_order(rows, by, "amount", ("place",))[titles]


def _staff(orders: Frame, roster: Frame, scope: Scope) -> pd.DataFrame:
    """A row for each stretch of a person on the roster, as the filters of the scope let pass."""
    import narwhals as nw

    columns = ("rep_id", *UNITS, "joined", "left", "fte")
    rows = nw.from_native(roster).lazy().select(*columns).unique().collect("pandas").to_pandas()
    rows = rows[rows["rep"].notna()].sort_values([*columns], ignore_index=True)
    teams, regions = homes(orders, scope.as_of)
    for unit in UNITS:
        rows[unit] = rows[unit].astype("object").where(rows[unit].notna(), "")
    rows["team"] = [team or teams.get(rep, "") for rep, team in zip(rows["rep"], rows["team"], strict=True)]
    rows["region"] = [
        region or regions.get(("rep", rep)) or regions.get(("team", team)) or ""
        for rep, team, region in zip(rows["rep"], rows["team"], rows["region"], strict=True)
    ]
    for name, values in scope.filters:
        rows = rows[rows[name].isin(values)] if name in UNITS else rows.iloc[:0]
    first = rows.groupby("rep")["joined"].transform("min")
    staff: pd.DataFrame = rows.assign(fte=rows["fte"].fillna(1.0).clip(lower=0.0), first=first)
    return staff


def _measured(
    lines: nw.LazyFrame[Any], staff: pd.DataFrame, window: Window, groups: Sequence[str], view: str
) -> pd.DataFrame:
    """Sales, headcount and people of a window by the names of ``groups``, the tenure last."""
    import numpy as np
    import pandas as pd

    first, last = pd.Timestamp(window.start), pd.Timestamp(window.end)
    days = (last - first).days + 1
    begun = staff["joined"].dt.normalize().fillna(pd.Timestamp.min.ceil("D"))
    gone = staff["left"].dt.normalize().fillna(pd.Timestamp.max.floor("D"))
    present = (gone.clip(upper=last) - begun.clip(lower=first)).dt.days + 1
    here = staff.assign(headcount=staff["fte"] * present / max(days, 1), joiner=begun, leaver=gone)
    here = here[(present > 0) & (begun <= gone)]
    tenures = _tenures(here, window.end) if view == BY_TENURE else {}
    other = UNKNOWN if view == BY_TENURE else ""
    here = here.assign(
        tenure=[tenures.get(rep, other) for rep in here["rep"]],
        joiners=here["joiner"].between(first, last),
        leavers=here["leaver"].between(first, last),
    )
    keys = list(groups)
    counts = here.assign(who=here["rep"]).groupby([*keys, "who"])[["headcount", "joiners", "leavers"]]
    each = counts.agg({"headcount": "sum", "joiners": "max", "leavers": "max"}).assign(people=1)
    heads = each.groupby(level=keys).sum() if len(each) else each.droplevel("who")

    by = (*keys[:-1], "rep") if "rep" not in keys else tuple(keys[:-1])
    sold = summed(lines, window, by)["amount"]
    at = by.index("rep")
    named = set(here["rep"])
    sales = pd.DataFrame(
        [
            (*key[: len(keys) - 1], tenures.get(key[at], other), amount, key[at])
            for key, amount in sold.items()
        ],
        columns=[*keys, "amount", "who"],
    )
    sales["off_roster"] = sales["amount"].where(~sales["who"].isin({*named, ""}), 0.0)
    sums = sales.sort_values([*keys, "who"]).groupby(keys)[["amount", "off_roster"]].sum().round(PLACES)
    found = sums.join(heads, how="outer").fillna(0.0).astype("float64")
    if len(keys) == 1 and view == WHOLE and not len(found):
        found = found.reindex([""], fill_value=0.0).rename_axis("tenure")
    heads_there = found["headcount"].where(found["headcount"] > 0)
    return found.assign(per_head=(found["amount"] / heads_there).astype(np.float64))


def _tenures(here: pd.DataFrame, end: date) -> dict[str, str]:
    """The band of each rep with a joining date, at the end of a window."""
    found = {}
    for rep, first in zip(here["rep"], here["first"], strict=True):
        if first == first:
            reached = (
                name for name, months in TENURES if first.date() > shift_months(end + timedelta(1), -months)
            )
            found[rep] = next(reached, SENIOR)
    return found
