"""Visits: how often customers were visited, and how many opportunities came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.metrics import _behind as trail
from xlsales.metrics._amounts import column_of
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._lives import NEVER, day_number, day_numbers
from xlsales.metrics._once import once
from xlsales.metrics._reach import reach_of_days
from xlsales.metrics._slices import aligned, distinct, in_order, looks, names, scopes
from xlsales.metrics._stats import ratio, sample_status, wilson
from xlsales.metrics._targets import NAMES, PLANNED_VISITS, plans, targets_by, targets_made, told
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

DAYS = 30
KINDS = (
    "拜访",
    "上门",
    "走访",
    "面访",
    "面谈",
    "登门",
    "到访",
    "来访",
    "visit",
    "onsite",
    "on-site",
    "on site",
    "face to face",
)
"""What the kind of an activity contains that is a visit, and no call or message."""
OWN = ("rep",)
BORROWED = ("region", "team", "channel", "product")

COLUMNS = (
    Out("visits", "count", "拜访数", "Visits"),
    Out("customers", "count", "拜访客户", "Customers visited"),
    Out("per_customer", "number", "户均拜访", "Visits per customer"),
    Out("opportunities", "count", "产生商机", "Opportunities"),
    Out("rate", "percent", "拜访商机转化率", "Opportunities per visit"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("previous", "count", "上期拜访", "Previous visits"),
    Out("change", "count", "变化", "Change"),
    Out("young", "count", "未满期拜访", "Too young"),
    Out("plan", "count", "计划拜访", "Planned visits"),
    Out("attainment", "percent", "计划完成率", "Of plan"),
    Out("status", "text", "状态", "Status"),
)


def _visited(what: str) -> Trace:
    """The visits of the window: each adds 1 to ``visits``, what came of it to ``opportunities``."""

    def trace(asked: Asked) -> Behind:
        leads, days, last = asked.tables["leads"], asked.options["days"], day_number(asked.seen)
        found = _visits(asked.tables["activities"], leads, (SOURCE, ROW))
        for name, allowed in asked.scope.filters:
            found = found[found[name].isin(allowed)]
        credited = _credited(found, leads, days, last)
        found = found.assign(
            visits=1.0, opportunities=credited[found.index], young=found["day"] + days > last
        )
        start, end = day_number(asked.window.start), min(day_number(asked.window.end), last)
        found = found[found["day"].between(start, end)]
        found["customers"] = ~found["who"].duplicated() & (found["who"] != "")
        return trail.marked(found, what, "activities")

    return trace


def _planned(asked: Asked) -> Behind:
    """The rows of the target sheet behind the plan."""
    made = targets_made(plans(asked.tables["targets"], PLANNED_VISITS), asked.scope, ())
    return told(made.get((), []))


VISITS = _visited("visits")
RATE = trail.over(_visited("opportunities"), VISITS)
BEHIND = {
    **{name: _visited(name) for name in ("visits", "customers", "opportunities", "young")},
    "per_customer": trail.over(VISITS, _visited("customers")),
    "rate": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "previous": trail.earlier(VISITS),
    "change": trail.less(VISITS, trail.earlier(VISITS)),
    "plan": _planned,
    "attainment": trail.over(VISITS, _planned),
}


@metric(
    "visits",
    zh="拜访与商机",
    en="Visits and opportunities",
    definition_zh="期内拜访次数，与目标表的拜访计划相比；拜访商机转化率 = 拜访后 k 天内（默认 30）同一客户"
    "新建的线索 ÷ 拜访数，一条线索只算给之前最近的一次拜访。",
    definition_en="Visits in the period, against those planned in the targets; opportunities per visit = "
    "leads of the same customer created within k days (30) of a visit / visits; a lead counts for the "
    "latest visit before it alone.",
    needs=("activities.day", "activities.kind", "leads.created"),
    columns=COLUMNS,
    options=(
        Option("days", "拜访后多少天内，默认 30", "within how many days of the visit, 30 by default"),
        Option("by", "分行维度", "dimensions", ("month", *OWN, *BORROWED)),
    ),
    rows=(63, 154),
    behind=BEHIND,
)
def visits(
    leads: Frame,
    activities: Frame,
    targets: Frame | None = None,
    *,
    scope: Scope,
    days: int = DAYS,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The activities of the period whose kind says visit (``KINDS``), and the leads created after them.

    A lead comes of a visit when its customer (by id, or by name where it has no id) was visited on the day it
    was created or up to ``days`` before; of several visits it counts for the latest, of one day for the
    first in the order of activity id and rep. ``rate`` = opportunities / visits; it may exceed 1, and then
    has no interval. ``young`` visits had not had their ``days`` by the data date: their rate may still rise.

    The rep is the one who visited; region, team, channel and product are those of the lead that the activity
    names, blank where it names none. ``customers`` counts names; visits to nobody named add none.

    ``plan`` is what the target sheet says of visits (metric 拜访, visits) for the whole period, by
    ``_targets``; ``attainment`` = visits / plan. Blank by a name or a filter that targets do not have.
    Who has a plan and no visit has a row. ``previous`` is blank where the visits do not go back so far.

    ``status``: ``no_visits``, ``small_sample`` (fewer than 30 visits).
    """
    import numpy as np
    import pandas as pd

    compared = looks(scope, by)
    called = names(by)
    found = _visits(activities, leads)
    reach = reach_of_days(np.unique(found["day"]).astype("datetime64[D]"), scope.calendar)
    for name, allowed in scope.filters:
        if name not in found:
            raise UsageError("unknown_dimension", dimension=name)
        found = found[found[name].isin(allowed)]
    credited = _credited(found, leads, days, day_number(scope.as_of))
    parts = []
    for place, look in enumerate(distinct(compared)):
        start, end = day_number(look.window.start), day_number(min(look.window.end, look.as_of))
        part = found[found["day"].between(start, end)]
        young = part["day"] + days > day_number(scope.as_of)
        parts.append(part.assign(look=place, opportunities=credited[part.index], young=young))
    rows = pd.concat(parts, ignore_index=True)
    keys = ["look", *called]
    grouped = rows.groupby(keys, as_index=False)
    numbers = grouped.agg(
        visits=("day", "size"), opportunities=("opportunities", "sum"), young=("young", "sum")
    )
    named = rows[rows["who"] != ""].groupby(keys)["who"].nunique().rename("customers").reset_index()
    numbers = numbers.merge(named, on=keys, how="left").fillna({"customers": 0})
    roles = aligned(numbers, compared, by)
    planned = _plans(targets, scope, by)
    result, before = (_with_planned(roles[role], planned, by) for role in ("current", "previous"))
    result["per_customer"] = ratio(result["visits"], result["customers"])
    result["rate"] = ratio(result["opportunities"], result["visits"])
    result["low"], result["high"] = wilson(result["opportunities"], result["visits"])
    held = {month: reach.holds(part.previous) for month, part in scopes(scope, by)}
    of = result["month"] if "month" in by else pd.Series("", result.index)
    result["previous"] = before["visits"].where(of.map(held).astype("bool"))
    result["change"] = result["visits"] - result["previous"]
    result["status"] = sample_status(result["visits"], "no_visits")
    result["plan"] = column_of(list(result[list(by)].itertuples(index=False, name=None)), planned)
    result["attainment"] = ratio(result["visits"], result["plan"].where(result["plan"] > 0))
    numeric = [column.name for column in COLUMNS if column.format != "text"]
    result[numeric] = result[numeric].astype(np.float64)
    return in_order(result, by, "visits")[[*by, *(column.name for column in COLUMNS)]]


