"""What the funnel page says of time and loss: sales cycle, days in each stage, why leads are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Run, Table, TableColumn

if TYPE_CHECKING:
    from xlsales.report.blocks import Chart, Sentence
    from xlsales.report.pages._context import Context, Record

FEWEST = 5
"""A rep with fewer losses is not named for the reasons that are missing."""


def cycle(context: Context) -> Sentence:
    """The sales cycle, and how many losses have no reason."""
    between = Run("" if context.lang == "zh" else " ")
    first, *others = (*_cycle(context), *_blank(context))
    return (*first, *(run for other in others for run in (between, *other)))


def dwell(context: Context) -> Table:
    """Days in each stage against the six months before, and who is still there."""
    word = context.word
    columns = (
        TableColumn("stage", word("columns.stage"), strong=True),
        TableColumn("n", word("losses.left"), "count"),
        TableColumn("median", word("losses.median"), "days", strong=True),
        TableColumn("norm", word("losses.norm"), "days", quiet=True),
        TableColumn("change", word("losses.against"), "days", signed=True, good_up=False),
        TableColumn("open", word("losses.there"), "count"),
        TableColumn("stuck", word("losses.stuck"), "count"),
    )
    rows = [row for row in context.records("dwell") if row["status"] != "no_stage_history"]
    body = tuple(
        (word(f"stages.{row['stage']}"), *(row[column.key] for column in columns[1:])) for row in rows
    )
    label = word("losses.dwell")
    return Table(
        "dwell",
        label,
        columns,
        body,
        note=word("losses.dwell_note"),
        alt=label,
        dense=True,
        empty=word("losses.dwell_empty"),
        metric="dwell",
        about=tuple((("stage", row["stage"]),) for row in rows),
    )


def reasons(context: Context) -> Chart:
    """The Pareto of loss reasons by class; the finding names the first, or how little is known."""
    rows = [row for row in context.records("loss_reasons") if row["n"]]
    known = [row for row in rows if row["reason"] not in ("", "unclassified")]
    whole = sum(row["n"] for row in rows)
    finding = ""
    if known and 2 * sum(row["n"] for row in known) >= whole:
        finding = context.word(
            "losses.finding",
            name=_class(context, known[0]),
            share=context.say(known[0]["share"], "percent"),
            three=context.say(sum(row["n"] for row in known[:3]) / whole, "percent"),
        )
    elif rows:
        unknown = whole - sum(row["n"] for row in known)
        finding = context.word(
            "losses.finding_unknown",
            count=context.say(whole, "count"),
            share=context.say(unknown / whole, "percent"),
        )
    return charts.bars(
        "loss_reasons",
        label=context.word("losses.reasons"),
        note=context.word("losses.reasons_note"),
        finding=finding,
        items=tuple((_class(context, row), row["n"]) for row in rows),
        highlight=min(3, len(known)),
        cumulative=True,
        empty="" if rows else context.word("losses.reasons_empty"),
        lang=context.lang,
    )


def _class(context: Context, row: Record) -> str:
    return context.word(f"losses.classes.{row['reason'] or 'blank'}")


def _cycle(context: Context) -> list[Sentence]:
    row = context.total("sales_cycle")
    if not row.get("n"):
        return [context.sentence("losses.cycle_none")]
    before = row["previous"]
    change = (
        "" if before is None else context.word("losses.cycle_change", previous=context.say(before, "number"))
    )
    first = context.sentence(
        "losses.cycle",
        n=context.say(row["n"], "count"),
        median=context.strong(row["median"], "number"),
        mean=context.say(row["mean"], "number"),
        p75=context.say(row["p75"], "number"),
        change=change,
    )
    if row["half_won"] is not None:
        first += context.sentence("losses.cycle_half", days=context.say(row["half_won"], "count"))
    if row["errors"]:
        first += context.sentence("losses.cycle_errors", count=context.say(row["errors"], "count"))
    return [first]


def _blank(context: Context) -> list[Sentence]:
    blank = next((row for row in context.records("loss_reasons") if not row["reason"]), None)
    if blank is None or blank["share"] is None:
        return []
    if not blank["n"]:
        return [context.sentence("losses.blank_none")]
    named = context.records("loss_reasons", by=("rep",))
    lost: dict[str, float] = {}
    for row in named:
        lost[row["rep"]] = lost.get(row["rep"], 0.0) + row["n"]
    missing = [
        row for row in named if row["rep"] and not row["reason"] and row["n"] and lost[row["rep"]] >= FEWEST
    ]
    worst = max(missing, key=lambda row: (row["share"], row["n"], row["rep"]), default=None)
    said = ""
    if worst is not None:
        rate, n = context.say(worst["share"], "percent"), context.say(lost[worst["rep"]], "count")
        said = context.word("losses.blank_worst", name=worst["rep"], rate=rate, n=n)
    return [
        context.sentence("losses.blank_rate", overall=context.strong(blank["share"], "percent"), worst=said)
    ]
