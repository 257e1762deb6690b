"""What was found in the data and what was done about it: by rule, by the user's rules, by change, by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.rules.user_rules import applied, difference, hits
from xlsales.language import text
from xlsales.report.blocks import Cell, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.report.blocks import Tone
    from xlsales.report.pages._context import Context
    from xlsales.report.pages._evidence import Rows

LISTED = 200
"""So many single findings are listed; the counts above cover them all."""
KEYS = frozenset(one.key for one in TABLES)
SEVERITIES = ("high", "medium", "low")
MARKS: dict[str, tuple[str, Tone]] = {"high": ("■", "bad"), "medium": ("◆", "strong"), "low": ("○", "quiet")}


def rules(context: Context) -> Table:
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


def own_rules(context: Context) -> Table | None:
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


def changes(context: Context) -> Table | None:
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


def findings(context: Context) -> Table:
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


def _grouped(issues: pd.DataFrame, keys: list[str]) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    return [(key, group) for key, group in issues.groupby(keys, sort=True)]  # type: ignore[misc]


def _severity(context: Context, severity: str) -> Cell:
    mark, tone = MARKS[severity]
    return Cell(f"{mark} {context.word(f'severity.{severity}')}", tone=tone)
