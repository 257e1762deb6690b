"""What a function is called with, made of cells: numbers, texts, dates, and lists of them.

A cell may hold a number as text (￥1.2万), a date as text or serial, a blank or an error: each is read by
the same parsers as a sheet. What cannot be read raises ``UsageError``, which names the argument.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xlsales.clean.parse._distinct import narrow, tidy
from xlsales.clean.parse.dates import dates
from xlsales.clean.parse.numbers import numbers as parse_numbers
from xlsales.errors import UsageError
from xlsales.excel.functions._declare import LISTS
from xlsales.tables.live import CellError, cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.excel.functions._declare import Argument
    from xlsales.tables.live import Cells, Value

NOT_AVAILABLE = "#N/A"
"""Formulas use it to say that there is nothing; so it is a blank."""


def cell(argument: Argument, value: Value) -> Any:
    """One cell as the argument's kind; None where it says nothing."""
    if value is None or value == NOT_AVAILABLE:
        return None
    if isinstance(value, CellError):
        raise UsageError("cell_is_error", argument=argument.name, value=str(value))
    if argument.kind == "number":
        return _number(argument, value)
    if argument.kind == "day":
        return _day(argument, value)
    words = tidy(cell_text(value) or "")
    if argument.kind == "choice" and words is not None:
        chosen = next((one for one in argument.values if one == words.casefold()), None)
        if chosen is None:
            known = ", ".join(argument.values)
            raise UsageError("unknown_value", option=argument.name, value=words, known=known)
        return chosen
    return words


def lists(given: Mapping[Argument, Cells]) -> dict[str, list[Any]]:
    """The list arguments of one call, row by row beside each other.

    A first cell that is text above numbers or dates is a header, and takes the first cell of the others
    with it. Blank ends are made up to the longest. Raises ``UsageError`` where the ranges are not as long
    as each other, and naming the first cell that cannot be read.
    """
    if not given:
        return {}
    lengths = {cells.height * cells.width for cells in given.values()}
    if len(lengths) > 1:
        names = ", ".join(
            f"{argument.name} {cells.height}×{cells.width}" for argument, cells in given.items()
        )
        raise UsageError("cell_lengths_differ", ranges=names)
    flat = {argument: cells.flat for argument, cells in given.items()}
    longest = max(map(len, flat.values()))
    flat = {argument: values + [None] * (longest - len(values)) for argument, values in flat.items()}
    headed = any(_headed(argument, values) for argument, values in flat.items())
    return {
        argument.name: _column(argument, values[headed:], 1 + headed) for argument, values in flat.items()
    }


def is_list(argument: Argument) -> bool:
    """Whether the argument is a whole range read as a list."""
    return argument.kind in LISTS


def _headed(argument: Argument, values: Sequence[Value]) -> bool:
    if argument.kind == "texts" or len(values) < 2 or type(values[0]) is not str:
        return False
    words = tidy(values[0])
    return words is not None and _read_texts(argument, [words])[0] is None


def _column(argument: Argument, values: Sequence[Value], first: int) -> list[Any]:
    """The cells as values. Texts are read together, as one column's decimal mark or date order is one."""
    made: list[Any] = list(values)
    written: list[int] = []
    for at, value in enumerate(values):
        if value == NOT_AVAILABLE:
            made[at] = None
        elif isinstance(value, CellError):
            raise UsageError(
                "cell_in_list_is_error", argument=argument.name, place=first + at, value=str(value)
            )
        elif argument.kind == "texts":
            made[at] = tidy(cell_text(value) or "")
        elif argument.kind == "numbers" and isinstance(value, bool):
            made[at] = float(value)
        elif type(value) is str:
            made[at] = tidy(value)
            if made[at] is not None:
                written.append(at)
        elif argument.kind == "days" and value is not None:
            made[at] = value.date() if isinstance(value, datetime) else value
            if isinstance(value, float):
                made[at] = cell_text(value)
                written.append(at)
        elif isinstance(value, datetime):
            raise UsageError(
                "cell_in_list_unread", argument=argument.name, place=first + at, value=f"{value:%Y-%m-%d}"
            )
    for at, value in zip(written, _read_texts(argument, [made[at] for at in written]), strict=True):
        if value is None:
            raise UsageError(
                "cell_in_list_unread", argument=argument.name, place=first + at, value=str(values[at])
            )
        made[at] = value
    return made


def _read_texts(argument: Argument, texts: list[str]) -> list[Any]:
    if not texts:
        return []
    if argument.kind == "days":
        return list(dates(texts).values)
    shares = [narrow(one).endswith("%") for one in texts]
    bare = [one[:-1] if share else one for one, share in zip(texts, shares, strict=True)]
    values = parse_numbers(bare).values
    return [
        value if value is None or not share else round(value / 100, 12)
        for value, share in zip(values, shares, strict=True)
    ]


def _number(argument: Argument, value: Value) -> float | None:
    if isinstance(value, float | bool):
        return float(value)
    if isinstance(value, str):
        words = tidy(value)
        if words is None:
            return None
        read = _read_texts(argument, [words])[0]
        if read is not None:
            return float(read)
    raise UsageError("cell_not_number", argument=argument.name, value=cell_text(value) or "")


def _day(argument: Argument, value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    words = tidy(cell_text(value) or "")
    if words is None:
        return None
    read = dates([words]).values[0]
    if not isinstance(read, date):
        raise UsageError("cell_not_date", argument=argument.name, value=words)
    return read
