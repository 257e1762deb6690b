"""增长拆解: why sales changed, who moved them most, and how units stand against target, past and peers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.metrics._catalogue import find
from xlsales.metrics.driver_bridge import PARTS as DRIVERS
from xlsales.metrics.growth_bridge import PARTS
from xlsales.report import charts
from xlsales.report.blocks import Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages._lacking import lacking_note
from xlsales.report.pages._live_columns import change_column
from xlsales.report.traced import joined, summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.report.blocks import Band, Block, Chart, Page, Run, Sentence
    from xlsales.report.pages._context import Context, Record

HALF = (164, 80, 80, 80, 72, 148)
COLUMNS = (*HALF, 16, *HALF)
LEFT, RIGHT, ALL = (0, 5), (7, 12), (0, 12)
SPLITS = ("product", "region", "rep", "channel", "team")
"""The dimensions whose movers are shown, in order of preference."""
TABLES = 3
CHART = 200
"""Pixels: low enough that four tables still print on the same sheet."""
MOST = 3
"""So many gains and so many losses are shown by name."""
PEERS = 8
"""So many units stand in the comparison, the largest."""
RATES = ("target_rate", "previous_rate", "year_ago_rate", "mean_rate", "best_rate", "contribution")
"""What units are compared by, in order of preference."""


def growth(context: Context) -> Page:
    """Two waterfalls of the change, the largest gains and losses by name, the comparison of the units."""
    bridge = context.total("growth_bridge")
    if not bridge:
        asking: tuple[Band, ...] = ((Placed(lacking_note(context, "growth_bridge"), *ALL),),)
        return context.page("growth", context.sentence("growth.headline_none"), (), COLUMNS, asking)
    if bridge["status"] in ("no_base", "no_sales") or not context.begun:
        reason = bridge["status"] if context.begun else "not_begun"
        why = context.sentence(f"growth.{reason}", period=context.period_name())
        nothing: tuple[Band, ...] = ((Placed(Note((why,), callout=True), *ALL),),)
        return context.page("growth", _headline(context, bridge), (), COLUMNS, nothing)
    splits = [name for name in SPLITS if context.spread.get(name, 0) > 1][:TABLES]
    second, lacking = _second_bridge(context)
    tables: list[Block] = [_parts(context, bridge), *second, *(_movers(context, name) for name in splits)]
    if context.unit:
        tables.append(_comparison(context, context.unit))
    bands: list[Band] = [
        tuple(_at(block, *at) for block, at in zip(pair, (LEFT, RIGHT), strict=False))
        for pair in (tables[k : k + 2] for k in range(0, len(tables), 2))
    ]
    said = [sentence for note in lacking for sentence in note.sentences]
    bands.append((Placed(Note((*said, context.sentence("growth.note"))), *ALL),))
    return context.page("growth", _headline(context, bridge), _second(context), COLUMNS, tuple(bands))


def _at(block: Block, first: int, last: int) -> Placed:
    """A chart takes its half of the page, a table as many columns as it has."""
    return Placed(block, first, first + len(block.columns) - 1 if isinstance(block, Table) else last)


def _headline(context: Context, bridge: Record) -> Sentence:
    if not context.begun:
        return context.sentence("growth.headline_none")
    parts: dict[str, str | Run] = {
        "period": context.period_name(),
        "sales": context.strong(bridge["amount"], "money"),
    }
    if bridge["change"] is None:
        return context.sentence("growth.headline_first", **parts)
    parts["change"] = context.judged(bridge["change"], "money")
    key = "growth.headline"
    if bridge["base"] > 0:
        key += "_rate"
        parts["rate"] = context.judged(bridge["change"] / bridge["base"], "percent", arrow=True)
    driver = _driver(bridge, PARTS)
    if not driver or bridge["status"] == "no_quantity":
        return context.sentence(key, **parts)
    said = context.sentence(f"{key}_driver", **parts, **_effect(context, bridge, driver))
    if counter := _counter(bridge, driver):
        said += context.sentence("growth.against", **_effect(context, bridge, counter))
    return said


def _effect(context: Context, bridge: Record, part: str) -> dict[str, str | Run]:
    title = _title("growth_bridge", part, context)
    return {
        "driver": title.lower() if context.lang == "en" else title,
        "effect": context.judged(bridge[part], "money"),
    }


def _second(context: Context) -> Sentence:
    """Where sales are heading over the last months, and the change where working days are left out of it."""
    sales, trend = context.total("sales"), context.total("trend")
    heading: Sentence = ()
    if trend.get("slope") is not None:
        heading = context.sentence(
            f"growth.trend_{trend['direction']}",
            months=context.say(trend["months"], "count"),
            slope=context.judged(trend["slope"], "money"),
            low=context.say(trend["low"], "money", signed=True),
            high=context.say(trend["high"], "money", signed=True),
        )
    daily = sales.get("daily_mom")
    if daily is not None and sales["mom"] is not None and abs(daily - sales["mom"]) >= 0.0005:
        daily_change = context.sentence("growth.second", daily=context.judged(daily, "percent"))
        return context.together(heading, daily_change)
    return heading


def _driver(bridge: Record, names: Sequence[str]) -> str | None:
    """The part that moved most in the direction of the whole change."""
    change = bridge["change"] or 0.0
    same = [name for name in names if (bridge[name] or 0.0) * change > 0]
    return max(same, key=lambda name: abs(bridge[name]), default=None)


def _counter(bridge: Record, driver: str) -> str | None:
    """The part that took back most, where it took back at least half of what the driver brought."""
    moved = bridge[driver]
    back = [name for name in PARTS if (bridge[name] or 0.0) * moved < 0]
    most = max(back, key=lambda name: abs(bridge[name]), default=None)
    return most if most and abs(bridge[most]) >= abs(moved) / 2 else None


def _title(metric: str, column: str, context: Context) -> str:
    return next(one.title(context.lang) for one in find(metric).columns if one.name == column)


def _parts(context: Context, bridge: Record) -> Chart:
    notes = [context.word("growth.bridge_note")]
    if bridge["status"] == "part_unpriced":
        notes.append(context.word("growth.part", share=context.say(bridge["priced_share"], "percent")))
    if bridge["status"] == "no_quantity":
        notes = [context.word("growth.no_quantity")]
    return _waterfall(
        context, "growth_parts", "growth_bridge", bridge, PARTS, context.word("growth.bridge"), notes
    )


def _second_bridge(context: Context) -> tuple[list[Chart], list[Note]]:
    """Leads, conversion and value; else what is missing for it, and the change from a year ago."""
    drivers = context.total("driver_bridge")
    if drivers.get("change") is not None:
        notes = [context.word(f"growth.{drivers['status'] or 'drivers_note'}")]
        label = context.word("growth.drivers")
        return [_waterfall(context, "growth_drivers", "driver_bridge", drivers, DRIVERS, label, notes)], []
    missing = context.missing("driver_bridge")
    why = Note((context.sentence("growth.no_lead_base"),), callout=True)
    lacking = [lacking_note(context, "driver_bridge") if missing else why]
    yearly = next(iter(context.records("growth_bridge", against="year_ago")), {})
    if yearly.get("change") is None:
        return [], lacking
    label, notes = context.word("growth.bridge_year"), [context.word("growth.bridge_note")]
    return [_waterfall(context, "growth_year", "growth_bridge", yearly, PARTS, label, notes)], lacking


def _waterfall(
    context: Context,
    key: str,
    metric: str,
    bridge: Mapping[str, float],
    parts: Sequence[str],
    label: str,
    notes: Sequence[str],
) -> Chart:
    """The parts in the metric's order, from the base to the current amount; parts of nothing are left out."""
    steps = [(_title(metric, name, context), bridge[name]) for name in parts if bridge[name]]
    driver = _driver(dict(bridge), parts)
    change = context.say(bridge["change"], "money", signed=True)
    finding = context.word("overview.finding_flat")
    if driver:
        finding = context.word(
            "growth.finding",
            part=_title(metric, driver, context),
            effect=context.say(bridge[driver], "money", signed=True),
            change=change,
        )
    chart = charts.bridge(
        key,
        label=label,
        note=joined(" · ", notes),
        finding=finding,
        start=(_title(metric, "base", context), bridge["base"]),
        steps=steps or [(context.word("columns.change"), 0.0)],
        end=(_title(metric, "amount", context), bridge["amount"]),
        lang=context.lang,
    )
    return replace(chart, height=CHART)


