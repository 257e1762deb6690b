"""数据质量: what was read, what was left out and why, and proof that the totals tie out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xlsales.clean.large.concerned import MOST
from xlsales.clean.missing import missing
from xlsales.clean.rules.user_rules import applied
from xlsales.language import text
from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.pages import _scorecard
from xlsales.report.pages._freshness import warnings
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.report.blocks import Page, Sentence, Tone, Value
    from xlsales.report.pages._context import Context

COLUMNS = (230, 100, 120, 100, 100, 120, 120, 374)
LAST = len(COLUMNS) - 1
LISTED = 200
"""So many single findings are listed; the counts above cover them all."""
KEYS = frozenset(one.key for one in TABLES)
SEVERITIES = ("high", "medium", "low")
MARKS: dict[str, tuple[str, Tone]] = {"high": ("■", "bad"), "medium": ("◆", "strong"), "low": ("○", "quiet")}


def quality(context: Context) -> Page:
    """Stale sources, score, reconciliation, sources, findings by rule, own rules, changes, findings."""
    by_source, own_rules, changes = _by_source(context), _own_rules(context), _changes(context)
    stale, filled = warnings(context), _completeness(context)
    bands = (
        *(((Placed(stale, 0, LAST),),) if stale else ()),
        *(((Placed(_large(context), 0, LAST),),) if context.cleaned.large else ()),
        *_scorecard.bands(context),
        (Placed(_reconciliation(context), 0, LAST),),
        (Placed(_sources(context), 0, LAST),),
        *(((Placed(by_source, 0, 4),),) if by_source else ()),
        (Placed(_rules(context), 0, LAST),),
        *(((Placed(own_rules, 0, 6),),) if own_rules else ()),
        *(((Placed(changes, 0, LAST),),) if changes else ()),
        (Placed(filled, 0, 6 if isinstance(filled, Table) else LAST),),
        (Placed(_findings(context), 0, LAST),),
    )
    return context.page("quality", _headline(context), _second(context), COLUMNS, bands)


def _rows(context: Context) -> tuple[int, int]:
    done = context.cleaned.reconciliations
    return sum(one.rows_in for one in done), sum(one.rows_out for one in done)


def _headline(context: Context) -> Sentence:
    rows_in, rows_out = _rows(context)
    issues = context.cleaned.open_issues
    high = int((issues["severity"] == "high").sum()) + context.cleaned.more(high=True)
    count = len(issues) + context.cleaned.more()
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
        return context.sentence("quality.score", score=shown) + said
    moved = context.judged(change, "points")
    return context.sentence("quality.score_change", score=shown, change=moved) + said


def _reconciliation(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("table", word("columns.table"), strong=True),
        TableColumn("rows_in", word("columns.rows_in"), "count"),
        TableColumn("rows_excluded", word("columns.rows_excluded"), "count", formula="{rows_in}-{rows_out}"),
        TableColumn("rows_out", word("columns.rows_out"), "count"),
        TableColumn("ties", word("columns.ties"), align="center"),
        TableColumn("amount_in", word("columns.amount_in"), "money", exact=True),
        TableColumn("amount_out", word("columns.amount_out"), "money", exact=True),
        TableColumn("why", word("columns.why"), wrap=True),
    )
    rows = []
    for one in context.cleaned.reconciliations:
        why = word("semicolon").join(
            word(
                "quality.exclusion_amount" if exclusion.amount else "quality.exclusion",
                rule=text(context.lang, f"issues.{exclusion.rule}.title"),
                rows=context.say(exclusion.rows, "count"),
                amount=context.say(exclusion.amount, "money"),
            )
            for exclusion in one.exclusions
        )
        ties = (
            Cell(word("quality.ties"), tone="good") if one.ties else Cell(word("quality.broken"), tone="bad")
        )
        rows.append(
            (
                context.table_title(one.table),
                one.rows_in,
                one.rows_in - one.rows_out,
                one.rows_out,
                ties,
                one.amount_in,
                one.amount_out,
                why,
            )
        )
    return Table(
        "reconciliation",
        word("quality.reconciliation"),
        columns,
        tuple(rows),
        note=word("quality.reconciliation_note"),
        alt=word("quality.reconciliation"),
        dense=True,
    )


def _by_source(context: Context) -> Table | None:
    """Rows and money that count by source, of the tables that come from several."""
    from xlsales.clean.by_source import by_source

    word = context.word
    brought = by_source(context.cleaned.in_memory, context.survey.tables, context.cleaned.there)
    rows: list[tuple[Value | Cell, ...]] = []
    for key in dict.fromkeys(one.table for one in brought):
        parts = [one for one in brought if one.table == key]
        if len(parts) < 2:
            continue
        total = sum(one.amount for one in parts if one.amount is not None)
        for one in parts:
            share = one.amount / total if one.amount is not None and total > 0 else None
            rows.append((one.source, context.table_title(key), one.amount, one.rows, share))
        whole = Cell(word("quality.all_sources"), tone="strong")
        amount = total if parts[0].amount is not None else None
        counted = sum(one.rows for one in parts)
        rows.append((whole, context.table_title(key), amount, counted, 1.0 if total > 0 else None))
    if not rows:
        return None
    columns = (
        TableColumn("source", word("columns.source"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("amount", word("columns.amount_out"), "money", exact=True),
        TableColumn("rows", word("columns.rows_out"), "count"),
        TableColumn("share", word("columns.share"), "percent", bar=1.0),
    )
    label = word("quality.by_source")
    return Table("by_source", label, columns, tuple(rows), note=word("quality.by_source_note"), alt=label)


def _rules(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("rule", word("columns.rule"), strong=True),
        TableColumn("severity", word("columns.severity")),
        TableColumn("action", word("columns.action")),
        TableColumn("count", word("columns.count"), "count"),
        TableColumn("table", word("columns.table")),
        TableColumn("amount", word("columns.at_stake"), "money", exact=True),
        TableColumn("cell", word("columns.first_cell"), align="center"),
        TableColumn("do", word("columns.do"), wrap=True),
    )
    rows = []
    more: dict[tuple[str, str], int] = {}
    for (table, _, rule), count in context.cleaned.unlisted.items():
        more[rule, table] = more.get((rule, table), 0) + count
    for (severity, rule, action, table), group in _grouped(
        context.cleaned.issues, ["severity", "rule", "action", "table"]
    ):
        rows.append(
            (
                text(context.lang, f"issues.{rule}.title"),
                _severity(context, severity),
                word(f"actions.{action}"),
                len(group) + more.get((rule, table), 0),
                context.table_title(table),
                float(group["amount"].fillna(0).sum()) or None,
                str(group["cell"].iloc[0]),
                text(context.lang, f"issues.{rule}.do"),
            )
        )
    rows.sort(key=lambda row: (-row[3], row[0], row[4]))
    return Table(
        "issue_rules",
        word("quality.rules"),
        columns,
        tuple(rows),
        note=word("quality.rules_note"),
        alt=word("quality.rules"),
        dense=True,
        empty=word("quality.no_issues"),
    )


def _grouped(issues: pd.DataFrame, keys: list[str]) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    return [(key, group) for key, group in issues.groupby(keys, sort=True)]  # type: ignore[misc]


def _severity(context: Context, severity: str) -> Cell:
    mark, tone = MARKS[severity]
    return Cell(f"{mark} {context.word(f'severity.{severity}')}", tone=tone)


def _sources(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("source", word("columns.source"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("header", word("columns.header_row")),
        TableColumn("rows", word("columns.rows"), "count"),
        TableColumn("mapped", word("columns.mapped"), "count"),
        TableColumn("unmapped", word("columns.unmapped"), "count"),
        TableColumn("skipped", word("columns.skipped"), "count"),
        TableColumn("left", word("columns.left"), wrap=True),
    )
    rows: list[tuple[Value | Cell, ...]] = []
    for raw in context.survey.tables:
        mapped = [match for match in raw.matches if match.applied]
        rest = [match for match in raw.matches if match not in mapped and match.header.strip()]
        rows.append(
            (
                f"{raw.source} · {raw.sheet}",
                context.table_title(raw.table.key),
                " + ".join(str(row) for row in raw.header_rows),
                len(raw.frame),
                len(mapped),
                len(rest),
                len(raw.skipped),
                word("comma").join(_suggested(context, raw.table.key, match) for match in rest),
            )
        )
    rows.extend(
        (
            f"{ignored.source} · {ignored.sheet}",
            word("quality.not_ours"),
            *("", None, None, None, None),
            word(f"ignored.{ignored.reason}"),
        )
        for ignored in context.survey.ignored
    )
    return Table(
        "sources",
        word("quality.sources"),
        columns,
        tuple(rows),
        note=word("quality.sources_note"),
        alt=word("quality.sources"),
        dense=True,
    )


def _suggested(context: Context, key: str, match: object) -> str:
    from xlsales.tables.specs import table

    header, column = match.header, match.column  # type: ignore[attr-defined]
    if match.how != "suggested" or column is None:  # type: ignore[attr-defined]
        return str(header)
    return context.word(
        "quality.suggestion", header=header, column=table(key).column(column).title(context.lang)
    )


def _completeness(context: Context) -> Table | Note:
    word = context.word
    columns = (
        TableColumn("field", word("columns.field"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("rows", word("columns.rows"), "count", quiet=True),
        TableColumn("filled", word("columns.filled"), "count"),
        TableColumn("blank", word("columns.blank"), "count", formula="{rows}-{filled}"),
        TableColumn("share", word("columns.filled_share"), "percent", bar=1.0, formula="{filled}/{rows}"),
        TableColumn("value", word("columns.lacking_value"), "money"),
    )
    has: dict[str, set[str]] = {}
    for raw in context.survey.tables:
        has.setdefault(raw.table.key, set()).update(raw.letters)
    found = missing(context.cleaned, has).to_dict("records")
    filled = {key for key, frame in context.cleaned.in_memory.items() if len(frame)}
    filled |= {one.table.key for one in context.cleaned.there if one.rows}
    fields = sum(len(has.get(key, ())) for key in filled)
    if not len(found):
        return Note((context.sentence("quality.all_filled"),))
    titled = [(context.field_title(one["table"], one["field"]), one) for one in found]
    titled.sort(key=lambda it: (-it[1]["share"], it[1]["table"], it[0]))
    rows = tuple(
        (
            title,
            context.table_title(one["table"]),
            int(one["rows"]),
            int(one["rows"] - one["missing"]),
            int(one["missing"]),
            1 - one["share"],
            None if math.isnan(one["value"]) else one["value"],
        )
        for title, one in titled
    )
    return Table(
        "completeness",
        word("quality.completeness"),
        columns,
        rows,
        note=word("quality.completeness_note", full=fields - len(found)),
        alt=word("quality.completeness"),
        dense=True,
    )


def _own_rules(context: Context) -> Table | None:
    """What the rules of the user's own sheet did; none where there is no such sheet."""
    word = context.word
    found = applied(context.cleaned)
    if found.empty:
        return None
    columns = (
        TableColumn("rule", context.field_title("rules", "rule"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("action", context.field_title("rules", "action")),
        TableColumn("count", word("columns.count"), "count"),
        TableColumn("amount", word("columns.at_stake"), "money", exact=True),
        TableColumn("problem", word("columns.not_understood")),
        TableColumn("condition", context.field_title("rules", "condition"), wrap=True),
    )
    rows = tuple(
        (
            one["rule"],
            context.table_title(one["table"]) if one["table"] in KEYS else one["table"],
            one["action"],
            one["rows"],
            one["value"] or None,
            Cell(one["problem"], tone="bad") if one["problem"] else "",
            one["condition"],
        )
        for one in found.to_dict("records")
    )
    label = word("quality.own_rules")
    note = word("quality.own_rules_note")
    return Table("own_rules", label, columns, rows, note=note, alt=label)


def _changes(context: Context) -> Table | None:
    """What cleaning changed in cells, by kind and column; none where it changed nothing."""
    word = context.word
    changes = context.cleaned.changes
    if changes.empty:
        return None
    columns = (
        TableColumn("rule", word("columns.change"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("field", word("columns.field")),
        TableColumn("count", word("columns.count"), "count"),
        TableColumn("cell", word("columns.first_cell"), align="center"),
        TableColumn("origin", word("columns.origin"), wrap=True),
        TableColumn("sheet", word("columns.sheet"), wrap=True),
        TableColumn("example", word("columns.before_after"), wrap=True),
    )
    rows = []
    for (rule, table, field), group in _grouped(changes, ["rule", "table", "field"]):
        first = group.iloc[0]
        rows.append(
            (
                text(context.lang, f"changes.{rule}"),
                context.table_title(table),
                context.field_title(table, field),
                int(group["times"].sum()),
                first["cell"],
                first["origin"],
                first["sheet"],
                f"{first['before'] or word('blank')} → {first['after'] or word('blank')}",
            )
        )
    rows.sort(key=lambda row: (-row[3], row[0], row[1], row[2]))
    label = word("quality.changes")
    return Table("changes", label, columns, tuple(rows), note=word("quality.changes_note"), alt=label)


def _findings(context: Context) -> Table:
    word = context.word
    issues = context.cleaned.issues
    order = issues["severity"].map({name: index for index, name in enumerate(SEVERITIES)})
    shown = (
        issues.assign(_order=order)
        .sort_values(["_order", "rule", "source", "sheet"], kind="stable")
        .head(LISTED)
    )
    columns = (
        TableColumn("rule", word("columns.rule"), strong=True),
        TableColumn("severity", word("columns.severity")),
        TableColumn("sheet", word("columns.sheet")),
        TableColumn("cell", word("columns.cell")),
        TableColumn("field", word("columns.field")),
        TableColumn("value", word("columns.value")),
        TableColumn("action", word("columns.action")),
        TableColumn("suggestion", word("columns.suggestion"), wrap=True),
    )
    rows = tuple(
        (
            text(context.lang, f"issues.{row['rule']}.title"),
            _severity(context, row["severity"]),
            row["sheet"],
            row["cell"],
            context.field_title(row["table"], row["field"]),
            row["value"],
            word(f"actions.{row['action']}"),
            row["suggestion"],
        )
        for row in shown.to_dict("records")
    )
    note = word("quality.findings_note", shown=len(rows), count=len(issues) + context.cleaned.more())
    return Table(
        "issues",
        word("quality.findings"),
        columns,
        rows,
        note=note,
        alt=word("quality.findings"),
        filter=True,
        empty=word("quality.no_issues"),
    )
