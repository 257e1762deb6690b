"""Decisions at work: corrections before anything is read, drops and keeps before anything is judged."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import astuple, dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, Literal

from xlsales.clean.changes import Change
from xlsales.clean.issues import RULES, Finding
from xlsales.clean.review.cases import WHOLE_ROWS, choices
from xlsales.clean.review.keys import Sheets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import pandas as pd

    from xlsales.clean.review.decisions import Choice, Decision
    from xlsales.clean.review.keys import Numbers
    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import RawTable

State = Literal["applied", "gone", "conflict", "unfit"]
"""applied: it holds. gone: there is no such case any more. conflict: another decision about the same cell
says otherwise, and neither holds. unfit: it is nothing that can be done about this case."""


@dataclass(frozen=True)
class Settled:
    """One decision and what came of it; unless it is gone, its first cell and the money of its rows."""

    decision: Decision
    state: State
    source: str = ""
    sheet: str = ""
    cell: str = ""
    amount: float = float("nan")


@dataclass(frozen=True)
class Settlement:
    """The sheets with their corrections, and by decision what comes of it and the numbers of its rows."""

    sheets: Sheets
    raws: tuple[RawTable, ...]
    states: Mapping[Decision, State]
    rows: Mapping[Decision, Sequence[int]]

    def numbers(self, rows: Rows, labels: pd.Index) -> Numbers:
        """The numbers of some rows, in their order."""
        return self.sheets.numbers(rows, labels, self.raws)

    def labels(self, rows: Rows, state: State = "applied", *chosen: Choice) -> dict[Decision, list[int]]:
        """The labels of the rows that were decided about, by decision."""
        import numpy as np

        asked = {
            one: numbers
            for one, numbers in self.rows.items()
            if one.table == rows.table.key
            and self.states[one] == state
            and (not chosen or one.choice in chosen)
        }
        if not asked:
            return {}
        numbers = self.numbers(rows, rows.part.index)
        decided = np.isin(numbers, [number for some in asked.values() for number in some])
        label = dict(zip(numbers[decided], rows.part.index[decided], strict=True))
        return {one: [label[number] for number in some if number in label] for one, some in asked.items()}

    def read(self, rows: Rows) -> Rows:
        """The rows with what cannot be read of a correction put down to the correction."""
        case = {
            (one.field, label): one.case.id
            for one, labels in self.labels(rows, "applied", "correct").items()
            for label in labels
        }
        if not case:
            return rows
        findings: list[Finding] = []
        for finding in rows.findings:
            ours = [label for label in finding.rows if (finding.field, label) in case]
            if not ours or RULES[finding.rule][1] != "blanked":
                findings.append(finding)
                continue
            cases = tuple(case[finding.field, label] for label in ours)
            findings.append(
                Finding(
                    "unreadable_correction",
                    finding.rows[finding.rows.isin(ours)],
                    cases,
                    (),
                    finding.field,
                    finding.table,
                )
            )
            if len(others := finding.rows[~finding.rows.isin(ours)]):
                kept = [label not in set(ours) for label in finding.rows]
                findings.append(
                    replace(
                        finding,
                        rows=others,
                        suggestions=tuple(compress(finding.suggestions, kept)),
                        amounts=tuple(compress(finding.amounts, kept)),
                    )
                )
        return replace(rows, findings=tuple(findings))

    def changes(self, rows: Rows) -> list[Change]:
        """The corrections of this table as changes; a cell that two decisions correct alike changes once."""
        import pandas as pd

        made: dict[tuple[str, int, str, str], str] = {}
        for one, labels in self.labels(rows, "applied", "correct").items():
            for label in labels:
                made.setdefault((one.field, label, one.old, one.value), one.reviewer)
        fields = sorted({field for field, *_ in made})
        changes = []
        for field in fields:
            cells = {cell[1:]: who for cell, who in made.items() if cell[0] == field}
            labels, before, after = zip(*cells, strict=True)
            changes.append(
                Change(
                    "decided", rows.table.key, field, pd.Index(labels), before, after, tuple(cells.values())
                )
            )
        return changes

    def findings(self, tables: Mapping[str, Rows]) -> list[Finding]:
        """Rows that were dropped, and decisions that cannot hold."""
        return [
            finding
            for rows in tables.values()
            for rule, said in (
                ("decided", self.labels(rows, "applied", "drop")),
                ("conflicting_decisions", self.labels(rows, "conflict")),
                ("unfit_decision", self.labels(rows, "unfit")),
            )
            for finding in _findings(rule, rows.table.key, said)
        ]

    def kept(self, rows: Rows, finding: Finding) -> pd.Index:
        """The rows of a finding that somebody wants to count all the same."""
        said = self.labels(rows, "applied", "keep")
        kept = {label for one, labels in said.items() if one.rule == finding.rule for label in labels}
        return finding.rows[finding.rows.isin(kept)]

    def judged(self, issues: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
        """The issues with ``choice``, what was decided about each; ``numbers`` are of their rows."""
        about = {
            (number, one.table, one.field, one.old, one.rule): one
            for one, some in self.rows.items()
            for number in some
        }
        choice, case = [""] * len(issues), issues["case"].tolist()
        if about:
            names = ("table", "field", "value", "rule")
            for at, said in enumerate(zip(numbers, *(issues[name] for name in names), strict=True)):
                if one := about.get(said):
                    case[at] = one.case.id
                    choice[at] = one.choice if self.states[one] == "applied" else ""
        return issues.assign(case=case, choice=choice).astype({"case": "str", "choice": "str"})

    def settled(self, tables: Mapping[str, Rows], issues: pd.DataFrame) -> tuple[Settled, ...]:
        """What came of each decision. One that is about a finding is gone where nothing was found."""
        found = set(issues["case"])
        placed: dict[Decision, Settled] = {}
        for rows in tables.values():
            for state in ("applied", "conflict", "unfit"):
                for one, labels in self.labels(rows, state).items():
                    if labels and (one.choice in ("correct", "drop") or one.case.id in found):
                        place = rows.places(one.field, rows.part.index[labels[:1]]).iloc[0]
                        amounts = rows.amounts[labels].dropna()
                        placed[one] = Settled(
                            one,
                            state,
                            place["source"],
                            place["sheet"],
                            place["cell"],
                            math.fsum(amounts) if len(amounts) else float("nan"),
                        )
        return tuple(placed.get(one, Settled(one, "gone")) for one in self.states)


def settle(raws: Sequence[RawTable], decisions: Sequence[Decision]) -> Settlement:
    """Find the rows of each decision and correct their cells, in copies of the sheets.

    A text that a correction has put into a cell counts as standing there, so that what is said about it holds
    for as long as the correction does.
    """
    decisions = sorted(set(decisions), key=astuple)
    sheets = Sheets(tuple(raws))
    states: dict[Decision, State] = dict.fromkeys(decisions, "gone")
    rows: dict[Decision, list[int]] = {}
    found = _standing(sheets, states)
    while found:
        rows |= found
        states |= _judged(list(found))
        put = {
            (one.table, one.key, one.field, one.value): numbers
            for one, numbers in found.items()
            if one.choice == "correct" and states[one] == "applied"
        }
        found = {
            one: put[cell]
            for one in states
            if one not in rows and (cell := (one.table, one.key, one.field, one.old)) in put
        }
    return Settlement(sheets, _corrected(sheets, rows, states), states, rows)


def _standing(sheets: Sheets, decisions: Collection[Decision]) -> dict[Decision, list[int]]:
    """The rows of each decision whose text stands in its cell."""
    cells: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for one in decisions:
        cells[one.table, one.field].add((one.key, one.old))
    found = {cell: sheets.find(*cell, wanted) for cell, wanted in cells.items()}
    return {
        one: numbers
        for one in decisions
        if (numbers := found[one.table, one.field].get((one.key, one.old), []))
    }


def _judged(decisions: Sequence[Decision]) -> dict[Decision, State]:
    """Which of the decisions fit their case and contradict no other one.

    Two about one case must be the same; two about one cell may only differ in that one of them defers.
    """
    fit = {
        one: one.choice in choices(one.case) and (one.choice != "correct" or one.value != "")
        for one in decisions
    }
    said: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for one in decisions:
        effect = one.choice, one.value if one.choice == "correct" else ""
        said[one.case].add(effect)
        if fit[one] and one.choice != "defer":
            said[_subject(one)].add(effect)
    return {
        one: "conflict"
        if max(len(said[one.case]), len(said[_subject(one)])) > 1
        else "applied"
        if fit[one]
        else "unfit"
        for one in decisions
    }


def _subject(one: Decision) -> tuple[str, str, str, str]:
    """What decisions may contradict each other about: a text in a cell, or a row."""
    return one.table, one.key, "" if one.rule in WHOLE_ROWS else one.field, one.old


def _corrected(
    sheets: Sheets, rows: Mapping[Decision, Sequence[int]], states: Mapping[Decision, State]
) -> tuple[RawTable, ...]:
    cells: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for one, numbers in rows.items():
        if one.choice == "correct" and states[one] == "applied":
            for number in numbers:
                sheet, position = sheets.place(number)
                cells[sheet][one.field][position] = one.value
    raws = list(sheets.raws)
    for sheet, fields in cells.items():
        columns = {}
        for field, texts in fields.items():
            columns[field] = raws[sheet].frame[field].copy()
            columns[field].iloc[list(texts)] = list(texts.values())
        raws[sheet] = replace(raws[sheet], frame=raws[sheet].frame.assign(**columns))
    return tuple(raws)


def _findings(rule: str, table: str, said: Mapping[Decision, Sequence[int]]) -> Iterator[Finding]:
    """One finding per field; the suggestion of each row is who decided and why, or the cases it is about."""
    import pandas as pd

    fields: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one, labels in said.items():
        why = " · ".join(filter(None, (one.reviewer, one.note))) if rule == "decided" else one.case.id
        for label in labels:
            fields[one.field][label].append(why)
    for field, reasons in fields.items():
        suggestions = tuple(" / ".join(filter(None, some)) for some in reasons.values())
        yield Finding(rule, pd.Index(reasons), suggestions, (), field, table)
