"""Churn reasons: why customers leave, as they say when they are asked, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._once import once
from xlsales.metrics._reasons import UNCLASSIFIED, is_code, reason_class
from xlsales.metrics._slices import Look, aligned, distinct, looks, midnight, names, sliced
from xlsales.metrics._stats import ratio, sample_status, wilson
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("reason", "text", "原因", "Reason"),
    Out("n", "count", "人次", "Answers"),
    Out("coded", "count", "其中选项", "Of them coded"),
    Out("share", "percent", "占比", "Share"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("cumulative", "percent", "累计占比", "Cumulative"),
    Out("previous", "count", "上期", "Previous"),
    Out("change", "points", "占比变化", "Change of share"),
    Out("status", "text", "状态", "Status"),
)
KINDS = "|".join(
    (
        *("流失", "退课", "退费", "退款", "退学", "退班", "退会", "退出", "停课", "停卡", "离校", "离店"),
        *("不续", "未续", "解约", "churn", "cancel", "exit", "lapse", "attrition", "drop", "leav", "left"),
        *("lost", "quit", "offboard", "win-?back", "win back", "refund", "renew"),
    )
)
"""A survey is about leaving when its kind says one of these, or when no kind is written."""
PLAIN = (
    "(?:电话|微信|短信|线上|上门)?(?:客户|学员|家长|会员)?(?:回访|问卷|调查|访谈)(?:问卷|调查|记录|表)?"
    "|(?:phone|telephone|online|customer|client)? ?(?:call|survey|questionnaire|interview|follow[- ]?up)s?"
)
"""A kind that says how was asked, not about what: the survey is about leaving when a reason is written."""
MOST_CODES = 20
"""So many different short reasons without a keyword may be a list of codes; more are free text."""
OWN, BORROWED = ("rep", "product", "customer"), ("region", "channel")


def _said(what: str = "n", *, alike: bool = True) -> Trace:
    """The surveys of the window, for the reason of the row or for any; each adds 1."""

    def trace(asked: Asked) -> Behind:
        found = _answers(asked.tables["surveys"], asked.tables.get("customers"), asked.options["view"], True)
        rows = _looked(_passing(found, asked.scope, ()), Look("current", "", asked.window, asked.seen))
        if alike:
            rows = rows[rows["reason"] == asked.row["reason"]]
        return trail.marked(rows, what, "surveys")

    return trace


SHARE = trail.over(_said(), _said(alike=False))
BEHIND = {
    "n": _said(),
    "coded": _said("coded"),
    "share": SHARE,
    "low": trail.of(SHARE),
    "high": trail.of(SHARE),
    "cumulative": trail.of(_said(alike=False)),
    "previous": trail.earlier(_said()),
    "change": trail.less(SHARE, trail.earlier(SHARE)),
}


@metric(
    "churn_reasons",
    zh="客户流失原因",
    en="Churn reasons",
    definition_zh="期内流失回访或问卷按原因的人次与累计占比，从多到少；类别写明流失、退学、退会等，或未写类别，"
    "或只写回访、问卷而填了原因的都算。先看原因，归不了类再看评价原文，按中英文关键词归类（英文按整词，"
    "被否定的不算）；没有关键词的原因选项（不超过 12 个汉字或 24 个字母，全表不超过 20 种）按原名成一类，"
    "“其他”与更长的文字为无法归类（unclassified），与未填各成一行。",
    definition_en="Surveys of the period about leaving, by reason, most first, with the cumulative share: "
    "those whose kind says so, without a kind, or of a plain call or survey with a reason. The reason given "
    "is classed by Chinese and English keywords (whole words, not where denied), and where that fails the "
    "comment. A code without a keyword (at most 12 Chinese or 24 Latin characters, at most 20 of them in the "
    "table) keeps its name; other and longer texts are unclassified, and the blank is a row of its own.",
    needs=("surveys.day",),
    columns=COLUMNS,
    options=(
        Option(
            "view",
            "classes 按关键词归类，texts 按原文",
            "classes: by keyword; texts: as written",
            ("classes", "texts"),
        ),
        Option(
            "by",
            "分行维度，最多三个；month 为填写月",
            "up to three dimensions; month is that of the survey",
            ("month", *OWN, *BORROWED),
        ),
    ),
    rows=(79,),
    behind=BEHIND,
)
def churn_reasons(
    surveys: Frame,
    customers: Frame | None = None,
    *,
    scope: Scope,
    view: Literal["classes", "texts"] = "classes",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per reason (per group of ``by``): the answers of the period, by the day of the survey.

    A survey counts when its kind speaks of leaving (``KINDS``) or is blank, or when it is a ``PLAIN`` one
    with a reason. ``coded`` are those whose reason alone told the class: by a keyword, or as a code of the
    house, which keeps its name. ``share`` = n / all answers of the group, with
    its Wilson 95 % interval; ``cumulative`` runs in the order shown, the unclassified and the blank last.
    ``previous`` is the period before, ``change`` that of the share. Region and channel are those of the
    customer in the list of customers.

    ``status``: ``no_answers``, ``small_sample`` (fewer than 30 answers in the group).
    """
    import numpy as np
    import pandas as pd

    compared = looks(scope, by)
    found = _passing(_answers(surveys, customers, view, False), scope, by)
    keys = (*by, "reason")
    parts = [_looked(found, look).assign(look=k) for k, look in enumerate(distinct(compared))]
    every = pd.concat(parts)[["look", *names(keys), "n", "coded"]]
    roles = aligned(every, compared, keys)
    rows, before = roles["current"], roles["previous"]
    group = rows.groupby(list(by)).ngroup() if by else rows["n"] * 0
    whole = rows["n"].groupby(group).transform("sum")
    earlier = before["n"].groupby(group).transform("sum")
    rows["share"] = ratio(rows["n"], whole)
    rows["low"], rows["high"] = wilson(rows["n"], whole)
    rows["previous"] = before["n"]
    rows["change"] = rows["share"] - ratio(before["n"], earlier)
    rows["last"] = np.select([rows["reason"] == "", rows["reason"] == UNCLASSIFIED], [2, 1], 0)
    rows["whole"], rows["less"] = -whole, -rows["n"]
    order = [*(["month"] if "month" in by else []), "whole", *names(by), "last", "less", "reason"]
    rows = rows.sort_values(order, ignore_index=True)
    group = rows.groupby(list(by)).ngroup() if by else rows["n"] * 0
    rows["cumulative"] = ratio(rows["n"].groupby(group).cumsum(), -rows["whole"])
    rows["status"] = sample_status(-rows["whole"], "no_answers")
    return rows[[*by, *(column.name for column in COLUMNS)]]


