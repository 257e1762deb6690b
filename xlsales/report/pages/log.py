"""刷新日志: how fresh each source is, and what every refresh took in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._fresh import LATE_DAYS, MISSING_DAYS, day_column, fresh
from xlsales.report.blocks import Cell, Note, Placed, Run, Table, TableColumn
from xlsales.tables.profiles import profile, tags
from xlsales.tables.specs import table as table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from xlsales.memory import Loaded
    from xlsales.metrics._fresh import Freshness
    from xlsales.report.blocks import Band, Page, Value
    from xlsales.report.pages._context import Context

    Row = tuple[Value | Cell, ...]

COLUMNS = (150, 240, 160, 104, 110, 110, 110, 120, 160)
LAST = len(COLUMNS) - 1
OTHER_ROWS = 0.3
"""A source whose rows are this share more or fewer than last time is pointed out."""
NAMED_DAYS = 3
"""So many of the missing days are named."""


def log(context: Context) -> Page:
    """Freshness by source, the log newest first, and what of the memory could not be read."""
    rows = _fresh_rows(context)
    bands: list[Band] = [(Placed(_freshness(context, rows), 0, LAST),), (Placed(_log(context), 0, LAST),)]
    if damaged := sum(one.damaged for one in context.memory.unread):
        sentences = (
            (Run(context.word("log.damaged.what", count=damaged), "strong"),),
            (Run(context.word("log.damaged.do")),),
        )
        bands.append((Placed(Note(sentences, callout=True, tone="bad"), 0, LAST),))
    flagged = sum(flag for flag, _ in rows)
    headline = context.sentence(
        "log.headline" if flagged else "log.headline_fine",
        sources=context.strong(len(rows), "count"),
        flagged=context.strong(flagged, "count"),
    )
    second = context.sentence(
        "log.second",
        late=context.say(LATE_DAYS, "count"),
        missing=context.say(MISSING_DAYS, "count"),
        other=context.say(OTHER_ROWS, "percent"),
    )
    return context.page("log", headline, second, COLUMNS, tuple(bands))


def _fresh_rows(context: Context) -> list[tuple[bool, Row]]:
    """A row per source and table, and whether anything about it is pointed out."""
    names = tags((raw.source, raw.sheet) for raw in context.survey.tables)
    known = {
        (key, one.source): one
        for key, frame in context.cleaned.tables.items()
        if (day := day_column(table_of(key))) and day in frame and len(frame)
        for one in fresh(frame, day, context.scope)
    }
    rows = []
    for raw in context.survey.tables:
        found = known.get((raw.table.key, f"{raw.source}!{raw.sheet}"))
        count = len(raw.frame) + len(raw.skipped)
        before = _before(context.memory.log, raw.source, raw.sheet, raw.table.key)
        change = (count - before) / before if before else None
        other = change is not None and abs(change) > OTHER_ROWS
        row: Row = (
            names[raw.source, raw.sheet],
            f"{raw.source} · {raw.sheet}",
            context.table_title(raw.table.key),
            found.latest if found else None,
            _flagged(context, found.lag, found.late, "days") if found else None,
            _flagged(context, len(found.missing), found.patchy, "count") if found else None,
            count,
            Cell(change, tone="bad" if other else "plain", mark="▲" if other else ""),
            _days(context, found),
        )
        rows.append((bool(found and (found.late or found.patchy)) or other, row))
    return rows


def _flagged(context: Context, value: int, bad: bool, form: str) -> Cell:
    return Cell(value, tone="bad", mark="▲") if bad else Cell(value)


def _days(context: Context, found: Freshness | None) -> str:
    if found is None or not found.missing:
        return ""
    days = [_short(day) for day in found.missing[:NAMED_DAYS]]
    more = len(found.missing) - len(days)
    return context.word("comma").join(days) + (context.word("and_more", count=more) if more else "")


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _before(log: Sequence[Loaded], source: str, sheet: str, table: str) -> int | None:
    """The rows of the load before the newest one of the same kind of source."""
    kind = profile(source, sheet, ())
    same = [one for one in log if one.table == table and profile(one.source, one.sheet, ()) == kind]
    return same[-2].rows if len(same) > 1 else None


def _freshness(context: Context, rows: list[tuple[bool, Row]]) -> Table:
    word = context.word
    columns = (
        TableColumn("source", word("log.columns.source"), strong=True),
        TableColumn("sheet", word("log.columns.sheet")),
        TableColumn("table", word("log.columns.table")),
        TableColumn("latest", word("log.columns.latest"), "date", align="left"),
        TableColumn("lag", word("log.columns.lag"), "count"),
        TableColumn("missing", word("log.columns.missing"), "count"),
        TableColumn("rows", word("log.columns.rows"), "count"),
        TableColumn("change", word("log.columns.change"), "percent", signed=True),
        TableColumn("days", word("log.columns.days"), wrap=True),
    )
    return Table(
        "freshness",
        word("log.freshness"),
        columns,
        tuple(row for _, row in rows),
        note=word("log.freshness_note"),
        alt=word("log.freshness"),
        empty=word("log.nothing"),
    )


def _log(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("time", word("log.columns.time"), strong=True),
        TableColumn("source", word("log.columns.file")),
        TableColumn("sheet", word("log.columns.sheet_name")),
        TableColumn("table", word("log.columns.table")),
        TableColumn("rows", word("log.columns.rows_in"), "count"),
        TableColumn("changed", word("log.columns.changed"), "count"),
        TableColumn("rejected", word("log.columns.rejected"), "count"),
        TableColumn("digest", word("log.columns.digest"), quiet=True),
        TableColumn("kept", word("log.columns.kept"), "percent", formula="({rows}-{rejected})/{rows}"),
    )
    rows = tuple(
        (
            f"{one.time:%Y-%m-%d %H:%M}",
            one.source,
            one.sheet,
            context.table_title(one.table),
            one.rows,
            one.changed,
            one.rejected,
            one.digest[:8],
            (one.rows - one.rejected) / one.rows if one.rows else None,
        )
        for one in reversed(context.memory.log)
    )
    return Table(
        "refresh_log",
        word("log.loads"),
        columns,
        rows,
        note=word("log.loads_note"),
        alt=word("log.loads"),
        filter=True,
        empty=word("log.no_loads"),
    )
