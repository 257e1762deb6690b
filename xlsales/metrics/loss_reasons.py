"""Loss reasons: why the leads of the period were lost, the most frequent first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._reasons import UNCLASSIFIED, reason_class
from xlsales.metrics._scope import Window
from xlsales.metrics._slices import midnight, names, sliced
from xlsales.metrics._stages import DIMENSIONS, EVER, here, known, moments
from xlsales.metrics._stats import ratio, sample_status, wilson

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (
    Out("reason", "text", "原因", "Reason"),
    Out("n", "count", "流失数", "Lost"),
    Out("share", "percent", "占比", "Share"),
    Out("low", "percent", "95% 下限", "95% low"),
    Out("high", "percent", "95% 上限", "95% high"),
    Out("cumulative", "percent", "累计占比", "Cumulative"),
    Out("value", "money", "流失金额", "Value lost"),
    Out("value_share", "percent", "金额占比", "Share of value"),
    Out("status", "text", "状态", "Status"),
)


def _lost(what: str = "n", *, alike: bool = True) -> Trace:
    """The leads lost in the window, for the reason of the row or for any; each adds 1, or its ``amount``."""

    def trace(asked: Asked) -> Behind:
        leads = trail.lead_rows(replace(asked, window=Window(EVER, asked.seen)))
        leads = trail.said(asked, leads[trail.stands(leads, "lost")], "lost", "lost_reason", "amount")
        day = leads["lost_day"].fillna(leads["created"])
        leads = leads[(day >= midnight(asked.window.start)) & (day < midnight(asked.window.end, 1))]
        if alike:
            written = leads["lost_reason"].fillna("").astype("str")
            classed = asked.options["view"] == "classes"
            reason = written.map(reason_class) if classed else written.str.strip()
            leads = leads[reason == asked.row["reason"]]
        return trail.marked(leads.assign(n=1.0), what)

    return trace


SHARE = trail.over(_lost(), _lost(alike=False))
BEHIND = {
    "n": _lost(),
    "share": SHARE,
    "low": trail.of(SHARE),
    "high": trail.of(SHARE),
    "cumulative": trail.of(_lost(alike=False)),
    "value": _lost("amount"),
    "value_share": trail.over(_lost("amount"), _lost("amount", alike=False)),
}


@metric(
    "loss_reasons",
    zh="流失原因",
    en="Loss reasons",
    definition_zh="期内流失线索按原因的数量、金额与累计占比，从多到少。自由文本按中英文关键词归类（英文按整词，被否定的不算），"
    "无法归类（unclassified）与未填各成一行；未填行按顾问即漏填率。",
    definition_en="Leads lost in the period by reason: number, value and cumulative share, most first. Free "
    "text is classed by Chinese and English keywords (whole words, not where denied); unclassified and blank "
    "are rows of their own, and the blank row by rep is the rate of reasons not given.",
    needs=("leads.created",),
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
            "分行维度，最多三个；month 为流失月",
            "up to three dimensions; month is that of the loss",
            DIMENSIONS,
        ),
    ),
    rows=(58,),
    behind=BEHIND,
)
def loss_reasons(
    leads: Frame,
    *,
    scope: Scope,
    view: Literal["classes", "texts"] = "classes",
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per reason (per group of ``by``): the leads lost in the period, as of ``scope.as_of``.

    A lead is lost in the period by its loss date, by its creation where it has none; one that was won is
    not lost (``_stages``). ``share`` = n / all lost of the group, with its Wilson 95 % interval;
    ``cumulative`` runs in the order shown: most first, then the unclassified, then the blank. These two have
    a row in every group, also with 0, so that by rep they are rates. ``value`` is the sum of the
    leads' own amounts, blank where none of the lost has one.

    ``status``: ``small_sample`` (fewer than 30 lost in the group), ``no_losses`` where none is recorded.
    """
    import narwhals as nw
    import numpy as np
    import pandas as pd

    columns = [*by, *(column.name for column in COLUMNS)]
    called = names(by)
    seen = nw.lit(midnight(scope.as_of, 1))
    lost = sliced(moments(leads), scope, by).filter(here("lost", seen) == 1, here("won", seen) == 0)
    day = nw.coalesce("lost", "created").dt.truncate("1d")
    window = scope.current
    lost = lost.select(*called, "amount", day=day, text=nw.col("lost_reason").fill_null("")).filter(
        nw.col("day") >= midnight(window.start), nw.col("day") < midnight(window.end, 1)
    )
    groups = [*called, *(["month"] if "month" in by else [])]
    if "month" in by:
        lost = lost.with_columns(month=nw.col("day").dt.truncate("1mo"))
    valued = (~nw.col("amount").is_null()).cast(nw.Int64)
    counted = lost.with_columns(valued=valued, amount=nw.col("amount").fill_null(0.0))
    found = (
        counted.group_by(*groups, "text")
        .agg(nw.col("amount", "valued").sum(), n=nw.len())
        .collect("pandas")
        .to_pandas()
    )
    if "month" in by:
        found["month"] = found["month"].to_numpy("datetime64[M]").astype("str")
    if not len(found):
        return _nothing(columns, leads, by)
    found["reason"] = found["text"].map(reason_class) if view == "classes" else found["text"].str.strip()
    rows = found.groupby([*by, "reason"], as_index=False)[["n", "amount", "valued"]].sum()
    always = ["", UNCLASSIFIED] if view == "classes" else [""]
    keys = rows[list(by)].drop_duplicates() if by else pd.DataFrame(index=[0])
    more = keys.merge(pd.DataFrame({"reason": always}), how="cross")
    rows = rows.merge(more, on=[*by, "reason"], how="outer").fillna({"n": 0, "amount": 0.0, "valued": 0})

    group = rows.groupby(list(by)).ngroup() if by else rows["n"] * 0
    whole = rows["n"].groupby(group).transform("sum")
    rows["value"] = rows["amount"].round(PLACES).where(rows["valued"].groupby(group).transform("sum") > 0)
    rows["share"] = ratio(rows["n"], whole)
    rows["low"], rows["high"] = wilson(rows["n"], whole)
    rows["value_share"] = ratio(rows["value"], rows["value"].groupby(group).transform("sum"))
    rows["last"] = np.select([rows["reason"] == "", rows["reason"] == UNCLASSIFIED], [2, 1], 0)
    rows["whole"], rows["less"] = -whole, -rows["n"]
    order = [*(["month"] if "month" in by else []), "whole", *called, "last", "less", "reason"]
    rows = rows.sort_values(order, ignore_index=True)
    group = rows.groupby(list(by)).ngroup() if by else rows["n"] * 0
    rows["cumulative"] = ratio(rows["n"].groupby(group).cumsum(), -rows["whole"])
    rows["n"] = rows["n"].astype("float64")
    rows["status"] = sample_status(-rows["whole"], "no_losses")
    return rows[columns]


def _nothing(columns: list[str], leads: Frame, by: tuple[str, ...]) -> pd.DataFrame:
    """No row; for the whole, where no loss was ever recorded, one that says so."""
    import pandas as pd

    kinds = {column.name: "str" if column.format == "text" else "float64" for column in COLUMNS}
    said = [] if by or known(leads).losses else [{"reason": "", "status": "no_losses"}]
    return pd.DataFrame(said, columns=columns).astype(dict.fromkeys(columns, "str") | kinds)
