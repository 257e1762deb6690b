"""指标口径: every metric with its formula in words, what it needs, and whether this workbook has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _catalogue
from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.pages._evidence import evident, items
from xlsales.report.pages._lacking import named_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsales.metrics._catalogue import Metric
    from xlsales.report.blocks import Page
    from xlsales.report.pages._context import Context
    from xlsales.report.pages._evidence import Rows

COLUMNS = (130, 390, 260, 110, 120, 104, 150)
LAST = len(COLUMNS) - 1


def definitions(context: Context) -> Page:
    """The metric dictionary, generated from the catalogue, and the rules that hold for all of them."""
    metrics = sorted(_catalogue.catalogue().values(), key=lambda metric: (metric.rows, metric.key))
    word, lang = context.word, context.lang
    rows = []
    ready = [metric for metric in metrics if not context.missing(metric.key)]
    for metric in metrics:
        missing = context.missing(metric.key)
        outputs = word("comma").join(column.title(lang) for column in metric.columns)
        state = (
            Cell(word("definitions.ready"), tone="good")
            if not missing
            else Cell(named_inputs(context, missing), tone="bad")
        )
        tables = word("comma").join(
            context.table_title(name) for name, needed in metric.tables.items() if needed
        )
        options = ", ".join(option.name for option in metric.options)
        rows.append(
            (metric.title(lang), metric.definition(lang), outputs, state, tables, options, metric.key)
        )
    columns = (
        TableColumn("metric", word("columns.metric"), strong=True, wrap=True),
        TableColumn("definition", word("columns.definition"), wrap=True),
        TableColumn("outputs", word("columns.outputs"), wrap=True, quiet=True),
        TableColumn("state", word("columns.state"), wrap=True),
        TableColumn("tables", word("columns.tables"), wrap=True),
        TableColumn("options", word("columns.options"), wrap=True, quiet=True),
        TableColumn("key", word("columns.key"), quiet=True),
    )
    table = Table(
        "definitions",
        word("definitions.table"),
        columns,
        tuple(rows),
        note=word("definitions.table_note"),
        alt=word("definitions.table"),
        filter=True,
    )
    rules = Note(
        tuple(
            context.sentence(f"definitions.rules.{key}")
            for key in ("basis", "compare", "rates", "interval", "blank", "total")
        ),
        label=word("definitions.rules.label"),
    )
    headline = context.sentence(
        "definitions.headline",
        ready=context.strong(evident(context, len(ready), "metrics_ready", _each(context, ready)), "count"),
        count=context.strong(evident(context, len(metrics), "metrics", _each(context, metrics)), "count"),
    )
    second = context.sentence("definitions.second", basis=word(f"bases.{context.scope.basis}"))
    bands = ((Placed(table, 0, LAST),), (Placed(rules, 0, LAST),))
    return context.page("definitions", headline, second, COLUMNS, bands)


def _each(context: Context, metrics: Iterable[Metric]) -> Rows:
    """These metrics, one each."""
    return items(("name",), [("", "", 1, metric.title(context.lang), 1.0) for metric in metrics])
