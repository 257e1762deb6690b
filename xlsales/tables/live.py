"""Cells as a running Excel gives them, and the text that reading them from the file would give.

Excel hands out numbers as floats, dates as datetimes, errors as codes and blanks as nothing. ``Cells``
holds them tidied; ``sheet_text`` makes of them the same text that ``sources`` reads from a saved file, so
that a range is recognised exactly as its sheet is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODES = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!",
    2042: "#N/A", 2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!",
    2048: "#UNKNOWN!", 2049: "#FIELD!", 2050: "#CALC!",
}  # fmt: skip
"""The members of Excel's XlCVError and what a cell shows for them."""

_LEAP_SLIP = datetime(1900, 3, 1)  # noqa: DTZ001 - a cell's time has no zone
"""Before this day COM dates lie one day before Excel's own, which has a 29 February 1900."""


class CellError(str):
    """An Excel error as the cell shows it: ``#N/A``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"CellError({str(self)!r})"


ERRORS = {code - 2_146_828_288: CellError(shown) for code, shown in _CODES.items()}

Value = str | float | bool | datetime | CellError | None


@dataclass(frozen=True)
class Cells:
    """A rectangle of cells without its trailing blank rows and columns.

    ``height`` and ``width`` are as it was given, with them. ``sheet``, ``row`` (1-based) and ``column``
    (0-based) say where it lies; a rectangle that lies nowhere, as one that a formula made, has no sheet.
    """

    rows: tuple[tuple[Value, ...], ...]
    height: int
    width: int
    sheet: str = ""
    row: int = 1
    column: int = 0

    @cached_property
    def digest(self) -> bytes:
        """What tells this content from any other: kinds count, so 1, TRUE and "1" differ."""
        shape = f"{self.height}x{self.width}:"
        return sha256((shape + repr(self.rows)).encode("utf-8", "surrogatepass")).digest()

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.height == self.width == 1

    @property
    def value(self) -> Value:
        """The first cell."""
        return self.rows[0][0] if self.rows else None

    @property
    def flat(self) -> list[Value]:
        """All cells, row by row; a row or column as it runs."""
        return [value for row in self.rows for value in row]


def cells(raw: Any, sheet: str = "", row: int = 1, column: int = 0) -> Cells:
    """What a range's ``Value`` or an array argument holds: a scalar, a row, or rows of equal length."""
    if not isinstance(raw, list | tuple):
        raw = ((raw,),)
    elif not raw or not isinstance(raw[0], list | tuple):
        raw = (raw,)
    rows = [tuple(map(_tidy, line)) for line in raw]
    height, width = len(rows), max(map(len, rows), default=0)
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    filled = max((k + 1 for line in rows for k, value in enumerate(line) if value is not None), default=0)
    if filled < width:
        rows = [line[:filled] for line in rows]
    return Cells(tuple(rows), height, width, sheet, row, column)


def sheet_text(given: Cells, sheet: str) -> SheetText:
    """The rectangle as the sheet it would be read as; ``sheet`` names one that lies on none."""
    import pandas as pd
    import pyarrow as pa

    from xlsales.tables.sources import frame

    width = max(map(len, given.rows), default=0)
    columns = []
    for k in range(width):
        texts = [cell_text(line[k]) for line in given.rows]
        try:
            columns.append(pa.array(texts, pa.string()))
        except UnicodeEncodeError:  # half of a character, as a text cut at a fixed length may end with
            whole = [one and one.encode("utf-8", "replace").decode() for one in texts]
            columns.append(pa.array(whole, pa.string()))
    wrong = [
        (at, k)
        for at, line in enumerate(given.rows)
        for k, value in enumerate(line)
        if isinstance(value, CellError)
    ]
    rows = frame(columns, [(at + 1, k) for at, k in wrong])
    rows.index = pd.Index(rows.index + (given.row - 1))
    errors = tuple((given.row + at, k) for at, k in wrong)
    return SheetText(given.sheet or sheet, given.sheet or sheet, rows, given.column, errors)


def cell_text(value: Value) -> str | None:
    """One cell as the reader of files gives it: ISO dates, plain decimals of at most nine places."""
    kind = type(value)
    if kind is str:
        return value if value and not value.isspace() else None  # type: ignore[union-attr, return-value]
    if kind is float:
        if value == (whole := int(value)):  # type: ignore[arg-type]
            return str(whole)
        return f"{value:.9f}".rstrip("0").rstrip(".")
    if value is None or kind is CellError:
        return None
    if kind is bool:
        return "true" if value else "false"
    assert isinstance(value, datetime)
    fraction = f".{value.microsecond // 1000:03}" if value.microsecond else ""
    return f"{value:%Y-%m-%d %H:%M:%S}{fraction}"


def exact(raw: Sequence[Sequence[Any]], plain: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """``raw`` with the numbers of ``plain`` (``Value2``) where Excel has cut them to four places.

    It does so for cells in a currency format, which it gives as decimals.
    """
    return [
        tuple(two if isinstance(one, Decimal) else one for one, two in zip(line, lines, strict=True))
        for line, lines in zip(raw, plain, strict=True)
    ]


def _tidy(value: Any) -> Value:
    kind = type(value)
    if kind is float or kind is bool or kind is CellError:
        return value  # type: ignore[no-any-return]
    if value is None or value == "":
        return None
    if kind is str:
        return value  # type: ignore[no-any-return]
    if isinstance(value, int):
        return ERRORS.get(value) or float(value)
    if isinstance(value, datetime):
        moment = datetime(*value.timetuple()[:6], value.microsecond)  # noqa: DTZ001
        return moment + timedelta(days=1) if moment < _LEAP_SLIP else moment
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
