"""The line from sheets of text to a report: everything between what a host gives and what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language
    from xlsales.metrics._scope import Basis, Scope
    from xlsales.report.blocks import Report
    from xlsales.tables.mapping import Survey
    from xlsales.tables.spec import SheetText


@dataclass(frozen=True)
class Analysis:
    """The input as it was understood: what was recognised, what was cleaned, what is asked."""

    survey: Survey
    cleaned: Cleaned
    scope: Scope


def analyse(
    sheets: Sequence[SheetText],
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis = "signed",
    filters: Sequence[tuple[str, tuple[str, ...]]] = (),
) -> Analysis:
    """Recognise, clean and scope. Raises ``InputError`` when there are neither orders nor leads."""
    from xlsales.clean.clean import clean
    from xlsales.metrics._scope import default_scope
    from xlsales.tables.mapping import survey

    found = survey(sheets)
    if not any(raw.table.key in ("orders", "leads") for raw in found.tables):
        names = ", ".join(dict.fromkeys(f"{sheet.source}!{sheet.sheet}" for sheet in sheets)) or "-"
        raise InputError("nothing_to_analyse", sheets=names)
    cleaned = clean(found.tables)
    scope = default_scope(cleaned.tables, period, as_of, basis, tuple(filters))
    return Analysis(found, cleaned, scope)


def build_report(analysis: Analysis, lang: Language, only: Sequence[str] = ()) -> Report:
    """The pages in order, or those named in ``only``. Raises ``UsageError`` for an unknown page."""
    from xlsales.report.pages import build

    return build(analysis.survey, analysis.cleaned, analysis.scope, lang, only)
