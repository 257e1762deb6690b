"""Targets as people keep them: a row per rep and a column per month, the year in a title.

Such a sheet becomes long (period, target, dimensions). The year is read where it is written, in the
header, a year column, the title rows or the sheet's name, and never assumed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from xlsales.tables.matching import known
from xlsales.tables.names import key
from xlsales.tables.specs import SHEET_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from xlsales.tables.header import Header
    from xlsales.tables.matching import Fit
    from xlsales.tables.spec import SheetText

DIMENSIONS = ("rep", "team", "region", "product")
YEAR_HEADERS = frozenset({"年", "年度", "年份", "year", "calendaryear", "fiscalyear"})
ACTUAL_WORDS = ("实际", "完成", "达成", "实收", "actual", "achieved")
"""Where these stand near bare month columns, the months may hold what was sold, not what was asked."""

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d*月))")
_NUMBER = re.compile(r"\s*\d{1,2}(?:\.0)?\s*")
_ZH = {name: number for number, name in enumerate([*"一二三四五六七八九十", "十一", "十二"], 1)}
_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"""
      (?P<year>(?:19|20)\d\d) \s?[-/.年]\s? (?P<month>1[0-2]|0?[1-9]) (?!\d)     # 2026-03, 2026年3月
        (?:[-/.]0?1(?!\d)(?:\ 00:00:00)?)? 月?份? (?:0?1日)?                      # 2026-03-01 00:00:00
    | (?<!\d)(?P<year_before>(?:19|20)\d\d)(?P<month_after>1[0-2]|0[1-9])(?!\d)  # 202603
    | (?<!\d)(?P<number>1[0-2]|0?[1-9])\s?月份?                                   # 3月
    | (?P<zh>十[一二]?|[一二三四五六七八九])月份?                                   # 三月
    | (?<![a-z])(?P<en>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)
        (?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)? \.? (?![a-z])           # March
        (?:[\s/'-]*(?P<year_after>(?:20)?\d\d)(?!\d))?                           # Mar-26, March 2026
    """,
    re.VERBOSE,
)


class MonthLabel(NamedTuple):
    """A month that a header names, its year where that is named too, and the rest of the header."""

    year: int | None
    month: int
    rest: str


def read_month(header: str) -> MonthLabel | None:
    """``1月``, ``2026年1月目标``, ``2026-01``, ``202601``, ``Jan-26``: the month, None for anything else."""
    text = unicodedata.normalize("NFKC", header).casefold().strip()
    found = _MONTH.search(text)
    if not found or len(_MONTH.findall(text)) > 1:
        return None
    rest = text[: found.start()] + " " + text[found.end() :]
    year = found["year"] or found["year_before"] or found["year_after"]
    if not year and (elsewhere := _YEAR.search(rest)):
        year, rest = elsewhere[1], rest.replace(elsewhere[1], " ").replace("年", " ")
    number = found["month"] or found["month_after"] or found["number"]
    month = int(number) if number else _ZH[found["zh"]] if found["zh"] else _EN.index(found["en"]) + 1
    return MonthLabel(int(year) + 2000 * (len(year) == 2) if year else None, month, key(rest))


def year_of(*places: Iterable[str]) -> int | None:
    """The year named in the first place that names exactly one; the day of a date is no such year."""
    for texts in places:
        years = {int(year) for text in texts for year in _YEAR.findall(unicodedata.normalize("NFKC", text))}
        if len(years) == 1:
            return years.pop()
    return None


@dataclass(frozen=True)
class Wide:
    """A header with months side by side: the dimensions, the year column, the month columns."""

    found: Fit
    months: Mapping[int, MonthLabel]
    year_column: int | None

    @property
    def dimensions(self) -> dict[str, int]:
        """The label of every dimension column; a yearly target beside the months is none of them."""
        return {name: label.column for name, label in self.found.columns.items() if name != "target"}

    @property
    def columns(self) -> dict[str, int]:
        """The label of every column that counts, by dimension or by month."""
        return self.dimensions | {f"{it.year}-{it.month}": label for label, it in self.months.items()}

    @property
    def dated(self) -> bool:
        """Whether every month column names its year."""
        return all(it.year for it in self.months.values())

    @property
    def named_targets(self) -> bool:
        """Whether every month column says itself that it is a target."""
        return all(it.rest for it in self.months.values())


def wide(found: Fit) -> Wide | None:
    """The header as months side by side, when it has two months or more, a dimension and no period."""
    months: dict[int, MonthLabel] = {}
    seen: set[tuple[int | None, int]] = set()
    for label in found.header.labels:
        month = next((it for name in label.names if (it := _target_month(name))), None)
        if month and (month.year, month.month) not in seen:
            seen.add((month.year, month.month))
            months[label.column] = month
    if len(months) < 2 or "period" in found.columns or not any(name in found.columns for name in DIMENSIONS):
        return None
    return Wide(found, months, year_column(found.header))


def unclear(months: Wide, nearby: Iterable[str]) -> bool:
    """Whether nothing says that the months hold targets, or something says they may hold results."""
    text = " ".join(nearby).casefold()
    if any(word in text for word in ACTUAL_WORDS):
        return not months.named_targets
    return not (months.named_targets or any(word in text for word in SHEET_WORDS["targets"]))


def melt(
    rows: pd.DataFrame, months: Wide, year: int | None, sheet: SheetText
) -> tuple[pd.DataFrame, list[str]]:
    """One row per sheet row and month, blank months gone, and the sheet column of each.

    The year is the header's own, else the row's (from the year column), else ``year``; a month whose
    year is unknown keeps its bare name and is left to the cleaning to report.
    """
    import pandas as pd

    years = _years(rows, months.year_column, year)
    pieces = []
    for label, month in months.months.items():
        piece = pd.DataFrame({name: rows[column] for name, column in months.dimensions.items()})
        piece["period"] = [_period(month.year or row_year, month.month) for row_year in years]
        piece["target"] = rows[label]
        piece["_letter"] = sheet.letter(label)
        in_error = [row for row, column in sheet.errors if column == label]
        pieces.append(piece[rows[label].notna() | rows.index.isin(in_error)])
    long = pd.concat(pieces).sort_index(kind="stable")
    return long.drop(columns="_letter"), list(long["_letter"])


def complete(periods: pd.Series, rows: pd.DataFrame, year_column: int | None, year: int | None) -> pd.Series:
    """Bare months (``3``, ``3月``, ``Mar``) joined with the year of their row, else with ``year``."""
    import pandas as pd

    def complete_one(cell: object, row_year: int | None) -> object:
        if row_year is None or not isinstance(cell, str):
            return cell
        month = (
            read_month(f"{cell.strip().removesuffix('.0')}月")
            if _NUMBER.fullmatch(cell)
            else read_month(cell)
        )
        return _period(row_year, month.month) if month and not month.year and not month.rest else cell

    years = _years(rows, year_column, year)
    return pd.Series(map(complete_one, periods, years), index=periods.index, dtype="str")


def year_column(header: Header) -> int | None:
    """The label of a column that holds the year of each row."""
    return next((label.column for label in header.labels if key(label.names[-1]) in YEAR_HEADERS), None)


def _years(rows: pd.DataFrame, year_column: int | None, year: int | None) -> list[int | None]:
    if year_column is None:
        return [year] * len(rows)
    return [year_of([cell]) if isinstance(cell, str) else year for cell in rows[year_column]]


def _period(year: int | None, month: int) -> str:
    return f"{year}-{month:02d}" if year else f"{month}月"


def _target_month(name: str) -> MonthLabel | None:
    month = read_month(name)
    if month is None or not month.rest:
        return month
    it = known("targets").get(month.rest)
    return month if it and it.column == "target" else None
