"""The clean tables as sheets: every row that counts, what cleaning changed in it, and where it is from.

The raw sheets stay as they are; these stand beside the pages, for whoever goes on working with the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.frames import conform
from xlsales.clean.joined import SPLIT, SPREAD
from xlsales.errors import InputError
from xlsales.language import text
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import pandas as pd

    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language
    from xlsales.tables.spec import Column, Table

CLEANED = "cleaned"
"""What these sheets are called together, where pages are chosen."""
KEY = "cleaned:"
"""What their keys begin with; the key of the table follows."""
ERROR = "issues.excel_error.title"
"""Why a cell is blank that held an error, which no reader gives a text for."""
INSTRUCTIONS = ("aliases", "rules", "sources")
"""Tables that say how to clean. A clean copy of them would say nothing."""
HEAD_ROWS = 5
"""Title, three lines, and the headers."""
MOST = 1_048_576 - HEAD_ROWS
"""Rows that Excel has for the rows of a table."""


@dataclass(frozen=True)
class CleanedSheet:
    """One clean table.

    ``columns`` are those of the spec that have a value, and ``frame`` has them and nothing else. ``places``
    say where each row is from, ``changes`` what was changed in it, by its number; ``changed`` are the
    numbers of the rows whose cell of a column was changed.
    """

    table: Table
    lang: Language
    lines: tuple[str, ...]
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    places: pd.Series
    changes: pd.Series
    changed: Mapping[str, np.ndarray]

    @property
    def key(self) -> str:
        """The key in the mark of the sheet."""
        return KEY + self.table.key

    @property
    def name(self) -> str:
        """The name that the sheet wishes for, which is also its title."""
        return name_of(self.table, self.lang)

    @property
    def table_name(self) -> str:
        """The name that its Excel table wishes for."""
        return f"xs_clean_{self.table.key}"

    @property
    def headers(self) -> tuple[str, ...]:
        """The titles of the columns, and of the two behind them: where a row is from, what was changed."""
        own = (text(self.lang, f"cleaned.{name}") for name in ("from", "changes"))
        return (*(column.title(self.lang) for column in self.columns), *own)

    def __len__(self) -> int:
        return len(self.frame)

    def rows(
        self, first: int, plain: Sequence[str], noticed: Sequence[str], *, date1904: bool
    ) -> Iterator[bytes]:
        """The rows as a sheet part has them; see ``xlsales.report.writer.rows``."""
        from xlsales.report.writer.rows import rows

        return rows(self, first, plain, noticed, date1904=date1904)


def name_of(table: Table, lang: Language) -> str:
    """What the sheet of a clean table is called."""
    title = table.title(lang)
    return text(lang, "cleaned.name", table=title.lower() if lang == "en" else title)


def cleaned_sheet(cleaned: Cleaned, table: Table, lang: Language) -> CleanedSheet:
    """The sheet of one table; one without rows where the input has none of it any more.

    Raises ``InputError`` for more rows than a sheet has: what adds up the ones that fit would be wrong.
    """
    import pandas as pd

    frame = cleaned.in_memory.get(table.key, conform(table, pd.DataFrame()))
    if len(frame) > MOST:
        raise InputError(
            "too_many_clean_rows", table=name_of(table, lang), rows=f"{len(frame):,}", most=f"{MOST:,}"
        )
    columns = tuple(column for column in table.columns if frame[column.name].notna().any())
    made = _made(cleaned, frame, table)
    made = made[made["field"].isin([column.name for column in table.columns])]
    changed = {
        column.name: made.loc[made["field"] == column.name, "at"].unique()
        for column in table.columns
        if (made["field"] == column.name).any()
    }
    columns = tuple(column for column in table.columns if column in columns or column.name in changed)
    return CleanedSheet(
        table,
        lang,
        _lines(cleaned, frame, made, table, lang),
        columns,
        frame[[column.name for column in columns]],
        _places(frame),
        _worded(made, table, lang),
        changed,
    )


def tables_of(cleaned: Cleaned) -> tuple[Table, ...]:
    """The tables that have a sheet: all that the input brought, but those that are instructions."""
    return tuple(
        table for table in TABLES if table.key in cleaned.in_memory and table.key not in INSTRUCTIONS
    )


def _lines(
    cleaned: Cleaned, frame: pd.DataFrame, made: pd.DataFrame, table: Table, lang: Language
) -> tuple[str, ...]:
    done = next((one for one in cleaned.reconciliations if one.table == table.key), None)
    rows = done.rows_in if done else 0
    said = {
        "rows": rows,
        "kept": len(frame),
        "gone": rows - len(frame),
        "cells": len(made.drop_duplicates(["at", "field"])),
        "changed": made["at"].nunique(),
    }
    facts = {name: f"{value:,}" for name, value in said.items()}
    return tuple(text(lang, f"cleaned.{line}", **facts) for line in ("about", "what_changed", "anew"))


def _places(frame: pd.DataFrame) -> pd.Series:
    """``sheet · row`` of every row, with the file where two files have a sheet of that name."""
    sources = [str(one) for one in frame[SOURCE].unique()]
    sheets = [source.partition("!")[2] for source in sources]
    shown = {
        source: sheet if sheets.count(sheet) == 1 else source.replace("!", " · ", 1)
        for source, sheet in zip(sources, sheets, strict=True)
    }
    return (frame[SOURCE].map(shown).astype("str") + " · " + frame[ROW].astype("str")).astype("str")


def _made(cleaned: Cleaned, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """What was done to cells of the rows that are left, by row and column.

    ``at`` (row number), ``field``, ``before``, ``after``, ``why`` (a key of the wording) and ``origin``.
    """
    import pandas as pd

    keys = (table.key, *(SPLIT if table.key == "orders" else ()))
    issues, changes = cleaned.issues, cleaned.changes
    blanked = issues[(issues["action"] == "blanked") & issues["table"].isin(keys)]
    blanked = blanked.rename(columns={"value": "before"}).assign(after="", origin="")
    blanked["why"] = "issues." + blanked["rule"] + ".title"
    done = changes[changes["table"].isin(keys)]
    done = done.assign(why="changes." + done["rule"])
    columns = ["source", "sheet", "cell", "field", "before", "after", "why", "origin"]
    said = pd.concat([blanked[columns], done[columns]], ignore_index=True).drop_duplicates()
    said = said.assign(
        place=said["source"] + "!" + said["sheet"],
        row=pd.to_numeric(said["cell"].str.extract(r"([0-9]+)$", expand=False)),
        nth=range(len(said)),
    )
    rows = pd.DataFrame(
        {"place": frame[SOURCE].astype("str"), "row": frame[ROW].astype("int64"), "at": range(len(frame))}
    )
    found = said.merge(rows, on=["place", "row"])
    if table.key == "orders" and all(key in cleaned.in_memory for key in SPLIT):
        found = pd.concat([found, _of_headers(cleaned, frame, said, rows)], ignore_index=True)
    found = found[_holds(found, frame)]
    order = {column.name: place for place, column in enumerate(table.columns)}
    found = found.assign(column=found["field"].map(order)).dropna(subset="column")
    return found.sort_values(["at", "column", "nth"], kind="stable", ignore_index=True)


def _of_headers(
    cleaned: Cleaned, frame: pd.DataFrame, said: pd.DataFrame, rows: pd.DataFrame
) -> pd.DataFrame:
    """What was done to cells of order headers, at each of the lines that have it from there.

    Money of a header is spread over its lines and stands in none of them.
    """
    headers, lines = (cleaned.in_memory[key] for key in SPLIT)
    ids = headers[[SOURCE, ROW, "order_id"]].set_axis(["place", "row", "id"], axis=1)
    own = rows.assign(id=frame["order_id"])
    own = own.loc[own["place"].isin(lines[SOURCE].unique()), ["id", "at"]].dropna()
    told = said[~said["field"].isin(("amount", *SPREAD))]
    return told.merge(ids.astype({"place": "str", "row": "int64"}), on=["place", "row"]).merge(own, on="id")


def _holds(found: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Which of what was done to a cell is true of the row.

    A blank must be one, and one row of many that come from one sheet row (targets with their months side by
    side) must have the value.
    """
    import pandas as pd

    holds = pd.Series(True, found.index)
    shared = found.duplicated(["place", "row", "nth"], keep=False)
    for field, part in found.groupby("field"):
        if field not in frame:
            continue
        now = frame[field].iloc[part["at"]].set_axis(part.index)
        holds[part.index] = (part["after"] != "") | now.isna()
        if field in ("period", "target"):
            same = pd.to_numeric(part["after"], errors="coerce") == pd.to_numeric(now, errors="coerce")
            holds[part.index] &= ~shared[part.index] | same | (part["after"] == now.astype("str"))
    return holds


def _worded(made: pd.DataFrame, table: Table, lang: Language) -> pd.Series:
    """Row number -> what was changed in it, in words."""
    blank, error = text(lang, "cleaned.blank"), text(lang, "cleaned.error")
    titles = {column.name: column.title(lang) for column in table.columns}
    reasons = {why: text(lang, why) for why in made["why"].unique()}
    opening, comma, closing = (text(lang, f"cleaned.{mark}") for mark in ("opening", "comma", "closing"))
    words = (
        made["field"].map(titles).astype("str")
        + text(lang, "cleaned.colon")
        + made["before"].where(made["before"] != "", blank).where(made["why"] != ERROR, error)
        + " → "
        + made["after"].where(made["after"] != "", blank)
        + opening
        + made["why"].map(reasons).astype("str")
        + (comma + made["origin"]).where(made["origin"] != "", "")
        + closing
    )
    return words.groupby(made["at"].to_numpy()).agg(text(lang, "cleaned.semicolon").join)
