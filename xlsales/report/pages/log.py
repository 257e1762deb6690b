"""刷新日志: how fresh each source is, and what every refresh took in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._fresh import LATE_DAYS, MISSING_DAYS, OTHER_ROWS
from xlsales.report.blocks import Note, Placed, Run, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._freshness import behind, cells, columns, extracts, missing_days

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.memory import Loaded
    from xlsales.report.blocks import Band, Page, Value
    from xlsales.report.pages._context import Context
    from xlsales.report.pages._evidence import Rows
    from xlsales.report.pages._freshness import Extract

COLUMNS = (150, 240, 160, 104, 110, 110, 110, 120, 160)
LAST = len(COLUMNS) - 1


def log(context: Context) -> Page:
    """Freshness by source, the log newest first, and what of the memory could not be read."""
    found = extracts(context)
    bands: list[Band] = [(Placed(_freshness(context, found), 0, LAST),), (Placed(_log(context), 0, LAST),)]
    if damaged := sum(one.damaged for one in context.memory.unread):
        entries = context.say(evident(context, damaged, "damaged"), "count")
        sentences = (
            (Run(context.word("log.damaged.what", count=entries), "strong"),),
            (Run(context.word("log.damaged.do")),),
        )
        bands.append((Placed(Note(sentences, callout=True, tone="bad"), 0, LAST),))
    flagged = [one for one in found if one.flagged]
    headline = context.sentence(
        "log.headline" if flagged else "log.headline_fine",
        sources=context.strong(evident(context, len(found), "sources", behind(found)), "count"),
        flagged=context.strong(evident(context, len(flagged), "flagged", behind(flagged)), "count"),
    )
    second = context.sentence(
        "log.second",
        late=context.say(LATE_DAYS, "count"),
        missing=context.say(MISSING_DAYS, "count"),
        other=context.say(OTHER_ROWS, "percent"),
    )
    return context.page("log", headline, second, COLUMNS, tuple(bands))


def _freshness(context: Context, found: list[Extract]) -> Table:
    word = context.word
    shown = (
        TableColumn("source", word("log.columns.source"), strong=True),
        TableColumn("sheet", word("log.columns.sheet")),
        TableColumn("table", word("log.columns.table")),
        *columns(context),
        TableColumn("days", word("log.columns.days"), wrap=True),
    )
    return Table(
        "freshness",
        word("log.freshness"),
        shown,
        tuple(
            (one.name, one.place, one.table, *cells(context, one), missing_days(context, one))
            for one in found
        ),
        note=word("log.freshness_note"),
        alt=word("log.freshness"),
        empty=word("log.nothing"),
    )


def _behind(context: Context, one: Loaded) -> tuple[Rows | None, Rows | None, Rows | None]:
    """The rows behind those of a load, its changes and those left out, while its sheet still says the same.

    They are looked for when somebody asks, not at every refresh.
    """
    raws = [raw for raw in context.survey.tables if (raw.source, raw.sheet, raw.table.key) == one.place]
    if all(raw.digest != one.digest for raw in raws):
        return None, None, None
    source, sheet, table = one.place

    def here(found: pd.DataFrame) -> pd.DataFrame:
        return found[(found["source"] == source) & (found["sheet"] == sheet) & (found["table"] == table)]

    def changed() -> pd.DataFrame:
        return _evidence.changes(context, here(context.cleaned.changes))()

    def rejected() -> pd.DataFrame:
        out = here(context.cleaned.issues)
        out = out[out["action"] == "excluded"]
        rows = out["cell"].str.extract(r"([0-9]+)$", expand=False)
        return _evidence.findings(context, out[~rows.duplicated()])()

    return _evidence.read(context, raws), changed, rejected


def _load(context: Context, one: Loaded) -> tuple[Value, ...]:
    """The row of one load."""
    of = one.source, one.sheet
    read, changed, rejected = _behind(context, one)
    kept = (one.rows - one.rejected) / one.rows if one.rows else None
    return (
        f"{one.time:%Y-%m-%d %H:%M}",
        *of,
        context.table_title(one.table),
        evident(context, one.rows, "load_rows", read, *of),
        evident(context, one.changed, "load_changed", changed, *of),
        evident(context, one.rejected, "load_rejected", rejected, *of),
        one.digest[:8],
        evident(context, kept, "load_kept", read, *of, form="percent"),
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
    rows = tuple(_load(context, one) for one in reversed(context.memory.log))
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
