"""Membership: who comes back, spends and uses points at each level, beside non-members of like kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._accounts import account_names
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES, revenue
from xlsales.metrics._purchases import purchase_rows
from xlsales.metrics._scope import shift_months
from xlsales.metrics._slices import midnight
from xlsales.metrics._stats import ratio, sample_status, wilson
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("tier", "text", "等级", "Level"),
    Out("customers", "count", "客户数", "Customers"),
    Out("base", "count", "此前已购", "Bought before"),
    Out("retained", "count", "期内回购", "Came back"),
    Out("retention", "percent", "留存率", "Retention"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("buyers", "count", "期内购买客户", "Buyers"),
    Out("amount", "money", "期内消费", "Spend"),
    Out("per_buyer", "money", "人均消费", "Spend per buyer"),
    Out("points_earned", "count", "累计积分", "Points earned"),
    Out("points_used", "count", "已用积分", "Points used"),
    Out("use_rate", "percent", "积分使用率", "Points used share"),
    Out("matched", "count", "可比会员", "Matched"),
    Out("difference", "points", "留存差异（可比）", "Retention, like for like"),
    Out("spend_difference", "money", "人均消费差异（可比）", "Spend, like for like"),
    Out("status", "text", "状态", "Status"),
)
NO_MEMBER = (
    *("", "无", "非会员", "无会员", "未入会", "普通", "普通客户", "普通用户", "普通会员", "注册用户"),
    *("none", "no", "nonmember", "notmember", "notamember", "regular", "basic"),
)
"""What the level of who is no member is called, without spaces and hyphens."""
NONE = ""
"""The level of customers who are no members."""


def _mine(asked: Asked) -> pd.DataFrame:
    """The rows of the customers in the list at the level of the row, one per id."""
    listed = asked.tables["customers"].dropna(subset=["customer_id"])
    listed = listed.drop_duplicates("customer_id")
    mine: pd.DataFrame = listed[_levels(listed["tier"]) == asked.row["tier"]]
    return mine


def _bought(what: str) -> Trace:
    """Purchases of the level: of each customer the first ever, the first in the window, or all in it."""

    def trace(asked: Asked) -> Behind:
        start, end = _window(asked.scope, asked.options["months"])
        rows = purchase_rows(replace(asked, seen=end))
        rows = rows[rows["account"].isin(_mine(asked)["customer_id"])]
        first = rows.drop_duplicates("account")
        within = rows[rows["day"] >= midnight(start)]
        old = first[first["day"] < midnight(start)]
        again = within.drop_duplicates("account")
        chosen = {
            "customers": first,
            "base": old,
            "retained": again[again["account"].isin(old["account"])],
            "buyers": again,
            "amount": within,
        }[what]
        return trail.added(chosen.assign(part=chosen["amount"] if what == "amount" else 1.0))

    return trace


def _points(column: str) -> Trace:
    def trace(asked: Asked) -> Behind:
        rows = purchase_rows(replace(asked, seen=_window(asked.scope, asked.options["months"])[1]))
        mine = _mine(asked)
        return trail.marked(mine[mine["customer_id"].isin(rows["account"])], column, "customers")

    return trace


RATE = trail.over(_bought("retained"), _bought("base"))
SPEND = trail.over(_bought("amount"), _bought("buyers"))
BEHIND = {
    **{name: _bought(name) for name in ("customers", "base", "retained", "buyers", "amount")},
    **{name: _points(name) for name in ("points_earned", "points_used")},
    "retention": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "per_buyer": SPEND,
    "use_rate": trail.over(_points("points_used"), _points("points_earned")),
    "matched": trail.of(_bought("base")),
    "difference": trail.of(RATE),
    "spend_difference": trail.of(SPEND),
}


@metric(
    "membership",
    zh="会员粘性",
    en="Membership",
    definition_zh="按会员等级：留存率 = 12 个月窗口前已购、窗口内再购的客户 ÷ 此前已购客户；"
    "人均消费为窗口内。可比差异 = 与首购季度、校区相同的非会员之差；是差异，不是因果："
    "爱买的人本来就更容易成为会员。会员或可比非会员不足 30 人为小样本。",
    definition_en="By level: retention = customers who bought before the 12 months and again in them / who "
    "bought before; spend per buyer in them. Like for like: less that of non-members who first bought in the "
    "same quarter at the same campus. A difference, not an effect: keen buyers become members. Under 30 "
    "of the level, or of the non-members beside it, is a small sample.",
    needs=("customers.customer_id", "customers.tier", "orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("months", "窗口月数，默认 12", "months of the window, 12 by default"),),
    rows=(78,),
    behind=BEHIND,
)
def membership(orders: Frame, customers: Frame, *, scope: Scope, months: int = 12) -> pd.DataFrame:
    """One row per level of the list of customers, by spend per buyer, non-members (``NO_MEMBER``) last.

    Only customers who had bought by the end count; purchases as in ``_purchases``, in the ``months`` that end
    with the period. ``matched`` are the members of the base who have non-members of the same quarter of
    first purchase and the same region beside them; the difference weighs each such cell by its members
    (exact matching on coarsened traits: Iacus, King and Porro 2012). Spend is compared among buyers alike.
    Levels are those of today: who is not keen may have dropped out of one, or never have joined.

    ``status``: ``no_base``, ``small_sample`` (the base, or the non-members of its cells, below 30).
    """
    import numpy as np
    import pandas as pd

    found = _customers(orders, customers, scope, months)
    sums = found.groupby("tier", as_index=False)[
        ["customers", "base", "retained", "buyers", "amount", "points_earned", "points_used"]
    ].sum()
    rows = sums.assign(
        retention=ratio(sums["retained"], sums["base"]),
        per_buyer=ratio(sums["amount"], sums["buyers"]),
        use_rate=ratio(sums["points_used"], sums["points_earned"]),
    )
    rows["low"], rows["high"] = wilson(rows["retained"], rows["base"])
    told = found.groupby("tier")[["points_earned", "points_used"]].count().reset_index(drop=True)
    for name in ("points_earned", "points_used"):
        rows[name] = rows[name].where(told[name] > 0)
    matched = _like_for_like(found, "base", "retained")
    spend = _like_for_like(found, "buyers", "amount")
    beside = rows["tier"].map(matched["others"]).astype("float64")
    fewest = pd.Series(np.fmin(rows["base"], beside), rows.index)
    rows["status"] = sample_status(fewest, "no_base")
    rows["matched"] = rows["tier"].map(matched["members"]).astype("float64")
    rows["difference"] = rows["tier"].map(matched["difference"]).astype("float64")
    rows["spend_difference"] = rows["tier"].map(spend["difference"]).astype("float64")
    rows["last"] = rows["tier"] == NONE
    rows["less"] = -rows["per_buyer"].fillna(0.0)
    rows = rows.sort_values(["last", "less", "tier"], ignore_index=True)
    return pd.DataFrame(rows[[column.name for column in COLUMNS]])


def _like_for_like(found: pd.DataFrame, whole: str, part: str) -> pd.DataFrame:
    """By level, how far ``part / whole`` is off that of non-members in the same cell.

    Also how many ``members`` and ``others`` are in the cells that hold both.
    """
    cells = found.groupby(["tier", "quarter", "region"], as_index=False)[[whole, part]].sum()
    others = cells[(cells["tier"] == NONE) & (cells[whole] > 0)].drop(columns="tier")
    both = cells[(cells["tier"] != NONE) & (cells[whole] > 0)].merge(
        others, on=["quarter", "region"], suffixes=("", "_none")
    )
    weight = both[whole]
    both["off"] = both[part] - weight * both[f"{part}_none"] / both[f"{whole}_none"]
    sums = both.groupby("tier")[[whole, f"{whole}_none", "off"]].sum()
    return sums.assign(
        members=sums[whole],
        others=sums[f"{whole}_none"],
        difference=ratio(sums["off"].round(PLACES), sums[whole]),
    )


def _customers(orders: Frame, customers: Frame, scope: Scope, months: int) -> pd.DataFrame:
    """The customers in the list who had bought, with level, cell and what they did."""
    import narwhals as nw

    start, end = _window(scope, months)
    listed: nw.LazyFrame[Any] = nw.from_native(customers).lazy()
    columns = ["customer_id", "tier", "region", "points_earned", "points_used"]
    known = fetched(listed.filter(~nw.col("customer_id").is_null()).select(*columns))
    known = known.sort_values(columns, ignore_index=True).drop_duplicates("customer_id")
    lines = revenue(orders, None, None, replace(scope, basis="signed"))
    inside = nw.col("date") >= midnight(start)
    bought = lines.filter(
        nw.col("amount") > 0, ~nw.col("customer_id").is_null(), nw.col("date") < midnight(end, 1)
    ).select("customer_id", "date", amount=nw.when(inside).then(nw.col("amount")).otherwise(0.0))
    sums = bought.group_by("customer_id").agg(
        nw.col("amount").sum(), first=nw.col("date").min(), last=nw.col("date").max()
    )
    frame = fetched(sums)
    names = account_names(lines)  # numbers are faster to group by
    frame["customer_id"] = names.reindex(frame["customer_id"].to_numpy("float64")).to_numpy()
    found = known.merge(frame, on="customer_id")
    base = (found["first"] < midnight(start)).astype("float64")
    buyers = (found["last"] >= midnight(start)).astype("float64")
    return found.assign(
        tier=_levels(found["tier"]),
        region=found["region"].fillna("").astype("str"),
        quarter=found["first"].dt.to_period("Q").astype("str"),
        amount=found["amount"].round(PLACES),
        customers=1.0,
        base=base,
        buyers=buyers,
        retained=base * buyers,
    )


def _levels(tier: pd.Series) -> pd.Series:
    """The level as written, "" for those that are none."""
    written = tier.fillna("").astype("str").str.strip()
    plain = written.str.casefold().str.replace(r"[\s\-‐-―_]", "", regex=True)
    return written.mask(plain.isin(NO_MEMBER), NONE)


def _window(scope: Scope, months: int) -> tuple[date, date]:
    end = scope.current.end
    return shift_months(end + timedelta(1), -months), end
