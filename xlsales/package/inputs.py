"""Columns of our tables that the user fills, and what stands in them, by row.

Hidden names on the sheet tell where they are, so that they are found wherever rows and columns have moved
them: ``_xlsales.input.<table>.<column>`` is an input column, ``_xlsales.key.<table>`` the column by which
a row is known wherever sorting has put it, ``_xlsales.rows.<table>`` all cells of the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.package.book import scope
from xlsales.package.cells import contents
from xlsales.package.names import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.package.book import Book, Sheet
    from xlsales.package.cells import Content

    Inputs = Mapping[str, Mapping[str, Mapping[str, str]]]

_NAME = re.compile(rf"{re.escape(OURS)}(input|key|rows)\.([^.]+)(?:\.(.+))?")
_AREA = re.compile(r"!\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?$")
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Area:
    """A rectangle of cells; rows and columns from 1, all included."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, column: int, row: int) -> bool:
        """Whether a cell lies in it."""
        return self.left <= column <= self.right and self.top <= row <= self.bottom


@dataclass(frozen=True)
class InputTable:
    """Where a table with input columns is now. What the user deleted is not there."""

    key: str
    rows: Area | None
    known_by: Area | None
    inputs: Mapping[str, Area | None]


def input_tables(book: Book, sheet: Sheet) -> list[InputTable]:
    """The tables with input columns on a sheet, by their names."""
    found: dict[str, dict[str, dict[str, Area | None]]] = {}
    for entry in book.defined_names:
        name = _NAME.fullmatch(entry.get("name", ""))
        if name and scope(entry) == sheet.place:
            kind, table, column = name[1], name[2], name[3] or ""
            found.setdefault(table, {}).setdefault(kind, {})[column] = _area(entry.text or "")
    return [
        InputTable(table, kinds.get("rows", {}).get(""), kinds.get("key", {}).get(""), kinds.get("input", {}))
        for table, kinds in sorted(found.items())
    ]


def inputs(book: Book, sheet: Sheet) -> Inputs:
    """Table -> row key -> column -> the text that stands there, "" for nothing, of every row with a key.

    A table that lost its key or one of its input columns is not read. Of rows with the same key the
    upper one counts.
    """
    tables = input_tables(book, sheet)
    if not tables or sheet.part is None:
        return {}
    texts = {cell(address): _text(content) for address, content in contents(book, sheet.part).items()}
    return {
        table.key: _rows(table, texts) for table in tables if table.known_by and all(table.inputs.values())
    }


def cell(address: str) -> tuple[int, int]:
    """Column and row of an address, from 1."""
    found = _ADDRESS.fullmatch(address)
    return (_column(found[1]), int(found[2])) if found else (0, 0)


def _rows(table: InputTable, texts: Mapping[tuple[int, int], str]) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    if table.known_by is not None:
        for row in range(table.known_by.top, table.known_by.bottom + 1):
            if key := texts.get((table.known_by.left, row), ""):
                said = {
                    column: texts.get((area.left, row), "") for column, area in table.inputs.items() if area
                }
                rows.setdefault(key, said)
    return rows


def _text(content: Content) -> str:
    if content.kind == "b":
        return "TRUE" if content.value == "1" else "FALSE"
    if content.kind == "n":
        try:
            return f"{float(content.value):.15g}"
        except ValueError:
            return content.value
    return content.value.strip()


def _area(refers: str) -> Area | None:
    found = _AREA.search(refers)
    if found is None:
        return None
    left, top, right, bottom = found.groups()
    return Area(_column(left), int(top), _column(right or left), int(bottom or top))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
