"""Large orders: those above a threshold, or the largest few of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, ordered_in, revenue, summed, windowed
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight
from xlsales.metrics._stages import EVER
from xlsales.metrics._tagged import tagged
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("rank", "count", "名次", "Rank"),
    Out("order_id", "text", "订单编号", "Order ID"),
    Out("ordered", "date", "下单日期", "Order date"),
    Out("account", "text", "客户", "Customer"),
    Out("owner", "text", "顾问", "Rep"),
    Out("item", "text", "课程", "Product"),
    Out("amount", "money", "金额", "Amount"),
    Out("share", "percent", "占本期", "Share of period"),
    Out("cumulative", "percent", "累计占比", "Cumulative"),
    Out("refunded", "money", "已退款", "Refunded"),
    Out("limit", "money", "大单线", "Large from"),
    Out("orders", "count", "本期订单数", "Orders in period"),
    Out("status", "text", "状态", "Status"),
)
SEPARATOR = "\x1f"
CARRIED = ("order_id", "customer", "customer_id")


def _signed(asked: Asked) -> Behind:
    """Everything signed in the period."""
    lines = trail.money_rows(asked, "signed")
    return trail.added(lines.assign(part=lines["amount"].fillna(0.0)))


def _orders(asked: Asked) -> Behind:
    return trail.first_of(trail.money_rows(asked, "signed"), "order_id")


def _amount(asked: Asked) -> Behind:
    """The lines of the order of the row; one without an id is the first line like it."""
    orders, row = asked.tables["orders"], asked.row
    if row["order_id"]:
        return _signed(replace(asked, tables={"orders": orders[orders["order_id"] == row["order_id"]]}))
    loose = orders[orders["order_id"].isna() & (orders["order_date"] == row["ordered"])]
    named = loose["customer"].fillna(loose["customer_id"]).fillna("") == row["account"]
    alike = loose[named & (loose["amount"].round(PLACES) == row["amount"])]
    return _signed(replace(asked, tables={"orders": alike.head(1)}))


def _refunded(asked: Asked) -> Behind:
    """What takes money from the order of the row, by the day of the data and whatever the filters."""
    theirs = {
        name: table[table["order_id"] == asked.row["order_id"]]
        for name in ("orders", "payments", "refunds")
        if (table := asked.tables.get(name)) is not None
    }
    whole = replace(asked.scope, filters=())
    ever = replace(asked, tables=theirs, scope=whole, window=Window(EVER, whole.as_of))
    rows = trail.money_rows(ever, "net")
    back = rows[~rows["sale"]]
    return trail.added(back.assign(part=-back["amount"]))


BEHIND = {
    "amount": _amount,
    "share": trail.over(_amount, _signed),
    "refunded": _refunded,
    "orders": _orders,
    **dict.fromkeys(("rank", "cumulative", "limit"), trail.of(_signed)),
}


@metric(
    "large_orders",
    zh="大额订单",
    en="Large orders",
    definition_zh="本期金额不低于 threshold 的订单；不设时为金额最大的 top_percent%（至少一单，并列的都算）；"
    "占本期 = 订单金额 ÷ 本期签约额。",
    definition_en="Orders of the period worth at least threshold; without one the largest top_percent % of "
    "the orders (at least one, ties included); share = order / amount signed in the period.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option("threshold", "大单线（金额）；0 为不设", "an order is large from this amount; 0 for none"),
        Option("top_percent", "不设大单线时取最大的百分之几", "without a threshold, the largest so many %"),
    ),
    rows=(41,),
    behind=BEHIND,
)
def large_orders(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    threshold: float = 0.0,
    top_percent: float = 5.0,
) -> pd.DataFrame:
    """The large orders of the period, largest first, equal ones by id.

    An order is worth what its lines signed in the period add up to, whatever the basis; a line without
    an order id is an order of its own. Customer, rep and product are those of its largest line.
    ``limit`` is the amount from which an order is large, the threshold or what the smallest of the
    largest top_percent % is worth. ``refunded`` is what was given back for it by ``scope.as_of``, blank
    where there is neither a table of refunds nor of payments. ``share`` is of everything signed in the
    period under the same filters, blank unless that is above zero.

    status: refunded where nothing is left of it, partly_refunded, else "". ``UsageError`` unless
    top_percent is above 0 and at most 100 and threshold is not below 0.
    """
    import numpy as np
    import pandas as pd

    if threshold < 0:
        raise UsageError("unknown_value", option="threshold", value=threshold, known=">= 0")
    if not 0 < top_percent <= 100:
        raise UsageError("unknown_value", option="top_percent", value=top_percent, known="0 - 100")
    signed = replace(scope, basis="signed")
    within = ordered_in(orders, scope.current)
    lines = tagged(_labelled(within), None, None, signed, "label", ("rep", "product"))
    lines = windowed(lines, scope.current)
    worth = _per_order(lines).sort_values(["amount", "label"], ascending=[False, True], ignore_index=True)
    titles = [column.name for column in COLUMNS]
    count = len(worth)
    if not count or worth["amount"].iloc[0] <= 0:
        return pd.DataFrame(columns=titles)
    last = int(np.ceil(round(count * top_percent / 100, 9)))
    limit = threshold or max(float(worth["amount"].iloc[last - 1]), 0.0)
    large = worth[(worth["amount"] >= limit) & (worth["amount"] > 0)].reset_index(drop=True)
    parts = large["label"].str.split(SEPARATOR)
    whole = summed(revenue(within, None, None, signed), scope.current, ())["amount"].get((), 0.0)
    share = large["amount"] / (whole if whole > 0 else np.nan)
    given_back = _given_back(orders, payments, refunds, scope, parts.str[0])
    rows = large.assign(
        rank=large["amount"].rank(method="min", ascending=False),
        order_id=parts.str[0],
        account=parts.str[1].where(parts.str[1] != "", parts.str[2]),
        share=share,
        cumulative=share.cumsum(),
        refunded=given_back,
        limit=limit,
        orders=float(count),
        status=np.select(
            [given_back >= large["amount"].to_numpy(), given_back > 0], ["refunded", "partly_refunded"], ""
        ),
    )
    return rows[titles]


def _labelled(orders: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The orders with id and customer in one text."""
    import narwhals as nw

    texts = (nw.col(name).fill_null("") for name in CARRIED)
    return orders.with_columns(label=nw.concat_str(*texts, separator=SEPARATOR))


