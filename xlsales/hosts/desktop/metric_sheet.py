"""One metric as a sheet of its own: its rows by the dimension that the data are split by, as on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.analysis import Analysis
    from xlsales.language import Language
    from xlsales.report.blocks import Page

FIRST, SMALLEST = 200, 60
"""Pixels of the column of names, and of a figure at least."""


def metric_page(key: str, analysis: Analysis, lang: Language) -> Page:
    """The page of one metric. Raises ``InputError`` naming what its tables lack."""
    from xlsales.metrics._catalogue import TITLES, find, run
    from xlsales.report.blocks import Note, Placed, Run, Table, TableColumn
    from xlsales.report.layout import CONTENT
    from xlsales.report.pages._context import Context

    metric = find(key)
    context = Context(analysis.survey, analysis.cleaned, analysis.scope, lang)
    can = next((option.values for option in metric.options if option.name == "by"), ())
    unit = context.unit if context.unit in can else None
    found = run(key, analysis.cleaned.tables, analysis.scope, **({"by": (unit,)} if unit else {}))
    names = [column.name for column in found.columns]
    columns = tuple(
        TableColumn(column.name, column.title(lang), column.format, strong=not place)
        for place, column in enumerate(found.columns)
    )
    plain = [[_plain(value) for value in row] for row in found.rows[names].itertuples(index=False)]
    if unit:
        plain = [[context.name(row[0]), *row[1:]] for row in plain]
    total = None
    if unit and found.total is not None:
        total = (context.word("total"), *(_plain(found.total.get(name)) for name in names[1:]))
    first = min(FIRST, CONTENT - SMALLEST * (len(names) - 1)) if len(names) > 1 else CONTENT
    rest, left = divmod(CONTENT - first, max(len(names) - 1, 1)) if len(names) > 1 else (0, 0)
    widths = (first, *(rest + (place < left) for place in range(len(names) - 1)))
    table = Table(
        f"metric_{key}",
        metric.title(lang),
        columns,
        tuple(map(tuple, plain)),
        total,
        note=TITLES[unit][lang == "en"] if unit else "",
        alt=metric.title(lang),
        filter=True,
        empty=context.word("no_rows"),
        metric=key,
        by=(unit,) if unit else (),
    )
    note = Note(((Run(metric.definition(lang)),),))
    bands = ((Placed(table, 0, len(widths) - 1),), (Placed(note, 0, len(widths) - 1),))
    page = context.page("definitions", (Run(metric.title(lang), "strong"),), (), widths, bands)
    from dataclasses import replace

    return replace(page, key=f"metric_{key}", name=metric.title(lang)[:31], title=metric.title(lang))


def _plain(value: object) -> str | float | None:
    """A value as blocks have it: blank as None, dates as ISO text."""
    from xlsales.report.formats import is_blank

    if value is None or is_blank(value):
        return None
    if isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return float(value)  # type: ignore[arg-type]
