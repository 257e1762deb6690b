"""启明教育 / Qiming Education: who works there, what it sells, how it usually goes.

Everything the generator draws from is written here as plain data: money in yuan per lesson hour,
rates in per mille, so that no floating point power or logarithm of a platform is involved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.language import Language

FIRST_MONTH, LAST_DAY = date(2024, 9, 1), date(2026, 10, 31)
"""The 26 months that the raw sheets cover; the last day has facts, so the last month is complete."""
OPENED = date(2022, 9, 1)
"""When the institution opened. What happened before FIRST_MONTH left its customers, not its rows."""


@dataclass(frozen=True)
class Rep:
    """One course consultant. ``weight`` is the share of leads; ``closing`` scales trial -> enrolment."""

    key: str
    region: str
    team: str
    weight: int
    closing: int


@dataclass(frozen=True)
class Course:
    """One course: yuan per lesson hour, the package sizes with weights, and how many renew."""

    key: str
    category: str
    weight: int
    price: int
    hours: tuple[tuple[int, int], ...]
    renewing: int


@dataclass(frozen=True)
class Channel:
    """One lead channel: weight, and the step rates to contacted, booked, trial and enrolment."""

    key: str
    weight: int
    steps: tuple[int, int, int, int]


REPS = (
    Rep("chen_jing", "binjiang", "team_1", 105, 1120),
    Rep("li_xiaowen", "binjiang", "team_1", 98, 1020),
    Rep("wang_hao", "binjiang", "team_1", 92, 1080),
    Rep("zhao_min", "binjiang", "team_2", 86, 1000),
    Rep("sun_yue", "chengxi", "team_2", 90, 1000),
    Rep("zhou_kai", "chengxi", "team_2", 84, 1000),
    Rep("wu_qian", "chengxi", "team_2", 82, 1000),
    Rep("zheng_yu", "chengxi", "team_3", 74, 980),
    Rep("feng_jia", "gaoxin", "team_1", 82, 960),
    Rep("he_lin", "gaoxin", "team_3", 78, 1040),
    Rep("xu_hang", "gaoxin", "team_3", 70, 960),
    Rep("shen_yi", "gaoxin", "team_3", 62, 900),
)
TEAMS = ("team_1", "team_2", "team_3")
REGIONS = ("binjiang", "chengxi", "gaoxin")
COURSES = (
    Course("kids_english", "kids", 28, 168, ((12, 1), (24, 6), (36, 3)), 740),
    Course("maths", "kids", 22, 158, ((12, 2), (24, 6), (36, 2)), 710),
    Course("coding", "kids", 17, 198, ((12, 2), (24, 6), (36, 2)), 660),
    Course("art", "kids", 13, 128, ((12, 2), (24, 6), (36, 2)), 690),
    Course("ielts", "adults", 10, 268, ((24, 6), (36, 4)), 480),
    Course("adult_english", "adults", 10, 188, ((24, 6), (36, 4)), 560),
)
CHANNELS = (
    Channel("referral", 15, (864, 753, 825, 480)),
    Channel("douyin", 34, (640, 590, 690, 236)),
    Channel("xiaohongshu", 21, (730, 671, 743, 319)),
    Channel("street", 18, (631, 580, 707, 243)),
    Channel("dianping", 12, (752, 690, 778, 338)),
)

LEADS_A_MONTH = 280
GROWTH_A_MONTH = 8
"""Leads grow by 8 per mille of the first month's level every month: about 10% a year."""
SEASON = (980, 740, 1060, 1010, 960, 1060, 1240, 1180, 1010, 980, 930, 960)
"""Leads by calendar month, January first: summer holidays high, winter low."""
SPRING_FESTIVAL = {
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
}
"""New year's day of the lunar calendar. Nobody is taught from two days before to six days after."""

