"""The rows of the raw sheets behind a number, on a sheet of ours, each with a link to where it stands.

Only what a row decides by itself can be traced so: order lines of a period and their names on the signed
basis, and leads created in a period. What takes several rows to decide (a first order, a customer who
returns, a stage that was reached before) is said to have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.errors import InputError
from xlsales.language import text

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.hosts.desktop.explain import Number
    from xlsales.language import Language

KEY = "rows"
"""The key in the mark of the sheet."""

DATED = {
    "sales": ("orders", "order_date"),
    "attainment": ("orders", "order_date"),
    "conversion": ("leads", "created"),
}
"""What metrics are traced: by the rows of which table, and the day that places a row in the period."""

MOST = 100_000


def rows_behind(number: Number) -> tuple[str, pd.DataFrame]:
    """The table and its clean rows that the number is made of.

    Raises ``InputError`` where the rows do not decide it one by one.
    """
    from xlsales.metrics._facts import NO_SALE_YET
    from xlsales.metrics._slices import midnight

    scope = number.analysis.scope
    table, day = DATED.get(number.metric.key, ("", ""))
    if not table or (table == "orders" and scope.basis != "signed"):
        raise InputError("rows_not_traceable", metric=number.metric.title)
    rows = number.analysis.cleaned.tables[table]
    window = scope.current
    rows = rows[(rows[day] >= midnight(window.start)) & (rows[day] < midnight(window.end, 1))]
    for name, values in (*scope.filters, *((name, (value,)) for name, value in number.where)):
        rows = rows[rows[name].fillna("").isin(values)]
    if table == "orders":
        rows = rows[~rows["status"].fillna("").isin(NO_SALE_YET)]
    return table, rows


def rows_sheet(name: str, title: str, table: str, rows: pd.DataFrame, lang: Language) -> bytes:
    """One sheet: what it is, then a link and the filled columns of each row."""
    from io import BytesIO

    import xlsxwriter

    from xlsales.tables.spec import ROW, SOURCE
    from xlsales.tables.specs import table as spec

    columns = [column for column in spec(table).columns if rows[column.name].notna().any()]
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
        count = text(
            lang, "desktop.rows_sheet.count", rows=f"{len(rows):,}", shown=f"{min(len(rows), MOST):,}"
        )
        sheet.write_string(1, 0, count)
        titles = [text(lang, "desktop.rows_sheet.source"), *(column.title(lang) for column in columns)]
        for place, words in enumerate(titles):
            sheet.write_string(3, place, words, head)
            sheet.set_column(place, place, max(14, 2 * len(words)))
        shown = rows.head(MOST)
        places = zip(shown[SOURCE], shown[ROW], strict=True)
        for row, (source, number) in enumerate(places, start=4):
            origin = str(source).partition("!")[2]
            quoted = "'" + origin.replace("'", "''") + "'"
            _link(sheet, row, f"{quoted}!A{number}", f"{origin} · {number}", link)
        for place, column in enumerate(columns, start=1):
            for row, value in enumerate(shown[column.name], start=4):
                _write(sheet, row, place, value, formats)
        sheet.freeze_panes(4, 1)
        sheet.autofilter(3, 0, 3 + max(len(shown), 1), len(titles) - 1)
    return buffer.getvalue()


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
