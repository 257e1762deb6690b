"""What came of each decision about rows in an engine, and the cells that corrections changed there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsales.clean.changes import COLUMNS, TIMES, change_table
from xlsales.clean.large.columns import TAG
from xlsales.clean.review.settle import Settled
from xlsales.tables.spec import ROW, SOURCE, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from xlsales.clean.large.corrected import Touched
    from xlsales.clean.large.decided import Decisions
    from xlsales.clean.review.decisions import Decision
    from xlsales.clean.review.settle import Settlement
    from xlsales.tables.spec import RawTable


class _Part(NamedTuple):
    """Some rows of a decision: how many, their money, and where the first stands.

    ``number`` is that of the row, or of the text that they have, in the sheets of the settlement.
    """

    number: int
    rows: int
    amount: float
    raw: RawTable
    source: str
    row: int

    def place(self, field: str) -> tuple[str, str, str]:
        """Source, sheet and cell."""
        letter = self.raw.letters.get(field) or next(iter(self.raw.letters.values()), "A")
        return self.source, self.raw.sheet, f"{letter}{numbered(self.row)}"


def outcomes(
    decisions: Decisions,
    there: Sequence[Touched | None],
    issues: pd.DataFrame,
    dropped: Mapping[Decision, tuple[int, float]],
    before: Iterable[Settled],
) -> tuple[Settled, ...]:
    """What came of every decision.

    ``there`` are what decisions touched in each source, ``issues`` what was found in these, ``dropped`` the
    rows and the money of those that drop a text, ``before`` is what came of the decisions in memory.
    """
    parts = _parts(decisions, there)
    decided = {one.case.id for one in decisions.settlement.rows}
    found = dict(list(issues[issues["case"].isin(decided)].groupby("case")))
    placed = []
    for one in before:
        own = parts.get(one.decision, [])
        made = _there(one.decision, decisions.settlement, own, found.get(one.decision.case.id))
        if made and one.decision in dropped:
            rows, amount = dropped[one.decision]
            made = replace(made, rows=rows, amount=amount)
        placed.append(_together(one, made) if made else one)
    return tuple(placed)


def changed(decisions: Decisions, there: Sequence[Touched | None]) -> pd.DataFrame:
    """What corrections changed: a row for each cell, or for a text wherever it stands."""
    import pandas as pd

    settlement = decisions.settlement
    made: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for one, parts in _parts(decisions, there).items():
        if one.choice == "correct" and settlement.states[one] == "applied":
            for part in parts:
                said = (one.field, one.old, one.value)
                row = (one.table, *part.place(one.field), *said, "decided", one.reviewer, part.rows)
                made.setdefault((part.number, part.source, *said), row)  # once, if two correct it alike
    rows = pd.DataFrame(list(made.values()), columns=[*COLUMNS, TIMES]).astype(
        dict.fromkeys(COLUMNS, "str") | {TIMES: "int64"}
    )
    return pd.concat([change_table(), rows], ignore_index=True)


def _parts(decisions: Decisions, there: Sequence[Touched | None]) -> Mapping[Decision, list[_Part]]:
    """The rows of each decision that are in an engine."""
    rows: dict[int, _Part] = {}
    texts: dict[int, list[_Part]] = {}
    alone: set[tuple[str, int]] = set()
    for read, one in zip(decisions.there, there, strict=True):
        if one is None:
            continue
        alone |= {(name, number) for name, numbers in one.decided.cells.items() for number in numbers}
        amounts = dict(zip(one.rows[TAG], one.rows["amount"], strict=True))
        for start, raw, _ in decisions.parts(read, decisions.rows):
            for number, row in enumerate(raw.frame.index, start):
                if number in amounts:
                    rows[number] = _Part(number, 1, amounts[number], raw, raw.source, row)
        for start, raw, _ in decisions.parts(read, decisions.standing):
            (name,) = raw.frame
            for number, text in enumerate(raw.frame[name], start):
                own = one.texts[(one.texts["field"] == name) & (one.texts["text"] == text)]
                texts[number] = [
                    _Part(number, int(n), amount, raw, str(source).removesuffix(f"!{raw.sheet}"), int(row))
                    for n, amount, source, row in own[["rows", "amount", SOURCE, ROW]].itertuples(index=False)
                ]
    return {
        one: [
            part
            for number in numbers
            for part in (
                texts.get(number, [])
                if number not in rows
                else [rows[number]]
                if not one.case.of_value or (one.field, number) in alone
                else []
            )
        ]
        for one, numbers in decisions.settlement.rows.items()
    }


def _there(
    one: Decision, settlement: Settlement, parts: Sequence[_Part], found: pd.DataFrame | None
) -> Settled | None:
    """What came of a decision in an engine, as ``Settlement.settled`` tells it of rows in memory."""
    if one not in settlement.rows:
        return None
    state, apart = settlement.states[one], settlement.apart.get(one, 0)
    amounts, rows = [part.amount for part in parts], sum(part.rows for part in parts)
    if one.choice == "correct" or (one.choice == "drop" and not one.case.of_value):
        if not parts:
            return None
        place = parts[0].place(one.field)
    elif found is not None:
        place = tuple(found.iloc[0][["source", "sheet", "cell"]])
        if one.case.of_value:
            amounts, rows = list(found["amount"]), len(found)
    else:
        return None
    return Settled(one, state, *place, _sum(amounts), rows, apart)


def _together(here: Settled, there: Settled) -> Settled:
    """What came of a decision in memory and in an engine."""
    if here.state == "gone":
        return there
    return replace(here, amount=_sum([here.amount, there.amount]), rows=here.rows + there.rows)


def _sum(amounts: Iterable[float]) -> float:
    known = [one for one in amounts if one is not None and not math.isnan(one)]
    return math.fsum(known) if known else float("nan")
