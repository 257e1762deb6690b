"""商机与跟进: what is open and what it covers, which leads come first, who waits, and who follows up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics._scope import month_of, shift_months
from xlsales.report.blocks import Cell, Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages._lacking import lacking_note_of_each
from xlsales.report.pages._people import people
from xlsales.report.pages._wanted import wanting

if TYPE_CHECKING:
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Band, Page, Run, Sentence, Tone, Value
    from xlsales.report.pages._context import Context, Record

COLUMNS = (124, 72, 80, 76, 68, 80, *[50] * 5, 16, 90, 68, 104, 84, 78, 74)
"""Six columns at either side; the narrow ones between them belong to the table of people alone."""
LEFT, RIGHT, ALL = 0, 12, (0, 17)
SHOWN = 6
"""So many leads are listed."""
ALL_IN_TIME = 0.995
"""From here on as good as every win comes in time, and nothing is to be said of it."""
LIGHTS: dict[str, Tone] = {"green": "good", "amber": "plain", "red": "bad", "": "quiet"}
DAYS, RATES = ("dwell",), ("step", "stale", "fresh")


def pipeline(context: Context) -> Page:
    """Health beside what is open, whom to call beside who waits, people beside whether chances come true."""
    if not context.has("pipeline_coverage"):
        return wanting(context, "pipeline", "pipeline_coverage", shows="pipeline.shows")
    plan = _plan(context)
    waiting = (_at(RIGHT, _overdue(context)),) if context.has("overdue_leads") else ()
    bands: list[Band] = [
        (_at(LEFT, _health(context, plan)), _at(RIGHT, _stages(context)), _at(RIGHT, _grades(context))),
        (_at(LEFT, _best(context)), *waiting),
        (_at(LEFT, people(context, plan, _month(context, plan))), _at(RIGHT, _calibration(context))),
    ]
    absent = {key: context.missing(key) for key in ("response_sla", "visits") if not context.has(key)}
    if absent:
        bands.append((Placed(lacking_note_of_each(context, absent), *ALL),))
    note = context.sentence("pipeline.note")
    if context.has("required_leads"):
        note = context.together(note, context.sentence("pipeline.needed_note"))
    bands.append((Placed(Note((note,)), *ALL),))
    return context.page("pipeline", _headline(context, plan), _second(context, plan), COLUMNS, tuple(bands))


def _at(first: int, table: Table) -> Placed:
    return Placed(table, first, first + len(table.columns) - 1)


def _plan(context: Context) -> Scope:
    """The period whose target open leads can still reach: the next month once this one is over."""
    scope = context.scope
    if not scope.complete:
        return scope
    following = scope.over(month_of(shift_months(month_of(scope.period.end).start, 1)))
    aims = context.total("pipeline_coverage", following)
    return following if aims.get("target") is not None else scope


def _month(context: Context, plan: Scope) -> str:
    if plan.period == month_of(plan.period.start):
        return context.say(plan.period.start.strftime("%Y-%m"), "month")
    return f"{plan.period.start.isoformat()} – {plan.period.end.isoformat()}"


def _headline(context: Context, plan: Scope) -> Sentence:
    whole = context.total("pipeline_coverage", plan)
    every = (whole.get("deals") or 0) + (whole.get("stale") or 0)
    if not every:
        return context.sentence("pipeline.headline_empty")
    stale = ""
    if whole["stale"]:
        stale = context.word(
            "pipeline.stale",
            count=context.say(whole["stale"], "count"),
            share=context.say(whole["stale"] / every, "percent"),
        )
    parts: dict[str, str | Run] = {"weighted": context.strong(whole["weighted"], "money"), "stale": stale}
    month = _month(context, plan)
    if whole["coverage"] is not None:
        return context.sentence(
            "pipeline.headline",
            month=month,
            remaining=context.say(whole["remaining"], "money"),
            coverage=context.strong(whole["coverage"], "number"),
            **parts,
        )
    if whole["remaining"] == 0:
        return context.sentence("pipeline.headline_reached", month=month, **parts)
    return context.sentence("pipeline.headline_plain", deals=context.strong(whole["deals"], "count"), **parts)


def _second(context: Context, plan: Scope) -> Sentence:
    whole = context.total("required_leads", plan)
    if not whole.get("needed"):
        return ()
    month, needed = _month(context, plan), context.strong(whole["needed"], "count")
    if whole["needed_in_time"] is not None and whole["in_time"] < ALL_IN_TIME:
        return context.sentence(
            "pipeline.needed",
            month=month,
            needed=needed,
            in_time=context.say(whole["in_time"], "percent"),
            soon=context.strong(whole["needed_in_time"], "count"),
        )
    if whole["status"] == "too_late":
        days = context.say(whole["days_left"], "count")
        return context.sentence("pipeline.needed_late", month=month, needed=needed, days=days)
    return context.sentence(
        "pipeline.needed_plain",
        month=month,
        needed=needed,
        value=context.say(whole["order_value"], "money"),
        rate=context.say(whole["conversion"], "percent"),
    )


def _health(context: Context, plan: Scope) -> Table:
    """The checks of the period, but for the coverage, which is about what can still be reached."""
    word = context.word
    ahead = [row for row in context.records("funnel_health", plan) if row["check"] == "coverage"]
    rows = ahead + [row for row in context.records("funnel_health") if row["check"] != "coverage"]
    columns = (
        TableColumn("check", word("pipeline.check"), strong=True),
        TableColumn("now", word("pipeline.now"), align="right", origin=Origin(column="value")),
        TableColumn("norm", word("pipeline.norm"), align="right", quiet=True, origin=Origin(column="norm")),
        TableColumn("n", word("pipeline.sample"), "count", quiet=True),
        TableColumn("light", word("pipeline.light")),
    )
    body = tuple(
        (
            _check(context, row, plan),
            _measure(context, row, "value"),
            _measure(context, row, "norm"),
            row["n"],
            Cell(word(f"pipeline.lights.{row['light'] or 'none'}"), tone=LIGHTS[row["light"]]),
        )
        for row in rows
    )
    label = word("pipeline.health")
    return Table(
        "funnel_health",
        label,
        columns,
        body,
        note=word("pipeline.health_note"),
        alt=label,
        dense=True,
        metric="funnel_health",
        about=tuple((("check", row["check"]), ("stage", row["stage"])) for row in rows),
        elsewhere=tuple((place, "", Origin(period=plan.period)) for place in range(len(ahead))),
    )


def _check(context: Context, row: Record, plan: Scope) -> str:
    kind = row["check"]
    stage = context.word(f"{'rates' if kind == 'step' else 'stages'}.{row['stage']}") if row["stage"] else ""
    return context.word(f"pipeline.checks.{kind}", stage=stage, month=_month(context, plan))


def _measure(context: Context, row: Record, name: str) -> str:
    value = row[name]
    if value is None:
        return context.word("pipeline.reached") if name == "value" and row["light"] == "green" else ""
    if row["check"] in RATES:
        return context.say(value, "percent")
    key = "days" if row["check"] in DAYS else "times"
    return context.word(f"pipeline.{key}", value=context.say(value, "number"))


def _stages(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("stage", word("columns.stage"), strong=True),
        TableColumn("deals", word("pipeline.deals"), "count", total="sum"),
        TableColumn("value", word("pipeline.value"), "money", total="sum", origin=Origin(column="amount")),
        TableColumn("chance", word("pipeline.chance"), "percent", quiet=True, total="value"),
        TableColumn("weighted", word("pipeline.weighted"), "money", total="sum"),
        TableColumn(
            "stale",
            word("pipeline.stale_value"),
            "money",
            total="sum",
            quiet=True,
            origin=Origin(column="stale_amount"),
        ),
    )

    def line(name: str, row: Record) -> tuple[Value, ...]:
        return (
            name,
            row["deals"],
            row["amount"],
            row["chance"],
            row["weighted"],
            row["stale_amount"],
        )

    rows = context.records("pipeline_coverage", view="stages")
    label, total = word("pipeline.stages"), context.total("pipeline_coverage")
    return Table(
        "pipeline_stages",
        label,
        columns,
        tuple(line(word(f"stages.{row['stage']}"), row) for row in rows),
        line(word("total"), total) if rows else None,
        note=word("pipeline.stages_note"),
        alt=label,
        dense=True,
        empty=word("pipeline.headline_empty"),
        metric="pipeline_coverage",
        options=(("view", "stages"),),
        about=tuple((("stage", row["stage"]),) for row in rows),
        elsewhere=((-1, "", Origin(options=(("view", "whole"),))),),
    )


def _grades(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("grade", word("pipeline.grade"), strong=True),
        TableColumn("leads", word("pipeline.leads"), "count"),
        TableColumn("value", word("pipeline.value"), "money"),
        TableColumn("chance", word("pipeline.chance"), "percent", quiet=True),
        TableColumn("expected", word("pipeline.expected"), "money"),
        TableColumn("share", word("pipeline.share"), "percent", bar=1.0, bar_tone="context"),
    )
    body = tuple(
        (
            word("pipeline.ungraded") if row["grade"] == "stale" else row["grade"],
            *(row[name] for name in ("leads", "value", "chance", "expected", "share")),
        )
        for row in context.records("lead_grades")
    )
    label = word("pipeline.grades")
    return Table(
        "lead_grades",
        label,
        columns,
        body,
        note=word("pipeline.grades_note"),
        alt=label,
        dense=True,
        empty=word("pipeline.best_none"),
        metric="lead_grades",
        about=tuple((("grade", row["grade"]),) for row in context.records("lead_grades")),
    )


def _calibration(context: Context) -> Table:
    word = context.word
    columns = (
        TableColumn("decile", word("pipeline.band"), "count", align="left"),
        TableColumn("n", word("pipeline.closed"), "count"),
        TableColumn("predicted", word("pipeline.predicted"), "percent"),
        TableColumn("actual", word("pipeline.actual"), "percent", strong=True),
        TableColumn("low", word("columns.low"), "percent", quiet=True),
        TableColumn("high", word("columns.high"), "percent", quiet=True),
    )
    body = tuple(
        (
            row["decile"],
            row["n"],
            row["predicted"],
            Cell(row["actual"], tone="bad", mark="▼") if row["status"] == "off" else row["actual"],
            row["low"],
            row["high"],
        )
        for row in context.records("grade_calibration")
    )
    label = word("pipeline.calibration")
    return Table(
        "grade_calibration",
        label,
        columns,
        body,
        note=word("pipeline.calibration_note"),
        alt=label,
        dense=True,
        empty=word("pipeline.calibration_none"),
        metric="grade_calibration",
        about=tuple((("decile", int(row["decile"])),) for row in context.records("grade_calibration")),
    )


def _best(context: Context) -> Table:
    word = context.word
    rows = [row for row in context.records("graded_leads", limit=SHOWN) if row["grade"] == "A"]
    columns = (
        TableColumn("customer", word("pipeline.lead"), strong=True),
        TableColumn("owner", context.dimension("rep")),
        TableColumn("stage", word("columns.stage")),
        TableColumn("value", word("pipeline.value"), "money"),
        TableColumn("chance", word("pipeline.chance"), "percent"),
        TableColumn("expected", word("pipeline.expected"), "money"),
    )
    body = tuple(
        (
            row["customer"] or row["lead_id"],
            context.name(row["owner"]),
            word(f"stages.{row['stage']}"),
            row["value"],
            row["chance"],
            row["expected"],
        )
        for row in rows
    )
    label = word("pipeline.best", count=context.counted(rows, "graded_leads"))
    return Table(
        "best_leads",
        label,
        columns,
        body,
        note=word("pipeline.best_note"),
        alt=label,
        dense=True,
        empty=word("pipeline.best_none"),
        metric="graded_leads",
        about=tuple((("lead_id", row["lead_id"]),) for row in rows),
    )


def _overdue(context: Context) -> Table:
    word = context.word
    rows = sorted(context.records("overdue_leads"), key=lambda row: (row["days"], -(row["amount"] or 0.0)))
    shown = rows[:SHOWN]
    columns = (
        TableColumn("customer", word("pipeline.lead"), strong=True),
        TableColumn("owner", context.dimension("rep")),
        TableColumn("source", word("pipeline.source")),
        TableColumn("created", word("pipeline.created"), "date"),
        TableColumn("days", word("pipeline.waited"), "days"),
        TableColumn("amount", word("pipeline.value"), "money"),
    )
    body = tuple(
        (
            row["customer"] or row["lead_id"],
            context.name(row["owner"]),
            context.name(row["source"]),
            row["created"],
            row["days"],
            row["amount"],
        )
        for row in shown
    )
    label = word("pipeline.overdue", count=context.counted(rows, "overdue_leads"))
    return Table(
        "overdue_leads",
        label,
        columns,
        body,
        note=word("pipeline.overdue_note", shown=context.counted(shown, "overdue_leads")) if shown else "",
        alt=label,
        dense=True,
        empty=word("pipeline.overdue_none"),
        metric="overdue_leads",
        about=tuple((("lead_id", row["lead_id"]),) for row in shown),
    )
