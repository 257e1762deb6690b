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
    from xlsales.report.blocks import Page, Report
    from xlsales.report.pages._context import Computed
    from xlsales.tables.mapping import Survey

FORMER: tuple[str, ...] = ()
"""Pages that earlier versions wrote and this one does not: a refresh says so on those that a workbook has."""

GROUPS = (
    ("overview", "attainment", "growth"),
    ("accounts",),
    ("funnel", "channels", "pipeline"),
    ("retention",),
    ("value", "warning"),
    ("reconcile", "review", "mapping", "quality", "log", "definitions"),
)
"""Pages side by side are of the same things. What the first ones build on, all do; what only those of another
group build on is let go of after them: of millions of rows it would be half the memory."""
PAGES = tuple(page for group in GROUPS for page in group)
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

    from xlsales.metrics._once import aside, one_run
    from xlsales.report.blocks import Report
    from xlsales.report.cleaned import CLEANED
    from xlsales.report.pages._context import Context

    for name in only:
        if name not in (*PAGES, CLEANED):
            raise UsageError("unknown_page", page=name, known=", ".join((*PAGES, CLEANED)))
    known = {} if computed is None else computed
    context = Context(survey, cleaned, scope, lang, known, memory=memory, traced=traced)

    chosen = [name for name in PAGES if not only or name in only]

    def built(group: Sequence[str]) -> list[Page]:
        names = [name for name in group if name in chosen]
        return [getattr(import_module(f"{__name__}.{name}"), name)(context) for name in names]

    first, *others = GROUPS
    with one_run():
        pages = built(first)
        for group in others:
            with aside():
                pages += built(group)
    return Report(lang, tuple(pages))


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
