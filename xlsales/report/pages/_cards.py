"""Key number cards: a metric now, in the period before, a year ago, and over 13 months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from xlsales.metrics._scope import month_of
from xlsales.report.blocks import Card
from xlsales.report.pages._context import status_of

if TYPE_CHECKING:
    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Window
    from xlsales.report.pages._context import Context, Record

NEED_HISTORY = ("new_customers", "repurchase")
"""What looks a year back: where the data begin later, everybody seems new and nobody to return."""


def card(
    context: Context,
    key: str,
    metric: str,
    column: str,
    form: Format,
    *,
    label: str,
    target: float | None = None,
    change: Literal["percent", "points", "days"] = "percent",
    good_up: bool = True,
    **options: str,
) -> Card | None:
    """The card of one result column, of the step into a win where the metric has stages.

    None where the column is blank or cannot be computed.
    """
    scope = context.scope
    value = at(context, metric, scope.period, **options).get(column)
    if value is None:
        return None
    history = _wins(context.records(metric, context.trend, by=("month",), **options))
    return Card(
        key=key,
        label=label,
        value=value,
        format=form,
        target=target,
        status=status_of(value, target),
        previous=_base(context, metric, scope.previous, **options).get(column),
        year_ago=_base(context, metric, scope.year_ago, **options).get(column),
        change=change,
        good_up=good_up,
        history=tuple(row[column] for row in history),
    )


def at(context: Context, metric: str, window: Window, **options: str) -> Record:
    """The metric over a window; a whole month of the trend is read from the trend."""
    trend = context.trend
    whole = (
        trend.period.start <= window.start and window.end <= trend.as_of and window == month_of(window.start)
    )
    if whole:
        rows = context.records(metric, trend, by=("month",), **options)
        rows = [row for row in rows if row["month"] == f"{window.start:%Y-%m}"]
    else:
        rows = context.records(metric, context.scope.over(window), **options)
    return next(iter(_wins(rows)), {})


def _base(context: Context, metric: str, window: Window, **options: str) -> Record:
    """What to compare with; nothing where the data begin too late to say."""
    if metric in NEED_HISTORY and at(context, "new_customers", window).get("history"):
        return {}
    return at(context, metric, window, **options)


def _wins(rows: list[Record]) -> list[Record]:
    return [row for row in rows if row.get("stage", "won") == "won"]
