"""How fresh each source of the workbook is, and what about it is to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from xlsales.metrics._fresh import LATE_DAYS, MISSING_DAYS, OTHER_ROWS, day_column, fresh
from xlsales.report.blocks import Cell, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident
from xlsales.report.traced import joined
from xlsales.tables.profiles import profile, tags
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import table as table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from xlsales.memory import Loaded
    from xlsales.metrics._fresh import Freshness
    from xlsales.report.blocks import Value
    from xlsales.report.pages._context import Context
    from xlsales.report.pages._evidence import Rows

    Row = tuple[Value | Cell, ...]

NAMED_DAYS = 3
"""So many of the missing days are named."""


@dataclass(frozen=True)
class Extract:
    """One source as one table: how many rows it has, and how fresh they are where they have a day.

    ``change`` is against the rows of the extract before it; None where there was none.
    """

    name: str
    place: str
    key: str
    table: str
    rows: int
    fresh: Freshness | None
    change: float | None

    @property
    def late(self) -> bool:
        """Whether its latest day is too far behind."""
        return self.fresh is not None and self.fresh.late

    @property
    def patchy(self) -> bool:
        """Whether too many working days have no row."""
        return self.fresh is not None and self.fresh.patchy

    @property
    def other(self) -> bool:
        """Whether it has many more or fewer rows than the one before."""
        return self.change is not None and abs(self.change) > OTHER_ROWS

    @property
    def flagged(self) -> bool:
        """Whether there is anything to look at."""
        return self.late or self.patchy or self.other


def extracts(context: Context) -> list[Extract]:
    """Every sheet that was read, in the order of reading."""
    names = tags((raw.source, raw.sheet) for raw in context.survey.tables)
    known = {
        (key, one.source): one
        for key, frame in context.cleaned.in_memory.items()
        if (day := day_column(table_of(key))) and day in frame and len(frame)
        for one in fresh(frame, day, context.scope)
    }
    known |= _there(context)
    found = []
    for raw in context.survey.tables:
        count = len(raw.frame) + len(raw.skipped)
        before = _before(context.memory.log, raw.source, raw.sheet, raw.table.key)
        found.append(
            Extract(
                names[raw.source, raw.sheet],
                f"{raw.source} · {raw.sheet}",
                raw.table.key,
                context.table_title(raw.table.key),
                count,
                known.get((raw.table.key, f"{raw.source}!{raw.sheet}")),
                (count - before) / before if before else None,
            )
        )
    return found


def _there(context: Context) -> dict[tuple[str, str], Freshness]:
    """Those that stay in an engine, each one source however many files it has."""
    import pandas as pd

    found: dict[tuple[str, str], Freshness] = {}
    for one in context.cleaned.there:
        raw = next(raw for raw in context.survey.tables if raw.digest == one.digest)
        day, name = day_column(one.table), f"{raw.source}!{raw.sheet}"
        if day is not None and (days := one.days.get(day)):
            rows = pd.DataFrame({SOURCE: name, day: pd.to_datetime(list(days))})
            found |= {(one.table.key, it.source): it for it in fresh(rows, day, context.scope)}
    return found


def cells(context: Context, one: Extract) -> Row:
    """Latest day, lag in days, missing working days, rows and their change, marked where to look."""
    found = one.fresh
    rows = _rows(context, one)
    latest = evident(context, found.latest, "latest", _newest(context, one), one.place) if found else None
    missing = (
        evident(context, len(found.missing), "missing_days", _missing(one), one.place) if found else None
    )
    change = evident(context, one.change, "rows_change", rows, one.place, form="percent")
    return (
        latest,
        _marked(_lag(context, one), one.late) if found else None,
        _marked(missing, one.patchy) if found else None,
        evident(context, one.rows, "read", rows, one.place),
        _marked(change, one.other),
    )


def _rows(context: Context, one: Extract) -> Rows:
    sheets = [raw for raw in context.survey.tables if f"{raw.source} · {raw.sheet}" == one.place]
    return _evidence.read(context, sheets)


def _lag(context: Context, one: Extract) -> int | None:
    if one.fresh is None:
        return None
    lag: int = evident(context, one.fresh.lag, "lag", _days_since(one), one.place)
    return lag


def _days_since(one: Extract) -> Rows | None:
    """The days that a source is behind; None where it has no day."""
    if one.fresh is None:
        return None
    since = [one.fresh.latest + timedelta(days=number + 1) for number in range(one.fresh.lag)]
    return _evidence.days(one.key, one.fresh.source, since)


def _newest(context: Context, one: Extract) -> Rows:
    """The rows of the source on its latest day."""
    rows = _rows(context, one)

    def newest() -> pd.DataFrame:
        frame = context.cleaned.in_memory.get(one.key)
        day = day_column(table_of(one.key))
        found = rows()
        if frame is None or day is None or one.fresh is None:
            return found[:0]
        on = frame.loc[frame[day].dt.date == one.fresh.latest, [SOURCE, ROW]]
        return found.merge(on, on=[SOURCE, ROW])

    return newest


def _missing(one: Extract, named: int = 0) -> Rows | None:
    """The missing days but for the first that are named."""
    if one.fresh is None:
        return None
    return _evidence.days(one.key, one.fresh.source, one.fresh.missing[named:])


def behind(found: Sequence[Extract]) -> Rows:
    """These sources, one each."""
    return _evidence.items(
        ("name",), [(one.key, one.place.replace(" · ", "!"), 1, one.name, 1.0) for one in found]
    )


def columns(context: Context) -> tuple[TableColumn, ...]:
    """The columns of ``cells``."""
    word = context.word
    return (
        TableColumn("latest", word("log.columns.latest"), "date", align="left"),
        TableColumn("lag", word("log.columns.lag"), "count"),
        TableColumn("missing", word("log.columns.missing"), "count"),
        TableColumn("rows", word("log.columns.rows"), "count"),
        TableColumn("change", word("log.columns.change"), "percent", align="right"),
    )


def missing_days(context: Context, one: Extract) -> str:
    """The first of the missing days by name, and how many more there are."""
    if one.fresh is None or not one.fresh.missing:
        return ""
    days = [_short(day) for day in one.fresh.missing[:NAMED_DAYS]]
    more = len(one.fresh.missing) - len(days)
    rest = context.say(evident(context, more, "missing_days", _missing(one, NAMED_DAYS), one.place), "count")
    return context.word("comma").join(days) + (context.word("and_more", count=rest) if more else "")


def warnings(context: Context) -> Table | None:
    """The sources to look at and what to do about each; None where all are fresh."""
    word = context.word
    rows = [
        (one.place, one.table, *cells(context, one), _do(context, one))
        for one in extracts(context)
        if one.flagged
    ]
    if not rows:
        return None
    shown = (
        TableColumn("source", word("columns.source"), strong=True, wrap=True),
        TableColumn("table", word("columns.table"), wrap=True),
        *columns(context),
        TableColumn("do", word("columns.do"), wrap=True),
    )
    label = word("freshness.label")
    other = context.say(OTHER_ROWS, "percent")
    note = word("freshness.note", late=LATE_DAYS, missing=MISSING_DAYS, other=other)
    return Table("freshness_warnings", label, shown, tuple(rows), note=note, alt=label)


def _do(context: Context, one: Extract) -> str:
    said = []
    if one.fresh and one.late:
        said.append(context.word("freshness.late", days=context.say(_lag(context, one), "count")))
    if one.patchy:
        said.append(context.word("freshness.patchy", days=missing_days(context, one)))
    if one.change is not None and one.other:
        change = evident(
            context, abs(one.change), "rows_change", _rows(context, one), one.place, form="percent"
        )
        change = context.say(change, "percent")
        said.append(context.word("freshness.more" if one.change > 0 else "freshness.fewer", change=change))
    return joined("" if context.lang == "zh" else " ", said)


def _marked(value: float | None, bad: bool) -> Cell:
    return Cell(value, tone="bad", mark="▲") if bad else Cell(value)


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _before(log: Sequence[Loaded], source: str, sheet: str, table: str) -> int | None:
    """The rows of the load before the newest one of the same kind of source."""
    kind = profile(source, sheet, ())
    same = [one for one in log if one.table == table and profile(one.source, one.sheet, ()) == kind]
    return same[-2].rows if len(same) > 1 else None
