"""Why leads and customers are lost: free text, Chinese and English, read as a few classes by its keywords."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import east_asian_width, normalize

KEYWORDS: dict[str, tuple[str, ...]] = {
    "price": (
        *("价格", "价钱", "太贵", "偏贵", "贵", "预算", "费用", "优惠", "折扣", "经济", "没钱", "学费"),
        *("不优惠", "没优惠", "没折扣", "不经济", "不值"),
        *("price", "priced", "pricing", "pricey", "overpriced", "expensive", "budget", "cost", "costly"),
        *("afford", "affordable", "unaffordable", "cannot afford", "can't afford", "couldn't afford"),
        *("can not afford", "could not afford", "not affordable", "discount", "discounted", "fee"),
        *("course fee", "service fee", "tuition"),
    ),
    "competitor": (
        *("竞品", "竞争", "同行", "对手", "别家", "其他机构", "其它机构", "友商", "已报", "选了其他"),
        *("换机构", "换了机构"),
        *("competitor", "competition", "rival", "another school", "other vendor", "elsewhere"),
        *("another provider", "another vendor", "other provider", "moved to a competitor"),
        *("moved to another school", "moved to another provider"),
    ),
    "unreachable": (
        *("联系不上", "失联", "无法联系", "空号", "停机", "拒接", "未接", "不接", "打不通", "无人接", "不回"),
        *("unreachable", "no answer", "no response", "no reply", "not reachable", "wrong number", "ghost"),
        *("ghosted", "ghosting", "never answered", "no feedback"),
        *("unresponsive", "cannot reach", "can't reach", "lost contact"),
    ),
    "no_show": (
        *("爽约", "未到", "没到", "未到场", "未赴约", "没来", "放鸽子"),
        *("no show", "no-show", "did not come", "didn't come", "missed the trial"),
    ),
    "timing": (
        *("时间", "没空", "没时间", "排课", "课表", "档期", "太忙", "冲突", "再考虑", "暂缓", "延期"),
        *("schedule", "timing", "time clash", "no time", "busy", "postpone", "later", "not now", "delay"),
        *("scheduled", "scheduling", "postponed", "delayed"),
    ),
    "place": (
        *("太远", "距离", "离家", "路程", "交通", "搬家", "地点", "位置", "外地"),
        *("too far", "distance", "location", "moved", "moving", "commute", "far away", "relocated"),
    ),
    "product": (
        *("效果", "质量", "课程不", "不适合", "不合适", "功能", "产品", "师资", "老师", "教学", "内容"),
        *("product", "feature", "quality", "teacher", "teaching", "content", "not a fit", "poor fit"),
        *("course", "result", "progress", "outcome"),
    ),
    "service": (
        *("服务", "态度", "老师态度", "投诉", "响应慢", "跟进慢", "体验差", "没人联系", "没人跟进", "没人管"),
        *("service", "attitude", "slow response", "complain", "follow-up", "follow up"),
        *("complained", "complaining", "complaint", "support", "feedback", "unanswered"),
    ),
    "no_need": (
        *("无意向", "没意向", "没有意向", "没兴趣", "无兴趣", "不感兴趣", "无需求", "不需要", "暂不"),
        *("不考虑", "不想", "放弃", "no interest", "not interested", "no need", "not needed"),
        *("stop using", "stopped using", "no longer use", "no longer using", "no longer need"),
    ),
    "finished": (
        *("毕业", "学完", "课程结束", "结课"),
        *("graduate", "graduated", "graduation", "finished the", "completed the"),
    ),
    "school": (
        *("升学", "转学", "中考", "高考", "升初", "升高"),
        *("changed school", "changing school", "new school", "school transfer"),
    ),
    "health": (
        *("生病", "健康", "身体", "住院", "手术", "受伤", "怀孕"),
        *("health", "ill", "illness", "sick", "hospital", "surgery", "injury", "injured", "pregnant"),
    ),
    "closed": (
        *("倒闭", "停业", "歇业", "破产", "公司注销", "关店"),
        *("bankrupt", "bankruptcy", "out of business", "closed down", "shut down", "liquidation"),
    ),
    "invalid": (
        *("无效", "重复", "误留", "测试", "同行打听", "年龄不符", "不符合"),
        *("invalid", "duplicate", "spam", "test lead", "not qualified", "unqualified", "disqualified"),
    ),
}  # fmt: skip
"""Keywords by class. Of several in one text the one that stands first decides, of two there the longer."""
MISLEADING = (
    *("贵校", "贵公司", "贵司", "贵方", "贵店", "贵处", "贵机构", "贵中心", "贵宾", "长时间"),
    *("没学完", "未学完", "of course"),
)
"""Words that hold a keyword and say nothing of a reason."""
OTHER = frozenset(
    (*("其他", "其它", "其他原因", "其它原因", "不明", "不详", "未知", "无", "无法归类"),
     *("other", "others", "other reason", "other reasons", "unknown", "none", "n/a", "unclassified"))
)  # fmt: skip
"""Codes that name no reason."""
UNCLASSIFIED = "unclassified"
LONGEST_CODE = 24
"""Widest text that may be a code, in columns: twelve Chinese characters or twenty-four Latin letters."""

CLASS_OF = {word: name for name, words in reversed(KEYWORDS.items()) for word in words}
WORDS = sorted((*CLASS_OF, *MISLEADING), key=len, reverse=True)
KEYWORD = re.compile(
    "|".join(rf"(?<![a-z])({re.escape(w)})s?(?![a-z])" if w.isascii() else f"({re.escape(w)})" for w in WORDS)
)
DENIED = re.compile(
    r"(?:(?<![是要])不是|并非|不算|不嫌|不|(?:\bnot|n't)\s+)(?:因为|由于|什么|很|太|那么)?"
    r"(?:(?:a|about|because of|due to|really|so|that|the|too|very)\s+)*$"
)
"""How the text before a keyword ends that is denied: 不是, 不, not and n't, with little words between."""
CLAUSE = re.compile(r"[,.;:!?，。；：！？、\n]")


@lru_cache(maxsize=4096)
def reason_class(text: str) -> str:
    """The class of a written reason; ``unclassified`` where no keyword is in it, "" for blank text.

    English keywords are whole words, also in the plural. A class that a clause denies is not one of its
    reasons: 价格不贵，老师不好 is about the teacher.
    """
    plain = normalize("NFKC", text).casefold().replace("’", "'").strip()
    if not plain:
        return ""
    return next((name for clause in CLAUSE.split(plain) for name in _said(clause)), UNCLASSIFIED)


def _said(clause: str) -> list[str]:
    """The classes of the keywords of a clause in their order, without those that it denies."""
    hits = [
        (CLASS_OF[word], DENIED.search(clause[: hit.start()]) is not None)
        for hit in KEYWORD.finditer(clause)
        if (word := hit[hit.lastindex or 0]) in CLASS_OF
    ]
    denied = {name for name, against in hits if against}
    return [name for name, _ in hits if name not in denied]


@lru_cache(maxsize=4096)
def is_code(text: str) -> bool:
    """Whether a reason is short enough to be one of a list, and is not ``OTHER``."""
    plain = normalize("NFKC", text).casefold().strip()
    width = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in plain)
    return 0 < width <= LONGEST_CODE and plain not in OTHER
