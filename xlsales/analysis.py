"""The line from sheets of text to a report: everything between what a host gives and what it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.errors import InputError
from xlsales.memory import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.large.account import Large
    from xlsales.clean.large.decided import Decisions
    from xlsales.clean.review.decisions import Decision
    from xlsales.language import Language
    from xlsales.memory import Memory
    from xlsales.metrics._scope import Basis, Policy, Scope
    from xlsales.report.blocks import Report
    from xlsales.report.pages._context import Computed
    from xlsales.tables.confirmed import Confirmed
    from xlsales.tables.engines import Lazy
    from xlsales.tables.mapping import Survey
    from xlsales.tables.spec import RawTable, SheetText


@dataclass(frozen=True)
class Understood:
    """The input as it was understood: what was recognised and what was cleaned.

    The recognised tables keep their row count and lose their cells, of which the clean tables are made.
    """

    survey: Survey
    cleaned: Cleaned

    @property
    def rows(self) -> int:
        """How many rows the recognised tables have."""
        return sum(len(raw.frame) for raw in self.survey.tables)


@dataclass(frozen=True)
class Analysis(Understood):
    """What was understood, and what is asked of it."""

    scope: Scope
    memory: Memory = NOTHING


def recognise(sheets: Sequence[SheetText], confirmed: Sequence[Confirmed] = ()) -> Survey:
    """What each sheet is; ``confirmed`` headers come over every guess.

    Raises ``InputError`` when there are neither orders nor leads.
    """
    from xlsales.tables.mapping import survey

    return enough(survey(sheets, confirmed), sheets)


def enough(found: Survey, sheets: Sequence[SheetText]) -> Survey:
    """What was found in the sheets, as it is. Raises ``InputError`` as :func:`recognise` does."""
    if not any(raw.table.key in ("orders", "order_headers", "leads") for raw in found.tables):
        names = ", ".join(dict.fromkeys(f"{sheet.source}!{sheet.sheet}" for sheet in sheets)) or "-"
        raise InputError("nothing_to_analyse", sheets=names)
    return found


def understand(found: Survey, decisions: Sequence[Decision] = ()) -> Understood:
    """Clean what was recognised, as was decided. Raises ``InputError`` when a sheet contradicts itself."""
    from xlsales.clean.clean import clean

    emptied = replace(found, tables=tuple(map(_emptied, found.tables)))
    return Understood(emptied, clean(found.tables, decisions))


def with_large(
    found: Survey,
    small: Cleaned,
    large: Sequence[tuple[RawTable, Large]],
    engine: Lazy,
    coded: pd.DataFrame,
    decisions: Decisions,
) -> Understood:
    """What was recognised with some tables in an engine: the others, cleaned in memory, join them.

    ``large`` are the recognised tables that were cleaned there, ``small`` is what the others came to, and
    ``coded`` the codes of products in these (``naming.products.beside``), ``decisions`` those about all.
    """
    import narwhals as nw
    import pandas as pd
    import pyarrow as pa

    from xlsales.clean.large.account import without_rows
    from xlsales.clean.large.amounts import BACK
    from xlsales.clean.large.cases import as_cases
    from xlsales.clean.large.cleaning import without_cells
    from xlsales.clean.large.codes import with_those_there
    from xlsales.clean.large.judging import judged
    from xlsales.clean.large.outcomes import changed, outcomes
    from xlsales.clean.large.tally import tallied
    from xlsales.clean.large.trials import TYPE
    from xlsales.clean.reconcile import by_table

    parts: dict[str, list[Any]] = {}
    for key, frame in small.tables.items():
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        if key == "orders":
            rows = rows.append_column(BACK, pa.nulls(len(rows), pa.bool_()))
            rows = rows.append_column(TYPE, pa.nulls(len(rows), pa.string()))
        parts.setdefault(key, []).append(engine.table(rows))
    for _, one in large:
        parts.setdefault(one.table.key, []).append(one.frame)
    tables = {
        key: nw.concat([nw.from_native(one).lazy() for one in frames]).to_native()
        if len(frames) > 1
        else frames[0]
        for key, frames in parts.items()
    }
    pairs = with_those_there(coded, [one for _, one in large])
    touched = [one.touched for _, one in large]
    told = [(one.table.key, one.touched) for _, one in large if one.touched]
    verdict = judged(found.tables, tables, {one.table.key for _, one in large}, engine, pairs, told)
    large = [(raw, without_rows(one, verdict.gone.get(one.table.key, ()), engine)) for raw, one in large]
    issues = as_cases(
        pd.concat([*(one.issues for _, one in large), verdict.issues], ignore_index=True),
        decisions,
    )
    wrong = verdict.wrong
    large = [
        (raw, replace(one, wrong=(), touched=None, tally=tallied(one, wrong.get(one.table.key, ()), engine)))
        for raw, one in large
    ]
    there = {id(raw): one for raw, one in large}
    changes = changed(decisions, touched), *(one.changes for _, one in large)
    cleaned = replace(
        small,
        tables=verdict.tables,
        issues=pd.concat([small.issues, issues], ignore_index=True),
        beyond=verdict.beyond,
        changes=pd.concat([small.changes, *changes], ignore_index=True),
        decisions=outcomes(decisions, touched, issues, verdict.dropped, small.decisions),
        reconciliations=by_table((*(one.reconciliation for _, one in large), *small.reconciliations)),
        large=tuple(one for _, one in large),
        engine=engine,
        small=small.tables,
    )
    kept = tuple(
        without_cells(raw, there[id(raw)].reconciliation.rows_in, there[id(raw)].digest)
        if id(raw) in there
        else _emptied(raw)
        for raw in found.tables
    )
    return Understood(replace(found, tables=kept), cleaned)


def ask(
    understood: Understood,
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis = "signed",
    filters: Sequence[tuple[str, tuple[str, ...]]] = (),
    memory: Memory = NOTHING,
    policy: Policy | None = None,
) -> Analysis:
    """Scope what was understood. Raises ``UsageError`` for a period or filter that means nothing."""
    from xlsales.metrics._scope import USUAL, default_scope

    cleaned = understood.cleaned
    scope = default_scope(cleaned.tables, period, as_of, basis, tuple(filters), policy=policy or USUAL)
    return Analysis(understood.survey, cleaned, scope, memory)


def analyse(
    sheets: Sequence[SheetText],
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis = "signed",
    filters: Sequence[tuple[str, tuple[str, ...]]] = (),
) -> Analysis:
    """Recognise, clean and scope. Raises ``InputError`` when there are neither orders nor leads."""
    understood = understand(recognise(sheets))
    return ask(understood, period=period, as_of=as_of, basis=basis, filters=filters)


def build_report(
    analysis: Analysis,
    lang: Language,
    only: Sequence[str] = (),
    computed: Computed | None = None,
    *,
    traced: bool = False,
) -> Report:
    """The pages in order, or those named in ``only``. Raises ``UsageError`` for an unknown page.

    ``computed`` are results of an equal analysis, which are not computed again; it takes in those that are.
    ``traced`` pages are for being explained: their numbers know which figures they are made of.
    """
    from xlsales.report.pages import build

    found = analysis.survey, analysis.cleaned, analysis.scope
    return build(*found, lang, only, computed, analysis.memory, traced=traced)


def _emptied(raw: RawTable) -> RawTable:
    """The table without its cells but with its row count: the texts are most of the memory."""
    import pandas as pd

    from xlsales.tables.digest import digest

    rows = pd.DataFrame(index=pd.RangeIndex(len(raw.frame)))
    return replace(raw, frame=rows, errors=(), letters_by_row={}, rest=None, digest=digest(raw))
