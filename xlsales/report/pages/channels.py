"""渠道与人员: which channels and reps convert better than the rest, given their mix and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Cell, Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages._wanted import wanting
from xlsales.report.traced import summed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsales.report.blocks import Chart, Page, Run, Sentence, Value
    from xlsales.report.pages._context import Context, Record

COLUMNS = (124, 92, 68, 76, 80, 80, 88, 116, *(90,) * 6)
LEFT, RIGHT, ALL = (0, 5), (7, 13), (0, 13)
MOST = 30
"""So many channels, reps or segments stand in a table."""
INTERVALS = 5
"""So many promotions are told with the interval of what they brought."""
FINDING_NAMES = 300
"""Pixels that names take in a finding, measured in the body font."""
SEGMENTS = ("kind", "industry", "company_size")
"""What leads are split by in the last table, the first of these that tells them apart."""


def channels(context: Context) -> Page:
    """Channels against the whole, what changed the rate, reps adjusted and shrunk, promotions, segments."""
    if not context.has("channel_performance"):
        return wanting(context, "channels", "channel_performance", shows="channels.shows")
    below = [
        (Placed(table, 0, len(table.columns) - 1),)
        for table in (_channels(context), _reps(context), _promotions(context), _segments(context))
        if table is not None
    ]
    bands = (
        (Placed(_chart(context), *LEFT), Placed(_bridge(context), *RIGHT)),
        *below,
        (Placed(Note(_notes(context)), *ALL),),
    )
    return context.page("channels", _headline(context), _second(context), COLUMNS, bands)


def _rows(context: Context) -> list[Record]:
    """The channels, but for those for which there are only costs that win nobody."""
    rows = context.records("channel_performance", by=("channel",))
    there = ("leads", "orders", "revenue", "cost")
    return [row for row in rows if not row["left_out"] or any(row[name] for name in there)]


def _whole(context: Context) -> Record:
    return next(iter(context.records("channel_performance", by=())), {})


def _headline(context: Context) -> Sentence:
    """The channel that stands off all others for sure, the largest such; else that none does."""
    whole = _whole(context)
    if not whole.get("leads"):
        return context.sentence("channels.headline_empty", period=context.period_name())
    if whole["conversion"] is None:
        return context.sentence("channels.headline_no_wins", leads=context.say(whole["leads"], "count"))
    rate = context.strong(whole["conversion"], "percent")
    named = [row for row in _rows(context) if row["channel"] and row["leads"]]
    sure = [row for row in named if row["flag"]]
    if sure:
        row = max(sure, key=lambda one: (abs(one["difference"]) * one["leads"], one["channel"]))
        return context.sentence(
            "channels.headline",
            name=context.name(row["channel"]),
            rate=context.strong(row["conversion"], "percent"),
            off=context.judged(row["difference"], "points"),
            others=context.say(row["others"], "percent"),
        )
    if len(named) < 2:
        return context.sentence("channels.headline_one", rate=rate)
    return context.sentence(
        "channels.headline_even", count=context.counted(named, "channel_performance"), rate=rate
    )


def _second(context: Context) -> Sentence:
    """The whole conversion and why it changed."""
    whole = next(iter(context.records("rate_bridge", by=())), {})
    if whole.get("conversion") is None:
        return ()
    rate = context.strong(whole["conversion"], "percent")
    if whole["effect"] is None:
        return context.sentence("channels.second_no_base", rate=rate)
    rows = context.records("rate_bridge", by=("channel",))
    return context.sentence(
        "channels.second",
        rate=rate,
        change=context.judged(whole["effect"], "points", arrow=True),
        within=context.judged(_told(row["rate_effect"] for row in rows), "points"),
        mix=context.judged(_told(row["mix_effect"] for row in rows), "points"),
    )


def _told(parts: Iterable[float]) -> float:
    """The sum as a sentence tells it, so that what reads 0.0 is neither good nor bad."""
    return round(summed(parts), 3) + 0.0


def _chart(context: Context) -> Chart:
    """Each channel's conversion with its interval; only one wholly off the overall is coloured."""
    overall = _whole(context).get("conversion")
    rows = [row for row in _rows(context) if row["channel"] and row["low"] is not None]
    rows.sort(key=lambda row: (row["conversion"], row["channel"]))
    below = [row for row in rows if overall is not None and row["high"] < overall]
    above = [row for row in rows if overall is not None and row["low"] > overall]
    if below:
        names = context.names(below, "channel", FINDING_NAMES, "channel_performance")
        finding = context.word("channels.finding_below", names=names)
    elif above:
        names = context.names(above[::-1], "channel", FINDING_NAMES, "channel_performance")
        finding = context.word("channels.finding_above", names=names)
    else:
        finding = context.word("channels.finding_even")
    return charts.intervals(
        "channel_conversion",
        label=context.word("channels.chart", channel=context.dimension("channel")),
        note=context.word("channels.chart_note"),
        finding=finding,
        items=tuple(
            (context.name(row["channel"]), row["leads"], row["conversion"], row["low"], row["high"])
            for row in rows
        ),
        overall=overall,
        empty="" if rows else context.word("channels.no_rates"),
        lang=context.lang,
    )


