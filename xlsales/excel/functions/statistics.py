"""How sure, how usual, how related: statistics on ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Example, Spill, Words, function, number, numbers
from xlsales.metrics import _robust, _stats

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES = numbers(
    "values", "数值区域（可含表头，空白不计）", "the numbers, header or not; blanks do not count"
)
X = numbers("x", "自变量，如投入或月份序号", "the x values")
Y = numbers("y", "因变量，与 x 等长", "the y values, as long")


def present(values: Sequence[float | None], least: int = 1) -> list[float]:
    """The values without blanks. UsageError for fewer than ``least``."""
    found = [value for value in values if value is not None]
    if len(found) < least:
        raise UsageError("cell_too_few", count=len(found), least=least)
    return found


def pairs(x: Sequence[float | None], y: Sequence[float | None]) -> tuple[list[float], list[float]]:
    """The points that have both."""
    found = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    return [a for a, _ in found], [b for _, b in found]


@function(
    "XS_WILSON",
    zh="比率的 Wilson 95% 区间，两格：下限、上限（小数）。样本为 0 时留空。",
    en="The Wilson 95% interval of a rate in two cells, low and high, as fractions; blank for n = 0.",
    usage="=XS_WILSON(B2,C2)",
    arguments=(number("successes", "成功数", "successes"), number("n", "总数", "trials")),
    example=Example((8, 10), [[0.4901625, 0.9433178]]),
)
def wilson(successes: float, n: float) -> tuple[float, float]:
    """See ``_stats.wilson``."""
    low, high = _stats.wilson(successes, n)
    return float(low), float(high)


@function(
    "XS_RATE_DIFF",
    zh="两个比率之差，四格：差（小数）、95% 下限、上限（Newcombe）、p 值。",
    en="The difference of two rates in four cells: difference, 95% low and high (Newcombe), p-value.",
    usage="=XS_RATE_DIFF(B2,C2,B3,C3)",
    arguments=(
        number("successes", "第一组成功数", "successes of the first"),
        number("n", "第一组总数", "trials of the first"),
        number("base_successes", "第二组成功数", "successes of the second"),
        number("base_n", "第二组总数", "trials of the second"),
    ),
    example=Example((56, 70, 48, 80), [[0.2, 0.0524315, 0.3338727, 0.00804508]]),
)
def rate_diff(successes: float, n: float, base_successes: float, base_n: float) -> tuple[float | None, ...]:
    """See ``_stats.difference``; the example's interval is row (a) of Newcombe's table II."""
    return _stats.difference(successes, n, base_successes, base_n) or (None, None, None, None)


@function(
    "XS_STATS",
    zh="描述统计：个数、合计、均值、中位数、P10、P25、P75、P90、标准差、变异系数、最小、最大。",
    en="Descriptive statistics: n, sum, mean, median, P10 to P90, standard deviation, CV, min, max.",
    usage="=XS_STATS(D2:D500)",
    arguments=(VALUES,),
    example=Example(
        (((1,), (2,), (3,), (4,)),),
        [
            ["n", 4],
            ["Sum", 10],
            ["Mean", 2.5],
            ["Median", 2.5],
            ["P10", 1.3],
            ["P25", 1.75],
            ["P75", 3.25],
            ["P90", 3.7],
            ["Standard deviation", 1.2909944],
            ["CV", 0.5163978],
            ["Minimum", 1],
            ["Maximum", 4],
        ],
    ),
)
def stats(values: Sequence[float | None]) -> Spill:
    """Quantiles as Excel's PERCENTILE.INC, the deviation as STDEV.S."""
    import numpy as np

    data = np.array(present(values), "float64")
    mean, deviation = float(data.mean()), float(data.std(ddof=1)) if len(data) > 1 else None
    cuts = [float(cut) for cut in np.quantile(data, [0.1, 0.25, 0.75, 0.9])]
    rows = [
        (Words("个数", "n"), len(data)),
        (Words("合计", "Sum"), float(data.sum())),
        (Words("均值", "Mean"), mean),
        (Words("中位数", "Median"), float(np.median(data))),
        *zip(("P10", "P25", "P75", "P90"), cuts, strict=True),
        (Words("标准差", "Standard deviation"), deviation),
        (Words("变异系数", "CV"), deviation / mean if deviation is not None and mean > 0 else None),
        (Words("最小值", "Minimum"), float(data.min())),
        (Words("最大值", "Maximum"), float(data.max())),
    ]
    return Spill((("统计量", "Statistic"), ("值", "Value")), rows)