def _plans(targets: Frame | None, scope: Scope, by: tuple[str, ...]) -> Amounts:
    """The visits that are planned by the names of ``by``; none where targets have no such name."""
    if targets is None or {*names(by), *dict(scope.filters)} - {*NAMES}:
        return {}
    return targets_by(plans(targets, PLANNED_VISITS), scope, by)


def _with_planned(rows: pd.DataFrame, planned: Amounts, by: tuple[str, ...]) -> pd.DataFrame:
    """``rows`` and, with nothing done yet, those who have a plan for one of their months."""
    import pandas as pd

    there = set(rows[list(by)].itertuples(index=False, name=None))
    months = {key[by.index("month")] for key in there} if "month" in by else set()
    missing = [
        key for key in planned if key not in there and ("month" not in by or key[by.index("month")] in months)
    ]
    if not missing:
        return rows
    further = pd.DataFrame(missing, columns=list(by)).astype("str")
    return pd.concat([rows, further], ignore_index=True).fillna(dict.fromkeys(rows.columns[len(by) :], 0.0))


@once
def _visits(activities: Frame, leads: Frame, places: tuple[str, ...] = ()) -> pd.DataFrame:
    """All visits with a date, in order of day, id and rep, numbered from 0.

    Columns: ``day`` (since 1970), ``who`` (id or name of the customer), rep, the names of the
    lead, ``places``.
    """
    import narwhals as nw
    import pandas as pd

    rows: nw.LazyFrame[Any] = nw.from_native(activities).lazy()
    kind = nw.col("kind").str.to_lowercase()
    is_visit = nw.any_horizontal(
        *(kind.str.contains(word, literal=True) for word in KINDS), ignore_nulls=True
    )
    found = rows.filter(is_visit, ~nw.col("day").is_null()).select(
        "activity_id",
        "lead_id",
        "rep",
        "customer_id",
        "customer",
        *places,
        day=nw.col("day").dt.truncate("1d"),
    )
    known: nw.LazyFrame[Any] = nw.from_native(leads).lazy()
    named = known.filter(~nw.col("lead_id").is_null()).select(
        "lead_id", *BORROWED, lead_customer_id="customer_id", lead_customer="customer"
    )
    frame, about = (fetched(part) for part in (found, named))
    many = about["lead_id"].duplicated(keep=False)
    told = about[many].sort_values(list(about.columns)).drop_duplicates("lead_id")
    frame = frame.merge(pd.concat([about[~many], told]), on="lead_id", how="left")
    identity = frame["customer_id"].fillna(frame["lead_customer_id"])
    frame["who"] = _who(identity, frame["customer"].fillna(frame["lead_customer"]))
    frame["day"] = day_numbers(frame["day"])
    for name in (*OWN, *BORROWED, "activity_id"):
        frame[name] = frame[name].astype("str").where(frame[name].notna(), "")
    order = ["day", "activity_id", "rep", "who", *BORROWED]
    again = frame.duplicated(["day", "activity_id"], keep=False)
    if again.any():  # the rest of the order is dear, and ids are there to make it needless
        return frame[[*order, *places]].sort_values(order, kind="stable", ignore_index=True)
    return frame[[*order, *places]].sort_values(order[:2], ignore_index=True)


