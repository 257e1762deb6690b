"""Targets, growth and pace: what is typed every day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlsales.excel.functions._declare import Example, day, days, function, number, numbers, text
from xlsales.metrics import _pipeline
from xlsales.metrics._calendar import WorkingDays
from xlsales.metrics._scope import shift_months
from xlsales.planning import pace as pacing
from xlsales.planning import pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTUAL = number("actual", "实际值", "the actual value")
TARGET = number("target", "目标值", "the target")
AS_OF = day("as_of", "数据截至日", "the day the data reach")
PERIOD = text(
    "period",
    "期间：2026-10、2026-Q4、2026；默认为截至日所在月",
    "2026-10, 2026-Q4 or 2026; by default the month of as_of",
    None,
)


@function(
    "XS_ATTAIN",
    zh="目标达成率（小数）= 实际 ÷ 目标。目标为空或不大于 0 时留空。",
    en="Attainment as a fraction = actual / target; blank unless the target is above 0.",
    usage="=XS_ATTAIN(B2,C2)",
    arguments=(ACTUAL, TARGET),
    example=Example((120, 100), 1.2),
)
def attain(actual: float, target: float) -> float | None:
    """See ``pipeline.attainment``."""
    return pipeline.attainment(actual, target)


@function(
    "XS_GAP",
    zh="与目标的差额 = 实际 - 目标，单位同输入；负数为缺口。",
    en="Gap to the target = actual - target, in their unit; negative is a shortfall.",
    usage="=XS_GAP(B2,C2)",
    arguments=(ACTUAL, TARGET),
    example=Example((80, 100), -20),
)
def gap(actual: float, target: float) -> float:
    """Actual less target."""
    return actual - target


@function(
    "XS_GROWTH",
    zh="增长率（小数）=（本期 - 基期）÷ 基期。基期不大于 0 时留空。",
    en="Growth as a fraction = (current - before) / before; blank unless that is above 0.",
    usage="=XS_GROWTH(B2,C2)",
    arguments=(number("current", "本期值", "the value now"), number("before", "基期值", "the value before")),
    example=Example((110, 100), 0.1),
)
def growth(current: float, before: float) -> float | None:
    """See ``pipeline.growth``."""
    return pipeline.growth(current, before)


@function(
    "XS_CAGR",
    zh="年均复合增长率（小数）=（期末 ÷ 期初）^(1 ÷ 年数) - 1。",
    en="Compound annual growth as a fraction = (last / first) ^ (1 / years) - 1.",
    usage="=XS_CAGR(B2,C2,3)",
    arguments=(
        number("first", "期初值", "the first value"),
        number("last", "期末值", "the last value"),
        number("years", "年数", "years between them"),
    ),
    example=Example((100, 121, 2), 0.1),
)
def cagr(first: float, last: float, years: float) -> float | None:
    """Blank unless both values and the years are above zero and Excel can hold the result."""
    if first <= 0 or last <= 0 or years <= 0:
        return None
    try:
        return float((last / first) ** (1 / years) - 1)
    except OverflowError:
        return None


DAYS = days("dates", "日期列（可含表头）", "a column of dates, header or not")
AMOUNTS = numbers("amounts", "金额列，与日期等长", "a column of amounts, as long")
MONTH = day("month", "该月任一日期；默认为最近一个月", "any day of the month; by default the latest", None)
SALES_EXAMPLE = (
    (("2026-08-31",), ("2026-09-10",), ("2026-09-20",), ("2026-10-05",)),
    ((70,), (60,), (40,), (125,)),
)


@function(
    "XS_MOM",
    zh="环比（小数）：该月合计比上月合计的增长。上月不大于 0 时留空。",
    en="Month on month as a fraction: the month's sum against that of the month before.",
    usage="=XS_MOM(A2:A500,D2:D500)",
    arguments=(DAYS, AMOUNTS, MONTH),
    example=Example((*SALES_EXAMPLE, date(2026, 10, 1)), 0.25),
)
def mom(
    dates: Sequence[date | None], amounts: Sequence[float | None], month: date | None = None
) -> float | None:
    """Whole months; for a month that is not over, the metric XS_SALES compares like with like."""
    return _against(dates, amounts, month, 1)


@function(
    "XS_YOY",
    zh="同比（小数）：该月合计比去年同月合计的增长。去年同月不大于 0 时留空。",
    en="Year on year as a fraction: the month's sum against that of the same month a year before.",
    usage="=XS_YOY(A2:A500,D2:D500)",
    arguments=(DAYS, AMOUNTS, MONTH),
    example=Example(((("2025-10-31",), ("2026-10-01",)), ((80,), (100,))), 0.25),
)
def yoy(
    dates: Sequence[date | None], amounts: Sequence[float | None], month: date | None = None
) -> float | None:
    """Whole months, as ``mom``."""
    return _against(dates, amounts, month, 12)


def _against(
    dates: Sequence[date | None], amounts: Sequence[float | None], month: date | None, back: int
) -> float | None:
    sums: dict[date, float] = {}
    for when, amount in zip(dates, amounts, strict=True):
        if when and amount is not None:
            sums[when.replace(day=1)] = sums.get(when.replace(day=1), 0.0) + amount
    if not sums:
        return None
    current = month.replace(day=1) if month else max(sums)
    return pipeline.growth(sums.get(current, 0.0), sums.get(shift_months(current, -back), 0.0))


@function(
    "XS_WORKDAYS",
    zh="两个日期之间（含首尾）的中国工作日天数，含调休补班。",
    en="Chinese working days from the first to the last day, both included, with make-up Saturdays.",
    usage="=XS_WORKDAYS(A2,B2)",
    arguments=(
        day("first_day", "第一天", "the first day"),
        day("last_day", "最后一天", "the last day"),
    ),
    example=Example((date(2026, 10, 1), date(2026, 10, 10)), 3),
)
def workdays(first_day: date, last_day: date) -> int:
    """See ``WorkingDays``."""
    return WorkingDays().between(first_day, last_day)


@function(
    "XS_TIME_ELAPSED",
    zh="时间进度（小数）= 已过中国工作日 ÷ 期间全部工作日，含截至日当天。",
    en="Time elapsed as a fraction = Chinese working days gone / those of the period, as_of included.",
    usage='=XS_TIME_ELAPSED(A2,"2026-Q4")',
    arguments=(AS_OF, PERIOD),
    example=Example((date(2026, 10, 31), "2026-10"), 1),
)
def time_elapsed(as_of: date, period: str | None = None) -> float | None:
    """See ``pace.clock``."""
    return pacing.clock(as_of, period).share


@function(
    "XS_PACE",
    zh="进度比 = 达成率 ÷ 时间进度；1 为正好跟上，大于 1 为超前。",
    en="Pace = attainment / time elapsed; 1 is on schedule, above is ahead.",
    usage="=XS_PACE(B2,C2,TODAY())",
    arguments=(ACTUAL, TARGET, AS_OF, PERIOD),
    example=Example((90, 100, date(2026, 10, 31), None), 0.9),
)
def pace(actual: float, target: float, as_of: date, period: str | None = None) -> float | None:
    """See ``pace.pace``."""
    return pacing.pace(pipeline.attainment(actual, target), pacing.clock(as_of, period))


@function(
    "XS_LANDING",
    zh="预计落地 = 实际 ÷ 已过工作日 × 全部工作日，单位同实际。不足 3 个工作日时留空。",
    en="Run-rate landing = actual / working days gone x all of them; blank before the third.",
    usage="=XS_LANDING(B2,TODAY())",
    arguments=(ACTUAL, AS_OF, PERIOD),
    example=Example((500, date(2026, 10, 31), "2026-10"), 500),
)
def landing(actual: float, as_of: date, period: str | None = None) -> float | None:
    """See ``pace.landing``."""
    return pacing.landing(actual, pacing.clock(as_of, period))


@function(
    "XS_DAILY_NEEDED",
    zh="余下每个工作日需要完成多少，单位同目标。已达成为 0，没有剩余工作日时留空。",
    en="What each working day left must bring, in the target's unit; 0 once reached, blank with no day left.",
    usage="=XS_DAILY_NEEDED(B2,C2,TODAY())",
    arguments=(ACTUAL, TARGET, AS_OF, PERIOD),
    example=Example((40, 100, date(2026, 10, 29), "2026-10"), 60),
)
def daily_needed(actual: float, target: float, as_of: date, period: str | None = None) -> float | None:
    """See ``pace.daily_needed``."""
    return pacing.daily_needed(actual, target, pacing.clock(as_of, period))


@function(
    "XS_LEADS_NEEDED",
    zh="还需多少条线索 = 缺口 ÷（转化率 × 客单价），向上取整。已达成为 0。",
    en="Leads still needed = gap / (conversion x order value), rounded up; 0 once the target is reached.",
    usage="=XS_LEADS_NEEDED(B2,C2,20%,D2)",
    arguments=(
        ACTUAL,
        TARGET,
        number("conversion", "线索转化率（小数或百分比）", "lead conversion, a fraction or percentage"),
        number("order_value", "客单价，单位同目标", "average order, in the target's unit"),
    ),
    example=Example((600_000, 1_000_000, 0.2, 8000), 250),
)
def leads_needed(actual: float, target: float, conversion: float, order_value: float) -> int | None:
    """See ``_pipeline.leads_needed``."""
    return _pipeline.leads_needed(target - actual, conversion, order_value)
