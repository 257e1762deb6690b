"""Tables that stay on a sheet while its cells are replaced, so that what the user hung on them stays live.

A slicer, a pivot, a filter and a structured reference belong to the table itself. Excel resizes a table only
under the header row that it has; so it stays where that row is the same, and comes anew otherwise. Nobody
says what a resize makes of a row of totals, so a table with one stays only while its size does.

Only a real Excel can confirm that cells may be pasted over a table, which then keeps its name; where Excel
refuses, the tables come anew after all.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLOURS_AND_ICONS = (8, 9, 10)
"""xlFilterCellColor, xlFilterFontColor, xlFilterIcon: what they ask for is no value."""


@dataclass(frozen=True)
class Filter:
    """What one column of a table is filtered by: its place from 1, and as Excel has it."""

    column: int
    criteria: tuple[Any, Any]
    operator: int


@dataclass(frozen=True)
class Standing:
    """A table of the open book that stays, the cells that it is to have, and its filters."""

    table: Any
    cells: str
    filters: tuple[Filter, ...]


class RefusedError(Exception):
    """Excel would not let cells be replaced under tables that stay."""


def standing(source: Any, target: Any) -> list[Standing]:
    """The tables of ``target`` that can take the cells of their namesakes on ``source``."""
    there = {str(table.Name).lower(): table for table in source.ListObjects}
    return [
        Standing(table, str(other.Range.Address), tuple(_filters(table)))
        for table in target.ListObjects
        if (other := there.get(str(table.Name).lower())) is not None and _same(other, table)
    ]


def make_room(source: Any, target: Any, tables: Sequence[Standing]) -> None:
    """Give the tables their new size, and take them off ``source``, whose cells then come without them."""
    names = {str(one.table.Name).lower() for one in tables}
    for table in list(source.ListObjects):
        if str(table.Name).lower() in names:
            table.Unlist()
    target.Cells.UnMerge()
    target.Cells.FormatConditions.Delete()
    target.Cells.Validation.Delete()
    target.Cells.SparklineGroups.Clear()
    target.Cells.ClearComments()
    for one in tables:
        if one.table.Range.Address != one.cells:
            one.table.Resize(target.Range(one.cells))


def show_all(table: Any) -> None:
    """Show the rows that the table's filters hide; they are noted before."""
    if table.ShowAutoFilter and table.AutoFilter.FilterMode:
        table.AutoFilter.ShowAllData()


def filter_again(one: Standing) -> None:
    """Filter the new rows as the old ones were."""
    for wanted in one.filters:
        first, second = wanted.criteria
        named = {"Criteria1": first} | ({"Operator": wanted.operator} if wanted.operator else {})
        named |= {"Criteria2": second} if second is not None else {}
        one.table.Range.AutoFilter(Field=wanted.column, **named)


def _same(there: Any, here: Any) -> bool:
    """Whether the header row is the same, cell for cell, and the total row where it was."""
    head, ours = there.HeaderRowRange, here.HeaderRowRange
    if head.Address != ours.Address or head.Value != ours.Value or there.ShowTotals != here.ShowTotals:
        return False
    return not here.ShowTotals or there.Range.Address == here.Range.Address


def _filters(table: Any) -> Iterator[Filter]:
    """By column. A filter by colour, and one by groups of dates, which Excel does not tell, is lost."""
    if not (table.ShowAutoFilter and table.AutoFilter.FilterMode):
        return
    for column in range(1, table.ListColumns.Count + 1):
        one = table.AutoFilter.Filters(column)
        if one.On and one.Operator not in COLOURS_AND_ICONS:
            with contextlib.suppress(Exception):
                second = one.Criteria2 if one.Operator in (1, 2) else None  # xlAnd, xlOr
                yield Filter(column, (one.Criteria1, second), one.Operator)
