"""The users' own rules, as they stand in the rules sheet: a condition, what to do with the rows, a value.

``exclude`` leaves the rows out, ``flag`` points at them, ``cap`` holds a number at a most, ``set`` writes a
value (``type = trial``; a number alone caps the money of the table). Values are changed first, rule by rule
from the top; then rows are marked, by their values as they are then. A rule that is not understood does
nothing and is a finding of its cell with the word that was not understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from xlsales.clean.changes import Change
from xlsales.clean.issues import Finding
from xlsales.clean.parse._distinct import keyed, narrow
from xlsales.clean.read import money_of
from xlsales.clean.rules.conditions import NotUnderstoodError, column_of, condition, read_value
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.rows import Rows
    from xlsales.clean.rules.conditions import Condition
    from xlsales.tables.spec import Column, Table

Do = Literal["exclude", "flag", "cap", "set"]
ACTIONS: dict[str, Do] = {
    "剔除": "exclude", "排除": "exclude", "删除": "exclude", "不计": "exclude",
    "exclude": "exclude", "drop": "exclude",
    "标记": "flag", "提示": "flag", "flag": "flag", "mark": "flag",
    "封顶": "cap", "上限": "cap", "cap": "cap",
    "改为": "set", "设为": "set", "改成": "set", "set": "set", "set to": "set",
}  # fmt: skip
COLUMNS = ("rule", "table", "condition", "action", "rows", "value", "problem")


@dataclass(frozen=True)
class Rule:
    """One row of the rules sheet, understood. ``column`` and ``value`` are what cap and set write."""

    name: str
    table: Table
    holds: Condition
    do: Do
    column: Column | None = None
    value: Any = None


@dataclass(frozen=True)
class Problem:
    """A rule that is not understood: the field of the rules sheet that says it, and the word."""

    name: str
    field: str
    word: str


def read(sheet: pd.DataFrame) -> list[Rule | Problem]:
    """Every row of the rules sheet, in order: a rule, or why it is none."""
    rows: list[dict[str, Any]] = sheet.to_dict("records")  # type: ignore[assignment]
    return [_read(row, name) for row, name in zip(rows, names(sheet), strict=True)]


def names(sheet: pd.DataFrame) -> list[str]:
    """What each rule is called; of several of one name the later ones carry their row number."""
    seen: set[str] = set()
    called = []
    for name, row in zip(sheet["rule"].fillna(""), sheet[ROW], strict=True):
        called.append(name if name and name not in seen else f"{name} #{row}".strip())
        seen.add(name)
    return called


def _read(row: Mapping[str, Any], name: str) -> Rule | Problem:
    said = {
        field: row[field] if isinstance(row[field], str) else ""
        for field in ("table", "condition", "action", "value")
    }
    table = _table(said["table"])
    if table is None:
        return Problem(name, "table", said["table"])
    do = ACTIONS.get(narrow(said["action"]).casefold().strip())
    if do is None:
        return Problem(name, "action", said["action"])
    try:
        holds = condition(said["condition"], table)
    except NotUnderstoodError as stopped:
        return Problem(name, "condition", stopped.word)
    if do in ("exclude", "flag"):
        return Rule(name, table, holds, do)
    try:
        return Rule(name, table, holds, do, *_assignment(said["value"], table, do))
    except NotUnderstoodError as stopped:
        return Problem(name, "value", stopped.word)


def _table(said: str) -> Table | None:
    """The table of that key or title; the orders where nothing is said."""
    wanted = keyed(said) or "orders"
    return next((one for one in TABLES if wanted in (one.key, keyed(one.zh), keyed(one.en))), None)


def _assignment(said: str, table: Table, do: Do) -> tuple[Column, Any]:
    """``column = value``; for a cap of the table's money the number alone."""
    left, equals, right = narrow(said).partition("=")
    if equals:
        column = column_of(left, table)
    elif do == "cap" and (money := money_of(table)):
        column, right = money, left
    else:
        raise NotUnderstoodError(said)
    if column.kind not in ("money", "count", "percent") and do == "cap":
        raise NotUnderstoodError(left.strip())
    return column, read_value(right.strip(), column)


def change_values(tables: dict[str, Rows]) -> tuple[dict[str, Rows], list[Change]]:
    """The step that caps and sets. The origin of a change is the cell of its rule's condition."""
    import pandas as pd

    changes: list[Change] = []
    if "rules" not in tables:
        return tables, changes
    sheet = tables["rules"]
    origins = _cells(sheet)
    for rule, origin in zip(read(sheet.frame), origins, strict=True):
        if isinstance(rule, Problem) or rule.column is None or rule.table.key not in tables:
            continue
        rows, field = tables[rule.table.key], rule.column.name
        hit = pd.Series(rule.holds(rows), rows.frame.index)
        column = rows.frame[field]
        value = pd.Timestamp(rule.value) if rule.column.kind == "date" else rule.value
        hit &= (column > value) if rule.do == "cap" else ~(column == value).fillna(False).astype(bool)
        at = column.index[hit]
        if len(at):
            before = tuple(map(shown, column[at]))
            changes.append(
                Change(
                    "user_rule",
                    rule.table.key,
                    field,
                    at,
                    before,
                    (shown(value),) * len(at),
                    (origin,) * len(at),
                )
            )
            tables = tables | {rule.table.key: rows.with_values(field, at, value)}
    return tables, changes


