"""Decisions at work: corrections before anything is read, drops and keeps before anything is judged."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import astuple, dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, Literal

from xlsales.clean.changes import Change
from xlsales.clean.issues import RULES, Finding
from xlsales.clean.joined import SPLIT
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

Cells = dict[tuple[str, int], str]
"""Texts by field and number of the row."""


@dataclass(frozen=True)
class Settled:
    """One decision and what came of it; unless it is gone, its first cell and the money of its rows.

    ``rows`` is how many these are. About ``apart`` others that it would be about, too, somebody has said
    something else row by row, and that holds.
    """

    decision: Decision
    state: State
    source: str = ""
    sheet: str = ""
    cell: str = ""
    amount: float = float("nan")
    rows: int = 1
    apart: int = 0


@dataclass(frozen=True)
class Settlement:
    """The sheets with their corrections, and by decision what comes of it and the numbers of its rows.

    Of a decision about a text these are all rows that have it, but for those decided about one by one
    (``apart`` counts those of them where something else was said).
    """

    sheets: Sheets
    raws: tuple[RawTable, ...]
    states: Mapping[Decision, State]
    rows: Mapping[Decision, Sequence[int]]
    apart: Mapping[Decision, int]

    def numbers(self, rows: Rows, labels: pd.Index, field: str) -> Numbers:
        """The numbers of some rows, in their order: of the rows that have their cells of ``field``."""
        return self.sheets.numbers(rows, labels, self.raws, field)

    @property
    def dropped(self) -> set[int]:
        """The numbers of the rows that were dropped one by one."""
        one_by_one = (one for one in self.rows if one.choice == "drop" and not one.case.of_value)
        return {number for one in one_by_one if self.states[one] == "applied" for number in self.rows[one]}

    def labels(self, rows: Rows, state: State = "applied", *chosen: Choice) -> dict[Decision, list[int]]:
        """The labels of the rows that were decided about, by decision; of a joined order also its halves."""
        import numpy as np

        tables = (rows.table.key, *(SPLIT if rows.elsewhere else ()))
        asked = [
            one
            for one in self.rows
            if one.table in tables and self.states[one] == state and (not chosen or one.choice in chosen)
        ]
        at: dict[tuple[str, int], list[int]] = defaultdict(list)
        for field in {one.field for one in asked}:
            wanted = [number for one in asked if one.field == field for number in self.rows[one]]
            numbers = self.numbers(rows, rows.part.index, field)
            decided = np.isin(numbers, wanted)
            for number, label in zip(numbers[decided], rows.part.index[decided], strict=True):
                at[field, number].append(label)
        return {
            one: [label for number in self.rows[one] for label in at.get((one.field, number), ())]
            for one in asked
        }

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
            findings += _less(finding, ours)
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
        """Rows that were dropped one by one, and decisions that cannot hold.

        A row of order headers or lines is dropped once it has been joined, with its share of the total that
        the header states; only one that stands there twice is dropped before.
        """
        halves = set(tables) == set(SPLIT)
        found: list[Finding] = []
        for rows in tables.values():
            key = rows.table.key
            dropped = {
                one: labels
                for one, labels in self.labels(rows, "applied", "drop").items()
                if not one.case.of_value and (not halves or one.rule in WHOLE_ROWS)
            }
            found += _findings("decided", key, dropped)
            for rule, state in (("conflicting_decisions", "conflict"), ("unfit_decision", "unfit")):
                said = {
                    one: labels[:1] if one.case.of_value else labels
                    for one, labels in self.labels(rows, state).items()  # type: ignore[arg-type]
                    if one.table == key
                }
                found += _findings(rule, key, said)
        return found

    def divided(self, rows: Rows, finding: Finding) -> list[Finding]:
        """A finding without the rows that a decision about their text drops, and these as dropped."""
        if not any(
            one.case.of_value and one.choice == "drop" and one.rule == finding.rule for one in self.rows
        ):
            return [finding]
        said = self.labels(rows, "applied", "drop")
        dropped = {
            one: finding.rows[finding.rows.isin(labels)].tolist()
            for one, labels in said.items()
            if one.case.of_value and (one.rule, one.field) == (finding.rule, finding.field)
        }
        gone = [label for labels in dropped.values() for label in labels]
        return [*_less(finding, gone), *_findings("decided", rows.table.key, dropped)]

    def kept(self, rows: Rows, finding: Finding) -> pd.Index:
        """The rows of a finding that somebody wants to count all the same."""
        said = self.labels(rows, "applied", "keep")
        kept = {label for one, labels in said.items() if one.rule == finding.rule for label in labels}
        return finding.rows[finding.rows.isin(kept)]

    def judged(self, issues: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
        """The issues with ``choice``, what was decided about each; ``numbers`` are of their rows."""
        about = {
            (number, one.table, one.field, one.old, rule): one
            for one, some in self.rows.items()
            for rule in ((one.rule, "decided") if one.case.of_value else (one.rule,))
            for number in some
        }
        choice, case = [""] * len(issues), issues["case"].tolist()
        if about:
            issues = issues.assign(holder=self.sheets.tables(numbers))
            names = ("holder", "field", "value", "rule")
            for at, said in enumerate(zip(numbers, *(issues[name] for name in names), strict=True)):
                if one := about.get(said):
                    case[at] = one.case.id
                    choice[at] = one.choice if self.states[one] == "applied" else ""
        return issues.assign(case=case, choice=choice).astype({"case": "str", "choice": "str"})

    def settled(self, tables: Mapping[str, Rows], issues: pd.DataFrame) -> tuple[Settled, ...]:
        """What came of each decision. One that is about a finding is gone where nothing was found."""
        import pandas as pd

        decided = {one.case.id for one in self.rows}
        found = dict(list(issues[issues["case"].isin(decided)].groupby("case")))
        placed: dict[Decision, Settled] = {}
        for rows in tables.values():
            for state in ("applied", "conflict", "unfit"):
                for one, labels in self.labels(rows, state).items():
                    if not labels or one in placed:
                        continue
                    if one.choice == "correct" or (one.choice == "drop" and not one.case.of_value):
                        place = rows.places(one.field, pd.Index(labels[:1])).iloc[0]
                        placed[one] = self._settled(one, state, place, rows.amounts[labels])
                    elif (its := found.get(one.case.id)) is not None:
                        amounts = its["amount"] if one.case.of_value else rows.amounts[labels]
                        placed[one] = self._settled(one, state, its.iloc[0], amounts)
        return tuple(placed.get(one, Settled(one, "gone")) for one in self.states)

    def _settled(self, one: Decision, state: State, place: pd.Series, amounts: pd.Series) -> Settled:
        known = amounts.dropna()
        money = math.fsum(known) if len(known) else float("nan")
        where = (place["source"], place["sheet"], place["cell"])
        return Settled(one, state, *where, money, len(amounts), self.apart.get(one, 0))


def settle(raws: Sequence[RawTable], decisions: Sequence[Decision]) -> Settlement:
    """Find the rows of each decision and correct their cells, in copies of the sheets.

    A text that a correction has put into a cell counts as standing there, so that what is said about it holds
    for as long as the correction does. What is said about one row holds against what is said about its text
    wherever that stands.
    """
    decisions = sorted(set(decisions), key=astuple)
    sheets = Sheets(tuple(raws))
    states: dict[Decision, State] = dict.fromkeys(decisions, "gone")
    rows: dict[Decision, list[int]] = {}
    apart: dict[Decision, int] = {}
    cells: Cells = {}
    found = _standing(sheets, states)
    while found:
        rows |= {one: [*rows.get(one, ()), *numbers] for one, numbers in found.items()}
        states |= _judged(sheets, rows)
        for one in found:
            if one.case.of_value:
                singly = _singly(one, rows, states)
                rows[one] = [number for number in rows[one] if number not in singly]
                apart[one] = sum(_effect(other) != _effect(one) for other in singly.values())
        put = {
            one: sorted(set(numbers) & set(rows[one]))
            for one, numbers in found.items()
            if one.choice == "correct" and states[one] == "applied"
        }
        for one, numbers in put.items():
            cells |= {(one.field, number): one.value for number in numbers}
        found = _put(sheets, put, states, rows)
    return Settlement(sheets, _corrected(sheets, cells), states, rows, apart)


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


def _put(
    sheets: Sheets,
    put: Mapping[Decision, Sequence[int]],
    decisions: Collection[Decision],
    rows: Mapping[Decision, Sequence[int]],
) -> dict[Decision, list[int]]:
    """The rows that decisions have through the texts that corrections have just put there."""
    import numpy as np

    texts: dict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for one, numbers in put.items():
        texts[one.table, one.field, one.value] |= dict.fromkeys(numbers, one.key)
    found = {}
    for one in decisions:
        here = texts.get((one.table, one.field, one.old), {})
        if one.case.of_value:
            new = sorted(here.keys() - set(rows.get(one, ())))
        elif here and one not in rows:
            unnamed = [number for number, key in here.items() if not key]
            keys = dict(sheets.keys(one.table, np.array(unnamed, dtype=np.int64)).items())
            new = [number for number, key in here.items() if (key or keys[number]) == one.key]
        else:
            new = []
        if new:
            found[one] = new
    return found


def _singly(
    about: Decision, rows: Mapping[Decision, Sequence[int]], states: Mapping[Decision, State]
) -> dict[int, Decision]:
    """The rows of the text that somebody has decided about one by one, so that it does not hold for them.

    Either about the same finding, or by a correction, after which the text is another.
    """
    return {
        number: one
        for one, numbers in rows.items()
        if not one.case.of_value
        and (one.table, one.field, one.old) == (about.table, about.field, about.old)
        and (one.rule == about.rule or (one.choice == "correct" and states[one] == "applied"))
        for number in numbers
    }


def _judged(sheets: Sheets, rows: Mapping[Decision, Sequence[int]]) -> dict[Decision, State]:
    """Which of the decisions with rows fit their case and contradict no other one.

    Two about one case must be the same; two about one cell may only differ in that one of them defers.
    """
    fit = {
        one: one.choice in choices(one.case)
        and (
            one.choice != "correct"
            or (one.value != "" and all(sheets.has(number, one.field) for number in numbers))
        )
        for one, numbers in rows.items()
    }
    said: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for one in rows:
        effect = _effect(one)
        said[one.case].add(effect)
        if fit[one] and one.choice != "defer":
            said[_subject(one)].add(effect)
    return {
        one: "conflict"
        if max(len(said[one.case]), len(said[_subject(one)])) > 1
        else "applied"
        if fit[one]
        else "unfit"
        for one in rows
    }


def _effect(one: Decision) -> tuple[str, str]:
    """What it does."""
    return one.choice, one.value if one.choice == "correct" else ""


def _subject(one: Decision) -> tuple[str, str, str, str]:
    """What decisions may contradict each other about: a text in a cell, or a row."""
    return one.table, one.key, "" if one.rule in WHOLE_ROWS else one.field, one.old


def _corrected(sheets: Sheets, cells: Cells) -> tuple[RawTable, ...]:
    by_sheet: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for (field, number), value in cells.items():
        sheet, position = sheets.place(number)
        by_sheet[sheet][field][position] = value
    raws = list(sheets.raws)
    for sheet, fields in by_sheet.items():
        columns = {}
        for field, texts in fields.items():
            columns[field] = raws[sheet].frame[field].copy()
            columns[field].iloc[list(texts)] = list(texts.values())
        raws[sheet] = replace(raws[sheet], frame=raws[sheet].frame.assign(**columns))
    return tuple(raws)


def _less(finding: Finding, labels: Collection[int]) -> list[Finding]:
    """The finding without some of its rows; none where it has no others."""
    gone = set(labels)
    kept = [label not in gone for label in finding.rows]
    if not any(kept):
        return []
    return [
        replace(
            finding,
            rows=finding.rows[kept],
            suggestions=tuple(compress(finding.suggestions, kept)),
            amounts=tuple(compress(finding.amounts, kept)),
        )
    ]


def said_by(one: Decision) -> str:
    """Who decided and why."""
    return " · ".join(filter(None, (one.reviewer, one.note)))


def _findings(rule: str, table: str, said: Mapping[Decision, Sequence[int]]) -> Iterator[Finding]:
    """One finding per field; the suggestion of each row is who decided and why, or the cases it is about."""
    import pandas as pd

    fields: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one, labels in said.items():
        why = said_by(one) if rule == "decided" else one.case.id
        for label in labels:
            fields[one.field][label].append(why)
    for field, reasons in fields.items():
        suggestions = tuple(" / ".join(filter(None, some)) for some in reasons.values())
        yield Finding(rule, pd.Index(reasons), suggestions, (), field, table)
