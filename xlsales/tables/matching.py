"""How the headers of a sheet become the columns of one table: exact, alias, normalised, else suggested."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlsales.tables import specs
from xlsales.tables.names import key
from xlsales.tables.spec import Match

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.tables.header import Header, Label
    from xlsales.tables.spec import SheetText, Table

How = Literal["exact", "alias", "normalised", "confirmed", "suggested", "unmapped"]
NOTHING: Mapping[str, str] = MappingProxyType({})
SAMPLES, LOOKED_AT, LONGEST_SAMPLE = 2, 200, 40
"""So many texts of a column are shown, from so many rows, of so many characters."""
SIMILAR = 0.75
"""How alike (difflib ratio) a header and a known name must be to suggest one for the other."""


class Known(NamedTuple):
    """A name that a table knows: its column, its place (titles 0, aliases from 1), and as it is listed."""

    column: str
    preference: int
    spelling: str


class Claim(NamedTuple):
    """A header that names a column. Claims sort: confirmed ones, titles, aliases in order, by how, then left.

    So ``OrderDate``, the title but for its spelling, comes before ``OrderDateKey``, an alias to the letter.
    """

    preference: int
    rank: int
    label: int
    column: str

    @property
    def how(self) -> Literal["exact", "alias", "normalised", "confirmed"]:
        """The way in words."""
        return ("exact", "alias", "normalised", "confirmed")[self.rank]


@dataclass(frozen=True)
class Fit:
    """One header read as one table: which label gives each column, and every label's claim."""

    table: Table
    header: Header
    columns: Mapping[str, Label]
    claims: Mapping[int, Claim]
    meaningless: frozenset[int] = frozenset()
    """Labels that the user has told us to ignore."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed columns that are not there and cannot be computed either."""
        return tuple(
            column.name
            for column in self.table.columns
            if column.needed
            and column.name not in self.columns
            and not (column.product_of and all(name in self.columns for name in column.product_of))
        )

    @property
    def telling(self) -> bool:
        """Whether a header gives a column by a name that ``CORE`` does not know, or by the user's word."""
        names = known(self.table.key)
        return any(claim.how == "confirmed" for claim in self.claims.values()) or any(
            next(it for name in label.names if (it := key(name)) in names) not in core_names()
            for label in self.columns.values()
        )


@cache
def core_names() -> frozenset[str]:
    """Every name that one of the ``CORE`` tables knows, normalised."""
    return frozenset(name for table in specs.CORE for name in known(table.key))


@cache
def known(table: str) -> Mapping[str, Known]:
    """Every name of the table's columns, normalised: titles first, then the aliases in their order."""
    names: dict[str, Known] = {}
    for column in specs.table(table).columns:
        for title in (column.name, column.zh, column.en):
            names.setdefault(key(title), Known(column.name, 0, title))
        for preference, alias in enumerate(column.aliases, start=1):
            names.setdefault(key(alias), Known(column.name, preference, alias))
    return names


def fit(header: Header, table: Table, confirmed: Mapping[str, str] = NOTHING) -> Fit:
    """Read ``header`` as ``table``. Of two labels for a column the ``Claim`` that sorts first has it.

    ``confirmed`` says of header texts which column they are, "" for none.
    """
    said: dict[int, str] = {}  # of several labels with one text the first
    for label in header.labels:
        column = next((confirmed[name] for name in label.names if name in confirmed), None)
        if column is not None and (not column or column not in said.values()):
            said[label.column] = column
    claims = {label.column: claim for label in header.labels if (claim := _claim(label, table, said))}
    labels = {label.column: label for label in header.labels}
    columns: dict[str, Label] = {}
    for claim in sorted(claims.values()):
        columns.setdefault(claim.column, labels[claim.label])
    meaningless = {label for label, column in said.items() if not column}
    return Fit(table, header, columns, claims, frozenset(meaningless))


def matches(found: Fit, sheet: SheetText) -> tuple[Match, ...]:
    """Every label and what became of it, from left to right.

    A label that lost its column to a better one, or only resembles the name of a column that no label
    has, is a suggestion.
    """
    free = [name for name, it in known(found.table.key).items() if it.column not in found.columns]

    def meant(label: Label) -> tuple[How, str | None]:
        if label.column in found.meaningless:
            return "confirmed", None
        if claim := found.claims.get(label.column):
            won = found.columns[claim.column] is label
            return claim.how if won else "suggested", claim.column
        for name in label.names:
            if near := get_close_matches(key(name), free, 1, SIMILAR):
                return "suggested", known(found.table.key)[near[0]].column
        return "unmapped", None

    return tuple(
        Match(label.text, sheet.letter(label.column), *meant(label), _samples(sheet, found.header, label))
        for label in found.header.labels
    )


def _samples(sheet: SheetText, header: Header, label: Label) -> tuple[str, ...]:
    """The first different texts below a header; a day without its hour."""
    cells = sheet.rows[label.column].loc[header.rows[-1] + 1 :].iloc[:LOOKED_AT].dropna()
    texts = dict.fromkeys(cell.strip().removesuffix(" 00:00:00") for cell in cells)
    return tuple(text[:LONGEST_SAMPLE] for text in texts if text)[:SAMPLES]


def _claim(label: Label, table: Table, said: Mapping[int, str]) -> Claim | None:
    if label.column in said:
        return Claim(-1, 3, label.column, said[label.column]) if said[label.column] else None
    for name in label.names:
        if it := known(table.key).get(key(name)):
            column = table.column(it.column)
            exact = name in (column.name, column.zh, column.en)
            rank = 0 if exact else 1 if name == it.spelling else 2
            return Claim(it.preference, rank, label.column, it.column)
    return None
