"""Key number cards: a metric now, in the period before, a year ago, and over 13 months."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Literal

from xlsales.metrics import _catalogue
from xlsales.report.blocks import Card, Kpis, Origin, Placed
from xlsales.report.pages._context import status_of, wins
from xlsales.report.pages._lacking import named_inputs

if TYPE_CHECKING:
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Band
    from xlsales.report.pages._context import Context, Record

NEED_HISTORY = ("new_customers", "repurchase")
"""What looks a year back: where the data begin later, everybody seems new and nobody to return."""
SAYS = {"previous": "status", "year_ago": "yoy_status"}
"""The column of sales that says whether the data hold the base."""


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
) -> Card:
    """The card of one result column, of the step into a win where the metric has stages."""
    scope = context.scope
    value = context.at(metric, scope.period, **options).get(column)
    history = wins(context.records(metric, context.trend, by=("month",), **options))
    staged = (("stage", "won"),) if any("stage" in row for row in history) else ()
    return Card(
        key=key,
        label=label,
        value=value,
        format=form,
        target=target,
        status=status_of(value, target),
        previous=_base(context, metric, "previous", **options).get(column),
        year_ago=_base(context, metric, "year_ago", **options).get(column),
        change=change,
        good_up=good_up,
        history=tuple((row["month"], row[column]) for row in history),
        origin=Origin(metric, column, staged, tuple(options.items())),
        lacks=lacks(context, metric, value),
    )


def card_bands(cards: tuple[Card, ...], last: int) -> list[Band]:
    """The cards on the columns up to ``last``, in so many rows that each has two of them."""
    rows = ceil(2 * len(cards) / (last + 1))
    each = ceil(len(cards) / rows)
    return [(Placed(Kpis(cards[at : at + each]), 0, last),) for at in range(0, len(cards), each)]


def lacks(context: Context, metric: str, value: float | None, none: str = "no_rows") -> str:
    """What a card without a value lacks: the first input that its metric misses, or the words ``none``."""
    if value is not None:
        return ""
    if missing := context.missing(metric):
        return context.word("cards.lacks", inputs=named_inputs(context, missing[:1]))
    return context.word(none)


def _base(context: Context, metric: str, role: Literal["previous", "year_ago"], **options: str) -> Record:
    """What to compare with; nothing where the data begin too late to say."""
    window = getattr(context.scope, role)
    if metric in NEED_HISTORY and context.at("new_customers", window).get("history"):
        return {}
    of_orders = next(iter(_catalogue.find(metric).tables)) == "orders"
    if of_orders and context.at("sales", context.scope.period).get(SAYS[role]) == "no_base":
        return {}
    return context.at(metric, window, **options)
