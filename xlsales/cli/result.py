"""A metric's result as a table for the eye, as JSON and as CSV; and the list of all metrics."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING, Any, Literal

from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from xlsales.language import Language
    from xlsales.metrics._catalogue import Out, Result
    from xlsales.metrics._scope import Scope

TEXTUAL = ("text", "month", "date")


def as_tables(result: Result, lang: Language, width: int) -> list[Table]:
    """The result for a terminal of ``width`` columns: one unit per column, the total below a line.

    What is wider lies on its side, in as many pieces as it takes: each row is a column, beside the headers.
    """
    from rich.table import Table

    headers, rows, total = _cells(result, lang)
    lines = [*rows, total] if total else rows
    period = result.scope.current
    title = f"{result.metric.title(lang)}  {period.start} – {period.end}"
    if _width([max(map(_cells_of, column)) for column in zip(headers, *lines, strict=True)]) > width:
        return _on_its_side(headers, lines, title, width)
    table = Table(title=title, title_justify="left", show_footer=total is not None)
    for place, column in enumerate(result.columns):
        side: Literal["left", "right"] = "left" if column.format in TEXTUAL else "right"
        table.add_column(headers[place], justify=side, footer=total[place] if total else "")
    for row in rows:
        table.add_row(*row)
    return [table]


def _cells(result: Result, lang: Language) -> tuple[list[str], list[list[str]], list[str] | None]:
    """Headers, rows and the total as they are shown."""
    from xlsales.report.formats import header, resolve, shown

    headers, columns, total = [], [], []
    for place, column in enumerate(result.columns):
        values = result.rows[column.name].tolist()
        unit = resolve(column.format, values, lang)
        headers.append(plain(header(column.title(lang), unit.unit, lang)))
        columns.append([plain(shown(value, unit.num_format, unit.divisor)) for value in values])
        whole = (result.total or {}).get(column.name, text(lang, "cli.total") if place == 0 else None)
        total.append(plain(shown(whole, unit.num_format, unit.divisor)))
    rows = [list(row) for row in zip(*columns, strict=True)]
    return headers, rows, total if result.total is not None else None


def _on_its_side(headers: list[str], rows: list[list[str]], title: str, width: int) -> list[Table]:
    """Rows as columns, so many in a table as fit."""
    from rich.table import Table

    first = max(map(_cells_of, headers))
    widths = [max(map(_cells_of, row)) for row in rows]
    tables: list[Table] = []
    done = 0
    while done < len(rows) or not tables:
        end = done + 1
        while end < len(rows) and _width([first, *widths[done : end + 1]]) <= width:
            end += 1
        piece = rows[done:end]
        table = Table(title=title if not tables else None, title_justify="left")
        for place, header in enumerate([headers[0], *(row[0] for row in piece)]):
            table.add_column(header, justify="right" if place else "left", overflow="fold")
        for place, header in enumerate(headers[1:], start=1):
            table.add_row(header, *(row[place] for row in piece))
        tables.append(table)
        done = end
    return tables


def _width(columns: Sequence[int]) -> int:
    """How wide a table with columns of these widths is, with its lines and the spaces beside them."""
    return sum(columns) + 3 * len(columns) + 1


def _cells_of(words: str) -> int:
    """How many columns of a terminal the words take; a Chinese character is two."""
    from rich.cells import cell_len

    return cell_len(words)


def as_json(result: Result, issues: int, lang: Language) -> str:
    """``{"metric", "title", "scope", "columns", "rows", "total", "issues"}``; blank is null.

    Money is in yuan, percent and points are fractions, dates are ISO, months are ``2026-10``.
    """
    names = [column.name for column in result.columns]
    rows = result.rows[names].to_dict("records")
    answer = {
        "metric": result.metric.key,
        "title": result.metric.title(lang),
        "scope": _scope(result.scope),
        "columns": [{"name": column.name, "format": column.format} for column in result.columns],
        "rows": [{name: value(row[name]) for name in names} for row in rows],
        "total": result.total and {name: value(result.total.get(name)) for name in names},
        "issues": issues,
    }
    return json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False)


def as_csv(result: Result, lang: Language) -> bytes:
    """The rows as CSV that Excel opens as it is: UTF-8 with its mark, values as in ``as_json``.

    Text that Excel would compute (``=1+1``, ``+86``, ``@name``) has an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.title(lang) for column in result.columns])
    for row in result.rows.to_dict("records"):
        writer.writerow([_csv_cell(row[column.name], column) for column in result.columns])
    return out.getvalue().encode("utf-8-sig")


def catalogue_table(lang: Language) -> Table:
    """Every metric: key, name, definition, needed columns, options."""
    from rich.table import Table

    from xlsales.metrics._catalogue import catalogue

    table = Table(show_lines=True)
    for name in ("key", "title", "definition", "needs", "options"):
        table.add_column(text(lang, f"cli.catalogue.{name}"), overflow="fold")
    for metric in catalogue().values():
        options = ", ".join(option.name for option in metric.options)
        cells = (metric.key, metric.title(lang), metric.definition(lang), ", ".join(metric.needs), options)
        table.add_row(*map(plain, cells))
    return table


def plain(words: object) -> str:
    """Words for the terminal: what would move its cursor or change its colours is shown as a blank."""
    return "".join(letter if letter.isprintable() else " " for letter in str(words))


def value(raw: Any) -> Any:
    """A result value as JSON has it: null for blank, ISO for days, plain Python numbers."""
    from xlsales.report.formats import is_blank

    if is_blank(raw):
        return None
    if hasattr(raw, "isoformat"):
        return raw.isoformat()[:10]
    if hasattr(raw, "item"):
        raw = raw.item()
    if isinstance(raw, float) and math.isfinite(raw) and raw == int(raw):
        return int(raw)
    return raw


def _scope(scope: Scope) -> Mapping[str, Any]:
    return {
        "period": {"start": scope.period.start.isoformat(), "end": scope.period.end.isoformat()},
        "as_of": scope.as_of.isoformat(),
        "basis": scope.basis,
        "filters": {name: list(values) for name, values in scope.filters},
    }


def _csv_cell(raw: Any, column: Out) -> Any:
    cell = value(raw)
    hostile = column.format == "text" and isinstance(cell, str) and cell[:1] in "=+-@\t\r\n"
    return f"'{cell}" if hostile and cell else cell
