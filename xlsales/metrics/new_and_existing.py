"""What new and existing customers bring, beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._beginnings import (
    KINDS,
    beginnings,
    brought,
    by_kind,
    history_word,
    known_history,
    sold_to,
)
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import COUNTED, first_day, revenue, summed, windowed
from xlsales.metrics._growth import compared, covered, span
from xlsales.metrics._reach import orders_reach
from xlsales.metrics._slices import in_order, names, scopes
from xlsales.metrics._targets import aim
from xlsales.metrics._typed_targets import kind_of, typed_aim, typed_targets, with_attainment

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope, Window

COLUMNS = (
    Out("kind", "text", "客户", "Customers are"),
    Out("customers", "count", "客户数", "Customers"),
    Out("orders", "count", "订单数", "Orders"),
    Out("amount", "money", "销售额", "Sales"),
    Out("share", "percent", "占比", "Share"),
    Out("previous_share", "percent", "上期占比", "Previous share"),
    Out("share_change", "points", "占比变化", "Change of share"),
    Out("previous", "money", "上期", "Previous"),
    Out("change", "money", "变化", "Change"),
    Out("mom", "percent", "环比", "MoM"),
    Out("status", "text", "环比说明", "MoM status"),
    Out("target", "money", "目标", "Target"),
    Out("attainment", "percent", "达成率", "Attainment"),
    Out("pull", "points", "对达成率的拉动", "Pull on attainment"),
    Out("history", "text", "历史说明", "History"),
)


def _kind(asked: Asked) -> str:
    return str(asked.row["kind"])


def _amount(asked: Asked) -> Behind:
    return brought(_kind(asked))(asked)


def _known(asked: Asked) -> Behind:
    """Money of the window from customers who are known."""
    return trail.less(trail.money(), brought("anonymous"))(asked)


def _counted(what: str) -> Trace:
    """Orders or customers of the kind."""

    def trace(asked: Asked) -> Behind:
        rows = sold_to(asked, _kind(asked))
        return trail.first_of(rows[rows["sale"]], what)

    return trace


def _aim(asked: Asked) -> Behind:
    return typed_aim(asked, kind_of, _kind(asked))


SHARE, EARLIER = trail.over(_amount, _known), trail.earlier(_amount)
BEHIND = {
    "customers": _counted("customer_id"),
    "orders": _counted("order_id"),
    "amount": _amount,
    "share": SHARE,
    "previous_share": trail.earlier(SHARE),
    "share_change": trail.less(SHARE, trail.earlier(SHARE)),
    "previous": EARLIER,
    "change": trail.less(_amount, EARLIER),
    "mom": trail.over(trail.less(_amount, EARLIER), EARLIER),
    "target": _aim,
    "attainment": trail.over(_amount, _aim),
    "pull": trail.over(trail.less(_amount, _aim), aim),
}


@metric(
    "new_and_existing",
    zh="新老客户贡献",
    en="New and existing customers",
    definition_zh="新客户 = 有史以来第一张净额为正的订单落在本期的客户，期初之前已有的为老客户；"
    "占比 = 该类客户销售额 ÷（新 + 老客户销售额），无客户的订单单列；"
    "对达成率的拉动 =（实际 - 目标）÷ 总目标。",
    definition_en="New = customers whose first order ever with a positive net amount lies in the period, "
    "those who began before it are existing; share = their sales / (sales to new + to existing), orders "
    "without a customer stand apart; pull on attainment = (actual - target) / whole target.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),),
    rows=(33, 43, 44),
    behind=BEHIND,
)
def new_and_existing(
    orders: Frame,
    targets: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The sales of the period by who bought: a row for new, existing and, where there are any, anonymous.

    Who is new is decided as for ``new_customers``, at the beginning of each period (with the month in
    ``by``: of each month) that is looked at, so the period before has its own new customers. The rows add
    up to ``sales``. Growth: see ``_growth``. ``share`` is of sales to customers that are known; blank for
    anonymous and unless these are above zero. customers of a kind are counted in each name they buy under.

    target, attainment and pull are there where the sheet of targets names new or existing customers as a
    type: see ``_typed_targets``. history is short_history where the data begin less than twelve months
    before the period, so that old customers may look new. Without any known customer the numbers of new
    and existing are blank and the status is no_customers.
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    history = known_history(orders, payments, refunds, scope.as_of)
    start = first_day(history)
    about = dict(scopes(scope, by))
    if "month" in by:
        about = {month: part for month, part in about.items() if covered(part.current, start)}
    titles = [*by, *(column.name for column in COLUMNS)]
    if not about:
        return pd.DataFrame(columns=titles)
    begun = beginnings(history)
    lines = revenue(orders, payments, refunds, scope, by).select("date", "amount", *COUNTED, *names(by))

    def in_kinds(window: Window, *, counts: bool = False) -> dict[str, Amounts]:
        within = by_kind(windowed(lines, window), begun, window.start, "month" in by)
        return summed(within, window, (*by, "kind"), counts=counts)

    keys = (*by, "kind")
    now = in_kinds(span(about, "current"), counts=True)
    for group in {key[:-1] for key in now["amount"]} | ({()} if not by else set()):
        for kind in KINDS[:2]:
            now["amount"].setdefault((*group, kind), 0.0)
    reach = orders_reach(orders, scope)
    rows = compared(now, lambda window: in_kinds(window)["amount"], "amount", about, keys, reach)
    rows["kind"] = pd.Categorical(rows["kind"], KINDS)
    rows["customers"] = rows["customers"].where(rows["kind"] != "anonymous")
    rows["share"] = _share(rows, by, "amount")
    rows["previous_share"] = _share(rows, by, "previous")
    rows["share_change"] = rows["share"] - rows["previous_share"]
    aims = typed_targets(targets, orders, scope, by, kind_of)
    rows = with_attainment(rows, keys, *aims)
    words = {key: history_word(part, start) for key, part in about.items()}
    rows["history"] = rows.get("month", pd.Series("", rows.index)).map(words)
    rows["place"] = rows["kind"].cat.codes
    rows = in_order(rows, by, "amount", ("place",)).astype({"kind": "str"})
    if first_day(history.filter(~nw.col("customer_id").is_null())) is None:
        named = rows["kind"] != "anonymous"
        rows.loc[named, [one.name for one in COLUMNS if one.format != "text"]] = np.nan
        rows.loc[named, "status"] = "no_customers"
    return rows[titles]


def _share(rows: pd.DataFrame, by: tuple[str, ...], amount: str) -> pd.Series:
    """The part of each kind in the sales to known customers of its group."""
    known = rows[amount].where(rows["kind"] != "anonymous")
    groups = [rows[name] for name in by] or [known.isna() & False]
    whole = known.groupby(groups).transform("sum")
    return known / whole.where(whole > 0)
