"""Whether the warnings of some months ago came true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._scope import shift_months
from xlsales.metrics._stats import difference, ratio, sample_status, wilson
from xlsales.metrics._visits import known_rows, visits
from xlsales.metrics._warnings import ALIVE, OPTIONS, OVERDUE, SIGNS, warned

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("sign", "text", "信号", "Sign"),
    Out("customers", "count", "当时客户数", "Customers then"),
    Out("gone", "count", "此后未再购买", "Did not come back"),
    Out("rate", "percent", "未再购买占比", "Share gone"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("verdict", "text", "与未预警者相比", "Against the others"),
    Out("status", "text", "状态", "Status"),
)


def _past(end: date, months: int) -> date:
    return shift_months(end + ONE_DAY, -months) - ONE_DAY


def _counted(*, gone: bool) -> Trace:
    """The customers of the row, each by the last row of the visits known then."""

    def trace(asked: Asked) -> Behind:
        tables, chosen = asked.tables, asked.options
        cut = _past(asked.scope.current.end, int(chosen["months"]))
        found = _judged(
            tables["orders"],
            tables.get("tickets"),
            tables.get("surveys"),
            tables.get("customers"),
            asked.scope,
            cut,
            float(chosen["alive"]),
            float(chosen["times"]),
        )
        found = found[_of(found, str(asked.row["sign"]))]
        if gone:
            found = found[found["gone"] > 0]
        rows = known_rows(asked)
        rows = rows[(rows["day"].dt.date <= cut) & rows["account"].isin(found["account_id"])]
        return trail.added(rows.drop_duplicates("account", keep="last").assign(part=1.0))

    return trace


RATE = trail.over(_counted(gone=True), _counted(gone=False))
BEHIND = {
    "customers": _counted(gone=False),
    "gone": _counted(gone=True),
    "rate": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
}


@metric(
    "warning_hits",
    zh="预警命中率",
    en="Warnings that came true",
    definition_zh="用同一规则回看 6 个月前：当时被预警的客户中，此后至今未再购买的占比；"
    "与未被预警的客户及各信号对照，差异的 95% 区间不含 0 才算更准（或更差）。",
    definition_en="The same rule as of 6 months ago: of the customers warned of then, the share who have not "
    "bought since; beside those not warned of, and by sign; better or worse than these only where the 95% "
    "interval of the difference leaves out 0.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("months", "回看几个月前，默认 6", "how many months ago, by default 6"), *OPTIONS),
    rows=(81,),
    behind=BEHIND,
)
def warning_hits(
    orders: Frame,
    tickets: Frame | None = None,
    surveys: Frame | None = None,
    customers: Frame | None = None,
    *,
    scope: Scope,
    months: int = 6,
    alive: float = ALIVE,
    times: float = OVERDUE,
) -> pd.DataFrame:
    """Rows ``warned``, ``others``, and each sign that anybody had; a customer with two signs is in both.

    Signs as of ``months`` before the end of the period, from nothing that came later, the model included;
    gone are those without a purchase from then to the end. ``rate`` has its Wilson 95 % interval. ``verdict``
    of a row against ``others``: better where more of it are gone and the interval of the difference
    (Newcombe) lies above 0, worse where it lies below, else chance; "" of the others, and where there are
    none. A rule whose ``warned`` are not better says no more than a coin about who leaves. ``status``:
    ``no_customers``, ``small_sample`` (below 30). See ``warning_list``.
    """
    import pandas as pd

    cut = _past(scope.current.end, months)
    found = _judged(orders, tickets, surveys, customers, scope, cut, alive, times)
    titles = [column.name for column in COLUMNS]
    if not len(found):
        return pd.DataFrame(columns=titles)
    signs = ["warned", "others", *(sign for sign in SIGNS if found[sign].any())]
    parts = [found.loc[_of(found, sign), "gone"] for sign in signs]
    rows = pd.DataFrame(
        {
            "sign": pd.Series(signs, dtype="str"),
            "customers": [float(len(part)) for part in parts],
            "gone": [float(part.sum()) for part in parts],
        }
    )
    rows["rate"] = ratio(rows["gone"], rows["customers"])
    rows["low"], rows["high"] = wilson(rows["gone"], rows["customers"])
    rows["verdict"] = _verdicts(rows)
    rows["status"] = sample_status(rows["customers"], "no_customers")
    return rows[titles]


def _verdicts(rows: pd.DataFrame) -> list[str]:
    """How each row did beside those who were not warned of."""
    counts = {row["sign"]: (row["gone"], row["customers"]) for row in rows.to_dict("records")}
    found = []
    for sign, count in counts.items():
        apart = difference(*count, *counts["others"]) if sign != "others" else None
        if apart is None:
            found.append("")
        else:
            found.append("better" if apart[1] > 0 else "worse" if apart[2] < 0 else "chance")
    return found


def _judged(
    orders: Frame,
    tickets: Frame | None,
    surveys: Frame | None,
    customers: Frame | None,
    scope: Scope,
    cut: date,
    alive: float,
    times: float,
) -> pd.DataFrame:
    """The customers as of ``cut``, and 1 where one has not bought since."""
    found = warned(orders, tickets, surveys, customers, scope, cut, alive, times)
    after = visits(orders, scope).within(cut + ONE_DAY, scope.current.end)
    return found.assign(gone=(~found["who"].isin(after.who)).astype("float64"))


def _of(found: pd.DataFrame, sign: str) -> pd.Series:
    """Whether each customer is of the row."""
    if sign in ("warned", "others"):
        return (found["reasons"] > 0) == (sign == "warned")
    return found[sign] > 0
