"""A table as its cells hold it: headers with units, scaled values, live formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.report.blocks import Cell
from xlsales.report.formats import BLANK, exact_unit, header, is_blank, largest_of, money_unit, resolve, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xlsales.language import Language
    from xlsales.report.blocks import Table, TableColumn, Value
    from xlsales.report.formats import Resolved

_REFERENCE = re.compile(r"\{(\w+)\}")
SEEN = 0.1
"""Money below this share of a unit would show no digit that counts."""
NUMERIC = frozenset({"money", "count", "number", "percent", "points", "days"})


@dataclass(frozen=True)
class Column:
    """A table column with its unit; ``title`` is the header as written, unique in its table.

    ``indent`` is Excel's: text after a number or a text that fills its lines, and a number before a target
    line or a heat map, would touch without it.
    """

    spec: TableColumn
    title: str
    unit: Resolved
    indent: int = 0
    is_key: bool = False
    """Whether rows are known again by its texts, which are then never shortened."""

    @property
    def numeric(self) -> bool:
        """Whether its cells hold numbers."""
        return self.spec.format in NUMERIC

    @property
    def align(self) -> str:
        """Numbers right, text left, the heat map in the centre, unless said otherwise."""
        if self.spec.align:
            return self.spec.align
        if self.spec.heat == "block":
            return "center"
        return "right" if self.numeric else "left"

    @property
    def num_format(self) -> str:
        """The Excel number format of its cells."""
        if self.spec.heat == "block" and self.spec.format == "percent":
            return "0%"
        return self.unit.signed if self.spec.signed else self.unit.num_format

    def shown(self, value: Value | Cell) -> str:
        """What the cell shows."""
        cell = as_cell(value)
        mark = f"{cell.mark} " if cell.mark and not is_blank(cell.value) else ""
        return mark + shown(cell.value, self.num_format, self.unit.divisor)


def as_cell(value: Value | Cell) -> Cell:
    """A plain value as a cell without further meaning."""
    return value if isinstance(value, Cell) else Cell(value)


def columns_of(table: Table, lang: Language) -> tuple[Column, ...]:
    """The table's columns with their units.

    Money has one unit in a table, so that a reader can check one column against another by eye, but
    for columns too small to be seen in it and not part of a difference.
    """
    units = {spec.key: _unit(table, index, lang) for index, spec in enumerate(table.columns)}
    money = [spec for spec in table.columns if spec.format == "money" and not spec.exact]
    divisor = max((units[spec.key].divisor for spec in money), default=1.0)
    for index, spec in enumerate(table.columns):
        largest = largest_of(_values(table.rows, index))
        if spec in money and (largest >= divisor * SEEN or (spec.signed and spec.formula)):
            units[spec.key] = money_unit(divisor, largest, lang)
    titles: list[str] = []
    for spec in table.columns:
        title = " ".join(header(spec.header, units[spec.key].unit, lang).split()) or BLANK
        taken = {used.casefold() for used in titles}
        number = 2
        unique = title
        while unique.casefold() in taken:
            unique, number = f"{title} {number}", number + 1
        titles.append(unique)
    columns = [
        Column(spec, title, units[spec.key], is_key=spec.key == table.row_key)
        for spec, title in zip(table.columns, titles, strict=True)
    ]
    found = [
        replace(column, indent=_indent(column, before, after))
        for before, column, after in zip([None, *columns], columns, [*columns[1:], None], strict=False)
    ]
    return tuple([replace(found[0], indent=1), *found[1:]] if table.inset else found)


def expression(column: Column, columns: Mapping[str, Column], address: Callable[[str], str]) -> str:
    """The column's formula with the addresses of one row, corrected where units differ.

    Cells hold scaled values. Where all money in the formula, the result included, has one unit, that
    unit cancels or carries over by itself; points carry over from points. Otherwise each cell is
    brought to its raw value and the result back to its unit.
    """
    named = {name: columns[name] for name in _REFERENCE.findall(column.spec.formula)}
    raw = {name for name, other in named.items() if other.unit.divisor != 1}
    own = column.unit.divisor
    money = {name: other.unit.divisor for name, other in named.items() if other.spec.format == "money"}
    if money and len({*money.values(), own if column.spec.format == "money" else max(money.values())}) == 1:
        raw -= money.keys()
        own = 1 if column.spec.format == "money" else own
    if column.spec.format == "points" and all(other.spec.format == "points" for other in named.values()):
        raw, own = set(), 1

    def cell(match: re.Match[str]) -> str:
        name = match[1]
        return f"({address(name)}*{named[name].unit.divisor:.12g})" if name in raw else address(name)

    body = _REFERENCE.sub(cell, column.spec.formula)
    return body if own == 1 else f'IFERROR(({body})/{own:.12g},"")'


def _indent(column: Column, before: Column | None, after: Column | None) -> int:
    fills = before is not None and before.spec.wrap and not column.spec.input
    ends_here = before is not None and before.align == "right"
    touches_left = column.align == "left" and (ends_here or fills)
    touches_right = column.align == "right" and after is not None and after.spec.heat == "block"
    return int(column.spec.bar_line or touches_left or touches_right)


def _unit(table: Table, index: int, lang: Language) -> Resolved:
    """A column's unit: that of its largest value, total included, with the decimals that its rows need."""
    spec = table.columns[index]
    total = () if table.total is None else (table.total,)
    if spec.exact:
        exact = [at for at, other in enumerate(table.columns) if other.exact]
        return exact_unit((value for at in exact for value in _values((*table.rows, *total), at)), lang)
    unit = resolve(spec.format, _values((*table.rows, *total), index), lang)
    if spec.format == "money":
        return money_unit(unit.divisor, largest_of(_values(table.rows, index)), lang)
    return unit


def _values(rows: Iterable[tuple[Value | Cell, ...]], index: int) -> list[Value]:
    return [as_cell(row[index]).value for row in rows]
