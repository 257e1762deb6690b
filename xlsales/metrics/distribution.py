"""How amounts are distributed: order by order, line by line or customer by customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import DIMENSIONS, Option, Out, metric
from xlsales.metrics._facts import PLACES, revenue, windowed
from xlsales.metrics._slices import in_order, names
from xlsales.metrics._stats import sample_status

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

QUANTILES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}

COLUMNS = (
    Out("n", "count", "个数", "n"),
    Out("sum", "money", "合计", "Sum"),
    Out("mean", "money", "均值", "Mean"),
    Out("median", "money", "中位数", "Median"),
    Out("p10", "money", "P10 分位", "P10"),
    Out("p25", "money", "P25 分位", "P25"),
    Out("p75", "money", "P75 分位", "P75"),
    Out("p90", "money", "P90 分位", "P90"),
    Out("max", "money", "最大", "Max"),
    Out("sd", "money", "标准差", "Std. deviation"),
    Out("cv", "percent", "变异系数", "CV"),
    Out("skew", "number", "偏度", "Skewness"),
    Out("zero_share", "percent", "零值占比", "Share of zeros"),
    Out("status", "text", "状态", "Status"),
)

KEYS = {"order": "order_id", "customer": "customer_id"}


def _sales(asked: Asked) -> pd.DataFrame:
    """The lines whose amounts are looked at."""
    lines = trail.money_rows(asked)
    lines = lines[lines["sale"] & lines["amount"].notna()]
    return lines[lines["customer_id"].notna()] if asked.options["of"] == "customer" else lines


def _sum(asked: Asked) -> Behind:
    lines = _sales(asked)
    return trail.added(lines.assign(part=lines["amount"]))


def _n(asked: Asked) -> Behind:
    """Each order, line or customer, with the first of its rows."""
    lines = _sales(asked)
    if asked.options["of"] == "line":
        return trail.added(lines.assign(part=1.0))
    return trail.first_of(lines, KEYS[str(asked.options["of"])])


BEHIND = {
    "n": _n,
    "sum": _sum,
    "mean": trail.over(_sum, _n),
    **dict.fromkeys((*QUANTILES, "max", "sd", "cv", "skew", "zero_share"), trail.of(_sum)),
}


@metric(
    "distribution",
    zh="金额分布",
    en="Distribution of amounts",
    definition_zh="期内每张订单（或每行、每位客户）金额的个数、合计、均值、中位数、分位数、标准差、变异系数 ="
    " 标准差 ÷ 均值、偏度、最大值和零值占比；退货退款不计。",
    definition_en="Of the amounts by order (or line, or customer) of the period: n, sum, mean, median, "
    "quantiles, standard deviation, CV = standard deviation / mean, skewness, maximum and share of zeros; "
    "returns and refunds do not count.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(
        Option(
            "of",
            "按什么算一个：order 订单，line 明细行，customer 客户",
            "what counts as one: order, line or customer",
            ("order", "line", "customer"),
        ),
        Option("by", "维度", "Dimensions", tuple(DIMENSIONS)),
    ),
    rows=(30,),
    behind=BEHIND,
)
def distribution(
    orders: Frame,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    of: Literal["order", "line", "customer"] = "order",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The amounts of the period as far as the data reach, on the basis of the scope, one for each order.

    A line without an order id is an order of its own; sales without a customer are left out where customers
    are what counts. An order of two products counts under both, with its part. Quantiles are interpolated
    (type 7 of Hyndman and Fan 1996, as ``PERCENTILE.INC``), sd has n - 1 below, skewness is the adjusted one
    of ``SKEW``. Blank with too few values, and a CV unless the mean is above zero.

    ``status``: ``no_sales``, ``small_sample`` (below 30). Months in order, names by sum, largest first.
    """
    import numpy as np
    import pandas as pd

    values = _values(revenue(orders, payments, refunds, scope, by), scope, of, by)
    titles = [*by, *(column.name for column in COLUMNS)]
    keys = list(by) or ["whole"]
    # The order of equal rows cannot show in a sum whose terms are sorted.
    values = values.sort_values([*keys, "amount"], ignore_index=True)
    grouped = values.groupby(keys, sort=True)["amount"]
    rows = pd.DataFrame(grouped.agg(n="size", sum="sum", mean="mean", max="max", sd="std"))
    for name, share in QUANTILES.items():
        rows[name] = grouped.quantile(share)
    rows["skew"] = grouped.skew()
    rows["zero_share"] = values["amount"].eq(0).groupby([values[key] for key in keys]).mean()
    rows["sum"] = rows["sum"].round(PLACES)
    rows["cv"] = rows["sd"] / rows["mean"].where(rows["mean"] > 0)
    rows = rows.astype("float64").reset_index()
    if not by and rows.empty:
        rows = pd.DataFrame({name: [0.0 if name in ("n", "sum") else np.nan] for name in titles})
    rows["status"] = sample_status(rows["n"], "no_sales")
    return in_order(rows, by, "sum")[titles]


def _values(lines: nw.LazyFrame[Any], scope: Scope, of: str, by: tuple[str, ...]) -> pd.DataFrame:
    """One amount a row: of each order, line or customer under each of its names."""
    import narwhals as nw

    part = windowed(lines, scope.current).filter(nw.col("sale"), ~nw.col("amount").is_null())
    part = part.with_columns(
        nw.lit(1).alias("whole"),
        *([nw.col("date").dt.truncate("1mo").alias("month")] if "month" in by else []),
    )
    keys = list(by) or ["whole"]
    if of == "line":
        found = [part.select(*keys, "amount")]
    else:
        one = f"{of}_id"
        known = part.filter(~nw.col(one).is_null()).group_by(one, *keys).agg(nw.col("amount").sum())
        found = [known.select(*keys, "amount")]
        if of == "order":
            found.append(part.filter(nw.col(one).is_null()).select(*keys, "amount"))
    frame = nw.concat(found).collect("pandas").to_pandas()
    if "month" in by:
        frame["month"] = frame["month"].to_numpy("datetime64[M]").astype("str")
    frame = frame.astype(dict.fromkeys((*names(by), *(["month"] if "month" in by else [])), "str"))
    return frame.assign(amount=frame["amount"].astype("float64").round(PLACES))