def _cells(sheet: Rows) -> list[str]:
    """``清洗规则!C2`` of each rule."""
    places = sheet.places("condition", sheet.frame.index)
    return list(places["sheet"] + "!" + places["cell"])


def shown(value: Any) -> str:
    """A value as a finding shows it; blank for none."""
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def user_rules(tables: Mapping[str, Rows]) -> list[Finding]:
    """The rows that the users' rules exclude or flag, and the rules that are not understood.

    The suggestion is the name of the rule, or the word that was not understood. A row that a rule excludes is
    no row to the rules below.
    """
    if "rules" not in tables:
        return []
    import pandas as pd

    sheet = tables["rules"]
    findings: list[Finding] = []
    gone: dict[str, pd.Index] = {key: pd.Index([], dtype="int64") for key in tables}
    for label, rule in zip(sheet.frame.index, read(sheet.frame), strict=True):
        if isinstance(rule, Problem):
            at = sheet.frame.index[sheet.frame.index == label]
            findings.append(Finding("rule_not_understood", at, (rule.word,), (), rule.field, "rules"))
        elif rule.column is None and rule.table.key in tables:
            rows = tables[rule.table.key]
            at = rows.frame.index[rule.holds(rows)].difference(gone[rule.table.key])
            which = "user_excluded" if rule.do == "exclude" else "user_flagged"
            if rule.do == "exclude":
                gone[rule.table.key] = gone[rule.table.key].append(at)
            money = money_of(rule.table)
            field = money.name if money else rows.key_field
            amounts = tuple(rows.amounts[at].fillna(0.0))
            if len(at):
                findings.append(Finding(which, at, (rule.name,) * len(at), amounts, field, rule.table.key))
    return findings


def applied(cleaned: Cleaned) -> pd.DataFrame:
    """Every rule with what it did: ``COLUMNS``; a rule that hit nothing has 0 rows.

    ``rows`` are excluded or flagged rows or changed cells, ``value`` is the money of the rows, or what the
    change took from it (negative) or added. ``problem`` is the word that was not understood, blank else.
    """
    import pandas as pd

    sheet = cleaned.in_memory.get("rules")
    if sheet is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows: list[Sequence[Any]] = []
    texts = sheet.fillna({"table": "", "condition": "", "action": ""}).to_dict("records")
    for said, rule, own in zip(texts, read(sheet), hits(cleaned), strict=True):
        key, done, value, problem = "", 0, 0.0, ""
        if isinstance(rule, Problem):
            key, problem = str(said["table"]), rule.word
        elif rule.column is None:
            key, done, value = rule.table.key, len(own), float(own["amount"].sum())
        else:
            key = rule.table.key
            done, value = len(own), float(difference(own).sum()) if rule.column.kind == "money" else 0.0
        for there in cleaned.large if key else ():
            if key == there.table.key and not problem:
                more, worth = there.ruled.get(rule.name, (0, 0.0))
                done, value = done + more, value + worth
        rows.append((rule.name, key, said["condition"], said["action"], done, value, problem))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def hits(cleaned: Cleaned) -> list[pd.DataFrame]:
    """Of every rule in order its findings, or the changes that it made; none of those in an engine."""
    sheet = cleaned.in_memory.get("rules")
    if sheet is None:
        return []
    issues, changes = cleaned.issues, cleaned.changes
    away = {one.table.key for one in cleaned.large}
    marked = issues[issues["rule"].isin(["user_excluded", "user_flagged"]) & ~issues["table"].isin(away)]
    changed = changes[changes["rule"] == "user_rule"]
    place = changed["origin"].str.extract(r"^(?P<sheet>.*)![A-Z]+(?P<row>[0-9]+)$")
    found = []
    for said, rule in zip(sheet.to_dict("records"), read(sheet), strict=True):
        if isinstance(rule, Problem):
            found.append(marked[:0])
        elif rule.column is None:
            found.append(marked[marked["suggestion"] == rule.name])
        else:
            here = (place["row"] == str(said[ROW])) & place["sheet"].map(
                lambda one, source=said[SOURCE]: str(source).endswith(f"!{one}")
            ).astype(bool)
            found.append(changed[here.to_numpy(bool)])
    return found


def difference(changed: pd.DataFrame) -> pd.Series:
    """After less before of numbers that stand as texts; a blank counts as 0."""
    import pandas as pd

    return pd.to_numeric(changed["after"]) - pd.to_numeric(changed["before"]).fillna(0.0)
