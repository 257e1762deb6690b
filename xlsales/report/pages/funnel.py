"""漏斗: where leads are lost, on the two bases side by side, by channel and by rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Cell, Note, Origin, Placed, Run, Table, TableColumn
from xlsales.report.pages._losses import cycle, dwell, reasons
from xlsales.report.pages._wanted import wanting
from xlsales.report.traced import joined

if TYPE_CHECKING:
    from xlsales.report.blocks import Chart, Page, Sentence, Value
    from xlsales.report.pages._context import Context, Record

HALF = (84, 132, 72, 80, 82, 82, 92)
COLUMNS = (*HALF, 16, *HALF)
LEFT, RIGHT, ALL = (0, 6), (8, 14), (0, 14)
SMALL_SAMPLE = 30
FINDING_NAMES = 300
"""Pixels that names take in a finding, measured in the body font."""


def funnel(context: Context) -> Page:
    """The bottleneck as a place to look, both funnels, channels by step, losses, days in stages, reps."""
    if not context.has("lead_funnel"):
        return wanting(context, "funnel", "lead_funnel", shows="funnel.shows")
    view = "activity" if len(context.records("lead_funnel", view="activity")) > 1 else "cohort"
    bands = (
        (Placed(_callout(context, view), *ALL),),
        (Placed(_stages(context, "cohort"), *LEFT), Placed(_stages(context, "activity"), *RIGHT)),
        (
            _at_left(_channel_rates(context, view)),
            Placed(reasons(context), *LEFT),
            Placed(dwell(context), *RIGHT),
            Placed(_reps(context, view), *RIGHT),
        ),
        (Placed(Note((cycle(context), context.sentence("funnel.note"))), *ALL),),
    )
    return context.page("funnel", _headline(context, view), _second(context), COLUMNS, bands)


def _at_left(table: Table) -> Placed:
    return Placed(table, LEFT[0], LEFT[0] + len(table.columns) - 1)


def _bottleneck(context: Context, view: str) -> Record | None:
    return next((row for row in context.records("lead_funnel", view=view) if row["bottleneck"]), None)


def _stage(context: Context, row: Record) -> str:
    return context.word(f"stages.{row['stage']}")


def _headline(context: Context, view: str) -> Sentence:
    leads = context.total("conversion").get("leads")
    row = _bottleneck(context, view)
    if row is not None:
        return context.sentence(
            "funnel.headline",
            step=context.word(f"rates.{row['stage']}"),
            rate=context.strong(row["step_rate"], "percent"),
            change=context.judged(row["change"], "points", arrow=True),
            off=_off_channels(context),
        )
    if not leads:
        return context.sentence("funnel.headline_empty", period=context.period_name())
    won = next((r for r in context.records("lead_funnel", view=view) if r["stage"] == "won"), {})
    return context.sentence(
        "funnel.headline_even" if _has_benchmark(context, view) else "funnel.headline_first",
        rate=context.strong(won.get("cumulative"), "percent"),
        leads=context.say(leads, "count"),
    )


def _has_benchmark(context: Context, view: str) -> bool:
    """Whether any step can be compared with its own earlier months."""
    return any(row["benchmark"] is not None for row in context.records("lead_funnel", view=view))


def _off_channels(context: Context) -> str:
    below = [row for row in context.records("conversion", by=("channel",)) if row.get("flag") == "below"]
    if not below:
        return ""
    row = below[0]
    return context.word(
        "funnel.off_channel",
        name=context.name(row["channel"]),
        rate=context.say(row["conversion"], "percent"),
    )


def _second(context: Context) -> Sentence:
    conversion, win = context.total("conversion"), context.at("win_rate", context.scope.period)
    if conversion.get("conversion") is None:
        return ()
    return context.sentence(
        "funnel.second" if win.get("win_rate") is not None else "funnel.second_undecided",
        conversion=context.strong(conversion.get("conversion"), "percent"),
        open=context.say(conversion.get("open_share"), "percent"),
        win_rate=context.strong(win.get("win_rate"), "percent"),
    )


def _callout(context: Context, view: str) -> Note:
    row = _bottleneck(context, view)
    if row is None:
        key = "funnel.no_bottleneck" if _has_benchmark(context, view) else "funnel.no_benchmark"
        return Note((context.sentence(key),), callout=True)
    rows = context.records("lead_funnel", view=view)
    before = rows[[r["stage"] for r in rows].index(row["stage"]) - 1]
    first = context.sentence(
        "funnel.bottleneck",
        step=Run(f"{_stage(context, before)} → {_stage(context, row)}", "bad"),
        rate=context.strong(row["step_rate"], "percent"),
        n=joined(" / n=", (context.say(row["n"], "count"), context.say(row["entrants"], "count"))),
        low=context.say(row["low"], "percent"),
        high=context.say(row["high"], "percent"),
        before=context.say(row["previous"], "percent"),
        change=context.judged(row["change"], "points"),
    )
    second: Sentence = ()
    if None not in (row["previous"], row["low"]):
        inside = row["low"] <= row["previous"] <= row["high"]
        second = context.sentence("funnel.evidence_weak" if inside else "funnel.evidence")
    if row["lost_value"]:
        worth = context.sentence("funnel.worth", lost=context.judged(-row["lost_value"], "money"))
        second = context.together(second, worth)
    return Note((first, second) if second else (first,), callout=True, tone="bad")


def _stages(context: Context, view: str) -> Table:
    rows = context.records("lead_funnel", view=view)
    word = context.word
    columns = (
        TableColumn("stage", word("columns.stage"), strong=True),
        TableColumn(
            "n", word("columns.leads_n"), "count", bar=max((row["n"] or 0 for row in rows), default=1) or 1
        ),
        TableColumn("entrants", "n", "count", quiet=True),
        TableColumn(
            "rate",
            word("columns.step_rate"),
            "percent",
            strong=True,
            formula='IF(N({entrants})=0,"",{n}/{entrants})',
            origin=Origin(column="step_rate"),
        ),
        TableColumn("low", word("columns.low"), "percent", quiet=True),
        TableColumn("high", word("columns.high"), "percent", quiet=True),
        TableColumn("change", word("columns.change_points"), "points", signed=True),
    )
    body: list[tuple[Value | Cell, ...]] = []
    for row in rows:
        rate: Value | Cell = row["step_rate"]
        if row["bottleneck"]:
            rate = Cell(row["step_rate"], tone="bad", bold=True)
        body.append(
            (_stage(context, row), row["n"], row["entrants"], rate, row["low"], row["high"], row["change"])
        )
    return Table(
        f"funnel_{view}",
        word(f"funnel.{view}"),
        columns,
        tuple(body),
        note=word(f"funnel.{view}_note"),
        alt=word(f"funnel.{view}"),
        dense=True,
        empty=word(f"funnel.{view}_empty"),
        metric="lead_funnel",
        options=(("view", view),),
        about=tuple((("stage", row["stage"]),) for row in rows),
    )


def _by_channel(context: Context, view: str) -> tuple[list[str], list[tuple[str, dict[str, Record]]]]:
    """The stages in order, and per channel its rows by stage, most leads first, the total last."""
    stages = [row["stage"] for row in context.records("lead_funnel", view=view) if row["stage"] != "renewed"]
    grouped: dict[str, dict[str, Record]] = {}
    for row in context.records("lead_funnel", view=view, by=("channel",)):
        grouped.setdefault(row["channel"], {})[row["stage"]] = row
    first = stages[0] if stages else ""
    order = sorted(grouped, key=lambda name: (-(grouped[name].get(first, {}).get("n") or 0), name))
    named = [(context.name(name), grouped[name]) for name in order]
    total = {row["stage"]: row for row in context.records("lead_funnel", view=view)}
    return stages, [*named[:12], (context.word("total"), total)]


def _channel_rates(context: Context, view: str) -> Table:
    stages, channels = _by_channel(context, view)
    word = context.word
    columns = (
        TableColumn("channel", context.dimension("channel"), strong=True),
        TableColumn(
            "n",
            word("stages.new"),
            "count",
            total="sum",
            bar_tone="context",
            bar=max((rows.get("new", {}).get("n") or 0 for _, rows in channels[:-1]), default=1) or 1,
            origin=Origin(about=(("stage", "new"),)),
        ),
        *(
            TableColumn(
                stage,
                word(f"rates.{stage}"),
                "percent",
                heat="column",
                total="value",
                origin=Origin(column="step_rate", about=(("stage", stage),)),
            )
            for stage in stages[1:]
        ),
        TableColumn(
            "overall",
            word("columns.overall"),
            "percent",
            heat="column",
            total="value",
            origin=Origin(column="cumulative", about=(("stage", "won"),)),
        ),
    )

    def line(name: str, rows: dict[str, Record]) -> tuple[Value, ...]:
        won, new = rows.get("won", {}), rows.get("new", {})
        overall = (won["n"] or 0) / new["n"] if new.get("n") and "n" in won else None
        return (name, new.get("n"), *(rows.get(stage, {}).get("step_rate") for stage in stages[1:]), overall)

    body = tuple(line(*channel) for channel in channels)
    title = word("funnel.channel_rates", channel=context.dimension("channel"))
    return Table(
        "channel_rates",
        title,
        columns,
        body[:-1],
        body[-1],
        note=word(f"funnel.rates_note_{view}"),
        alt=title,
        dense=True,
        empty=word("no_rows"),
        metric="lead_funnel",
        by=("channel",),
        options=(("view", view),),
    )


def _reps(context: Context, view: str) -> Chart:
    """Each rep's rate into a won deal with its interval; only one wholly off the overall is coloured."""
    overall = next((row for row in context.records("lead_funnel", view=view) if row["stage"] == "won"), {})
    named = [row for row in context.records("lead_funnel", view=view, by=("rep",)) if row["rep"]]
    rows = [row for row in named if row["stage"] == "won" and row["low"] is not None]
    rows.sort(key=lambda row: (row["step_rate"], row["rep"]))
    rate = overall.get("step_rate")
    below = [row for row in rows if rate is not None and row["high"] < rate]
    above = [row for row in rows if rate is not None and row["low"] > rate]
    if below:
        names = context.names(below, "rep", FINDING_NAMES, "lead_funnel")
        finding = context.word("funnel.finding_below", names=names)
    elif above:
        names = context.names(above[::-1], "rep", FINDING_NAMES, "lead_funnel")
        finding = context.word("funnel.finding_above", names=names)
    else:
        finding = context.word("funnel.finding_even")
    return charts.intervals(
        "rep_rates",
        label=context.word("funnel.reps", rep=context.dimension("rep"), step=context.word("rates.won")),
        note=context.word("funnel.reps_note"),
        finding=finding,
        items=tuple(
            (context.name(row["rep"]), row["entrants"], row["step_rate"], row["low"], row["high"])
            for row in rows
        ),
        overall=rate,
        empty="" if rows else context.word("funnel.no_rates" if named else "funnel.no_reps"),
        lang=context.lang,
    )
