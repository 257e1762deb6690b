"""Drop-out: of the orders of a month, how many were given back, in full or in part, and how much money."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._returns import of_orders, returns
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import aligned, distinct, in_order, looks, names
from xlsales.metrics._stats import ratio, sample_status, share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from xlsales.metrics._behind import Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._slices import Look

COLUMNS = (
    Out("orders", "count", "订单数", "Orders"),
    Out("full", "count", "全额退", "Full"),
    Out("partial", "count", "部分退", "Partial"),
    Out("dropout", "percent", "退课率", "Drop-out rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("full_rate", "percent", "全额退课率", "Full rate"),
    Out("paid", "money", "已收金额", "Paid"),
    Out("returned", "money", "退款金额", "Refunded"),
    Out("value_rate", "percent", "退款金额率", "Rate by value"),
    Out("median_days", "days", "退课天数中位数", "Median days to refund"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("complete", "count", "已成熟", "Mature"),
    Out("status", "text", "状态", "Status"),
)
MATURE = 90
"""Days after which hardly anybody gives an order back."""


def behind(of: Callable[[str], Trace]) -> Mapping[str, Trace]:
    """The rows behind each figure, where ``of`` gives those of the orders, or of what moved for them."""
    rate = trail.over(of("refunded"), of("orders"))
    return {
        **{name: of(name) for name in ("orders", "full", "partial", "paid", "returned")},
        "dropout": rate,
        "low": trail.of(rate),
        "high": trail.of(rate),
        "full_rate": trail.over(of("full"), of("orders")),
        "value_rate": trail.over(of("returned"), of("paid")),
        "median_days": trail.of(of("returned")),
        "previous": trail.earlier(rate),
        "change": trail.less(rate, trail.earlier(rate)),
    }


BEHIND = behind(of_orders)
NUMBERS = ("orders", "full", "partial", "paid", "returned")


@metric(
    "dropout",
    zh="退课率",
    en="Drop-out rate",
    definition_zh="期内下单的订单中，截至数据日有退款的比例，全额（退回全部已收）与部分分开；"
    "状态为已退款而无退款记录的订单按全额计。"
    "按金额 = 退款金额（每单不超过已收）÷ 已收金额（没有收款表时为订单金额）。下单未满 90 天的批次仍会上升。",
    definition_en="Orders of the period with money given back by the data date / orders, in full (all that "
    "was paid) and in part apart; one whose status says refunded without a refund is "
    "in full; by value: refunded (no more than paid, per order) / paid (ordered, where there are "
    "no payments). Orders less than 90 days old may still be given back.",
    needs=("orders.order_id", "orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option("mature", "满多少天视为成熟，默认 90", "days until orders are mature, 90 by default"),
        Option(
            "by",
            "分行维度，最多三个；month 为下单月",
            "up to three dimensions; month is that of the order",
            tuple(DIMENSIONS),
        ),
    ),
    rows=(67,),
    behind=BEHIND,
)
def dropout(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    mature: int = MATURE,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Orders by the day of their first line, as they stood on ``scope.as_of``, whatever the basis.

    See ``_returns`` for what counts as given back; orders without an id cannot be found again and take no
    part. ``dropout`` = (full + partial) / orders with its Wilson interval. An order with several names of
    ``by`` counts under each, its money under its own. ``median_days`` runs from the order to its first
    refund, where that is not dated before it.
    ``previous`` is the period before, seen at the same age. ``complete``: whether the last order of
    the row is ``mature`` days old; until then the numbers will rise.

    ``status``: ``no_orders``, ``no_refunds`` (no table of refunds, and none elsewhere), ``small_sample``
    (fewer than 30).
    """
    import pandas as pd

    compared = looks(scope, by)
    span = Window(min(one.window.start for one in compared), max(one.window.end for one in compared))
    found = returns(orders, payments, refunds, scope, tuple(names(by)), span)
    every = pd.concat(
        [
            _together(found.as_of(look.window, look.as_of), names(by)).assign(look=k)
            for k, look in enumerate(distinct(compared))
        ],
        ignore_index=True,
    )
    roles = aligned(every[["look", *names(by), *NUMBERS]], compared, by)
    rows, before = (one.assign(refunded=one["full"] + one["partial"]) for one in roles.values())
    rows = share(rows, "dropout", "refunded", "orders", before)
    rows["full_rate"] = ratio(rows["full"], rows["orders"])
    rows["value_rate"] = ratio(rows["returned"], rows["paid"])
    rows["median_days"] = _lags(every, compared, rows[list(by)])
    ends = {look.row: look.window.end for look in compared if look.role == "current"}
    last = [ends[row] for row in (rows["month"] if "month" in by else [""] * len(rows))]
    done = [day + timedelta(mature) <= scope.as_of for day in last]
    rows["complete"] = pd.Series(done, rows.index, dtype="bool")
    rows["status"] = sample_status(rows["orders"], "no_orders")
    if not found.known:
        rows[list(BEHIND.keys() - {"orders", "paid"})] = float("nan")
        rows["status"] = rows["status"].where(rows["orders"] == 0, "no_refunds")
    return in_order(rows, by, "orders")[[*by, *(column.name for column in COLUMNS)]]


def _together(orders: pd.DataFrame, called: Sequence[str]) -> pd.DataFrame:
    """The orders of a look by their names: the sums of ``NUMBERS`` and the median ``lag``."""
    import pandas as pd

    if not called:
        return pd.DataFrame([orders[[*NUMBERS]].sum()]).assign(lag=orders["lag"].median())
    groups = orders.groupby(list(called))
    return groups[[*NUMBERS]].sum().assign(lag=groups["lag"].median()).reset_index()


def _lags(every: pd.DataFrame, compared: list[Look], rows: pd.DataFrame) -> pd.Series:
    """The median days to the first return of the orders that each row is about."""
    import pandas as pd

    places = {(look.window, look.as_of): k for k, look in enumerate(distinct(compared))}
    now = [look for look in compared if look.role == "current"]
    lags = pd.concat([
        every[every["look"] == places[look.window, look.as_of]].assign(month=look.row) for look in now
    ])  # fmt: skip
    by = list(rows.columns)
    if not by:
        return pd.Series(lags["lag"].iloc[0], rows.index)
    return rows.merge(lags[[*by, "lag"]], on=by, how="left")["lag"]
