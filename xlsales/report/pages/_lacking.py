"""What the tables lack, and what it would bring: a page without its inputs asks for them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _catalogue
from xlsales.report.blocks import Note, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.report.blocks import Sentence
    from xlsales.report.pages._context import Context

HEADERS = 16
"""So many headers of a table that is missing are named, the needed ones first."""


def lacking_note(context: Context, metric: str, inputs: tuple[str, ...] = (), shows: str = "") -> Note:
    """Which inputs (those the metric needs, or these) are missing and what they would bring.

    ``shows`` is the wording of what the whole page would show, where it shows nothing without them.
    """
    declared = _catalogue.find(metric)
    names = inputs or context.missing(metric)
    said = [
        context.sentence(
            "lacking",
            metric=Run(declared.title(context.lang), "strong"),
            inputs=Run(named_inputs(context, names), "strong"),
        )
    ]
    if shows:
        said.append(context.sentence(shows))
        absent = dict.fromkeys(name.partition(".")[0] for name in names)
        said += [_headers(context, key) for key in absent if key not in context.cleaned.tables]
    return Note(tuple(said), callout=True)


def lacking_note_of_each(context: Context, inputs: Mapping[str, tuple[str, ...]]) -> Note:
    """Which inputs of these metrics are missing, in one sentence for what lacks the same."""
    without: dict[str, list[str]] = {}
    for metric, names in inputs.items():
        without.setdefault(named_inputs(context, names), []).append(
            _catalogue.find(metric).title(context.lang)
        )
    comma = context.word("comma")
    said = (
        context.sentence("lacking", metric=Run(comma.join(titles), "strong"), inputs=Run(names, "strong"))
        for names, titles in without.items()
    )
    return Note(tuple(said), callout=True)


def named_inputs(context: Context, names: tuple[str, ...]) -> str:
    """``orders.amount`` as people read it: 订单的金额, or 订单表 when the whole table is absent."""
    shown = []
    for name in names:
        key, column = name.split(".", 1)
        if key in context.cleaned.tables:
            field = context.field_title(key, column)
            shown.append(context.word("input", table=context.table_title(key), column=field))
        else:
            shown.append(context.word("input_table", table=context.table_title(key)))
    return context.word("comma").join(dict.fromkeys(shown))


def _headers(context: Context, key: str) -> Sentence:
    """By which headers a sheet is recognised as this table: its columns as an export may call them."""
    from xlsales.tables.confirmed import role
    from xlsales.tables.specs import table

    columns = sorted(table(key).columns, key=lambda column: not column.needed)
    headers = context.word("comma").join(role(column, context.lang) for column in columns[:HEADERS])
    return context.sentence("lacking_headers", table=Run(context.table_title(key), "strong"), headers=headers)
