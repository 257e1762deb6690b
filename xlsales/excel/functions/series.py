"""A number through time: average, season, forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Example, Spill, Words, function, number, numbers
from xlsales.metrics import _series

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES = numbers(
    "values", "按时间先后的数值，不含未结束的期间", "the values in order of time, complete periods only"
)
SEASON = number(
    "season", "一个季节有几期：月度 12，季度 4", "periods in a season: 12 for months, 4 for quarters", 12
)
MOST_AHEAD = 60


def whole(argument: str, value: float, least: int, most: int) -> int:
    """A count that an argument gives. UsageError for one that is broken or outside the limits."""
    if value != int(value) or not least <= value <= most:
        raise UsageError(
            "cell_out_of_range", argument=argument, value=f"{value:g}", allowed=f"{least} … {most}"
        )
    return int(value)


def unbroken(values: Sequence[float | None]) -> list[float]:
    """The values up to the last; UsageError naming the first blank among them."""
    last = max((at for at, value in enumerate(values) if value is not None), default=-1)
    found: list[float] = []
    for at, value in enumerate(values[: last + 1]):
        if value is None:
            raise UsageError("cell_in_list_unread", argument="values", place=at + 1, value="")
        found.append(value)
    return found


@function(
    "XS_MOVING_AVG",
    zh="移动平均：每期与之前共 window 期的均值，单位同输入；不足或含空白时留空。",
    en="Moving average of each value and those before it, window in all; blank where one is missing.",
    usage="=XS_MOVING_AVG(B2:B25,3)",
    arguments=(VALUES, number("window", "期数", "how many periods", 3)),
    example=Example((((1,), (2,), (6,), (4,)), 3), [[None], [None], [3], [4]]),
)
def moving_avg(values: Sequence[float | None], window: float = 3) -> list[tuple[float | None]]:
    """See ``_series.moving_average``."""
    return [(mean,) for mean in _series.moving_average(values, whole("window", window, 1, 1000))]


@function(
    "XS_SEASONAL_INDEX",
    zh="季节指数：每期相对于平均水平（1），按中心移动平均比率法；至少两个完整季节。",
    en="Seasonal indices, 1 on average, by ratio to the centred moving average; two whole seasons at least.",
    usage="=XS_SEASONAL_INDEX(B2:B37)",
    arguments=(VALUES, SEASON),
    example=Example((((80,), (120,), (80,), (120,), (80,), (120,)), 2), [[1, 0.8], [2, 1.2]]),
)
def seasonal(values: Sequence[float | None], season: float = 12) -> Spill:
    """See ``_series.seasonal_index``; place 1 is that of the first value."""
    indices = _series.seasonal_index(unbroken(values), whole("season", season, 2, 366))
    return Spill((("期序", "Place"), ("季节指数", "Index")), list(enumerate(indices, 1)))


@function(
    "XS_FORECAST",
    zh="预测后几期（Theta 法，季节明显时含季节）：期数、预测、区间下限、上限、方法。",
    en="Forecast of the coming periods (Theta method, with season where strong): value, low, high, method.",
    usage="=XS_FORECAST(B2:B37,3)",
    arguments=(
        VALUES,
        number("ahead", "预测几期", "how many periods ahead", 3),
        SEASON,
        number("confidence", "区间的置信水平", "the confidence of the interval", 0.8),
    ),
    example=Example(
        (((100,), (100,), (100,), (100,), (100,), (100,)), 2),
        [[1, 100, 100, 100, "Theta"], [2, 100, 100, 100, "Theta"]],
    ),
)
def forecast(
    values: Sequence[float | None], ahead: float = 3, season: float = 12, confidence: float = 0.8
) -> Spill:
    """See ``_series.theta``."""
    if not 0 < confidence < 1:
        raise UsageError("cell_out_of_range", argument="confidence", value=f"{confidence:g}", allowed="0 … 1")
    found = _series.theta(
        unbroken(values), whole("ahead", ahead, 1, MOST_AHEAD), whole("season", season, 1, 366), confidence
    )
    method = Words("Theta + 季节", "Theta with season") if found.seasonal else Words("Theta", "Theta")
    columns = (
        ("期数", "Ahead"), ("预测", "Forecast"), ("下限", "Low"), ("上限", "High"), ("方法", "Method"),
    )  # fmt: skip
    rows = zip(found.values, found.low, found.high, strict=True)
    return Spill(columns, [(at, *row, method) for at, row in enumerate(rows, 1)])
