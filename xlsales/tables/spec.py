"""What a table is: canonical columns with a kind, titles in both languages, and aliases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.language import Language
    from xlsales.tables.confirmed import Confirmed

Kind = Literal["id", "text", "date", "money", "count", "percent", "stage", "flag"]
"""How the cells of a column are read: see ``xlsales.clean.parse``, one parser per kind."""

SOURCE, ROW = "_source", "_row"
"""Every table carries where each row came from: ``file!sheet``, and the row number Excel shows."""


def numbered(row: int) -> str:
    """The number of a row as Excel shows it; "" where it has none, as in CSV files that an engine reads."""
    return str(row) if row > 0 else ""


@dataclass(frozen=True)
class Column:
    """One canonical column.

    ``aliases`` are header texts as real exports write them, in any language; they are compared
    after normalisation (NFKC, case, spaces and punctuation), so each needs writing only once.
    ``product_of`` names the two columns whose product stands in when the column itself is absent.
    ``instead`` names the column that stands in for it then: a sheet that has only codes has these as names.
    ``timed`` dates keep their time of day, where a sheet has it; of all others only the day counts.
    ``values`` is the vocabulary of a stage column: canonical value -> the spellings that mean it.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    needed: bool = False
    product_of: tuple[str, str] | None = None
    instead: str | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timed: bool = False

    def title(self, lang: Language) -> str:
        """The header we write for this column."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Table:
    """One canonical table: its key, titles, what one row is, and its columns in order."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    identity: str | None = None
    """The id column that makes two equal rows the same event; without it they are only flagged."""

    def title(self, lang: Language) -> str:
        """The table's name in the user's language."""
        return self.zh if lang == "zh" else self.en

    def column(self, name: str) -> Column:
        """The column called ``name``; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.key}.{name}")


@dataclass(frozen=True)
class Match:
    """How one header of a sheet got its canonical name, or only a suggestion of one."""

    header: str
    letter: str
    how: Literal["exact", "alias", "normalised", "confirmed", "suggested", "unmapped"]
    column: str | None
    """Canonical name: applied for the first four ways, proposed for ``suggested``, else None. A header that
    the user has told us to ignore is ``confirmed`` and has none."""
    samples: tuple[str, ...] = ()
    """The first different texts below the header."""

    @property
    def applied(self) -> bool:
        """Whether the header's cells are read as those of ``column``."""
        return self.column is not None and self.how != "suggested"


def letter(column: int) -> str:
    """The letters that Excel shows above a column, which is counted from 0."""
    number, letters = column + 1, ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


@dataclass(frozen=True)
class SheetText:
    """A sheet as it was read: every cell as text, in place.

    ``rows`` is a DataFrame of str/None with integer column labels 0..n-1; its index is the row
    number that Excel shows (1-based), and ``first_column`` is the 0-based sheet column of label 0.
    Dates are ISO (``2026-03-01 00:00:00``), numbers their shortest exact decimal, booleans
    ``true``/``false``. ``errors`` are the cells that hold an Excel error, as (row, column label).
    """

    source: str
    sheet: str
    rows: pd.DataFrame
    first_column: int = 0
    errors: tuple[tuple[int, int], ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    """What the user has confirmed about headers, of this sheet and others."""
    table: str = ""
    """The key of the table that the user has said this is (see ``xlsales.tables.declared``); "" where not."""

    def letter(self, label: int) -> str:
        """The letters that Excel shows above the column with this label."""
        return letter(self.first_column + label)


@dataclass(frozen=True)
class RawTable:
    """One recognised table of one sheet, still text.

    ``frame`` has one str/None column per mapped canonical name; its index is the Excel row number.
    ``letters`` gives the sheet column of each; ``cells`` gives the addresses.
    ``skipped`` are the total, subtotal and repeated header rows that were left out: (row, label found
    there).

    A target sheet with its months side by side comes as one row per sheet row and month, so its index
    repeats; ``letters_by_row`` then gives, for ``period`` and ``target``, the sheet column of each row.
    """

    table: Table
    source: str
    sheet: str
    frame: pd.DataFrame
    letters: Mapping[str, str]
    matches: tuple[Match, ...]
    header_rows: tuple[int, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    errors: tuple[tuple[int, str], ...] = ()
    """Cells that hold an Excel error: (row, canonical name). They are null in ``frame``."""
    scale: Mapping[str, float] = field(default_factory=dict)
    """What the header or the title says about the unit of a money column: 10000 for 万元. Absent means 1."""
    letters_by_row: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    digest: str = ""
    """Of all that the sheet says (see ``xlsales.tables.digest``), once its cells have been let go."""
    rest: pd.Series | None = None
    """Per row a digest of the cells that no canonical column has: two rows may differ in those alone."""
    files: tuple[str, ...] = ()
    """The names of the files that its rows come from, where these stay in an engine."""

    def cells(self, name: str) -> list[str]:
        """The address (``G7``) of the column's cell in each row of ``frame``, in its order."""
        letters = self.letters_by_row.get(name) or (self.letters[name],) * len(self.frame)
        return [f"{letter}{row}" for letter, row in zip(letters, self.frame.index, strict=True)]
