"""One file per page: what the page says, from tables and scope to blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.memory import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language
    from xlsales.memory import Memory
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Report
    from xlsales.report.pages._context import Computed
    from xlsales.tables.mapping import Survey

FORMER: tuple[str, ...] = ()
"""Pages that earlier versions wrote and this one does not: a refresh says so on those that a workbook has."""

PAGES = (
    "overview",
    "attainment",
    "growth",
    "accounts",
    "funnel",
    "channels",
    "pipeline",
    "retention",
    "value",
    "warning",
    "reconcile",
    "review",
    "mapping",
    "quality",
    "log",
    "definitions",
)
WORKING = ("review", "mapping", "log")
"""Those of them that are for work on the data; nobody takes them to a meeting."""


def build(
    survey: Survey,
    cleaned: Cleaned,
    scope: Scope,
    lang: Language,
    only: Sequence[str] = (),
    computed: Computed | None = None,
    memory: Memory = NOTHING,
    *,
    traced: bool = False,
) -> Report:
    """The pages in order, or those of them named in ``only``. Raises ``UsageError`` for an unknown name.

    ``cleaned`` in ``only`` stands for the sheets of clean tables, which are no pages.

    ``computed`` are results of the same tables and scope, which are not computed again; it takes in those
    that are. ``traced`` pages are for being explained: their numbers know which figures they are made of.
    """
    from importlib import import_module

    from xlsales.metrics._once import one_run
    from xlsales.report.blocks import Report
    from xlsales.report.cleaned import CLEANED
    from xlsales.report.pages._context import Context

    for name in only:
        if name not in (*PAGES, CLEANED):
            raise UsageError("unknown_page", page=name, known=", ".join((*PAGES, CLEANED)))
    known = {} if computed is None else computed
    context = Context(survey, cleaned, scope, lang, known, memory=memory, traced=traced)
    chosen = [name for name in PAGES if not only or name in only]
    with one_run():
        pages = tuple(getattr(import_module(f"{__name__}.{name}"), name)(context) for name in chosen)
    return Report(lang, pages)


def with_scores(
    memory: Memory,
    survey: Survey,
    cleaned: Cleaned,
    scope: Scope,
    computed: Computed,
    now: datetime,
) -> Memory:
    """The memory with the data-quality scores of this refresh, unless it has them already."""
    from xlsales.report.pages._context import Context
    from xlsales.report.pages._scorecard import remembered

    return remembered(memory, Context(survey, cleaned, scope, "en", computed, memory=memory), now)
