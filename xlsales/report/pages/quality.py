"""数据质量: what was read, what was left out and why, and proof that the totals tie out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.concerned import MOST
from xlsales.report.blocks import Note, Placed, Table
from xlsales.report.pages import _evidence, _issues, _recognised, _scorecard, _tie_out
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._freshness import warnings

if TYPE_CHECKING:
    from xlsales.report.blocks import Page, Sentence
    from xlsales.report.pages._context import Context

COLUMNS = (230, 100, 120, 100, 100, 120, 120, 374)
LAST = len(COLUMNS) - 1


def quality(context: Context) -> Page:
    """Stale sources, score, reconciliation, sources, findings by rule, own rules, changes, findings."""
    own_rules, changes = _issues.own_rules(context), _issues.changes(context)
    by_source = _tie_out.by_source(context)
    stale, filled = warnings(context), _recognised.completeness(context)
    bands = (
        *(((Placed(stale, 0, LAST),),) if stale else ()),
        *(((Placed(_large(context), 0, LAST),),) if context.cleaned.large else ()),
        *_scorecard.bands(context),
        (Placed(_tie_out.reconciliation(context), 0, LAST),),
        (Placed(_recognised.sources(context), 0, LAST),),
        *(((Placed(by_source, 0, 4),),) if by_source else ()),
        (Placed(_issues.rules(context), 0, LAST),),
        *(((Placed(own_rules, 0, 6),),) if own_rules else ()),
        *(((Placed(changes, 0, LAST),),) if changes else ()),
        (Placed(filled, 0, 6 if isinstance(filled, Table) else LAST),),
        (Placed(_issues.findings(context), 0, LAST),),
    )
    return context.page("quality", _headline(context), _second(context), COLUMNS, bands)


def _rows(context: Context) -> tuple[int, int]:
    done = context.cleaned.reconciliations
    rows_in, rows_out = sum(one.rows_in for one in done), sum(one.rows_out for one in done)
    keys = [one.table for one in done]
    return (
        evident(context, rows_in, "read", _evidence.read(context, context.survey.tables)),
        evident(context, rows_out, "used", _evidence.used(context, keys)),
    )


def _headline(context: Context) -> Sentence:
    rows_in, rows_out = _rows(context)
    issues = context.cleaned.open_issues
    severe = issues[issues["severity"] == "high"]
    high = len(severe) + context.cleaned.more(high=True)
    high = evident(context, high, "high", _evidence.findings(context, severe))
    count = len(issues) + context.cleaned.more()
    count = evident(context, count, "findings", _evidence.findings(context, issues))
    return context.sentence(
        "quality.headline" if count else "quality.headline_clean",
        rows=context.strong(rows_in, "count"),
        used=context.strong(rows_out / rows_in if rows_in else None, "percent"),
        issues=context.strong(count, "count"),
        high=context.strong(high, "count"),
    )


def _large(context: Context) -> Note:
    """Which tables stay in an engine, and what is not done with them there."""
    large, engine = context.cleaned.large, context.cleaned.engine
    comma, name = context.word("comma"), engine.name if engine else ""
    tables = comma.join(dict.fromkeys(context.table_title(one.table.key) for one in large))
    rows = context.say(sum(one.rows for one in large), "count")
    said = [context.sentence("quality.large", tables=tables, rows=rows, engine=name)]
    if any(one.unfilled for one in large):
        said.append(context.sentence("quality.large_unfilled", most=context.say(MOST, "count")))
    trimmed = [context.field_title(one.table.key, name) for one in large for name in one.trimmed]
    if trimmed:
        said.append(context.sentence("quality.large_trimmed", fields=comma.join(dict.fromkeys(trimmed))))
    return Note(tuple(said), callout=True)


def _second(context: Context) -> Sentence:
    ties = all(one.ties for one in context.cleaned.reconciliations)
    said = context.sentence("quality.second" if ties else "quality.second_broken")
    whole, change = _scorecard.score(context)
    if whole is None:
        return said
    shown = context.strong(whole, "percent")
    if change is None:
        return context.together(context.sentence("quality.score", score=shown), said)
    moved = context.judged(change, "points")
    return context.together(context.sentence("quality.score_change", score=shown, change=moved), said)
