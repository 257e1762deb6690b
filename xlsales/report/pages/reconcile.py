"""对账: where orders, payments, invoices, sources, stock and lessons do not agree, and by how much."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.compared import MOST, present
from xlsales.clean.reconciling.catalogue import missing
from xlsales.report.blocks import Cell, Note, Placed, Run, Table, TableColumn
from xlsales.report.pages import _evidence, _wanted
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._lacking import named_inputs
from xlsales.report.pages._reconciled import MONEY, apart, largest, totals
from xlsales.report.traced import naming
from xlsales.tables.spec import numbered

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Band, Page, Sentence, Tone, Value
    from xlsales.report.pages._context import Context, Record
    from xlsales.report.pages._evidence import Rows
    from xlsales.tables.spec import RawTable

COLUMNS = (150, 190, 150, 110, 110, 130, 130, 130, 164)
LAST = len(COLUMNS) - 1
MARKS: dict[str, tuple[str, Tone]] = {"wrong": ("■", "bad"), "open": ("◆", "strong"), "agrees": ("●", "good")}
ORDER = ("wrong", "open", "agrees")
ALWAYS = ("receipts", "invoices")
"""What a page without it says is missing; of the others nobody without such tables thinks."""


def reconcile(context: Context) -> Page:
    """For each reconciliation its totals by status, which tie out, and the largest differences."""
    found = totals(context)
    keys = list(dict.fromkeys(row["key"] for row in found))
    bands: tuple[Band, ...] = ()
    for key in keys:
        rows = [row for row in found if row["key"] == key and row["units"]]
        listed = [row for row in largest(context) if row["key"] == key]
        bands += ((Placed(_totals(context, key, rows), 0, 4),),)
        if listed:
            bands += ((Placed(_largest(context, key, rows, listed), 0, LAST),),)
    tables = present(context.cleaned) if {*ALWAYS} - {*keys} else {}
    lacking = [_lacking(context, key, missing(tables, key)) for key in ALWAYS if key not in keys]
    if not keys:
        inputs = (name for key in ALWAYS for name in missing(tables, key))
        why = Placed(Note(tuple(lacking), callout=True), 0, _wanted.LAST)
        none = ((why,), *_wanted.headers(context, "reconcile", inputs))
        return context.page("reconcile", _headline(context, found), (), _wanted.COLUMNS, none)
    if lacking:
        bands += ((Placed(Note(tuple(lacking)), 0, LAST),),)
    return context.page("reconcile", _headline(context, found), _second(context, found), COLUMNS, bands)


def name(context: Context, key: str) -> str:
    """What a reconciliation is called."""
    return context.word(f"reconcile.{key}.name")


def status(context: Context, row: Record) -> str:
    """What the status of a row is called."""
    return context.word(f"reconcile.{row['key']}.{row['status']}")


def _headline(context: Context, found: list[Record]) -> Sentence:
    if not found:
        return context.sentence("reconcile.headline_none")
    for verdict in ("wrong", "open"):
        off = [row for row in found if row["verdict"] == verdict and row["units"]]
        if off:
            money = [row for row in off if row["key"] in MONEY]
            worst = max(money or off, key=lambda row: (abs(row["difference"]), row["units"]))
            form: Format = "money" if worst["key"] in MONEY else "count"
            return context.sentence(
                f"reconcile.headline_{verdict}",
                units=context.strong(_counted(context, off), "count"),
                money=context.strong(_apart(context, money), "money"),
                name=name(context, worst["key"]),
                status=status(context, worst),
                count=context.say(_counted(context, [worst]), "count"),
                amount=context.strong(abs(_side_of(context, [worst], "difference")), form),
            )
    return context.sentence(
        "reconcile.headline_agrees", units=context.strong(_counted(context, found), "count")
    )


def _second(context: Context, found: list[Record]) -> Sentence:
    open_ = [row for row in found if row["verdict"] == "open" and row["units"]]
    if not open_:
        return ()
    whole = context.say(_apart(context, [row for row in open_ if row["key"] in MONEY]), "money")
    return context.sentence(
        "reconcile.second", open=context.strong(_counted(context, open_), "count"), money=whole
    )


def _units(rows: list[Record]) -> int:
    return sum(row["units"] for row in rows)


def _counted(context: Context, rows: list[Record]) -> int:
    """How many units there are in these states."""
    count: int = evident(
        context, _units(rows), "compared", _evidence.compared(context, rows), *_said(context, rows)
    )
    return count


def _apart(context: Context, rows: list[Record]) -> float:
    """How much these states are apart, signs left out."""
    behind = _evidence.compared(context, rows, "size")
    money: float = evident(context, apart(rows), "apart", behind, *_said(context, rows), form="money")
    return money


def _side_of(context: Context, rows: list[Record], side: str) -> float:
    """What one side says in these states, or the gap between both."""
    whole = sum(row[side] for row in rows)
    form: Format = "money" if rows[0]["key"] in MONEY else "count"
    behind = _evidence.compared(context, rows, side)
    found: float = evident(context, whole, f"compared_{side}", behind, *_said(context, rows), form=form)
    return found


def _said(context: Context, rows: list[Record]) -> list[str]:
    return [f"{name(context, row['key'])}: {status(context, row)}" for row in rows]


def _lacking(context: Context, key: str, inputs: tuple[str, ...]) -> Sentence:
    """The inputs that it lacks, or else that there is too much of them."""
    metric = Run(name(context, key), "strong")
    if not inputs:
        return context.sentence("reconcile.too_many", metric=metric, most=context.say(MOST, "count"))
    return context.sentence("lacking", metric=metric, inputs=Run(named_inputs(context, inputs), "strong"))


def _mark(context: Context, row: Record) -> Cell:
    mark, tone = MARKS[row["verdict"]]
    said = status(context, row)
    if row.get("overdue"):
        days = evident(context, row["overdue"], "overdue", None, row["order_id"] or "", form="days")
        said = context.word("reconcile.overdue", status=said, days=naming(f"{row['overdue']:,.0f}", days))
    return Cell(f"{mark} {said}", tone=tone)


def _side(context: Context, key: str, name: str, word: str, **more: Any) -> TableColumn:
    """A column of one side or of the gap: amounts are in whole, since a cent counts here."""
    form: Format = "money" if key in MONEY else "count"
    return TableColumn(name, context.word(word), form, exact=key in MONEY, **more)


def _sides(context: Context, key: str, *, summed: bool) -> tuple[TableColumn, TableColumn, TableColumn]:
    """Both sides and the gap; the totals where they have one."""
    side, word = partial(_side, context, key), f"reconcile.{key}"
    whole, live = ("sum", "formula") if summed else (None, None)
    return (
        side("first", f"{word}.first", total=whole),
        side("second", f"{word}.second", total=whole),
        side("difference", "columns.gap", formula="{first}-{second}", total=live),
    )


def _totals(context: Context, key: str, rows: list[Record]) -> Table:
    word = context.word
    columns = (
        TableColumn("status", word("columns.status"), strong=True),
        *_sides(context, key, summed=True),
        TableColumn("units", word(f"reconcile.{key}.units"), "count", total="sum"),
    )
    rows = sorted(rows, key=lambda row: ORDER.index(row["verdict"]))
    body: tuple[tuple[Value | Cell, ...], ...] = tuple(
        (
            _mark(context, row),
            *(_side_of(context, [row], side) for side in ("first", "second", "difference")),
            _counted(context, [row]),
        )
        for row in rows
    )
    first, second = (_side_of(context, rows, side) if rows else 0 for side in ("first", "second"))
    whole: tuple[Value | Cell, ...] = (
        word("reconcile.all"),
        first,
        second,
        first - second,
        _counted(context, rows),
    )
    return Table(
        f"reconcile_{key}",
        name(context, key),
        columns,
        body,
        whole,
        note=word(f"reconcile.{key}.note"),
        alt=name(context, key),
        dense=True,
    )


def _largest(context: Context, key: str, rows: list[Record], listed: list[Record]) -> Table:
    word = context.word
    columns = (
        TableColumn("status", word("columns.status"), strong=True),
        TableColumn("unit", word(f"reconcile.{key}.unit")),
        TableColumn("customer", word("reconcile.customer")),
        TableColumn("rep", context.dimension("rep")),
        TableColumn("date", word("reconcile.date"), align="right"),
        *_sides(context, key, summed=False),
        TableColumn("where", word("reconcile.where")),
    )
    body: list[tuple[Value | Cell, ...]] = []
    for row in listed:
        day = date.fromisoformat(row["date"]) if row["date"] else None
        body.append(
            (
                _mark(context, row),
                _unit(context, row),
                row["customer"] or "",
                row["rep"] or "",
                "" if day is None else day.isoformat(),
                *(_of_unit(context, row, side) for side in ("first", "second", "difference")),
                _where(context, row),
            )
        )
    off = _units([row for row in rows if row["verdict"] != "agrees"])
    more = off - len(listed)
    label = word("reconcile.largest", name=name(context, key))
    differ = [row for row in rows if row["verdict"] != "agrees"]
    units = [_behind(context, row) for row in listed]
    shown = context.say(evident(context, len(listed), "listed", _evidence.several(units)), "count")
    rest = evident(context, more, "not_shown", _evidence.compared(context, differ))
    note = word("reconcile.largest_more", shown=shown, more=context.say(rest, "count")) if more else ""
    return Table(f"reconcile_{key}_largest", label, columns, tuple(body), note=note, alt=label, dense=True)


def _of_unit(context: Context, row: Record, side: str) -> Any:
    """What one side says of one unit."""
    form: Format = "money" if row["key"] in MONEY else "count"
    about = (*_said(context, [row]), _unit(context, row))
    return evident(context, row[side], f"compared_{side}", _behind(context, row, side), *about, form=form)


def _behind(context: Context, row: Record, side: str = "") -> Rows:
    """The row of one unit, which adds what that side says, or 1."""

    def rows() -> pd.DataFrame:
        every = _evidence.compared(context, [row], side)()
        same = (every["first"] == row["first"]) & (every["second"] == row["second"])
        for column in ("_row", "order"):
            wanted = row.get({"_row": "row", "order": "order_id"}[column])
            if wanted is not None:
                same &= every[column] == wanted
        own: pd.DataFrame = every[same].head(1)
        return own

    return rows


def _unit(context: Context, row: Record) -> str:
    if row["key"] == "channels":
        also = context.word("reconcile.also", source=row["twin_source"], order=row["twin_order_id"] or "")
        return f"{row['order_id'] or context.word('blank')} {also}".strip()
    if row.get("month"):
        return f"{row['month']} {row['product']}"
    return row["order_id"] or context.word("reconcile.all_of_customer" if row["customer"] else "blank")


def _where(context: Context, row: Record) -> str:
    """Sheet and cell of the first row that the unit has."""
    if not row["table"]:
        return ""
    for raw in context.survey.tables:
        if raw.table.key == row["table"] and row["source"] in (raw.source, f"{raw.source}!{raw.sheet}"):
            return f"{raw.sheet}!{_letter(raw, row)}{numbered(row['row'])}".removeprefix("!")
    # One of several files of a table in an engine; the rows of some have no numbers.
    raw = next(raw for raw in context.survey.tables if raw.table.key == row["table"])
    return f"{row['source']}!{_letter(raw, row)}{numbered(row['row'])}"


def _letter(raw: RawTable, row: Record) -> str:
    return raw.letters.get(row["field"], next(iter(raw.letters.values()), "A"))