def _movers(context: Context, by: str) -> Table:
    """The largest gains and losses by name, and the rest in one row, so that the column adds up."""
    rows = context.records("growth_bridge", by=(by,))
    gains = [row for row in rows if row["change"] > 0][:MOST]
    losses = [row for row in rows if row["change"] < 0][-MOST:]
    rest = [row for row in rows if row not in (*gains, *losses)]
    if len(rest) == 1:
        gains, rest = gains + rest, []
    shown = [(context.name(row[by]), row, _why(context, row)) for row in (*gains, *losses)]
    if rest:
        other = {key: summed(row[key] for row in rest) for key in ("base", "amount", "change")}
        shown.append((context.word("other", count=context.counted(rest, "growth_bridge")), other, ""))
    total = context.total("growth_bridge")
    columns = (
        TableColumn("name", context.dimension(by), strong=True),
        TableColumn(
            "previous",
            context.word("columns.previous"),
            "money",
            total="sum",
            quiet=True,
            origin=Origin(column="base"),
        ),
        TableColumn(
            "actual", context.word("columns.actual"), "money", total="sum", origin=Origin(column="amount")
        ),
        change_column(context, "actual"),
        TableColumn(
            "mom",
            context.word("columns.mom"),
            "percent",
            signed=True,
            total="value",
            origin=Origin("sales", "mom"),
        ),
        TableColumn("why", context.word("growth.why"), align="right"),
    )
    label = context.word("growth.movers", unit=context.dimension(by))
    return Table(
        f"growth_{by}",
        label,
        columns,
        tuple((name, row["base"], row["amount"], row["change"], _rate(row), why) for name, row, why in shown),
        (context.word("total"), total["base"], total["amount"], total["change"], _rate(total), ""),
        note=context.word("growth.movers_note"),
        alt=label,
        dense=True,
        metric="growth_bridge",
        by=(by,),
    )


