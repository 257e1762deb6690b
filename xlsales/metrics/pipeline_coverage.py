"""The weighted pipeline: what open deals are worth by their chances, and what they cover of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._pipeline import DEALS, coverage, open_deals
from xlsales.metrics._slices import in_order
from xlsales.metrics._targets import NAMES, aim
from xlsales.metrics.attainment import attainment
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("stage", "text", "阶段", "Stage"),
    Out("deals", "count", "在谈商机", "Open deals"),
    Out("amount", "money", "商机金额", "Open value"),
    Out("chance", "percent", "平均成交概率", "Average probability"),
    Out("weighted", "money", "加权金额", "Weighted"),
    Out("stale", "count", "陈旧商机", "Stale deals"),
    Out("stale_amount", "money", "陈旧金额", "Stale value"),
    Out("stale_weighted", "money", "陈旧加权", "Stale weighted"),
    Out("target", "money", "目标", "Target"),
    Out("actual", "money", "实际", "Actual"),
    Out("remaining", "money", "剩余目标", "Remaining target"),
    Out("coverage", "number", "覆盖倍数", "Coverage"),
    Out("from_sheet", "count", "表内概率", "Chance from sheet"),
    Out("from_history", "count", "历史概率", "Chance from history"),
    Out("from_default", "count", "默认概率", "Chance by default"),
    Out("averaged", "count", "按客单价估值", "Valued at average order"),
    Out("unvalued", "count", "无法估值", "Without value"),
    Out("status", "text", "状态", "Status"),
)
ADDED = (
    *("deals", "amount", "weighted", "stale", "stale_amount", "stale_weighted"),
    *("from_sheet", "from_history", "from_default", "averaged", "unvalued"),
)
MONEY = ("amount", "weighted", "stale_amount", "stale_weighted")


def _open(column: str) -> Trace:
    """The open deals at the stage of the row, or at any."""

    def trace(asked: Asked) -> Behind:
        leads, orders = asked.tables["leads"], asked.tables.get("orders")
        deals = open_deals(leads, orders, asked.scope, (SOURCE, ROW))
        if asked.row["stage"]:
            deals = deals[deals["stage"] == asked.row["stage"]]
        return trail.marked(_numbers(deals), column)

    return trace


def _remaining(asked: Asked) -> Behind:
    """What is missing to the target; nothing once it is reached."""
    missing = trail.less(aim, trail.money())
    return missing(asked) if asked.row["remaining"] else trail.of(missing)(asked)


WEIGHTED = _open("weighted")
BEHIND = {
    **{name: _open(name) for name in ADDED},
    "chance": trail.over(WEIGHTED, _open("amount")),
    "actual": trail.money(),
    "target": aim,
    "remaining": _remaining,
    "coverage": trail.over(WEIGHTED, _remaining),
}


@metric(
    "pipeline_coverage",
    zh="加权商机",
    en="Weighted pipeline",
    definition_zh="加权 = 在谈商机金额 × 成交概率（表内概率，其次自身历史该阶段 成交 ÷（成交 + 流失），"
    "再次默认表 10/20/40/60%）。早于任何成交商机年龄的为陈旧，单列不计入。"
    "覆盖倍数 = 加权 ÷（目标 - 实际），已达成则留空。",
    definition_en="Weighted = open amount x probability (of the sheet, else won / (won + lost) of the own "
    "history of that stage, else 10/20/40/60 %). Stale deals, older than any deal ever won, stand apart. "
    "Coverage = weighted / (target - actual), blank once the target is reached.",
    needs=("leads.created",),
    columns=COLUMNS,
    options=(
        Option(
            "view",
            "whole 合计，stages 每个阶段一行",
            "whole: together; stages: one row per stage",
            ("whole", "stages"),
        ),
        Option("by", "分行维度", "dimensions", ("region", "team", "rep", "channel", "product")),
    ),
    rows=(59, 64),
    behind=BEHIND,
)
def pipeline_coverage(
    leads: Frame,
    orders: Frame | None = None,
    targets: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    view: Literal["whole", "stages"] = "whole",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The deals open at the end of the period as far as the data reach, as ``_pipeline`` reads them.

    ``deals``, ``amount``, ``chance`` (weighted / amount), ``weighted`` are of the deals that are not stale;
    the stale ones have columns of their own and cover nothing: a pipeline that keeps them never shrinks.
    ``from_...`` say where the chances came from, ``averaged`` and ``unvalued`` how many deals have no
    amount of their own, all stale ones included.

    ``target`` and ``actual`` are those of ``attainment``; ``remaining`` is their difference, ``coverage``
    weighted / remaining in times. They are blank by stage and by channel, which have no targets, and in a
    status: ``no_target``; ``reached`` (nothing remains, no coverage); ``no_deals`` (nothing is open).
    """
    import numpy as np
    import pandas as pd

    deals = open_deals(leads, orders, scope, by)
    numbers = _numbers(deals).astype(dict.fromkeys((*by, "stage"), "str"))
    keys = [*by, *(["stage"] if view == "stages" else [])]
    if keys:
        rows = numbers.groupby(keys, as_index=False)[list(ADDED)].sum()
    else:
        rows = numbers[list(ADDED)].sum().to_frame().T
    goals = _goals(orders, targets, payments, refunds, scope, by) if view == "whole" else None
    if goals is None:
        rows[["target", "actual"]] = np.nan
    elif by:
        rows = rows.merge(goals, on=list(by), how="outer")
        rows[list(ADDED)] = rows[list(ADDED)].fillna(0.0)
    else:
        rows = pd.concat([rows, goals], axis=1)
    rows[list(MONEY)] = rows[list(MONEY)].round(PLACES)
    if view == "whole":
        rows["stage"] = ""
    rows["place"] = rows["stage"].map(DEALS.index) if view == "stages" else 0
    rows["chance"] = rows["weighted"] / rows["amount"].where(rows["amount"] > 0)
    target = rows["target"].where(rows["target"] > 0)
    rows["remaining"] = (target - rows["actual"]).round(PLACES).clip(lower=0.0)
    covered = [
        coverage(weighted, actual, goal)
        for weighted, actual, goal in zip(rows["weighted"], rows["actual"], target, strict=True)
    ]
    rows["coverage"] = np.array([np.nan if one is None else one for one in covered], "float64")
    none_open = rows["deals"] + rows["stale"] == 0
    no_target = target.isna() & (view == "whole")
    reasons = [rows["remaining"] <= 0, none_open, no_target]
    rows["status"] = np.select(reasons, ["reached", "no_deals", "no_target"], "")
    rows["size"] = rows["amount"] + rows["stale_amount"]
    ordered = in_order(rows, by, "size", last=("place",))
    return ordered[[*by, *(column.name for column in COLUMNS)]]


