"""Numbers as words."""

from __future__ import annotations

from xlsales.excel.functions._declare import Example, function, number
from xlsales.excel.functions.series import whole
from xlsales.report.formats import say

UNITS = ((1e8, "亿"), (1e4, "万"))


@function(
    "XS_WAN",
    zh="金额写成万、亿的文字：12.3万、1.23亿；不足 1 万原样。",
    en="An amount in Chinese units as text: 12.3万, 1.23亿; below 10,000 as it is.",
    usage="=XS_WAN(B2)",
    arguments=(
        number("amount", "金额（元）", "the amount in yuan"),
        number("digits", "小数位数，默认万 1 位、亿 2 位", "decimals; by default 1 for 万, 2 for 亿", None),
    ),
    example=Example((123456,), "12.3万"),
)
def wan(amount: float, digits: float | None = None) -> str:
    """Rounded half away from zero, as Excel does."""
    if digits is None:
        return say(amount, "money", "zh")
    places = whole("digits", digits, 0, 8)
    size, unit = next(((size, unit) for size, unit in UNITS if abs(amount) >= size), (1.0, ""))
    return _fixed(amount / size, places) + unit


def _fixed(value: float, places: int) -> str:
    from decimal import ROUND_HALF_UP, Decimal

    return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


@function(
    "XS_CHANGE_TEXT",
    zh="变化写成文字：▲ 12.3% 或 ▼ 3.1%；输入为小数。",
    en="A change as text: ▲ 12.3% or ▼ 3.1%; the input is a fraction.",
    usage="=XS_CHANGE_TEXT(D2)",
    arguments=(number("change", "变化（小数）", "the change, a fraction"),),
    example=Example((-0.031,), "▼ 3.1%"),
)
def change_text(change: float) -> str:
    """The arrow carries the sign, so colour is never all there is."""
    from xlsales.report.formats import arrow

    return f"{arrow(change)} {say(abs(change), 'percent', 'en')}"
