"""Which sheet is which table: the header that explains most of a sheet, and the columns under it.

A sheet becomes a table when every needed column is there. Of several that would do, the table that
explains more headers wins, then the one that the sheet's name speaks of, then the one whose id is there,
then the first in ``TABLES``. A table that needs only one column is claimed only when no other table
explains more headers: an order list without amounts is not a list of customers. A table that is none of
``CORE`` is claimed only where something speaks for it: a header that no core table knows, or the sheet's
name. Everything else is ignored, with the reason.

A sheet of which the user has said what it is (``SheetText.table``) is that or nothing, and no other sheet is
read for that table.

Orders may be split over two sheets. One with dates and no products is the headers of another with lines and
no dates, each only where the input has the other; alone, such a sheet is what it would be otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from xlsales.tables import months
from xlsales.tables.body import anchors, data_rows
from xlsales.tables.confirmed import kin, said
from xlsales.tables.header import headers, top
from xlsales.tables.matching import fit, matches
from xlsales.tables.names import key, read_unit, stated_unit
from xlsales.tables.spec import RawTable
from xlsales.tables.specs import CORE, SHEET_WORDS, TABLES, TARGETS, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from xlsales.tables.confirmed import Confirmed
    from xlsales.tables.header import Label
    from xlsales.tables.matching import Fit
    from xlsales.tables.months import Wide
    from xlsales.tables.spec import Match, SheetText, Table

    Rows = Sequence[tuple[int, Sequence[str]]]
    Found = Sequence[RawTable | "Ignored"]

CORE_KEYS = frozenset(table.key for table in CORE)
SPLIT = ("order_headers", "order_lines")
BESIDE_ORDERS = ("contracts", "invoices")
"""Sales, too, where nothing else in the input is: then those that could be orders are."""
NEAR = 3
"""So many headers must be a table's before a sheet is said to be nearly one that is not of ``CORE``."""

_RUNNING_NUMBER = {key(header) for header in ("序号", "行号", "No.", "#", "Index", "Row", "Line")}

Reason = Literal["empty", "no_header", "missing_columns", "no_year", "months_unclear", "elsewhere"]
"""Why a sheet is no table; a key of ``[ignored]`` in the wording.

no_header: nowhere two headers that one table knows. no_year: months side by side and no year anywhere.
months_unclear: months side by side that may be results as well as targets. elsewhere: the rows of its table
are declared to live somewhere else."""


@dataclass(frozen=True)
class Ignored:
    """A sheet that is none of ours: why, the table it comes nearest to, and what its headers meant there."""

    source: str
    sheet: str
    reason: Reason
    table: str | None = None
    matches: tuple[Match, ...] = ()
    missing: tuple[str, ...] = ()
    """The needed columns of that table which no header names."""


@dataclass(frozen=True)
class Survey:
    """Every sheet, as its tables (mostly one) or as ignored, in the order the sheets were given."""

    tables: tuple[RawTable, ...]
    ignored: tuple[Ignored, ...]


def survey(sheets: Sequence[SheetText], confirmed: Sequence[Confirmed] = ()) -> Survey:
    """Recognise every sheet. Never raises on what a sheet holds; blank sheets are listed as empty.

    ``confirmed`` headers of any source come over every guess.
    """
    sheets = [replace(sheet, confirmed=tuple(confirmed)) for sheet in sheets]
    declared = [_recognise(sheet, [table(sheet.table)]) for sheet in sheets if sheet.table]
    elsewhere = {sheet.table for sheet in sheets if sheet.table}
    sheets = [sheet for sheet in sheets if not sheet.table]
    found = [_recognise(sheet, TABLES) for sheet in sheets]
    if _finds(found, "order_lines") and any(_is_header(it) for one in found for it in one):
        found = [[_as_header(it) for it in one] for one in found]
    else:
        found = _again(sheets, found, SPLIT)
    if not _finds(found, "orders", "order_headers") and "orders" not in elsewhere:
        orders = _again(sheets, found, (*SPLIT, *BESIDE_ORDERS))
        found = [new if _finds([new], "orders") else old for new, old in zip(orders, found, strict=True)]
    found = [*declared, *([_unless_elsewhere(it, elsewhere) for it in one] for one in found)]
    return Survey(
        tuple(it for one in found for it in one if isinstance(it, RawTable)),
        tuple(it for one in found for it in one if isinstance(it, Ignored)),
    )


def _unless_elsewhere(it: RawTable | Ignored, elsewhere: set[str]) -> RawTable | Ignored:
    if isinstance(it, Ignored) or kin(it.table.key) not in elsewhere:
        return it
    return Ignored(it.source, it.sheet, "elsewhere", it.table.key, it.matches)


def _finds(found: Sequence[Found], *keys: str) -> bool:
    return any(isinstance(it, RawTable) and it.table.key in keys for one in found for it in one)


