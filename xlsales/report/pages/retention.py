"""留存与续费: which cohorts stay and buy again, which contracts go on, what is given back, and who leaves."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Card, Cell, Chart, Kpis, Note, Origin, Placed, Series, Table, TableColumn
from xlsales.report.charts.axis import joined, largest_note
from xlsales.report.pages import _goals as pledged
from xlsales.report.pages import _leaving as leaving
from xlsales.report.pages import _renewals as renewals
from xlsales.report.pages import _repurchases as repurchases
from xlsales.report.pages._cards import card, lacks
from xlsales.report.pages._context import identified
from xlsales.report.pages._wanted import wanting
from xlsales.report.traced import naming

if TYPE_CHECKING:
    from xlsales.report.blocks import Band, Page, Sentence, Value
    from xlsales.report.pages._context import Context, Record

OFFSETS = 12
COLUMNS = (160, 84) + (85,) * OFFSETS
LAST = len(COLUMNS) - 1
PRODUCTS = 8
CHART = 216
"""Pixels: low enough that a year of cohorts prints on the same sheet."""
LOW, BARS = 156, 190
"""Pixels of the charts below, of columns and of bars, so that they print on the second sheet."""
BESIDE = 146
"""Pixels of the bars beside the targets."""
LOWER = 6
"""The last column of the tables below; from two columns on are charts."""
DIP = 0.03
"""A cell this far below its column's median is marked."""
SMALL_COHORT = 30


def retention(context: Context) -> Page:
    """Cards, the cohort heat map, who buys again; below, contracts, refunds, members and reasons to leave."""
    cells = context.records("retention")
    shown = _cards(context, cells)
    cards: Band = (Placed(Kpis(shown), 0, LAST),)
    if not identified(context):
        inputs = () if context.missing("retention") else ("orders.customer_id",)
        return wanting(context, "retention", "retention", inputs, cards=shown)
    if not context.at("repurchase", context.scope.period).get("customers"):
        nobody = context.sentence("retention.headline_nobody", period=context.period_name())
        none = Note((context.sentence("no_rows"),), callout=True)
        nothing: tuple[Band, ...] = ((Placed(none, 0, LAST),), cards)
        return context.page("retention", nobody, (), COLUMNS, nothing)
    bands = (
        cards,
        (Placed(_heat(context, cells), 0, LAST),),
        (
            Placed(_products(context), 0, 3),
            Placed(replace(_new_and_existing(context), height=CHART), 5, 8),
            Placed(replace(_curve(context, cells), height=CHART), 10, LAST),
        ),
        *_noted(context, _lower(context)),
    )
    return context.page("retention", _headline(context, cells), _second(context), COLUMNS, bands)


def _noted(context: Context, lower: list[Band]) -> list[Band]:
    """What stands below the cohorts, and their footnote: above tables and charts, one with other notes."""
    note = context.sentence("retention.note")
    blocks = [placed.block for band in lower for placed in band]
    notes = [block for block in blocks if isinstance(block, Note)]
    if len(notes) < len(blocks):
        return [(Placed(Note((note,)), 0, LAST),), *lower]
    said = (note, *(line for block in notes if not block.callout for line in block.sentences))
    callouts = [(Placed(block, 0, LAST),) for block in notes if block.callout]
    return [*callouts, (Placed(Note(said), 0, LAST),)]


def _lower(context: Context) -> list[Band]:
    """Which contracts go on, what is given back, what members do, leavers say and who buys again."""
    bands: list[Band] = []
    asked = pledged.goals(context)
    goals = pledged.table(context, asked) if asked else None
    teachers = leaving.teachers(context) if leaving.refunded(context) else None
    members = leaving.members(context) if context.has("membership") else None
    top = [Placed(goals, 0, len(goals.columns) - 1)] if goals is not None else []
    narrow = goals is not None and teachers is None
    reasons = leaving.reasons(context, low=narrow) if context.has("churn_reasons") else None
    beside = reasons if narrow else None
    if goals is not None and beside is not None:
        top.append(Placed(replace(beside, height=BESIDE), len(goals.columns) + 1, LAST))
    if teachers is not None:
        at = LAST - len(teachers.columns) + 1 if top else 0
        top.append(Placed(teachers, at, at + len(teachers.columns) - 1))
    if top:
        bands.append(tuple(top))
    absent = renewals.lacking(context)
    if absent is not None:
        bands.append((Placed(absent, 0, LAST),))
    pairs: list[tuple[Table | None, Chart | None]] = [
        (renewals.table(context), renewals.chart(context)) if context.has("renewal") else (None, None),
        (leaving.dropouts(context), leaving.months(context)) if leaving.refunded(context) else (None, None),
        (members, None if beside is not None else reasons),
    ]
    for at, (table, chart) in enumerate(pairs):
        if at == len(pairs) - 1 and (context.has("renewal") or leaving.refunded(context)):
            bands.append((Placed(Note((context.sentence("renewals.note"),)), 0, LAST),))
        left = [Placed(table, 0, len(table.columns) - 1)] if table is not None else []
        first = LOWER + 2 if left else 0
        last = LAST if left else LOWER
        if chart is not None:
            chart = replace(chart, height=LOW if chart.kind == "column" else min(chart.height, BARS))
        right = [Placed(chart, first, last)] if chart is not None else []
        if left or right:
            bands.append((*left, *right))
    habits = _habits(context)
    if habits and members is not None and beside is not None:
        note = Note(habits, label=context.word("retention.habits"))
        bands[-1] += (Placed(note, LOWER + 2, LAST),)
        habits = ()
    if members is not None and (points := leaving.points(context)) is not None:
        habits += (points,)
    if habits:
        bands.append((Placed(Note(habits), 0, LAST),))
    if repurchases.any_again(context):
        table, peaks = repurchases.table(context), replace(repurchases.months(context), height=LOW)
        bands.append((Placed(table, 0, len(table.columns) - 1), Placed(peaks, LOWER + 2, LAST)))
    if leaving.refunded(context):
        bands.append((Placed(replace(leaving.curve(context), height=LOW), 0, LOWER),))
    return bands


