"""Which costs of the cost sheet win customers: those of a kind that is clearly for something else do not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._facts import summed, windowed
from xlsales.metrics._scope import Window, month_of
from xlsales.metrics._slices import filterable, names, sliced

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

OTHER = (
    *("房租", "租金", "租赁", "物业", "水电", "电费", "水费", "燃气", "取暖"),
    *("教师", "老师", "讲师", "教练", "师资", "课时", "课酬", "讲课", "教学", "教务", "教材", "教具"),
    *("货款", "进货", "采购", "商品成本", "产品成本", "销售成本", "营业成本", "业务成本", "原料", "原材料"),
    *("折旧", "摊销", "税", "行政", "财务", "后勤"),
)
"""Words of kinds that are neither marketing nor sales: premises, teaching, goods, administration."""
OTHER_EN = (
    *("rent", "rental", "lease", "utilities", "utility", "electricity", "water", "gas", "heating"),
    *(
        "teacher",
        "teaching",
        "tutor",
        "tutoring",
        "instructor",
        "coach",
        "lesson",
        "teaching hour",
        "textbook",
    ),
    *("goods", "cogs", "cost of sales", "merchandise", "inventory", "purchase", "raw material"),
    *("depreciation", "amortisation", "amortization", "tax", "taxes", "administration", "accounting"),
)
WINNING = (
    *(
        "广告",
        "推广",
        "宣传",
        "营销",
        "招生",
        "获客",
        "投放",
        "地推",
        "展位",
        "展会",
        "活动",
        "转介绍",
        "试听",
        "体验课",
    ),
    *("advert", "marketing", "promotion", "campaign", "referral", "exhibition", "booth", "event", "trial"),
)
"""Words of kinds that win customers whatever else they say: rent of a booth, the teacher of a trial."""


def wins_customers() -> nw.Expr:
    """Whether a cost is one of marketing or sales by its ``kind``; a blank kind, or an unknown one, is."""
    import narwhals as nw

    kind = nw.col("kind").fill_null("").str.to_lowercase()
    english = rf"(?:^|[^a-z])(?:{'|'.join(OTHER_EN)})s?(?:[^a-z]|$)"
    other = kind.str.contains("|".join(OTHER)) | kind.str.contains(english)
    return ~other | kind.str.contains("|".join(WINNING))


def spending(
    costs: Frame | None, scope: Scope, window: Window, by: Sequence[str], *, winning: bool = True
) -> Amounts:
    """The costs of the window that win customers, or all others, by the names.

    None where there are none, or where the sheet has no column for a filter.
    """
    import narwhals as nw

    if costs is None or not filterable(costs, scope):
        return {}
    lines = _lines(costs, scope, by, winning=winning)
    if windowed(lines, window).select(nw.len()).collect().item() == 0:
        return {}
    return summed(lines, window, by)["amount"]


def of_whole_months(costs: Frame | None, scope: Scope, window: Window) -> bool:
    """Whether a kind of cost stands on the first day alone of a month that the window holds a part of."""
    import narwhals as nw

    if costs is None or (window.end + ONE_DAY).day == window.start.day or not filterable(costs, scope):
        return False
    month = Window(max(window.start, window.end.replace(day=1)), month_of(window.end).end)
    lines = windowed(_lines(costs, scope, (), winning=True), month)
    last = lines.with_columns(nw.col("kind").fill_null("")).group_by("kind").agg(nw.col("date").max())
    days = last.collect("pandas").to_pandas()["date"]
    return bool((days.dt.day == 1).any())


def paid(asked: Asked, *, winning: bool = True) -> Behind:
    """The costs of the window behind ``spending``."""
    import narwhals as nw

    which = wins_customers() if winning else ~wins_customers()
    costs = nw.from_native(asked.tables["costs"]).filter(which).to_native()
    return trail.costs()(replace(asked, tables={**asked.tables, "costs": costs}))


def _lines(costs: Frame, scope: Scope, by: Sequence[str], *, winning: bool) -> nw.LazyFrame[Any]:
    import narwhals as nw

    which = wins_customers() if winning else ~wins_customers()
    lines = sliced(costs, scope, by).filter(which, ~nw.col("cost").is_null())
    return lines.select(*names(by), "kind", date=nw.col("period"), amount=nw.col("cost"))