def _bridge(context: Context) -> Table:
    """What each channel adds to the change of the whole conversion."""
    word = context.word
    rows = context.records("rate_bridge", by=("channel",))
    known = [row for row in rows if row["effect"] is not None]
    whole = next(iter(context.records("rate_bridge", by=())), {})
    columns = (
        TableColumn("channel", context.dimension("channel"), strong=True),
        TableColumn("share_before", word("channels.share_before"), "percent", quiet=True, total="value"),
        TableColumn("share", word("channels.share"), "percent", total="value"),
        TableColumn("before", word("channels.before"), "percent", quiet=True, total="value"),
        TableColumn("conversion", word("channels.conversion"), "percent", total="value"),
        *(
            TableColumn(effect, word(f"channels.{effect}"), "points", signed=True, total="value")
            for effect in ("rate_effect", "mix_effect")
        ),
    )
    keys = ("share_before", "share", "before", "conversion", "rate_effect", "mix_effect")
    body = tuple((context.name(row["channel"]), *(row[key] for key in keys)) for row in known[:MOST])
    total: tuple[Value, ...] = (
        context.word("total"),
        whole.get("share_before"),
        whole.get("share"),
        whole.get("before"),
        whole.get("conversion"),
        sum(row["rate_effect"] for row in known) if known else None,
        sum(row["mix_effect"] for row in known) if known else None,
    )
    return Table(
        "channel_bridge",
        word("channels.bridge"),
        columns,
        body,
        total if body else None,
        note=word("channels.bridge_note"),
        alt=word("channels.bridge"),
        empty=word("channels.no_bridge"),
        dense=True,
        metric="rate_bridge",
        by=("channel",),
        elsewhere=tuple((-1, key, Origin(derived=True)) for key in ("rate_effect", "mix_effect")),
    )


def _flag(context: Context, row: Record, key: str = "flag") -> Cell:
    """Above or below with its tone, else why there is no verdict."""
    if row[key]:
        return Cell(context.word(f"channels.flags.{row[key]}"), "good" if row[key] == "above" else "bad")
    return Cell(context.word(f"channels.flags.{row['status']}") if row["status"] else "", "quiet")


def _costing(row: Record, key: str) -> Value | Cell:
    """A figure of money, grey where costs of a whole month stand against the days of a part of it."""
    partial = row.get("cost_status") == "partial_month" and key in ("cost_per_win", "roi")
    return Cell(row[key], tone="quiet") if partial and row[key] is not None else row.get(key)


