"""Proof that the totals tie out: what was read, left out and counts, by table and by source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.language import text
from xlsales.report.blocks import Cell, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.report.traced import joined

if TYPE_CHECKING:
    from xlsales.clean.reconcile import Exclusion
    from xlsales.report.blocks import Value
    from xlsales.report.pages._context import Context


def reconciliation(context: Context) -> Table:
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


def by_source(context: Context) -> Table | None:
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
