"""Targets divided, performance scored, commission worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Example, choice, function, number, numbers
from xlsales.planning.allocation import allocate as divided
from xlsales.planning.commission import commission as paid
from xlsales.planning.score import score as scored

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_DIGITS = 6


@function(
    "XS_ALLOCATE",
    zh="按权重分解总数，最大余数法，各份之和恰好等于总数；已锁定的份不动。",
    en="A total divided by weights so that the parts add up exactly (largest remainder); locked parts stay.",
    usage="=XS_ALLOCATE(1000000,B2:B9,C2:C9)",
    arguments=(
        number("total", "要分解的总数", "the total"),
        numbers("weights", "各份的权重，如去年销售额", "a weight for each part, such as last year's sales"),
        numbers("locked", "已定的份，空白为待分", "parts that are fixed, blank for those to divide", None),
        number("digits", "小数位数，-4 为万", "decimals; -4 for ten thousands", 0),
    ),
    example=Example(
        (10, ((47000,), (16000,), (15800,), (12000,), (6100,), (3100,))), [[5], [2], [1], [1], [1], [0]]
    ),
    once=True,
)
def allocate(
    total: float | None,
    weights: Sequence[float | None],
    locked: Sequence[float | None] | None = None,
    digits: float = 0,
) -> list[tuple[float]]:
    """See ``allocation.allocate``; the example is the textbook's for the Hare quota."""
    if abs(digits) > MOST_DIGITS or digits != int(digits):
        raise UsageError("cell_out_of_range", argument="digits", value=f"{digits:g}", allowed="-6 … 6")
    if total is None:
        return [(0.0,) for _ in weights]
    return [(part,) for part in divided(total, weights, locked or (), int(digits))]


@function(
    "XS_SCORE",
    zh="加权得分 = Σ 权重 × 达成率（封顶），满分为权重之和（1 或 100）；第二格为实际计入的权重比例。",
    en="Weighted score = sum of weight x capped attainment, out of 1 or 100; then the weight that counted.",
    usage="=XS_SCORE(B2:B6,C2:C6,1.2)",
    arguments=(
        numbers(
            "attained",
            "各指标达成率；空白不计，权重由其余分担",
            "attainments; a blank leaves its weight to the others",
        ),
        numbers("weights", "各指标权重，合计 1 或 100", "weights that add up to 1 or 100"),
        number("cap", "单项达成率封顶", "the most that one attainment counts", 1.2),
    ),
    example=Example((((1.5,), (0.8,), (1.0,)), ((50,), (30,), (20,)), 1.2), [[104, 1]]),
)
def score(
    attained: Sequence[float | None], weights: Sequence[float | None], cap: float = 1.2
) -> tuple[float | None, float]:
    """See ``score.score``."""
    return scored(attained, weights, cap)


@function(
    "XS_COMMISSION",
    zh="阶梯提成，单位同金额：marginal 各段按各自比例累加，whole 全额按所达档位比例。",
    en="Tiered commission: marginal pays each band at its rate, whole pays all at the rate reached.",
    usage="=XS_COMMISSION(B2,$F$2:$F$4,$G$2:$G$4)",
    arguments=(
        number("amount", "业绩金额", "the amount sold"),
        numbers("starts", "各档起点，由低到高", "where each tier begins, rising"),
        numbers("rates", "各档比例（小数或百分比）", "the rate of each, a fraction or percentage"),
        choice("method", "计算方式", "how", ("marginal", "whole"), "marginal"),
    ),
    example=Example((150_000, ((0,), (100_000,), (125_000,)), ((0.05,), (0.06,), (0.07,))), 8250),
)
def commission(
    amount: float,
    starts: Sequence[float | None],
    rates: Sequence[float | None],
    method: str = "marginal",
) -> float:
    """See ``commission.commission``."""
    return paid(amount, starts, rates, whole=method == "whole")
