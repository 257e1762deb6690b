"""达成: who is ahead of and behind target this month, and where the quarter lands at this pace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.report import charts, theme
from xlsales.report.blocks import Cell, Note, Origin, Placed, Run, Table, TableColumn
from xlsales.report.layout import CONTENT, PADDING
from xlsales.report.measure import RULERS
from xlsales.report.pages._context import adds_up, status_of
from xlsales.report.pages._lacking import lacking_note
from xlsales.report.pages._live_columns import attainment_column, change_column, gap_column
from xlsales.report.pages._output import by_band, output_cards, per_head
from xlsales.report.pages._units import target_unit, with_targets

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.report.blocks import Band, Chart, Page, Sentence, Total, Value
    from xlsales.report.pages._context import Context, Record

FIGURES, PLAIN = 12, 7
"""Figures of a row, with targets and without."""
WIDTH: dict[Language, int] = {"zh": 84, "en": 80}
NARROW, WIDE = 72, 150
"""Pixels of a figure: what the widest header takes on one line, at least, and where there are few."""
UNIT, PEOPLE = (60, 120), (136, 180)
"""Pixels of the name of a unit and of a person, at least and at most."""
HEADLINE_NAMES, FINDING_NAMES = 640, 320
"""Pixels that names take in a sentence, measured in the body font."""
MANY = 20
"""From so many rows on a table has lower ones, so that it does not run over for the last few."""
CHART = 200
"""Pixels: low enough that twelve people and their units still print on one page."""
MARKS = {"met": ("●", "good"), "near": ("◆", "quiet"), "missed": ("▼", "bad")}


def attainment(context: Context) -> Page:
    """Ranking and landing above, units and reps below; without targets, sales by rep and what is missing."""
    dims = _dims(context)
    title = context.word("attainment.title", period=context.period_name())
    if not context.total("attainment").get("target"):
        by = (*dims, "rep") if context.spread["rep"] or not dims else dims
        heads = per_head(context, len(by) + FIGURES - 1)
        columns = _grid(context, by, FIGURES if heads else PLAIN)
        plain, last = _plain(context, by), len(columns) - 1
        bands: tuple[Band, ...] = (
            (Placed(_why_none(context), 0, last),),
            (Placed(plain, 0, len(plain.columns) - 1),),
            *output_cards(context, last),
            *heads,
        )
        headline = context.sentence("attainment.headline_none")
        return context.page("attainment", headline, (), columns, bands, title)
    columns = _grid(context, (*dims, "rep"))
    last, middle = len(columns) - 1, len(dims) + 4
    bands = (
        (Placed(_ranking(context), 0, middle), Placed(_landing(context, dims), middle + 2, last)),
        (Placed(_table(context, "units", dims, members=True), 0, last),),
        *output_cards(context, last),
        (Placed(_table(context, "reps", (*dims, "rep"), members=False), 0, last),),
        *per_head(context, last),
        (Placed(Note((context.sentence("attainment.note", **_days(context)),)), 0, last),),
    )
    return context.page("attainment", _headline(context), _second(context), columns, bands, title)


def _dims(context: Context) -> tuple[str, ...]:
    """The units above people that the orders name, no finer than the targets are."""
    dims = tuple(name for name in ("region", "team") if context.spread[name])
    return dims[:1] if target_unit(context) == "region" else dims


def _grid(context: Context, names: tuple[str, ...], figures: int = FIGURES) -> tuple[int, ...]:
    """Widths of the names, on two lines where they are long, and of the figures, which then give way.

    Chinese breaks anywhere, other words only between them: a column is as wide as its longest word.
    """
    ruler, needs = RULERS[context.lang], []
    for dim, (least, most) in [*((dim, UNIT) for dim in names[:-1]), (names[-1], PEOPLE)]:
        known = context.names_in_orders(dim) if context.has("sales") else ()
        words = (word for name in known for word in name.split() if word.isascii())
        longest = max((ruler.px(name, theme.BODY, bold=True) for name in known), default=0)
        word = max((ruler.px(word, theme.BODY, bold=True) for word in words), default=0)
        needs.append(min(max(longest // 2 + PADDING, word + PADDING, least), most))
    wished = WIDTH[context.lang] if figures == FIGURES else WIDE
    figure = max(NARROW, min(wished, (CONTENT - sum(needs)) // figures))
    *units, _ = needs
    return (*units, CONTENT - figures * figure - sum(units), *[figure] * figures)


def _why_none(context: Context) -> Note:
    """Which input is missing, or that the targets there are say nothing about this period and filter."""
    if not context.has("attainment"):
        return lacking_note(context, "attainment", shows="attainment.shows")
    filters = (f"{context.dimension(name)}: {', '.join(values)}" for name, values in context.scope.filters)
    about = " · ".join((context.period_name(), *filters))
    return Note((context.sentence("attainment.none_here", about=Run(about, "strong")),), callout=True)


def _headline(context: Context) -> Sentence:
    total, quarter = context.total("attainment"), context.total("attainment", context.quarter)
    if total["attainment"] is None:
        return context.sentence(
            "attainment.headline_not_begun", target=context.strong(total["target"], "money")
        )
    parts: dict[str, str | Run] = {
        "attainment": context.strong(total["attainment"], "percent"),
        "landing": context.strong(quarter.get("landing"), "money"),
        "landing_share": context.strong(quarter.get("landing_attainment"), "percent"),
        "quarter": context.word("attainment.quarter", number=_quarter_number(context)),
    }
    landing = "_landing" if quarter.get("landing_attainment") is not None else ""
    unit = target_unit(context)
    if unit is None:
        return context.sentence(f"attainment.headline_total{landing}", **parts)
    with_target = with_targets(context, unit)
    top = [row for row in with_target[::-1] if row["gap"] < 0][:3]
    if not top:
        parts |= {"count": context.counted(with_target, "attainment"), "unit": context.dimension(unit)}
        return context.sentence(f"attainment.headline_all{landing}", **parts)
    parts["names"] = context.names(top, unit, HEADLINE_NAMES, "attainment")
    share = sum(row["gap_share"] for row in top)
    parts["share"] = Run(context.say(share, "percent"), "bad")
    return context.sentence(f"attainment.headline{landing}", **parts)


def _second(context: Context) -> Sentence:
    quarter = context.total("attainment", context.quarter)
    if quarter.get("attainment") is None:
        return ()
    lag = quarter["attainment"] - quarter["time_share"]
    return context.sentence(
        "attainment.second",
        quarter=context.word("attainment.quarter", number=_quarter_number(context)),
        time=context.say(quarter["time_share"], "percent"),
        done=context.say(quarter["attainment"], "percent"),
        lag=context.judged(lag, "points"),
        **_days(context),
    )


def _quarter_number(context: Context) -> int:
    return (context.scope.period.end.month - 1) // 3 + 1


def _days(context: Context) -> dict[str, str]:
    """Working days of the quarter: elapsed, in all, remaining."""
    scope = context.quarter
    done = scope.calendar.between(scope.period.start, scope.current.end)
    whole = scope.calendar.between(scope.period.start, scope.period.end)
    return {"elapsed": str(done), "days": str(whole), "left": str(whole - done)}


def _ranking(context: Context) -> Chart:
    unit = target_unit(context) or "rep"
    rows = with_targets(context, unit)
    behind = [row for row in rows[::-1] if row["gap"] < 0][:3]
    finding = context.word("attainment.finding_all")
    if behind:
        finding = context.word(
            "attainment.finding_behind",
            names=context.names(behind, unit, FINDING_NAMES, "attainment"),
            gap=context.say(sum(row["gap"] for row in behind), "money", signed=True),
        )
    chart = charts.ranked(
        "rep_gap",
        label=context.word("attainment.ranking", unit=context.dimension(unit)),
        note=context.word("attainment.ranking_note"),
        finding=finding,
        items=tuple((context.name(row[unit]), row["gap"]) for row in rows),
        empty="" if rows else context.word("attainment.no_unit_targets"),
        lang=context.lang,
    )
    return replace(chart, height=CHART)


def _landing(context: Context, dims: tuple[str, ...]) -> Chart:
    by = dims[:1] or ("rep",)
    rows = [
        row
        for row in context.records("attainment", context.quarter, by=by)
        if row["landing_attainment"] is not None
    ]
    total = context.total("attainment", context.quarter)
    why = "no_quarter" if total.get("landing") is not None and context.begun else "too_early"
    finding = context.word(f"attainment.{why}")
    if rows:
        low = min(rows, key=lambda row: (row["landing_attainment"], row[by[0]]))
        finding = context.word(
            "attainment.finding_low",
            name=context.name(low[by[0]]),
            share=context.say(low["landing_attainment"], "percent"),
        )
    shown = [*rows[:8], {**total, by[0]: context.word("total")}] if rows else []
    return charts.progress(
        "landing",
        label=context.word("attainment.landing", number=_quarter_number(context)),
        note=context.word("attainment.landing_note"),
        finding=finding,
        items=tuple(
            (
                context.name(row[by[0]]),
                row["attainment"],
                row["landing_attainment"],
                row["landing"] - row["target"],
            )
            for row in shown
            if row["attainment"] is not None and row["landing"] is not None
        ),
        empty="" if rows else finding,
        lang=context.lang,
    )


def _table(context: Context, key: str, by: tuple[str, ...], *, members: bool) -> Table:
    """One row per unit: the month at the left, the quarter at the right."""
    month = list(context.records("attainment", by=by))
    quarter = {
        tuple(row[name] for name in by): row for row in context.records("attainment", context.quarter, by=by)
    }
    seen = {tuple(row[name] for name in by) for row in month}
    month += [dict(zip(by, unit, strict=True)) for unit in quarter if unit not in seen]
    month.sort(
        key=lambda row: (
            (*tuple(row[name] for name in by[:-1]), -(row.get("target") or 0), row[by[-1]]) if by else ()
        )
    )
    reps = _members(context, by) if members else {}
    heads = [TableColumn(name, context.dimension(name), strong=name == by[-1]) for name in by]
    if members:
        heads.append(TableColumn("members", context.word("columns.members"), quiet=True))
    rows = []
    for row in month:
        unit = tuple(row[name] for name in by)
        names: list[Value | Cell] = [context.name(name) for name in unit]
        if members:
            names.append(reps.get(unit, ""))
        rows.append((*names, *_figures(context, row, quarter.get(unit, {}))))
    whole = (context.total("attainment"), context.total("attainment", context.quarter))
    live = all(
        adds_up((row.get("target") for row in parts), total.get("target"))
        for parts, total in zip((month, quarter.values()), whole, strict=True)
    )
    label = context.word(f"attainment.{key}")
    return Table(
        f"attainment_{key}",
        label,
        (*heads, *_columns(context, live=live)),
        tuple(rows),
        (context.word("total"), *[""] * (len(heads) - 1), *_figures(context, *whole)),
        note=by_band(context, by[-1] if by else "") or context.word(f"attainment.{key}_note"),
        alt=label,
        filter=not members,
        dense=True,
        metric="attainment",
        by=by,
    )


def _members(context: Context, by: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    names: dict[tuple[str, ...], list[str]] = {}
    for row in context.records("attainment", by=(*by, "rep")):
        if row["rep"]:
            names.setdefault(tuple(row[name] for name in by), []).append(row["rep"])
    return {unit: context.word("comma").join(sorted(reps)) for unit, reps in names.items()}


def _columns(context: Context, *, live: bool) -> tuple[TableColumn, ...]:
    """The columns; their totals follow a filter where the rows add up to the whole."""
    quarter = f"Q{_quarter_number(context)}"
    word = context.word
    sums: Total = "sum" if live else "value"

    def of_quarter(column: str) -> Origin:
        return Origin(column=column, period=context.quarter.period)

    return (
        TableColumn("target", word("columns.target"), "money", total=sums, quiet=True),
        TableColumn("actual", word("columns.actual"), "money", total=sums, strong=True),
        attainment_column(context, live=live),
        gap_column(context, live=live),
        TableColumn("gap_share", word("columns.gap_share"), "percent", total="value"),
        TableColumn(
            "quarter_target",
            quarter + word("columns.target_suffix"),
            "money",
            total=sums,
            quiet=True,
            rule_left=True,
            origin=of_quarter("target"),
        ),
        TableColumn(
            "quarter_done",
            quarter + word("columns.progress_suffix"),
            "percent",
            total="value",
            origin=of_quarter("attainment"),
        ),
        TableColumn(
            "lag",
            word("columns.lag"),
            "points",
            signed=True,
            total="value",
            origin=replace(of_quarter("attainment"), derived=True),
        ),
        TableColumn(
            "daily", word("columns.daily"), "money", total="value", origin=of_quarter("required_daily")
        ),
        TableColumn("landing", word("columns.landing"), "money", total="value", origin=of_quarter("landing")),
        TableColumn(
            "landing_share",
            word("columns.landing_share"),
            "percent",
            total="value",
            origin=of_quarter("landing_attainment"),
        ),
        TableColumn("status", word("columns.status"), align="center"),
    )


def _figures(context: Context, month: Record, quarter: Record) -> tuple[Value | Cell, ...]:
    done, time = quarter.get("attainment"), quarter.get("time_share")
    begun = month.get("attainment") is not None
    status = status_of(month.get("actual"), month.get("target")) if begun else None
    mark: Value | Cell = "" if month.get("target") else context.word("status.no_target")
    if status:
        sign, tone = MARKS[status]
        mark = Cell(f"{sign} {context.word(f'status.{status}')}", tone=tone)  # type: ignore[arg-type]
    return (
        month.get("target"),
        month.get("actual"),
        month.get("attainment"),
        month.get("gap") if month.get("target") else None,
        month.get("gap_share"),
        quarter.get("target"),
        done,
        None if done is None or time is None else done - time,
        quarter.get("required_daily"),
        quarter.get("landing"),
        quarter.get("landing_attainment"),
        mark,
    )


def _plain(context: Context, by: tuple[str, ...]) -> Table:
    """Sales by rep where there are no targets."""
    rows = context.records("sales", by=by)
    keys = ("orders", "amount", "share", "previous", "change", "mom", "yoy")
    word = context.word
    columns = (
        *(TableColumn(name, context.dimension(name), strong=name == by[-1]) for name in by),
        TableColumn("orders", word("columns.orders"), "count", total="value"),
        TableColumn("amount", word("columns.actual"), "money", total="sum", strong=True),
        TableColumn("share", word("columns.share"), "percent", total="value", bar=1.0, bar_tone="context"),
        TableColumn("previous", word("columns.previous"), "money", total="sum", quiet=True),
        change_column(context, "amount"),
        TableColumn("mom", word("columns.mom"), "percent", total="value", signed=True),
        TableColumn("yoy", word("columns.yoy"), "percent", total="value", signed=True),
    )
    total = context.total("sales")
    return Table(
        "sales_reps",
        word("attainment.plain", unit=context.dimension(by[-1])),
        columns,
        tuple((*(context.name(row[name]) for name in by), *(row[key] for key in keys)) for row in rows),
        (word("total"), *[""] * (len(by) - 1), *(total.get(key) for key in keys)),
        alt=word("attainment.plain", unit=context.dimension(by[-1])),
        filter=True,
        dense=len(rows) > MANY,
        empty=word("no_rows"),
        metric="sales",
        by=by,
    )