SLUMP = frozenset({"sun_yue", "zhou_kai", "xu_hang"})
SLUMP_FROM = date(2026, 9, 27)
SLUMP_CLOSING, SLUMP_RENEWING = 460, 840
"""From that day the trials of these three close less than half as often, and fewer families renew."""

PLANNED_TO = date(2026, 12, 1)
PLAN = (
    *(400, 400, 430, 415),
    *(375, 420, 460, 410, 410, 450, 485, 470, 460, 460, 450, 440),
    *(490, 360, 570, 510, 460, 490, 570, 545, 555, 560, 650, 660),
)
"""The budget of the whole institution in thousand yuan, month by month from FIRST_MONTH to PLANNED_TO.

November and December 2026 carry the hopes set on Double Eleven and the winter camps.
"""
PLAN_SHARES = (
    (date(2024, 9, 1), (53, 45, 40, 37, 46, 34, 34, 38, 36, 45, 30, 24)),
    (date(2026, 10, 1), (43, 44, 54, 46, 64, 38, 47, 47, 33, 62, 44, 38)),
)
"""How the budget is divided among the reps, in the order of REPS, from a month on."""

PLANNED_SINCE = date(2026, 1, 1)
CUSTOMER_PLAN: tuple[tuple[str, str | None, int], ...] = (
    ("renewal_rate", "gold", 75),
    ("renewal_rate", "silver", 70),
    ("renewal_rate", "regular", 55),
    ("customer_growth", "regular", 30),
    ("customer_growth", None, 10),
    ("churn_rate", None, 8),
)
"""What the year is to bring beside money: rates in per cent, by tier of the students or of all."""

REFUNDED, REFUNDED_IN_FULL = 42, 300
CANCELLED = 24
UPGRADING = 90
"""Per mille of the orders: given back (and of these, in full), entered twice and cancelled, topped up."""
CAMPAIGNS = {7: "early_bird", 8: "early_bird", 11: "double_eleven"}
"""Campaign by calendar month; it takes five percent off a new enrolment."""
METHODS = (("wechat", 5), ("alipay", 3), ("card", 2))
REASONS = {
    "new": (("unreachable", 6), ("no_interest", 4)),
    "contacted": (("no_interest", 5), ("price", 3), ("distance", 2)),
    "booked": (("no_show", 6), ("schedule", 4)),
    "trial": (("price", 5), ("competitor", 3), ("schedule", 2)),
}
"""Why a lead is lost, by the stage it had reached."""
REFUND_REASONS = (("schedule", 4), ("effect", 3), ("moved", 2), ("teacher", 2))

TEACHING = {
    "kids_english": 46,
    "maths": 43,
    "coding": 52,
    "art": 48,
    "ielts": 57,
    "adult_english": 50,
}
"""What a lesson hour costs (teacher, room, books), in per cent of its first price."""
EMPLOYED = (
    (date(2022, 9, 1), 1.0),
    (date(2022, 9, 1), 1.0),
    (date(2023, 3, 1), 1.0),
    (date(2022, 9, 1), 1.0),
    (date(2022, 9, 1), 1.0),
    (date(2023, 7, 3), 1.0),
    (date(2022, 9, 1), 1.0),
    (date(2023, 2, 20), 1.0),
    (date(2022, 9, 1), 1.0),
    (date(2023, 9, 4), 1.0),
    (date(2024, 3, 11), 1.0),
    (date(2024, 7, 1), 0.8),
)
"""When each consultant came and the share of a full day, in the order of REPS."""
PRICE_OF_A_LEAD = {"referral": 60, "douyin": 150, "xiaohongshu": 170, "street": 110, "dianping": 190}
"""Yuan of advertising per enquiry."""
PAY = 11_500
"""Yuan that a consultant costs in a month."""
KEPT_SINCE = date(2026, 8, 1)
"""The first day of the follow-ups in the export of the phone system."""
WAYS = (("call", 5), ("message", 4))
SHARES = {"binjiang": (52, 61), "chengxi": (47, 45), "gaoxin": (31, 36)}
"""Per mille of its district's spending that a campus sells, in the first month and in the last."""

