"""The blocks of the data-quality score: dimensions, course over refreshes, by source, by owner."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.clean.score import WEIGHTS, by_owner, failing, measures, scores, total
from xlsales.memory import Scored
from xlsales.metrics._behind import PLACE
from xlsales.report.blocks import Chart, Placed, Series, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.report.pages._reconciled import totals

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from xlsales.clean.score import Measure
    from xlsales.memory import Memory
    from xlsales.report.blocks import Band, Tone
    from xlsales.report.pages._context import Context, Record
    from xlsales.report.pages._evidence import Rows

SHOWN = 5
"""So many sources and owners are shown, the worst first."""
POINTS = 3
"""So many refreshes make a course worth drawing."""
STEP, ROOM = 0.1, 0.02
"""The axis of the course begins at a whole ten per cent, so much below the lowest: scores hardly differ."""
OWNERS, COURSE = "score by owner", 13


def measured(context: Context) -> tuple[Measure, ...]:
    """The six dimensions of this workbook's data."""
    compared = totals(context)
    wrong = sum(row["units"] for row in compared if row["verdict"] == "wrong")
    return measures(context.cleaned, context.scope.as_of, sum(row["units"] for row in compared), wrong)


def score(context: Context) -> tuple[float | None, float | None]:
    """The whole score, and how it differs from that of the refresh before; None where there is none."""
    whole = total(measured(context))
    before = _before(context).get("total")
    behind = _found(context)
    change = None if whole is None or before is None else whole - before
    return (
        evident(context, whole, "score", _components(context), form="percent"),
        evident(context, change, "score_change", behind, form="points"),
    )


def _components(context: Context) -> Rows:
    """The dimensions that have units, each with its score, what it weighs, and what that adds."""
    known = [(one, one.score) for one in measured(context) if one.score is not None]
    whole = math.fsum(WEIGHTS[one.dimension] for one, _ in known)
    weighed = [(_title(context, one), score, WEIGHTS[one.dimension] / whole) for one, score in known]
    return _evidence.items(
        ("dimension", "score", "weight"),
        [("", "", 1, title, score, weight, score * weight) for title, score, weight in weighed],
    )


def bands(context: Context) -> tuple[Band, ...]:
    """The scorecard, the course where there is one, the worst sources beside the worst owners."""
    course, owners = _course(context), _owners(context)
    return (
        (Placed(_card(context), 0, 7),),
        *(((Placed(course, 0, 7),),) if course else ()),
        (Placed(_sources(context), 0, 3), *((Placed(owners, 4, 7),) if owners.rows else ())),
    )


def remembered(memory: Memory, context: Context, now: datetime) -> Memory:
    """The memory with the scores of this refresh; as it was where it has them already, or there are none."""
    if any(one.digest == context.digest for one in memory.scores):
        return memory
    found = scores(measured(context))
    return replace(memory, scores=(*memory.scores, Scored(now, context.digest, found))) if found else memory


def _past(context: Context) -> list[Scored]:
    """The refreshes before this one: once it is remembered itself, those before it."""
    known = [one.digest for one in context.memory.scores]
    at = known.index(context.digest) if context.digest in known else len(known)
    return list(context.memory.scores[:at])


def _before(context: Context) -> dict[str, float]:
    past = _past(context)
    return dict(past[-1].scores) if past else {}


def _card(context: Context) -> Table:
    word, before = context.word, _before(context)
    found = measured(context)
    columns = (
        TableColumn("dimension", word("score.dimension"), strong=True),
        TableColumn("score", word("score.score"), "percent", bar=1.0),
        TableColumn("change", word("score.change"), "points", signed=True),
        TableColumn("weight", word("score.weight"), "percent", quiet=True),
        TableColumn("units", word("score.units"), "count", quiet=True),
        TableColumn("failed", word("score.failed"), "count"),
        TableColumn("of", word("score.of"), align="left"),
        TableColumn("worst", word("score.worst"), wrap=True),
    )
    rows = []
    for one in found:
        past = before.get(one.dimension)
        change = None if past is None or one.score is None else one.score - past
        of = word(f"score.units_of.{one.dimension}")
        title = _title(context, one)
        weight = WEIGHTS[one.dimension]
        found_in = _found(context, dimension=one.dimension)
        rows.append(
            (
                title,
                evident(context, one.score, "dimension", found_in, title, form="percent"),
                evident(context, change, "score_change", found_in, title, form="points"),
                weight,
                evident(context, one.units, "units", _units(context, one), title),
                evident(context, one.failed, "failed", found_in, title),
                of,
                _worst(context, one),
            )
        )
    whole, difference = score(context)
    return Table(
        "scorecard",
        word("score.label"),
        columns,
        tuple(rows),
        (word("score.whole"), whole, difference, 1.0, None, None, "", ""),
        note=word("score.note"),
        alt=word("score.label"),
        dense=True,
    )


def _title(context: Context, one: Measure) -> str:
    return context.word(f"score.dimensions.{one.dimension}")


def _units(context: Context, one: Measure) -> Rows:
    """What a dimension looks at, by column, table or reconciliation."""
    found = [
        (
            key,
            "",
            1,
            " · ".join(filter(None, (context.table_title(key), context.field_title(key, name)))),
            units,
        )
        for (key, name), units in one.parts.items()
    ]
    if one.dimension == "reconciliation":
        found += [
            ("", "", 1, context.word(f"reconcile.{row['key']}.name"), row["units"]) for row in totals(context)
        ]
    return _evidence.items(("name",), found)


