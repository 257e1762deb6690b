"""What people decided about cases on the review sheet, and what a case is known by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from xlsales.clean.review.keys import digest
from xlsales.language import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Choice = Literal["accept", "correct", "drop", "keep", "defer"]
"""accept 接受: it is right as it stands, the case is closed. correct 更正: read ``value`` instead.
drop 剔除: the row counts nowhere. keep 保留: the row counts although a rule leaves it out.
defer 暂缓: nothing yet, the case stays open."""
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True)
class Case:
    """What a case is known by. It survives every refresh for as long as the cell says ``old``.

    ``key`` is the row's identity (an order id), or a digest of its texts where the table has none, the row
    lacks it or it is not unique: see ``xlsales.clean.review.keys``. Without a key it is about all rows in
    which the rule doubts the same text. ``field`` is a canonical column; ``old`` is the text that stood in
    the cell.
    """

    table: str
    key: str
    field: str
    old: str
    rule: str

    @property
    def of_value(self) -> bool:
        """Whether it is about a text wherever it stands in the column, and not about one row."""
        return bool(self.table) and not self.key

    @property
    def id(self) -> str:
        """What the case is called on the review sheet."""
        return digest("\n".join((self.table, self.key, self.field, self.old, self.rule)))


@dataclass(frozen=True)
class Decision:
    """One decision about one case."""

    table: str
    key: str
    field: str
    old: str
    rule: str
    choice: Choice
    value: str = ""
    reviewer: str = ""
    note: str = ""

    @property
    def case(self) -> Case:
        """What was decided about."""
        return Case(self.table, self.key, self.field, self.old, self.rule)

    @property
    def row(self) -> str:
        """What it is called on the review sheet: as its case, or as what was said of a case nobody knows."""
        return self.case.id if self.table else self.key


def decisions_of(
    rows: Mapping[str, Mapping[str, str]], listed: Iterable[Case], remembered: Iterable[Decision] = ()
) -> tuple[Decision, ...]:
    """The decisions that hold now. ``rows`` is what stands on the review sheet: case id -> column -> text.

    ``listed`` are the cases that it was last written with. For a case that is on the sheet the sheet wins,
    and a blank takes a decision back; what is only ``remembered`` stays. A new value without a choice is a
    correction. A word that is no choice, and a note without one, leave the case open and stay in the note.
    What is said of a case that nobody knows is kept too, as a decision about nothing.
    """
    remembered = tuple(remembered)
    known = {one.row: one.case for one in remembered} | {one.id: one for one in listed}
    decided = {one.row: one for one in remembered}
    for case_id, said in sorted(rows.items()):
        case = known.get(case_id, Case("", case_id, "", "", ""))
        if decision := _decision(case, {name: text.strip() for name, text in said.items()}):
            decided[case_id] = decision
        else:
            decided.pop(case_id, None)
    return tuple(decided.values())


def _decision(case: Case, said: Mapping[str, str]) -> Decision | None:
    word, value, reviewer, note = (said.get(name, "") for name in ("choice", "value", "reviewer", "note"))
    if not (word or value or reviewer or note):
        return None
    choice = _choice(word) or ("correct" if value and not word else None)
    if choice is None:
        choice, note = "defer", " · ".join(filter(None, (word, note)))
    return Decision(case.table, case.key, case.field, case.old, case.rule, choice, value, reviewer, note)


def _choice(word: str) -> Choice | None:
    """The choice that a word of either language means."""
    wanted = word.casefold()
    return next(
        (
            choice
            for choice in CHOICES
            for lang in LANGUAGES
            if wanted == text(lang, f"choices.{choice}").casefold()
        ),
        None,
    )