def _habits(context: Context) -> tuple[Sentence, ...]:
    """When customers come back, and what those who leave have in common."""
    timing = leaving.timing(context)
    return (*([timing] if timing is not None else []), *leaving.traits(context))


def _mature(cells: list[Record], offset: int) -> list[Record]:
    return [
        row for row in cells if row["offset"] == offset and row["complete"] and row["retention"] is not None
    ]


def _pooled(rows: list[Record]) -> float | None:
    """Retention over several cohorts: the ratio of sums, not the mean of ratios."""
    size = sum(row["size"] for row in rows)
    return sum(row["active"] for row in rows) / size if size else None


def _headline(context: Context, cells: list[Record]) -> Sentence:
    repurchase = context.at("repurchase", context.scope.period)
    parts = {"repurchase": context.strong(repurchase.get("repurchase"), "percent")}
    newest = max(_mature(cells, 1), key=lambda row: row["cohort"], default=None)
    earlier = [row for row in _mature(cells, 1) if newest and row["cohort"] < newest["cohort"]]
    base = _pooled(earlier)
    if newest is None or base is None:
        return context.sentence("retention.headline_short", **parts)
    return context.sentence(
        "retention.headline",
        cohort=context.say(newest["cohort"], "month"),
        rate=context.strong(newest["retention"], "percent"),
        base=context.say(base, "percent"),
        gap=context.judged(newest["retention"] - base, "points"),
        **parts,
    )


def _second(context: Context) -> Sentence:
    split = context.at("new_customers", context.scope.period)
    days = context.at("repurchase", context.scope.period).get("median_days")
    contracts = renewals.second(context)
    said: Sentence = ()
    if split.get("new_share") is not None:
        said = context.sentence(
            "retention.second",
            new=context.say(split["new_customers"], "count"),
            existing=context.say(split["existing_customers"], "count"),
            share=context.strong(split["new_share"], "percent"),
        )
    if days is not None and not contracts:
        said = context.together(
            said, context.sentence("retention.second_gap", days=context.say(days, "days"))
        )
    return context.together(said, contracts, pledged.finding(context, pledged.goals(context)))


def _cards(context: Context, cells: list[Record]) -> tuple[Card, ...]:
    return (
        _cohort_card(context, cells, 1),
        _cohort_card(context, cells, 3),
        card(context, "repurchase_12m", "repurchase", "repurchase", "percent",
             label=context.word("cards.repurchase"), change="points"),
        card(context, "repurchase_days", "repurchase", "median_days", "days",
             label=context.word("cards.median_days"), change="days", good_up=False),
        renewals.renewal_card(context),
        card(context, "churn", "churn", "churn", "percent",
             label=context.word("cards.churn"), change="points", good_up=False),
    )  # fmt: skip


def _cohort_card(context: Context, cells: list[Record], offset: int) -> Card:
    """Retention of the newest cohort that has had so many months."""
    rows = sorted(_mature(cells, offset), key=lambda row: row["cohort"])
    rates = [row["retention"] for row in rows]
    value = rates[-1] if rates else None
    cohort = (("cohort", rows[-1]["cohort"]),) if rows else ()
    return Card(
        key=f"retention_m{offset}",
        label=context.word("cards.retention", offset=offset),
        value=value,
        format="percent",
        previous=rates[-2] if len(rates) > 1 else None,
        change="points",
        history=tuple((row["cohort"], row["retention"]) for row in rows),
        origin=Origin("retention", "retention", (*cohort, ("offset", offset))),
        lacks=lacks(context, "retention", value, "cards.no_cohort"),
    )