def _found(context: Context, **asked: str) -> Rows:
    """The findings that count against the score, of a dimension, table and field where asked."""

    def rows() -> pd.DataFrame:
        found = failing(context.cleaned.issues)
        for column, wanted in asked.items():
            found = found[found[column] == wanted]
        return _evidence.findings(context, found)()

    return rows


def _worst(context: Context, one: Measure) -> str:
    if one.worst is None:
        return ""
    table, field = one.worst
    parts = {"table": context.table_title(table), "field": context.field_title(table, field)}
    key = "score.worst_field" if parts["field"] else "score.worst_table"
    behind = _found(context, dimension=one.dimension, table=table, field=field)
    if one.dimension == "completeness" and field:
        behind = _evidence.cells(context, table, field, blank=True)
    count = evident(context, one.worst_failed, "failed", behind, *parts.values())
    return context.word(key, count=context.say(count, "count"), **parts)


def _course(context: Context) -> Chart | None:
    """The whole score of past refreshes and now; None while there are too few to see a course."""
    whole, _ = score(context)
    past = [(one.time, one.scores["total"]) for one in _past(context) if "total" in one.scores]
    if whole is None or len(past) + 1 < POINTS:
        return None
    past = past[1 - COURSE :]
    values = (*(value for _, value in past), whole)
    labels = (*(f"{time:%m-%d}" for time, _ in past), context.word("score.now"))
    tones: list[Tone] = ["context"] * len(past)
    ways = "level" if abs(whole - values[0]) < 0.0005 else "up" if whole > values[0] else "down"
    was = evident(context, values[0], "past_score", form="percent")
    first, last = context.say(was, "percent"), context.say(whole, "percent")
    finding = context.word(f"score.course_{ways}", first=first, last=last)
    series = Series(context.word("score.whole"), values, "column", tones=(*tones, "accent"), labels=())
    label = context.word("score.course")
    base = max(0.0, math.floor((min(values) - ROOM) / STEP) * STEP)
    note = context.word("score.axis_from", start=context.say(base, "percent")) if base else ""
    return Chart(
        *("score_course", label, finding, "column", labels, (series,), "percent", note),
        alt=label,
        minimum=base,
        height=200,
    )


def _table(context: Context, key: str, first: str, rows: list[Record]) -> Table:
    word = context.word
    columns = (
        TableColumn("name", first, strong=True),
        TableColumn("score", word("score.clean_rows"), "percent", bar=1.0),
        TableColumn("rows", word("columns.rows"), "count", quiet=True),
        TableColumn("failed", word("score.failed_rows"), "count"),
    )
    body = tuple(_line(context, key, row) for row in rows[:SHOWN])
    more = len(rows) - len(body)
    left = _evidence.items(("name",), [("", "", 1, row["name"], 1.0) for row in rows[SHOWN:]])
    rest = context.say(evident(context, more, "not_shown", left), "count")
    note = word("score.more", more=rest) if more else word("score.rows_note")
    label = word(f"score.{key}")
    return Table(
        f"score_{key}",
        label,
        columns,
        body,
        note=note,
        alt=label,
        dense=True,
        inset=key == "by_owner",
        empty=word("no_rows"),
    )


def _line(context: Context, key: str, row: Record) -> tuple[str, float, int, int]:
    """A source or an owner with the share of rows without a finding."""
    name = row["name"]
    failed = evident(context, int(row["failed"]), "failed_rows", _failed(context, key, name), name)
    rows = evident(context, int(row["rows"]), "rows_of", _rows_of(context, key, name), name)
    score = evident(context, row["score"], "clean_rows", _rows_of(context, key, name), name, form="percent")
    return name, score, rows, failed


def _rows_of(context: Context, key: str, name: str) -> Rows:
    """The rows of a source, or those that count of an owner."""
    if key == "by_source":
        raws = (raw for raw in context.survey.tables if f"{raw.source} · {raw.sheet}" == name)
        return _evidence.read_below(context, *raws)
    return _evidence.owned(context, ("orders", "leads"), name)


def _failed(context: Context, key: str, name: str) -> Rows:
    """Those of them with a finding."""
    rows = _rows_of(context, key, name)

    def wrong() -> pd.DataFrame:
        found = failing(context.cleaned.issues)
        places = found["source"] + "!" + found["sheet"]
        marked = found.assign(_source=places, _row=found["row"], _table=found["table"])
        marked = marked[PLACE].drop_duplicates().dropna()
        return rows().merge(marked, on=PLACE)

    return wrong


def _sources(context: Context) -> Table:
    found = failing(context.cleaned.issues)
    wrong = found.drop_duplicates(["source", "sheet", "row"]).groupby(["source", "sheet"]).size().to_dict()
    rows: list[Record] = []
    there = {one.digest: one.tally for one in context.cleaned.large}
    for raw in context.survey.tables:
        if raw.digest in there:
            tally = there[raw.digest]
            counted = [] if tally is None else list(tally.files.itertuples(index=False, name=None))
        else:
            count = len(raw.frame)
            counted = [(raw.source, count, min(int(wrong.get((raw.source, raw.sheet), 0)), count))]
        rows += [
            {"name": f"{source} · {raw.sheet}", "rows": count, "failed": failed, "score": 1 - failed / count}
            for source, count, failed in counted
            if count
        ]
    rows.sort(key=lambda row: (row["score"], -row["rows"], row["name"]))
    return _table(context, "by_source", context.word("columns.source"), rows)


def _owners(context: Context) -> Table:
    def made() -> list[Record]:
        found = by_owner(context.cleaned).rename(columns={"rep": "name"})
        return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]

    return _table(context, "by_owner", context.dimension("rep"), context.kept(OWNERS, made))