def _rate(row: Record) -> float | None:
    return row["change"] / row["base"] if row["base"] > 0 else None


def _why(context: Context, row: Record) -> str:
    """The largest part of the change, with its size."""
    driver = None if row["status"] == "no_quantity" else _driver(row, PARTS)
    if driver is None:
        return ""
    effect = context.say(row[driver], "money", signed=True)
    return f"{_title('growth_bridge', driver, context)} " + effect


def _comparison(context: Context, unit: str) -> Table:
    """How far each unit is from its target, its past and its peers."""
    rows = [row for row in context.records("comparison", by=(unit,)) if row["rank"] is not None][:PEERS]
    total = context.total("comparison")
    keys = [key for key in RATES if any(row[key] is not None for row in rows)][: len(HALF) - 2]
    word = context.word
    columns = (
        TableColumn("name", context.dimension(unit), strong=True),
        TableColumn("value", word("columns.actual"), "money", total="value"),
        *(TableColumn(key, word(f"growth.{key}"), "percent", signed=True, total="value") for key in keys),
    )
    label = word("growth.comparison", unit=context.dimension(unit))
    return Table(
        "growth_comparison",
        label,
        columns,
        tuple((context.name(row[unit]), row["value"], *(row[key] for key in keys)) for row in rows),
        (word("total"), total["value"], *(total[key] for key in keys)),
        note=word("growth.comparison_note", count=context.counted(rows, "comparison")),
        alt=label,
        dense=True,
        metric="comparison",
        by=(unit,),
        empty=word("no_rows"),
    )
