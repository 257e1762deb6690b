"""Where a sheet's table may begin: every row near the top as a header, alone or joined with the next.

Which one it is depends on what the tables are called, so ``matching`` decides; this module only reads
the cells. In a two-row header a merged group name stands in its first cell only, so it is carried to
the right over the sub headers that follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.tables.months import read_month

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.tables.spec import SheetText

DEEPEST = 60
"""How many rows that hold anything are looked at: title blocks are shorter than this."""
WIDEST = 512
"""How many columns are looked at: no table that we know is wider, and some sheets have 16,384."""
LONGEST = 60
"""Characters of a header; longer text is prose."""


@dataclass(frozen=True)
class Label:
    """One header cell: its column label in the sheet, its text, and the names it may be known by.

    ``names`` goes from the most to the least telling: group and sub header together, then the sub
    header alone.
    """

    column: int
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """One or two rows read as a header: their Excel row numbers, and their labels from left to right.

    ``merged`` says that some cells run down over both rows and others to the right, as in no pair of
    rows but a true two-row header.
    """

    rows: tuple[int, ...]
    labels: tuple[Label, ...]
    merged: bool = False


def top(sheet: SheetText) -> list[tuple[int, list[str]]]:
    """The first rows as (Excel row number, stripped texts); a blank or prose cell is ""."""
    head = sheet.rows.iloc[:DEEPEST, :WIDEST]
    cells = head.fillna("").to_numpy(dtype=object).tolist()
    return [
        (int(row), [cell if len(cell) <= LONGEST else "" for cell in map(str.strip, line)])
        for row, line in zip(head.index, cells, strict=True)
    ]


def headers(rows: list[tuple[int, list[str]]]) -> Iterator[Header]:
    """Every row as a one-row header, and every pair of neighbouring rows as a two-row header."""
    for (number, texts), following in zip(rows, [*rows[1:], None], strict=True):
        labels = tuple(Label(k, text, (text,)) for k, text in enumerate(texts) if text)
        if not labels:
            continue
        yield Header((number,), labels)
        if following and following[0] == number + 1 and not any(map(_is_value, following[1])):
            subs = following[1]
            down = any(group and not sub for group, sub in zip(texts, subs, strict=True))
            right = any(sub and not group for group, sub in zip(texts, subs, strict=True))
            yield Header((number, number + 1), tuple(_joined(texts, subs)), down and right)


def _is_value(text: str) -> bool:
    """A number or a date, which the second row of a header does not hold, months aside."""
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text)) and read_month(text) is None


def _joined(groups: list[str], subs: list[str]) -> Iterator[Label]:
    carried = ""
    for k, (group, sub) in enumerate(zip(groups, subs, strict=True)):
        if group:
            carried = group if sub else ""
        over = group or carried
        if sub and over:
            yield Label(k, f"{over} {sub}", (f"{over} {sub}", sub))
        elif sub or group:
            yield Label(k, sub or group, (sub or group,))
