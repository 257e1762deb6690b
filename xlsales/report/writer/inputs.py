"""The cells of a table that the user fills: where they are, and the words to choose from in them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range

from xlsales.report.figures import as_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsales.report.blocks import Table
    from xlsales.report.figures import Column
    from xlsales.report.writer.cell_rules import Frame
    from xlsales.report.writer.page import Canvas

LONGEST_LIST = 255
"""So many characters a rule may hold itself; longer lists stand on the sheet of figures."""


def write_inputs(canvas: Canvas, columns: Sequence[Column], table: Table, frame: Frame) -> None:
    """Tell where the input columns and the key are, and offer the words that are allowed."""
    first, last, left = frame
    right = left + len(columns) - 1
    canvas.inputs[f"rows.{table.key}"] = xl_range(first, left, last, right)
    for at, column in enumerate(columns, start=left):
        reference = xl_range(first, at, last, at)
        if column.is_key:
            canvas.inputs[f"key.{table.key}"] = reference
        elif column.spec.input:
            canvas.inputs[f"input.{table.key}.{column.spec.key}"] = reference
    sources: dict[tuple[str, ...], Any] = {}
    for at, top, bottom, words in _offers(table):
        if words not in sources:
            sources[words] = _source(canvas, table, words)
        rule = {"validate": "list", "source": sources[words]}
        if not table.columns[at].allowed:
            # A rule stays where it is when rows are sorted, so it may only propose.
            rule["show_error"] = False
        canvas.sheet.data_validation(first + top, left + at, first + bottom, left + at, rule)


def choices(table: Table) -> set[tuple[str, ...]]:
    """Every list of words that the table offers somewhere."""
    return {words for _, _, _, words in _offers(table)}


def fits_inline(words: Sequence[str]) -> bool:
    """Whether a rule can hold the words itself."""
    return len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words)


def _offers(table: Table) -> Iterator[tuple[int, int, int, tuple[str, ...]]]:
    """Column, first and last row, counted from 0 in the table, and the words allowed there."""
    for at, column in enumerate(table.columns):
        if not column.input:
            continue
        row = 0
        for words, group in groupby(table.rows, key=lambda values: as_cell(values[at]).allowed):
            count = len(list(group))
            if words or column.allowed:
                yield at, row, row + count - 1, words or column.allowed
            row += count


def _source(canvas: Canvas, table: Table, words: tuple[str, ...]) -> list[str] | str:
    if fits_inline(words):
        return list(words)
    (source,) = canvas.sources.add(table.label, [(table.label, words, "@")])
    return f"={source.range}"
