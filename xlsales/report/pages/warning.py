"""客户预警: who may be about to leave and why, and whether the rule was right some months ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._behind import PLACE
from xlsales.metrics._service import heard
from xlsales.report import charts
from xlsales.report.blocks import Cell, Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._context import identified
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._lacking import named_inputs
from xlsales.report.pages._wanted import wanting

if TYPE_CHECKING:
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Band, Chart, Page, Run, Sentence, Value
    from xlsales.report.pages._context import Context, Record

COLUMNS = (146, 222, 96, 64, 84, 64, 76, 60, 24, 104, 68, 64, 64, 64, 64)
LIST, HITS, LAST = 7, 9, len(COLUMNS) - 1
SHOWN, MONTHS = 25, 6
NAMES = 700
"""Pixels of the names to call first."""
FORMS: dict[str, Format] = {
    "amount": "money",
    "orders": "count",
    "last_order": "date",
    "days_since": "count",
    "usual_gap": "count",
    "alive": "percent",
}
MORE = ("tickets", "surveys")


def warning(context: Context) -> Page:
    """The list with the reasons, beside the test of the rule and how frequent each sign is."""
    if not identified(context):
        inputs = () if context.missing("warning_list") else ("orders.customer_id",)
        return wanting(context, "warning", "warning_list", inputs)
    rows = context.records("warning_list")
    hits = {row["sign"]: row for row in context.records("warning_hits")}
    bands: tuple[Band, ...] = (
        (
            Placed(_list(context, rows, foretold=_foretells(hits)), 0, LIST),
            Placed(_hits(context, list(hits.values())), HITS, LAST),
            Placed(_signs(context, rows), HITS, LAST),
        ),
        (Placed(Note(_notes(context)), 0, LAST),),
    )
    return context.page(
        "warning", _headline(context, rows, hits), _second(context, rows, hits), COLUMNS, bands
    )


def _headline(context: Context, rows: list[Record], hits: dict[str, Record]) -> Sentence:
    if not rows:
        return context.sentence("warning.headline_calm")
    parts: dict[str, str | Run] = {
        "count": context.strong(context.count(rows, "warning_list"), "count"),
        "amount": context.strong(sum(row["amount"] for row in rows), "money"),
    }
    tested = [hits.get(name, {}).get("rate") for name in ("warned", "others")]
    if None in tested:
        return context.sentence("warning.headline_untested", **parts)
    return context.sentence(
        "warning.headline" if _foretells(hits) else "warning.headline_chance",
        **parts,
        months=str(MONTHS),
        rate=context.strong(tested[0], "percent"),
        others=context.say(tested[1], "percent"),
    )


def _foretells(hits: dict[str, Record]) -> bool:
    """Whether the rule has done better than chance, or could not yet be put to the test."""
    return hits.get("warned", {}).get("verdict", "") in ("better", "")


def _second(context: Context, rows: list[Record], hits: dict[str, Record]) -> Sentence:
    if not rows:
        return ()
    if not _foretells(hits):
        return context.sentence("warning.second_chance")
    return context.sentence(
        "warning.second", names=context.names(rows[:SHOWN], "account", NAMES, "warning_list")
    )


def _list(context: Context, rows: list[Record], *, foretold: bool) -> Table:
    """Who shows a sign; called a warning only where the rule was better than chance."""
    shown = rows[:SHOWN]
    word = context.word
    label = word("warning.list" if foretold else "warning.list_chance")

    def cell(row: Record, key: str) -> Value:
        value: Value = row[key].date() if key == "last_order" else row[key]
        return value

    return Table(
        "warning_list",
        label,
        (
            TableColumn("account", word("warning.columns.account"), strong=True),
            TableColumn("why", word("warning.columns.why"), origin=Origin(column="reasons")),
            *(
                TableColumn(
                    key, word(f"warning.columns.{key}"), form, strong=key == "amount", quiet=key == "orders"
                )
                for key, form in FORMS.items()
            ),
        ),
        tuple(
            (context.name(row["account"]), _why(context, row), *(cell(row, key) for key in FORMS))
            for row in shown
        ),
        note=word(
            "warning.list_note",
            shown=context.counted(shown, "warning_list"),
            count=context.counted(rows, "warning_list"),
        ),
        alt=label,
        dense=True,
        metric="warning_list",
        about=tuple((("account_id", row["account_id"]),) for row in shown),
        empty=word("warning.headline_calm"),
    )


def _why(context: Context, row: Record) -> str:
    return context.word("comma").join(context.word(f"warning.names.{sign}") for sign in row["why"].split("+"))


def _hits(context: Context, rows: list[Record]) -> Table:
    word = context.word
    return Table(
        "warning_hits",
        word("warning.hits"),
        (
            TableColumn("sign", word("warning.columns.sign"), strong=True),
            TableColumn("customers", word("warning.columns.customers"), "count", quiet=True),
            TableColumn("gone", word("warning.columns.gone"), "count"),
            TableColumn("rate", word("warning.columns.rate"), "percent", bar=1.0, bar_tone="context"),
            *(TableColumn(key, word(f"columns.{key}"), "percent", quiet=True) for key in ("low", "high")),
        ),
        tuple(
            (
                word(f"warning.names.{row['sign']}"),
                row["customers"],
                row["gone"],
                Cell(row["rate"], tone="quiet") if _unsure(row) else row["rate"],
                row["low"],
                row["high"],
            )
            for row in rows
        ),
        note=word("warning.hits_note", months=MONTHS),
        alt=word("warning.hits"),
        dense=True,
        metric="warning_hits",
        about=tuple((("sign", row["sign"]),) for row in rows),
        empty=word("warning.hits_short"),
    )


def _unsure(row: Record) -> bool:
    """Whether the rate says little: of few, or no better than that of the others."""
    return row["status"] == "small_sample" or row["verdict"] in ("chance", "worse")


def _signs(context: Context, rows: list[Record]) -> Chart:
    showing: dict[str, list[Record]] = {}
    for row in rows:
        for sign in row["why"].split("+"):
            showing.setdefault(sign, []).append(row)
    items = sorted(
        (
            (context.word(f"warning.names.{sign}"), context.count(some, "warning_list"))
            for sign, some in showing.items()
        ),
        key=lambda item: (-item[1], item[0]),
    )
    finding = context.word("warning.headline_calm")
    if items:
        finding = context.word("warning.finding", sign=items[0][0], count=context.say(items[0][1], "count"))
    return charts.bars(
        "warning_signs",
        label=context.word("warning.signs"),
        finding=finding,
        items=items,
        highlight=1,
        empty="" if items else context.word("warning.headline_calm"),
        lang=context.lang,
    )


def _notes(context: Context) -> tuple[Sentence, ...]:
    said = [context.sentence("warning.note")]
    lacking = tuple(f"{name}.day" for name in MORE if name not in context.cleaned.tables)
    if lacking:
        said.append(context.sentence("warning.more", inputs=named_inputs(context, lacking)))
    rows = _nobodys(context)
    if rows:
        count = evident(context, len(rows), "nobodys", _evidence.items((), rows))
        said.append(context.sentence("warning.nobodys", rows=context.strong(count, "count")))
    return tuple(said)


def _nobodys(context: Context) -> list[tuple[object, ...]]:
    """The tickets and surveys of the twelve months that are of no customer with orders, one each."""
    end = context.scope.current.end

    def found() -> list[Record]:
        tables = context.cleaned.tables
        tickets, surveys, customers = (tables.get(name) for name in (*MORE, "customers"))
        every = heard(tables["orders"], tickets, surveys, customers, end).values()
        return [
            {name: row.get(name) for name in PLACE}
            for one in every
            for row in one[one["account"].isna()].to_dict("records")
        ]

    return [(*map(row.get, PLACE), 1.0) for row in context.kept(f"nobodys {end}", found)]
