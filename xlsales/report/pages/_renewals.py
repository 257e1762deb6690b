"""What the retention page says of contracts: which go on, at what price, and by when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from xlsales.metrics._contracts import GRACE
from xlsales.metrics._scope import month_of
from xlsales.report.blocks import Card, Chart, Origin, Series, Table, TableColumn
from xlsales.report.charts.axis import joined, largest_note
from xlsales.report.pages._cards import lacks
from xlsales.report.pages._lacking import lacking_note_of_each
from xlsales.report.traced import naming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Scope, Window
    from xlsales.report.blocks import Note, Sentence, Tone
    from xlsales.report.pages._context import Context, Record

ROWS = 6
"""Courses shown, so that the page prints on two sheets."""
FORMS: dict[str, Format] = {
    "due": "count",
    "renewal": "percent",
    "grr": "percent",
    "nrr": "percent",
    "upgrade_share": "percent",
    "uplift": "percent",
    "orders": "count",
    "full": "count",
    "partial": "count",
    "dropout": "percent",
    "value_rate": "percent",
    "median_days": "days",
    "base": "count",
    "retention": "percent",
    "difference": "points",
    "per_buyer": "money",
    "spend_difference": "money",
    "use_rate": "percent",
}
RENEWAL = ("due", "renewal", "grr", "nrr", "upgrade_share", "uplift")
"""As many as leave a column free before the chart; how many were renewed stands there."""


def lacking(context: Context) -> Note | None:
    """One call-out for all that the workbook has nothing for."""
    metrics = ("renewal", "churn_reasons", "membership")
    absent = {metric: context.missing(metric) for metric in metrics if not context.has(metric)}
    rows = context.records("dropout", context.trend, by=("month",))
    if any(row["status"] == "no_refunds" for row in rows):
        absent["dropout"] = ("refunds.amount",)
    return lacking_note_of_each(context, absent) if absent else None


def months_due(context: Context) -> list[Record]:
    """Renewals by the month in which contracts end, those of the trend that have any."""
    return [row for row in context.records("renewal", context.trend, by=("month",)) if row["due"]]


def settled(context: Context) -> Record | None:
    """The last month whose days of grace are over."""
    reach = context.scope.as_of - timedelta(GRACE)
    rows = [row for row in months_due(context) if _month(row).end <= reach]
    return rows[-1] if rows and rows[-1]["renewal"] is not None else None


def settled_scope(context: Context) -> Scope:
    """The scope over that month, or over the period where there is none."""
    last = settled(context)
    return context.scope.over(_month(last) if last else context.scope.period)


def renewal_card(context: Context) -> Card:
    """The renewal rate of the last month whose days of grace are over."""
    last = settled(context)
    if last is None:
        return Card(
            key="renewal",
            label=context.word("cards.renewal_none"),
            value=None,
            format="percent",
            change="points",
            origin=Origin("renewal", "renewal"),
            lacks=lacks(context, "renewal", None, "cards.no_month"),
        )
    rows = [row for row in months_due(context) if row["month"] <= last["month"]]
    return Card(
        key="renewal",
        label=context.word("cards.renewal", month=context.say(last["month"], "month")),
        value=last["renewal"],
        format="percent",
        previous=rows[-2]["renewal"] if len(rows) > 1 else None,
        change="points",
        history=tuple((row["month"], row["renewal"]) for row in rows),
        origin=Origin("renewal", "renewal", period=_month(last)),
    )


def second(context: Context) -> Sentence:
    """How the contracts of that month went on, in one sentence."""
    last = settled(context)
    if last is None:
        return ()
    return context.sentence(
        "renewals.second",
        month=context.say(last["month"], "month"),
        due=context.say(last["due"], "count"),
        renewal=context.strong(last["renewal"], "percent"),
        nrr=context.say(last["nrr"], "percent") if last["nrr"] is not None else "–",
    )


def table(context: Context) -> Table:
    """Renewal, GRR, NRR, upgrades and their uplift in the last settled month, by course."""
    scope = settled_scope(context)
    window = scope.period
    month = context.say(f"{window.start:%Y-%m}", "month")
    unit = (
        "product"
        if any(row["product"] for row in context.records("renewal", scope, by=("product",)))
        else "rep"
    )
    every = [row for row in context.records("renewal", scope, by=(unit,)) if row["due"]]
    return by_names(
        context,
        "renewals",
        context.word("renewals.renewals", month=month),
        unit,
        every,
        context.total("renewal", scope),
        RENEWAL,
        note=context.word("renewals.renewals_note", days=GRACE),
        metric="renewal",
        period=window,
    )


def chart(context: Context) -> Chart:
    """Contracts by the month in which they end: renewed, lapsed, still in their days of grace."""
    rows = months_due(context)
    last = settled(context)
    finding = context.word("renewals.no_settled")
    if last is not None and last["previous"] is not None:
        finding = context.word(
            "renewals.finding",
            month=context.say(last["month"], "month"),
            rate=context.say(last["renewal"], "percent"),
            change=context.say(last["change"], "points", signed=True),
        )
    elif last is not None:
        finding = context.word(
            "renewals.finding_first",
            month=context.say(last["month"], "month"),
            rate=context.say(last["renewal"], "percent"),
        )
    labels = tuple(
        None if row["renewal"] is None else naming(f"{row['renewal']:.0%}", row["renewal"]) for row in rows
    )
    parts: tuple[tuple[str, Tone], ...] = (
        ("renewed", "accent"),
        ("lapsed", "context"),
        ("open", "bad_tint"),
    )
    series = (
        *(
            Series(context.word(f"renewals.{key}"), tuple(row[key] for row in rows), "column", tone)
            for key, tone in parts
        ),
        Series(
            context.word("columns.share"),
            tuple(row["due"] for row in rows),
            "text",
            labels=labels,
            label_at="above",
        ),
    )
    return Chart(
        "renewal_months",
        context.word("renewals.months"),
        finding,
        "column",
        context.month_labels([row["month"] for row in rows]),
        series if rows and rows[0]["renewal"] is not None else (),
        "count",
        context.word("renewals.months_note"),
        stacked=True,
        empty=context.word("no_rows"),
    )


def _month(row: Record) -> Window:
    return month_of(date.fromisoformat(f"{row['month']}-01"))


def by_names(
    context: Context,
    key: str,
    label: str,
    unit: str,
    every: list[Record],
    total: Record,
    keys: Sequence[str],
    *,
    note: str,
    metric: str,
    period: Window,
) -> Table:
    """A metric by one dimension over a window, the largest first, with its total."""
    rows = every[:ROWS]
    return Table(
        key,
        label,
        (
            TableColumn("name", context.dimension(unit), strong=True),
            *figures(context, keys, period),
        ),
        tuple((context.name(row[unit]), *(row[name] for name in keys)) for row in rows),
        (context.word("total"), *(total.get(name) for name in keys)),
        note=joined(
            note, largest_note(context.count(rows, metric), context.count(every, metric), context.lang)
        ),
        alt=label,
        dense=True,
        metric=metric,
        by=(unit,),
        empty=context.word("no_rows"),
    )


def figures(context: Context, keys: Sequence[str], period: Window | None = None) -> list[TableColumn]:
    signed = ("difference", "spend_difference")
    return [
        TableColumn(
            key,
            context.word(f"renewals.columns.{key}"),
            FORMS[key],
            strong=key in ("renewal", "dropout", "retention"),
            quiet=key in ("due", "orders", "base"),
            signed=key in signed,
            total="value",
            origin=Origin(period=period) if period else None,
        )
        for key in keys
    ]
