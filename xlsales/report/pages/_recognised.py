"""What each sheet was read as, and how far its columns are filled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xlsales.clean.missing import missing
from xlsales.report.blocks import Note, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident

if TYPE_CHECKING:
    from xlsales.report.blocks import Cell, Value
    from xlsales.report.pages._context import Context, Record


def sources(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("source", word("columns.source"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("header", word("columns.header_row")),
        TableColumn("rows", word("columns.rows"), "count"),
        TableColumn("mapped", word("columns.mapped"), "count"),
        TableColumn("unmapped", word("columns.unmapped"), "count"),
        TableColumn("skipped", word("columns.skipped"), "count"),
        TableColumn("left", word("columns.left"), wrap=True),
    )
    rows: list[tuple[Value | Cell, ...]] = []
    for raw in context.survey.tables:
        mapped = [match for match in raw.matches if match.applied]
        rest = [match for match in raw.matches if match not in mapped and match.header.strip()]
        place, skipped = f"{raw.source} · {raw.sheet}", _evidence.skipped((raw,))
        taken, others = (
            _evidence.matched(raw, [(match.letter, match.header) for match in matches])
            for matches in (mapped, rest)
        )
        rows.append(
            (
                place,
                context.table_title(raw.table.key),
                " + ".join(str(row) for row in raw.header_rows),
                evident(context, len(raw.frame), "read", _evidence.read_below(context, raw), place),
                evident(context, len(mapped), "headers_used", taken, place),
                evident(context, len(rest), "headers_left", others, place),
                evident(context, len(raw.skipped), "skipped", skipped, place),
                word("comma").join(_suggested(context, raw.table.key, match) for match in rest),
            )
        )
    rows.extend(
        (
            f"{ignored.source} · {ignored.sheet}",
            word("quality.not_ours"),
            *("", None, None, None, None),
            word(f"ignored.{ignored.reason}"),
        )
        for ignored in context.survey.ignored
    )
    return Table(
        "sources",
        word("quality.sources"),
        columns,
        tuple(rows),
        note=word("quality.sources_note"),
        alt=word("quality.sources"),
        dense=True,
    )


def _suggested(context: Context, key: str, match: object) -> str:
    from xlsales.tables.specs import table

    header, column = match.header, match.column  # type: ignore[attr-defined]
    if match.how != "suggested" or column is None:  # type: ignore[attr-defined]
        return str(header)
    return context.word(
        "quality.suggestion", header=header, column=table(key).column(column).title(context.lang)
    )


def completeness(context: Context) -> Table | Note:
    word = context.word
    columns = (
        TableColumn("field", word("columns.field"), strong=True),
        TableColumn("table", word("columns.table")),
        TableColumn("rows", word("columns.rows"), "count", quiet=True),
        TableColumn("filled", word("columns.filled"), "count"),
        TableColumn("blank", word("columns.blank"), "count", formula="{rows}-{filled}"),
        TableColumn("share", word("columns.filled_share"), "percent", bar=1.0, formula="{filled}/{rows}"),
        TableColumn("value", word("columns.lacking_value"), "money"),
    )
    has: dict[str, set[str]] = {}
    for raw in context.survey.tables:
        has.setdefault(raw.table.key, set()).update(raw.letters)
    found: list[Record] = missing(context.cleaned, has).to_dict("records")  # type: ignore[assignment]
    filled = {key for key, frame in context.cleaned.in_memory.items() if len(frame)}
    filled |= {one.table.key for one in context.cleaned.there if one.rows}
    fields = sum(len(has.get(key, ())) for key in filled)
    gaps = {(one["table"], one["field"]) for one in found}
    full = [
        (key, "", 1, f"{context.table_title(key)} · {context.field_title(key, name)}", 1.0)
        for key in sorted(filled)
        for name in sorted(has.get(key, ()))
        if (key, name) not in gaps
    ]
    if not len(found):
        return Note((context.sentence("quality.all_filled"),))
    titled = [(context.field_title(one["table"], one["field"]), one) for one in found]
    titled.sort(key=lambda it: (-it[1]["share"], it[1]["table"], it[0]))
    rows = tuple(_filled(context, title, one) for title, one in titled)
    return Table(
        "completeness",
        word("quality.completeness"),
        columns,
        rows,
        note=word(
            "quality.completeness_note",
            full=context.say(
                evident(context, fields - len(found), "full_columns", _evidence.items(("field",), full)),
                "count",
            ),
        ),
        alt=word("quality.completeness"),
        dense=True,
    )


def _filled(context: Context, title: str, one: Record) -> tuple[Value | Cell, ...]:
    """How far a column of a table is filled."""
    key, field, named = one["table"], one["field"], context.table_title(one["table"])
    has, lacks = (_evidence.cells(context, key, field, blank=blank) for blank in (False, True))
    filled = evident(context, int(one["rows"] - one["missing"]), "filled", has, named, title)
    rows = evident(context, int(one["rows"]), "used", _evidence.used(context, (key,)), named)
    worth = _evidence.cells(context, key, field, blank=True, money=True)
    return (
        title,
        named,
        rows,
        filled,
        evident(context, int(one["missing"]), "blank", lacks, named, title),
        filled / rows,
        None
        if math.isnan(one["value"])
        else evident(context, one["value"], "blank_worth", worth, named, title, form="money"),
    )
