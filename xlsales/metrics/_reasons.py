"""Why leads and customers are lost: free text, Chinese and English, read as a few classes by its keywords."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

KEYWORDS: dict[str, tuple[str, ...]] = {
    "price": (
        *("价格", "价钱", "太贵", "偏贵", "贵", "预算", "费用", "优惠", "折扣", "经济", "没钱", "学费"),
        *("price", "pricing", "expensive", "budget", "cost", "afford", "discount", "fee"),
    ),
    "competitor": (
        *("竞品", "竞争", "同行", "对手", "别家", "其他机构", "其它机构", "友商", "已报", "选了其他"),
        *("competitor", "competition", "rival", "another school", "other vendor", "elsewhere"),
    ),
    "unreachable": (
        *("联系不上", "失联", "无法联系", "空号", "停机", "拒接", "未接", "不接", "打不通", "无人接", "不回"),
        *("unreachable", "no answer", "no response", "no reply", "not reachable", "wrong number", "ghost"),
        *("unresponsive", "cannot reach", "can't reach", "lost contact"),
    ),
    "no_show": (
        *("爽约", "未到", "没到", "未到场", "未赴约", "没来", "放鸽子"),
        *("no show", "no-show", "did not come", "didn't come", "missed the trial"),
    ),
    "timing": (
        *("时间", "没空", "没时间", "排课", "课表", "档期", "太忙", "冲突", "再考虑", "暂缓", "延期"),
        *("schedule", "timing", "time clash", "no time", "busy", "postpone", "later", "not now", "delay"),
    ),
    "place": (
        *("太远", "距离", "离家", "路程", "交通", "搬家", "地点", "位置", "外地"),
        *("too far", "distance", "location", "moved", "commute", "far away"),
    ),
    "product": (
        *("效果", "质量", "课程不", "不适合", "不合适", "功能", "产品", "师资", "老师", "教学", "内容"),
        *("product", "feature", "quality", "teacher", "content", "not a fit", "poor fit", "course"),
        *("results", "progress", "outcome"),
    ),
    "service": (
        *("服务", "态度", "投诉", "响应慢", "跟进慢", "体验差"),
        *("service", "attitude", "slow response", "complain", "follow-up", "follow up"),
    ),
    "no_need": (
        *("无意向", "没意向", "没有意向", "没兴趣", "无兴趣", "不感兴趣", "无需求", "不需要", "暂不"),
        *("不考虑", "不想", "放弃", "no interest", "not interested", "no need", "not needed"),
    ),
    "invalid": (
        *("无效", "重复", "误留", "测试", "同行打听", "年龄不符", "不符合"),
        *("invalid", "duplicate", "spam", "test lead", "not qualified", "unqualified", "disqualified"),
    ),
}  # fmt: skip
"""Keywords by class. Of several in one text the one that stands first decides, of two there the longer."""

CLASSES = tuple(KEYWORDS)
UNCLASSIFIED = "unclassified"


@lru_cache(maxsize=4096)
def reason_class(text: str) -> str:
    """The class of a written reason; ``unclassified`` where no keyword is in it, "" for blank text."""
    plain = normalize("NFKC", text).casefold().strip()
    if not plain:
        return ""
    hits = [
        (plain.find(word), -len(word), place, name)
        for place, (name, words) in enumerate(KEYWORDS.items())
        for word in words
        if word in plain
    ]
    return min(hits)[-1] if hits else UNCLASSIFIED
