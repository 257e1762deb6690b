"""复核: what only a person can decide, what was decided, and whom to call back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xlsales.clean.call_back import call_back
from xlsales.clean.issues import COLUMNS as COLUMNS_OF_ISSUES
from xlsales.clean.issues import RULES, Issue
from xlsales.clean.review.cases import AT_FIRST_ROW, cases_of, open_cases
from xlsales.clean.review.decisions import CHOICES
from xlsales.language import text
from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._issues import MARKS
from xlsales.report.traced import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.review.decisions import Case, Decision
    from xlsales.clean.review.settle import Settled
    from xlsales.report.blocks import Band, Page, Sentence, Value
    from xlsales.report.pages._context import Context
    from xlsales.report.pages._evidence import Rows

    Row = tuple[Value | Cell, ...]

COLUMNS = (104, 70, 146, 108, 76, 78, 112, 126, 50, 94, 66, 80, 70, 84)
LAST = len(COLUMNS) - 1
LISTED = 200
"""So many open cases are listed, those with most money at stake. What was decided is listed whole."""
CALLED = 17
"""So many records to ask about are listed: in two lines each they still fit on one printed sheet, so that
the others repeat the header of the cases."""
SHEET, CELL = 3, 4
MENDED = ("conflict", "unfit", "unread")
"""States of decisions that hold only once somebody has mended them."""
REVIEW, GONE = "review", "review_gone"
"""The tables on the page with cells to fill."""


def review(context: Context) -> Page:
    """The cases with their decisions, decisions that have lost their case, and the list to call back."""
    done = context.cleaned.decisions
    waiting = _waiting(context.cleaned)
    gone = [one for one in done if one.state == "gone"]
    bands: list[Band] = [(Placed(_cases(context, waiting), 0, LAST),)]
    if gone:
        bands.append((Placed(_gone(context, gone), 0, LAST),))
    calls = _callbacks(context)
    bands.append(
        (Placed(calls, 0, 6) if calls else Placed(Note((context.sentence("review.nobody"),)), 0, LAST),)
    )
    return context.page(REVIEW, _headline(context, waiting), _second(context, waiting), COLUMNS, tuple(bands))


def listed(cleaned: Cleaned) -> tuple[Case, ...]:
    """The open cases that the page shows."""
    return tuple(cases_of(_waiting(cleaned).head(LISTED)))


def _waiting(cleaned: Cleaned) -> pd.DataFrame:
    return open_cases(cleaned.issues, [one.decision.case.id for one in cleaned.decisions])


def _headline(context: Context, waiting: pd.DataFrame) -> Sentence:
    decided = sum(one.state == "applied" for one in context.cleaned.decisions)
    if waiting.empty and not context.cleaned.decisions:
        return context.sentence("review.headline_none")
    amount = math.fsum(waiting["amount"].abs().dropna())
    cases, worth = _evidence.findings(context, waiting), _evidence.findings(context, waiting, "size")
    return context.sentence(
        "review.headline" if amount or waiting.empty else "review.headline_free",
        count=context.strong(evident(context, len(waiting), "cases", cases), "count"),
        amount=context.strong(evident(context, amount, "at_stake", worth, form="money"), "money"),
        decided=context.strong(evident(context, decided, "decided", _settled(context, "applied")), "count"),
    )


def _second(context: Context, waiting: pd.DataFrame) -> Sentence:
    """What went wrong with decisions; else how to go on."""
    bad = sum(one.state in ("conflict", "unfit") for one in context.cleaned.decisions)
    unread = len(_unread(context.cleaned))
    if bad or unread:
        return context.sentence(
            "review.second_broken",
            bad=context.strong(
                evident(context, bad, "mend", _settled(context, "conflict", "unfit")), "count"
            ),
            unread=context.strong(evident(context, unread, "unread", _unread_cases(context)), "count"),
        )
    first, rest = waiting[:LISTED], waiting[LISTED:]
    shown = evident(context, len(first), "listed", _evidence.findings(context, first))
    more = evident(context, len(rest), "not_shown", _evidence.findings(context, rest))
    return context.sentence(
        "review.second_more" if len(waiting) > LISTED else "review.second",
        shown=context.strong(shown, "count"),
        more=context.strong(more, "count"),
    )


def _settled(context: Context, *states: str) -> Rows:
    """The decisions in these states, each where its case first stands."""
    return _evidence.decisions(context, [one for one in context.cleaned.decisions if one.state in states])


def _unread(cleaned: Cleaned) -> set[str]:
    """The cases whose new value cannot be read."""
    issues = cleaned.issues
    return set(issues.loc[issues["rule"] == "unreadable_correction", "suggestion"])


def _unread_cases(context: Context) -> Rows:
    """Of each of these cases the first finding."""
    issues = context.cleaned.issues
    found = issues[issues["rule"] == "unreadable_correction"]
    return _evidence.findings(context, found.drop_duplicates("suggestion"))


def _columns(context: Context, *, place: str = "sheet") -> tuple[TableColumn, ...]:
    word = context.word
    choices = tuple(text(context.lang, f"choices.{choice}") for choice in CHOICES)
    return (
        TableColumn("case", word("columns.case"), quiet=True),
        TableColumn("state", word("columns.case_state")),
        TableColumn("rule", word("columns.rule"), strong=True, wrap=True),
        TableColumn("sheet", word(f"columns.{place}"), wrap=True),
        TableColumn("cell", word("columns.cell")),
        TableColumn("field", word("columns.field"), wrap=True),
        TableColumn("old", word("columns.value"), wrap=True),
        TableColumn("suggestion", word("columns.suggestion"), wrap=True),
        TableColumn("rows", word("columns.rows"), "count"),
        TableColumn("amount", word("columns.at_stake"), "money", exact=True),
        TableColumn("choice", word("columns.choice"), input=True, allowed=choices),
        TableColumn("value", word("columns.new_value"), input=True, wrap=True),
        TableColumn("reviewer", word("columns.reviewer"), input=True, wrap=True),
        TableColumn("note", word("columns.note"), input=True, wrap=True),
    )


def _cases(context: Context, waiting: pd.DataFrame) -> Table:
    """What needs mending, then what is open, then what is done."""
    unread = _unread(context.cleaned)
    found = context.cleaned.issues
    found = found[(found["choice"] != "") & (found["rule"] != "decided")].drop_duplicates("case")
    said = dict(zip(found["case"], found["suggestion"], strict=True))
    done = {one.decision.case.id: one for one in context.cleaned.decisions if one.state != "gone"}
    rows: list[tuple[int, Row]] = []
    for case_id, one in done.items():
        state = (
            "unread" if case_id in unread else one.decision.choice if one.state == "applied" else one.state
        )
        mends = state in MENDED
        rank = 0 if mends else 1 if state == "defer" else 2
        mark = Cell(context.word(f"review.states.{state}"), tone="bad" if mends else "quiet")
        rows.append((rank, _decided(context, one, mark, said.get(case_id, ""))))
    top = waiting.head(LISTED)
    counts = top["rows"].tolist()
    rows += [(1, _open(context, Issue(*row), count)) for row, count in zip(_rows(top), counts, strict=True)]
    rows.sort(key=lambda row: row[0])
    return Table(
        REVIEW,
        context.word("review.cases"),
        _columns(context),
        tuple(row for _, row in rows),
        note=context.word("review.cases_note"),
        alt=context.word("review.cases"),
        filter=True,
        dense=True,
        empty=context.word("review.nothing"),
        row_key="case",
    )


def _rows(issues: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return issues[list(COLUMNS_OF_ISSUES)].itertuples(index=False)


def _open(context: Context, issue: Issue, rows: int) -> Row:
    mark, tone = MARKS[issue.severity]
    return (
        issue.case,
        Cell(f"{mark} {context.word(f'severity.{issue.severity}')}", tone=tone),
        text(context.lang, f"issues.{issue.rule}.title"),
        issue.sheet or issue.source,
        _linked(issue.sheet, issue.cell),
        context.field_title(issue.table, issue.field),
        issue.value,
        issue.suggestion,
        evident(context, rows if rows > 1 else None, "case_rows", _of_case(context, issue.case), issue.case),
        _at_stake(context, issue.amount, issue.case),
        *("", "", "", ""),
    )


def _of_case(context: Context, case: str, add: str = "") -> Rows:
    issues = context.cleaned.issues
    return lambda: _evidence.findings(context, issues[issues["case"] == case], add)()


def _at_stake(context: Context, amount: float, case: str) -> float | None:
    """The money of a case; None where none is known."""
    behind = _of_case(context, case, "amount")
    return None if math.isnan(amount) else evident(context, amount, "at_stake", behind, case, form="money")


def _decided(context: Context, one: Settled, mark: Cell, suggestion: str) -> Row:
    decision = one.decision
    if one.apart:
        apart = context.word("review.apart", count=_apart(context, one))
        suggestion = joined(" · ", filter(None, (suggestion, apart)))
    counted = decision.choice == "correct" or decision.rule not in AT_FIRST_ROW
    case = decision.case.id
    rows = one.rows if counted and one.rows > 1 else None
    return (
        case,
        mark,
        text(context.lang, f"issues.{decision.rule}.title"),
        one.sheet or one.source,
        _linked(one.sheet, one.cell),
        context.field_title(decision.table, decision.field),
        decision.old,
        suggestion,
        evident(context, rows, "case_rows", _of_case(context, case), case),
        _at_stake(context, one.amount, case),
        *_said(context, decision),
    )


def _apart(context: Context, one: Settled) -> str:
    case = one.decision.case.id
    return context.say(evident(context, one.apart, "apart_rows", _of_case(context, case), case), "count")


def _linked(sheet: str, cell: str) -> Cell:
    return Cell(cell, link=f"{sheet}!{cell}" if sheet and cell else "")


def _said(context: Context, decision: Decision) -> tuple[str, str, str, str]:
    return (
        text(context.lang, f"choices.{decision.choice}"),
        decision.value,
        decision.reviewer,
        decision.note,
    )


def _gone(context: Context, gone: list[Settled]) -> Table:
    """Decisions that wait: for their case to come back, or to be blanked and forgotten."""
    rows = []
    for one in gone:
        decision = one.decision
        known = decision.rule in RULES
        rows.append(
            (
                decision.row,
                Cell(context.word("review.states.gone"), tone="quiet"),
                text(context.lang, f"issues.{decision.rule}.title") if known else decision.rule,
                context.table_title(decision.table),
                "",
                context.field_title(decision.table, decision.field),
                decision.old,
                decision.key or context.word("review.all_rows"),
                None,
                None,
                *_said(context, decision),
            )
        )
    columns = list(_columns(context, place="table"))
    columns[7] = TableColumn("suggestion", context.word("columns.row_key"), wrap=True)
    return Table(
        GONE,
        context.word("review.gone"),
        tuple(columns),
        tuple(rows),
        note=context.word("review.gone_note"),
        alt=context.word("review.gone"),
        row_key="case",
    )


def _callbacks(context: Context) -> Table | None:
    """What to ask customers for; none where nothing is missing that they alone know."""
    word = context.word
    found = call_back(context.cleaned.in_memory, context.survey.tables)
    if found.empty:
        return None
    found = found.sort_values("value", ascending=False, kind="stable")
    rows = []
    for at, row in found.head(CALLED).to_dict("index").items():
        source, _, sheet = row["source"].partition("!")
        worth = None if math.isnan(row["value"]) else row["value"]
        behind = _evidence.calls(found.loc[[at]])
        titles = (context.field_title(row["table"], name) for name in row["fields"].split(","))
        rows.append(
            (
                context.name(row["rep"]),
                context.table_title(row["table"]),
                word("comma").join(titles),
                sheet or source,
                _linked(sheet, row["cell"]),
                row["customer"],
                evident(context, worth, "call_worth", behind, row["customer"], form="money"),
            )
        )
    first, every = (_evidence.calls(ones, ones=True) for ones in (found.head(CALLED), found))
    columns = (
        TableColumn("rep", context.dimension("rep"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("missing", word("columns.missing"), wrap=True),
        TableColumn("sheet", word("columns.sheet")),
        TableColumn("cell", word("columns.cell")),
        TableColumn("customer", word("columns.customer")),
        TableColumn("amount", word("columns.at_stake"), "money", exact=True),
    )
    return Table(
        "callbacks",
        word("review.callbacks"),
        columns,
        tuple(rows),
        note=word(
            "review.callbacks_note",
            shown=context.say(evident(context, len(rows), "listed", first), "count"),
            count=context.say(evident(context, len(found), "calls", every), "count"),
        ),
        alt=word("review.callbacks"),
        dense=True,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