@once
def _answers(surveys: Frame, customers: Frame | None, view: str, places: bool) -> pd.DataFrame:
    """The surveys about leaving: ``day``, names, ``reason``, ``n`` (1), ``coded`` (1 by the reason alone)."""
    import narwhals as nw

    more = (SOURCE, ROW) if places else ()
    rows: nw.LazyFrame[Any] = nw.from_native(surveys).lazy().filter(~nw.col("day").is_null())
    columns = ("day", "kind", "reason", "comment", "customer_id", *OWN, *more)
    frame: pd.DataFrame = rows.select(*columns).collect("pandas").to_pandas()
    frame["day"] = frame["day"].dt.normalize()
    kind = frame["kind"].fillna("").astype("str").str.strip().str.casefold()
    reasoned = frame["reason"].fillna("").astype("str").str.strip() != ""
    leaving = (kind == "") | kind.str.contains(KINDS) | (kind.str.fullmatch(PLAIN) & reasoned)
    frame = frame[leaving]
    frame = (
        frame.merge(_homes(customers), on="customer_id", how="left")
        if len(frame)
        else frame.assign(**dict.fromkeys(BORROWED))
    )
    written, told = (frame[name].fillna("").astype("str").str.strip() for name in ("reason", "comment"))
    if view == "texts":
        reason, coded = written.where(written != "", told), written != ""
    else:
        first, second = written.map(reason_class), told.map(reason_class)
        codes = written.where((first == UNCLASSIFIED) & written.map(is_code).astype("bool"), "")
        if codes[codes != ""].nunique() <= MOST_CODES:
            first = codes.where(codes != "", first)
        coded = ~first.isin(["", UNCLASSIFIED])
        second = second.where(second != "", first)
        reason = first.where(coded, second)
    return frame.assign(reason=reason.astype("str"), n=1.0, coded=coded.astype("float64"))


def _homes(customers: Frame | None) -> pd.DataFrame:
    """Region and channel of each customer id; the first in order where a sheet has it twice."""
    import narwhals as nw
    import pandas as pd

    if customers is None:
        return pd.DataFrame(columns=["customer_id", *BORROWED], dtype="str")
    rows: nw.LazyFrame[Any] = nw.from_native(customers).lazy().filter(~nw.col("customer_id").is_null())
    frame: pd.DataFrame = rows.select("customer_id", *BORROWED).collect("pandas").to_pandas()
    return frame.sort_values(list(frame.columns)).drop_duplicates("customer_id")


def _passing(found: pd.DataFrame, scope: Scope, by: tuple[str, ...]) -> pd.DataFrame:
    import narwhals as nw

    named = {name: found[name].astype("str") for name in BORROWED}
    rows: Any = sliced(
        nw.from_native(found.assign(**named)), scope, tuple(one for one in by if one != "month")
    )
    frame: pd.DataFrame = rows.collect("pandas").to_pandas()
    return frame


def _looked(found: pd.DataFrame, look: Look) -> pd.DataFrame:
    end = midnight(min(look.window.end, look.as_of), 1)
    return found[(found["day"] >= midnight(look.window.start)) & (found["day"] < end)]
