"""Which sheets of clean tables a refresh writes: all when they are asked for, else those that are there.

One that is there is kept up to date, since an old one beside new pages would be wrong without saying so. Who
wants it no more deletes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.cleaned import CLEANED, KEY, cleaned_sheet, tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language
    from xlsales.report.cleaned import CleanedSheet


def cleaned_sheets(
    before: bytes, cleaned: Cleaned, lang: Language, only: Sequence[str], *, asked: bool
) -> tuple[CleanedSheet, ...]:
    """The sheets to write into the workbook ``before``, in the order of the tables.

    ``only`` are the pages that a refresh is narrowed down to; it leaves all other sheets as they are, unless
    ``cleaned`` is among them.
    """
    from xlsales.package.book import open_book
    from xlsales.package.names import owned
    from xlsales.tables.specs import TABLES

    wanted = {table.key for table in tables_of(cleaned)} if asked or CLEANED in only else set()
    if not only or CLEANED in only:
        wanted |= {key.removeprefix(KEY) for key in owned(open_book(before)) if key.startswith(KEY)}
    return tuple(cleaned_sheet(cleaned, table, lang) for table in TABLES if table.key in wanted)
