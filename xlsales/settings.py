"""What the settings sheet of a workbook asks for: flags come over it, defaults under it.

The sheet has a row per setting: its key in column A, the value in column B, what it means in column C.
It is known by its mark (see ``xlsales.package.names``), whatever the user calls it. A blank value, and
the word that stands for the default, change nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from unicodedata import normalize

from xlsales.errors import InputError, UsageError
from xlsales.language import LANGUAGES, text
from xlsales.metrics._scope import BASES, REFUND_MONTHS, SPRING_FESTIVALS, USUAL, Policy, parse_period
from xlsales.report.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from xlsales.language import Language
    from xlsales.metrics._scope import Basis

SHEET = "settings"
"""The key in the mark of the settings sheet."""

KEYS = (
    "period",
    "as_of",
    "basis",
    "pages",
    "cleaned",
    "language",
    "fiscal_year_start",
    "spring_festival",
    "refunds",
    "business_hours",
)
MONTHS = tuple(str(month) for month in range(1, 13))
SWITCH = ("yes", "no")
"""The values of a setting that is on or off."""

_KEY_CELL = re.compile(r"A([1-9][0-9]*)")
_BETWEEN = re.compile(r"[,;、]")

_Value = TypeVar("_Value", bound=str)


@dataclass(frozen=True)
class Settings:
    """What a refresh is asked for. None and no pages are the defaults: see ``xlsales.hosts.file.refresh``."""

    period: str | None = None
    as_of: date | None = None
    basis: Basis | None = None
    pages: tuple[str, ...] = ()
    cleaned: bool = False
    lang: Language | None = None
    policy: Policy = USUAL


def read_settings(workbook: bytes) -> Settings:
    """The settings in an .xlsx or .xlsm file; all defaults where it has no settings sheet.

    InputError names the cell of a value that means nothing; WorkbookError for what is no workbook.
    """
    from xlsales.package.book import open_book
    from xlsales.package.cells import contents
    from xlsales.package.names import owned_sheets

    book = open_book(workbook)
    sheet = owned_sheets(book).get(SHEET)
    if sheet is None or sheet.part is None:
        return Settings()
    return settings({cell: found.value for cell, found in contents(book, sheet.part).items()}, sheet.name)


def settings(cells: Mapping[str, str], sheet: str) -> Settings:
    """The settings in the cells of a sheet: address -> text. InputError as in ``read_settings``."""
    asked = {
        key: _Cell(sheet, address, normalize("NFKC", cells[address]).strip())
        for key, address in value_cells(cells).items()
        if cells.get(address, "").strip()
    }
    return Settings(
        period=_period(asked.get("period")),
        as_of=_as_of(asked.get("as_of")),
        basis=_basis(asked.get("basis")),
        pages=_pages(asked.get("pages")),
        cleaned=_choice("cleaned", asked.get("cleaned"), SWITCH) == "yes",
        lang=_lang(asked.get("language")),
        policy=Policy(
            int(_choice("fiscal_year_start", asked.get("fiscal_year_start"), MONTHS) or "1"),
            _choice("spring_festival", asked.get("spring_festival"), SPRING_FESTIVALS) or "calendar",
            _choice("refunds", asked.get("refunds"), REFUND_MONTHS) or "refund_month",
            _business(asked.get("business_hours")),
        ),
    )


def value_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """Key -> address of its value, for the keys that stand in column A; the upper one of two rows."""
    found: dict[int, str] = {}
    for address, said in cells.items():
        if (place := _KEY_CELL.fullmatch(address)) and said.strip().lower() in KEYS:
            found[int(place[1])] = said.strip().lower()
    return {key: f"B{row}" for row, key in sorted(found.items(), reverse=True)}


def word(key: str, value: str, lang: Language) -> str:
    """How a value is written on the sheet: ``word("basis", "net", "zh")`` is 净额.

    The value "default" has a word for every key.
    """
    if key == "pages" and value != "default":
        return text(lang, f"pages.{value}.name")
    return text(lang, f"settings.words.{key}.{value}")


def words(key: str, values: Sequence[str], lang: Language) -> list[str]:
    """The words to choose from, that of the default first."""
    return list(dict.fromkeys(word(key, value, lang) for value in ("default", *values)))


@lru_cache(maxsize=64)
def language_said(value: str) -> Language | None:
    """The language that a value of the settings sheet means; None for the default and for no language."""
    return _meant("language", normalize("NFKC", value), LANGUAGES)


@dataclass(frozen=True)
class _Cell:
    sheet: str
    cell: str
    value: str


def _period(cell: _Cell | None) -> str | None:
    from xlsales.clean.parse.dates import dates

    if cell is None or _is_default("period", cell.value):
        return None
    try:
        parse_period(cell.value)
    except UsageError:
        # Excel makes the first day of a month that is typed into a plain cell; any other is no period.
        month: date | None = dates([cell.value]).values[0]
        if month is None or month.day != 1:
            raise InputError("setting_period", **vars(cell)) from None
        return f"{month:%Y-%m}"
    return cell.value


def _as_of(cell: _Cell | None) -> date | None:
    from xlsales.clean.parse.dates import dates

    if cell is None or _is_default("as_of", cell.value):
        return None
    read = dates([cell.value])
    day: date | None = read.values[0]
    if day is None or read.notes:
        raise InputError("setting_as_of", **vars(cell))
    return day


def _basis(cell: _Cell | None) -> Basis | None:
    return _choice("basis", cell, BASES)


def _lang(cell: _Cell | None) -> Language | None:
    return _choice("language", cell, LANGUAGES)


def _business(cell: _Cell | None) -> str:
    """The hours of a working day; "" for all hours."""
    from xlsales.metrics._calendar import WorkingDays
    from xlsales.metrics._office import office

    if cell is None or _is_default("business_hours", cell.value):
        return ""
    try:
        office(cell.value, WorkingDays())
    except UsageError:
        raise InputError("setting_business_hours", **vars(cell)) from None
    return cell.value


def _choice(key: str, cell: _Cell | None, values: tuple[_Value, ...]) -> _Value | None:
    if cell is None:
        return None
    meant = _meant(key, cell.value, values)
    if meant is None and not _is_default(key, cell.value):
        raise InputError("setting_choice", **vars(cell), known=_known(key, values))
    return meant


def _pages(cell: _Cell | None) -> tuple[str, ...]:
    if cell is None or _is_default("pages", cell.value):
        return ()
    chosen = {_meant("pages", part, PAGES) for part in _BETWEEN.split(cell.value) if part.strip()}
    if None in chosen:
        raise InputError("setting_choice", **vars(cell), known=_known("pages", PAGES))
    return tuple(page for page in PAGES if page in chosen)


def _is_default(key: str, said: str) -> bool:
    return _meant(key, said, ("default",)) is not None


def _meant(key: str, said: str, values: tuple[_Value, ...]) -> _Value | None:
    """The value that is written so: as its key or as its word, in either language and any case.

    A page may be called as the links at the top of the pages call it, too.
    """
    for value in values:
        spellings = [str(value), *(word(key, value, lang) for lang in LANGUAGES)]
        if value in PAGES:
            spellings += [text(lang, f"pages.{value}.short") for lang in LANGUAGES]
        if said.strip().casefold() in map(str.casefold, spellings):
            return value
    return None


def _known(key: str, values: Sequence[str]) -> Callable[[Language], str]:
    """The words to choose from, put into a language where the error is shown."""
    return lambda lang: ", ".join(words(key, values, lang))
