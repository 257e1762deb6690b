"""数据质量: what was read, what was left out and why, and proof that the totals tie out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xlsales.clean.large.concerned import MOST
from xlsales.clean.missing import missing
from xlsales.clean.rules.user_rules import applied, difference, hits
from xlsales.language import text
from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.pages import _evidence, _scorecard
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._freshness import warnings
from xlsales.report.traced import joined
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.clean.reconcile import Exclusion
    from xlsales.report.blocks import Page, Sentence, Tone, Value
    from xlsales.report.pages._context import Context, Record
    from xlsales.report.pages._evidence import Rows

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
        why = joined(word("semicolon"), (_excluded(context, one.table, it) for it in one.exclusions))
        ties = (
            Cell(word("quality.ties"), tone="good") if one.ties else Cell(word("quality.broken"), tone="bad")
        )
        key, title = one.table, context.table_title(one.table)
        raws = [raw for raw in context.survey.tables if raw.table.key == key]
        used, gone = _evidence.used(context, (key,)), _evidence.excluded(context, (key,))
        money_in, money_out = _evidence.money_read(context, key), _evidence.used(context, (key,), money=True)
        rows.append(
            (
                title,
                evident(context, one.rows_in, "read", _evidence.read(context, raws), title),
                evident(context, one.rows_in - one.rows_out, "excluded", gone, title),
                evident(context, one.rows_out, "used", used, title),
                ties,
                evident(context, one.amount_in, "money_read", money_in, title, form="money"),
                evident(context, one.amount_out, "money_used", money_out, title, form="money"),
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


def _excluded(context: Context, key: str, one: Exclusion) -> str:
    """Rows and money that a rule left out of a table."""
    issues = context.cleaned.issues
    found = issues[(issues["table"] == key) & (issues["rule"] == one.rule)]
    raws = [raw for raw in context.survey.tables if raw.table.key == key]
    rows = _evidence.findings(context, found)
    if one.rule == "skipped_row":
        rows = _evidence.skipped(raws)
    title, rule = context.table_title(key), text(context.lang, f"issues.{one.rule}.title")
    money = _evidence.findings(context, found, "amount")
    return context.word(
        "quality.exclusion_amount" if one.amount else "quality.exclusion",
        rule=rule,
        rows=context.say(evident(context, one.rows, "excluded", rows, title, rule), "count"),
        amount=context.say(
            evident(context, one.amount, "money_out", money, title, rule, form="money"), "money"
        ),
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
        title = context.table_title(key)
        money = _evidence.used(context, (key,), money=True)
        total = evident(context, total, "money_used", money, title, form="money")
        for one in parts:
            behind = _evidence.brought(context, key, one.source, money=True)
            mine = evident(context, one.amount, "money_used", behind, title, one.source, form="money")
            share = mine / total if mine is not None and total > 0 else None
            behind = _evidence.brought(context, key, one.source)
            count = evident(context, one.rows, "used", behind, title, one.source)
            rows.append((one.source, title, mine, count, share))
        whole = Cell(word("quality.all_sources"), tone="strong")
        amount = total if parts[0].amount is not None else None
        counted = sum(one.rows for one in parts)
        counted = evident(context, counted, "used", _evidence.used(context, (key,)), title)
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
        TableColumn("table", word("columns.table")),
        TableColumn("count", word("columns.count"), "count"),
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
        title, named = context.table_title(table), text(context.lang, f"issues.{rule}.title")
        behind, money = _evidence.findings(context, group), _evidence.findings(context, group, "amount")
        count, amount = len(group) + more.get((rule, table), 0), float(group["amount"].fillna(0).sum())
        rows.append(
            (
                named,
                _severity(context, severity),
                word(f"actions.{action}"),
                title,
                evident(context, count, "findings", behind, title, named),
                evident(context, amount or None, "at_stake", money, title, named, form="money"),
                str(group["cell"].iloc[0]),
                text(context.lang, f"issues.{rule}.do"),
            )
        )
    rows.sort(key=lambda row: (-row[4], row[0], row[3]))
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
        place, skipped = f"{raw.source} · {raw.sheet}", _evidence.skipped((raw,))
        taken, others = (
            _evidence.matched(raw, [(match.letter, match.header) for match in matches])
            for matches in (mapped, rest)
        )
        rows.append(
            (
                place,
                context.table_title(raw.table.key),
                " + ".join(str(row) for row in raw.header_rows),
                evident(context, len(raw.frame), "read", _evidence.read_below(context, raw), place),
                evident(context, len(mapped), "headers_used", taken, place),
                evident(context, len(rest), "headers_left", others, place),
                evident(context, len(raw.skipped), "skipped", skipped, place),
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
    found: list[Record] = missing(context.cleaned, has).to_dict("records")  # type: ignore[assignment]
    filled = {key for key, frame in context.cleaned.in_memory.items() if len(frame)}
    filled |= {one.table.key for one in context.cleaned.there if one.rows}
    fields = sum(len(has.get(key, ())) for key in filled)
    gaps = {(one["table"], one["field"]) for one in found}
    full = [
        (key, "", 1, f"{context.table_title(key)} · {context.field_title(key, name)}", 1.0)
        for key in sorted(filled)
        for name in sorted(has.get(key, ()))
        if (key, name) not in gaps
    ]
    if not len(found):
        return Note((context.sentence("quality.all_filled"),))
    titled = [(context.field_title(one["table"], one["field"]), one) for one in found]
    titled.sort(key=lambda it: (-it[1]["share"], it[1]["table"], it[0]))
    rows = tuple(_filled(context, title, one) for title, one in titled)
    return Table(
        "completeness",
        word("quality.completeness"),
        columns,
        rows,
        note=word(
            "quality.completeness_note",
            full=context.say(
                evident(context, fields - len(found), "full_columns", _evidence.items(("field",), full)),
                "count",
            ),
        ),
        alt=word("quality.completeness"),
        dense=True,
    )


def _filled(context: Context, title: str, one: Record) -> tuple[Value | Cell, ...]:
    """How far a column of a table is filled."""
    key, field, named = one["table"], one["field"], context.table_title(one["table"])
    has, lacks = (_evidence.cells(context, key, field, blank=blank) for blank in (False, True))
    filled = evident(context, int(one["rows"] - one["missing"]), "filled", has, named, title)
    rows = evident(context, int(one["rows"]), "used", _evidence.used(context, (key,)), named)
    worth = _evidence.cells(context, key, field, blank=True, money=True)
    return (
        title,
        named,
        rows,
        filled,
        evident(context, int(one["missing"]), "blank", lacks, named, title),
        filled / rows,
        None
        if math.isnan(one["value"])
        else evident(context, one["value"], "blank_worth", worth, named, title, form="money"),
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
            evident(context, one["rows"], "own_rule", _hits(context, own), one["rule"]),
            evident(
                context,
                one["value"] or None,
                "own_rule_worth",
                _hits(context, own, worth=True),
                one["rule"],
                form="money",
            ),
            Cell(one["problem"], tone="bad") if one["problem"] else "",
            one["condition"],
        )
        for one, own in zip(found.to_dict("records"), hits(context.cleaned), strict=True)
    )
    label = word("quality.own_rules")
    note = word("quality.own_rules_note")
    return Table("own_rules", label, columns, rows, note=note, alt=label)


def _hits(context: Context, own: pd.DataFrame, *, worth: bool = False) -> Rows:
    """What a rule hit, one each, or its money."""
    if "before" not in own:
        return _evidence.findings(context, own, "amount" if worth else "")
    return lambda: _evidence.changes(context, own)().assign(part=difference(own).to_numpy() if worth else 1.0)


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
                evident(
                    context,
                    int(group["times"].sum()),
                    "changes",
                    _evidence.changes(context, group),
                    context.table_title(table),
                    text(context.lang, f"changes.{rule}"),
                ),
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
    shown_of = _evidence.findings(context, shown.drop(columns="_order"))
    listed = evident(context, len(rows), "listed", shown_of)
    every = len(issues) + context.cleaned.more()
    every = evident(context, every, "all_findings", _evidence.findings(context, issues))
    note = word(
        "quality.findings_note", shown=context.say(listed, "count"), count=context.say(every, "count")
    )
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
