"""What the retention page says of buying again: after which order, how soon, and in which months."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Table, TableColumn

if TYPE_CHECKING:
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Chart
    from xlsales.report.pages._context import Context

FIGURES: dict[str, Format] = {
    "n": "count",
    "again": "count",
    "share": "percent",
    "early_days": "days",
    "median_days": "days",
    "late_days": "days",
}
EVEN = 1 / 12
"""The share of a month in a year without peaks."""
BEYOND = NormalDist().inv_cdf(1 - 0.05 / 12)
"""Standard errors above it: the highest of twelve months is so far in one of twenty years without peaks."""


def any_again(context: Context) -> bool:
    """Whether any customer has bought on two days."""
    return any(row["again"] for row in context.records("repurchase_timing"))


def table(context: Context) -> Table:
    """Who bought for the n-th time, who of them came again, and after how many days."""
    rows = context.records("repurchase_timing")
    each = context.at("repurchase", context.scope.period).get("orders_per_customer")
    word = context.word
    columns = (
        TableColumn("step", word("repurchases.columns.step"), strong=True),
        *(
            TableColumn(
                key,
                word(f"repurchases.columns.{key}"),
                form,
                strong=key == "share",
                quiet=key == "n",
            )
            for key, form in FIGURES.items()
        ),
    )
    return Table(
        "repurchases",
        word("repurchases.again"),
        columns,
        tuple((row["step"], *(row[key] for key in FIGURES)) for row in rows),
        note=word("repurchases.again_note", each=context.say(each, "number")),
        alt=word("repurchases.again"),
        dense=True,
        metric="repurchase_timing",
        about=tuple((("step", row["step"]),) for row in rows),
        empty=word("no_rows"),
    )


def months(context: Context) -> Chart:
    """The months of the year in which customers buy again; a peak is higher than chance makes the highest."""
    rows = context.records("repurchase_timing", view="months")
    names = context.word("repurchases.month_names").split()
    status = rows[0]["status"]
    drawable = status in ("", "first_year")
    finding, stands_out = context.word(f"repurchases.{status or 'even'}"), False
    if not status:
        peak = max(rows, key=lambda row: row["share"])
        stands_out = peak["share"] > EVEN + BEYOND * sqrt(EVEN * (1 - EVEN) / peak["n"])
        if stands_out:
            name, share = names[rows.index(peak)], context.say(peak["share"], "percent")
            finding = context.word("repurchases.peak", month=name, share=share)
    drawn = charts.histogram(
        "repurchase_months",
        label=context.word("repurchases.months"),
        note=context.word(f"repurchases.months_note{'_first' if status == 'first_year' else ''}"),
        finding=finding,
        bins=tuple((name, row["share"]) for name, row in zip(names, rows, strict=True)) if drawable else (),
        format="percent",
        empty="" if drawable else finding,
        lang=context.lang,
    )
    return (
        drawn if stands_out else replace(drawn, series=tuple(replace(one, tones=()) for one in drawn.series))
    )
