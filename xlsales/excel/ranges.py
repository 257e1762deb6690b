"""Ranges of the running Excel as cells, read once per calculation pass where that cannot be wrong.

Reading a large range costs a second, so a range that ten thousand formulas refer to is read once: within
one pass (``XsPass`` of the workbook's VBA) a range without formulas and spills cannot change. Anything
else is read anew for every call: when the pass is 0, when a range holds a formula or a spill, and after a
pause, in which somebody may have interrupted the calculation to type.

A range with formulas cannot be kept for a pass, since it does change within one: Excel may call a function
before the cells that it reads are computed, with the values they had or with blanks, and calls it again once
they are. What was read the first time would then answer the second call. Nothing tells the two calls apart:
Excel says of no single cell whether it is computed, its state of calculation is that of all books together,
and to look for the formulas alone is not allowed to a function in a cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.excel.functions._memory import Kept
from xlsales.tables.live import Cells, cells, exact

if TYPE_CHECKING:
    from xlwings import Range

PAUSE = 0.2
"""Seconds without a call after which nothing is taken for unchanged."""

LARGE = 100_000
"""Cells from which on a range is cut to the used part of its sheet before it is read: whole columns are."""

_ONE_CELL = re.compile(r"[^!]*!\$[A-Z]+\$[0-9]+")
_ADDRESS = re.compile(r"'?(?:.*\])?(?P<sheet>.*?)'?!\$?(?P<letters>[A-Z]*)\$?(?P<row>\d*)")


@dataclass
class _Pass:
    """The pass of the latest call, when that was, and what was read in it by address."""

    number: int = 0
    called: float = 0.0
    read: Kept[Cells] = field(default_factory=lambda: Kept(5_000_000))


_pass = _Pass()


def begin(calculation: int) -> None:
    """A call begins in this pass; forget what an earlier pass or the time before a pause has read."""
    if calculation != _pass.number or monotonic() - _pass.called > PAUSE:
        _pass.read.clear()
        _pass.number = calculation


def end() -> None:
    """The call has ended."""
    _pass.called = monotonic()


def read(given: Range) -> Cells:
    """The cells of a range. UsageError for one of several areas, of which Excel gives only the first."""
    api = given.api
    address = given.get_address(external=True)
    if _ONE_CELL.fullmatch(address):
        return cells(_values(api))
    if _pass.number and (known := _pass.read.get(address)):
        return known
    count = api.CountLarge
    made = _read(api, address, count)
    if _pass.number and api.HasFormula is False and _spilled(api) is False:
        _pass.read.put(address, made, count)
    return made


def _read(api: Any, address: str, count: int) -> Cells:
    if api.Areas.Count > 1:
        raise UsageError("cell_several_areas", address=address)
    height, width = api.Rows.Count, api.Columns.Count
    if count > LARGE:
        api = api.Application.Intersect(api, api.Worksheet.UsedRange)
    place = _ADDRESS.match(address)
    sheet = place["sheet"].replace("''", "'") if place else ""
    if api is None:
        return Cells((), height, width, sheet)
    made = cells(_values(api), sheet, api.Row, api.Column - 1)
    return Cells(made.rows, height, width, sheet, made.row, made.column)


def _values(api: Any) -> Any:
    from decimal import Decimal

    raw = api.Value
    if isinstance(raw, Decimal):
        return api.Value2
    if isinstance(raw, tuple) and any(isinstance(value, Decimal) for line in raw for value in line):
        return exact(raw, api.Value2)
    return raw


def _spilled(api: Any) -> Any:
    """Whether spilled cells lie in the range; an Excel without spills does not know the question."""
    return getattr(api, "HasSpill", False)
