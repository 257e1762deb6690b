"""刷新日志: how fresh each source is, and what every refresh took in."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from xlsales.metrics._fresh import LATE_DAYS, MISSING_DAYS, OTHER_ROWS
from xlsales.report.blocks import Note, Placed, Run, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._freshness import behind, cells, columns, extracts, missing_days

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.memory import Loaded
    from xlsales.report.blocks import Band, Page
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


def _behind(context: Context, one: Loaded) -> dict[str, Rows | None]:
    """What is behind the counts of a load, as long as its sheet still says the same."""
    raws = [raw for raw in context.survey.tables if (raw.source, raw.sheet, raw.table.key) == one.place]
    if all(raw.digest != one.digest for raw in raws):
        return dict.fromkeys(("load_rows", "load_changed", "load_rejected"))

    def here(found: pd.DataFrame) -> pd.DataFrame:
        same = (
            found[name] == value for name, value in zip(("source", "sheet", "table"), one.place, strict=True)
        )
        return found[reduce(and_, same)]

    out = here(context.cleaned.issues)
    out = out[out["action"] == "excluded"]
    rows = out["cell"].str.extract(r"([0-9]+)$", expand=False)
    return {
        "load_rows": _evidence.read(context, raws),
        "load_changed": _evidence.changes(context, here(context.cleaned.changes)),
        "load_rejected": _evidence.findings(context, out[~rows.duplicated()]),
    }


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
            *(
                evident(context, value, of, rows, one.source, one.sheet)
                for (of, rows), value in zip(
                    _behind(context, one).items(), (one.rows, one.changed, one.rejected), strict=True
                )
            ),
            one.digest[:8],
            evident(
                context,
                (one.rows - one.rejected) / one.rows if one.rows else None,
                "load_kept",
                _behind(context, one)["load_rows"],
                one.source,
                one.sheet,
                form="percent",
            ),
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
