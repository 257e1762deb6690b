"""Renewal: of the contracts that fall due, how many and how much money goes on, and how much of it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._contracts import GRACE, NAMES, OPTIONS, counted, dated, traced
from xlsales.metrics._slices import in_order
from xlsales.metrics._stats import ratio, sample_status, share

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("due", "count", "到期合同", "Due"),
    Out("renewed", "count", "已续", "Renewed"),
    Out("lapsed", "count", "流失", "Lapsed"),
    Out("open", "count", "宽限期内", "In grace"),
    Out("renewal", "percent", "续费率", "Renewal rate"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("churn", "percent", "合同流失率", "Contract churn"),
    Out("due_amount", "money", "到期金额", "Amount due"),
    Out("renewed_amount", "money", "续费金额", "Amount renewed"),
    Out("grr", "percent", "总留存率 GRR", "GRR"),
    Out("nrr", "percent", "净留存率 NRR", "NRR"),
    Out("upgraded", "count", "升级数", "Upgraded"),
    Out("upgrade_share", "percent", "升级占比", "Upgraded share"),
    Out("uplift", "percent", "升级提价", "Uplift"),
    Out("previous", "percent", "上期", "Previous"),
    Out("change", "points", "环比", "Change"),
    Out("status", "text", "状态", "Status"),
)
RATE = trail.over(traced("renewed"), traced("due"))
BEHIND = {
    **{name: traced(name) for name in ("due", "renewed", "lapsed", "open", "due_amount", "renewed_amount")},
    "upgraded": traced("upgraded"),
    "renewal": RATE,
    "low": trail.of(RATE),
    "high": trail.of(RATE),
    "churn": trail.over(traced("lapsed"), traced("due")),
    "grr": trail.over(traced("kept_amount"), traced("due_amount")),
    "nrr": trail.over(traced("renewed_amount"), traced("due_amount")),
    "upgrade_share": trail.over(traced("upgraded"), traced("renewed")),
    "uplift": trail.over(trail.less(traced("upgraded_to"), traced("upgraded_from")), traced("upgraded_from")),
    "previous": trail.earlier(RATE),
    "change": trail.less(RATE, trail.earlier(RATE)),
}


@metric(
    "renewal",
    zh="续费率",
    en="Renewal rate",
    definition_zh="期内到期的合同中已续的比例；续约日（签订日，没有则开始日）在到期后宽限 30 天内仍算，"
    "提前续约记在到期月。未写明续约时，取同客户同课程、最早于到期前一季度开始（宽限期后开始的须在此期间签订）、"
    "且不早于它到期的合同，依次为续费、升级、其他；同课程的升级在合同期内开始即算，再没有则取到期前后换课程的升级。"
    "合同流失率 = 流失 ÷ 到期；GRR = 续费金额（每份不超过到期金额）÷ 到期金额；NRR = 续费金额 ÷ 到期金额；"
    "升级为续费金额更高或注明升级的合同，升级提价为其金额涨幅。",
    definition_en="Renewed / due, by contracts whose end lies in the period; a renewal counts if its day "
    "(signed, else start) is up to 30 days after the end, an early one in the month in which the contract "
    "ends. Where none is named: a contract of the same customer and product that starts a quarter before "
    "the end or later (after the grace if signed in that time) and ends no earlier; typed renewal first, "
    "then upgrade, then any. An upgrade may start at any time of the term, or near the end be to another "
    "product if there is nothing else. Churn = lapsed / due. GRR = renewed amount, no more than the "
    "contract's own, / amount due; NRR = renewed amount / amount due; upgraded: worth more, or called so; "
    "uplift: by how much these rose.",
    needs=("contracts.end", "contracts.amount"),
    columns=COLUMNS,
    options=(
        *OPTIONS,
        Option(
            "by",
            "分行维度，最多三个；month 为到期月",
            "up to three dimensions; month is the one in which contracts end",
            ("month", *NAMES),
        ),
    ),
    rows=(65, 66, 69),
    behind=BEHIND,
)
def renewal(
    contracts: Frame,
    *,
    scope: Scope,
    grace: int = GRACE,
    of: Literal["product", "customer"] = "product",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Contracts that end in the period, as far as the data reach, and what is known of them by that day.

    A renewal is the one the row names (``renewed``); where it names none, the contract of the same customer
    that goes on for it; see ``_successors``. A contract that is not renewed is ``lapsed`` once its days of
    grace are over, until then ``open``: with open ones the rates may still rise, ``churn`` too, since all are
    of those due. Names are those of the contract that ends.

    Amounts are whole contracts as they stand, whatever their length. Those without an amount above zero, or
    renewed at a price that nobody says, are left out of amounts and of GRR and NRR. ``uplift`` is by how
    much the upgraded ones rose. ``previous`` is the period before, seen as many days after its end.

    ``status``: ``no_due``, ``no_dates`` (no contract says when it begins or was renewed), ``small_sample``.
    """
    import numpy as np

    roles = counted(contracts, scope, by, grace, of)
    rows = share(roles["current"], "renewal", "renewed", "due", roles["previous"])
    rows["churn"] = ratio(rows["lapsed"], rows["due"])
    rows["grr"] = ratio(rows["kept_amount"], rows["due_amount"])
    rows["nrr"] = ratio(rows["renewed_amount"], rows["due_amount"])
    rows["upgrade_share"] = ratio(rows["upgraded"], rows["renewed"])
    rows["uplift"] = ratio(rows["upgraded_to"] - rows["upgraded_from"], rows["upgraded_from"])
    rows["status"] = sample_status(rows["due"], "no_due")
    if not dated(contracts):
        known = ("due", "due_amount", "status")
        rows[[one.name for one in COLUMNS if one.name not in known]] = np.nan
        rows["status"] = rows["status"].where(rows["due"] == 0, "no_dates")
    return in_order(rows, by, "due")[[*by, *(column.name for column in COLUMNS)]]