CONTRACTS_SINCE = date(2026, 4, 1)
"""The sheet of contracts holds those that end on this day or later."""
JOINING = {"regular": 350, "silver": 600, "gold": 800}
"""Per mille of the students who join the members' club, by how often they have bought."""
ANSWERING = 420
"""Per mille of the families that did not renew who say why when they are called."""
LEAVING = (("schedule", 6), ("price", 5), ("effect", 4), ("moved", 2), ("competitor", 2), ("other", 3))
"""Why they left."""

NAMED = 850
"""Per mille of the referred leads of which somebody wrote down who sent them."""
ASKED = (date(2026, 5, 1), date(2026, 7, 1), date(2026, 9, 1), date(2026, 10, 1))
CONTENT, FALLING = 700, 120
"""Months in which families are asked how content they are; per mille that answer, and that like it less."""
SERVED_SINCE = date(2026, 3, 1)
TICKETS = ((0, 14), (1, 5), (2, 1))
ASKING = (("reschedule", 6), ("question", 4), ("complaint", 3))
WAITING = 180
"""How many tickets a family opens, with weights, about what, and per mille that wait for days."""
INHABITANTS = {"binjiang": 52_100, "chengxi": 46_800, "gaoxin": 37_700}

WORDS: dict[str, tuple[str, str]] = {
    "institution": ("启明教育（示例）", "Qiming Education (sample)"),
    "binjiang": ("滨江", "Binjiang"),
    "chengxi": ("城西", "Chengxi"),
    "gaoxin": ("高新", "Gaoxin"),
    "team_1": ("一组", "Team 1"),
    "team_2": ("二组", "Team 2"),
    "team_3": ("三组", "Team 3"),
    "chen_jing": ("陈静", "Chen Jing"),
    "li_xiaowen": ("李晓雯", "Li Xiaowen"),
    "wang_hao": ("王浩", "Wang Hao"),
    "zhao_min": ("赵敏", "Zhao Min"),
    "sun_yue": ("孙悦", "Sun Yue"),
    "zhou_kai": ("周凯", "Zhou Kai"),
    "wu_qian": ("吴倩", "Wu Qian"),
    "zheng_yu": ("郑宇", "Zheng Yu"),
    "feng_jia": ("冯佳", "Feng Jia"),
    "he_lin": ("何琳", "He Lin"),
    "xu_hang": ("许航", "Xu Hang"),
    "shen_yi": ("沈怡", "Shen Yi"),
    "kids_english": ("少儿英语", "Kids English"),
    "maths": ("数学思维", "Maths Thinking"),
    "coding": ("少儿编程", "Kids Coding"),
    "art": ("美术", "Art"),
    "ielts": ("雅思托福", "IELTS & TOEFL"),
    "adult_english": ("成人英语", "Adult English"),
    "kids": ("少儿", "Kids"),
    "adults": ("成人", "Adults"),
    "referral": ("转介绍", "Referral"),
    "douyin": ("抖音", "Douyin"),
    "xiaohongshu": ("小红书", "Xiaohongshu"),
    "street": ("地推", "Street promotion"),
    "dianping": ("大众点评", "Dianping"),
    "early_bird": ("暑期早鸟", "Summer early bird"),
    "double_eleven": ("双十一团购", "Double Eleven"),
    "wechat": ("微信", "WeChat Pay"),
    "alipay": ("支付宝", "Alipay"),
    "card": ("银行卡", "Bank card"),
    "unreachable": ("联系不上", "Unreachable"),
    "no_interest": ("暂无意向", "No interest now"),
    "price": ("价格", "Price"),
    "distance": ("距离远", "Too far"),
    "no_show": ("未到访", "No show"),
    "schedule": ("排课冲突", "Schedule clash"),
    "competitor": ("选择同行", "Chose a competitor"),
    "effect": ("效果未达预期", "Results below expectation"),
    "moved": ("搬家转学", "Moved away"),
    "teacher": ("老师更换", "Teacher changed"),
    "regular": ("普通", "Regular"),
    "silver": ("银卡", "Silver"),
    "gold": ("金卡", "Gold"),
    "sales": ("销售额", "Sales"),
    "renewal_rate": ("续费率", "Renewal rate"),
    "customer_growth": ("客户数增长", "Customer growth"),
    "churn_rate": ("客户流失率", "Churn rate"),
    "new": ("新签", "New"),
    "renewal": ("续费", "Renewal"),
    "upgrade": ("升级", "Upgrade"),
    "valid": ("有效", "Valid"),
    "cancelled": ("已取消", "Cancelled"),
    "consultant": ("课程顾问", "Consultant"),
    "advertising": ("推广费", "Advertising"),
    "pay": ("人员成本", "Staff"),
    "call": ("电话", "Call"),
    "message": ("微信", "WeChat"),
    "visit": ("到访", "Visit"),
    "reached": ("已联系", "Reached"),
    "missed": ("未接通", "No answer"),
    "came": ("已到访", "Came"),
    "churn_call": ("流失回访", "Churn call"),
    "satisfaction": ("满意度回访", "Satisfaction call"),
    "reschedule": ("调课", "Reschedule"),
    "question": ("咨询", "Question"),
    "complaint": ("投诉", "Complaint"),
    "says_schedule": ("孩子作业多，没时间上课", "No time next to school"),
    "says_price": ("续费太贵了", "Too expensive to go on"),
    "says_effect": ("上了半年看不到效果", "No progress in half a year, poor quality"),
    "says_moved": ("搬家了，离校区太远", "We moved, it is too far now"),
    "says_competitor": ("换了别家机构", "Went to a competitor"),
    "says_other": ("家里商量后决定停一停", "The family decided to pause"),
}
STAGES: dict[str, tuple[str, str]] = {
    "new": ("咨询", "New"),
    "contacted": ("有效沟通", "Contacted"),
    "booked": ("预约", "Booked"),
    "trial": ("试听", "Trial"),
    "won": ("报名", "Won"),
    "renewed": ("续费", "Renewed"),
    "lost": ("流失", "Lost"),
}

