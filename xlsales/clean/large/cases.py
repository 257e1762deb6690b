"""Findings in an engine that a person can decide about, known by what they would be known by in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import COLUMNS
from xlsales.clean.large.brought import at_places, brought
from xlsales.clean.large.decided import of_tables
from xlsales.clean.review.cases import with_cases
from xlsales.clean.review.keys import NO_ROW
from xlsales.clean.review.settle import settle
from xlsales.tables.spec import ROW

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.clean.large.decided import Decisions
    from xlsales.clean.review.keys import Numbers
    from xlsales.clean.review.settle import Settlement


def as_cases(issues: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """The issues with what stands in their cells, their cases, and what was decided about these.

    They have ``SOURCE`` and ``ROW`` beside, 0 where they are about no row. Where too many rows are alike
    there is no case.
    """
    sources = of_tables(decisions.there)
    here = [raw for raw in decisions.here if raw.table.key in sources]
    raws = list(here)
    for key, reads in sources.items():
        own = issues[(issues["table"] == key) & (issues[ROW] != 0)]
        raws += [raw for _, raw in brought(reads, at_places(own))] if len(own) else ()
    # Of the rows at hand the same holds as of all: whoever contradicts a decision is about the same cell.
    settlement = settle(raws, tuple(decisions.settlement.states))
    dropped = settlement.dropped
    known: dict[tuple[str, str, int], list[int]] = {}
    start = sum(len(raw.frame) for raw in here)
    for raw in raws[len(here) :]:
        for number, row in enumerate(raw.frame.index, start):
            same = known.setdefault((raw.table.key, raw.source, row), [])
            same.insert(0 if number in dropped else len(same), number)  # nothing is found in those any more
        start += len(raw.frame)
    numbers = _numbers(issues, known)
    told = issues.assign(value=_texts(issues, numbers, settlement))
    found = with_cases(told[list(COLUMNS)], numbers, settlement.sheets)
    return settlement.judged(found, numbers)[list(COLUMNS)]


def _numbers(issues: pd.DataFrame, known: dict[tuple[str, str, int], list[int]]) -> Numbers:
    """The row of each issue. Of rows that are the same in all the last are those that a rule has found."""
    import numpy as np

    left = issues.groupby(["rule", "field", "table", "source", ROW]).cumcount(ascending=False) + 1
    numbers = []
    for *place, after in zip(*(issues[name] for name in ("table", "source", ROW)), left, strict=True):
        own = known.get((place[0], place[1], place[2]), [])
        numbers.append(own[-after] if after <= len(own) else NO_ROW)
    return np.array(numbers, dtype=np.int64)


def _texts(issues: pd.DataFrame, numbers: Numbers, settlement: Settlement) -> list[str]:
    """What stands in the cell of each issue; what it says of it itself where its row was not brought."""
    texts = []
    for number, field, value in zip(numbers.tolist(), issues["field"], issues["value"], strict=True):
        if number == NO_ROW:
            texts.append(value)
            continue
        sheet, position = settlement.sheets.place(number)
        frame = settlement.raws[sheet].frame
        cell = frame[field].iloc[position] if field in frame else None
        texts.append(cell if isinstance(cell, str) else "")
    return texts
