"""Findings in an engine that a person can decide about, known by what they would be known by in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import COLUMNS
from xlsales.clean.large.brought import at_places, brought
from xlsales.clean.review.cases import with_cases
from xlsales.clean.review.keys import NO_ROW, Sheets
from xlsales.tables.spec import ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from xlsales.clean.large.reading import Reading
    from xlsales.clean.review.keys import Numbers
    from xlsales.tables.spec import RawTable


def as_cases(issues: pd.DataFrame, here: Sequence[RawTable], there: Iterable[Reading]) -> pd.DataFrame:
    """The issues with what stands in their cells as it came, and their cases.

    They have ``SOURCE`` and ``ROW`` beside, 0 where they are about no row. ``here`` are the sheets in memory,
    ``there`` the tables of which the issues are. Where too many rows are alike there is no case.
    """
    raws = list(here)
    for key, reads in of_tables(there).items():
        own = issues[(issues["table"] == key) & (issues[ROW] != 0)]
        raws += brought(reads, at_places(own)) if len(own) else ()
    sheets = Sheets(tuple(raws))
    known: dict[tuple[str, str, int], list[int]] = {}
    start = sum(len(raw.frame) for raw in here)
    for raw in raws[len(here) :]:
        for number, row in enumerate(raw.frame.index, start):
            known.setdefault((raw.table.key, raw.source, row), []).append(number)
        start += len(raw.frame)
    numbers = _numbers(issues, known)
    told = issues.assign(value=_texts(issues, numbers, sheets))
    return with_cases(told[list(COLUMNS)], numbers, sheets)


def of_tables(there: Iterable[Reading]) -> dict[str, list[Reading]]:
    """The sources in an engine by their table."""
    found: dict[str, list[Reading]] = {}
    for one in there:
        found.setdefault(one.raw.table.key, []).append(one)
    return found


def _numbers(issues: pd.DataFrame, known: dict[tuple[str, str, int], list[int]]) -> Numbers:
    """The row of each issue. Of rows that are the same in all the last are those that a rule has found."""
    import numpy as np

    left = issues.groupby(["rule", "field", "table", "source", ROW]).cumcount(ascending=False) + 1
    numbers = []
    for *place, after in zip(*(issues[name] for name in ("table", "source", ROW)), left, strict=True):
        own = known.get((place[0], place[1], place[2]), [])
        numbers.append(own[-after] if after <= len(own) else NO_ROW)
    return np.array(numbers, dtype=np.int64)


def _texts(issues: pd.DataFrame, numbers: Numbers, sheets: Sheets) -> list[str]:
    """What stands in the cell of each issue; what it says of it itself where its row was not brought."""
    texts = []
    for number, field, value in zip(numbers.tolist(), issues["field"], issues["value"], strict=True):
        if number != NO_ROW:
            sheet, position = sheets.place(number)
            frame = sheets.raws[sheet].frame
            cell = frame[field].iloc[position] if field in frame else None
            value = cell if isinstance(cell, str) else ""
        texts.append(value)
    return texts