def _again(sheets: Sequence[SheetText], found: Sequence[Found], without: tuple[str, ...]) -> list[Found]:
    """The sheets that are one of the tables ``without``, recognised among all others."""
    others = [table for table in TABLES if table.key not in without]
    return [
        _recognise(sheet, others) if _finds([one], *without) else one
        for sheet, one in zip(sheets, found, strict=True)
    ]


def _is_header(it: RawTable | Ignored) -> bool:
    """Whether a table is the headers of orders: one row per order, and not a word of what was sold."""
    if not isinstance(it, RawTable) or it.table.key not in ("order_headers", "orders"):
        return False
    return "order_id" in it.letters and not {"product", "quantity", "unit_price"} & set(it.letters)


def _as_header(it: RawTable | Ignored) -> RawTable | Ignored:
    return replace(it, table=table("order_headers")) if isinstance(it, RawTable) and _is_header(it) else it


def _recognise(sheet: SheetText, tables: Sequence[Table]) -> Found:
    if sheet.rows.empty:
        return [Ignored(sheet.source, sheet.sheet, "empty")]
    rows = top(sheet)
    fits = [fit(header, table, said(sheet, header, table)) for header in headers(rows) for table in tables]
    core = [it for it in fits if it.table.key in CORE_KEYS]
    others = [it for it in fits if it.table.key not in CORE_KEYS]
    most, most_of_core = _most(fits), _most(core)
    claims = [it for it in core if _claims(it, most_of_core)]
    claims += [it for it in others if _claims(it, most) and (sheet.table or _speaks(it, sheet.sheet))]
    surely = any(it.table.key in CORE_KEYS or not _needs_one(it) for it in claims)
    if not surely and (wides := list(filter(None, map(months.wide, _targets(core))))):
        return _wide(sheet, max(wides, key=lambda it: (len(it.months), len(it.dimensions))), rows)
    if claims:
        parts = [_long(part, found, top(part)) for found, part in _sections(sheet, claims)]
        return [raw for raw in parts if len(raw.frame)] or parts[:1]
    near = fits if most >= NEAR else core
    if _most(near) < 2:
        return [Ignored(sheet.source, sheet.sheet, "no_header")]
    nearest = max(near, key=lambda it: (len(it.columns), -len(it.missing), -len(it.header.rows)))
    return [_ignored(sheet, nearest, "missing_columns")]


def _targets(fits: Sequence[Fit]) -> list[Fit]:
    return [it for it in fits if it.table is TARGETS]


def _most(fits: Sequence[Fit]) -> int:
    return max((len(it.columns) for it in fits), default=0)


def _sections(sheet: SheetText, claims: Sequence[Fit]) -> Iterator[tuple[Fit, SheetText]]:
    """Each table on the sheet with its rows: usually one; several where tables stand below each other.

    A header that repeats one above it, as at a page break, begins nothing.
    """
    taken: set[int] = set()
    standing: dict[tuple[str, ...], Fit] = {}
    for claim in sorted(claims, key=lambda it: _merit(it, sheet.sheet), reverse=True):
        if taken.isdisjoint(claim.header.rows):
            taken.update(claim.header.rows)
            standing.setdefault(tuple(label.text for label in claim.header.labels), claim)
    from_top = sorted(standing.values(), key=lambda it: it.header.rows)
    starts = [0, *(it.header.rows[0] for it in from_top[1:]), math.inf]
    for claim, start, end in zip(from_top, starts, starts[1:], strict=False):
        rows = sheet.rows.loc[start : end - 1]
        errors = tuple((row, label) for row, label in sheet.errors if start <= row < end)
        yield claim, replace(sheet, rows=rows, errors=errors)


def _claims(found: Fit, most: int) -> bool:
    if found.missing or len(found.columns) < 2:
        return False
    return not _needs_one(found) or len(found.columns) == most


def _needs_one(found: Fit) -> bool:
    return sum(column.needed for column in found.table.columns) == 1


def _speaks(found: Fit, sheet: str) -> bool:
    """Whether anything says that this is the table, and not only that it may be."""
    return found.telling or found.table.key in SPLIT or _named(found.table, sheet)


def _named(table: Table, sheet: str) -> bool:
    return any(word in sheet.casefold() for word in SHEET_WORDS[table.key])


def _merit(found: Fit, sheet: str) -> tuple[int, bool, bool, bool, int]:
    return (
        len(found.columns),
        _named(found.table, sheet),
        found.table.identity in found.columns,
        found.header.merged,
        -len(found.header.rows),
    )


