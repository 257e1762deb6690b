"""What the retention page says of targets of rates and counts of customers, whole or by type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._customer_goals import COUNT
from xlsales.report.blocks import Cell, Origin, Table, TableColumn
from xlsales.report.charts.axis import joined
from xlsales.report.pages._renewals import settled, settled_scope
from xlsales.report.pages.attainment import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.report.blocks import Run, Sentence, Value
    from xlsales.report.pages._context import Context, Record

SHOWN = 12
ORDER = ("missed", "near", "running", "open", "met")
COUNTS = {"rate_target": "count_target", "rate": "part", "difference": "gap"}
"""Of a target that is a number of customers, what stands where others have rates."""
ABOUT = ("measure", "customer_type", "region", "team", "rep", "product")


def goals(context: Context) -> list[Record]:
    """The targets, missed ones first and of these the furthest off.

    Those of renewal are about the last month whose days of grace are over.
    """
    now = context.records("customer_targets")
    last = settled(context)
    if last is not None:
        then = context.records("customer_targets", settled_scope(context))
        now = [
            *({**row, "month": last["month"]} for row in then if row["measure"] == "renewal"),
            *(row for row in now if row["measure"] != "renewal"),
        ]
    return sorted(now, key=lambda row: (_place(row["status"]), row["attainment"] or 0.0))


def _place(status: str) -> int:
    return ORDER.index(status) if status in ORDER else len(ORDER)


def table(context: Context, rows: list[Record]) -> Table:
    """Target and actual of each, with what is missing and how it stands."""
    word = context.word
    shown = rows[:SHOWN]
    return Table(
        "customer_targets",
        word("goals.label"),
        (
            TableColumn("name", word("goals.columns.name"), strong=True),
            TableColumn("whole", word("goals.columns.whole"), "count", quiet=True),
            TableColumn("rate_target", word("goals.columns.target"), "percent", quiet=True),
            TableColumn("rate", word("goals.columns.actual"), "percent", strong=True),
            TableColumn("difference", word("goals.columns.difference"), "points"),
            TableColumn("attainment", word("columns.attainment"), "percent", bar=1.0, bar_line=True),
            TableColumn("status", word("columns.status"), align="center"),
        ),
        tuple(
            (
                _called(context, row),
                *(_number(context, row, key) for key in ("whole", "rate_target", "rate", "difference")),
                row["attainment"],
                _mark(context, row),
            )
            for row in shown
        ),
        note=joined(
            word(
                "goals.note",
                shown=context.counted(shown, "customer_targets"),
                count=context.counted(rows, "customer_targets"),
            ),
            _about(context, rows),
        ),
        alt=word("goals.label"),
        dense=True,
        metric="customer_targets",
        about=tuple(tuple((key, row[key]) for key in ABOUT) for row in shown),
        elsewhere=tuple(_elsewhere(context, shown)),
    )


def _elsewhere(context: Context, rows: list[Record]) -> Iterator[tuple[int, str, Origin]]:
    """The rows that are about another period, and the numbers of customers among the rates."""
    for at, row in enumerate(rows):
        about = tuple((key, row[key]) for key in ABOUT)
        if "month" in row:
            yield at, "", Origin("customer_targets", about=about, period=settled_scope(context).period)
        elif row["measure"] == COUNT:
            for key, column in COUNTS.items():
                yield at, key, Origin(column=column)


def finding(context: Context, rows: list[Record]) -> Sentence:
    """How many of the targets are met, and which one is missed by most."""
    judged = [row for row in rows if row["status"] in ("met", "near", "missed")]
    if not judged:
        return ()
    met = [row for row in judged if row["status"] == "met"]
    parts: dict[str, str | Run] = {
        "met": context.strong(context.count(met, "customer_targets"), "count"),
        "count": context.counted(judged, "customer_targets"),
    }
    behind = [row for row in judged if row["status"] != "met" and row["difference"] is not None]
    if not behind:
        return context.sentence("goals.second", **parts)
    worst = max(behind, key=lambda row: abs(row["difference"]))
    return context.sentence(
        "goals.second_behind",
        **parts,
        name=_called(context, worst),
        rate=context.strong(worst["rate"], "percent"),
        target=context.say(worst["rate_target"], "percent"),
    )


def _about(context: Context, rows: list[Record]) -> str:
    """Which contracts the renewal rates are of."""
    months = {row["month"] for row in rows if "month" in row}
    return "".join(context.word("goals.due", month=context.say(month, "month")) for month in months)


def _called(context: Context, row: Record) -> str:
    names = [row[key] for key in ABOUT[1:] if row[key]]
    return " · ".join(
        (*(names or [context.word("goals.all")]), context.word(f"goals.measures.{row['measure']}"))
    )


def _number(context: Context, row: Record, key: str) -> Value | Cell:
    """A figure of the row: grey where of few, and the difference by whether it is a good one.

    A number of customers is said with its unit, since the column is of rates.
    """
    number: Value = row[key]
    if row["measure"] == COUNT and key in COUNTS and (count := row[COUNTS[key]]) is not None:
        number = context.word("goals.number", count=context.say(count, "count", signed=key == "difference"))
    if key == "rate" and row["sample"]:
        return Cell(number, tone="quiet")
    if key == "difference" and number is not None and row["status"] in MARKS:
        return Cell(number, tone="bad" if row["status"] == "missed" else "plain")
    return number


def _mark(context: Context, row: Record) -> Value | Cell:
    if row["status"] not in MARKS:
        return context.word(f"goals.status.{row['status']}")
    sign, tone = MARKS[row["status"]]
    said = context.word(f"status.{row['status']}")
    return Cell(f"{sign} {said}", tone=tone)  # type: ignore[arg-type]
