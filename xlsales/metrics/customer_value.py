"""Customer by customer: what each has brought, whether it is still there, and what it may bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._rfm import scored
from xlsales.metrics._visits import called, days_of, kept_rows, visit_rows, visits
from xlsales.metrics._worth import earned, expected, margin_rate, models, watched

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("rank", "count", "名次", "Rank"),
    Out("account_id", "text", "客户编号", "Customer ID"),
    Out("account", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Rep"),
    Out("first_order", "date", "首次下单", "First order"),
    Out("last_order", "date", "最近下单", "Last order"),
    Out("orders", "count", "购买天数", "Order days"),
    Out("segment", "text", "客群", "Segment"),
    Out("amount", "money", "至今购买额", "Bought so far"),
    Out("historic", "money", "历史价值", "Historic value"),
    Out("alive", "percent", "仍活跃概率", "P(alive)"),
    Out("purchases", "number", "未来 12 个月购买次数", "Purchases next 12 months"),
    Out("value", "money", "未来 12 个月价值", "Value next 12 months"),
    Out("status", "text", "状态", "Status"),
)


def _days(asked: Asked) -> Behind:
    return trail.added(visit_rows(asked).drop_duplicates("day").assign(part=1.0))


def _amount(asked: Asked) -> Behind:
    return trail.marked(visit_rows(asked), "amount", "orders")


def _kept(asked: Asked) -> Behind:
    """What the customer bought, and what of it came back."""
    return kept_rows(asked, [asked.row["account_id"]])


BEHIND = {
    "orders": _days,
    "amount": _amount,
    "historic": trail.of(_kept),
    **dict.fromkeys(("rank", "alive", "purchases", "value"), trail.of(_amount)),
}


@metric(
    "customer_value",
    zh="客户价值清单",
    en="Customer values",
    definition_zh="每位客户：近 12 个月的 RFM 客群；至今购买额；历史价值 = 扣除退货与退款后的毛利"
    "（成本已知的行为金额 - 成本，其余与退款按近 12 个月毛利率）；"
    "仍活跃概率与未来 12 个月购买次数（BG/NBD）；"
    "未来 12 个月价值 = 购买次数 × Gamma-Gamma 金额 × 毛利率，折现。",
    definition_en="By customer: RFM segment of the last 12 months; amount bought so far; historic value = "
    "the margin of it less returns and refunds (amount less cost where the cost is known, the rest and "
    "refunds at the gross margin of 12 months); chance to be there and purchases of the next 12 months "
    "(BG/NBD); value = purchases x Gamma-Gamma value x margin, discounted.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("discount", "年折现率，默认 0.1", "discount rate a year, by default 0.1"),),
    rows=(72,),
    behind=BEHIND,
)
def customer_value(
    orders: Frame,
    products: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    discount: float = 0.1,
) -> pd.DataFrame:
    """Every customer who ever bought by the end of the period, by the value to come, then by that so far.

    ``segment`` is that of ``rfm_scores``, blank for who did not buy in the last twelve months. ``amount`` is
    of the purchases as they were made; ``historic`` is their margin without what was given back (see
    ``earned``). The models and their ``status`` are those of ``ltv``; without them only what was is there.
    Without costs the values are of sales. A BG/NBD customer who bought once is never counted as gone: its
    chance is 1 and its rate low, so ``alive`` alone ranks nobody.
    """
    import numpy as np
    import pandas as pd

    all_visits, end = visits(orders, scope), scope.current.end
    rows = watched(all_visits, end)
    titles = [column.name for column in COLUMNS]
    if not len(rows):
        return pd.DataFrame(columns=titles)
    margin = margin_rate(orders, products, scope)
    rate = 1.0 if margin is None else margin
    accounts = all_visits.accounts.take(rows.index.to_numpy("int64"))
    names = called(orders, scope).reindex(accounts)
    segments = scored(orders, scope, 12).set_index("account_id")["segment"].reindex(accounts).fillna("")
    found = expected(all_visits, end, discount)
    nothing = np.full(len(rows), np.nan)
    alive, purchases, money = (nothing, nothing, nothing) if found is None else found
    result = pd.DataFrame(
        {
            "account_id": accounts,
            "account": names["customer"].to_numpy(),
            "owner": names["rep"].to_numpy(),
            "first_order": days_of(rows["first"]).to_numpy(),
            "last_order": days_of(rows["last"]).to_numpy(),
            "orders": rows["visits"].to_numpy(),
            "segment": segments.to_numpy(),
            "amount": rows["amount"].to_numpy(),
            "historic": earned(orders, products, payments, refunds, scope, accounts)[1],
            "alive": alive,
            "purchases": purchases,
            "value": money * rate,
            "status": models(all_visits, end).status,
        }
    )
    order = np.lexsort((np.arange(len(rows)), -result["amount"], -result["value"].fillna(0.0)))
    result = result.iloc[order].reset_index(drop=True)
    return result.assign(rank=np.arange(1.0, len(result) + 1))[titles]
