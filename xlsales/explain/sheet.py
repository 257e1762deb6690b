"""The rows behind a number on a sheet of ours, each with a link to where it stands and what it adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.errors import InputError
from xlsales.explain.fact import Fact
from xlsales.language import text
from xlsales.metrics._behind import PART, PLACE, TABLE, WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.explain.words import Explained
    from xlsales.language import Language

KEY = "rows"
"""The key in the mark of the sheet."""
NUMBER = "number"

MOST = 100_000


@dataclass(frozen=True)
class Detail:
    """Rows of the raw sheets with what they add to a number, or to several.

    ``rows`` has ``_table``, ``_source`` and ``_row``, the columns of their tables that hold anything, and
    ``part`` (with ``whole`` where the number is a ratio); ``titles`` are the headers of the columns between.
    Of several numbers, ``number`` says to which one a row belongs, and a row is there once for each.
    """

    rows: pd.DataFrame
    titles: dict[str, str]
    adds_up: bool


def detail(numbers: Sequence[Explained]) -> Detail:
    """The rows behind the numbers of a cell. ``InputError`` where nothing tells those of any."""
    import pandas as pd

    found: list[Detail] = []
    refused: InputError | None = None
    for number in numbers:
        try:
            found.append(_detail(number))
        except InputError as error:
            refused = error
            continue
        if len(numbers) > 1:
            words = " ".join((*number.selected.labels, number.selected.shown))
            found[-1].rows.insert(0, NUMBER, f"{words} · {number.out.title(number.lang)}")
    if not found:
        raise refused or InputError("rows_not_traceable", metric="-")
    if len(found) == 1:
        return found[0]
    titles = {name: title for one in found for name, title in one.titles.items()}
    rows = pd.concat([one.rows for one in found], ignore_index=True)
    added = [name for name in (PART, WHOLE) if name in rows]
    rows = rows[[NUMBER, *PLACE, *titles, *added]]
    return Detail(rows, titles, all(one.adds_up for one in found))


def heading(numbers: Sequence[Explained]) -> str:
    """What the rows are of, in one line."""
    first, *others = numbers
    words = (first.label, *first.selected.labels, first.selected.shown)
    return " · ".join(dict.fromkeys(one.label for one in numbers)) if others else " · ".join(words)


def _detail(number: Explained) -> Detail:
    import pandas as pd

    from xlsales.tables.specs import table as spec

    behind = number.behind
    own = [name for name in behind.rows.columns if name not in (*PLACE, PART, WHOLE)]
    if isinstance(number, Fact) and own:  # findings, headers: no rows of a table
        titles = {name: text(number.lang, f"pages.evidence.columns.{name}") for name in own}
        return Detail(behind.rows[[*PLACE, *own, PART]].copy(), titles, behind.adds_up)
    parts: list[pd.DataFrame] = []
    titles = {}
    for key, places in behind.rows.groupby(TABLE, sort=False):
        parts.append(places.merge(number.analysis.cleaned.tables[str(key)], on=PLACE[1:], how="left"))
        for column in spec(str(key)).columns:
            if parts[-1][column.name].notna().any():
                titles.setdefault(column.name, column.title(number.lang))
    rows = pd.concat(parts, ignore_index=True) if parts else behind.rows
    added = [name for name in behind.rows.columns if name not in PLACE]
    return Detail(rows[[*PLACE, *titles, *added]], titles, behind.adds_up)


def rows_sheet(name: str, title: str, found: Detail, lang: Language) -> bytes:
    """A workbook of one sheet: what it is, then a link, the filled columns and the part of each row."""
    from io import BytesIO

    import xlsxwriter

    from xlsales.tables.spec import ROW, SOURCE

    added = [one for one in (PART, WHOLE) if one in found.rows]
    named = [NUMBER] if NUMBER in found.rows else []
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(name)
        head = book.add_format({"bold": True, "bottom": 1})
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "number": book.add_format({"num_format": "#,##0.00"}),
        }
        link = book.add_format({"font_color": "#17456B", "underline": 1})
        sheet.write_string(0, 0, title[:255], book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, counted(found, lang))
        titles = [
            text(lang, "desktop.rows_sheet.source"),
            *(text(lang, f"desktop.rows_sheet.{one}") for one in named),
            *found.titles.values(),
            *(text(lang, f"desktop.rows_sheet.{one}") for one in added),
        ]
        for place, words in enumerate(titles):
            sheet.write_string(3, place, words, head)
            sheet.set_column(place, place, max(14, 2 * len(words)))
        shown = found.rows.head(MOST)
        places = zip(shown[SOURCE], shown[ROW], strict=True)
        for row, (source, number) in enumerate(places, start=4):
            origin = str(source).partition("!")[2]
            quoted = "'" + origin.replace("'", "''") + "'"
            if origin:  # a metric, a part of the score stand on no sheet
                _link(sheet, row, f"{quoted}!A{number}", f"{origin} · {number}", link)
        for place, column in enumerate((*named, *found.titles, *added), start=1):
            for row, value in enumerate(shown[column], start=4):
                _write(sheet, row, place, value, formats)
        sheet.freeze_panes(4, 1)
        sheet.autofilter(3, 0, 3 + max(len(shown), 1), len(titles) - 1)
    return buffer.getvalue()


def counted(found: Detail, lang: Language) -> str:
    """How many rows there are, and whether they add up to the number."""
    rows, shown = len(found.rows), min(len(found.rows), MOST)
    said = text(lang, "desktop.rows_sheet.count", rows=f"{rows:,}", shown=f"{shown:,}")
    how = "each" if NUMBER in found.rows else "ratio" if WHOLE in found.rows else "sum"
    return said + " " + text(lang, f"desktop.rows_sheet.{how if found.adds_up else 'of'}")


def totals(numbers: Sequence[Explained]) -> list[str]:
    """Of each of several numbers how many rows it has and what they make, one a line."""
    from xlsales.report.formats import say

    said = []
    for number in numbers:
        try:
            behind = number.behind
        except InputError:
            continue
        lang, made = number.lang, behind.number
        words = " ".join((*number.selected.labels, number.selected.shown))
        key = "from_rows" if made is None else "total"
        facts = {"number": f"{words} · {number.out.title(lang)}", "rows": f"{len(behind.rows):,}"}
        shown = say(made, number.out.format, lang)
        said.append(text(lang, f"desktop.rows_sheet.{key}", **facts, total=shown))
    return said


MOST_LINKS = 65_000
"""Excel takes 65,530 links on a sheet; the rows below say their place in words."""


def _link(sheet: Any, row: int, to: str, words: str, look: Any) -> None:
    if row < MOST_LINKS:
        sheet.write_url(row, 0, f"internal:{to}", look, words)
    else:
        sheet.write_string(row, 0, words)


def _write(sheet: Any, row: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    import pandas as pd

    if pd.isna(value):
        return
    if isinstance(value, str):
        sheet.write_string(row, place, value[:32_767], formats["text"])
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, place, value.to_pydatetime(), formats["date"])
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    else:
        sheet.write_number(row, place, float(value), formats["number"])
