"""Traits of churned customers: which attributes those who are gone have more often than those who stayed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import account_names
from xlsales.metrics._activity import LEAST, TIMES, activity, activity_behind
from xlsales.metrics._bands import banded
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once
from xlsales.metrics._purchases import DAYS, visited
from xlsales.metrics._scope import shift_months
from xlsales.metrics._stats import SMALL_SAMPLE, Z95, holm, p_equal, ratio
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("trait", "text", "特征", "Trait"),
    Out("value", "text", "取值", "Value"),
    Out("base", "count", "期初客户", "At start"),
    Out("lost", "count", "流失", "Lost"),
    Out("churn", "percent", "流失率", "Churn rate"),
    Out("others", "percent", "其他客户流失率", "Churn of others"),
    Out("lift", "number", "流失率比", "Rate ratio"),
    Out("low", "number", "95% 下限", "95% low"),
    Out("high", "number", "95% 上限", "95% high"),
    Out("p", "number", "p 值（Holm）", "p (Holm)"),
    Out("status", "text", "状态", "Status"),
)
TRAITS = (
    *("tier", "kind", "industry", "company_size", "age", "occupation"),
    *("region", "channel", "rep"),
)
"""Attributes of the list of customers that are looked at."""


def _mine(what: str) -> Trace:
    """The customers of the row at the start, by a row of their last order before; or those lost of them."""

    def trace(asked: Asked) -> Behind:
        start, end = _window(asked.scope, asked.options["months"])
        found, days = activity_behind(asked, TIMES, LEAST)
        standing = found.standing(start, end)
        rows = days.iloc[standing.loc[standing[what] > 0, "before"]]
        listed = _listed(asked.tables["customers"], asked.scope)
        alike = listed.loc[listed[asked.row["trait"]] == asked.row["value"], "customer_id"]
        return trail.added(rows[rows["account"].isin(alike)].assign(part=1.0))

    return trace


RATE = trail.over(_mine("lost"), _mine("start"))
BEHIND = {
    "base": _mine("start"),
    "lost": _mine("lost"),
    "churn": RATE,
    **{name: trail.of(RATE) for name in ("others", "lift", "low", "high", "p")},
}


@metric(
    "churn_traits",
    zh="流失客户特征",
    en="Traits of churned customers",
    definition_zh="12 个月前的活跃客户按客户表的属性分组（数字的年龄、规模先分段）：流失率 ÷ "
    "其他客户的流失率，附 95% 区间；一方无人流失时，双方的流失与留存各加 0.5；"
    "p 值按 Holm 对同时检验的个数校正。是共性，不是原因。",
    definition_en="Customers active twelve months ago by the attributes in the list of customers, ages and "
    "sizes that are numbers in bands: churn rate / that of all others, with its 95 % interval; where a side "
    "lost nobody, 0.5 is added to the lost and the kept of both; p is corrected for so many tests (Holm). "
    "Common traits, not causes.",
    needs=("customers.customer_id", "orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("months", "多少个月内流失，默认 12", "months to be lost in, 12 by default"),),
    rows=(80,),
    behind=BEHIND,
)
def churn_traits(orders: Frame, customers: Frame, *, scope: Scope, months: int = 12) -> pd.DataFrame:
    """One row per value of a trait of ``TRAITS`` that sets some customers apart, the highest ratio first.

    Customers in the list, active ``months`` before the end of the period; lost are those who no longer are
    at its end (see ``churn``). ``lift`` is the rate ratio with the log interval of Katz et al. (1978). Where
    one side has lost nobody, half a customer is added to the lost and to the kept of both sides (Haldane
    1956, Anscombe 1956), so that ratio and interval are finite; ``churn`` and ``others`` stay as counted.
    Blank where nobody is lost at all. ``p`` is the two-sided z test of both rates being one. Ages and sizes
    that are mostly numbers are in bands (see ``_bands``).

    ``status``: ``above`` or ``below`` where the corrected p is under 5 %, ``small_sample`` (fewer than 30 on
    either side; shown last), else "".
    """
    import numpy as np
    import pandas as pd

    found = _customers(orders, customers, scope, months)
    parts = []
    for trait in TRAITS:
        sums = found.groupby(trait)[["start", "lost"]].sum()
        sums = sums[sums["start"] > 0]
        if len(sums) > 1:
            parts.append(sums.rename_axis("value").reset_index().assign(trait=trait))
    if not parts:
        kinds = {one.name: "str" if one.format == "text" else "float64" for one in COLUMNS}
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    rows = pd.concat(parts, ignore_index=True).rename(columns={"start": "base"})
    whole, gone = float(found["start"].sum()), float(found["lost"].sum())
    base, lost = whole - rows["base"], gone - rows["lost"]
    rows["churn"], rows["others"] = ratio(rows["lost"], rows["base"]), ratio(lost, base)
    rows["lift"], rows["low"], rows["high"] = _rate_ratio(rows["lost"], rows["base"], lost, base)
    small = (rows["base"] < SMALL_SAMPLE) | (base < SMALL_SAMPLE)
    p = pd.Series(p_equal(rows["lost"], rows["base"], lost, base)).where(~small)
    rows["p"] = holm(p)
    off = np.where(rows["churn"] > rows["others"], "above", "below")
    rows["status"] = np.select([small, rows["p"] < 0.05], ["small_sample", off], "")
    rows["status"] = rows["status"].astype("str")
    rows["last"], rows["less"] = small, -rows["lift"].fillna(0.0)
    rows = rows.sort_values(["last", "less", "trait", "value"], ignore_index=True)
    return rows[[column.name for column in COLUMNS]]


def _customers(orders: Frame, customers: Frame, scope: Scope, months: int) -> pd.DataFrame:
    """The customers in the list who bought: ``TRAITS`` as text, ``start`` and ``lost`` as 0 or 1."""
    start, end = _window(scope, months)
    visits, _ = visited(orders, scope)
    found = activity(visits).standing(start, end)
    number = visits.loc[visits["before"] == -DAYS, "customer"].to_numpy()
    names = account_names(revenue(orders, None, None, replace(scope, basis="signed")))
    found["customer_id"] = names.reindex(number.astype("float64")).to_numpy()
    return found.merge(_listed(customers, scope), on="customer_id")


@once
def _listed(customers: Frame, scope: Scope) -> pd.DataFrame:
    """``TRAITS`` of each customer in the list, as text."""
    import narwhals as nw

    listed = banded(customers, scope).filter(~nw.col("customer_id").is_null())
    known: pd.DataFrame = fetched(listed.select("customer_id", *TRAITS))
    return known.fillna("").sort_values(["customer_id", *TRAITS]).drop_duplicates("customer_id")


def _rate_ratio(
    lost: pd.Series, base: pd.Series, other: pd.Series, others: pd.Series
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """lost/base over other/others with the ends of its 95 % interval; NaN where nobody is lost."""
    import numpy as np

    half = ((lost == 0) | (other == 0)) * 0.5
    a, m = (lost + half).where(lost + other > 0), base + 2 * half
    b, n = other + half, others + 2 * half
    found, spread = a / m / (b / n), np.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
    return found, found * np.exp(-Z95 * spread), found * np.exp(Z95 * spread)


def _window(scope: Scope, months: int) -> tuple[date, date]:
    end = scope.current.end
    return shift_months(end + timedelta(1), -months), end