def _channels(context: Context) -> Table:
    """The channels with rates, money and costs."""
    word = context.word
    rows, whole = _rows(context), _whole(context)
    columns = (
        TableColumn("channel", context.dimension("channel"), strong=True),
        TableColumn(
            "leads",
            word("channels.leads"),
            "count",
            bar=max((row["leads"] for row in rows), default=1) or 1,
            bar_tone="context",
            total="value",
        ),
        TableColumn("won", word("channels.won"), "count", total="value"),
        TableColumn("conversion", word("channels.conversion"), "percent", strong=True, total="value"),
        TableColumn("low", word("columns.low"), "percent", quiet=True, total="value"),
        TableColumn("high", word("columns.high"), "percent", quiet=True, total="value"),
        TableColumn("difference", word("channels.difference"), "points", signed=True),
        TableColumn("flag", word("channels.verdict")),
        TableColumn("revenue", word("channels.revenue"), "money", total="value"),
        TableColumn("aov", word("channels.aov"), "money", total="value", exact=True),
        TableColumn("per_lead", word("channels.per_lead"), "money", total="value", exact=True),
        TableColumn("cost", word("channels.cost"), "money", total="value"),
        TableColumn("cost_per_win", word("channels.cost_per_win"), "money", total="value", exact=True),
        TableColumn("roi", word("channels.roi"), "percent", total="value"),
    )
    first = ("leads", "won", "conversion", "low", "high", "difference")
    last = ("revenue", "aov", "per_lead", "cost", "cost_per_win", "roi")
    body = tuple(
        (
            context.name(row["channel"]),
            *(row[key] for key in first),
            _flag(context, row),
            *(_costing(row, key) for key in last),
        )
        for row in rows[:MOST]
    )
    total: tuple[Value | Cell, ...] = (
        word("total"),
        *(whole.get(key) for key in first[:-1]),
        None,
        "",
        *(_costing(whole, key) for key in last),
    )
    title = word("channels.table", channel=context.dimension("channel"))
    return Table(
        "channel_table",
        title,
        columns,
        body,
        total if body else None,
        note=word("channels.table_note"),
        alt=title,
        empty=word("no_rows"),
        dense=True,
        metric="channel_performance",
        by=("channel",),
    )


def _reps(context: Context) -> Table:
    """The reps by rank: raw, adjusted for their mix, shrunk."""
    word = context.word
    rows = [row for row in context.records("rep_conversion", by=("rep",)) if row["rep"]]
    rows.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0, row["rep"]))
    told_apart = len({row["rank"] for row in rows}) > 1
    columns = (
        TableColumn("rep", context.dimension("rep"), strong=True),
        TableColumn("leads", word("channels.leads"), "count"),
        TableColumn("won", word("channels.won"), "count"),
        TableColumn("conversion", word("channels.raw"), "percent"),
        TableColumn("adjusted", word("channels.adjusted"), "percent"),
        TableColumn("adjusted_low", word("columns.low"), "percent", quiet=True),
        TableColumn("adjusted_high", word("columns.high"), "percent", quiet=True),
        TableColumn("shrunk", word("channels.shrunk"), "percent", strong=True),
        *([TableColumn("rank", word("channels.rank"), "count")] if told_apart else ()),
        TableColumn("response_days", word("channels.response"), "days"),
        TableColumn("per_lead", word("channels.follow_ups"), "number"),
        TableColumn("flag", word("channels.verdict")),
    )
    keys = ("leads", "won", "conversion", "adjusted", "adjusted_low", "adjusted_high", "shrunk")
    body = tuple(
        (
            context.name(row["rep"]),
            *(row[key] for key in keys),
            *([row["rank"]] if told_apart else ()),
            row["response_days"],
            row["per_lead"],
            _rep_flag(context, row),
        )
        for row in rows[:MOST]
    )
    title = word("channels.reps", rep=context.dimension("rep"))
    return Table(
        "rep_table",
        title,
        columns,
        body,
        note=_prior(context, rows),
        alt=title,
        empty=word("channels.no_reps"),
        dense=True,
        metric="rep_conversion",
        by=("rep",),
    )


def _rep_flag(context: Context, row: Record) -> Cell:
    if row["status"] == "small_sample":
        return Cell(context.word("channels.flags.few"), "quiet")
    return _flag(context, row)


def _prior(context: Context, rows: list[Record]) -> str:
    """What the rates are shrunk to, and by how much."""
    row = next((row for row in rows if row["prior_mean"] is not None), None)
    if row is None:
        return context.word("channels.reps_note")
    mean = context.say(row["prior_mean"], "percent")
    if row["prior_weight"] is None:
        return context.word("channels.prior_chance", mean=mean)
    return context.word("channels.prior", mean=mean, weight=context.say(round(row["prior_weight"]), "count"))


