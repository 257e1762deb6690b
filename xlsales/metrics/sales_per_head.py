"""Sales per head: what the period brought for each full-time person on the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._catalogue import Option, metric
from xlsales.metrics._heads import BEHIND, COLUMNS, WHOLE, per_head
from xlsales.metrics._targets import UNITS

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope


@metric(
    "sales_per_head",
    zh="人均销售额",
    en="Sales per head",
    definition_zh="销售额 ÷ 平均在岗人数；平均在岗人数 = Σ 全职当量 × 期内在册天数 ÷ 期内天数，"
    "入职、离职按天折算，全职当量空缺按 1 计。",
    definition_en="Sales / average active headcount; average headcount = sum of FTE x days on the roster in "
    "the period / days of the period, so joiners and leavers count by the day; a blank FTE is 1.",
    needs=("orders.order_date", "orders.amount", "roster.rep"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", ("month", *UNITS)),),
    rows=(40, 176),
    behind=BEHIND,
)
def sales_per_head(
    orders: Frame,
    roster: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Sales on the basis of the scope over the average headcount, as far as the data reach.

    A person is on the roster from the day they join to the day they leave, both included; a blank date is
    open. Who moves has a row for each stretch; equal rows are one. Where the roster gives no team or
    region, it is that of the rep's latest order. ``people`` are those with a day on the roster in the
    period, ``joiners`` and ``leavers`` those of them whose first or last day lies in it.

    Sales count where the orders place them, also those of reps who are not on the roster that period:
    ``off_roster`` says how much that is, orders without a rep apart. ``previous`` is per_head of the period
    before, cut at the same working day.

    status: no_headcount (nobody on the roster, so no per_head), no_base (no per_head before), else "".
    With a filter on what the roster does not know, such as the channel, there is no headcount.
    """
    return per_head(orders, roster, payments, refunds, scope, by, WHOLE).drop(columns="tenure")