def _per_order(lines: nw.LazyFrame[Any]) -> pd.DataFrame:
    """One row an order: ``label``, ``amount``, and ``ordered``, ``owner``, ``item`` of its largest line."""
    columns = ("order_id", "label", "date", "rep", "product", "amount")
    found = fetched(lines.select(*columns))
    keys = ["label", "date", "rep", "product"]
    found = found.sort_values(["amount", *keys], ascending=[False, *[True] * 4], ignore_index=True)
    place = found["order_id"].astype("float64")
    loose = place.isna()
    place = place.where(~loose, -1.0 - loose.cumsum())
    groups = found.groupby(place, sort=False)
    rows = groups[keys].first().assign(amount=groups["amount"].sum().round(PLACES))
    return rows.rename(columns={"date": "ordered", "rep": "owner", "product": "item"}).reset_index(drop=True)


def _given_back(
    orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope, ids: pd.Series
) -> Any:
    """What was given back for each order by the day of the data; blank where nothing could say so."""
    import narwhals as nw
    import numpy as np

    if payments is None and refunds is None:
        return np.full(len(ids), np.nan)
    known = [one for one in ids.unique() if one]
    theirs, paid, returned = (_of(table, known) for table in (orders, payments, refunds))
    theirs = theirs.with_columns(label=nw.col("order_id"))
    lines = tagged(theirs, paid, returned, replace(scope, basis="net", filters=()), "label")
    back = lines.filter(~nw.col("sale"), nw.col("date") < midnight(scope.as_of, 1))
    sums = fetched(back.group_by("label").agg(nw.col("amount").sum()))
    amounts = dict(zip(sums["label"].astype("str"), -sums["amount"].round(PLACES), strict=True))
    return np.array([amounts.get(one, 0.0) for one in ids])


def _of(table: Frame | None, ids: list[str]) -> Any:
    import narwhals as nw

    return None if table is None else nw.from_native(table).lazy().filter(nw.col("order_id").is_in(ids))