SURNAMES = (
    "王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 赵Zhao 吴Wu 周Zhou "
    "徐Xu 孙Sun 马Ma 朱Zhu 胡Hu 郭Guo 何He 林Lin 高Gao 罗Luo"
)
GIVEN = (
    "子Zi 雨Yu 欣Xin 芷Zhi 涵Han 浩Hao 凡Fan 轩Xuan 诗Shi 琪Qi "
    "思Si 远Yuan 嘉Jia 怡Yi 明Ming 哲Zhe 睿Rui 晨Chen 琳Lin 桐Tong "
    "沐Mu 诺Nuo 楠Nan 宁Ning 若Ruo 溪Xi 俊Jun 杰Jie 博Bo 文Wen "
    "可Ke 妍Yan 北Bei 然Ran 泽Ze 天Tian 悦Yue 霏Fei 乐Le 瑶Yao"
)


def person(zh: str, lang: Language) -> str:
    """A Chinese personal name, or how it is spelled: family name first. No two names are spelled alike."""
    if lang == "zh":
        return zh
    sound = {pair[0]: pair[1:] for pair in (SURNAMES + " " + GIVEN).split()}
    return f"{sound[zh[0]]} {''.join(sound[sign] for sign in zh[1:]).capitalize()}"


def word(key: str, lang: Language) -> str:
    """How the institution writes ``key`` in its sheets."""
    zh, en = WORDS[key]
    return zh if lang == "zh" else en


def stage_word(stage: str, lang: Language) -> str:
    """How the institution writes a lead stage."""
    zh, en = STAGES[stage]
    return zh if lang == "zh" else en