def _heat(context: Context, cells: list[Record]) -> Table:
    medians = {}
    for offset in range(1, OFFSETS + 1):
        rates = [row["retention"] for row in _mature(cells, offset)]
        medians[offset] = median(rates) if len(rates) > 2 else None
    grid: dict[str, dict[int, Record]] = {}
    for row in cells:
        if row["size"]:
            grid.setdefault(row["cohort"], {})[row["offset"]] = row
    word = context.word
    columns = (
        TableColumn("cohort", word("columns.cohort"), strong=True),
        TableColumn("size", word("columns.size"), "count", quiet=True, origin=Origin(about=(("offset", 1),))),
        *(
            TableColumn(
                f"m{k}",
                f"M{k}",
                "percent",
                heat="block",
                align="center",
                origin=Origin(column="retention", about=(("offset", k),)),
            )
            for k in range(1, OFFSETS + 1)
        ),
    )
    body = []
    for cohort in sorted(grid):
        line = grid[cohort]
        size = next(iter(line.values()))["size"]
        body.append((cohort, size, *(_cell(line.get(k), medians[k]) for k in range(1, OFFSETS + 1))))
    return Table(
        "retention",
        word("retention.heat"),
        columns,
        tuple(body),
        note=word("retention.heat_note"),
        alt=word("retention.heat"),
        dense=True,
        metric="retention",
        about=tuple((("cohort", cohort),) for cohort in sorted(grid)),
        empty=word("no_rows"),
    )


def _cell(row: Record | None, middle: float | None) -> Value | Cell:
    if row is None or row["retention"] is None:
        return None
    rate: float = row["retention"]
    if not row["complete"]:
        return Cell(rate, immature=True)
    if row["size"] < SMALL_COHORT:
        return Cell(rate, tone="quiet")
    if middle is not None and rate <= middle - DIP:
        return Cell(rate, mark="▼", bold=True)
    return rate


def _new_and_existing(context: Context) -> Chart:
    rows = context.records("new_customers", context.trend, by=("month",))
    share = context.at("new_customers", context.scope.period).get("new_share")
    finding = context.word("no_rows")
    if share is not None:
        finding = context.word("retention.finding_split", share=context.say(share, "percent"))
    existing = tuple(row["existing_amount"] for row in rows)
    new = tuple(row["new_amount"] for row in rows)
    tops = tuple(
        max(old or 0.0, 0.0) + max(fresh or 0.0, 0.0) for old, fresh in zip(existing, new, strict=True)
    )
    shares = tuple(
        None if row["new_share"] is None else naming(f"{row['new_share']:.0%}", row["new_share"])
        for row in rows
    )
    series = (
        Series(context.word("existing"), existing, "column", "accent"),
        Series(context.word("new"), new, "column", "context"),
        Series(context.word("columns.share"), tops, "text", labels=shares, label_at="above"),
    )
    return Chart(
        "new_existing",
        context.word("retention.split"),
        finding,
        "column",
        context.month_labels([row["month"] for row in rows]),
        series if any(tops) else (),
        note=context.word(f"retention.split_note{'_short' if any(row['history'] for row in rows) else ''}"),
        stacked=True,
        empty=context.word("no_rows"),
    )


def _curve(context: Context, cells: list[Record]) -> Chart:
    points = [(k, _pooled(_mature(cells, k))) for k in range(1, OFFSETS + 1)]
    known = [(k, rate) for k, rate in points if rate is not None]
    finding = context.word("retention.no_curve")
    if known:
        peak = max(known, key=lambda point: (point[1], -point[0]))
        other = known[0] if peak == known[-1] else known[-1]
        finding = context.word(
            "retention.finding_curve",
            peak=peak[0],
            rate=context.say(peak[1], "percent"),
            offset=other[0],
            other=context.say(other[1], "percent"),
        )
    return charts.histogram(
        "retention_curve",
        label=context.word("retention.curve"),
        note=context.word("retention.curve_note"),
        finding=finding,
        bins=tuple((f"M{k}", rate) for k, rate in known),
        format="percent",
        empty="" if known else context.word("retention.no_curve"),
        lang=context.lang,
    )


def _products(context: Context) -> Table:
    unit = "product" if context.spread["product"] else "region"
    every = [row for row in context.records("repurchase", by=(unit,)) if row["customers"]]
    rows = every[:PRODUCTS]
    total = context.at("repurchase", context.scope.period)
    word = context.word
    columns = (
        TableColumn("name", context.dimension(unit), strong=True),
        TableColumn("customers", word("columns.customers"), "count", quiet=True),
        TableColumn("repeaters", word("columns.repeaters"), "count"),
        TableColumn(
            "rate",
            word("columns.repurchase"),
            "percent",
            bar=1.0,
            formula='IF(N({customers})=0,"",{repeaters}/{customers})',
            total="formula",
            origin=Origin(column="repurchase"),
        ),
    )
    keys = ("customers", "repeaters", "repurchase")
    return Table(
        "repurchase_products",
        word("retention.products", unit=context.dimension(unit)),
        columns,
        tuple((context.name(row[unit]), *(row[key] for key in keys)) for row in rows),
        (word("total"), *(total.get(key) for key in keys)),
        note=joined(
            word("retention.products_note"),
            largest_note(context.count(rows, "repurchase"), context.count(every, "repurchase"), context.lang),
        ),
        alt=word("retention.products", unit=context.dimension(unit)),
        dense=True,
        metric="repurchase",
        by=(unit,),
        empty=word("no_rows"),
    )