def _promotions(context: Context) -> Table | None:
    """The campaigns of the period against their control; none when there are none."""
    word = context.word
    rows = context.records("promotion_lift")
    if not rows:
        return None
    columns = (
        TableColumn("promotion", word("channels.promotion"), strong=True),
        TableColumn("leads", word("channels.leads"), "count"),
        TableColumn("rate", word("channels.conversion"), "percent"),
        TableColumn("control_rate", word("channels.control"), "percent", quiet=True),
        TableColumn("lift", word("channels.lift"), "points", signed=True, strong=True),
        TableColumn("low", word("channels.lift_low"), "points", quiet=True),
        TableColumn("high", word("channels.lift_high"), "points", quiet=True),
        TableColumn("orders", word("channels.orders"), "count"),
        TableColumn("incremental", word("channels.incremental"), "number", signed=True),
        TableColumn("discount", word("channels.discount"), "money"),
        TableColumn("cost", word("channels.cost"), "money"),
        TableColumn("net", word("channels.net"), "money", signed=True, strong=True),
        TableColumn("pulled_forward", word("channels.pulled"), "number"),
        TableColumn("status", word("columns.status")),
    )
    keys = [column.key for column in columns[1:-1]]
    body = tuple(
        (
            row["promotion"],
            *(row[key] for key in keys),
            context.word(f"channels.flags.{row['status']}") if row["status"] else "",
        )
        for row in rows[:MOST]
    )
    return Table(
        "promotion_table",
        word("channels.promotions"),
        columns,
        body,
        note=word("channels.promotions_note"),
        alt=word("channels.promotions"),
        metric="promotion_lift",
    )


def _segments(context: Context) -> Table | None:
    """The leads by what they are; none when nothing tells them apart."""
    for name in SEGMENTS:
        rows = context.records("segment_win_rate", by=(name,))
        if sum(1 for row in rows if row[name]) >= 2:
            return _segment_table(context, name, rows)
    return None


def _segment_table(context: Context, name: str, rows: list[Record]) -> Table:
    word = context.word
    whole = next(iter(context.records("segment_win_rate", by=())), {})
    columns = (
        TableColumn(name, context.dimension(name), strong=True),
        TableColumn("leads", word("channels.leads"), "count", total="value"),
        TableColumn("n", word("channels.closed"), "count", total="value"),
        TableColumn("won", word("channels.won"), "count", total="value"),
        TableColumn("win_rate", word("channels.win_rate"), "percent", strong=True, total="value"),
        TableColumn("low", word("columns.low"), "percent", quiet=True, total="value"),
        TableColumn("high", word("columns.high"), "percent", quiet=True, total="value"),
        TableColumn("median_cycle", word("channels.median_cycle"), "days", total="value"),
        TableColumn("p75_cycle", word("channels.p75_cycle"), "days", total="value"),
        TableColumn("prompt_share", word("channels.prompt"), "percent", total="value"),
    )
    keys = [column.key for column in columns[1:]]
    title = word("channels.segments", name=context.dimension(name))
    return Table(
        "segment_table",
        title,
        columns,
        tuple((context.name(row[name]), *(row[key] for key in keys)) for row in rows[:MOST]),
        (word("total"), *(whole.get(key) for key in keys)),
        note=word("channels.segments_note"),
        alt=title,
        metric="segment_win_rate",
        by=(name,),
    )


def _notes(context: Context) -> tuple[Sentence, ...]:
    """How the numbers are made, and what the data lack for some."""
    rows = _rows(context)
    lines = [context.sentence("channels.note")]
    unnamed = sum(row["cost"] or 0 for row in rows if row["cost_status"] == "unallocated")
    if all(row["cost"] is None for row in rows):
        lines.append(context.sentence("channels.no_costs"))
    elif unnamed:
        lines.append(context.sentence("channels.unallocated", cost=context.strong(unnamed, "money")))
    if left_out := _whole(context).get("left_out"):
        lines.append(context.sentence("channels.left_out", cost=context.strong(left_out, "money")))
    if _whole(context).get("cost_status") == "partial_month":
        lines.append(context.sentence("channels.partial", date=context.scope.current.end.isoformat()))
    lines += [_interval(context, row) for row in context.records("promotion_lift")[:INTERVALS]
              if row["incremental_low"] is not None]  # fmt: skip
    return tuple(lines)


def _interval(context: Context, row: Record) -> Sentence:
    """What a promotion brought, with how sure that is."""
    parts: dict[str, str | Run] = {
        "promotion": str(row["promotion"]),
        "incremental": context.judged(row["incremental"], "number"),
        "low": context.say(row["incremental_low"], "number", signed=True),
        "high": context.say(row["incremental_high"], "number", signed=True),
    }
    if row["net_low"] is None:
        return context.sentence("channels.promotion_interval_orders", **parts)
    return context.sentence(
        "channels.promotion_interval",
        **parts,
        net=context.judged(row["net"], "money"),
        net_low=context.say(row["net_low"], "money", signed=True),
        net_high=context.say(row["net_high"], "money", signed=True),
    )