def _goals(
    orders: Frame | None,
    targets: Frame | None,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    by: tuple[str, ...],
) -> pd.DataFrame | None:
    """Target and actual by ``by``, of the units that have a target; None where targets know no such name."""
    if orders is None or targets is None or not set(by) <= set(NAMES):
        return None
    found = attainment(orders, targets, payments, refunds, scope=scope, by=by)
    found = found[[*by, "target", "actual"]]
    return found[found["target"].notna()].reset_index(drop=True) if by else found


def _numbers(deals: pd.DataFrame) -> pd.DataFrame:
    """The open deals with what each adds to the columns of ``ADDED``."""
    live, value = ~deals["stale"], deals["value"]
    return deals.assign(
        deals=live.astype("float64"),
        amount=value.where(live, 0.0),
        weighted=(value * deals["chance"]).where(live, 0.0),
        stale=deals["stale"].astype("float64"),
        stale_amount=value.where(~live, 0.0),
        stale_weighted=(value * deals["chance"]).where(~live, 0.0),
        **{
            f"from_{one}": (deals["source"] == one).astype("float64")
            for one in ("sheet", "history", "default")
        },
        averaged=(deals["valued"] == "average").astype("float64"),
        unvalued=(deals["valued"] == "none").astype("float64"),
    )