def _who(identity: pd.Series, name: pd.Series) -> pd.Series:
    """The customer's id, else the name, marked so that an id is never taken for a name; "" for nobody."""
    ids, called = "#" + identity.astype("str"), "@" + name.astype("str")
    return ids.where(identity.notna(), called.where(name.notna(), ""))


def _credited(found: pd.DataFrame, leads: Frame, days: int, last: int) -> NDArray[np.float64]:
    """How many leads, created by the day ``last``, came of each of all visits, by the visit's number."""
    import narwhals as nw
    import numpy as np
    import pandas as pd

    size = int(found.index.max()) + 1 if len(found) else 0
    rows: nw.LazyFrame[Any] = nw.from_native(leads).lazy()
    came = fetched(rows.select("created", "customer_id", "customer"))
    came["day"] = day_numbers(came["created"], missing=NEVER)
    came["who"] = _who(came["customer_id"], came["customer"])
    came = came.loc[(came["day"] <= last) & (came["who"] != ""), ["day", "who"]].sort_values("day")
    visited = found[found["who"] != ""].drop_duplicates(["who", "day"])
    visited = visited[["day", "who"]].assign(visit=visited.index)
    if not len(visited) or not len(came):
        return np.zeros(size)
    joined = pd.merge_asof(came, visited, on="day", by="who", tolerance=days)
    counts = joined["visit"].dropna().astype("int64")
    return np.bincount(counts, minlength=size).astype("float64")
