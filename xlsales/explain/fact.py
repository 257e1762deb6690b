"""A number of a page that is of no metric: of rows read, findings, headers, cases, comparisons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from xlsales.errors import InputError
from xlsales.language import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.analysis import Analysis
    from xlsales.explain.number import Selected
    from xlsales.language import Language
    from xlsales.metrics._behind import Behind
    from xlsales.metrics._catalogue import Out
    from xlsales.report.traced import Evidence


@dataclass(frozen=True)
class Fact:
    """A number with what it counts or adds; several of one kind are added up."""

    selected: Selected
    label: str
    evidence: Sequence[Evidence]
    analysis: Analysis
    lang: Language
    derived: bool = False
    """Whether the page works its number out from this one."""

    @property
    def key(self) -> str:
        """What it is of."""
        return self.evidence[0].of

    @property
    def title(self) -> str:
        """What it is called."""
        return text(self.lang, f"pages.evidence.{self.key}.title")

    @property
    def definition(self) -> str:
        """What it counts or adds, in words."""
        return text(self.lang, f"pages.evidence.{self.key}.definition")

    @property
    def value(self) -> float | date:
        """What it is now; a day is always one alone."""
        first, *others = (one.value for one in self.evidence)
        numbers = [one for one in (first, *others) if not isinstance(one, date)]
        return math.fsum(numbers) if others else first

    @property
    def out(self) -> Out:
        """As a column: its title and format."""
        from xlsales.metrics._catalogue import Out

        zh, en = (text(lang, f"pages.evidence.{self.key}.title") for lang in LANGUAGES)
        return Out(self.key, self.evidence[0].format, zh, en)

    @cached_property
    def behind(self) -> Behind:
        """The rows that it is made of. ``InputError`` where none make it, or they stay in an engine."""
        import pandas as pd

        from xlsales.metrics._behind import PART, Behind

        made = [one.rows() for one in self.evidence if one.rows is not None]
        if not made:
            raise InputError("rows_not_traceable", metric=self._title_in)
        rows = pd.concat(made, ignore_index=True) if len(made) > 1 else made[0]
        if rows.empty and self.value and self.analysis.cleaned.there:
            raise InputError("rows_in_engine", metric=self._title_in)
        value = math.nan if isinstance(self.value, date) else self.value
        return Behind(rows, math.isclose(math.fsum(rows[PART]), value, rel_tol=1e-9, abs_tol=1e-6))

    def _title_in(self, lang: Language) -> str:
        return text(lang, f"pages.evidence.{self.key}.title")


def fact_lines(fact: Fact) -> list[str]:
    """What is said about it, one thing a line."""
    from xlsales.report.formats import say

    lang, chosen = fact.lang, fact.selected
    place = " · ".join(filter(None, (chosen.sheet, fact.label, *chosen.labels, chosen.column)))
    now = say(fact.value, fact.out.format, lang)
    shown = now if isinstance(fact.value, date) else chosen.shown  # a sheet holds a day as a number
    found = [
        text(lang, "desktop.explain.place", place=place, cell=chosen.cell, shown=shown),
        text(lang, f"desktop.explain.{'from' if fact.derived else 'of'}", metric=fact.title),
        text(lang, "desktop.explain.now", value=now),
        text(lang, "desktop.explain.definition", definition=fact.definition),
        text(lang, "desktop.explain.data", as_of=fact.analysis.scope.as_of),
        text(lang, "desktop.explain.filters", filters=about(fact)),
    ]
    return [*found, *_counted(fact)]


def about(fact: Fact) -> str:
    """What of its kind it is about, in words."""
    names = dict.fromkeys(name for one in fact.evidence for name in one.about)
    return text(fact.lang, "pages.comma").join(names) or text(fact.lang, "desktop.explain.no_filters")


def _counted(fact: Fact) -> list[str]:
    """How many rows there are, where rows make it."""
    try:
        rows = len(fact.behind.rows)
    except InputError:
        return []
    return [text(fact.lang, "desktop.explain.count", name="n", count=f"{rows:,}")]