@function(
    "XS_MEDIAN_MAD",
    zh="中位数与绝对中位差 MAD，两格，单位同输入；不受个别极端值影响。",
    en="Median and median absolute deviation in two cells; wild values do not bend them.",
    usage="=XS_MEDIAN_MAD(D2:D500)",
    arguments=(VALUES,),
    example=Example((((1,), (1,), (2,), (2,), (4,), (6,), (9,)),), [[2, 1]]),
)
def median_mad(values: Sequence[float | None]) -> tuple[float, float]:
    """See ``_robust.median_mad``."""
    return _robust.median_mad(present(values))


@function(
    "XS_OUTLIERS",
    zh="逐个标记异常值：过高、过低或空白；按稳健 Z 值 0.6745 ×（值 - 中位数）÷ MAD。少于 8 个值不判断。",
    en="Marks each value high, low or blank by the robust z = 0.6745 x (value - median) / MAD.",
    usage="=XS_OUTLIERS(D2:D500)",
    arguments=(VALUES, number("limit", "Z 值界限", "the z beyond which a value is marked", 3.5)),
    example=Example((((10,), (11,), (9,), (10,), (12,), (11,), (10,), (90,)),), [[None]] * 7 + [["high"]]),
)
def outliers(values: Sequence[float | None], limit: float = 3.5) -> list[tuple[object]]:
    """See ``_robust.robust_z``. One cell per value, beside it."""
    z = iter(_robust.robust_z([value for value in values if value is not None]))
    high, low = Words("过高", "high"), Words("过低", "low")
    marks: list[tuple[object]] = []
    for value in values:
        one = next(z) if value is not None else None
        marks.append((None if one is None or abs(one) <= limit else high if one > 0 else low,))
    return marks


@function(
    "XS_CORREL",
    zh="相关系数 r，四格：r、95% 下限、上限、样本数。相关不等于因果。",
    en="Pearson's r in four cells: r, 95% low, high, n. Correlation is not cause.",
    usage="=XS_CORREL(B2:B37,C2:C37)",
    arguments=(X, Y),
    example=Example(
        (((1,), (2,), (3,), (4,), (5,)), ((2,), (1,), (4,), (3,), (5,))), [[0.8, -0.2796400, 0.9861962, 5]]
    ),
)
def correl(x: Sequence[float | None], y: Sequence[float | None]) -> tuple[float | None, ...]:
    """See ``_robust.pearson``."""
    a, b = pairs(x, y)
    found = _robust.pearson(a, b)
    return (*(found or (None, None, None)), len(a))


@function(
    "XS_SLOPE",
    zh="Theil–Sen 斜率，五格：斜率、95% 下限、上限、截距、样本数；不受个别极端值影响。",
    en="Theil-Sen slope in five cells: slope, 95% low, high, intercept, n; wild values do not bend it.",
    usage="=XS_SLOPE(A2:A37,C2:C37)",
    arguments=(X, Y),
    example=Example((((1,), (2,), (3,), (4,), (5,)), ((2,), (4,), (6,), (8,), (100,))), [[2, 2, 92, 0, 5]]),
)
def slope(x: Sequence[float | None], y: Sequence[float | None]) -> tuple[float, ...]:
    """See ``_robust.theil_sen``."""
    a, b = pairs(x, y)
    value, intercept, low, high = _robust.theil_sen(a, b)
    return value, low, high, intercept, len(a)
