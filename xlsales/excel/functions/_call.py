"""One call of a function: cells in, cells out.

An error is one readable cell, ``XS: what happened. what to do``. The language is that of the workbook's
settings sheet where it states one, else that of the headers. Of a fault of our own the cell says the log
that it left, never a traceback.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError, XlsalesError
from xlsales.excel.functions import _read
from xlsales.excel.functions._declare import Spill, Words
from xlsales.language import spoken, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.analysis import Understood
    from xlsales.excel.functions._declare import Argument, Function
    from xlsales.language import Language
    from xlsales.tables.live import Cells

Rows = list[list[Any]]
"""What spills: rows of one length of numbers, texts, dates and None for blank."""

MARK = "XS: "
MOST_BLANKS = 100_000
"""A range of more cells spills no blanks for those below its last value."""

_CHINESE = re.compile(r"[㐀-鿿]")


def call(
    function: Function,
    given: Sequence[Cells | None],
    book: Understood | None = None,
    lang: Language | None = None,
) -> Rows:
    """What ``function`` gives for its arguments in order, None for one left out.

    ``book`` is what the last refresh of the calling workbook understood, for the functions that ask; ``lang``
    is None for the language of the headers. What cannot be used is said in the cell; only a fault of our own
    is raised.
    """
    import numpy as np

    lang = lang or (language(given) if book is None else _spoken_in(book))
    try:
        arguments = _taken(function, given)
        with np.errstate(all="ignore"):  # a number beyond all bounds is a blank, and needs no warning
            if function.each:
                result = _each(function, arguments, lang)
            else:
                result = _once(function, arguments, lang, book)
    except XlsalesError as error:
        return [[said(error, function, lang)]]
    return [list(row) for row in result] or [[None]]


def language(given: Sequence[Cells | None]) -> Language:
    """That of the headers; without a range that begins with text, that of the arguments or the machine."""
    ranges = [cells for cells in given if cells and not cells.single]
    heads = [next((text for row in cells.rows if (text := _words(row))), "") for cells in ranges]
    singles = [_words((cells.value,)) for cells in given if cells and cells.single]
    if _CHINESE.search("".join(heads)) or (not any(heads) and _CHINESE.search("".join(singles))):
        return "zh"
    return "en" if any(heads) else spoken()


def _spoken_in(book: Understood) -> Language:
    """The language of the headers that were recognised in the workbook."""
    headers = "".join(match.header for raw in book.survey.tables for match in raw.matches)
    return "zh" if _CHINESE.search(headers) else "en"


def _words(row: Sequence[Any]) -> str:
    return "".join(value for value in row if type(value) is str)


def said(error: Exception, function: Function, lang: Language) -> str:
    """The error as the cell says it."""
    if isinstance(error, XlsalesError):
        what, do = error.what(lang), error.do(lang)
    else:
        from xlsales.faults import write_log

        log = write_log(error, function.name)
        what, do = text(lang, "cells.crash.what", id=log.stem), text(lang, "cells.crash.do", log=log)
    return f"{MARK}{what}{'' if lang == 'zh' else ' '}{do}"


def _taken(function: Function, given: Sequence[Cells | None]) -> dict[Argument, Cells | None]:
    taken = dict(zip_longest(function.arguments, given))
    for argument, cells in taken.items():
        if cells is None and argument.required:
            raise UsageError("cell_missing", argument=argument.name, function=function.name)
    return taken


def _once(
    function: Function, given: Mapping[Argument, Cells | None], lang: Language, book: Understood | None
) -> Rows:
    """Ask once, with lists and tables whole and everything else as one cell; blank where a needed one is."""
    arguments = _whole(given)
    for argument, cells in given.items():
        if argument.name not in arguments:
            arguments[argument.name] = _single(argument, cells)
            if arguments[argument.name] is None and argument.required:
                return [[None]]
    return rows_of(function.run(*([book] if function.workbook else []), **arguments), lang)


def _whole(given: Mapping[Argument, Cells | None]) -> dict[str, Any]:
    """The lists and tables among the arguments; a default where one is left out."""
    arguments: dict[str, Any] = {}
    ranges: dict[Argument, Cells] = {}
    for argument, cells in given.items():
        if argument.kind == "table" or (_read.is_list(argument) and cells is None):
            arguments[argument.name] = cells if cells is not None else argument.default
        elif _read.is_list(argument) and cells is not None:
            ranges[argument] = cells
    return arguments | _read.lists(ranges)


def _single(argument: Argument, cells: Cells | None) -> Any:
    if cells is not None and not cells.single:
        raise UsageError("cell_not_one", argument=argument.name, height=cells.height, width=cells.width)
    value = None if cells is None else _read.cell(argument, cells.value)
    return argument.default if value is None and not argument.required else value


def _each(function: Function, given: Mapping[Argument, Cells | None], lang: Language) -> Rows:
    """Ask once per cell: single cells and rows or columns of one are repeated, as Excel does."""
    whole = _whole(given)
    asked = {argument: cells for argument, cells in given.items() if argument.name not in whole}
    shapes = [_shape(cells) for cells in asked.values() if cells is not None]
    height, width = (max((shape[side] for shape in shapes), default=1) for side in (0, 1))
    _check_shapes(asked)
    answers = [
        [_answer(function, whole, asked, (row, column), lang) for column in range(width)]
        for row in range(height)
    ]
    wide = max(len(answer) for line in answers for answer in line)
    if wide == 1:
        return [[one for (one,) in line] for line in answers]
    return [list(answer) + [None] * (wide - len(answer)) for line in answers for answer in line]


def _shape(cells: Cells) -> tuple[int, int]:
    """The shape of an answer per cell: that of the range, of a whole column as far as it is filled."""
    if cells.height * cells.width <= MOST_BLANKS:
        return cells.height, cells.width
    return max(len(cells.rows), 1), max([1, *map(len, cells.rows)])


def _check_shapes(asked: Mapping[Argument, Cells | None]) -> None:
    there = {argument.name: cells for argument, cells in asked.items() if cells is not None}
    heights = {cells.height for cells in there.values()} - {1}
    widths = {cells.width for cells in there.values()} - {1}
    if len(heights) > 1 or len(widths) > 1:
        named = ", ".join(f"{name} {cells.height}×{cells.width}" for name, cells in there.items())
        raise UsageError("cell_lengths_differ", ranges=named)


def _answer(
    function: Function,
    whole: Mapping[str, Any],
    asked: Mapping[Argument, Cells | None],
    place: tuple[int, int],
    lang: Language,
) -> tuple[Any, ...]:
    """The answer for one cell; blank where a needed cell is, and the error where one cannot be used."""
    arguments = dict(whole)
    try:
        for argument, cells in asked.items():
            value = None if cells is None else _read.cell(argument, _at(cells, *place))
            if value is None:
                if argument.required:
                    return (None,)
                value = argument.default
            arguments[argument.name] = value
        answer = function.run(**arguments)
    except XlsalesError as error:
        return (said(error, function, lang),)
    return tuple(shown(one, lang) for one in (answer if isinstance(answer, tuple) else (answer,)))


def _at(cells: Cells, row: int, column: int) -> Any:
    row, column = (0 if cells.height == 1 else row), (0 if cells.width == 1 else column)
    if row >= len(cells.rows) or column >= len(cells.rows[row]):
        return None
    return cells.rows[row][column]


def rows_of(result: Any, lang: Language) -> Rows:
    """A result as it spills: a table under its titles, a tuple as a row, anything else as one cell."""
    if isinstance(result, Spill):
        titles: list[Any] = [column[lang == "en"] for column in result.columns]
        return [titles, *([shown(value, lang) for value in row] for row in result.rows)]
    rows = result if isinstance(result, list) else [result if isinstance(result, tuple) else (result,)]
    return [[shown(value, lang) for value in row] for row in rows]


def shown(value: Any, lang: Language) -> Any:
    """A value as Excel takes it: plain numbers, text, days as datetimes, None for everything missing."""
    from xlsales.report.formats import is_blank

    if value is None or type(value) is str or type(value) is bool:
        return value
    if isinstance(value, Words):
        return value.zh if lang == "zh" else value.en
    if is_blank(value):
        return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell's day has no zone
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, bool | str) else float(value)
