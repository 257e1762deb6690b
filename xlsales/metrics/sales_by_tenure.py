"""Sales per head by time on the roster: what new people bring, and what those who stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._catalogue import Out, metric
from xlsales.metrics._heads import BEHIND, BY_TENURE, per_head
from xlsales.metrics._heads import COLUMNS as HEADS

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope


COLUMNS = (Out("tenure", "text", "司龄", "Tenure"), *HEADS)


@metric(
    "sales_by_tenure",
    zh="各司龄人均销售额",
    en="Sales per head by tenure",
    definition_zh="按期末在册时长分组的人均销售额：3 个月内、3–12 个月、1–3 年、3 年以上；"
    "入职、离职按天折算。",
    definition_en="Sales per head of people by their time on the roster at the end of the period: under 3 "
    "months, 3 to 12 months, 1 to 3 years, over 3 years; joiners and leavers count by the day.",
    needs=("orders.order_date", "orders.amount", "roster.rep"),
    columns=COLUMNS,
    rows=(40, 176),
    behind=BEHIND,
)
def sales_by_tenure(
    orders: Frame,
    roster: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
) -> pd.DataFrame:
    """Sales, headcount and sales per head as for ``sales_per_head``, a row for each band of tenure.

    Tenure runs from the first day a person ever joined to the end of the period, the previous period's
    for ``previous``. Sales of who is not on the roster then, or has no joining date, are ``unknown``.
    """
    return per_head(orders, roster, payments, refunds, scope, (), BY_TENURE)
