"""Which costs of the cost sheet win customers: those of a kind that is clearly for something else do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw

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