def _long(sheet: SheetText, found: Fit, top_rows: Rows) -> RawTable:
    """A table whose rows are the sheet's rows."""
    import pandas as pd

    table = found.table
    named = dict(found.columns)
    if "product_id" in named and any(column.name == "product" for column in table.columns):
        named.setdefault("product", named["product_id"])  # where things have no names, their codes name them
    columns = {c.name: named[c.name].column for c in table.columns if c.name in named}
    rows, skipped = data_rows(sheet, found.header, columns, anchors(table, columns))
    frame = pd.DataFrame({name: rows[label] for name, label in columns.items()})
    if table is TARGETS:
        year = months.year_of(_above(found, top_rows), [sheet.sheet])
        frame["period"] = months.complete(frame["period"], rows, months.year_column(found.header), year)
    return RawTable(
        table,
        sheet.source,
        sheet.sheet,
        frame,
        {name: sheet.letter(label) for name, label in columns.items()},
        matches(found, sheet),
        found.header.rows,
        skipped,
        _errors(sheet, frame, {label: name for name, label in columns.items()}),
        _scale(table, found.columns, _above(found, top_rows)),
        rest=_rest(rows, found, set(columns.values())),
    )


def is_running_number(header: str) -> bool:
    """Whether a column of this name numbers the rows, which tells no two of them apart."""
    return key(header) in _RUNNING_NUMBER


def _rest(rows: pd.DataFrame, found: Fit, mapped: set[int]) -> pd.Series | None:
    """A digest of each row's other cells, but for its running number, which tells no two rows apart."""
    from pandas.util import hash_pandas_object

    running = {label.column for label in found.header.labels if is_running_number(label.text)}
    others = [label for label in map(int, rows.columns) if label not in mapped and label not in running]
    return hash_pandas_object(rows[others].fillna(""), index=False) if others else None


def _wide(sheet: SheetText, wide: Wide, top_rows: Rows) -> list[RawTable] | list[Ignored]:
    """Targets whose months stand side by side."""
    found = wide.found
    above = _above(found, top_rows)
    texts = [label.text for label in found.header.labels]
    rows, skipped = data_rows(sheet, found.header, wide.columns, ())
    measures = rows[wide.dimensions["metric"]].dropna().unique() if "metric" in wide.dimensions else ()
    if months.unclear(wide, [*above, *texts, *measures, sheet.sheet, sheet.source]):
        return [_ignored(sheet, found, "months_unclear")]
    year = months.year_of(above, texts, [sheet.sheet])
    if year is None and wide.year_column is None and not wide.dated:
        return [_ignored(sheet, found, "no_year")]
    frame, letters = months.melt(rows, wide, year, sheet)
    first = min(wide.months)
    own = {name: sheet.letter(label) for name, label in wide.dimensions.items()}
    target = {"target": next(label for label in found.header.labels if label.column == first)}
    table = RawTable(
        TARGETS,
        sheet.source,
        sheet.sheet,
        frame,
        own | dict.fromkeys(("period", "target"), sheet.letter(first)),
        tuple(_month_match(match, wide, sheet) for match in matches(found, sheet)),
        found.header.rows,
        skipped,
        _errors(sheet, frame, {label: name for name, label in wide.dimensions.items()})
        + _errors(sheet, frame, dict.fromkeys(wide.months, "target")),
        _scale(TARGETS, target, above),
        dict.fromkeys(("period", "target"), tuple(letters)),
    )
    return [table]


def _month_match(match: Match, wide: Wide, sheet: SheetText) -> Match:
    if match.letter in {sheet.letter(label) for label in wide.months}:
        return replace(match, how="normalised", column="target")
    if match.column == "target":
        return replace(match, how="unmapped", column=None)
    return match


def _ignored(sheet: SheetText, nearest: Fit, reason: Reason) -> Ignored:
    return Ignored(
        sheet.source, sheet.sheet, reason, nearest.table.key, matches(nearest, sheet), nearest.missing
    )


def _above(found: Fit, rows: Rows) -> list[str]:
    """The texts of the title rows."""
    return [text for number, texts in rows if number < found.header.rows[0] for text in texts if text]


def _errors(sheet: SheetText, frame: pd.DataFrame, names: Mapping[int, str]) -> tuple[tuple[int, str], ...]:
    kept = set(frame.index) if sheet.errors else set()
    return tuple((row, names[label]) for row, label in sheet.errors if label in names and row in kept)


def _scale(table: Table, columns: Mapping[str, Label], above: Sequence[str]) -> dict[str, float]:
    """The unit of each money column where it is not 1: from its header, else from a title row.

    Inhabitants are counted in units too, but only their own header says so.
    """
    stated = next((unit for text in above if (unit := stated_unit(text)) is not None), None)
    scale: dict[str, float] = {}
    for column in table.columns:
        if column.kind == "money" and column.name in columns:
            unit = read_unit(columns[column.name].text)[1]
            factor = stated if unit is None else unit
            if factor is not None and factor != 1:
                scale[column.name] = factor
        if column.name == "population" and column.name in columns:
            scale[column.name] = read_unit(columns[column.name].text)[1] or 1.0
    return scale
