"""Where everything stands on the written sheets: what a host needs to update them in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class PlacedTable:
    """An Excel table: its name and its range, header and total included (``B24:H31``)."""

    name: str
    range: str


@dataclass(frozen=True)
class PlacedChart:
    """A chart: its name, kind, the ranges its series read (``'Data'!$C$5:$C$17``), and its anchor."""

    name: str
    kind: str
    ranges: tuple[str, ...]
    anchor: str
    width: int
    height: int


@dataclass(frozen=True)
class PlacedSheet:
    """One sheet: key, final name, block ranges by block key, tables, charts, widths and heights in px.

    ``fields`` are the cells that the user fills: ``form.field`` -> ``B4``. ``inputs`` are the same of tables:
    ``input.table.column`` -> ``H9:H30``, ``key.table`` -> the column by which their rows are known, and
    ``rows.table`` -> all cells of the rows.
    """

    key: str
    name: str
    blocks: Mapping[str, str]
    tables: tuple[PlacedTable, ...]
    charts: tuple[PlacedChart, ...]
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Placement:
    """All sheets in order, and the workbook names of the key numbers (``XS_sales`` -> ``'总览'!$B$7``)."""

    sheets: tuple[PlacedSheet, ...]
    names: Mapping[str, str]

    @property
    def fields(self) -> Mapping[str, Mapping[str, str]]:
        """The cells that the user fills, by the key of their sheet."""
        return {sheet.key: sheet.fields for sheet in self.sheets if sheet.fields}

    @property
    def inputs(self) -> Mapping[str, Mapping[str, str]]:
        """The cells of tables that the user fills, by the key of their sheet."""
        return {sheet.key: sheet.inputs for sheet in self.sheets if sheet.inputs}
