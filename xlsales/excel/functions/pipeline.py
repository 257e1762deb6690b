"""Pipeline, funnel and win rates from numbers that stand in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Example, Spill, Words, function, number, numbers, texts
from xlsales.metrics import _pipeline
from xlsales.planning import pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence


@function(
    "XS_WEIGHTED_PIPELINE",
    zh="加权管道 = Σ 金额 × 成交概率，单位同金额。缺金额或概率的不计。",
    en="Weighted pipeline = sum of amount x probability, in the amounts' unit; blanks count nothing.",
    usage="=XS_WEIGHTED_PIPELINE(D2:D90,E2:E90)",
    arguments=(
        numbers("amounts", "未结束商机的金额", "amounts of the open deals"),
        numbers("chances", "各自的成交概率（小数或百分比）", "their probabilities, fractions or percentages"),
    ),
    example=Example((((3800,), (22500,)), ((0.9,), (0.2,))), 7920),
)
def weighted_pipeline(amounts: Sequence[float | None], chances: Sequence[float | None]) -> float:
    """See ``pipeline.weighted``; the example is Odoo's documentation of prorated revenue."""
    return pipeline.weighted(amounts, chances)


@function(
    "XS_COVERAGE",
    zh="管道覆盖倍数 = 未结束商机金额 ÷（目标 - 已成交）。目标已达成时留空。",
    en="Pipeline coverage = open amount / (target - won), in times; blank once the target is reached.",
    usage="=XS_COVERAGE(B2,C2,D2)",
    arguments=(
        number("open_amount", "未结束商机金额", "open pipeline"),
        number("won", "已成交金额", "amount won"),
        number("target", "目标", "the target"),
    ),
    example=Example((900, 400, 700), 3),
)
def coverage(open_amount: float, won: float, target: float) -> float | None:
    """See ``_pipeline.coverage``."""
    return _pipeline.coverage(open_amount, won, target)


@function(
    "XS_VELOCITY",
    zh="销售速度（金额/天）= 商机数 × 赢单率 × 平均金额 ÷ 销售周期天数。",
    en="Sales velocity, money per day = deals x win rate x average deal / days of the cycle.",
    usage="=XS_VELOCITY(B2,C2,D2,E2)",
    arguments=(
        number("deals", "商机数", "number of deals"),
        number("win_rate", "赢单率（小数或百分比）", "win rate, a fraction or percentage"),
        number("deal_value", "平均成交金额", "average deal"),
        number("cycle_days", "平均销售周期（天）", "days of the sales cycle"),
    ),
    example=Example((50, 0.2, 9000, 90), 1000),
)
def velocity(deals: float, win_rate: float, deal_value: float, cycle_days: float) -> float | None:
    """See ``pipeline.velocity``."""
    return pipeline.velocity(deals, win_rate, deal_value, cycle_days)


@function(
    "XS_WIN_RATES",
    zh="三种赢单率（小数）并列：成交 ÷（成交+流失）、逾期未结按流失、成交 ÷ 全部商机。",
    en="Three win rates side by side, fractions: won / (won + lost); overdue as lost; won / all deals.",
    usage="=XS_WIN_RATES(B2,C2,D2,E2)",
    arguments=(
        number("won", "成交数", "deals won"),
        number("lost", "流失数", "deals lost"),
        number("open_deals", "未结束数（含逾期）", "deals still open, overdue ones included", 0),
        number("overdue", "其中逾期未结数", "those of them that are overdue", 0),
    ),
    example=Example(
        (30, 20, 50, 10),
        [["Won / (won + lost)", 0.6, 50], ["Overdue as lost", 0.5, 60], ["Won / all", 0.3, 100]],
    ),
    once=True,
)
def win_rates(won: float, lost: float, open_deals: float = 0, overdue: float = 0) -> Spill:
    """The same deals were published 15 points apart, since each system divides by something else."""
    rows = [
        (Words("成交÷（成交+流失）", "Won / (won + lost)"), won + lost),
        (Words("逾期按流失计", "Overdue as lost"), won + lost + overdue),
        (Words("成交÷全部", "Won / all"), won + lost + open_deals),
    ]
    columns = (("口径", "Definition"), ("赢单率", "Win rate"), ("分母", "Out of"))
    return Spill(columns, [(words, won / n if n else None, n) for words, n in rows])


@function(
    "XS_FUNNEL_STEPS",
    zh="漏斗各步转化率（小数）：到达人数、步转化率、累计转化率、流失人数。",
    en="Funnel step rates as fractions: reached, step rate, cumulative rate, dropped.",
    usage="=XS_FUNNEL_STEPS(A2:A6,B2:B6)",
    arguments=(
        texts("stages", "阶段名称，从前到后", "stage names in order"),
        numbers("counts", "到达各阶段的人数", "how many reached each"),
    ),
    example=Example(
        ((("Lead",), ("Trial",), ("Won",)), ((200,), (80,), (20,))),
        [["Lead", 200, None, 1, None], ["Trial", 80, 0.4, 0.4, 120], ["Won", 20, 0.25, 0.1, 60]],
    ),
)
def funnel_steps(stages: Sequence[str | None], counts: Sequence[float | None]) -> Spill:
    """Step rate = reached / reached the stage before. UsageError for a negative count."""
    rows: list[tuple[object, ...]] = []
    before: float | None = None
    first: float | None = None
    for stage, count in zip(stages, counts, strict=True):
        if count is None:
            continue
        if count < 0:
            raise UsageError("cell_out_of_range", argument="counts", value=f"{count:g}", allowed="≥ 0")
        first = count if first is None else first
        step = count / before if before else None
        rows.append(
            (stage, count, step, count / first if first else None, None if before is None else before - count)
        )
        before = count
    columns = (
        ("阶段", "Stage"),
        ("人数", "Reached"),
        ("步转化率", "Step rate"),
        ("累计转化率", "Cumulative rate"),
        ("流失", "Dropped"),
    )
    return Spill(columns, rows)
