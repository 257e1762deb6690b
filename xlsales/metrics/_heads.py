"""How many people are on the roster on average, and what is sold by each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Out
from xlsales.metrics._facts import PLACES, first_day, revenue, summed_each
from xlsales.metrics._growth import covered
from xlsales.metrics._once import once
from xlsales.metrics._reach import money_reach
from xlsales.metrics._scope import shift_months
from xlsales.metrics._slices import in_order, names, scopes
from xlsales.metrics._targets import UNITS, homes
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
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


def _sold(*, off_roster: bool = False) -> Trace:
    """The money of the window, of people of the tenure of the row where it has one."""

    def trace(asked: Asked) -> Behind:
        rows, here = trail.money_rows(asked), _present(asked, asked.whole or asked.scope)
        rep = rows["rep"].fillna("").astype("str")
        if "tenure" in asked.row:
            tenures = _tenures(here)
            rows = rows[[tenures.get(one, UNKNOWN) == asked.row["tenure"] for one in rep]]
        if off_roster:
            rows = rows[~rep[rows.index].isin({*here["rep"], ""})]
        return trail.added(rows.assign(part=rows["amount"].fillna(0.0)))

    return trace


def _staffed(column: str) -> Trace:
    """What the stretches on the roster in the window add to the headcount; or people, each counted once."""

    def trace(asked: Asked) -> Behind:
        here = _present(asked, asked.scope)
        if "tenure" in asked.row:
            tenures = _tenures(_present(asked, asked.whole or asked.scope))
            here = here[[tenures.get(rep, UNKNOWN) == asked.row["tenure"] for rep in here["rep"]]]
        if column == "headcount":
            return trail.marked(here, column, "roster")
        there = here if column == "people" else here[here[column]]
        return trail.marked(there.drop_duplicates("rep").assign(people=1.0), "people", "roster")

    return trace


def _present(asked: Asked, scope: Scope) -> pd.DataFrame:
    """The stretches of the roster in the window, with the places of their rows."""
    staff = _staff(asked.tables["orders"], asked.tables["roster"], scope, (SOURCE, ROW))
    return _here(staff, [asked.window])


AMOUNT, HEADCOUNT = _sold(), _staffed("headcount")
PER_HEAD = trail.over(AMOUNT, HEADCOUNT)
CHANGE = trail.less(PER_HEAD, trail.earlier(PER_HEAD))
BEHIND = {
    "amount": AMOUNT,
    "headcount": HEADCOUNT,
    "per_head": PER_HEAD,
    **{name: _staffed(name) for name in ("people", "joiners", "leavers")},
    "off_roster": _sold(off_roster=True),
    "previous": trail.earlier(PER_HEAD),
    "change": CHANGE,
    "mom": trail.over(CHANGE, trail.earlier(PER_HEAD)),
}


def per_head(
    orders: Frame,
    roster: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    by: Sequence[str],
    view: str,
) -> pd.DataFrame:
    """Rows with ``COLUMNS`` by the names of ``by``, in the view ``tenure`` by the time on the roster too."""
    import numpy as np
    import pandas as pd

    lines = revenue(orders, payments, refunds, scope, (*names(by), "rep"))
    start = first_day(lines)
    reach = money_reach(orders, payments, refunds, scope)
    about = dict(scopes(scope, by))
    if "month" in by:
        about = {month: part for month, part in about.items() if covered(part.current, start)}
    staff = _staff(orders, roster, scope)
    groups = [*names(by), "tenure"]
    windows = dict.fromkeys(window for part in about.values() for window in (part.previous, part.current))
    sold = summed_each(lines, windows, _sellers(groups))
    whole = _measured(sold, staff, list(windows), groups, view)
    measured = {window: whole[whole["window"] == at] for at, window in enumerate(windows)}
    parts = []
    for month, part in about.items():
        now, before = measured[part.current], measured[part.previous]["per_head"]
        before = before if reach.holds(part.previous) else before * np.nan
        parts.append(now.assign(previous=before.reindex(now.index), month=month).reset_index())
    titles = [*by, "tenure", *(column.name for column in COLUMNS)]
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


@once
def _staff(orders: Frame, roster: Frame, scope: Scope, places: tuple[str, ...] = ()) -> pd.DataFrame:
    """A row for each stretch of a person on the roster, as the filters of the scope let pass.

    ``places`` are further columns, of the first of rows that are otherwise equal.
    """
    import narwhals as nw

    columns = ("rep_id", *UNITS, "joined", "left", "fte")
    rows = nw.from_native(roster).lazy().select(*columns, *places).unique().collect("pandas").to_pandas()
    rows = rows[rows["rep"].notna()].sort_values([*columns, *places]).drop_duplicates([*columns])
    rows = rows.reset_index(drop=True)
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


def _sellers(groups: Sequence[str]) -> tuple[str, ...]:
    """What sales are summed by: the names of ``groups`` without the tenure, which comes last, and the rep."""
    return tuple(dict.fromkeys((*groups[:-1], "rep")))


def _measured(
    sold: Mapping[Window, Amounts],
    staff: pd.DataFrame,
    windows: Sequence[Window],
    groups: Sequence[str],
    view: str,
) -> pd.DataFrame:
    """Sales, headcount and people of each ``window`` by the names of ``groups``, the tenure last.

    ``sold`` is by ``_sellers``.
    """
    import numpy as np
    import pandas as pd

    here = _here(staff, windows)
    if view == WHOLE:
        here = here.assign(tenure="")
    keys = ["window", *groups]
    counts = here.assign(who=here["rep"]).groupby([*keys, "who"])[["headcount", "joiners", "leavers"]]
    each = counts.agg({"headcount": "sum", "joiners": "max", "leavers": "max"}).assign(people=1)
    heads = each.groupby(level=keys).sum() if len(each) else each.droplevel("who")

    at = _sellers(groups).index("rep")
    there = dict(zip(zip(here["window"], here["rep"], strict=True), here["tenure"], strict=True))
    other = UNKNOWN if view == BY_TENURE else ""
    rows = []
    for place, window in enumerate(windows):
        for key, amount in sold[window].items():
            who = key[at]
            off_roster = amount if who and (place, who) not in there else 0.0
            tenure = there.get((place, who), other)
            rows.append((place, *key[: len(groups) - 1], tenure, amount, off_roster, who))
    sales = pd.DataFrame(rows, columns=[*keys, "amount", "off_roster", "who"])
    sums = sales.sort_values([*keys, "who"]).groupby(keys)[["amount", "off_roster"]].sum().round(PLACES)
    found = sums.join(heads, how="outer").fillna(0.0).astype("float64")
    if len(groups) == 1 and view == WHOLE:
        empty = pd.MultiIndex.from_product([range(len(windows)), [""]], names=keys)
        found = found.reindex(empty, fill_value=0.0)
    heads_there = found["headcount"].where(found["headcount"] > 0)
    found = found.assign(per_head=(found["amount"] / heads_there).astype(np.float64))
    return found.reset_index("window")


def _here(staff: pd.DataFrame, windows: Sequence[Window]) -> pd.DataFrame:
    """The stretches with a day in a window, and its place among the ``windows``.

    ``headcount`` is what each adds to the headcount, ``joiners`` and ``leavers`` whether it begins or ends
    there, ``tenure`` the band of the time on the roster at the end.
    """
    import numpy as np
    import pandas as pd

    bounds = pd.DataFrame(
        {
            "window": range(len(windows)),
            "opens": pd.to_datetime([window.start for window in windows]),
            "closes": pd.to_datetime([window.end for window in windows]),
            **{
                name: pd.to_datetime([shift_months(window.end + timedelta(1), -months) for window in windows])
                for name, months in TENURES
            },
        }
    )
    found = staff.merge(bounds, how="cross")
    first, last = found["opens"], found["closes"]
    days = ((last - first).dt.days + 1).clip(lower=1)
    begun = found["joined"].dt.normalize().fillna(pd.Timestamp.min.ceil("D"))
    gone = found["left"].dt.normalize().fillna(pd.Timestamp.max.floor("D"))
    present = (gone.clip(upper=last) - begun.clip(lower=first)).dt.days + 1
    since = found["first"].dt.normalize()
    bands = [since.isna(), *(since > found[name] for name, _ in TENURES)]
    found = found.assign(
        headcount=found["fte"] * present / days,
        joiners=begun.between(first, last),
        leavers=gone.between(first, last),
        tenure=np.select(bands, [UNKNOWN, *(name for name, _ in TENURES)], SENIOR),
    )
    here: pd.DataFrame = found[(present > 0) & (begun <= gone)].drop(columns=bounds.columns[1:])
    return here


def _tenures(here: pd.DataFrame) -> dict[str, str]:
    """The band of each rep of one window."""
    return dict(zip(here["rep"], here["tenure"], strict=True))
