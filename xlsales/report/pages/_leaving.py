"""What the retention page says of those who go: money given back, members beside others, reasons to leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from xlsales.metrics._catalogue import says
from xlsales.metrics._reasons import KEYWORDS, UNCLASSIFIED
from xlsales.metrics._scope import Window, month_of, shift_months
from xlsales.report import charts
from xlsales.report.blocks import Cell, Chart, Series, Table, TableColumn
from xlsales.report.charts.axis import joined, largest_note
from xlsales.report.pages._renewals import ROWS, by_names, figures
from xlsales.report.traced import naming, summed

if TYPE_CHECKING:
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Run, Sentence, Tone, Value
    from xlsales.report.pages._context import Context, Record

ASKED = 6
"""Months of answers that are taken together: few families say why they leave."""
CURVE = 6
"""Months after the order within which nearly all is given back that ever will be."""
NAMED = 3
"""So many traits are told."""
UNKNOWN = ("", UNCLASSIFIED)
DROPOUT = ("orders", "full", "partial", "dropout", "value_rate", "median_days")
TAUGHT = ("orders", "full", "partial", "dropout")
MEMBERS = ("base", "retention", "difference", "per_buyer", "spend_difference", "use_rate")
RATES = ("retention", "difference", "spend_difference")
"""What is grey where a level, or the non-members beside it, are few."""


def refunded(context: Context) -> bool:
    """Whether the workbook says anything of refunds."""
    rows = context.records("dropout", context.trend, by=("month",))
    return any(row["dropout"] is not None for row in rows)


def dropouts(context: Context) -> Table:
    """Orders of the trend that were given back, by course; of months that are old enough to tell."""
    unit = "product" if context.spread["product"] else "region"
    scope, note = _old_enough(context)
    every = [row for row in context.records("dropout", scope, by=(unit,)) if row["orders"]]
    return by_names(
        context,
        "dropouts",
        context.word("renewals.dropouts"),
        unit,
        every,
        context.total("dropout", scope),
        DROPOUT,
        note=note,
        metric="dropout",
        period=scope.period,
    )


def _old_enough(context: Context) -> tuple[Scope, str]:
    """The trend up to the last month whose orders are old enough, or whole where none is; and a note."""
    rows = context.records("dropout", context.trend, by=("month",))
    months = [row["month"] for row in rows if row["orders"] and row["complete"]]
    if not months:
        return context.trend, context.word("renewals.dropouts_young")
    last = max(months)
    start, year, month = context.trend.period.start, int(last[:4]), int(last[5:])
    window = Window(start, month_of(date(year, month, 1)).end)
    return context.trend.over(window), context.word(
        "renewals.dropouts_note", month=context.say(last, "month")
    )


def teachers(context: Context) -> Table | None:
    """As ``dropouts``, by teacher; None where nothing tells teachers."""
    tables = context.cleaned.tables
    if not any(name in tables and says(tables[name], "teacher") for name in ("lessons", "products")):
        return None
    scope, note = _old_enough(context)
    rows = context.records("teacher_dropout", scope)
    if not any(row["teacher"] and row["orders"] for row in rows):
        return None
    word, shown = context.word, [row for row in rows if row["orders"]]
    columns = figures(context, TAUGHT, scope.period)
    return Table(
        "teacher_dropouts",
        word("renewals.teachers"),
        (TableColumn("name", word("renewals.columns.teacher"), strong=True, wrap=True), *columns),
        tuple((context.name(row["teacher"]), *(row[name] for name in TAUGHT)) for row in shown[:ROWS]),
        note=joined(
            note,
            largest_note(
                context.count(shown[:ROWS], "teacher_dropout"),
                context.count(shown, "teacher_dropout"),
                context.lang,
            ),
        ),
        alt=word("renewals.teachers"),
        dense=True,
        metric="teacher_dropout",
        about=tuple((("teacher", row["teacher"]),) for row in shown[:ROWS]),
    )


def months(context: Context) -> Chart:
    """Drop-out by the month of the order; those that are too young to tell are paler."""
    rows = [row for row in context.records("dropout", context.trend, by=("month",)) if row["orders"]]
    mature = [row for row in rows if row["complete"]]
    tones: tuple[Tone, ...] = tuple("accent" if row["complete"] else "bad_tint" for row in rows)
    series = Series(
        context.word("renewals.dropout"),
        tuple(row["dropout"] for row in rows),
        "column",
        "accent",
        tones=tones,
        labels=(),
    )
    finding = context.word("renewals.no_mature")
    if mature:
        rate = sum(row["full"] + row["partial"] for row in mature) / sum(row["orders"] for row in mature)
        finding = context.word("renewals.finding_mature", rate=context.say(rate, "percent"))
    return Chart(
        "dropout_months",
        context.word("renewals.dropout_months"),
        finding,
        "column",
        context.month_labels([row["month"] for row in rows]),
        (series,) if any(row["dropout"] for row in rows) else (),
        "percent",
        context.word("renewals.dropout_months_note"),
        empty=context.word("renewals.no_refunds"),
    )


def curve(context: Context) -> Chart:
    """How soon orders are given back: of those given back within six months, the share that was by each."""
    rows = context.records("dropout_curve")
    old = {row["cohort"] for row in rows if row["offset"] == CURVE and row["complete"]}
    counts = [
        sum(row["refunded"] for row in rows if row["cohort"] in old and row["offset"] == k)
        for k in range(CURVE + 1)
    ]
    known = bool(counts[-1])
    shares = [count / counts[-1] for count in counts] if known else []
    finding = context.word("renewals.no_curve")
    if known:
        finding = context.word("renewals.finding_curve", share=context.say(shares[1], "percent"))
    drawn = charts.histogram(
        "dropout_curve",
        label=context.word("renewals.curve"),
        note=context.word("renewals.curve_note"),
        finding=finding,
        bins=tuple((f"M{k}", share) for k, share in enumerate(shares)),
        format="percent",
        empty="" if known else finding,
        lang=context.lang,
    )
    tones: tuple[Tone, ...] = tuple("accent" if k == 1 else "context" for k in range(len(shares)))
    return replace(drawn, series=tuple(replace(one, tones=tones) for one in drawn.series))


def members(context: Context) -> Table:
    """Levels of membership beside non-members of like kind: differences, not effects; grey where of few."""
    rows = context.records("membership")
    word = context.word
    body = tuple(
        (row["tier"] or word("renewals.no_member"), *(_of_members(row, key) for key in MEMBERS))
        for row in rows
    )
    return Table(
        "membership",
        word("renewals.members"),
        (TableColumn("tier", word("renewals.columns.tier"), strong=True), *figures(context, MEMBERS)),
        body,
        note=word("renewals.members_note"),
        alt=word("renewals.members"),
        dense=True,
        metric="membership",
        about=tuple((("tier", row["tier"]),) for row in rows),
        empty=word("no_rows"),
    )


def points(context: Context) -> Sentence | None:
    """What members have earned and used in points, and how many of them there is a non-member like."""
    rows = [row for row in context.records("membership") if row["tier"]]
    earned, used = (_sum(rows, key) for key in ("points_earned", "points_used"))
    matched, base = (_sum(rows, key) for key in ("matched", "base"))
    said = []
    if earned and used is not None:
        said.append(
            context.sentence(
                "renewals.points",
                earned=context.say(earned, "count"),
                used=context.say(used, "count"),
                share=context.say(used / earned, "percent"),
            )
        )
    if base and (matched or 0) < base:
        counts = {"matched": context.say(matched or 0, "count"), "base": context.say(base, "count")}
        said.append(context.sentence("renewals.matched", **counts))
    return context.together(*said) or None


def _sum(rows: list[Record], key: str) -> float | None:
    known = [row[key] for row in rows if row[key] is not None]
    return summed(known) if known else None


def _of_members(row: Record, key: str) -> Value | Cell:
    few = row["status"] == "small_sample" and key in RATES
    return Cell(row[key], tone="quiet") if few and row[key] is not None else row[key]


def reasons(context: Context, low: bool = False) -> Chart:
    """The Pareto of what those who left say, over half a year, the first reason against the one before.

    A low chart says the running shares behind the names: LibreOffice breaks long labels of its bars.
    """
    end = context.scope.current.end
    window = Window(shift_months(end.replace(day=1), 1 - ASKED), month_of(end).end)
    rows = [row for row in context.records("churn_reasons", context.scope.over(window)) if row["n"]]
    known = [row for row in rows if row["reason"] not in UNKNOWN]
    ranked = sorted(rows, key=lambda row: -row["n"])
    whole = sum(row["n"] for row in rows)
    return charts.bars(
        "churn_reasons",
        label=context.word("renewals.reasons"),
        note=context.word(
            "renewals.reasons_low" if low else "renewals.reasons_note",
            months=ASKED,
            count=context.say(whole, "count"),
        ),
        finding=_finding(context, rows, known) if known else context.word("renewals.reasons_empty"),
        items=_with_shares(context, ranked)
        if low
        else tuple((_class(context, row), row["n"]) for row in rows),
        highlight=min(3, len(list(takewhile(lambda row: row in known, ranked)))),
        cumulative=not low,
        empty="" if rows else context.word("renewals.reasons_empty"),
        lang=context.lang,
    )


def _with_shares(context: Context, ranked: list[Record]) -> tuple[tuple[str, float], ...]:
    """The reasons, each with the share of it and those before it behind its name."""
    running = list(accumulate(row["n"] for row in ranked))
    shares = [naming(f"{so_far / running[-1]:.0%}", so_far / running[-1]) for so_far in running]
    return tuple(
        (joined(_class(context, row), share), row["n"]) for row, share in zip(ranked, shares, strict=True)
    )


def _finding(context: Context, rows: list[Record], known: list[Record]) -> str:
    """The first reason, how its share moved where that is of enough answers, and what nobody can tell."""
    first = known[0]
    said = context.word(
        "renewals.finding_reasons",
        name=_class(context, first),
        share=context.say(first["share"], "percent"),
    )
    if first["change"] is not None and not first["status"]:
        change = context.say(first["change"], "points", signed=True)
        said += context.word("renewals.reasons_change", months=ASKED, change=change)
    for row in rows:
        if row["reason"] in UNKNOWN:
            share = context.say(row["share"], "percent")
            said += context.word(f"renewals.reasons_{row['reason'] or 'blank'}", share=share)
    return said


def _class(context: Context, row: Record) -> str:
    """A class by its word; a code of the house is one itself."""
    reason = row["reason"] or "blank"
    named = reason in KEYWORDS or row["reason"] in UNKNOWN
    return context.word(f"losses.classes.{reason}") if named else str(reason)


def timing(context: Context) -> Sentence | None:
    """When to call whoever has bought once."""
    first = next(iter(context.records("repurchase_timing")), None)
    if first is None or first["median_days"] is None or first["status"]:
        return None
    early, late = (context.say(first[name], "count") for name in ("early_days", "late_days"))
    return context.sentence(
        "renewals.timing" if early != late else "renewals.timing_day",
        early=early,
        late=late,
        share=context.strong(first["share"], "percent"),
    )


def traits(context: Context) -> tuple[Sentence, ...]:
    """What those who left within a year have in common beyond chance; () where nothing is compared.

    A sentence each, since beside a table one of two lines makes its row higher.
    """
    compared = [row for row in context.records("churn_traits") if row["status"] != "small_sample"]
    above = [row for row in compared if row["status"] == "above"]
    if not above:
        return (context.sentence("renewals.traits_none"),) if compared else ()
    first, *others = (_trait(context, row) for row in above[:NAMED])
    said = (context.sentence("renewals.traits", trait=first),)
    return said + tuple(context.sentence("renewals.traits_and", trait=one) for one in others)


def _trait(context: Context, row: Record) -> Sentence:
    """How many of those with a trait left, and how many times as many as of the others."""
    about: dict[str, str | Run] = {
        "value": context.name(row["value"]),
        "trait": context.field_title("customers", row["trait"]),
        "churn": context.strong(row["churn"], "percent"),
        "base": context.say(row["base"], "count"),
    }
    if not row["others"]:
        return context.sentence("renewals.trait_alone", **about)
    ends = {name: context.say(row[name], "number") for name in ("lift", "low", "high")}
    return context.sentence("renewals.trait", **about, **ends)
