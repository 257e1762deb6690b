"""One row a person: what lacks to the target and is covered, who is answered in time, what visits bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.blocks import Cell, Origin, Table, TableColumn
from xlsales.report.pages._context import adds_up
from xlsales.report.traced import summed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Value
    from xlsales.report.pages._context import Context, Record

AHEAD = ("pipeline_coverage", "required_leads")
"""What is asked of the period whose target open leads can still reach; the others of that of the report."""
SOURCES: dict[str, tuple[str, str, Format]] = {
    "deals": ("pipeline_coverage", "deals", "count"),
    "remaining": ("pipeline_coverage", "remaining", "money"),
    "weighted": ("pipeline_coverage", "weighted", "money"),
    "coverage": ("pipeline_coverage", "coverage", "number"),
    "needed": ("required_leads", "needed", "count"),
    "within": ("response_sla", "within_share", "percent"),
    "due": ("response_sla", "n", "count"),
    "overdue": ("response_sla", "overdue", "count"),
    "visits": ("visits", "visits", "count"),
    "opportunities": ("visits", "opportunities", "count"),
    "young": ("visits", "young", "count"),
    "attainment": ("visits", "attainment", "percent"),
}
"""Metric, column and format by the key of the page's column."""
RATIOS = {
    "coverage": ("weighted", "remaining"),
    "within": ("within", "n"),
    "attainment": ("visits", "plan"),
}
"""What the metric of a ratio divides, by the key of the page's column."""
ROWS = 12
"""So many rows fit on one printed sheet; of more people the rest is the last of them."""


def people(context: Context, plan: Scope, month: str) -> Table:
    """Those with most to make up first. ``plan`` is the period, called ``month``, they can still change."""
    word, scopes = context.word, {metric: _scope(context, metric, plan) for metric, _, _ in SOURCES.values()}
    asked = {metric: context.records(metric, scope, by=("rep",)) for metric, scope in scopes.items()}
    found: dict[str, dict[str, Record]] = {}
    for metric, rows in asked.items():
        for row in rows:
            found.setdefault(row["rep"], {})[metric] = row
    whole = {metric: context.total(metric, scope) for metric, scope in scopes.items()}
    keys = list(_keys(context, asked))
    names = [name for name, row in found.items() if any(_value(row, key) for key in keys)]
    names.sort(
        key=lambda name: (*(-(_value(found[name], key) or 0) for key in ("remaining", "overdue")), name)
    )

    shown = [(context.name(name), found[name]) for name in names]
    if len(shown) > ROWS:
        rest = [row for _, row in shown[ROWS - 1 :]]
        count = context.counted([next(iter(row.values())) for row in rest], "pipeline_coverage")
        shown = [*shown[: ROWS - 1], (word("other", count=count), _together(rest, keys))]

    def line(name: str, row: dict[str, Record]) -> tuple[Value | Cell, ...]:
        late = row.get("response_sla", {}).get("flag") == "below"
        values = ((key, _value(row, key)) for key in keys)
        return (
            name,
            *(Cell(one, tone="bad", mark="▼") if key == "within" and late else one for key, one in values),
        )

    def column(key: str) -> TableColumn:
        metric, source, form = SOURCES[key]
        sums = key not in (*RATIOS, "needed") and adds_up(
            (_value(one, key) for _, one in shown), _value(whole, key)
        )
        return TableColumn(
            key,
            word(f"pipeline.people.{key}"),
            form,
            formula='IF(N({remaining})<=0,"",{weighted}/{remaining})' if key == "coverage" else "",
            total="sum" if sums else "value",
            strong=key == "within",
            origin=Origin(metric, source, period=plan.period if metric in AHEAD else None),
        )

    label = word("pipeline.people.label", rep=context.dimension("rep"), month=month)
    business = context.scope.policy.business if "due" in keys else ""
    notes = (
        word("pipeline.people.cover_note") if "coverage" in keys else "",
        word("pipeline.people.sla_note") if "due" in keys else "",
        word("pipeline.people.in_hours", hours=business) if business else "",
    )
    return Table(
        "people",
        label,
        (TableColumn("rep", context.dimension("rep"), strong=True), *map(column, keys)),
        tuple(line(name, one) for name, one in shown),
        line(word("total"), whole) if shown else None,
        note=" · ".join(filter(None, notes)),
        alt=label,
        dense=True,
        empty=word("pipeline.people.none"),
        metric="pipeline_coverage",
        by=("rep",),
    )


def _scope(context: Context, metric: str, plan: Scope) -> Scope:
    return plan if metric in AHEAD else context.scope


def _together(rows: list[dict[str, Record]], keys: list[str]) -> dict[str, Record]:
    """Several people as one: what they have is added, and ratios are those of the sums.

    The leads that each needs follow from rates of their own, so nothing is said of them together.
    """

    def added(metric: str, column: str) -> float | None:
        known = [one for row in rows if (one := row.get(metric, {}).get(column)) is not None]
        return summed(known) if known else None

    together: dict[str, Record] = {}
    for metric, column, _ in (SOURCES[key] for key in keys if key not in (*RATIOS, "needed")):
        together.setdefault(metric, {})[column] = added(metric, column)
    for key in (key for key in keys if key in RATIOS):
        metric, column, _ = SOURCES[key]
        part, whole = (added(metric, name) for name in RATIOS[key])
        together.setdefault(metric, {})[column] = part / whole if part is not None and whole else None
    return together


def _value(row: dict[str, Record], key: str) -> float | None:
    metric, column, _ = SOURCES[key]
    found: float | None = row.get(metric, {}).get(column)
    return found


def _keys(context: Context, asked: dict[str, list[Record]]) -> Iterator[str]:
    """The columns that the tables are enough for; without targets how many deals people have open."""
    if any(row["remaining"] is not None for row in asked["pipeline_coverage"]):
        yield from ("remaining", "weighted", "coverage", "needed")
    else:
        yield from ("deals", "weighted")
    if context.has("response_sla"):
        yield from ("within", "due", "overdue")
    if context.has("visits"):
        yield from (
            "visits",
            "opportunities",
            "attainment" if any(row["plan"] for row in asked["visits"]) else "young",
        )
